using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Local.Refreshing;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>What a refresh came to, beside a full build.</summary>
/// <param name="Summary">What was kept and built.</param>
/// <param name="Difference">How the training set differs from that of a full build; null where it does not, to the last bit.</param>
internal sealed record RefreshOutcome(RefreshSummary Summary, string? Difference);

/// <summary>A program whose training set is refreshed again and again while its rows change, held against a full build each time.</summary>
/// <param name="program">The program; its rows are those of each step.</param>
/// <param name="breakIt">What is done to what a refresh knows of the model, to see that it matters; null for nothing.</param>
internal sealed class RefreshedProgram(OracleProgram program, Func<CompiledRefresh, CompiledRefresh>? breakIt = null) : IDisposable
{
    private readonly DuckDbExecution _database = new();
    private bool _isEntered;

    /// <summary>Refreshes over other rows of the same program, and another run's instant.</summary>
    public RefreshOutcome? Step(ImmutableArray<OracleTable> tables, DateTime? asOf)
    {
        var stepped = program with { Sources = [.. program.Sources.Select((source, i) => source with { Table = tables[i] })], AsOf = asOf };
        using var files = new ProgramFiles(stepped, _database, inTables: true);
        if (!_isEntered) KeptRows.Enter(_database.Connection);
        _isEntered = true;
        var texts = Agreement.Texts(program);
        var options = new CompileOptions
        {
            Dialect = "duckdb",
            AsOf = asOf is { } instant ? DateTime.SpecifyKind(instant, DateTimeKind.Utc) : null,
            Bindings = files.Bindings,
            Schemas = program.Unions.IsEmpty ? new Dictionary<string, ImmutableArray<SchemaColumn>>() : Agreement.Schemas(stepped),
            Imports = [.. texts.SelectMany(text => SqlMlCompiler.FindImports(text)).Select(import => new ResolvedImport(import, [.. texts.Where(file => file.Path == import.Path)]))],
            ForRefresh = true,
        };
        // Some programs are refused, and compare nothing.
        if (Compile(options, null) is not { Refresh: { WholeBecause: null } known } model) return null;
        if (breakIt is not null) model = model with { Refresh = breakIt(known) };

        var summary = new TrainingSetRefresh(_database.Connection, model, ranges => Compile(options, ranges)!, CancellationToken.None).Fill(isWhole: false);
        _database.Execute($"CREATE OR REPLACE TABLE refreshed AS SELECT * FROM \"{model.TrainingTable}\"");
        _database.Execute(model.Training.Sql);
        return new RefreshOutcome(summary, Difference(model.TrainingTable));

        CompiledModel? Compile(CompileOptions compiled, ImmutableArray<CutoffRange>? cutoffs)
        {
            var result = SqlMlCompiler.Compile(texts, compiled with { Cutoffs = cutoffs });
            return !result.Succeeded ? null : program.Model.Family is { } family ? result.Models[family.Member] : result.Models.Single(other => other.Name == program.Model.Name);
        }
    }

    public void Dispose() => _database.Dispose();

    private string? Difference(string table)
    {
        using var differing = _database.Connection.Query(
            $"SELECT 'missing' AS what, * FROM (SELECT * FROM \"{table}\" EXCEPT ALL SELECT * FROM refreshed) UNION ALL SELECT 'too much', * FROM (SELECT * FROM refreshed EXCEPT ALL SELECT * FROM \"{table}\") ORDER BY ALL LIMIT 6");
        var rows = differing.ReadRows();
        return rows.Count == 0 ? null : $"  {string.Join(" | ", differing.Columns.Select(column => column.Name))}\n{string.Concat(rows.Select(row => $"  {string.Join(" | ", row.Select(value => value ?? "null"))}\n"))}";
    }
}
