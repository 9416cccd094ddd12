using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The steps that turn cutoffs into values: aggregates first, then what is derived from them, level by level.</summary>
internal sealed class ValueSteps(ModelContext context)
{
    /// <summary>The steps that have labels.</summary>
    /// <param name="Labelled">All rows.</param>
    /// <param name="IsGiven">The column of what `given` says; null where the model does not.</param>
    /// <param name="Given">The rows that `given` keeps.</param>
    /// <param name="Examples">Those among them that have a label.</param>
    internal sealed record LabelSteps(string Labelled, string? IsGiven, string Given, string Examples);

    /// <summary>Adds the steps for the values of the past; returns the name of the last one: keys, cutoff, all values, the label's frames.</summary>
    internal string Add(string cutoffs, ImmutableArray<string> frameColumns)
    {
        var model = context.Model;
        var joined = model.Scans.Where(scan => !scan.IsBesideRows).Select(WithoutBeside).Where(scan => !scan.Aggregates.IsEmpty).ToList();
        List<SqlSelectItem> items = [.. context.KeyItems("c"), Column("c", ModelContext.Cutoff).As(ModelContext.Cutoff)];
        foreach (var aggregate in model.Scans.Where(scan => scan.IsBesideRows).SelectMany(scan => scan.Aggregates))
        {
            items.Add(AggregateLowering.FinishFrame(aggregate, Column("c", aggregate.Name)).As(aggregate.Name));
        }
        items.AddRange(context.BesideCutoffs.Select(aggregate => AggregateLowering.Finish(aggregate, Column("c", aggregate.Name)).As(aggregate.Name)));
        items.AddRange(context.Anchors.All.Select(name => Column("c", name).As(name)));
        // The label's frames pass through untouched.
        var ofLabel = model.LabelScans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name).ToHashSet();
        items.AddRange(frameColumns.Where(ofLabel.Contains).Select(name => Column("c", name).As(name)));

