using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Rows of a scan beside the cutoffs of a grid that see them, without a join: which cutoffs those are follows from the row.</summary>
/// <param name="context">The query.</param>
/// <param name="grid">The grid.</param>
/// <param name="scan">The scan.</param>
/// <param name="comment">What the scan sees.</param>
internal sealed class GridScanSteps(ModelContext context, GridCutoffs grid, LogicalScan scan, string comment)
{
    private const string Number = "number";
    private const string NextNumber = "next_number";
    private const string UntilNumber = "until_number";
    private const string SeenRows = "seen_rows";

    private readonly SourceStep _source = context.Rows(scan);

    private SqlExpression First => grid.FirstThatSees(_source, scan.Window, context.Model.IsBefore);

    private ImmutableArray<SqlExpression> Conditions => GridCutoffs.Conditions(context, _source, scan.Window);

    private SqlExpression? Instant => _source.IsTimed ? Column("e", ModelContext.HappenedAt) : null;

    /// <summary>The rows, each once at each cutoff that sees it. Every use has a step of its own, so that no engine has to keep them.</summary>
    internal ScannedRows Exploded(string name, ExpressionLowering values, SqlExpression? orderBy)
    {
        var cutoff = Beside(ModelContext.Cutoff);
        return new ScannedRows(name, comment, items => Select(name, cutoff, items), values, Instant, orderBy)
        {
            Window = [.. context.Keys("e"), Column("e", cutoff)],
        };
    }

    /// <summary>Adds the running values of all of the past and returns the step that has them at each cutoff.</summary>
    internal string AddRunning(string name, ExpressionLowering values, ImmutableArray<LogicalAggregate> aggregates)
    {
        var (rows, first) = AddNumbered(name);
        var number = context.Own(Number);
        var (partials, running) = Running(values, aggregates, number);
        var seen = context.Add($"{name}_seen", "what the rows add that a cutoff is the first to see", new SqlSelect(
            [.. context.KeyItems("e"), first.As(number), .. partials], Table(rows, "e"))
        {
            GroupBy = [.. context.Keys("e"), first],
        });
        return AddTotals(name, seen, number, running, aggregates);
    }

    /// <summary>Adds sums that rows enter at the first cutoff that sees them and leave behind the last, and returns the step that has them at each cutoff.</summary>
    internal string AddSwept(string name, ExpressionLowering values, ImmutableArray<LogicalAggregate> aggregates)
    {
        var number = context.Own(Number);
        var (partials, running) = Running(values, aggregates, number);
        var (rows, first, until) = AddStretches(name);
        var seen = context.Own(SeenRows);
        var changes = AddChanges(name, rows, first, until, number, partials.Add(Aggregate(SqlAggregateFunction.Count, null).As(seen)));
        return AddTotals(name, changes, number, running.Add(Total(seen, number, isCount: true).As(seen)), aggregates, seen);
    }

    /// <summary>Adds how many distinct values the rows of each cutoff have and returns the step: a value counts once while rows that have it are seen, one after the other.</summary>
    internal string AddDistinct(ExpressionLowering values, LogicalAggregate aggregate)
    {
        var number = context.Own(Number);
        var (rows, first, until) = AddStretches(aggregate.Name);
        var value = AggregateLowering.Distinct(aggregate, values, Column("e", ModelContext.HappenedAt));
        // A stretch ends where that of the next equal value begins. Both ends follow the row's instant, so that none behind it ends sooner.
        var next = new SqlLead(first, [.. context.Keys("e"), value], [Ascending(first), Ascending(until)]);
        var alone = context.Add($"{aggregate.Name}_alone", "each row up to where the next of the same value is seen", new SqlSelect(
            [.. context.KeyItems("e"), first.As(first.Name.Name), Call(SqlFunction.Lowest, until, Call(SqlFunction.Coalesce, next, until)).As(until.Name.Name)], Table(rows, "e"))
        {
            Where = [.. aggregate.Filter is null ? [] : new[] { values.Lower(aggregate.Filter) }, value.IsNotNull()],
        });
        var count = Aggregate(SqlAggregateFunction.Count, null).As(aggregate.Name);
        var changes = AddChanges(aggregate.Name, alone, first, until, number, [count]);
        return AddTotals(aggregate.Name, changes, number, [Total(aggregate.Name, number, isCount: true).As(aggregate.Name)], [aggregate], aggregate.Name);
    }

