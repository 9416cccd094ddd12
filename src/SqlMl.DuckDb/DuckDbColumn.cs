namespace SqlMl.DuckDb;

/// <summary>A column of a result.</summary>
/// <param name="Name">The name as DuckDB gives it; two columns may share one.</param>
/// <param name="Type">The type with its parameters.</param>
public sealed record DuckDbColumn(string Name, DuckDbType Type);
