using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Lowers one model's plan to its scripts. Training and scoring are the same steps at other cutoffs, so they cannot differ in meaning.</summary>
internal sealed class ModelLowering(LogicalModel model, DateTime? asOf, string dialect)
{
    private sealed record Examples(ModelContext Context, string Parts, IReadOnlyList<(string Words, string Step)> Counted);

    /// <summary>The training set: keys, cutoff, features, label, split.</summary>
    internal SqlQuery Training()
    {
        var examples = BuildExamples();
        return examples.Context.Finish(new SqlSelect(
            [.. Columns(examples.Context, "p"), .. Features("p"), Column("p", "label").As("label"), Column("p", "split").As("split")], Table(examples.Parts, "p"))
        {
            OrderBy = [.. Order(examples.Context, "p"), Ascending(Column("p", "split"))],
        });
    }

    /// <summary>How many rows are left after each step (rule 27).</summary>
    internal SqlQuery Counts()
    {
        var examples = BuildExamples();
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
        var context = new ModelContext(model, asOf, dialect);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: true);
        var step = cutoffs.Add();
        if (model.IsEventMode && model.When is null) step = context.Add("latest", Latest, cutoffs.Latest(step));
        var values = new ValueSteps(context);
        step = values.AddEligible(values.Add(step, cutoffs.FrameColumns));
        if (model.IsEventMode && model.When is not null) step = context.Add("latest", Latest, cutoffs.Latest(step));
        var ends = model.Horizons.Select(window => (SqlExpression)Column("v", ModelContext.Cutoff).End(window).Is(SqlBinaryOperator.Greater, Column("r", RunStep.AsOf)));
        return context.Finish(new SqlSelect(
            [
                .. Columns(context, "v"),
                Column("r", RunStep.AsOf).As(RunStep.AsOf),
                AnyOf([.. ends]).As("open"),
                .. Features("v"),
            ],
            Table(step, "v").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            OrderBy = [.. Order(context, "v")],
        });
    }

    private string Latest => $"the latest cutoff of each {model.Entity}";

    private Examples BuildExamples()
    {
        var context = new ModelContext(model, asOf, dialect);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: false);
        var values = new ValueSteps(context);
        var counted = cutoffs.Counted;
        var step = values.Add(cutoffs.Add(), cutoffs.FrameColumns);
        step = Counted(counted, "when", step, values.AddEligible(step));
        step = Counted(counted, "maturity", step, values.AddMature(step, run));
        step = Counted(counted, "require history", step, new HistoryStep(context).Add(step));
        var (given, labelled) = values.AddLabel(step, run);
        if (model.Given is not null) counted.Add(("given", given));
        counted.Add(("labels", labelled));
        step = Counted(counted, "sample", labelled, new SampleStep(context).Add(labelled));
        step = Counted(counted, "split", step, new SplitSteps(context).Add(step, context.Model.IsInFamily ? values.AddShared(given, run) : step));
        return new Examples(context, step, counted);
    }

    private static string Counted(List<(string Words, string Step)> counted, string words, string before, string after)
    {
        if (before != after) counted.Add((words, after));
        return after;
    }

    private IEnumerable<SqlSelectItem> Columns(ModelContext context, string alias) =>
    [
        .. model.Keys.Select(name => Column(alias, name).As(name)),
        .. model.AnchorKey.Select(key => Column(alias, context.Anchors.Name(key.Column)).As(key.Name)),
        Column(alias, ModelContext.Cutoff).As(ModelContext.Cutoff),
    ];

    private IEnumerable<SqlSelectItem> Features(string alias) => model.Features.Select(name => Column(alias, name).As(name));

    private IEnumerable<SqlOrder> Order(ModelContext context, string alias) =>
        model.Keys.Concat(model.AnchorKey.Select(key => context.Anchors.Name(key.Column))).Append(ModelContext.Cutoff).Select(name => Ascending(Column(alias, name)));
}
