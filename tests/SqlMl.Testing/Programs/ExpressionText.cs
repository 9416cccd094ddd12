using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Testing.Programs;

/// <summary>Expressions as program text, with no more brackets than the grammar's layers need.</summary>
public static class ExpressionText
{
    private enum Layer
    {
        Or,
        And,
        Not,
        Comparison,
        Sum,
        Product,
        Sign,
        Postfix,
    }

    /// <summary>The expression as written in a program.</summary>
    public static string Render(OracleExpression expression) => Render(expression, Layer.Or);

    /// <summary>The expression in brackets, unless it is a single call: what a window may follow.</summary>
    public static string RenderBracketed(OracleExpression expression) =>
        expression is AggregateExpression { Window: null } ? Render(expression) : $"({Render(expression)})";

    /// <summary>An instant in quotes, in ISO 8601.</summary>
    public static string Instant(DateTime instant)
    {
        var format = instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd"
            : instant.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:ss.ffffff";
        return $"'{instant.ToString(format, CultureInfo.InvariantCulture)}'";
    }

    /// <summary>Rows in the brackets of a call: `events where kind = 'a'`.</summary>
    public static string Rows(RowSelection rows) => rows.Source + Side(rows.Side) + Where(rows.Where);

    private static string Render(OracleExpression expression, Layer needed)
    {
        var (text, layer) = Write(expression);
        return layer < needed ? $"({text})" : text;
    }

    private static (string Text, Layer Layer) Write(OracleExpression expression) => expression switch
    {
        LiteralExpression literal => Literal(literal.Value),
        ColumnExpression column => (column.Name, Layer.Postfix),
        VarExpression var => (var.Name, Layer.Postfix),
        LinkedExpression linked => ($"{linked.Entity}.{linked.Name}", Layer.Postfix),
        KeyExpression key => (key.Name is null ? "key" : $"key.{key.Name}", Layer.Postfix),
        AggregateExpression aggregate => (Aggregate(aggregate), Layer.Postfix),
        AnchorExpression anchor => ($"anchor.{anchor.Column}{Window(anchor.Window)}", Layer.Postfix),
        StateExpression state => ($"{state.Source}.{state.Column}", Layer.Postfix),
        ElapsedExpression elapsed => ($"{OracleDuration.UnitWord(elapsed.Unit)}s {(elapsed.IsAhead ? "until" : "since")} {Render(elapsed.Since, Layer.Postfix)}", Layer.Postfix),
        LaterExpression later => ($"{(later.Operand is VarExpression ? Render(later.Operand) : $"({Render(later.Operand)})")} after {later.Later}", Layer.Postfix),
        NotExpression not => ($"not {Render(not.Operand, Layer.Not)}", Layer.Not),
        BinaryExpression binary => Binary(binary),
        BetweenExpression e => (
            $"{Render(e.Operand, Layer.Sum)}{Not(e.IsNegated)} between {Render(e.Low, Layer.Sum)} and {Render(e.High, Layer.Sum)}",
            Layer.Comparison),
        InExpression e => ($"{Render(e.Operand, Layer.Sum)}{Not(e.IsNegated)} in ({List(e.Candidates)})", Layer.Comparison),
        LikeExpression e => ($"{Render(e.Operand, Layer.Sum)}{Not(e.IsNegated)} like {Quote(e.Pattern)}", Layer.Comparison),
        IsNullExpression e => ($"{Render(e.Operand, Layer.Sum)} is{Not(e.IsNegated)} null", Layer.Comparison),
        CaseExpression e => (Case(e), Layer.Postfix),
        CoalesceExpression e => ($"coalesce({List(e.Arguments)})", Layer.Postfix),
        NullIfExpression e => ($"nullif({Render(e.Value)}, {Render(e.Other)})", Layer.Postfix),
        CutoffExpression => ("cutoff", Layer.Postfix),
        CallExpression e => ($"{e.Function}({List(e.Arguments)})", Layer.Postfix),
        PathExpression e => (Render(e.Operand, Layer.Postfix) + Path(e.Steps), Layer.Postfix),
        ParamExpression e => (e.Name, Layer.Postfix),
        RawExpression e => ($"raw {{ duckdb {Quote(e.DuckDb)} snowflake {Quote(e.Snowflake)} }}", Layer.Postfix),
        CastExpression e => ($"{Render(e.Operand, Layer.Postfix)}::{e.Type.ToString().ToLowerInvariant()}", Layer.Postfix),
        _ => throw new InvalidOperationException($"{expression.GetType()} cannot be written"),
    };

