using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Running;

namespace SqlMl.Local.Testing;

/// <summary>How one test of a program came out.</summary>
/// <param name="Test">The test.</param>
/// <param name="Findings">What is not as expected; empty where the test passed.</param>
public sealed record TestResult(CompiledTest Test, ImmutableArray<Diagnostic> Findings)
{
    /// <summary>True where everything was as expected.</summary>
    public bool Passed => Findings.IsEmpty;
}

/// <summary>Runs a program's tests in an empty DuckDB: no file or table is opened.</summary>
public static class TestRunner
{
    /// <summary>How far a number may be from the one expected, as a share of it: decimals in the program are not what binary numbers can be.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>The results in the order of the program, each as soon as it is there.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static IEnumerable<TestResult> Run(ImmutableArray<CompiledTest> tests, CancellationToken cancellation)
    {
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 1 });
        foreach (var test in tests)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new TestResult(test, [.. Check(database, test, cancellation)]);
        }
    }

    private static IEnumerable<Diagnostic> Check(DuckDbConnection database, CompiledTest test, CancellationToken cancellation)
    {
        List<object?[]> rows;
        Dictionary<string, int> places;
        try
        {
            using var result = database.Query(test.Script.Sql, cancellation);
            places = result.Columns.Select((column, i) => (column.Name, i)).ToDictionary(item => item.Name, item => item.i, StringComparer.OrdinalIgnoreCase);
            rows = [.. result.ReadRows()];
        }
        catch (DuckDbException failure)
        {
            return [RunErrors.TestNotComputed(test.Name, failure.Message, test.Span)];
        }
        if (rows.Count != 1) return [rows.Count == 0 ? RunErrors.NoPrediction(test.Name, test.Subject, test.Span) : RunErrors.SeveralPredictions(test.Name, test.Subject, rows.Count, test.Span)];
        var row = rows[0];
        if (row[places["is_eligible"]] is not true) return [RunErrors.NotEligible(test.Name, test.Subject, "when", test.Span)];
        if (row[places["is_given"]] is not true) return [RunErrors.NotEligible(test.Name, test.Subject, "given", test.Span)];
        return test.Expectations
            .Where(item => !IsAsExpected(item.Value, row[places[item.Column]]))
            .Select(item => RunErrors.NotAsExpected(test.Name, item.Column, Text(row[places[item.Column]]), Text(item.Value), item.Span));
    }

    private static bool IsAsExpected(object? expected, object? found) => (expected, found) switch
    {
        (null, _) or (_, null) => expected is null && found is null,
        (ImmutableArray<string> set, object?[] held) => new HashSet<string>(set, StringComparer.Ordinal).SetEquals(held.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!)),
        (DateTime instant, DateTime at) => instant.Ticks == at.Ticks,
        (string or bool or DateTime, _) => expected.Equals(found),
        _ => found is not (string or bool or DateTime) && IsNear(Number(expected), Number(found)),
    };

    private static bool IsNear(double expected, double found) =>
        expected.Equals(found) || Math.Abs(expected - found) <= Tolerance * Math.Max(Math.Abs(expected), Math.Abs(found));

    private static double Number(object value) => value is Int128 wide ? (double)wide : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => $"'{text}'",
        ImmutableArray<string> set => $"[{string.Join(", ", set.Select(Text))}]",
        object?[] held => $"[{string.Join(", ", held.Select(Text))}]",
        DateTime instant => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
