namespace SqlMl.DuckDb;

/// <summary>DuckDB's INTERVAL: three parts that do not convert into each other, since months and days differ in length.</summary>
/// <param name="Months">Whole months, years included.</param>
/// <param name="Days">Whole days, weeks included.</param>
/// <param name="Microseconds">The rest.</param>
public readonly record struct DuckDbInterval(int Months, int Days, long Microseconds);
