namespace SqlMl.Sql;

/// <summary>DuckDB 1.5.</summary>
internal sealed class DuckDbDialect : SqlDialect
{
    /// <inheritdoc/>
    public override string Name => "duckdb";

    /// <inheritdoc/>
    public override bool ReadsFiles => true;

    /// <inheritdoc/>
    public override bool HasTextModels => false;

    /// <inheritdoc/>
    public override string Print(SqlScript script) => new DuckDbPrinter().Print(script);

    /// <inheritdoc/>
    public override string Print(SqlExpression expression) => new DuckDbPrinter().Print(expression);
}
