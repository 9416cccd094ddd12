using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Local.Data;

namespace SqlMl.Local.Refreshing;

/// <summary>
/// Fills a model's training table from rows that were kept and rows that are built: the same rows that its training script gives. What is kept changes with it.
/// From the first time on the connection writes tables into a schema of its own, and finds those of the user as before.
/// </summary>
/// <param name="connection">Where the sources lie; whoever calls begins a transaction and commits it.</param>
/// <param name="model">Compiled for a refresh (<see cref="CompileOptions.ForRefresh"/>), and such that rows can be kept.</param>
/// <param name="restrict">Compiles the model for some cutoffs alone.</param>
/// <param name="cancellation">Ends it between two statements, or within one.</param>
public sealed class TrainingSetRefresh(
    DuckDbConnection connection, CompiledModel model, Func<ImmutableArray<CutoffRange>, CompiledModel> restrict, CancellationToken cancellation)
{
    private readonly CompiledRefresh _refresh = model.Refresh!;
    private readonly KeptRows _kept = new(connection, model, cancellation);
    private readonly string _examples = SqlText.Name(model.Refresh!.ExampleTable);

    /// <summary>Fills the table; rows that were kept before serve unless <paramref name="isWhole"/> asks for all of them.</summary>
    public RefreshSummary Fill(bool isWhole)
    {
        KeptRows.Enter(connection);
        connection.Execute(_refresh.Fingerprints.Sql, cancellation);
        var summary = BuildAffected(isWhole, out var why) ?? BuildAll(why);
        _kept.SaveWatched();
        connection.Execute($"DROP TABLE IF EXISTS {_examples}", cancellation);
        connection.Execute($"CREATE VIEW {_examples} AS SELECT * FROM {_kept.Rows}", cancellation);
        connection.Execute(_refresh.Division.Sql, cancellation);
        connection.Execute($"DROP VIEW {_examples}", cancellation);
        connection.Execute($"DROP TABLE {SqlText.Name(_refresh.FingerprintTable)}", cancellation);
        return summary;
    }

    /// <summary>Builds the rows that a change may have touched; null, and why, where all must be built.</summary>
    private RefreshSummary? BuildAffected(bool isWhole, out ImmutableArray<string> why)
    {
        why = isWhole ? ["it was asked for"] : _kept.WhyUnusable() is { } reason ? [reason] : [];
        if (!why.IsEmpty) return null;
        var affected = _kept.FindAffected();
        var ranges = affected.Ranges;
        why = affected.Reasons;
        if (ranges is [var only] && only == CutoffRange.All) return null;

        // Without ranges, too: the columns' types follow from the data.
        connection.Execute(restrict(ranges).Refresh!.Examples.Sql, cancellation);
        if (!ColumnsOf(_kept.Rows).SequenceEqual(ColumnsOf(_examples)))
        {
            why = ["the type of a column changed"];
            return null;
        }
        long dropped = 0;
        if (!ranges.IsEmpty)
        {
            var touched = $"FROM {_kept.Rows} WHERE {string.Join(" OR ", ranges.Select(Within))}";
            dropped = Count(touched);
            connection.Execute($"DELETE {touched}", cancellation);
        }
        var kept = Count($"FROM {_kept.Rows}");
        connection.Execute($"INSERT INTO {_kept.Rows} SELECT * FROM {_examples}", cancellation);
        return Summarize(kept, dropped, false, why);
    }

    private RefreshSummary BuildAll(ImmutableArray<string> why)
    {
        connection.Execute(_refresh.Examples.Sql, cancellation);
        connection.Execute($"CREATE OR REPLACE TABLE {_kept.Rows} AS SELECT * FROM {_examples}", cancellation);
        return Summarize(0, 0, true, why);
    }

    private RefreshSummary Summarize(long kept, long dropped, bool isWhole, ImmutableArray<string> reasons)
    {
        using var result = connection.Query($"SELECT COUNT(*), MIN(cutoff), MAX(cutoff) FROM {_examples} WHERE label IS NOT NULL", cancellation);
        var row = result.ReadRows()[0];
        return new RefreshSummary(kept, (long)row[0]!, dropped, (DateTime?)row[1], (DateTime?)row[2], isWhole, reasons);
    }

    private long Count(string rows)
    {
        using var result = connection.Query($"SELECT COUNT(label) {rows}", cancellation);
        return (long)result.ReadRows()[0][0]!;
    }

    private List<string> ColumnsOf(string table)
    {
        using var shape = connection.Query($"SELECT * FROM {table} LIMIT 0", cancellation);
        return [.. shape.Columns.Select(column => $"{column.Name} {column.Type}")];
    }

    private static string Within(CutoffRange range)
    {
        var conditions = new List<string>();
        if (range.From != DateTime.MinValue) conditions.Add($"cutoff >= {Literal(range.From)}");
        if (range.To != DateTime.MaxValue) conditions.Add($"cutoff <= {Literal(range.To)}");
        return $"({string.Join(" AND ", conditions)})";

        static string Literal(DateTime instant) => $"TIMESTAMP '{instant:yyyy-MM-dd HH:mm:ss.ffffff}'";
    }
}
