using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Aggregates over the members of an entity as of each cutoff (rule 21).</summary>
/// <param name="context">The query.</param>
/// <param name="spine">The step of distinct entities and cutoffs.</param>
internal sealed class RollupSteps(ModelContext context, string spine)
{
    /// <summary>Adds the steps of a roll-up and returns where each of its values stands.</summary>
    internal IEnumerable<ScannedValue> Add(LogicalRollup rollup)
    {
        var inner = new ModelContext(context, rollup.Values);
        SourceSteps.Add(inner, rollup.Values.Sources);
        var values = new ValueSteps(inner).Add(AddCandidates(inner, rollup), []);

        // The key's names are the entity's own; a member's value that is called like them takes another.
        var taken = new HashSet<string>([.. context.Model.Keys, ModelContext.Cutoff], StringComparer.OrdinalIgnoreCase);
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in rollup.Values.Features) columns.Add(value, SourceSteps.Take(taken, value));
        var members = context.Add($"{context.Model.Entity}_{rollup.Entity}", $"what {ValueSteps.WasKnown(rollup.Values)} of each {rollup.Entity}, beside the {context.Model.Entity} that it belonged to", new SqlSelect(
            [
                .. rollup.Link.Select((link, i) => Column("v", link).As(context.Model.Keys[i])),
                Column("v", ModelContext.Cutoff).As(ModelContext.Cutoff),
                .. rollup.Values.Features.Where(value => !rollup.Link.Contains(value)).Select(value => Column("v", value).As(columns[value])),
            ],
            Table(values, "v")));

        var anchors = context.Anchors.InScans.Select(name => Column("s", name).As(name));
        var rows = new ScannedRows(
            $"{context.Model.Entity}_of_{rollup.Entity}",
            $"{rollup.Entity}: the members of each {context.Model.Entity} at t{(rollup.Values.Later is { } later ? $" + {later.Text}" : "")}, t being the cutoff",
            (items, where) => new SqlSelect(
                [.. context.KeyItems("s"), Column("s", ModelContext.Cutoff).As(ModelContext.Cutoff), .. anchors, .. items],
                Table(spine, "s").Join(
                    SqlJoinKind.Inner, Table(members, "e"), context.SameEntity("e", "s").Add(Column("e", ModelContext.Cutoff).EqualTo(Column("s", ModelContext.Cutoff)))))
            {
                Where = where,
            },
            new ExpressionLowering(expression => expression switch
            {
                LogicalColumn column => Column("e", columns[column.Name]),
                LogicalKey key => Column("e", key.Name),
                LogicalCutoff => Column("s", ModelContext.Cutoff),
                LogicalAnchor anchor => context.Anchors.Read(anchor, "s"),
                _ => throw new InvalidOperationException($"{expression.GetType().Name} is not part of a member."),
            }),
            null, null)
        {
            Window = context.CutoffOf("s"),
        };
        return new ScanSteps(context, spine).Add(rows, rollup.Aggregates);
    }

    /// <summary>
    /// Adds who may be a member: each whom any row names beside the entity. The value of its link says whether it was one at the cutoff, so no time is asked here.
    /// </summary>
    private string AddCandidates(ModelContext inner, LogicalRollup rollup)
    {
        var source = inner.Sources[rollup.Source];
        var named = new ExpressionLowering(expression => expression is LogicalColumn column
            ? Column("e", source.Place(column.Path, column.IsExact).Name)
            : throw new InvalidOperationException($"{expression.GetType().Name} is not part of a row."));
        return context.Add($"{rollup.Entity}_cutoffs", $"each {rollup.Entity} that was ever named beside the {context.Model.Entity} of a cutoff, once an instant", new SqlSelect(
            [.. inner.KeyItems("e"), Column("s", ModelContext.Cutoff).As(ModelContext.Cutoff)],
            Table(spine, "s").Join(SqlJoinKind.Inner, Table(source.Step, "e"), [.. rollup.Key.Select((part, i) => named.Lower(part).EqualTo(Column("s", context.Model.Keys[i])))]))
        {
            IsDistinct = true,
            Where = [.. inner.HasKey("e")],
        });
    }
}