        var from = (SqlTable)Table(cutoffs, "c");
        if (joined.Count > 0 || !model.Rollups.IsEmpty)
        {
            var spine = Spine(cutoffs, "spine");
            var scanned = AddScans(joined, spine);
            foreach (var rollup in model.Rollups) scanned.AddRange(new RollupSteps(context, spine).Add(rollup));
            from = Join(from, "c", scanned, items);
        }
        var step = context.Add("features", context.Model.Later is { } later ? $"what came true by {later.Text} after each cutoff" : "what was known at each cutoff", new SqlSelect([.. items], from));
        foreach (var link in model.Links) step = AddLinked(step, link);
        return AddDerived(step, model.Derived, "derived");
    }

    /// <summary>Adds the values of the other entity that each cutoff is linked to, as of the same instant; null where it is linked to none (rule 21).</summary>
    private string AddLinked(string step, LogicalLink link)
    {
        var inner = new ModelContext(context, link.Values);
        SourceSteps.Add(inner, link.Values.Sources);
        var key = link.Keys.Select(Values("v").Lower).ToImmutableArray();
        var cutoff = Column("v", ModelContext.Cutoff);
        var spine = context.Add($"{link.Entity}_cutoffs", $"each {link.Entity} that a cutoff is linked to, once an instant", new SqlSelect(
            [.. key.Select((part, i) => part.As(link.Values.Keys[i])), cutoff.As(ModelContext.Cutoff)], Table(step, "v"))
        {
            IsDistinct = true,
            Where = [.. key.Select(part => part.IsNotNull())],
        });
        var values = new ValueSteps(inner).Add(spine, []);
        ImmutableArray<SqlExpression> on =
            [.. key.Select((part, i) => (SqlExpression)Column("l", link.Values.Keys[i]).EqualTo(part)), Column("l", ModelContext.Cutoff).EqualTo(cutoff)];
        return context.Add($"with_{link.Entity}", $"beside them what {WasKnown(link.Values)} of the {link.Entity} that each is linked to", new SqlSelect(
            [AllOf("v"), .. link.Names.Select(name => Column("l", name.Value).As(name.Name))],
            Table(step, "v").Join(SqlJoinKind.Left, Table(values, "l"), on)));
    }

    private LogicalScan WithoutBeside(LogicalScan scan) => context.BesideCutoffs.IsEmpty ? scan : scan with { Aggregates = scan.Aggregates.RemoveRange(context.BesideCutoffs) };

    internal static string WasKnown(LogicalModel values) => values.Later is { } later ? $"was true, {later.Text} after the cutoff," : "was known";

    private string AddDerived(string step, ImmutableArray<LogicalDerived> derived, string wanted)
    {
        foreach (var level in LogicalDerived.ByLevel(derived))
        {
            var values = Values("v");
            SqlSelect select = new([AllOf("v"), .. level.Select(value => values.Lower(value.Expression).As(value.Name))], Table(step, "v"));
            step = context.Add($"{wanted}_{level[0].Level}", "values made from those above", select);
        }
        return step;
    }

    /// <summary>Adds the eligibility filter where the model has one.</summary>
    internal string AddEligible(string step) => context.Model.When is not { } when
        ? step
        : context.Add("eligible", "who is eligible at the cutoff", new SqlSelect([AllOf("v")], Table(step, "v")) { Where = [Column("v", when)] });

    /// <summary>Adds the filter on the rows that are due where the model scores some of them only.</summary>
    internal string AddScored(string step) => context.Model.ScoreOnly is not { } scored
        ? step
        : context.Add("scored", "who is asked for", new SqlSelect([AllOf("v")], Table(step, "v")) { Where = [Column("v", scored)] });

    /// <summary>Adds the filter on complete labels where the model asks for it (rule 5).</summary>
    internal string AddMature(string step, string run)
    {
        if (context.Model.AllowImmature) return step;
        return context.Add("mature", "cutoffs whose label is known to the end", new SqlSelect([AllOf("v")], Table(step, "v").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            Where = [.. Column("v", ModelContext.Cutoff).EndBy(context.Model.Maturity, Column("r", RunStep.KnownUntil))],
        });
    }

    /// <summary>Adds the rows that all models of a family have, whatever their labels: the parts begin where these say (rule 42).</summary>
    internal string AddShared(string step, string run) => context.Model.AllowImmature ? step : context.Add(
        "shared", "rows whose labels are known to the end in every model of the family", new SqlSelect([AllOf("v")], Table(step, "v").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            Where = [.. Column("v", ModelContext.Cutoff).EndBy(context.Model.FamilyMaturity, Column("r", RunStep.KnownUntil))],
        });

    /// <summary>Adds the label, and what `given` says.</summary>
    internal LabelSteps AddLabel(string step, string run)
    {
        var model = context.Model;
        var joined = model.LabelScans.Where(scan => !scan.IsBesideRows).ToList();
        var places = new Dictionary<string, SqlExpression>(StringComparer.OrdinalIgnoreCase);
        foreach (var aggregate in model.LabelScans.Where(scan => scan.IsBesideRows).SelectMany(scan => scan.Aggregates))
        {
            places.Add(aggregate.Name, AggregateLowering.FinishFrame(aggregate, Column("v", aggregate.Name)));
        }
        SqlTable from = Table(step, "v");
        if (joined.Count > 0 || !model.LabelRollups.IsEmpty)
        {
            var spine = Spine(step, "label_spine");
            var scanned = AddScans(joined, spine);
            foreach (var rollup in model.LabelRollups) scanned.AddRange(new RollupSteps(context, spine).Add(rollup));
            from = Join(from, "v", scanned, null);
            foreach (var scan in ScannedStep.Of(scanned))
            {
                foreach (var value in scan.Values) places.Add(value.Aggregate.Name, AggregateLowering.Finish(value.Aggregate, Column(scan.Alias, value.Aggregate.Name)));
            }
        }
        if (!model.LabelDerived.IsEmpty || !model.LabelLinks.IsEmpty)
        {
            // Values made from values need steps of their own, over columns that have names.
            var columns = places.Select(place => place.Value.As(place.Key));
            var outcomes = places.Count == 0 ? step : context.Add("outcomes", "what came after the cutoff", new SqlSelect([AllOf("v"), .. columns], from));
            foreach (var link in model.LabelLinks) outcomes = AddLinked(outcomes, link);
            from = Table(AddDerived(outcomes, model.LabelDerived, "outcomes"), "v");
            places.Clear();
        }
        if (context.Anchors.ReadsByNow(model.Label) || (model.Given is not null && context.Anchors.ReadsByNow(model.Given)))
        {
            from = from.Join(SqlJoinKind.Cross, Table(run, "r"));
        }
        var lowering = new ExpressionLowering(expression => expression switch
        {
            LogicalValue value => places.TryGetValue(value.Name, out var place) ? place : Column("v", value.Name),
            LogicalAnchor anchor => context.Anchors.Read(anchor, "v"),
            LogicalKey key => Column("v", key.Name),
            _ => Column("v", ModelContext.Cutoff),
        });
        var items = new List<SqlSelectItem> { AllOf("v"), lowering.Lower(model.Label).As("label") };
        var isGiven = context.Own("is_given");
        if (model.Given is not null) items.Add(lowering.Lower(model.Given).As(isGiven));
        var labelled = context.Add("labelled", "what came true after the cutoff", new SqlSelect([.. items], from));
        var given = model.Given is null
            ? labelled
            : context.Add("given", "the population, chosen by what came after the cutoff", new SqlSelect([AllOf("v")], Table(labelled, "v")) { Where = [Column("v", isGiven)] });
        var examples = context.Add("examples", "a row without a label teaches nothing", new SqlSelect([AllOf("v")], Table(given, "v")) { Where = [Column("v", "label").IsNotNull()] });
        return new LabelSteps(labelled, model.Given is null ? null : isGiven, given, examples);
    }

    private ExpressionLowering Values(string alias) => new(expression => expression switch
    {
        LogicalValue value => Column(alias, value.Name),
        LogicalAnchor anchor => context.Anchors.Read(anchor, alias),
        LogicalKey key => Column(alias, key.Name),
        _ => Column(alias, ModelContext.Cutoff),
    });

    /// <summary>Distinct entities and cutoffs: several rows of one instant see the same.</summary>
    private string Spine(string step, string wanted)
    {
        if (!context.Model.Observe.Any(line => line is LogicalEach)) return step;
        var anchors = context.Anchors.InScans.Select(name => Column("c", name).As(name));
        var select = new SqlSelect([.. context.KeyItems("c"), Column("c", ModelContext.Cutoff).As(ModelContext.Cutoff), .. anchors], Table(step, "c")) { IsDistinct = true };
        return context.Add(wanted, "each cutoff once", select);
    }

    private List<ScannedValue> AddScans(List<LogicalScan> scans, string spine)
    {
        var steps = new ScanSteps(context, spine);
        return [.. scans.SelectMany(steps.Add)];
    }

    private SqlTable Join(SqlTable from, string left, List<ScannedValue> scanned, List<SqlSelectItem>? items)
    {
        foreach (var scan in ScannedStep.Of(scanned))
        {
            var on = scan.Values[0].IsOfEntity ? context.SameEntity(scan.Alias, left) : context.SameCutoff(scan.Alias, left);
            from = from.Join(SqlJoinKind.Left, Table(scan.Name, scan.Alias), on);
            items?.AddRange(scan.Values.Select(value => AggregateLowering.Finish(value.Aggregate, Column(scan.Alias, value.Aggregate.Name)).As(value.Aggregate.Name)));
        }
        return from;
    }

    /// <summary>A step of scanned values, and the alias that it is joined under.</summary>
    private sealed record ScannedStep(string Name, string Alias)
    {
        internal List<ScannedValue> Values { get; } = [];

        /// <summary>The steps that hold the values, in the order in which they are first met.</summary>
        internal static List<ScannedStep> Of(List<ScannedValue> scanned)
        {
            var steps = new List<ScannedStep>();
            foreach (var value in scanned)
            {
                if (steps.Find(step => step.Name == value.Step) is not { } step) steps.Add(step = new ScannedStep(value.Step, $"s{steps.Count + 1}"));
                step.Values.Add(value);
            }
            return steps;
        }
    }
}
