using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.OracleTests;

/// <summary>Instants have microseconds: digits beyond the sixth are cut when a row is read, not rounded (rule 1), whatever a column's type is.</summary>
public sealed class FinerDigitsTests
{
    private const string Program =
        """
        source events { table events  entity user by id  time at  known at loaded_at }
        entity user
        var user.seen = count(events)
        predict returns for user { label exists(events) in next 1 second  allow immature  observe at each events  split random 50 / 50  train logistic }
        """;

    /// <summary>Six nines after the point, then five: what rounds makes another second of it, and another cutoff.</summary>
    [Theory]
    [InlineData("TIMESTAMP_NS", "2024-01-01 00:00:00.999999500")]
    [InlineData("TIMESTAMP_NS", "1970-01-01 00:00:00.000000999")]
    [InlineData("VARCHAR", "2024-01-01 00:00:00.999999500")]
    [InlineData("VARCHAR", "2024-01-01T00:00:00.999999900Z")]
    [InlineData("VARCHAR", "1969-12-31 23:59:58.999999500")]
    public void Digits_beyond_the_sixth_are_cut_and_not_rounded(string type, string stored)
    {
        var cut = DateTime.ParseExact(stored[..26].Replace('T', ' '), "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

        Assert.Equal(cut, CutoffOf(type, stored, known: "1950-01-01 00:00:00"));
    }

    /// <summary>Known within the microsecond in which it happened, the row is in its own features.</summary>
    [Fact]
    public void A_row_that_is_known_in_its_own_microsecond_is_known_when_it_happens() =>
        Assert.Equal(new DateTime(2024, 1, 1).AddTicks(TimeSpan.TicksPerMicrosecond), CutoffOf("TIMESTAMP_NS", "2024-01-01 00:00:00.000001100", "2024-01-01 00:00:00.000001900"));

    /// <summary>The one cutoff of a table of one row, which counts itself.</summary>
    private static DateTime CutoffOf(string type, string stored, string known)
    {
        using var database = new DuckDbExecution();
        database.Execute($"CREATE TABLE events AS SELECT 'u1' AS id, CAST('{stored}' AS {type}) AS at, CAST('{known}' AS {type}) AS loaded_at");
        var options = new CompileOptions
        {
            Dialect = "duckdb",
            Bindings = new Dictionary<string, SourceBinding> { ["events"] = new TableBinding(["events"]) }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase),
        };
        var compiled = SqlMlCompiler.Compile([new SourceText("digits.sqlml", Program)], options);
        Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics.Select(found => $"{found.Code}: {found.Message}")));
        var model = compiled.Models.Single();
        database.Execute(model.Training.Sql);
        var table = database.ReadTable(model.TrainingTable);
        var row = Assert.Single(table.Rows);
        Assert.Equal(1.0, row[table.Columns.IndexOf("seen")]);
        return (DateTime)row[table.Columns.IndexOf("cutoff")]!;
    }
}
