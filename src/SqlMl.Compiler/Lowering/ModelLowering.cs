using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Lowers one model's plan to its scripts. Training and scoring are the same steps at other cutoffs, so they cannot differ in meaning.</summary>
/// <param name="model">The plan.</param>
/// <param name="asOf">The run's instant where it was stated; null for the last known one.</param>
/// <param name="dialect">What is written for.</param>
/// <param name="learned">The table of what the model's pivots learned; empty where nothing was.</param>
internal sealed partial class ModelLowering(LogicalModel model, DateTime? asOf, SqlDialect dialect, ImmutableArray<SqlName> learned)
{
    private sealed record Examples(ModelContext Context, string Given, string Parts, IReadOnlyList<CountedStep> Counted);

    /// <summary>Scores every cutoff after an instant, where cutoffs are events; null for the latest of each entity.</summary>
    internal DateTime? ScoreSince { get; init; }

    // The training set and its counts read the same steps; each query keeps those that it reads.
    private readonly Lazy<Examples> _examples = new(() => BuildExamples(Context(model, asOf, dialect, learned)));

    /// <summary>The training set: keys, cutoff, features, label, split.</summary>
    internal SqlWith Training()
    {
        var examples = _examples.Value;
        return FinishTraining(examples.Context, examples.Parts);
    }

    private SqlWith FinishTraining(ModelContext context, string parts) => context.Finish(new SqlSelect(
        [.. Columns(context, "p"), .. Features("p"), Column("p", "label").As("label"), Column("p", "split").As("split")], Table(parts, "p"))
    {
        OrderBy = [.. Order(context, "p"), Ascending(Column("p", "split"))],
    });

