using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// Aggregates over windows as differences of running sums, for cutoffs that are rows of the same source. What all rows of one instant can see is the same,
/// so a sum is a function of the instant, and it does not matter which of several rows a look-up meets.
/// <para>
/// Mode `before`: with P(t) the sum over the rows before t, the window [t - G - D, t - G) is P(t - G) - P(t - G - D), and P(x) stands in the first row that is not before x.
/// Mode `at`: with P(t) the sum over the rows up to t, the window (t - G - D, t - G] is the same difference, and P(x) stands in the last row up to x; it is 0 where there is none.
/// </para>
/// <para>
/// A value was seen within D before t if t lies in one of the stretches that its occurrences cover, D long each. Occurrences no further apart than D cover one stretch, a run:
/// so the values of a window are the runs begun by its end less the runs whose last occurrence lies before its beginning.
/// </para>
/// </summary>
/// <param name="context">The query.</param>
/// <param name="stems">What the sums are called after.</param>
/// <param name="instant">The column of a row's instant in microseconds.</param>
internal sealed class RunningSums(ModelContext context, SumNames stems, string instant)
{
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PackedCounts> _packed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _flags = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, (string Name, List<string> Sums)> _lookups = [];

    /// <summary>What each row adds: items over the source's rows.</summary>
    internal List<SqlSelectItem> Marks { get; } = [];

    /// <summary>Where runs of equal values begin and end: items over the marks, under the alias `m`; empty where no distinct values are counted.</summary>
    internal List<SqlSelectItem> Flags { get; } = [];

    /// <summary>The sums: items over the marks and flags, under the alias `m`.</summary>
    internal List<SqlSelectItem> Sums { get; } = [];

    /// <summary>The sums as they were where windows begin: items over the step of the sums, under the alias `s`.</summary>
    internal IEnumerable<SqlSelectItem> Lookups
    {
        get
        {
            foreach (var (distance, lookup) in _lookups) yield return Lookup(distance, lookup.Name, lookup.Sums);
        }
    }

    /// <summary>The aggregate's value as a difference of sums, over the step that holds sums and look-ups, under the alias `s`.</summary>
    internal SqlExpression Value(LogicalAggregate aggregate, LogicalWindow window, ExpressionLowering rows)
    {
        return new AggregateLowering(rows, Column("e", ModelContext.HappenedAt), Over).Lower(aggregate);

        SqlExpression Over(SqlAggregate computed)
        {
            var stem = stems.Of(aggregate);
            if (computed.Function == SqlAggregateFunction.CountDistinct) return Runs(Mark(computed.Argument!, $"{stem}_value"), stem, window);
            if (computed.Function == SqlAggregateFunction.Count) return Difference(Count(computed.Argument, stem), window);
            var mark = Mark(computed.Argument!, $"{stem}_mark");
            var value = Difference(Sum(computed.Function, mark, stem), window);
            if (aggregate.Default is null) return value;
            // What stands in for a sum over no numbers must be told from a sum of 0.
            var count = Difference(CountOf(mark, stem, Column("m", mark).IsNotNull()), window);
            return When(count.Is(SqlBinaryOperator.Greater, Integer(0)), value);
        }
    }

    /// <summary>The value of counts over a frame, packed, over the step that holds the sums, under the alias `s`.</summary>
    internal SqlExpression Value(LogicalAggregate aggregate, SqlFrame frame, ExpressionLowering rows) => new AggregateLowering(rows, Column("e", ModelContext.HappenedAt), computed =>
    {
        var mark = computed.Argument is { } argument ? Mark(Condition(argument), $"{stems.Of(aggregate)}_mark") : null;
        return Difference(Packed(frame, "", mark, aggregate.Name, mark is null ? null : Column("m", mark)), Present);
    }).Lower(aggregate);

    /// <summary>True once some counts share a number.</summary>
    internal bool IsPacked { get; private set; }

    /// <summary>Packs the counts that were asked for since, where the dialect packs: values are made once to learn what is counted and where it is read, and again when that is packed.</summary>
    internal void Pack()
    {
        foreach (var counts in _packed.Values)
        {
            Sums.AddRange(counts.Pack(context, Over));
            IsPacked |= counts.HasPairs;
        }
    }

