using System.Collections.Immutable;
using SqlMl.Compiler.Lowering;
using SqlMl.Language.Collections;
using SqlMl.Language.Diagnostics;
using SqlMl.Optimizer;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;

namespace SqlMl.Compiler;

/// <summary>Holds the options of a compilation against what there is, and hands them to the stages.</summary>
internal static class OptionChecks
{
    /// <summary>The dialect; null when there is none of that name, which is reported. Unknown passes are reported, too.</summary>
    internal static SqlDialect? Check(CompileOptions options, DiagnosticSink diagnostics)
    {
        var passes = PlanOptimizer.Passes.Select(pass => pass.Name).ToList();
        foreach (var name in options.DisabledPasses.Where(name => !passes.Contains(name)).Order(StringComparer.Ordinal))
        {
            diagnostics.Add(LoweringErrors.UnknownPass(name, passes));
        }
        var dialect = SqlDialects.Find(options.Dialect);
        if (dialect is null) diagnostics.Add(LoweringErrors.UnknownDialect(options.Dialect, SqlDialects.All.Select(item => item.Name)));
        return dialect;
    }

    /// <summary>Reports bindings to sources that do not exist, and files that the dialect cannot read.</summary>
    internal static void CheckSources(SemanticModel program, SqlDialect? dialect, CompileOptions options, DiagnosticSink diagnostics)
    {
        var names = program.Sources.Select(source => source.Name).ToList();
        foreach (var name in options.Bindings.Keys.Where(name => !names.Contains(name, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            diagnostics.Add(LoweringErrors.UnknownBinding(name, names));
        }
        if (dialect is null) return;
        foreach (var source in program.Sources)
        {
            foreach (var raw in source.Raw)
            {
                if (raw.Texts.All(text => text.Dialect != dialect.Name)) diagnostics.Add(LoweringErrors.NoSqlText(dialect.Name, source.Name, raw.Span));
            }
            if (source.Location is SqlLocation sql && !sql.Texts.Any(text => text.Dialect == dialect.Name)) diagnostics.Add(LoweringErrors.NoSqlText(dialect.Name, source.Name, source.LocationSpan));
        }
        if (dialect.ReadsFiles) return;
        foreach (var source in program.Sources.Where(source => source.Location is FileLocation))
        {
            diagnostics.Add(LoweringErrors.FileInWarehouse(dialect.Name, source.Name, source.LocationSpan));
        }
    }

    /// <summary>Reports an instant to score since where no model has cutoffs that it could choose.</summary>
    internal static void CheckSince(LogicalPlan plan, CompileOptions options, DiagnosticSink diagnostics)
    {
        if (options.ScoreSince is { } since && !plan.Models.Any(model => model.IsEventMode)) diagnostics.Add(LoweringErrors.SinceWithoutEvents(since));
    }

    internal static BindOptions BindOptions(CompileOptions options)
    {
        var locations = new Dictionary<string, SourceLocation>(StringComparer.OrdinalIgnoreCase);
        foreach (var (source, binding) in options.Bindings) locations.Add(source, Location(binding));
        var columns = new Dictionary<string, ImmutableArray<KnownColumn>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (source, schema) in options.Schemas) columns.Add(source, schema.SelectAsArray(column => new KnownColumn(column.Name, column.Type)));
        return new BindOptions(locations, columns)
        {
            Params = new Dictionary<string, string>(options.Params, StringComparer.OrdinalIgnoreCase),
            Imports = options.Imports.SelectAsArray(read => new ReadImport(read.Import.Span, read.Files)),
        };
    }

    /// <summary>What each source of the program reads.</summary>
    internal static ImmutableArray<ProgramSource> Sources(SemanticModel program) =>
        program.Sources.SelectAsArray(source => new ProgramSource(source.Name, Binding(source.Location), source.LocationSpan));

    private static SourceBinding? Binding(SourceLocation? location) => location switch
    {
        FileLocation file => new FileBinding(file.Path),
        TableLocation table => new TableBinding(table.Path.SelectAsArray(part => part.Name)),
        _ => null,
    };

    private static SourceLocation Location(SourceBinding binding) => binding is FileBinding file
        ? new FileLocation(file.Path)
        : new TableLocation(((TableBinding)binding).Path.SelectAsArray(part => new NamePart(part, IsExact: false)));
}
