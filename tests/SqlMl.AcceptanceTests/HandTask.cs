using SqlMl.DuckDb;

namespace SqlMl.AcceptanceTests;

/// <summary>Holds a program's training set against a query that somebody wrote from the task's definition, without the compiler, over the raw files.</summary>
internal static class HandTask
{
    /// <summary>
    /// Requires the same rows on both sides. The query's columns up to `cutoff` are what a row is known by, all others are compared: `label` and features, numbers to nine
    /// digits. Features that the query leaves out are not looked at.
    /// </summary>
    /// <param name="program">The task in SqlMl.</param>
    /// <param name="query">The same task in SQL, over the tables of the schema `raw`.</param>
    /// <param name="setup">Statements that make these tables.</param>
    /// <param name="atLeast">How many rows the task has at least, so that nothing is not taken for the same.</param>
    /// <param name="bindings">The file of each source.</param>
    public static void Check(string program, string query, string setup, long atLeast, params (string Source, string File)[] bindings)
    {
        var model = SharedData.Compile(program, bindings);
        using var connection = SharedData.Build(model);
        connection.Execute($"CREATE SCHEMA raw; {setup}; CREATE TABLE raw.task AS {query}");

        var columns = Columns(connection);
        var keys = columns[..(columns.IndexOf("cutoff") + 1)];
        var values = columns[keys.Count..];
        Assert.Contains("label", values);
        Assert.True(values.Count > 1, "the query computes no feature");
        var key = string.Join(", ", keys);
        Assert.InRange(connection.Scalar<long>($"SELECT count(*) FROM (SELECT DISTINCT {key} FROM raw.task)"), atLeast, long.MaxValue);
        Assert.Equal(connection.Scalar<long>($"SELECT count(*) FROM (SELECT DISTINCT {key} FROM raw.task)"), connection.Scalar<long>("SELECT count(*) FROM raw.task"));
        Assert.True(connection.Scalar<long>("SELECT count(DISTINCT label) FROM raw.task") > 1, "one label only");

        var different = string.Join(" OR ", values.Select(column => $"NOT {IsSame(column)}"));
        var rows = $"""
            (SELECT true AS is_ours, * FROM {model.TrainingTable}) AS ours
            FULL JOIN (SELECT true AS is_theirs, * FROM raw.task) AS theirs USING ({key})
            WHERE is_ours IS NULL OR is_theirs IS NULL OR {different}
            """;
        var differences = connection.Scalar<long>($"SELECT count(*) FROM {rows}");
        Assert.True(differences == 0, $"{differences} rows differ, such as\n{Sample(connection, rows, keys, values)}");
        Assert.Equal(connection.Scalar<long>("SELECT count(*) FROM raw.task"), connection.Scalar<long>($"SELECT count(*) FROM {model.TrainingTable}"));
    }

    private static List<string> Columns(DuckDbConnection connection)
    {
        using var result = connection.Query("FROM raw.task LIMIT 0");
        return [.. result.Columns.Select(column => column.Name)];
    }

    private static string IsSame(string column)
    {
        var (ours, theirs) = ($"ours.{column}", $"theirs.{column}");
        return $"""
            (({ours} IS NULL AND {theirs} IS NULL) OR coalesce({ours}::VARCHAR = {theirs}::VARCHAR, false)
              OR coalesce(abs(try_cast({ours} AS DOUBLE) - try_cast({theirs} AS DOUBLE)) <= 1e-9 * greatest(1, abs(try_cast({theirs} AS DOUBLE))), false))
            """;
    }

    private static string Sample(DuckDbConnection connection, string rows, List<string> keys, List<string> values)
    {
        var shown = keys.Concat(values.SelectMany(column => new[] { $"ours.{column} AS our_{column}", $"theirs.{column} AS their_{column}" }));
        using var result = connection.Query($"SELECT is_ours, is_theirs, {string.Join(", ", shown)} FROM {rows} ORDER BY ALL LIMIT 5");
        var names = string.Join(" | ", result.Columns.Select(column => column.Name));
        return string.Join('\n', result.ReadRows().Select(row => string.Join(" | ", row)).Prepend(names));
    }
}
