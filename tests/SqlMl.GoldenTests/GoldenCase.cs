using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.GoldenTests;

/// <summary>One folder with a program, what it compiles to and, where it has data, the rows that come out.</summary>
/// <param name="Name">The folder relative to `golden/`, with slashes.</param>
internal sealed record GoldenCase(string Name)
{
    public const string InputFile = "input.sqlml";
    public const string PlanFile = "expected.plan.txt";
    public const string DiagnosticsFile = "expected.diagnostics.txt";
    public const string RowsFile = "expected.rows.csv";
    public const string ScoringFile = "expected.scoring.csv";
    public const string DataFolder = "data";

    /// <summary>The folders of `golden/` that hold such cases.</summary>
    public static ImmutableArray<string> Shelves { get; } = ["language", "snowflake"];

    /// <summary>Every case of `golden/language` and `golden/snowflake`, by name.</summary>
    public static ImmutableArray<GoldenCase> All { get; } = [.. Shelves.SelectMany(Find).OrderBy(item => item.Name, StringComparer.Ordinal)];

    public string Folder => Path.Combine(Repository.Golden, Name);

    public string Input => File.ReadAllText(Path.Combine(Folder, InputFile));

    /// <summary>True when the program can be run on DuckDB, since its files are here.</summary>
    public bool HasData => Directory.Exists(Path.Combine(Folder, DataFolder));

    /// <summary>True for cases about whole programs and about the warehouse's own rules: they pin the counts and source reports, too.</summary>
    public bool PinsEveryScript => Name.StartsWith("language/programs/", StringComparison.Ordinal) || Name.StartsWith("snowflake/", StringComparison.Ordinal);

    /// <summary>True for cases about incremental builds: they pin what such a build runs, of all cutoffs and of some, and nothing else.</summary>
    public bool PinsRefresh => Name.StartsWith("language/refresh/", StringComparison.Ordinal);

    public static string SqlFile(string dialect) => $"expected.{dialect}.sql";

    /// <summary>Compiles the program as its text reads, local files standing in the warehouse as tables `shop.public.source`.</summary>
    public CompiledProgram Compile(string dialect, ImmutableArray<CutoffRange>? cutoffs = null)
    {
        var options = new CompileOptions { Dialect = dialect, ForRefresh = PinsRefresh, Cutoffs = cutoffs };
        return dialect == "duckdb" ? Compile(options) : Compile(Bind(options, (source, _) => new TableBinding(["shop", "public", source])));
    }

    /// <summary>Compiles for DuckDB with the case's own files in place of relative paths.</summary>
    public CompiledProgram CompileToRun(CompileOptions options) =>
        Compile(Bind(options, (_, file) => new FileBinding(Path.Combine(Folder, file.Path))));

    /// <summary>The program's further files, which its input imports by name.</summary>
    public ImmutableArray<string> Imported =>
        [.. Directory.EnumerateFiles(Folder, "*.sqlml").Select(path => Path.GetFileName(path)!).Where(file => file != InputFile).Order(StringComparer.Ordinal)];

    /// <summary>The program's files, and what they import of one another.</summary>
    private (ImmutableArray<SourceText> Files, ImmutableArray<ResolvedImport> Imports) Read()
    {
        ImmutableArray<SourceText> files = [new SourceText(InputFile, Input), .. Imported.Select(file => new SourceText(file, File.ReadAllText(Path.Combine(Folder, file))))];
        var imports = files.SelectMany(file => SqlMlCompiler.FindImports(file)).Select(import => new ResolvedImport(import, [.. files.Where(file => file.Path == import.Path)]));
        return (files, [.. imports]);
    }

    private CompileOptions Bind(CompileOptions options, Func<string, FileBinding, SourceBinding> bind)
    {
        var (files, imports) = Read();
        return options with
        {
            Bindings = SqlMlCompiler.FindSources(files, options with { Imports = imports })
                .Where(source => source.Binding is FileBinding)
                .ToDictionary(source => source.Name, source => bind(source.Name, (FileBinding)source.Binding!)),
        };
    }

    private CompiledProgram Compile(CompileOptions options)
    {
        var (files, imports) = Read();
        var program = SqlMlCompiler.Compile(files, options with { Imports = imports });
        Assert.True(program.Succeeded, $"{Name} does not compile for {options.Dialect}:\n{DiagnosticText.Render(program.Diagnostics)}");
        Assert.NotEmpty(program.Models);
        return program;
    }

    private static IEnumerable<GoldenCase> Find(string shelf) =>
        GoldenFolders.Leaves(Path.Combine(Repository.Golden, shelf)).Select(folder => new GoldenCase(GoldenFolders.NameOf(folder)));
}
