using System.Collections.Immutable;

namespace SqlMl.Sql;

/// <summary>A table expression that yields rows.</summary>
public abstract record SqlQuery
{
    internal abstract void Accept(SqlPrinter printer);
}

/// <summary>One column of a select list; the alias is null where the column's own name serves.</summary>
public sealed record SqlSelectItem(SqlExpression Expression, SqlName? Alias)
{
    /// <summary>A comment behind the column, or null.</summary>
    public string? Comment { get; init; }
}

/// <summary>SELECT ... FROM ... WHERE ... GROUP BY ... HAVING ... QUALIFY ... ORDER BY ....</summary>
/// <param name="Items">At least one column.</param>
/// <param name="From">What is read; null selects one row of constants.</param>
public sealed record SqlSelect(ImmutableArray<SqlSelectItem> Items, SqlTable? From) : SqlQuery
{
    /// <summary>True for SELECT DISTINCT.</summary>
    public bool IsDistinct { get; init; }

    /// <summary>Conditions that all hold; printed one a line, joined by AND.</summary>
    public ImmutableArray<SqlExpression> Where { get; init; } = [];

    /// <summary>Grouping expressions; empty means none.</summary>
    public ImmutableArray<SqlExpression> GroupBy { get; init; } = [];

    /// <summary>A condition on window functions, or null.</summary>
    public SqlExpression? Qualify { get; init; }

    /// <summary>The order of the rows; empty means none.</summary>
    public ImmutableArray<SqlOrder> OrderBy { get; init; } = [];

    internal override void Accept(SqlPrinter printer) => printer.Select(this);
}

/// <summary>UNION ALL of at least one query.</summary>
public sealed record SqlUnionAll(ImmutableArray<SqlQuery> Parts) : SqlQuery
{
    internal override void Accept(SqlPrinter printer) => printer.UnionAll(this);
}

/// <summary>A query with named steps before it.</summary>
/// <param name="Steps">At least one, each may read those before it.</param>
/// <param name="Body">The last step, unnamed.</param>
public sealed record SqlWith(ImmutableArray<SqlStep> Steps, SqlQuery Body) : SqlQuery
{
    internal override void Accept(SqlPrinter printer) => printer.With(this);
}

/// <summary>A named step (common table expression) with comment lines above it.</summary>
public sealed record SqlStep(SqlName Name, ImmutableArray<string> Comments, SqlQuery Query);

/// <summary>What a FROM clause reads.</summary>
public abstract record SqlTable
{
    internal abstract void Accept(SqlPrinter printer);
}

/// <summary>A table, view or named step; the path has one part for a step.</summary>
public sealed record SqlNamedTable(ImmutableArray<SqlName> Path, SqlName? Alias) : SqlTable
{
    internal override void Accept(SqlPrinter printer) => printer.NamedTable(this);
}

/// <summary>The kinds of data file.</summary>
public enum SqlFileFormat
{
    /// <summary>Comma-separated text with a header, plain or gzipped.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}

/// <summary>A local file or glob of files; only dialects that can read files have it (<see cref="SqlDialect.ReadsFiles"/>).</summary>
public sealed record SqlFileTable(string Path, SqlFileFormat Format, SqlName? Alias) : SqlTable
{
    internal override void Accept(SqlPrinter printer) => printer.FileTable(this);
}

/// <summary>A query in brackets with an alias.</summary>
public sealed record SqlDerivedTable(SqlQuery Query, SqlName Alias) : SqlTable
{
    internal override void Accept(SqlPrinter printer) => printer.DerivedTable(this);
}

/// <summary>A query that a program gives as text in the dialect's own words, in brackets with an alias.</summary>
public sealed record SqlTextTable(string Text, SqlName Alias) : SqlTable
{
    internal override void Accept(SqlPrinter printer) => printer.TextTable(this);
}

/// <summary>
/// The integers from a low (included) to a high (excluded) bound as rows of one column; none where high is not above low.
/// The bounds may be columns of <see cref="SqlJoin.Left"/> when it stands on the right of a cross join; its column may then stand in the select list alone.
/// </summary>
public sealed record SqlSeries(SqlExpression Low, SqlExpression High, SqlName Alias, SqlName Column) : SqlTable
{
    internal override void Accept(SqlPrinter printer) => printer.Series(this);
}

/// <summary>The kinds of join.</summary>
public enum SqlJoinKind
{
    /// <summary>Rows that match.</summary>
    Inner,

    /// <summary>All left rows, nulls where nothing matches.</summary>
    Left,

    /// <summary>Every pair.</summary>
    Cross,
}

/// <summary>A join; the conditions all hold, printed one a line; none for a cross join.</summary>
public sealed record SqlJoin(SqlTable Left, SqlJoinKind Kind, SqlTable Right, ImmutableArray<SqlExpression> On) : SqlTable
{
    internal override void Accept(SqlPrinter printer) => printer.Join(this);
}

/// <summary>Statements in order, with a comment above the first.</summary>
public sealed record SqlScript(ImmutableArray<string> Comments, ImmutableArray<SqlStatement> Statements);

/// <summary>A statement of a script.</summary>
public abstract record SqlStatement
{
    internal abstract void Accept(SqlPrinter printer);
}

/// <summary>A query as a statement.</summary>
public sealed record SqlQueryStatement(SqlQuery Query) : SqlStatement
{
    internal override void Accept(SqlPrinter printer) => printer.QueryStatement(this);
}

/// <summary>CREATE OR REPLACE TABLE ... AS query.</summary>
public sealed record SqlCreateTableAs(ImmutableArray<SqlName> Path, SqlQuery Query) : SqlStatement
{
    internal override void Accept(SqlPrinter printer) => printer.CreateTableAs(this);
}

/// <summary>Sets the session's clock to UTC, so that a value without an offset means UTC.</summary>
public sealed record SqlSetUtc : SqlStatement
{
    internal override void Accept(SqlPrinter printer) => printer.SetUtc(this);
}
