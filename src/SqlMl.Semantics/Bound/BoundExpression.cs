using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>A value with its type and the interval of time that it reads, relative to the cutoff.</summary>
/// <param name="Span">Where it stands.</param>
public abstract record BoundExpression(SourceSpan Span)
{
    /// <summary>Its type; unknown as long as no use and no schema has typed the columns it comes from.</summary>
    public abstract DataType Type { get; }

    /// <summary>The type that the program alone gives it, whatever the schema says (rule 59).</summary>
    public abstract DataType UsedType { get; }

    /// <summary>What it reads, relative to the cutoff.</summary>
    public virtual TimeInterval Interval
    {
        get
        {
            var interval = TimeInterval.None;
            foreach (var child in Children) interval = interval.Union(child.Interval);
            return interval;
        }
    }

    /// <summary>Its operands, in order.</summary>
    public virtual ImmutableArray<BoundExpression> Children => [];
}

/// <summary>A constant: null, bool, long, decimal, string, or a UTC instant.</summary>
public sealed record BoundConstant(SourceSpan Span, object? Value, DataType ConstantType) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => ConstantType;

    /// <inheritdoc />
    public override DataType UsedType => ConstantType;
}

/// <summary>A length of time, to be added to an instant.</summary>
public sealed record BoundDuration(SourceSpan Span, Duration Duration) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => DataType.Duration;

    /// <inheritdoc />
    public override DataType UsedType => DataType.Duration;
}

/// <summary>The cutoff.</summary>
public sealed record BoundCutoff(SourceSpan Span) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => DataType.Instant;

    /// <inheritdoc />
    public override DataType UsedType => DataType.Instant;
}

/// <summary>A column of the row at hand, inside an aggregate or a source clause.</summary>
public sealed record BoundColumn(SourceSpan Span, ColumnSymbol Column) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => Column.Type;

    /// <inheritdoc />
    public override DataType UsedType => Column.UsedType;
}

/// <summary>A value that a pivot learned in training, as text (rule 39); null where it learned fewer.</summary>
/// <param name="Span">The pivot.</param>
/// <param name="Pivot">Which pivot.</param>
/// <param name="Rank">Which of its values, from 1.</param>
public sealed record BoundLearned(SourceSpan Span, string Pivot, int Rank) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => DataType.String;

    /// <inheritdoc />
    public override DataType UsedType => DataType.String;
}

/// <summary>A part of the key of the entity that is predicted for (rule 58).</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Part">Which part of its key, from 0.</param>
public sealed record BoundKey(SourceSpan Span, EntitySymbol Entity, int Part) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => Column.Type;

    /// <inheritdoc />
    public override DataType UsedType => Column.UsedType;

    /// <summary>The column that types it.</summary>
    internal BoundExpression Column => Entity.KeyColumns[Part];
}

/// <summary>A column of the row that is the cutoff.</summary>
public sealed record BoundAnchor(SourceSpan Span, ColumnSymbol Column) : BoundExpression(Span)
{
    private static readonly TimeInterval Now = new(true, "t", "t", 0, 0);
    private static readonly TimeInterval Whenever = new(true, "t", "∞", 0, long.MaxValue);

    /// <summary>True for a late column in a label: it reads as known when the label is.</summary>
    public bool IsInLabel { get; init; }

    /// <summary>True for what a cutoff in mode `before` knows as it stood the moment before the row (rule 7).</summary>
    public bool IsAsBefore { get; init; }

    /// <summary>In a label: the window at whose end a late column is read.</summary>
    public LabelHorizon? Horizon { get; init; }

    /// <summary>The label's window, at whose end a late column is read; null for whenever it is known, and outside labels.</summary>
    public BoundWindow? Window => Horizon?.Window;

    /// <inheritdoc />
    public override DataType Type => Column.Type;

    /// <inheritdoc />
    public override DataType UsedType => Column.UsedType;

    /// <inheritdoc />
    public override TimeInterval Interval => !IsInLabel ? Now : Window?.Interval ?? Whenever;
}

