using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Sql;

namespace SqlMl.Compiler.Lowering;

/// <summary>Rows that a test states, as a table of the query itself.</summary>
internal static class StatedRows
{
    /// <summary>One row after the other; every value has its column's type, so that a column of nulls has one, too.</summary>
    internal static SqlDerivedTable Table(LogicalStatedRows stated, SqlName alias)
    {
        var rows = stated.Rows.Select(row => (SqlQuery)new SqlSelect([.. stated.Columns.Select((column, i) => Item(column, row[i]))], null)).ToList();
        // A table without columns is none: one that nothing reads still has rows to count.
        if (stated.Columns.IsEmpty) rows = [new SqlSelect([new SqlNull().As("is_row")], null) { Where = [new SqlBoolean(false)] }];
        else if (rows.Count == 0) rows = [new SqlSelect([.. stated.Columns.Select(column => Item(column, null))], null) { Where = [new SqlBoolean(false)] }];
        return new SqlDerivedTable(rows.Count == 1 ? rows[0] : new SqlUnionAll([.. rows]), alias);
    }

    private static SqlSelectItem Item(LogicalStatedColumn column, object? value) =>
        new(new SqlCast(ExpressionLowering.Constant(value), TypeOf(column.Type)), new SqlName(column.Name, column.IsExact));

    private static SqlType TypeOf(DataType type) => type switch
    {
        DataType.Boolean => SqlType.Boolean,
        DataType.Integer => SqlType.BigInt,
        DataType.Number => SqlType.Double,
        DataType.Instant => SqlType.Timestamp,
        _ => SqlType.Text,
    };
}
