using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// `first` and `last` of a column over frames, for cutoffs that are rows of the same source. Rows of one instant are ordered by the declared order and the value (rule 34): they are
/// first made to agree in the value that counts, so that any of them may be the frame's first or last.
/// </summary>
/// <param name="context">The query.</param>
/// <param name="source">Whose rows.</param>
/// <param name="instant">The column of a row's instant in microseconds.</param>
/// <param name="alias">What the step that holds what rows agree in is called where the frames are taken.</param>
internal sealed class PickedFrames(ModelContext context, SourceStep source, string instant, string alias)
{
    /// <summary>The values, and what orders them: items over the source's rows, under the alias `e`.</summary>
    internal List<SqlSelectItem> Marks { get; } = [];

    /// <summary>What all rows of an instant agree in: items over the marks, under the alias `m`.</summary>
    internal List<SqlSelectItem> Agreed { get; } = [];

    /// <summary>The columns of the marks that frames read beside what rows agree in.</summary>
    internal List<string> Carried { get; } = [];

    /// <summary>The aggregate's value over a frame, over the step that holds what rows agree in.</summary>
    internal SqlExpression Value(LogicalAggregate aggregate, SqlFrame frame)
    {
        var isLast = aggregate.Definition.Name == Aggregates.Last.Name;
        var rows = source.Rows("e");
        var filter = aggregate.Filter is null ? null : rows.Lower(aggregate.Filter);
        var value = rows.Lower(aggregate.Arguments[0]);
        var mark = Mark(filter is null ? value : When(filter, value), $"{aggregate.Name}_value");
        if (filter is null) return At(Agree(aggregate, mark, null), ignoresNulls: false);
        // Where rows that pass have a value, null says that a row does not pass.
        if (IsImplied(aggregate.Filter!, aggregate.Arguments[0])) return At(Agree(aggregate, mark, null), ignoresNulls: true);

        // The row that counts may have no value: then no instant with a value is the first or last of those that pass.
        var passed = Mark(When(filter, Column("e", ModelContext.Instant)), $"{aggregate.Name}_passed");
        Carried.Add(passed);
        var agreed = Agree(aggregate, mark, Column("m", passed));
        var filled = When(agreed.IsNotNull(), Column(alias, instant));
        return When(End(Column(alias, passed)).EqualTo(End(filled)), At(agreed, ignoresNulls: true));

        SqlValueAt At(SqlColumn agreed, bool ignoresNulls) => new(isLast, agreed, context.Keys(alias), [Here(alias)], frame) { IgnoresNulls = ignoresNulls };

        SqlWindowAggregate End(SqlExpression instants) =>
            new(Aggregate(isLast ? SqlAggregateFunction.Max : SqlAggregateFunction.Min, instants), context.Keys(alias), [Here(alias)], frame);
    }

    private SqlOrder Here(string table) => Ascending(Column(table, instant));

    /// <summary>The value of the row that counts among those of one instant: the smallest or largest, or, where an order is declared, that of its first or last row that passes.</summary>
    private SqlColumn Agree(LogicalAggregate aggregate, string mark, SqlColumn? passed)
    {
        var isLast = aggregate.Definition.Name == Aggregates.Last.Name;
        var (value, name) = (Column("m", mark), context.ReserveOwn($"{aggregate.Name}_at_instant"));
        if (source.Source.OrderBy is null && context.Dialect.HasExtremesOfAnyType)
        {
            // In the order that the frames need anyway: another partition would be another sort.
            var peers = new SqlFrame(false, new SqlCurrentRow(), new SqlCurrentRow());
            Agreed.Add(new SqlWindowAggregate(Aggregate(isLast ? SqlAggregateFunction.Max : SqlAggregateFunction.Min, value), context.Keys("m"), [Here("m")], peers).As(name));
            return Column(alias, name);
        }
        var order = new List<SqlColumn>();
        if (source.Source.OrderBy is { } declared) order.Add(Column("m", Mark(Column("e", source.Place(declared.Path, declared.IsExact).Name), $"{aggregate.Name}_order")));
        order.Add(value);
        ImmutableArray<SqlOrder> first =
        [
            // Rows that do not pass come last.
            .. aggregate.Filter is null ? [] : new[] { Ascending(When((passed ?? value).IsNotNull(), Integer(1))) },
            .. order.Select(column => isLast ? Descending(column) : Ascending(column)),
        ];
        Agreed.Add(new SqlValueAt(false, value, [.. context.Keys("m"), Column("m", instant)], first, new SqlFrame(true, new SqlUnbounded(), new SqlUnbounded())).As(name));
        return Column(alias, name);
    }

    /// <summary>True for a filter that passes only rows in which the value is not null.</summary>
    private static bool IsImplied(LogicalExpression filter, LogicalExpression value) => filter switch
    {
        LogicalOperation { Operator: LogicalOperator.And } both => both.Operands.Any(part => IsImplied(part, value)),
        LogicalOperation { Operator: LogicalOperator.Not, Operands: [LogicalOperation { Operator: LogicalOperator.IsNull, Operands: [var tested] }] } => PlanText.Print(tested) == PlanText.Print(value),
        _ => false,
    };

    private string Mark(SqlExpression expression, string wanted)
    {
        var mark = context.ReserveOwn(wanted);
        Marks.Add(expression.As(mark));
        return mark;
    }
}