    private SqlExpression Runs(string mark, string stem, LogicalWindow window)
    {
        var (end, begin) = Ends(window);
        var begins = Runs(mark, stem, window.Length, isStart: true);
        var begun = begins.Of(At(begins, end));
        if (begin is not { } distance) return begun;
        var ends = Runs(mark, stem, window.Length, isStart: false);
        return begun.Is(SqlBinaryOperator.Subtract, ends.Of(At(ends, distance)));
    }

    private RunningSum Runs(string mark, string stem, Duration? length, bool isStart)
    {
        var flag = Flag(mark, stem, length, isStart);
        return CountOf(flag, flag, Column("m", flag));
    }

    private SqlExpression Difference(RunningSum sum, LogicalWindow window)
    {
        var (end, begin) = Ends(window);
        return sum.Of(begin is { } distance ? At(sum, end).Is(SqlBinaryOperator.Subtract, At(sum, distance)) : At(sum, end));
    }

    private static (Place End, Place? Begin) Ends(LogicalWindow window)
    {
        var gap = window.Gap?.Microseconds ?? 0;
        var end = new Place(gap, window.Gap?.Suffix ?? "");
        return (end, window.Length is { } length ? new Place(gap + length.Microseconds, window.Gap is null ? length.Suffix : $"{window.Gap.Suffix}_{length.Suffix}") : null);
    }

    private SqlSelectItem Lookup(long distance, string name, List<string> sums)
    {
        var frame = context.Model.IsBefore
            ? new SqlFrame(false, new SqlOffset(-distance), new SqlCurrentRow())
            : new SqlFrame(false, new SqlUnbounded(), new SqlOffset(-distance));
        ImmutableArray<SqlColumn> columns = [.. sums.Select(sum => Column("s", sum))];
        return new SqlLookup(!context.Model.IsBefore, columns, context.Keys("s"), [Ascending(Column("s", instant))], frame).As(name);
    }

    /// <summary>The sum as it was a distance before the cutoff.</summary>
    private SqlExpression At(RunningSum total, Place place)
    {
        if (total.Column is not { } sum)
        {
            total.Distances.Add(place.Distance);
            return Integer(0);
        }
        if (place.Distance == 0) return Column("s", sum);
        if (!_lookups.TryGetValue(place.Distance, out var lookup)) _lookups.Add(place.Distance, lookup = (context.ReserveOwn($"ago_{place.Name}"), []));
        if (!lookup.Sums.Contains(sum)) lookup.Sums.Add(sum);
        var found = new SqlLookedUp(Name("s"), Name(lookup.Name), Name(sum));
        // In mode `before` the row itself is never before the window's beginning, so that there is always a row to look up.
        return context.Model.IsBefore ? found : Call(SqlFunction.Coalesce, found, Integer(0));
    }

    private string Mark(SqlExpression value, string wanted) => Named(_marks, Text(value), wanted, mark => Marks.Add(value.As(mark)));

    private RunningSum Sum(SqlAggregateFunction function, string? mark, string stem) => new(Named(_sums, $"{function} {mark}", $"{stem}_so_far", name =>
    {
        SqlExpression sum = Over(Aggregate(function, mark is null ? null : Column("m", mark)), Past);
        Sums.Add((function == SqlAggregateFunction.Count ? sum : Call(SqlFunction.Coalesce, sum, Integer(0))).As(name));
    }));

    /// <summary>How many rows there are for which the argument is not null; without one, how many there are.</summary>
    private RunningSum Count(SqlExpression? argument, string stem)
    {
        if (!context.Dialect.PacksCounts) return Sum(SqlAggregateFunction.Count, argument is null ? null : Mark(argument, $"{stem}_mark"), stem);
        var mark = argument is null ? null : Mark(Condition(argument), $"{stem}_mark");
        return Packed(Past, "_so_far", mark, stem, mark is null ? null : Column("m", mark));
    }

    /// <summary>How many rows there are whose mark is not null, which is where the condition holds.</summary>
    private RunningSum CountOf(string mark, string stem, SqlExpression condition) =>
        context.Dialect.PacksCounts ? Packed(Past, "_so_far", mark, stem, condition) : Sum(SqlAggregateFunction.Count, mark, stem);

    private RunningSum Packed(SqlFrame frame, string suffix, string? mark, string stem, SqlExpression? counted)
    {
        var key = frame.ToString();
        if (!_packed.TryGetValue(key, out var counts)) _packed.Add(key, counts = new PackedCounts(frame, suffix));
        return counts.Find(mark ?? "", stem, counted);
    }

