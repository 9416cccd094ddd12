using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Lowers one model's plan to its scripts. Training and scoring are the same steps at other cutoffs, so they cannot differ in meaning.</summary>
internal sealed class ModelLowering(LogicalModel model, DateTime? asOf)
{
    private sealed record Examples(ModelContext Context, string Parts, IReadOnlyList<CountedStep> Counted);

    // The training set and its counts read the same steps; each query keeps those that it reads.
    private readonly Lazy<Examples> _examples = new(() => BuildExamples(model, asOf));

    /// <summary>The training set: keys, cutoff, features, label, split.</summary>
    internal SqlQuery Training()
    {
        var examples = _examples.Value;
        return examples.Context.Finish(new SqlSelect(
            [.. Columns("p"), .. Features("p"), Column("p", "label").As("label"), Column("p", "split").As("split")], Table(examples.Parts, "p"))
        {
            OrderBy = [.. Order("p"), Ascending(Column("p", "split"))],
        });
    }

    /// <summary>How many rows are left after each step (rule 27).</summary>
    internal SqlQuery Counts()
    {
        var examples = _examples.Value;
        var parts = examples.Counted.Select((item, i) => (SqlQuery)new SqlSelect(
            [Integer(i + 1).As("ordinal"), new SqlString(item.Words).As("step"), Aggregate(SqlAggregateFunction.Count, null).As("rows_left")], Table(item.Step)));
        var counted = examples.Context.Add("counted", "rows left after each step", new SqlUnionAll([.. parts]));
        return examples.Context.Finish(new SqlSelect(
            [Column("c", "ordinal").As("ordinal"), Column("c", "step").As("step"), Column("c", "rows_left").As("rows_left")], Table(counted, "c"))
        {
            OrderBy = [Ascending(Column("c", "ordinal"))],
        });
    }

    /// <summary>The rows that are due: keys, cutoff, as_of, open, features.</summary>
    internal SqlQuery Scoring()
    {
        var context = new ModelContext(model, asOf);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: true);
        var step = cutoffs.Add();
        if (model.IsEventMode && model.When is null) step = context.Add("latest", Latest, cutoffs.Latest(step));
        var values = new ValueSteps(context);
        step = values.AddEligible(values.Add(step, cutoffs.FrameColumns));
        if (model.IsEventMode && model.When is not null) step = context.Add("latest", Latest, cutoffs.Latest(step));
        var end = Column("v", ModelContext.Cutoff).Shift(model.Horizon.Gap, model.Horizon.Length);
        return context.Finish(new SqlSelect(
            [
                .. Columns("v"),
                Column("r", RunStep.AsOf).As(RunStep.AsOf),
                end.Is(SqlBinaryOperator.Greater, Column("r", RunStep.AsOf)).As("open"),
                .. Features("v"),
            ],
            Table(step, "v").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            OrderBy = Order("v"),
        });
    }

    /// <summary>One row a source: how many rows it has, how many lack a time or key, where it begins and ends, and the run's instant.</summary>
    internal SqlQuery SourceReport()
    {
        var context = new ModelContext(model, asOf);
        var read = model.Sources.Where(source => source.IsRead).ToImmutableArray();
        var parts = read.Select((source, i) => (SqlQuery)SourceLine(source, i)).ToImmutableArray();
        var lines = context.Add("lines", "each source that the model reads, rows that its `where` leaves out not counted", new SqlUnionAll(parts));
        SqlExpression instant = asOf is { } stated
            ? new SqlTimestamp(stated)
            : new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Max, Column("l", "last_time")), [], [], null);
        string[] names = ["source", "row_count", "rows_without_time", "rows_without_key", "first_time", "last_time"];
        return context.Finish(new SqlSelect([.. names.SelectAsArray(name => Column("l", name).As(name)), instant.As(RunStep.AsOf)], Table(lines, "l"))
        {
            OrderBy = [Ascending(Column("l", "ordinal"))],
        });
    }

    private static SqlSelect SourceLine(LogicalSource source, int ordinal)
    {
        var time = new SqlToUtc(SourceSteps.Raw.Lower(source.Time));
        var isKeyMissing = source.Keys.Select(key => (SqlExpression)new SqlIsNull(SourceSteps.Raw.Lower(key), false)).ToList();
        var counts = Aggregate(SqlAggregateFunction.Count, null);
        return new SqlSelect(
            [
                Integer(ordinal + 1).As("ordinal"),
                new SqlString(source.Name).As("source"),
                counts.As("row_count"),
                Aggregate(SqlAggregateFunction.Count, When(new SqlIsNull(SourceSteps.Raw.Lower(source.Time), false), Integer(1))).As("rows_without_time"),
                (isKeyMissing.Count == 0 ? (SqlExpression)Integer(0) : Aggregate(SqlAggregateFunction.Count, When(AnyOf(isKeyMissing), Integer(1)))).As("rows_without_key"),
                Aggregate(SqlAggregateFunction.Min, time).As("first_time"),
                Aggregate(SqlAggregateFunction.Max, time).As("last_time"),
            ],
            SourceSteps.Location(source))
        {
            Where = source.Where is null ? [] : [SourceSteps.Raw.Lower(source.Where)],
        };
    }

    private string Latest => $"the latest cutoff of each {model.Entity}";

    private static Examples BuildExamples(LogicalModel model, DateTime? asOf)
    {
        var context = new ModelContext(model, asOf);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: false);
        var values = new ValueSteps(context);
        var counted = cutoffs.Counted;
        var step = values.Add(cutoffs.Add(), cutoffs.FrameColumns);
        step = Counted(counted, "when", step, values.AddEligible(step));
        step = Counted(counted, "maturity", step, values.AddMature(step, run));
        step = Counted(counted, "labels", step, values.AddLabel(step));
        step = Counted(counted, "split", step, new SplitSteps(context).Add(step));
        return new Examples(context, step, counted);
    }

    private static string Counted(List<CountedStep> counted, string words, string before, string after)
    {
        if (before != after) counted.Add(new CountedStep(words, after));
        return after;
    }

    private ImmutableArray<SqlSelectItem> Columns(string alias) =>
        model.Keys.Add(ModelContext.Cutoff).SelectAsArray(name => Column(alias, name).As(name));

    private ImmutableArray<SqlSelectItem> Features(string alias) => model.Features.SelectAsArray(name => Column(alias, name).As(name));

    private ImmutableArray<SqlOrder> Order(string alias) => model.Keys.Add(ModelContext.Cutoff).SelectAsArray(name => Ascending(Column(alias, name)));
}
