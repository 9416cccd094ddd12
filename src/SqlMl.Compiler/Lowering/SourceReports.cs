using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The queries that say what a run finds in its sources before it builds anything.</summary>
internal sealed class SourceReports(LogicalModel model, DateTime? asOf, SqlDialect dialect)
{
    private const string Lacking = "lacks_partner";
    private const string RowCount = "row_count";
    private const string KeyText = "key_text";

    /// <summary>How many of the doubled keys are named.</summary>
    private const int Named = 5;

    /// <summary>One row a source: how many rows it has, how many lack a time, key or partner, where it begins and ends, and the run's instant.</summary>
    internal SqlQuery Sources()
    {
        var context = new ModelContext(model, asOf, dialect);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var read = model.Sources.Where(source => source.IsRead).ToImmutableArray();
        var parts = read.Select((source, i) => (SqlQuery)Line(context, source, i + 1)).ToImmutableArray();
        var lines = context.Add("lines", "each source that the model reads, rows that its `where` leaves out not counted", new SqlUnionAll(parts));
        string[] names = ["source", RowCount, "rows_without_time", "rows_without_key", "rows_without_partner", "first_time", "last_time"];
        return context.Finish(new SqlSelect(
            [.. names.Select(name => Column("l", name).As(name)), Column("r", RunStep.AsOf).As(RunStep.AsOf)],
            Table(lines, "l").Join(SqlJoinKind.Cross, Table(run, "r")))
        {
            OrderBy = [Ascending(Column("l", "ordinal"))],
        });
    }

    /// <summary>
    /// Under which keys several rows lie where one is read: partners (rule 15), and rows that describe an entity and never change (rule 13);
    /// the first few by name. Null where the model reads nothing so.
    /// </summary>
    internal SqlQuery? DoubledKeys()
    {
        var context = new ModelContext(model, asOf, dialect);
        var checks = new List<SqlQuery>();
        AddChecks(context, checks, []);
        if (checks.Count == 0) return null;
        var doubled = context.Add("doubled", "keys under which several rows lie", checks.Count == 1 ? checks[0] : new SqlUnionAll([.. checks]));
        ImmutableArray<SqlExpression> check = [Column("d", "ordinal")];
        string[] names = ["source", "joined", KeyText, RowCount];
        return context.Finish(new SqlSelect(
            [.. names.Select(name => Column("d", name).As(name)), new SqlWindowAggregate(Aggregate(SqlAggregateFunction.Count, null), check, [], null).As("keys_in_all")],
            Table(doubled, "d"))
        {
            Qualify = new SqlRowNumber(check, [Ascending(Column("d", KeyText))]).Is(SqlBinaryOperator.LessOrEqual, Integer(Named)),
            OrderBy = [Ascending(check[0]), Ascending(Column("d", KeyText))],
        });
    }

    /// <summary>The checks of one entity's sources, and of those that it is linked to; a join that both read is looked at once.</summary>
    private static void AddChecks(ModelContext context, List<SqlQuery> checks, HashSet<string> joins)
    {
        foreach (var source in context.Model.Sources)
        {
            if (source.IsRead && IsReadAsOne(context.Model, source)) checks.Add(SeveralRows(context, source, checks.Count + 1));
            foreach (var inner in WithInner(source))
            {
                foreach (var join in inner.Joins)
                {
                    if (join.IsEach || join.Target.Nature == SourceNature.Validity || !joins.Add($"{inner.Name}.{join.Name}")) continue;
                    checks.Add(SeveralPartners(context, inner, join, checks.Count + 1));
                }
            }
        }
        foreach (var other in context.Model.OfOthers) AddChecks(new ModelContext(context, other), checks, joins);
    }

    private static SqlSelect Line(ModelContext context, LogicalSource source, int ordinal)
    {
        var happened = Column("e", ModelContext.HappenedAt);
        var isTimed = source.Nature != SourceNature.Static;
        return new SqlSelect(
            [
                Integer(ordinal).As("ordinal"),
                new SqlString(source.Name).As("source"),
                Aggregate(SqlAggregateFunction.Count, null).As(RowCount),
                (isTimed ? CountIf(new SqlIsNull(happened, false)) : Integer(0)).As("rows_without_time"),
                (source.Keys.IsEmpty ? Integer(0) : CountIf(BelongsToNobody(source, context.Model.Keys))).As("rows_without_key"),
                (source.Joins.IsEmpty ? Integer(0) : CountIf(Column("e", Lacking))).As("rows_without_partner"),
                Extreme(SqlAggregateFunction.Min).As("first_time"),
                Extreme(SqlAggregateFunction.Max).As("last_time"),
            ],
            Rows(context, source));

        SqlExpression Extreme(SqlAggregateFunction function) => isTimed ? Aggregate(function, happened) : new SqlCast(new SqlNull(), SqlType.Timestamp);
    }

    /// <summary>A part of the key is null (rule 11); on sides, of each one's key.</summary>
    private static SqlExpression BelongsToNobody(LogicalSource source, ImmutableArray<string> keys)
    {
        var sides = SideSteps.KeyNames(source, keys).Select(names => AnyOf([.. names.Select(name => (SqlExpression)new SqlIsNull(Column("e", name), false))]));
        return AllOf([.. sides]);
    }

