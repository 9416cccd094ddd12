using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Stands for a value that a model will have learned; no text says it, unfolding a pivot does.</summary>
/// <param name="Span">The pivot.</param>
/// <param name="Pivot">The pivot's name.</param>
/// <param name="Rank">Which of its values, from 1.</param>
internal sealed record LearnedValueSyntax(SourceSpan Span, string Pivot, int Rank) : ExpressionSyntax(Span);

/// <summary>Unfolds a pivot that lists its values: an aggregate for each of them, one for every other value, and one for rows without (rule 39).</summary>
internal static class PivotUnfolding
{
    /// <summary>One column of a pivot.</summary>
    /// <param name="Suffix">What stands behind the var's name: `_shoes`, `_other`, `_null`.</param>
    /// <param name="Expression">The aggregate over the rows that belong to it.</param>
    internal sealed record Column(string Suffix, ExpressionSyntax Expression)
    {
        /// <summary>Of a pivot that learns its values: which of them the column is for, from 1; null for the others and none.</summary>
        internal int? Rank { get; init; }
    }

    /// <summary>The columns in the order listed; `_other` and `_null` come last. A value that is listed twice is listed once.</summary>
    internal static ImmutableArray<Column> Unfold(CallSyntax call, PivotWindowSyntax pivot)
    {
        var columns = ImmutableArray.CreateBuilder<Column>();
        var (taken, seen) = (new HashSet<string>(StringComparer.Ordinal) { PivotNames.Other, PivotNames.Null }, new HashSet<string>(StringComparer.Ordinal));
        var candidates = ImmutableArray.CreateBuilder<ExpressionSyntax>();
        var path = PathOf(pivot.Column);
        foreach (var value in pivot.Values)
        {
            if (!seen.Add($"{value.Kind} {value.Text}")) continue;
            var literal = Literal(value);
            candidates.Add(literal);
            Add(PivotNames.Next(value.Text, taken), new BinarySyntax(pivot.Span, path, BinaryOperator.Equal, pivot.Column.Span, literal));
        }
        Add(PivotNames.Other, new InSyntax(pivot.Span, path, candidates.ToImmutable(), IsNegated: true));
        Add(PivotNames.Null, new IsNullSyntax(pivot.Span, path, IsNegated: false));
        return columns.ToImmutable();

        void Add(string suffix, ExpressionSyntax condition) => columns.Add(new Column($"_{suffix}", Aggregate(call, pivot, condition)));
    }

    /// <summary>
    /// The columns of a pivot that learns its values (rule 39): one for each that it will learn, by rank, then `_other` and `_null`. Values are compared as text;
    /// where fewer are learned than there are ranks, a rank stands for no value, and no row has it.
    /// </summary>
    internal static ImmutableArray<Column> Learn(CallSyntax call, PivotWindowSyntax pivot, string name, int count)
    {
        var columns = ImmutableArray.CreateBuilder<Column>(count + 2);
        var path = PathOf(pivot.Column);
        var text = new CastSyntax(pivot.Column.Span, path, new NameSyntax(pivot.Column.Span, "string", IsExact: false));
        ExpressionSyntax isOther = new IsNullSyntax(pivot.Span, path, IsNegated: true);
        for (var rank = 1; rank <= count; rank++)
        {
            var value = new LearnedValueSyntax(pivot.Span, name, rank);
            var isValue = new BinarySyntax(pivot.Span, text, BinaryOperator.Equal, pivot.Span, value);
            columns.Add(new Column($"_{rank}", Aggregate(call, pivot, isValue)) { Rank = rank });
            var isAnother = new BinarySyntax(
                pivot.Span, new BinarySyntax(pivot.Span, text, BinaryOperator.NotEqual, pivot.Span, value), BinaryOperator.Or, pivot.Span, new IsNullSyntax(pivot.Span, value, IsNegated: false));
            isOther = new BinarySyntax(pivot.Span, isOther, BinaryOperator.And, pivot.Span, isAnother);
        }
        columns.Add(new Column($"_{PivotNames.Other}", Aggregate(call, pivot, isOther)));
        columns.Add(new Column($"_{PivotNames.Null}", Aggregate(call, pivot, new IsNullSyntax(pivot.Span, path, IsNegated: false))));
        return columns.MoveToImmutable();
    }

    private static ExpressionSyntax Aggregate(CallSyntax call, PivotWindowSyntax pivot, ExpressionSyntax condition)
    {
        var where = call.Where is null ? condition : new BinarySyntax(pivot.Span, new ParenthesizedSyntax(call.Where.Span, call.Where), BinaryOperator.And, pivot.Span, condition);
        ExpressionSyntax aggregate = call with { Where = where };
        return pivot.Over is null ? aggregate : new WindowedSyntax(pivot.Span, aggregate, new OverWindowSyntax(pivot.Over.Span, pivot.Over, null));
    }

    private static ExpressionSyntax PathOf(PathSyntax path)
    {
        ExpressionSyntax expression = new NameExpressionSyntax(path.Parts[0].Span, path.Parts[0]);
        foreach (var part in path.Parts.Skip(1)) expression = new MemberSyntax(path.Span, expression, part);
        return expression;
    }

    /// <summary>The literal as an expression; a number carries its sign apart.</summary>
    private static ExpressionSyntax Literal(LiteralExpressionSyntax value) => value.Kind == LiteralKind.Number && value.Text.StartsWith('-')
        ? new UnarySyntax(value.Span, UnaryOperator.Negate, new LiteralSyntax(value.Span, value.Kind, value.Text[1..]))
        : new LiteralSyntax(value.Span, value.Kind, value.Text);
}
