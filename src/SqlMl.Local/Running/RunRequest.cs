using System.Collections.Immutable;
using SqlMl.Compiler;

namespace SqlMl.Local.Running;

/// <summary>The file format of predictions and training sets.</summary>
public enum TableFormat
{
    /// <summary>Apache Parquet: types and nulls are kept exactly.</summary>
    Parquet,

    /// <summary>Comma-separated text with a header; instants in ISO 8601, UTC; null is an empty field.</summary>
    Csv,
}

/// <summary>What a local run needs: a program compiled for DuckDB, and where its results go.</summary>
public sealed record RunRequest
{
    /// <summary>The project's name, for the report.</summary>
    public required string Project { get; init; }

    /// <summary>A program compiled without error for `duckdb`, its file paths absolute.</summary>
    public required CompiledProgram Program { get; init; }

    /// <summary>The program's sources with what they read and where they stand, so that a finding about data can point at them.</summary>
    public ImmutableArray<ProgramSource> Sources { get; init; } = [];

    /// <summary>The folder of the local database and of all runs; made when absent.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>How predictions are written beside the database's table.</summary>
    public TableFormat Format { get; init; } = TableFormat.Parquet;

    /// <summary>DuckDB's threads. One keeps sums of fractions the same to the last bit; more are faster.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most memory DuckDB may take, such as `4GB`; null for its own default.</summary>
    public string? MemoryLimit { get; init; }

    /// <summary>Where `scored_at` and the log's times come from; nothing else in a run reads a clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The local database: tables that a program reads by name are looked for here, and predictions are stored here.</summary>
    public string DatabaseFile => Path.Combine(OutputFolder, "sqlml.duckdb");
}

/// <summary>The steps of a run, in their order, and the one of a proof.</summary>
public enum RunPhase
{
    /// <summary>Counting the sources' rows and looking at their ends.</summary>
    Read,

    /// <summary>Building the training set.</summary>
    Build,

    /// <summary>Fitting the model.</summary>
    Train,

    /// <summary>Measuring it on the test part.</summary>
    Evaluate,

    /// <summary>Predicting what is due.</summary>
    Score,

    /// <summary>Writing predictions, report and files.</summary>
    Write,

    /// <summary>Changing data and building tables again, in a proof alone.</summary>
    Prove,
}

/// <summary>Told how a run goes; called from the run's own thread, one call after the other.</summary>
public interface IRunProgress
{
    /// <summary>A phase begins; the model is null for what concerns all of them.</summary>
    void Begin(string? model, RunPhase phase);

    /// <summary>The running phase has done so many of at most so many steps.</summary>
    void Advance(int done, int total);

    /// <summary>The running phase is over; <paramref name="rows"/> is what it yielded, null where it yields no rows.</summary>
    void End(RunPhase phase, long? rows, TimeSpan elapsed);
}
