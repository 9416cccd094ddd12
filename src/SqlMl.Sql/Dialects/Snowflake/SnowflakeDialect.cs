namespace SqlMl.Sql;

/// <summary>Snowflake.</summary>
internal sealed class SnowflakeDialect : SqlDialect
{
    /// <inheritdoc/>
    public override string Name => "snowflake";

    /// <inheritdoc/>
    public override bool ReadsFiles => false;

    /// <inheritdoc/>
    public override bool HasTextModels => true;

    /// <summary>Not measured there.</summary>
    public override bool PacksCounts => false;

    /// <summary>Not confirmed for BOOLEAN and VARIANT.</summary>
    public override bool HasExtremesOfAnyType => false;

    /// <inheritdoc/>
    public override string Print(SqlScript script) => new SnowflakePrinter().Print(script);

    /// <inheritdoc/>
    public override string Print(SqlExpression expression) => new SnowflakePrinter().Print(expression);
}
