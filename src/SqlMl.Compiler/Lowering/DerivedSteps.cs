using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The steps of sources that are made of other sources' rows: unions and groups.</summary>
internal static class DerivedSteps
{
    /// <summary>Adds a step for each part and one that puts their rows one after the other, columns by name (rule 18).</summary>
    internal static SourceStep AddUnion(
        ModelContext context, LogicalSource source, LogicalUnion union, ImmutableArray<string> keys, string wanted, bool needsMicroseconds)
    {
        var steps = union.Parts.Select(part => SourceSteps.AddRows(context, part, keys, $"{source.Name}_{part.Name}")).ToImmutableArray();
        var taken = SourceSteps.Taken(keys);
        var columns = new Dictionary<string, StepColumn>(StringComparer.Ordinal);
        foreach (var column in source.Columns)
        {
            var changes = column.IsReadAsBefore && steps.Where((step, i) => Place(step, column, i)?.Before is not null).Any();
            var path = column.Column.Path.Replace('.', '_');
            var place = NewPlace(path, column.IsLate);
            if (changes) place = place with { Before = NewPlace($"{path}_before", steps.Where((step, i) => Place(step, column, i) is { } there && (there.Before ?? there).IsLate).Any()) };
            columns.Add(SourceStep.Key(column.Column.Path, column.Column.IsExact), place);
        }
        var parts = steps.Select((step, i) => (SqlQuery)Part(source, step, i, union.Names, keys, columns, needsMicroseconds)).ToImmutableArray();
        return new SourceStep(source, context.Add(wanted, $"{source.Name}: the rows of its parts", new SqlUnionAll(parts)), columns) { Parts = steps };

        StepColumn NewPlace(string path, bool isLate)
        {
            var name = SourceSteps.Take(taken, path);
            return new StepColumn(name, isLate, isLate ? SourceSteps.Take(taken, $"{name}_known_at") : null);
        }
    }

    /// <summary>Where the column of a union lies in a part; null where the part lacks it.</summary>
    private static StepColumn? Place(SourceStep step, LogicalSourceColumn column, int part) =>
        column.IsPartName ? null : column.Parts[part] is { } own ? step.Place(own.Path, own.IsExact) : null;

    private static SqlSelect Part(
        LogicalSource source, SourceStep step, int index, ImmutableArray<string> names, ImmutableArray<string> keys, Dictionary<string, StepColumn> columns, bool needsMicroseconds)
    {
        var items = new List<SqlSelectItem>();
        if (!source.Keys.IsEmpty) items.AddRange(keys.Select(key => Column("p", key).As(key)));
        items.Add(Column("p", ModelContext.HappenedAt).As(ModelContext.HappenedAt));
        if (source.Knowledge is not null) items.Add(step.KnownAt("p").As(ModelContext.KnownAt));
        if (needsMicroseconds) items.Add(Call(SqlFunction.EpochMicroseconds, Column("p", ModelContext.HappenedAt)).As(ModelContext.Instant));
        foreach (var column in source.Columns)
        {
            var place = columns[SourceStep.Key(column.Column.Path, column.Column.IsExact)];
            if (column.IsPartName)
            {
                items.Add(new SqlString(names[index]).As(place.Name));
                continue;
            }
            var there = Place(step, column, index);
            AddColumn(place, there);
            if (place.Before is not null) AddColumn(place.Before, there?.Before ?? there);
        }
        return new SqlSelect([.. items], Table(step.Step, "p"));

        void AddColumn(StepColumn place, StepColumn? there)
        {
            items.Add((there is null ? (SqlExpression)new SqlNull() : Column("p", there.Name)).As(place.Name));
            if (place.KnownAt is null) return;
            // A part in which the column is not late knows it with the row.
            var known = there is null || !there.IsLate ? BeforeAll : there.KnownAt is null ? new SqlNull() : Column("p", there.KnownAt);
            items.Add(known.As(place.KnownAt));
        }
    }

    /// <summary>Adds a step for the rows and one that groups them: a group happened, and was known, with its last row.</summary>
    internal static SourceStep AddGroup(
        ModelContext context, LogicalSource source, LogicalGroup group, ImmutableArray<string> keys, string wanted, bool needsMicroseconds)
    {
        var step = SourceSteps.AddRows(context, group.Base, [], $"{source.Name}_{group.Base.Name}");
        var rows = step.Rows("g");
        var happened = Column("g", ModelContext.HappenedAt);
        var aggregates = new AggregateLowering(rows, happened, aggregate => aggregate);
        var values = new Dictionary<string, SqlExpression>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in group.Keys) values.Add(key.Name, rows.Lower(key.Column));
        foreach (var aggregate in group.Aggregates) values.Add(aggregate.Name, AggregateLowering.Finish(aggregate, aggregates.Lower(aggregate)));
        var own = new ExpressionLowering(expression => values[((LogicalColumn)expression).Name]);

        var items = new List<SqlSelectItem>();
        for (var i = 0; i < source.Keys.Length; i++) items.Add(own.Lower(source.Keys[i]).As(keys[i]));
        var time = source.Time is null ? Aggregate(SqlAggregateFunction.Max, happened) : (SqlExpression)InUtc(own.Lower(source.Time));
        items.Add(time.As(ModelContext.HappenedAt));
        if (source.Knowledge is not null) items.Add(Aggregate(SqlAggregateFunction.Max, step.KnownAt("g")).As(ModelContext.KnownAt));
        if (needsMicroseconds) items.Add(Call(SqlFunction.EpochMicroseconds, time).As(ModelContext.Instant));
        var taken = SourceSteps.Taken(keys);
        var columns = new Dictionary<string, StepColumn>(StringComparer.Ordinal);
        foreach (var column in source.Columns)
        {
            var name = SourceSteps.Take(taken, column.Column.Name);
            items.Add(values[column.Column.Name].As(name));
            columns.Add(SourceStep.Key(column.Column.Path, column.Column.IsExact), new StepColumn(name, false, null));
        }
        var comment = $"{source.Name}: a row for each {string.Join(", ", group.Keys.Select(key => key.Name))}";
        var select = new SqlSelect([.. items], Table(step.Step, "g")) { GroupBy = [.. group.Keys.Select(key => values[key.Name])] };
        return new SourceStep(source, context.Add(wanted, comment, select), columns);
    }
}