    private static SqlExpression CountIf(SqlExpression condition) => Aggregate(SqlAggregateFunction.Count, When(condition, Integer(1)));

    /// <summary>The source's rows before those without a time fall away: key, instant, and whether a partner is missing.</summary>
    private static SqlTable Rows(ModelContext context, LogicalSource source)
    {
        // Rows that are put together have a time, or they were not there.
        if (source.Location is LogicalUnion or LogicalGroup) return Table(SideSteps.Whole(context.Sources[source.Name]).Step, "e");
        var rows = new SourceRows(context, source);
        var items = new List<SqlSelectItem>();
        ImmutableArray<string> names = [.. SideSteps.KeyNames(source, context.Model.Keys).SelectMany(side => side)];
        for (var i = 0; i < source.Keys.Length; i++) items.Add(rows.Raw.Lower(source.Keys[i]).As(names[i]));
        if (rows.Time is { } time) items.Add(time.As(ModelContext.HappenedAt));
        if (rows.Partners.Count > 0) items.Add(AnyOf([.. rows.Partners.Select(partner => new SqlIsNull(partner.Keys[0], false))]).As(Lacking));
        if (items.Count == 0) items.Add(Integer(1).As("is_row"));
        var select = new SqlSelect([.. items], rows.From)
        {
            Where = source.Where is null || rows.Qualify is not null ? [] : [rows.Raw.Lower(source.Where)],
            Qualify = rows.Qualify,
        };
        return new SqlDerivedTable(select, Name("e"));
    }

    /// <summary>True where something reads the one row that describes an entity, and nothing says which of several that is.</summary>
    private static bool IsReadAsOne(LogicalModel model, LogicalSource source) =>
        source is { Nature: SourceNature.Static, OrderBy: null } && model.Scans.Concat(model.LabelScans)
            .Any(scan => scan.Source == source.Name && scan.Aggregates.Any(aggregate => aggregate.Definition.Name == "last"));

    private static SqlSelect SeveralRows(ModelContext context, LogicalSource source, int ordinal)
    {
        var step = SourceSteps.AddRows(context, source, context.Model.Keys, $"{source.Name}_rows");
        return new SqlSelect(Items(ordinal, source.Name, null, context.Keys("k")), Counted(step, context.Model.Keys)) { Where = [IsDoubled] };
    }

    private static SqlSelect SeveralPartners(ModelContext context, LogicalSource source, LogicalJoin join, int ordinal)
    {
        var rows = new SourceRows(context, source);
        var partner = rows.Partners.First(item => item.Join == join);
        ImmutableArray<string> names = [.. partner.Keys.Select(key => key.Name.Name)];
        ImmutableArray<SqlExpression> keys = [.. names.Select(name => Column("k", name))];
        ImmutableArray<SqlExpression> on = [.. keys.Select((key, i) => key.EqualTo(rows.Raw.Lower(join.Ours[i])))];
        return new SqlSelect(Items(ordinal, source.Name, join.Name, keys), rows.From.Join(SqlJoinKind.Inner, Counted(partner.Step, names), on))
        {
            // Where several held at one instant, the row's own condition is asked after the choice: here it is asked of each.
            Where = [.. rows.Conditions(), .. rows.Qualify is null || source.Where is null ? [] : ImmutableArray.Create(rows.Raw.Lower(source.Where)), IsDoubled],
            GroupBy = [.. keys, Column("k", RowCount)],
        };
    }

    private static SqlExpression IsDoubled => Column("k", RowCount).Is(SqlBinaryOperator.Greater, Integer(1));

    /// <summary>How many rows lie under each key that is complete.</summary>
    private static SqlDerivedTable Counted(SourceStep step, ImmutableArray<string> keys) => new(
        new SqlSelect([.. keys.Select(key => Column("e", key).As(key)), Aggregate(SqlAggregateFunction.Count, null).As(RowCount)], Table(step.Step, "e"))
        {
            Where = [.. keys.Select(key => Column("e", key).IsNotNull())],
            GroupBy = [.. keys.Select(key => Column("e", key))],
        },
        Name("k"));

    private static ImmutableArray<SqlSelectItem> Items(int ordinal, string source, string? joined, IReadOnlyList<SqlExpression> keys)
    {
        var texts = new List<SqlExpression>();
        foreach (var key in keys)
        {
            if (texts.Count > 0) texts.Add(new SqlString(", "));
            texts.Add(new SqlCast(key, SqlType.Text));
        }
        return
        [
            Integer(ordinal).As("ordinal"),
            new SqlString(source).As("source"),
            (joined is null ? new SqlCast(new SqlNull(), SqlType.Text) : (SqlExpression)new SqlString(joined)).As("joined"),
            (texts.Count == 1 ? texts[0] : Call(SqlFunction.Concat, [.. texts])).As(KeyText),
            Column("k", RowCount).As(RowCount),
        ];
    }

    /// <summary>The source, those that it is made of, and those that it joins.</summary>
    private static IEnumerable<LogicalSource> WithInner(LogicalSource source)
    {
        IEnumerable<LogicalSource> made = source.Location switch
        {
            LogicalUnion union => union.Parts,
            LogicalGroup group => [group.Base],
            LogicalDerivation derivation => [derivation.Base],
            _ => [],
        };
        return made.Concat(source.Joins.Select(join => join.Target)).SelectMany(WithInner).Prepend(source);
    }
}