/// <summary>The longest window that a label names behind a column of the anchor: all late columns of the anchor in it are read at its end.</summary>
public sealed class LabelHorizon
{
    /// <summary>The window; null while none was named.</summary>
    public BoundWindow? Window { get; private set; }

    internal void Extend(BoundWindow window)
    {
        if (Window is null || window.ReachMicroseconds > Window.ReachMicroseconds) Window = window;
    }
}

/// <summary>Another var's value.</summary>
public sealed record BoundVar(SourceSpan Span, VarSymbol Var) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => Var.Type;

    /// <inheritdoc />
    public override DataType UsedType => Var.UsedType;

    /// <inheritdoc />
    public override TimeInterval Interval => Var.Interval;
}

/// <summary>The rows that an aggregate sees.</summary>
/// <param name="IsFuture">True for `in next`.</param>
/// <param name="Length">How long; null for all of the past.</param>
/// <param name="Gap">`ending G ago`, or `after G`; null for none.</param>
public sealed record BoundWindow(bool IsFuture, Duration? Length, Duration? Gap)
{
    /// <summary>Where it stands; no place for all of the past, which is not written.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>All rows up to the cutoff.</summary>
    public static BoundWindow AllPast { get; } = new(false, null, null);

    /// <summary>The future without end: for a label that is read whenever it is known.</summary>
    public static BoundWindow Whenever { get; } = new(true, null, null);

    /// <summary>True for planned rows of the future, of which a var reads those known at the cutoff (rule 65).</summary>
    public bool IsPlanned { get; init; }

    /// <summary>How far beyond the cutoff it reaches, months as 31 days; 0 for the past, and where no length says how far.</summary>
    public long ReachMicroseconds => IsFuture ? (Length?.LongestMicroseconds ?? 0) + (Gap?.LongestMicroseconds ?? 0) : 0;

    /// <summary>How far before the cutoff it begins, months as 31 days; 0 for the future and for all of the past.</summary>
    public long BackMicroseconds => IsFuture || Length is null ? 0 : Length.LongestMicroseconds + (Gap?.LongestMicroseconds ?? 0);

    /// <summary>The window as written; empty for all of the past.</summary>
    public string Text => IsFuture
        ? Length is null ? "" : $"in next {Length.Text}{(Gap is null ? "" : $" after {Gap.Text}")}"
        : Length is null ? "" : $"over {Length.Text}{(Gap is null ? "" : $" ending {Gap.Text} ago")}";

    /// <summary>The stretch of time it covers.</summary>
    public TimeInterval Interval
    {
        get
        {
            var gap = Gap?.LongestMicroseconds ?? 0;
            var sign = IsFuture ? '+' : '-';
            var near = Gap is null ? "t" : $"t {sign} {Gap.Text}";
            if (Length is null) return TimeInterval.Past;
            var far = $"{near} {sign} {Length.Text}";
            return IsFuture
                ? new TimeInterval(true, near, far, gap, IsPlanned ? 0 : ReachMicroseconds)
                : new TimeInterval(true, far, near, -gap - Length.LongestMicroseconds, -gap);
        }
    }
}

