using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>Small programs over one source `orders (customer, at, amount, kind)`, for cases computed by hand.</summary>
internal static class HandProgram
{
    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("customer", ColumnType.Text), new("at", ColumnType.Instant), new("amount", ColumnType.Number), new("kind", ColumnType.Text),
    ];

    public static DateTime At(string instant) => DateTime.Parse(instant, CultureInfo.InvariantCulture);

    public static OracleDuration Days(int count) => new(count, DurationUnit.Day);

    public static ImmutableArray<object?> Order(string? customer, string? at, double? amount = null, string? kind = null) =>
        [customer, at is null ? null : At(at), amount is { } number ? (decimal)number : null, kind];

    public static OracleSource Orders(params ImmutableArray<ImmutableArray<object?>> rows) =>
        new("orders", new OracleTable(Columns, rows), false, ["customer"], "at", null, []);

    public static OracleExpression KindIs(string kind) =>
        new BinaryExpression(new ColumnExpression("kind"), OracleOperator.Equal, new LiteralExpression(kind));

    public static AggregateExpression Aggregate(
        AggregateKind kind, string? column = null, OracleWindow? window = null, OracleExpression? where = null, string? by = null) =>
        new(kind, "orders", column, by, where, window);

    public static OracleExpression IsEqual(OracleExpression left, object? right) =>
        new BinaryExpression(left, OracleOperator.Equal, right as OracleExpression ?? new LiteralExpression(right));

    public static ColumnExpression Column(string name) => new(name);

    public static PastWindow Over(int days, int? endingDaysAgo = null) => new(Days(days), endingDaysAgo is { } gap ? Days(gap) : null);

    public static FutureWindow InNext(int days) => new(Days(days), null);

    public static OracleVar Var(string name, OracleExpression value) => new(name, value, null, null);

    /// <summary>An order within the day after the cutoff, at random halves, all vars, nothing else.</summary>
    public static OracleModel Model(params ImmutableArray<OracleObservation> observations) => new(
        "target", Aggregate(AggregateKind.Exists, window: new FutureWindow(Days(1), null)), null, null, observations, null, false,
        new FeatureSelection(true, []), new OracleSplit(false, [50, 50], null, false));

    public static OracleResult Evaluate(OracleSource source, OracleModel model, params ImmutableArray<OracleVar> vars) => Evaluate([source], model, vars);

    public static OracleResult Evaluate(ImmutableArray<OracleSource> sources, OracleModel model, params ImmutableArray<OracleVar> vars) =>
        Evaluate(new OracleProgram(sources, "customer", vars, model, null));

    public static OracleResult Evaluate(OracleProgram program) =>
        Oracle.Evaluate(program) ?? throw new InvalidOperationException("there is no row");

    /// <summary>The training rows as `key cutoff features label`, in order.</summary>
    public static IEnumerable<string> Training(OracleResult result) => result.Training!.Value
        .Select(row => $"{row.Key} {Text(row.Cutoff)} {string.Join(' ', row.Features.Select(Text))} {Text(row.Label)}").Order(StringComparer.Ordinal);

    /// <summary>The rows to score as `key cutoff features open|closed`, in order.</summary>
    public static IEnumerable<string> Scoring(OracleResult result) => result.Scoring
        .Select(row => $"{row.Key} {Text(row.Cutoff)} {string.Join(' ', row.Features.Select(Text))} {(row.IsOpen ? "open" : "closed")}").Order(StringComparer.Ordinal);

    /// <summary>The features of one var each, at one instant, for customer `a`.</summary>
    public static IEnumerable<string> FeaturesAt(string instant, OracleSource source, params ImmutableArray<OracleVar> vars)
    {
        return FeaturesAt(instant, [source], vars);
    }

    /// <summary>The features of one var each, at one instant, for customer `a`.</summary>
    public static IEnumerable<string> FeaturesAt(string instant, ImmutableArray<OracleSource> sources, params ImmutableArray<OracleVar> vars)
    {
        var model = Model(new InstantsObservation([At(instant)])) with { AllowsImmature = true };
        return Evaluate(sources, model, vars).Training!.Value.Single(row => row.Key.Text == "a").Features.Select(Text);
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        DateTime instant => instant.ToString(instant.TimeOfDay == TimeSpan.Zero ? "MM-dd" : "MM-dd'T'HH:mm", CultureInfo.InvariantCulture),
        object?[] elements => $"[{string.Join(' ', elements.Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
