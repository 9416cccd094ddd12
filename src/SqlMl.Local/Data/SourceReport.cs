using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>What the model's source report and step counts say.</summary>
internal sealed record SourceReport(ImmutableArray<SourceSummary> Sources, DateTime? AsOf)
{
    /// <summary>Runs the model's source report.</summary>
    public static SourceReport Read(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        using var result = connection.Query(model.SourceReport.Sql, cancellation);
        var position = Positions(result);
        var sources = ImmutableArray.CreateBuilder<SourceSummary>();
        DateTime? asOf = null;
        foreach (var row in result.ReadRows())
        {
            sources.Add(new SourceSummary(
                (string)row[position["source"]]!, Count(row[position["row_count"]]), Count(row[position["rows_without_time"]]),
                Count(row[position["rows_without_key"]]), Count(row[position["rows_without_partner"]]), (DateTime?)row[position["first_time"]], (DateTime?)row[position["last_time"]]));
            asOf ??= (DateTime?)row[position["as_of"]];
        }
        return new SourceReport(sources.ToImmutable(), asOf);
    }

    /// <summary>Runs the model's step counts.</summary>
    public static ImmutableArray<StepCount> ReadSteps(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        using var result = connection.Query(model.Counts.Sql, cancellation);
        var position = Positions(result);
        return
        [
            .. result.ReadRows()
                .OrderBy(row => Count(row[position["ordinal"]]))
                .Select(row => new StepCount((string)row[position["step"]]!, Count(row[position["rows_left"]]))),
        ];
    }

    private static Dictionary<string, int> Positions(DuckDbResult result) =>
        result.Columns.Select((column, index) => (column.Name, index)).ToDictionary(item => item.Name, item => item.index, StringComparer.OrdinalIgnoreCase);

    private static long Count(object? value) => value switch
    {
        long count => count,
        Int128 count => checked((long)count),
        ulong count => checked((long)count),
        null => 0,
        _ => throw new InvalidOperationException($"a count is a {value.GetType().Name}"),
    };
}