/// <summary>An aggregate over the rows of a source that name the entity.</summary>
/// <param name="Span">The call with its window.</param>
/// <param name="Definition">Which aggregate.</param>
/// <param name="Source">Whose rows.</param>
/// <param name="Columns">What is aggregated, over the row; may be empty.</param>
/// <param name="Filter">Which rows; null for all.</param>
/// <param name="Window">Which stretch of time.</param>
public sealed record BoundAggregate(
    SourceSpan Span, AggregateDefinition Definition, SourceSymbol Source, ImmutableArray<BoundExpression> Columns,
    BoundExpression? Filter, BoundWindow Window) : BoundExpression(Span)
{
    /// <summary>The side of the row that the entity stands on; null for any (rule 12).</summary>
    public string? Side { get; init; }

    /// <summary>The constant behind the columns; null where the aggregate takes none.</summary>
    public BoundConstant? Parameter { get; init; }

    /// <summary>What overrides the empty window's value; null for nothing.</summary>
    public BoundConstant? Default { get; init; }

    /// <inheritdoc />
    public override DataType Type => Definition.ResultType(Columns.Length > 0 ? Columns[0].Type : DataType.Instant);

    /// <inheritdoc />
    public override DataType UsedType => Definition.ResultType(Columns.Length > 0 ? Columns[0].UsedType : DataType.Instant);

    /// <inheritdoc />
    // What never changes is not of any time: neither past nor future.
    public override TimeInterval Interval => Source.Nature == SourceNature.Static ? TimeInterval.None : Window.Interval;

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => Filter is null ? Columns : Columns.Add(Filter);
}

/// <summary>An aggregate over the members of the entity: those of another entity that are linked to it as of the cutoff (rule 21).</summary>
/// <param name="Span">The call.</param>
/// <param name="Definition">Which aggregate.</param>
/// <param name="Members">Whose values are aggregated.</param>
/// <param name="Link">The source whose rows say to whom a member belongs.</param>
/// <param name="Columns">What is aggregated, over the vars of a member; may be empty.</param>
/// <param name="Filter">Which members; null for all.</param>
public sealed record BoundRollup(
    SourceSpan Span, AggregateDefinition Definition, EntitySymbol Members, SourceSymbol Link, ImmutableArray<BoundExpression> Columns, BoundExpression? Filter)
    : BoundExpression(Span)
{
    /// <summary>The constant behind the columns; null where the aggregate takes none.</summary>
    public BoundConstant? Parameter { get; init; }

    /// <summary>What overrides the value over no members; null for nothing.</summary>
    public BoundConstant? Default { get; init; }

    /// <inheritdoc />
    public override DataType Type => Definition.ResultType(Columns.Length > 0 ? Columns[0].Type : DataType.Unknown);

    /// <inheritdoc />
    public override DataType UsedType => Definition.ResultType(Columns.Length > 0 ? Columns[0].UsedType : DataType.Unknown);

    /// <inheritdoc />
    // Who is a member is something that rows say, too.
    public override TimeInterval Interval => Link.Nature == SourceNature.Static ? base.Interval : base.Interval.Union(TimeInterval.Past);

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => Filter is null ? Columns : Columns.Add(Filter);
}

/// <summary>`days since x`: the time from an instant to the cutoff, or for `until` from the cutoff to an instant, in units of a length; null where the instant is null.</summary>
public sealed record BoundElapsed(SourceSpan Span, BoundExpression Operand, Duration Unit, bool IsUntil) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => DataType.Number;

    /// <inheritdoc />
    public override DataType UsedType => DataType.Number;

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => [Operand];
}

/// <summary>A call of a scalar function.</summary>
public sealed record BoundCall(SourceSpan Span, FunctionDefinition Function, ImmutableArray<BoundExpression> Arguments) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => Result(argument => argument.Type);

    /// <inheritdoc />
    public override DataType UsedType => Result(argument => argument.UsedType);

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => Arguments;

    private DataType Result(Func<BoundExpression, DataType> typeOf) =>
        Function.Result != DataType.Unknown ? Function.Result : BoundTypes.Common(Arguments, typeOf);
}

/// <summary>`expr after H`: the expression evaluated with the cutoff `t + H`, in mode `at` (rule 8); part of labels only.</summary>
public sealed record BoundAfter(SourceSpan Span, BoundExpression Operand, Duration Later) : BoundExpression(Span)
{
    /// <inheritdoc />
    public override DataType Type => Operand.Type;

    /// <inheritdoc />
    public override DataType UsedType => Operand.UsedType;

    /// <inheritdoc />
    public override TimeInterval Interval => Operand.Interval.MovedBy(Later);

    /// <inheritdoc />
    public override ImmutableArray<BoundExpression> Children => [Operand];
}