    /// <summary>What the rows of one cutoff's number give, and its running total, out of which each aggregate is made.</summary>
    private (ImmutableArray<SqlSelectItem> Partials, ImmutableArray<SqlSelectItem> Running) Running(
        ExpressionLowering values, ImmutableArray<LogicalAggregate> aggregates, string number)
    {
        var (partials, running) = (ImmutableArray.CreateBuilder<SqlSelectItem>(), ImmutableArray.CreateBuilder<SqlSelectItem>());
        foreach (var aggregate in aggregates)
        {
            var count = 0;
            // Of what the rows of each cutoff give, the same over all cutoffs up to here: counts are added up.
            var lowering = new AggregateLowering(values, Column("e", ModelContext.HappenedAt), over =>
            {
                var partial = count++ == 0 ? aggregate.Name : context.Own($"{aggregate.Name}_of");
                partials.Add(over.As(partial));
                return Total(partial, number, over.Function == SqlAggregateFunction.Count, over.Function);
            });
            running.Add(lowering.Lower(aggregate).As(aggregate.Name));
        }
        return (partials.ToImmutable(), running.ToImmutable());
    }

    /// <summary>A column `c` over all numbers up to this one.</summary>
    private SqlExpression Total(string partial, string number, bool isCount, SqlAggregateFunction function = SqlAggregateFunction.Sum)
    {
        var total = new SqlWindowAggregate(
            Aggregate(isCount ? SqlAggregateFunction.Sum : function, Column("c", partial)), context.Keys("c"), [Ascending(Column("c", number))],
            new SqlFrame(IsRows: true, new SqlUnbounded(), new SqlCurrentRow()));
        return isCount ? new SqlCast(total, SqlType.BigInt) : total;
    }

    /// <summary>Adds what rows add at the number where they are first seen, and take away at that where they no longer are.</summary>
    private string AddChanges(string name, string rows, SqlColumn first, SqlColumn until, string number, ImmutableArray<SqlSelectItem> partials)
    {
        return context.Add($"{name}_changes", "what rows add where they are first seen, and take away where they no longer are", new SqlUnionAll(
            [At(first, partials), At(until, partials.SelectAsArray(item => item with { Expression = new SqlNegate(item.Expression) }))]));

        SqlSelect At(SqlColumn end, ImmutableArray<SqlSelectItem> items) => new([.. context.KeyItems("e"), end.As(number), .. items], Table(rows, "e"))
        {
            Where = [first.Is(SqlBinaryOperator.Less, until)],
            GroupBy = [.. context.Keys("e"), end],
        };
    }

    /// <summary>Adds the running totals of numbers at which they change, and carries them on; where <paramref name="counted"/>, the running count of what is seen, is 0, there is nothing to carry.</summary>
    private string AddTotals(
        string name, string changes, string number, ImmutableArray<SqlSelectItem> running, ImmutableArray<LogicalAggregate> aggregates, string? counted = null)
    {
        var next = context.Own(NextNumber);
        var totals = context.Add($"{name}_running", "added up, and up to which cutoff they stay", new SqlSelect(
            [
                .. context.KeyItems("c"), Column("c", number).As(number),
                new SqlLead(Column("c", number), context.Keys("c"), [Ascending(Column("c", number))]).As(next), .. running,
            ],
            Table(changes, "c")));
        return AddCarried(name, comment, totals, number, next, aggregates.SelectAsArray(aggregate => aggregate.Name), counted);
    }

