using System.Collections.Immutable;
using SqlMl.Compiler.Timelines;
using SqlMl.Compiler.Lowering;
using SqlMl.Language.Collections;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Optimizer;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using SqlMl.Syntax;

namespace SqlMl.Compiler;

/// <summary>Turns programs into SQL: the table of contents of the whole compiler.</summary>
public static class SqlMlCompiler
{
    /// <summary>The dialects that can be compiled to, in the order listed to users.</summary>
    public static ImmutableArray<string> Dialects => SqlDialects.All.SelectAsArray(dialect => dialect.Name);

    /// <summary>The optimizer passes that <see cref="CompileOptions.DisabledPasses"/> may name, in the order in which they run.</summary>
    public static ImmutableArray<string> Passes => PlanOptimizer.Passes.SelectAsArray(pass => pass.Name);

    /// <summary>Compiles the files of one project as one program. Never throws for a wrong program: see the diagnostics.</summary>
    public static CompiledProgram Compile(ImmutableArray<SourceText> files, CompileOptions options)
    {
        var diagnostics = new DiagnosticSink();
        var dialect = OptionChecks.Check(options, diagnostics);

        var trees = files.SelectAsArray(SyntaxTree.Parse);
        foreach (var diagnostic in trees.SelectMany(tree => tree.Diagnostics)) diagnostics.Add(diagnostic);

        var stages = new StageTexts(new Lazy<string>(() => StageText.Syntax(trees)), null, null, null);
        var program = Binder.Bind(trees, OptionChecks.BindOptions(options), diagnostics);
        OptionChecks.CheckSources(program, dialect, options, diagnostics);
        if (!diagnostics.HasErrors) program = TextModels.LeaveOut(program, dialect, diagnostics);
        var sources = OptionChecks.Sources(program);
        if (diagnostics.HasErrors || dialect is null) return new CompiledProgram(options.Dialect, diagnostics.ToImmutable(), [], stages, sources);

        var plan = PlanBuilder.Build(program);
        if (options.ForProof) plan = ProofScripts.Proving(plan);
        OptionChecks.CheckSince(plan, options, diagnostics);
        if (diagnostics.HasErrors) return new CompiledProgram(options.Dialect, diagnostics.ToImmutable(), [], stages, sources);

        var optimized = options.Optimize ? PlanOptimizer.Optimize(plan, options.DisabledPasses) : plan;
        var models = optimized.Models
            .Select((model, i) => ModelScripts.Print(model, program.Models[i], dialect, options))
            .ToImmutableArray();
        stages = stages with
        {
            Model = new Lazy<string>(() => StageText.Model(program)),
            Plan = new Lazy<string>(() => PlanText.Print(plan)),
            Optimized = new Lazy<string>(() => PlanText.Print(optimized)),
        };
        return new CompiledProgram(dialect.Name, diagnostics.ToImmutable(), models, stages, sources)
        {
            Timelines = new Lazy<ImmutableArray<Timeline>>(() => TimelineBuilder.Build(program)),
            Tests = new Lazy<ImmutableArray<CompiledTest>>(() => TestScripts.Print(program, dialect, options)),
        };
    }

    /// <summary>What a file imports, in the order written, so that a caller can read it and hand it over as well.</summary>
    public static ImmutableArray<ProgramImport> FindImports(SourceText file) =>
        // Most files import nothing, and need not be parsed once more to see it.
        !file.Text.Contains("import", StringComparison.OrdinalIgnoreCase) ? [] : [.. SyntaxTree.Parse(file).Root.Declarations.OfType<ImportSyntax>().Select(import => new ProgramImport(import.Path.Value, import.Span))];

    /// <summary>The sources that the files declare, so that their schemas can be looked up; files with syntax errors give what was understood.</summary>
    public static ImmutableArray<ProgramSource> FindSources(ImmutableArray<SourceText> files, CompileOptions options)
    {
        var trees = files.SelectAsArray(SyntaxTree.Parse);
        return OptionChecks.Sources(Binder.Bind(trees, OptionChecks.BindOptions(options), new DiagnosticSink()));
    }
}