    /// <summary>Every eligible cutoff: keys, cutoff, as_of, features. The steps are those of the training set, without what looks ahead: nothing reads a label here.</summary>
    internal SqlWith Candidates()
    {
        var context = Context(model with { LabelScans = [] }, asOf, dialect, learned);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: false);
        var values = new ValueSteps(context);
        var step = values.AddEligible(values.Add(cutoffs.Add(), cutoffs.FrameColumns));
        return context.Finish(new SqlSelect(
            [.. Columns(context, "v"), Column("r", RunStep.AsOf).As(RunStep.AsOf), .. Features("v")],
            Table(step, "v").Join(SqlJoinKind.Cross, Table(run, "r"))));
    }

    /// <summary>
    /// What the pivots learn: `pivot_name`, `ordinal`, `value`, and `training_rows`, of which so many see the value. Only rows of the part `train` are asked,
    /// each at its own cutoff (rule 39); null where nothing is learned.
    /// </summary>
    internal SqlWith? Pivots()
    {
        if (model.Pivots.IsEmpty) return null;
        var examples = BuildExamples(BeforeLearning());
        return PivotSteps.Finish(examples.Context, examples.Parts);
    }

    /// <summary>The rows of all parts as <see cref="Pivots"/> finds them: keys, cutoff, the anchor's columns that scans compare with, split. Some pivot learns.</summary>
    internal SqlWith LearningRows()
    {
        var examples = BuildExamples(BeforeLearning());
        var anchors = examples.Context.Anchors.InScans.Select(name => Column("p", name).As(name));
        return examples.Context.Finish(new SqlSelect(
            [.. examples.Context.KeyItems("p"), Column("p", ModelContext.Cutoff).As(ModelContext.Cutoff), .. anchors, Column("p", "split").As("split")], Table(examples.Parts, "p")));
    }

    /// <summary>What the pivots learn, in the words of <see cref="Pivots"/>, from rows that a table holds: those of <see cref="LearningRows"/>, or some of them.</summary>
    internal SqlWith PivotsFrom(ImmutableArray<SqlName> rows)
    {
        var context = BeforeLearning();
        context.Reserve(rows[^1].Name);
        SourceSteps.Add(context, context.Model.Sources);
        return PivotSteps.Finish(context, context.Add("held", "the rows of all parts as they were found", new SqlSelect([AllOf("h")], new SqlNamedTable(rows, Name("h")))));
    }

    /// <summary>What a pivot counts needs what it learned; the rows that it learns from do not depend on either.</summary>
    private ModelContext BeforeLearning()
    {
        return Context(model with { Scans = [.. model.Scans.Select(WithoutLearned).Where(scan => !scan.Aggregates.IsEmpty)] }, asOf, dialect, learned);

        static LogicalScan WithoutLearned(LogicalScan scan) =>
            scan with { Aggregates = [.. scan.Aggregates.Where(aggregate => aggregate.Filter is null || !LogicalLearned.IsReadBy(aggregate.Filter))] };
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
    internal SqlWith Scoring()
    {
        var context = Context(model, asOf, dialect, learned);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: true);
        var step = cutoffs.Add();
        if (model.When is null) step = AddDue(context, cutoffs, step);
        var values = new ValueSteps(context);
        step = values.AddEligible(values.Add(step, cutoffs.FrameColumns));
        if (model.When is not null) step = AddDue(context, cutoffs, step);
        step = values.AddScored(step);
        var ends = model.Horizons.SelectAsArray(SqlExpression (window) => Column("v", ModelContext.Cutoff).End(window).Is(SqlBinaryOperator.Greater, Column("r", RunStep.AsOf)));
        return context.Finish(new SqlSelect(
            [
                .. Columns(context, "v"),
                Column("r", RunStep.AsOf).As(RunStep.AsOf),
                AnyOf(ends).As("open"),
                .. Features("v"),
            ],
            Table(step, "v").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            OrderBy = Order(context, "v"),
        });
    }

    /// <summary>
    /// The predictions of one entity at one cutoff, whether or not training would take them: `is_eligible`, `is_given` (what `when` and `given` say,
    /// true where they are not there), the features, the label.
    /// </summary>
    internal SqlQuery Prediction(DateTime cutoff, ImmutableArray<string> key)
    {
        var context = Context(model, asOf, dialect, learned);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: false);
        var values = new ValueSteps(context);
        var labels = values.AddLabel(values.Add(cutoffs.Add(), cutoffs.FrameColumns), run);
        return context.Finish(new SqlSelect(
            [Says(model.When).As("is_eligible"), Says(labels.IsGiven).As("is_given"), .. Features("v"), Column("v", "label").As("label")], Table(labels.Labelled, "v"))
        {
            Where =
            [
                Column("v", ModelContext.Cutoff).EqualTo(new SqlTimestamp(cutoff)),
                .. key.Select((part, i) => (SqlExpression)new SqlCast(Column("v", model.Keys[i]), SqlType.Text).EqualTo(new SqlString(part))),
            ],
        });

        static SqlExpression Says(string? column) => column is null ? new SqlBoolean(true) : Call(SqlFunction.Coalesce, Column("v", column), new SqlBoolean(false));
    }

    /// <summary>Keeps, where cutoffs are events, the latest of each entity, or those after the stated instant (rule 47).</summary>
    private string AddDue(ModelContext context, CutoffSteps cutoffs, string step)
    {
        if (!model.IsEventMode) return step;
        return ScoreSince is { } since
            ? context.Add("since", "the cutoffs after the stated instant", cutoffs.Since(step, since))
            : context.Add("latest", $"the latest cutoff of each {model.Entity}", cutoffs.Latest(step));
    }

    private static ModelContext Context(LogicalModel model, DateTime? asOf, SqlDialect dialect, ImmutableArray<SqlName> learned, ImmutableArray<CutoffRange>? cutoffs = null)
    {
        var context = new ModelContext(model, asOf, dialect) { Cutoffs = cutoffs };
        // A step must not be called like the table that it may read.
        if (!learned.IsEmpty) context.Reserve(learned[^1].Name);
        context.Learned.Table = learned;
        return context;
    }

    private static Examples BuildExamples(ModelContext context)
    {
        SourceSteps.Add(context, context.Model.Sources);
        var run = RunStep.Add(context);
        var cutoffs = new CutoffSteps(context, run, isScoring: false);
        var values = new ValueSteps(context);
        var counted = cutoffs.Counted;
        var step = values.Add(cutoffs.Add(), cutoffs.FrameColumns);
        step = Counted(counted, "when", step, values.AddEligible(step));
        step = Counted(counted, "maturity", step, values.AddMature(step, run));
        step = Counted(counted, "require history", step, new HistoryStep(context).Add(step));
        var labels = values.AddLabel(step, run);
        if (context.Model.Given is not null) counted.Add(new CountedStep("given", labels.Given));
        counted.Add(new CountedStep("labels", labels.Examples));
        var (sampled, parts) = Divide(context, values, run, labels.Given, labels.Examples);
        step = Counted(counted, "sample", labels.Examples, sampled);
        step = Counted(counted, "split", step, parts);
        return new Examples(context, labels.Given, step, counted);
    }

    /// <summary>Adds the steps that look at all examples: the sample, and the parts.</summary>
    private static (string Sampled, string Parts) Divide(ModelContext context, ValueSteps values, string run, string given, string examples)
    {
        var sampled = new SampleStep(context).Add(examples);
        return (sampled, new SplitSteps(context).Add(sampled, context.Model.IsInFamily ? values.AddShared(given, run) : sampled));
    }

    private static string Counted(List<CountedStep> counted, string words, string before, string after)
    {
        if (before != after) counted.Add(new CountedStep(words, after));
        return after;
    }

    private ImmutableArray<SqlSelectItem> Columns(ModelContext context, string alias) =>
    [
        .. model.Keys.SelectAsArray(name => Column(alias, name).As(name)),
        .. model.AnchorKey.SelectAsArray(key => Column(alias, context.Anchors.Name(key.Column)).As(key.Name)),
        Column(alias, ModelContext.Cutoff).As(ModelContext.Cutoff),
    ];

    private ImmutableArray<SqlSelectItem> Features(string alias) => model.Features.SelectAsArray(name => Column(alias, name).As(name));

    private ImmutableArray<SqlOrder> Order(ModelContext context, string alias) =>
    [
        .. model.Keys.SelectAsArray(name => Ascending(Column(alias, name))),
        .. model.AnchorKey.SelectAsArray(key => Ascending(Column(alias, context.Anchors.Name(key.Column)))),
        Ascending(Column(alias, ModelContext.Cutoff)),
    ];
}
