using System.Collections.Immutable;

namespace SqlMl.Sql.Tests;

/// <summary>Short spellings of nodes, and the two dialects.</summary>
internal static class Tree
{
    public static SqlDialect DuckDb { get; } = SqlDialects.Find("duckdb")!;

    public static SqlDialect Snowflake { get; } = SqlDialects.Find("snowflake")!;

    public static SqlColumn Col(string name) => new(null, new SqlName(name));

    public static SqlColumn Col(string table, string name) => new(new SqlName(table), new SqlName(name));

    public static SqlInteger Int(long value) => new(value);

    public static SqlBinary Op(SqlExpression left, SqlBinaryOperator operation, SqlExpression right) => new(left, operation, right);

    public static SqlBinary And(SqlExpression left, SqlExpression right) => Op(left, SqlBinaryOperator.And, right);

    public static SqlBinary Or(SqlExpression left, SqlExpression right) => Op(left, SqlBinaryOperator.Or, right);

    public static SqlBinary Eq(SqlExpression left, SqlExpression right) => Op(left, SqlBinaryOperator.Equal, right);

    public static SqlCall Call(SqlFunction function, params ImmutableArray<SqlExpression> arguments) => new(function, arguments);

    public static SqlNamedTable Table(string name, string? alias = null) =>
        new([new SqlName(name)], alias is null ? null : new SqlName(alias));

    public static SqlSelectItem Item(SqlExpression expression, string? alias = null) =>
        new(expression, alias is null ? null : new SqlName(alias));

    public static SqlSelect Select(SqlTable? from, params ImmutableArray<SqlExpression> items) =>
        new([.. items.Select(item => new SqlSelectItem(item, null))], from);

    public static SqlOrder Asc(string column) => new(Col(column), IsDescending: false, NullsFirst: false);

    public static string Print(this SqlDialect dialect, params ImmutableArray<SqlStatement> statements) =>
        dialect.Print(new SqlScript([], statements));

    public static string Print(this SqlDialect dialect, SqlQuery query) => dialect.Print(new SqlQueryStatement(query));
}
