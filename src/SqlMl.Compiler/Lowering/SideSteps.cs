using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The steps of a source on whose rows the entity stands on sides (rule 12): the rows once, with the keys of all sides, and from these a row for each entity.</summary>
internal static class SideSteps
{
    /// <summary>
    /// Adds the steps: the rows; the rows of every entity that one of its sides names, once also where two sides name it; and for each side the
    /// rows with the entity on it. Returns the second, which knows the third.
    /// </summary>
    internal static SourceStep Add(ModelContext context, LogicalSource source, ImmutableArray<string> keys, string wanted, bool needsMicroseconds)
    {
        var names = KeyNames(source, keys);
        var whole = SourceSteps.AddRows(context, source with { Sides = [] }, [.. names.SelectMany(side => side)], wanted, needsMicroseconds);
        var own = OwnColumns(whole, needsMicroseconds);
        var columns = Columns(whole, keys);
        var sides = new Dictionary<string, SourceStep>(StringComparer.OrdinalIgnoreCase);
        var parts = ImmutableArray.CreateBuilder<SqlQuery>();
        for (var i = 0; i < names.Length; i++)
        {
            var side = Side(whole, own, columns, keys, names[i]);
            parts.Add(side with { Where = [.. names[..i].Select(earlier => new SqlNot(SameKey(earlier, names[i])))] });
            var name = source.Sides[i].Name;
            var step = context.Add($"{source.Name}_{name}", $"{source.Name}: its rows, whose they are on the side {name}", side);
            sides.Add(name, new SourceStep(source, step, columns) { HasEnd = whole.HasEnd, Parts = [whole] });
        }
        SqlQuery all = parts.Count == 1 ? parts[0] : new SqlUnionAll(parts.ToImmutable());
        var united = context.Add($"{source.Name}_sides", $"{source.Name}: its rows, once for each that a side names", all);
        return new SourceStep(source, united, columns) { HasEnd = whole.HasEnd, Parts = [whole], Sides = sides };
    }

    /// <summary>What the key columns are called in the step that has those of all sides: one list a side. The key's own names where there are no sides.</summary>
    internal static ImmutableArray<ImmutableArray<string>> KeyNames(LogicalSource source, ImmutableArray<string> keys)
    {
        if (source.Sides.IsEmpty) return source.Keys.IsEmpty ? [] : [keys];
        var taken = SourceSteps.Taken([]);
        return [.. source.Sides.Select(side => keys.Select(key => SourceSteps.Take(taken, $"{side.Name}_{key}")).ToImmutableArray())];
    }

    /// <summary>The step that has each row once, whoever stands on it.</summary>
    internal static SourceStep Whole(SourceStep step) => step.Sides.Count > 0 ? step.Parts[0] : step;

    private static SqlSelect Side(
        SourceStep whole, List<string> own, Dictionary<string, StepColumn> columns, ImmutableArray<string> keys, ImmutableArray<string> names)
    {
        var items = new List<SqlSelectItem>();
        for (var i = 0; i < keys.Length; i++) items.Add(Column("r", names[i]).As(keys[i]));
        foreach (var name in own) items.Add(Column("r", name).As(name));
        foreach (var (place, column) in columns)
        {
            items.AddRange(whole.Columns[place].Names.Zip(column.Names, (theirs, ours) => Column("r", theirs).As(ours)));
        }
        return new SqlSelect([.. items], Table(whole.Step, "r"));
    }

    private static SqlExpression SameKey(ImmutableArray<string> left, ImmutableArray<string> right) =>
        AllOf([.. left.Select((name, i) => Column("r", name).Is(SqlBinaryOperator.Same, Column("r", right[i])))]);

    private static List<string> OwnColumns(SourceStep step, bool hasMicroseconds)
    {
        var columns = new List<string>();
        if (step.IsTimed) columns.Add(ModelContext.HappenedAt);
        if (step.Source.Knowledge is not null) columns.Add(ModelContext.KnownAt);
        if (step.HasEnd) columns.Add(ModelContext.HeldUntil);
        if (hasMicroseconds) columns.Add(ModelContext.Instant);
        return columns;
    }

    /// <summary>The columns that the program reads, under names that go with those of the key: the rows alone have none of these.</summary>
    private static Dictionary<string, StepColumn> Columns(SourceStep step, ImmutableArray<string> keys)
    {
        var taken = SourceSteps.Taken(keys);
        var columns = new Dictionary<string, StepColumn>(StringComparer.Ordinal);
        foreach (var (place, column) in step.Columns)
        {
            columns.Add(place, column.Rename(name => SourceSteps.Take(taken, name)));
        }
        return columns;
    }
}
