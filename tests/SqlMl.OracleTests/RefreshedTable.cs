using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Local.Refreshing;

namespace SqlMl.OracleTests;

/// <summary>What a refresh came to, beside a full build.</summary>
/// <param name="Summary">What was kept and built.</param>
/// <param name="Difference">How the training set differs from that of a full build; null where it does not, to the last bit.</param>
internal sealed record RefreshOutcome(RefreshSummary Summary, string? Difference);

/// <summary>A training set that is refreshed again and again while the tables that it is made from change, held against a full build each time.</summary>
/// <param name="breakIt">What is done to what a refresh knows of the model, to see that it matters; null for nothing.</param>
internal sealed class RefreshedTable(Func<CompiledRefresh, CompiledRefresh>? breakIt = null) : IDisposable
{
    public DuckDbExecution Database { get; } = new();

    /// <summary>Refreshes and compares; null where rows of the model cannot be kept.</summary>
    /// <param name="compile">Compiles the model for a refresh, of some cutoffs or, for null, of all; null where it is refused.</param>
    public RefreshOutcome? Refresh(Func<ImmutableArray<CutoffRange>?, CompiledModel?> compile)
    {
        if (compile(null) is not { Refresh: { WholeBecause: null } known } model) return null;
        if (breakIt is not null) model = model with { Refresh = breakIt(known) };

        var summary = new TrainingSetRefresh(Database.Connection, model, ranges => compile(ranges)!, CancellationToken.None).Fill(isWhole: false);
        Database.Execute($"CREATE OR REPLACE TABLE refreshed AS SELECT * FROM \"{model.TrainingTable}\"");
        Database.Execute(model.Training.Sql);
        return new RefreshOutcome(summary, Difference(model.TrainingTable));
    }

    public void Dispose() => Database.Dispose();

    private string? Difference(string table)
    {
        using var differing = Database.Connection.Query(
            $"SELECT 'missing' AS what, * FROM (SELECT * FROM \"{table}\" EXCEPT ALL SELECT * FROM refreshed) UNION ALL SELECT 'too much', * FROM (SELECT * FROM refreshed EXCEPT ALL SELECT * FROM \"{table}\") ORDER BY ALL LIMIT 6");
        var rows = differing.ReadRows();
        return rows.Count == 0 ? null : $"  {string.Join(" | ", differing.Columns.Select(column => column.Name))}\n{string.Concat(rows.Select(row => $"  {string.Join(" | ", row.Select(value => value ?? "null"))}\n"))}";
    }
}
