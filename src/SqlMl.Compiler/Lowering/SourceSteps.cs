using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The first steps of every query: the rows of each source, the rows that they join before them.</summary>
internal static class SourceSteps
{
    /// <summary>Adds a step a source: key, instant in UTC, when it was known where that is later, and the columns that are read, of the rows that count.</summary>
    internal static void Add(ModelContext context, IEnumerable<LogicalSource> sources)
    {
        foreach (var source in sources)
        {
            var needsMicroseconds = context.Model.Scans.Concat(context.Model.LabelScans).Any(scan => scan.Source == source.Name && scan.IsBesideRows);
            var whole = AddRows(context, source, context.Model.Keys, $"{source.Name}_rows", needsMicroseconds);
            context.AddSource(AddNear(context, whole), whole);
        }
    }

    /// <summary>Where only some cutoffs are asked for, and none of them reads all of a source's past: the rows that they may see; else all rows.</summary>
    private static SourceStep AddNear(ModelContext context, SourceStep whole)
    {
        if (context.Cutoffs is not { IsEmpty: false } cutoffs || whole.Source.Nature != SourceNature.Events || !whole.Source.Sides.IsEmpty) return whole;
        var reaches = RowReaches.Of(context.Model, whole.Source);
        if (reaches.IsEmpty) return whole;
        var (from, to) = (DateTime.MaxValue, DateTime.MinValue);
        foreach (var reach in reaches)
        {
            var seen = reach.RowsSeenBy(new CutoffRange(cutoffs[0].From, cutoffs[^1].To));
            (from, to) = (seen.From < from ? seen.From : from, seen.To > to ? seen.To : to);
        }
        if (from == DateTime.MinValue) return whole;
        var name = context.Add($"{whole.Source.Name}_near", $"{whole.Source.Name}: the rows that a cutoff to be built may see", new SqlSelect([AllOf("e")], Table(whole.Step, "e"))
        {
            Where = [.. CutoffSteps.Within(Column("e", ModelContext.HappenedAt), new CutoffRange(from, to))],
        });
        return whole with { Step = name };
    }

    /// <summary>Adds the step of one source's rows, under the key's names.</summary>
    internal static SourceStep AddRows(ModelContext context, LogicalSource source, ImmutableArray<string> keys, string wanted, bool needsMicroseconds = false)
    {
        if (!source.Sides.IsEmpty) return SideSteps.Add(context, source, keys, wanted, needsMicroseconds);
        switch (source.Location)
        {
            case LogicalUnion union:
                return DerivedSteps.AddUnion(context, source, union, keys, wanted, needsMicroseconds);
            case LogicalGroup group:
                return DerivedSteps.AddGroup(context, source, group, keys, wanted, needsMicroseconds);
        }
        var taken = Taken(keys);
        var rows = new SourceRows(context, source);
        var items = new List<SqlSelectItem>();
        for (var i = 0; i < source.Keys.Length; i++) items.Add(rows.Raw.Lower(source.Keys[i]).As(keys[i]));
        if (rows.Time is not null) items.Add(rows.Time.As(ModelContext.HappenedAt));
        if (rows.Known is not null) items.Add(rows.Known.As(ModelContext.KnownAt));
        if (rows.HeldUntil is { } end) items.Add(end.As(ModelContext.HeldUntil));
        if (needsMicroseconds) items.Add(Call(SqlFunction.EpochMicroseconds, rows.Time!).As(ModelContext.Instant));

        var columns = new Dictionary<string, StepColumn>(StringComparer.Ordinal);
        foreach (var column in source.Columns)
        {
            var value = rows.Raw.Lower(column.Expression ?? column.Column);
            // Numbers and instants are converted once, here, so that both dialects compute on the same types; a joined column was, in its own step.
            if (column.Column.Join is null) value = Convert(value, column.Type);
            var path = column.Column.Path.Replace('.', '_');
            var place = Place(path, column.IsLate, value, column.IsLate ? rows.LateAt(column) : null);
            if (rows.Before(column) is { } before) place = place with { Before = Place($"{path}_before", before.IsLate, before.Value, before.LateAt) };
            columns.Add(SourceStep.Key(column.Column.Path, column.Column.IsExact), place);
        }

        var comment = source.Nature == SourceNature.Static
            ? $"{source.Name}: its rows, which never change"
            : $"{source.Name}: its rows, times in UTC{(context.AsOf is null ? "" : ", as known at the run's instant")}";
        var select = new SqlSelect([.. items], rows.From) { Where = [.. rows.Conditions()], Qualify = rows.Qualify };
        return new SourceStep(source, context.Add(wanted, comment, select), columns) { HasEnd = rows.HeldUntil is not null };

        StepColumn Place(string path, bool isLate, SqlExpression value, SqlExpression? lateAt)
        {
            var name = Take(taken, path);
            // What was written after a stated instant is not known at it.
            items.Add((lateAt is not null && context.AsOf is { } asOf ? When(lateAt.Is(SqlBinaryOperator.LessOrEqual, new SqlTimestamp(asOf)), value) : value).As(name));
            if (lateAt is null) return new StepColumn(name, isLate, null);
            var late = Take(taken, $"{name}_known_at");
            items.Add(lateAt.As(late));
            return new StepColumn(name, isLate, late);
        }
    }

    /// <summary>The names that columns of a source's step cannot have.</summary>
    internal static HashSet<string> Taken(ImmutableArray<string> keys) =>
        new([.. keys, ModelContext.HappenedAt, ModelContext.KnownAt, ModelContext.HeldUntil, ModelContext.Instant], StringComparer.OrdinalIgnoreCase);

    internal static string Take(HashSet<string> taken, string wanted)
    {
        var name = wanted;
        for (var i = 2; !taken.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    private static SqlExpression Convert(SqlExpression value, DataType type) => type switch
    {
        DataType.Number => new SqlCast(value, SqlType.Double),
        DataType.Instant => InUtc(value),
        _ => value,
    };
}