    /// <summary>A colon leads into the value, points go on from there.</summary>
    private static string Path(ImmutableArray<object> steps)
    {
        var firstField = steps.FirstOrDefault(step => step is string);
        return string.Concat(steps.Select(step => step is string field ? (ReferenceEquals(step, firstField) ? ":" : ".") + field : $"[{step}]"));
    }

    private static (string Text, Layer Layer) Literal(object? value) => value switch
    {
        null => ("null", Layer.Postfix),
        bool truth => (truth ? "true" : "false", Layer.Postfix),
        decimal number => (number.ToString(CultureInfo.InvariantCulture), number < 0 ? Layer.Sign : Layer.Postfix),
        string text => (Quote(text), Layer.Postfix),
        _ => throw new InvalidOperationException($"{value.GetType()} is no literal"),
    };

    private static (string Text, Layer Layer) Binary(BinaryExpression binary)
    {
        var (sign, layer) = binary.Operator switch
        {
            OracleOperator.Or => ("or", Layer.Or),
            OracleOperator.And => ("and", Layer.And),
            OracleOperator.Equal => ("=", Layer.Comparison),
            OracleOperator.NotEqual => ("<>", Layer.Comparison),
            OracleOperator.Less => ("<", Layer.Comparison),
            OracleOperator.LessOrEqual => ("<=", Layer.Comparison),
            OracleOperator.Greater => (">", Layer.Comparison),
            OracleOperator.GreaterOrEqual => (">=", Layer.Comparison),
            OracleOperator.Add => ("+", Layer.Sum),
            OracleOperator.Subtract => ("-", Layer.Sum),
            OracleOperator.Multiply => ("*", Layer.Product),
            OracleOperator.Remainder => ("%", Layer.Product),
            _ => ("/", Layer.Product),
        };
        // Comparisons do not chain; the other operators group to the left.
        var left = layer == Layer.Comparison ? Layer.Sum : layer;
        return ($"{Render(binary.Left, left)} {sign} {Render(binary.Right, layer + 1)}", layer);
    }

    /// <summary>An aggregate of all rows of a group, whose source stands elsewhere: `sum(amount)`, `count(*)`.</summary>
    public static string OfGroup(AggregateExpression aggregate) => $"{Name(aggregate.Kind)}({aggregate.Column ?? "*"}{Where(aggregate.Where)})";

    /// <summary>`by column in ('a', 'b')`, or `by column top N`.</summary>
    public static string Pivot(PivotClause pivot) =>
        $" by {pivot.Column} " + (pivot.Top is { } top ? $"top {top}" : $"in ({string.Join(", ", pivot.Values.Select(Quote))})");

    /// <summary>Any text in quotes.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Aggregate(AggregateExpression aggregate)
    {
        var arguments = aggregate.Column is null ? aggregate.Source : $"{aggregate.Source}.{aggregate.Column}";
        if (aggregate.By is not null) arguments += $", {aggregate.Source}.{aggregate.By}";
        if (aggregate.Parameter is { } parameter) arguments += $", {parameter.ToString(CultureInfo.InvariantCulture)}";
        return $"{Name(aggregate.Kind)}({arguments}{Side(aggregate.Side)}{Where(aggregate.Where)}){Window(aggregate.Window)}";
    }

    /// <summary>A window, behind what it applies to.</summary>
    public static string Window(OracleWindow? window) => window switch
    {
        null => "",
        PastWindow past => $" over {past.Length}" + (past.Ending is null ? "" : $" ending {past.Ending} ago"),
        FutureWindow future => $" in next {future.Length}" + (future.After is null ? "" : $" after {future.After}"),
        _ => throw new InvalidOperationException($"{window.GetType()} cannot be written"),
    };

    private static string Name(AggregateKind kind) => kind switch
    {
        AggregateKind.CountDistinct => "count_distinct",
        AggregateKind.MinBy => "min_by",
        AggregateKind.MaxBy => "max_by",
        AggregateKind.TopValues => "top_values",
        AggregateKind.LongestGap => "longest_gap",
        AggregateKind.ActiveDays => "active_days",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Case(CaseExpression e) =>
        "case " + string.Concat(e.Branches.Select(branch => $"when {Render(branch.Condition)} then {Render(branch.Value)} "))
        + (e.Else is null ? "" : $"else {Render(e.Else)} ") + "end";

    private static string Side(string? side) => side is null ? "" : $" as {side}";

    private static string Where(OracleExpression? where) => where is null ? "" : $" where {Render(where)}";

    private static string List(ImmutableArray<OracleExpression> expressions) => string.Join(", ", expressions.Select(Render));

    private static string Not(bool isNegated) => isNegated ? " not" : "";
}
