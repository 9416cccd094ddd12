using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>A var after its family is spread: one value a cutoff.</summary>
/// <param name="Name">Its column: with a suffix where it is a family's member (rules 38, 54).</param>
/// <param name="Declared">The var it was declared as.</param>
/// <param name="Value">What it computes, windows included.</param>
/// <param name="Default">The value in place of null; null without a default.</param>
internal sealed record SingleVar(string Name, string Declared, OracleExpression Value, LiteralExpression? Default);

/// <summary>Spreads families into single vars and picks the features of a model.</summary>
internal static class FeatureColumns
{
    /// <summary>Every var's single values, in order of declaration.</summary>
    public static ImmutableArray<SingleVar> Spread(ImmutableArray<OracleVar> vars) => [.. vars.SelectMany(Spread)];

    /// <summary>The model's features, in order of declaration: `all` leaves out instants (rule 45).</summary>
    public static ImmutableArray<SingleVar> Select(ImmutableArray<SingleVar> vars, FeatureSelection selection) =>
        [.. vars.Where(var => selection.IsAll
            ? !IsNamed(var, selection) && var.Value is not AggregateExpression { IsInstant: true }
            : IsNamed(var, selection))];

    /// <summary>The expression with <paramref name="window"/> on every aggregate inside.</summary>
    public static OracleExpression WithWindow(OracleExpression expression, OracleWindow window) =>
        ExpressionRewriter.Rewrite(expression, part => part is AggregateExpression aggregate ? aggregate with { Window = window } : part);

    private static bool IsNamed(SingleVar var, FeatureSelection selection) =>
        selection.Names.Contains(var.Name) || selection.Names.Contains(var.Declared);

    private static IEnumerable<SingleVar> Spread(OracleVar var)
    {
        if (var.Family is not { } family) return [new SingleVar(var.Name, var.Name, var.Value, var.Default)];
        return family.Lengths.Select(length => new OracleDuration(length, family.Unit)).Select(length => new SingleVar(
            $"{var.Name}_{length.Suffix}", var.Name, WithWindow(var.Value, new PastWindow(length, family.Ending)), var.Default));
    }
}
