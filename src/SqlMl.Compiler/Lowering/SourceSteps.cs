using SqlMl.Language.Collections;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The first steps of every query: the rows of each source, and the run's own instant.</summary>
internal static class SourceSteps
{
    /// <summary>Adds a step a source: key, instant in UTC, and the columns that are read, of the rows that count.</summary>
    internal static void Add(ModelContext context, IEnumerable<LogicalSource> sources)
    {
        foreach (var source in sources) AddSource(context, source);
    }

    /// <summary>The columns of a table itself.</summary>
    internal static ExpressionLowering Raw { get; } = new(expression => expression is LogicalColumn column
        ? new SqlColumn(null, new SqlName(column.Name, column.IsExact))
        : throw new InvalidOperationException($"{expression.GetType().Name} is not part of a row."));

    /// <summary>What a source reads.</summary>
    internal static SqlTable Location(LogicalSource source) => source.Location switch
    {
        LogicalFile file => new SqlFileTable(file.Path, IsParquet(file.Path) ? SqlFileFormat.Parquet : SqlFileFormat.Csv, null),
        LogicalTable table => new SqlNamedTable(table.Path.SelectAsArray(part => new SqlName(part.Name, part.IsExact)), null),
        var other => throw new InvalidOperationException($"No SQL for {other.GetType().Name}."),
    };

    private static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    private static void AddSource(ModelContext context, LogicalSource source)
    {
        var model = context.Model;
        var taken = new HashSet<string>([.. model.Keys, ModelContext.HappenedAt, ModelContext.Instant], StringComparer.OrdinalIgnoreCase);
        var time = new SqlToUtc(Raw.Lower(source.Time));
        var items = new List<SqlSelectItem>();
        for (var i = 0; i < source.Keys.Length; i++) items.Add(Raw.Lower(source.Keys[i]).As(model.Keys[i]));
        items.Add(time.As(ModelContext.HappenedAt));
        if (model.Scans.Concat(model.LabelScans).Any(scan => scan.Source == source.Name && scan.Strategy == ScanStrategy.Frame))
        {
            items.Add(Call(SqlFunction.EpochMicroseconds, time).As(ModelContext.Instant));
        }

        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in source.Columns)
        {
            var name = column.Column.Name;
            for (var i = 2; !taken.Add(name); i++) name = $"{column.Column.Name}_{i}";
            columns.Add(SourceStep.Key(column.Column), name);
            items.Add(Convert(Raw.Lower(column.Expression ?? column.Column), column.Type).As(name));
        }

        var step = new SourceStep(source, context.Reserve($"{source.Name}_rows"), columns);
        var comment = $"{source.Name}: its rows, times in UTC{(context.AsOf is null ? "" : ", as known at the run's instant")}";
        context.AddSource(step, new SqlSelect([.. items], Location(source)) { Where = [.. Conditions(context, source, time)] }, comment);
    }

    // Numbers and instants are converted once, here, so that both dialects compute on the same types.
    private static SqlExpression Convert(SqlExpression value, DataType type) => type switch
    {
        DataType.Number => new SqlCast(value, SqlType.Double),
        DataType.Instant => new SqlToUtc(value),
        _ => value,
    };

    private static IEnumerable<SqlExpression> Conditions(ModelContext context, LogicalSource source, SqlToUtc time)
    {
        if (source.Where is not null) yield return Raw.Lower(source.Where);
        yield return time.Operand.IsNotNull();
        if (context.AsOf is { } asOf) yield return time.Is(SqlBinaryOperator.LessOrEqual, new SqlTimestamp(asOf));
    }
}
