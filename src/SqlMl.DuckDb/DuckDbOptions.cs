namespace SqlMl.DuckDb;

/// <summary>How a database is opened; what is left <see langword="null"/> keeps DuckDB's default.</summary>
/// <remarks>Connections of one process to one file share the database, so they must agree on these: DuckDB refuses the second otherwise.</remarks>
public sealed record DuckDbOptions
{
    /// <summary>Worker threads; 1 makes sums of floating-point numbers repeatable to the last bit.</summary>
    public int? Threads { get; init; }

    /// <summary>The most memory DuckDB may take, in its own notation, as in <c>4GB</c>.</summary>
    public string? MemoryLimit { get; init; }

    /// <summary>Where DuckDB spills what does not fit in memory; left out, beside the file, or for a database in memory in a folder of its own under the system's temporary one.</summary>
    public string? TempDirectory { get; init; }

    /// <summary>Refuses every change; the file must exist.</summary>
    public bool ReadOnly { get; init; }
}