    /// <summary>What is counted is a truth value where marks are packed: the narrowest column there is.</summary>
    private static SqlExpression Condition(SqlExpression argument) =>
        argument is SqlCase { Branches: [{ Then: SqlInteger } only], Else: null } ? only.When : argument.IsNotNull();

    private SqlWindowAggregate Over(SqlAggregate aggregate, SqlFrame frame) => new(aggregate, context.Keys("m"), [Ascending(Column("m", instant))], frame);

    private SqlFrame Past => new(false, new SqlUnbounded(), context.Model.IsBefore ? new SqlOffset(-1) : new SqlCurrentRow());

    private static LogicalWindow Present => new(IsFuture: false, Length: null, Gap: null);

    /// <summary>1 where a run of equal values begins, or ends: where no equal value lies within the length before, or after; without a length, none at all.</summary>
    private string Flag(string mark, string stem, Duration? length, bool isStart)
    {
        var key = $"{mark} {isStart} {length?.Microseconds}";
        return Named(_flags, key, $"{stem}_{(isStart ? "begins" : "ends")}{(length is null ? "" : $"_{length.Suffix}")}", name =>
        {
            ImmutableArray<SqlExpression> equal = [.. context.Keys("m"), Column("m", mark)];
            ImmutableArray<SqlOrder> order = [Ascending(Column("m", instant))];
            var here = Column("m", instant);
            SqlExpression equalRow = isStart ? new SqlLag(here, equal, order) : new SqlLead(here, equal, order);
            var distance = isStart ? here.Is(SqlBinaryOperator.Subtract, equalRow) : equalRow.Is(SqlBinaryOperator.Subtract, here);
            var isAlone = length is null
                ? new SqlIsNull(equalRow, false)
                : (SqlExpression)Call(SqlFunction.Coalesce, distance.Is(SqlBinaryOperator.Greater, Integer(length.Microseconds)), new SqlBoolean(true));
            var condition = Column("m", mark).IsNotNull().Is(SqlBinaryOperator.And, isAlone);
            Flags.Add((context.Dialect.PacksCounts ? condition : (SqlExpression)When(condition, Integer(1))).As(name));
        });
    }

    private string Named(Dictionary<string, string> names, string key, string wanted, Action<string> add)
    {
        if (names.TryGetValue(key, out var known)) return known;
        var name = context.ReserveOwn(wanted);
        names.Add(key, name);
        add(name);
        return name;
    }

    /// <summary>Equal expressions have equal text.</summary>
    private static string Text(SqlExpression expression) => SqlDialects.All[0].Print(expression);

    /// <summary>A distance before the cutoff, and what look-ups there are called after.</summary>
    private readonly record struct Place(long Distance, string Name);
}

/// <summary>What the sums behind a model's aggregates are called: what the names of all windows over the same thing have in common, or the first of them.</summary>
internal sealed class SumNames
{
    private readonly Dictionary<string, string> _stems = new(StringComparer.Ordinal);

    internal SumNames(IEnumerable<LogicalAggregate> aggregates)
    {
        foreach (var aggregate in aggregates)
        {
            var key = Key(aggregate);
            if (!_stems.TryGetValue(key, out var known)) _stems.Add(key, aggregate.Name);
            else if (Common(known, aggregate.Name) is { Length: > 0 } common) _stems[key] = common;
        }
    }

    /// <summary>`orders` for `orders_7d` and `orders_30d`; the whole name of what has one window only.</summary>
    internal string Of(LogicalAggregate aggregate) => _stems[Key(aggregate)].TrimEnd('_') is { Length: > 0 } stem ? stem : aggregate.Name;

    private static string Key(LogicalAggregate aggregate) => PlanText.Print(aggregate with { Default = null });

    private static string Common(string left, string right)
    {
        var length = 0;
        while (length < left.Length && length < right.Length && char.ToLower(left[length], CultureInfo.InvariantCulture) == char.ToLower(right[length], CultureInfo.InvariantCulture)) length++;
        // `orders_30d` and `orders_3d` have `orders` in common.
        while (length > 0 && char.IsAsciiDigit(left[length - 1])) length--;
        return left[..length];
    }
}
