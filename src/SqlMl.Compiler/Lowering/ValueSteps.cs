using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The steps that turn cutoffs into values: aggregates first, then what is derived from them, level by level.</summary>
internal sealed class ValueSteps(ModelContext context)
{
    /// <summary>Adds the steps for the values of the past; returns the name of the last one: keys, cutoff, all values, the label's frames.</summary>
    internal string Add(string cutoffs, ImmutableArray<string> frameColumns)
    {
        var model = context.Model;
        var joined = model.Scans.Where(scan => scan.Strategy == ScanStrategy.RangeJoin).ToList();
        var items = context.KeyItems("c").Append(Column("c", ModelContext.Cutoff).As(ModelContext.Cutoff)).ToList();
        foreach (var aggregate in model.Scans.Where(scan => scan.Strategy == ScanStrategy.Frame).SelectMany(scan => scan.Aggregates))
        {
            items.Add(AggregateLowering.FinishFrame(aggregate, Column("c", aggregate.Name)).As(aggregate.Name));
        }
        items.AddRange(context.Anchors.All.Select(name => Column("c", name).As(name)));
        // The label's frames pass through untouched.
        var ofLabel = model.LabelScans.SelectMany(scan => scan.Aggregates).Select(aggregate => aggregate.Name).ToHashSet();
        items.AddRange(frameColumns.Where(ofLabel.Contains).Select(name => Column("c", name).As(name)));

        var from = (SqlTable)Table(cutoffs, "c");
        if (joined.Count > 0)
        {
            from = Join(from, "c", AddScans(joined, Spine(cutoffs, "spine")), items);
        }
        var step = context.Add("features", "what was known at each cutoff", new SqlSelect([.. items], from));
        foreach (var link in model.Links) step = AddLinked(step, link);
        return AddDerived(step, model.Derived, "derived");
    }

    /// <summary>Adds the values of the other entity that each cutoff is linked to, as of the same instant; null where it is linked to none (rule 21).</summary>
    private string AddLinked(string step, LogicalLink link)
    {
        var inner = new ModelContext(context, link);
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
        return context.Add($"with_{link.Entity}", $"beside them what was known of the {link.Entity} that each is linked to", new SqlSelect(
            [AllOf("v"), .. link.Names.Select(name => Column("l", name.Value).As(name.Name))],
            Table(step, "v").Join(SqlJoinKind.Left, Table(values, "l"), on)));
    }

    private string AddDerived(string step, ImmutableArray<LogicalDerived> derived, string wanted)
    {
        foreach (var level in derived.GroupBy(value => value.Level).OrderBy(group => group.Key))
        {
            var values = Values("v");
            SqlSelect select = new([AllOf("v"), .. level.Select(value => values.Lower(value.Expression).As(value.Name))], Table(step, "v"));
            step = context.Add($"{wanted}_{level.Key}", "values made from those above", select);
        }
        return step;
    }

    /// <summary>Adds the eligibility filter where the model has one.</summary>
    internal string AddEligible(string step) => context.Model.When is not { } when
        ? step
        : context.Add("eligible", "who is eligible at the cutoff", new SqlSelect([AllOf("v")], Table(step, "v")) { Where = [Column("v", when)] });

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

    /// <summary>Adds the label; returns the steps of the rows that `given` keeps, and of those among them that have a label.</summary>
    internal (string Given, string Examples) AddLabel(string step, string run)
    {
        var model = context.Model;
        var joined = model.LabelScans.Where(scan => scan.Strategy == ScanStrategy.RangeJoin).ToList();
        var places = new Dictionary<string, SqlExpression>(StringComparer.OrdinalIgnoreCase);
        foreach (var aggregate in model.LabelScans.Where(scan => scan.Strategy == ScanStrategy.Frame).SelectMany(scan => scan.Aggregates))
        {
            places.Add(aggregate.Name, AggregateLowering.FinishFrame(aggregate, Column("v", aggregate.Name)));
        }
        SqlTable from = Table(step, "v");
        if (joined.Count > 0)
        {
            var scanned = AddScans(joined, Spine(step, "label_spine"));
            from = Join(from, "v", scanned, null);
            foreach (var (alias, values) in Aliases(scanned))
            {
                foreach (var value in values) places.Add(value.Aggregate.Name, AggregateLowering.Finish(value.Aggregate, Column(alias, value.Aggregate.Name)));
            }
        }
        if (!model.LabelDerived.IsEmpty)
        {
            // Values made from values need steps of their own, over columns that have names.
            var columns = places.Select(place => place.Value.As(place.Key));
            from = Table(AddDerived(context.Add("outcomes", "what came after the cutoff", new SqlSelect([AllOf("v"), .. columns], from)), model.LabelDerived, "outcomes"), "v");
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
        if (model.Given is not null)
        {
            labelled = context.Add("given", "the population, chosen by what came after the cutoff", new SqlSelect([AllOf("v")], Table(labelled, "v")) { Where = [Column("v", isGiven)] });
        }
        var examples = context.Add("examples", "a row without a label teaches nothing", new SqlSelect([AllOf("v")], Table(labelled, "v")) { Where = [Column("v", "label").IsNotNull()] });
        return (labelled, examples);
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

    private static IEnumerable<(string Alias, List<ScannedValue> Values)> Aliases(List<ScannedValue> scanned) =>
        scanned.GroupBy(value => value.Step).Select((group, i) => ($"s{i + 1}", group.ToList()));

    private SqlTable Join(SqlTable from, string left, List<ScannedValue> scanned, List<SqlSelectItem>? items)
    {
        foreach (var (alias, values) in Aliases(scanned))
        {
            from = from.Join(SqlJoinKind.Left, Table(values[0].Step, alias), context.SameCutoff(alias, left));
            items?.AddRange(values.Select(value => AggregateLowering.Finish(value.Aggregate, Column(alias, value.Aggregate.Name)).As(value.Aggregate.Name)));
        }
        return from;
    }
}
