using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>A var after its family is spread: one value a cutoff.</summary>
/// <param name="Name">Its column: with a suffix where it is a family's member (rules 38, 54).</param>
/// <param name="Declared">The var it was declared as.</param>
/// <param name="Value">What it computes, windows included.</param>
/// <param name="Default">The value in place of null; null without a default.</param>
internal sealed record SingleVar(string Name, string Declared, OracleExpression Value, LiteralExpression? Default)
{
    /// <summary>The column of a pivot that learns its values, <see cref="Value"/> being the aggregate over all of them; null for what needs no learning.</summary>
    public LearnedColumn? Learned { get; init; }
}

/// <summary>A column of a pivot that learns its values: of one value by its rank, of all others, or of none.</summary>
/// <param name="Pivot">The var's name.</param>
/// <param name="Clause">What is learned.</param>
/// <param name="Rank">From 1; null for all other values, and for rows without one.</param>
/// <param name="IsNull">True for rows without a value.</param>
internal sealed record LearnedColumn(string Pivot, PivotClause Clause, int? Rank, bool IsNull);

/// <summary>Spreads families into single vars and picks the features of a model.</summary>
internal static class FeatureColumns
{
    /// <summary>Every var's single values, in order of declaration.</summary>
    public static ImmutableArray<SingleVar> Spread(ImmutableArray<OracleVar> vars) => [.. vars.SelectMany(Spread)];

    /// <summary>The model's features, in order of declaration, those of the anchor last: `all` leaves out instants (rule 45).</summary>
    public static ImmutableArray<SingleVar> Select(ImmutableArray<SingleVar> vars, FeatureSelection selection) =>
    [
        .. vars.Where(var => selection.IsAll
            ? !IsNamed(var, selection) && var.Value is not AggregateExpression { IsInstant: true }
            : IsNamed(var, selection)),
        .. selection.Anchors.Select(anchor => new SingleVar(anchor.Name, anchor.Name, new AnchorExpression(anchor.Column, null), null)),
    ];

    /// <summary>The aggregate over the rows that have one value, none of several, or none at all: what a column of a pivot is (rule 39). Values are taken as text.</summary>
    public static AggregateExpression OfValue(AggregateExpression whole, string column, string? value) =>
        Where(whole, new BinaryExpression(AsText(column), OracleOperator.Equal, new LiteralExpression(value)));

    /// <summary>The aggregate over the rows of all values that are not listed.</summary>
    public static AggregateExpression OfOthers(AggregateExpression whole, string column, ImmutableArray<string> listed)
    {
        OracleExpression isThere = new IsNullExpression(new ColumnExpression(column), true);
        return Where(whole, listed.IsEmpty
            ? isThere
            : new BinaryExpression(isThere, OracleOperator.And, new InExpression(AsText(column), [.. listed.Select(value => new LiteralExpression(value))], true)));
    }

    /// <summary>The aggregate over the rows without a value.</summary>
    public static AggregateExpression OfNull(AggregateExpression whole, string column) => Where(whole, new IsNullExpression(new ColumnExpression(column), false));

    private static CastExpression AsText(string column) => new(new ColumnExpression(column), OracleType.String);

    private static AggregateExpression Where(AggregateExpression whole, OracleExpression condition) =>
        whole with { Where = whole.Where is null ? condition : new BinaryExpression(whole.Where, OracleOperator.And, condition) };

    /// <summary>The expression with <paramref name="window"/> on every aggregate inside.</summary>
    public static OracleExpression WithWindow(OracleExpression expression, OracleWindow window) =>
        ExpressionRewriter.Rewrite(expression, part => part is AggregateExpression aggregate ? aggregate with { Window = window } : part);

    private static bool IsNamed(SingleVar var, FeatureSelection selection) =>
        selection.Names.Contains(var.Name) || selection.Names.Contains(var.Declared);

    private static IEnumerable<SingleVar> Spread(OracleVar var) =>
        var is { Pivot: { } pivot, Value: AggregateExpression whole } ? Pivots(var with { Pivot = null }, whole, pivot) : Families(var);

    /// <summary>Values first, then windows: `spent_shop_30d`. What is learned has columns by rank.</summary>
    private static IEnumerable<SingleVar> Pivots(OracleVar var, AggregateExpression whole, PivotClause pivot)
    {
        IEnumerable<SingleVar> Column(string suffix, AggregateExpression value) =>
            Spread(var with { Name = $"{var.Name}_{suffix}", Value = value }).Select(single => single with { Declared = var.Name });
        if (pivot.Top is { } top)
        {
            foreach (var rank in Enumerable.Range(1, top)) yield return Learned($"{rank}", rank, isNull: false);
            yield return Learned("other", null, isNull: false);
            yield return Learned("null", null, isNull: true);
            yield break;
        }
        foreach (var value in pivot.Values)
        {
            foreach (var single in Column(NameOf(value), OfValue(whole, pivot.Column, value))) yield return single;
        }
        foreach (var single in Column("other", OfOthers(whole, pivot.Column, pivot.Values)).Concat(Column("null", OfNull(whole, pivot.Column)))) yield return single;

        SingleVar Learned(string suffix, int? rank, bool isNull) =>
            new($"{var.Name}_{suffix}", var.Name, whole, var.Default) { Learned = new(var.Name, pivot, rank, isNull) };
    }

    /// <summary>A value as a part of a name: in lower case, other signs `_`.</summary>
    public static string NameOf(string value) => string.Concat(value.ToLowerInvariant().Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '_'));

    private static IEnumerable<SingleVar> Families(OracleVar var)
    {
        if (var.Family is not { } family) return [new SingleVar(var.Name, var.Name, var.Value, var.Default)];
        return family.Lengths.Select(length => new OracleDuration(length, family.Unit)).Select(length => new SingleVar(
            $"{var.Name}_{length.Suffix}", var.Name, WithWindow(var.Value, new PastWindow(length, family.Ending)), var.Default));
    }
}
