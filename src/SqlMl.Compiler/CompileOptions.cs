using System.Collections.Immutable;
using SqlMl.Sql;

namespace SqlMl.Compiler;

/// <summary>Where a source's rows lie: what a command line or project file says in place of the program.</summary>
public abstract record SourceBinding;

/// <summary>A local file or glob; the path is printed as it stands.</summary>
public sealed record FileBinding(string Path) : SourceBinding;

/// <summary>A table, its name's parts from database to table.</summary>
public sealed record TableBinding(ImmutableArray<string> Path) : SourceBinding;

/// <summary>A column that a source is known to have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in DuckDB's or Snowflake's words, such as `VARCHAR` or `TIMESTAMP`.</param>
public sealed record SchemaColumn(string Name, string Type);

/// <summary>A source of the program with what it reads, so that a caller can look its schema up before compiling.</summary>
/// <param name="Name">The source.</param>
/// <param name="Binding">What it reads, bindings of the options applied; null where it is made from other sources.</param>
/// <param name="Span">The table or file clause.</param>
public sealed record ProgramSource(string Name, SourceBinding? Binding, Language.Text.SourceSpan Span);

/// <summary>A file, or a pattern of files, that a program imports.</summary>
/// <param name="Path">As written; it starts at the importing file (rule 62).</param>
/// <param name="Span">The declaration.</param>
public sealed record ProgramImport(string Path, Language.Text.SourceSpan Span);

/// <summary>An import with the files that it names: see <see cref="SqlMlCompiler.FindImports"/>.</summary>
/// <param name="Import">The import.</param>
/// <param name="Files">The files, each the same text that is compiled.</param>
public sealed record ResolvedImport(ProgramImport Import, ImmutableArray<Language.Text.SourceText> Files);

/// <summary>All that a compilation depends on besides the program's text.</summary>
public sealed record CompileOptions
{
    /// <summary>The dialect to print: `duckdb` or `snowflake`.</summary>
    public required string Dialect { get; init; }

    /// <summary>The run's instant in UTC; null for the last known instant of what a model reads (rule 48).</summary>
    public DateTime? AsOf { get; init; }

    /// <summary>
    /// Where cutoffs are events: scores every cutoff after this instant, in UTC, in place of each entity's latest (rule 47). Null for the latest. Models whose cutoffs lie on
    /// a grid or at stated instants are scored as of the run's instant whatever it says.
    /// </summary>
    public DateTime? ScoreSince { get; init; }

    /// <summary>Bindings by source name (case ignored) that replace a source's table or file.</summary>
    public IReadOnlyDictionary<string, SourceBinding> Bindings { get; init; } = new Dictionary<string, SourceBinding>();

    /// <summary>Columns by source name (case ignored), where they are known: they can add errors, never change the SQL (rule 59).</summary>
    public IReadOnlyDictionary<string, ImmutableArray<SchemaColumn>> Schemas { get; init; } = new Dictionary<string, ImmutableArray<SchemaColumn>>();

    /// <summary>What the program's params are set to, as text, by name (case ignored); others keep their declared values.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>What the files import and the caller has read; any other import is an error that says it was not.</summary>
    public ImmutableArray<ResolvedImport> Imports { get; init; } = [];

    /// <summary>Optimizer passes to leave out, by name.</summary>
    public ImmutableArray<string> DisabledPasses { get; init; } = [];

    /// <summary>False leaves all optimizer passes out.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>True to add what a proof must know of each model: <see cref="CompiledModel.Proof"/>.</summary>
    public bool ForProof { get; init; }

    /// <summary>True to add what building a training set incrementally takes: <see cref="CompiledModel.Refresh"/>.</summary>
    public bool ForRefresh { get; init; }

    /// <summary>With <see cref="ForRefresh"/>: the cutoffs whose rows <see cref="CompiledRefresh.Examples"/> builds, in ranges that do not meet, in time; null for all.</summary>
    public ImmutableArray<CutoffRange>? Cutoffs { get; init; }

    /// <summary>What is done to every query before it is printed, by the script it belongs to: how the compiler's own tests break it on purpose.</summary>
    internal Func<string, SqlWith, SqlWith>? Rewrite { get; init; }

    /// <summary>Where tables are written: database and schema, or empty for the connection's own.</summary>
    public ImmutableArray<string> OutputSchema { get; init; } = [];
}