    /// <summary>Adds the value of the first or last row of all of the past and returns the step that has it at each cutoff; rows of one instant are ordered by the value (rule 34).</summary>
    internal string AddPicked(ExpressionLowering values, SqlExpression? orderBy, LogicalAggregate aggregate)
    {
        var (rows, first) = AddNumbered(aggregate.Name);
        var (number, next) = (context.Own(Number), context.Own(NextNumber));
        var value = values.Lower(aggregate.Arguments[0]);
        var isLast = aggregate.Definition.Name == "last";
        ImmutableArray<SqlExpression> terms =
        [
            Column("e", ModelContext.HappenedAt), .. orderBy is null ? [] : new[] { orderBy },
            .. aggregate.Together.IsEmpty ? [value] : aggregate.Together.Select(values.Lower),
        ];
        // The last of the rows that a cutoff is the first to see; the first of all stays the first.
        var among = isLast ? context.Keys("e").Add(first) : context.Keys("e");
        var picked = new SqlRowNumber(among, [.. terms.Select(term => isLast ? Descending(term) : Ascending(term))]);
        var seen = context.Add($"{aggregate.Name}_seen", isLast ? "the last of the rows that a cutoff is the first to see" : "the first of all rows", new SqlSelect(
            [.. context.KeyItems("e"), first.As(number), value.As(aggregate.Name)], Table(rows, "e"))
        {
            Where = aggregate.Filter is null ? [] : [values.Lower(aggregate.Filter)],
            Qualify = picked.EqualTo(Integer(1)),
        });
        var until = context.Add($"{aggregate.Name}_until", "up to which cutoff it stays", new SqlSelect(
            [AllOf("c"), new SqlLead(Column("c", number), context.Keys("c"), [Ascending(Column("c", number))]).As(next)], Table(seen, "c")));
        return AddCarried($"{aggregate.Name}_row", $"{comment}: the row that {aggregate.Definition.Name} takes", until, number, next, [aggregate.Name]);
    }

    /// <summary>Adds the rows, each with the number of the first cutoff that sees it.</summary>
    private (string Step, SqlColumn Number) AddNumbered(string name)
    {
        var number = Beside(Number);
        var step = context.Add($"{name}_rows", $"{comment}: each row, and the number of the first such t", new SqlSelect(
            [AllOf("e"), First.As(number)], grid.Beside(Table(_source.Step, "e")))
        {
            Where = Conditions,
        });
        return (step, Column("e", number));
    }

    /// <summary>Adds the rows, each with the numbers of the first cutoff that sees it and of the first that no longer does, which need not lie behind it.</summary>
    private (string Step, SqlColumn First, SqlColumn Until) AddStretches(string name)
    {
        var (number, until) = (Beside(Number), Beside(UntilNumber));
        var step = context.Add($"{name}_rows", $"{comment}: each row, and the numbers of the first such t and of the first behind them", new SqlSelect(
            [AllOf("e"), First.As(number), grid.FirstThatNoLongerSees(_source, scan.Window, context.Model.IsBefore).As(until)], grid.Beside(Table(_source.Step, "e")))
        {
            Where = Conditions,
        });
        return (step, Column("e", number), Column("e", until));
    }

    /// <summary>A name for a column of ours beside those of the row, whatever they are called.</summary>
    private string Beside(string wanted)
    {
        var taken = SourceSteps.Taken(context.Model.Keys);
        foreach (var column in _source.Columns.Values) taken.UnionWith(column.Names);
        return SourceSteps.Take(taken, wanted);
    }

    private string AddCarried(string name, string what, string step, string number, string next, ImmutableArray<string> values, string? counted = null)
    {
        var (cutoff, from) = grid.Run(grid.Beside(Table(step, "r")), Column("r", number), GridCutoffs.UpTo(Column("r", next)));
        return context.Add(name, what, new SqlSelect(
            [.. context.KeyItems("r"), cutoff.As(ModelContext.Cutoff), .. values.Select(value => Column("r", value).As(value))], from)
        {
            Where = counted is null ? [] : [Column("r", counted).Is(SqlBinaryOperator.Greater, Integer(0))],
        });
    }

    private SqlSelect Select(string name, string cutoff, ImmutableArray<SqlSelectItem> items)
    {
        var (instant, from) = grid.Run(
            grid.Beside(Table(_source.Step, "e")), First, grid.FirstThatNoLongerSees(_source, scan.Window, context.Model.IsBefore));
        var rows = context.Add($"{name}_rows", $"{comment}: each row once at each such t", new SqlSelect([AllOf("e"), instant.As(cutoff)], from)
        {
            Where = Conditions,
        });
        return new SqlSelect([.. context.KeyItems("e"), Column("e", cutoff).As(ModelContext.Cutoff), .. items], Table(rows, "e"));
    }
}
