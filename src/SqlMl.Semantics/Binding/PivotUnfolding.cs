using System.Collections.Immutable;
using System.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Unfolds a pivot that lists its values: an aggregate for each of them, one for every other value, and one for rows without (rule 39).</summary>
internal static class PivotUnfolding
{
    /// <summary>One column of a pivot.</summary>
    /// <param name="Suffix">What stands behind the var's name: `_shoes`, `_other`, `_null`.</param>
    /// <param name="Expression">The aggregate over the rows that belong to it.</param>
    internal sealed record Column(string Suffix, ExpressionSyntax Expression);

    /// <summary>The columns in the order listed; `_other` and `_null` come last. A value that is listed twice is listed once.</summary>
    internal static ImmutableArray<Column> Unfold(CallSyntax call, PivotWindowSyntax pivot)
    {
        var columns = ImmutableArray.CreateBuilder<Column>();
        var (taken, seen) = (new HashSet<string>(StringComparer.Ordinal) { "other", "null" }, new HashSet<string>(StringComparer.Ordinal));
        var candidates = ImmutableArray.CreateBuilder<ExpressionSyntax>();
        var path = PathOf(pivot.Column);
        foreach (var value in pivot.Values)
        {
            if (!seen.Add($"{value.Kind} {value.Text}")) continue;
            var literal = Literal(value);
            candidates.Add(literal);
            Add(Suffix(value.Text, taken), new BinarySyntax(pivot.Span, path, BinaryOperator.Equal, pivot.Column.Span, literal));
        }
        Add("other", new InSyntax(pivot.Span, path, candidates.ToImmutable(), IsNegated: true));
        Add("null", new IsNullSyntax(pivot.Span, path, IsNegated: false));
        return columns.ToImmutable();

        void Add(string suffix, ExpressionSyntax condition)
        {
            var where = call.Where is null ? condition : new BinarySyntax(pivot.Span, new ParenthesizedSyntax(call.Where.Span, call.Where), BinaryOperator.And, pivot.Span, condition);
            ExpressionSyntax aggregate = call with { Where = where };
            if (pivot.Over is not null) aggregate = new WindowedSyntax(pivot.Span, aggregate, new OverWindowSyntax(pivot.Over.Span, pivot.Over, null));
            columns.Add(new Column($"_{suffix}", aggregate));
        }
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

    /// <summary>The value in lower case, every sign that a name cannot have written `_`; numbered where another value has that name.</summary>
    private static string Suffix(string value, HashSet<string> taken)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value) text.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
        if (text.Length == 0) text.Append("empty");
        var suffix = text.ToString();
        for (var i = 2; !taken.Add(suffix); i++) suffix = $"{text}_{i}";
        return suffix;
    }
}
