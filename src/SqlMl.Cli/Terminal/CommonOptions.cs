using System.CommandLine;

namespace SqlMl.Cli.Terminal;

/// <summary>The options that several commands share, each under one name and meaning.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Write one JSON document to standard output: findings with their places, and the result",
        Recursive = true,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Show neither progress nor warnings",
        Recursive = true,
    };

    public static Argument<string> Project { get; } = new("project")
    {
        Description = "A folder of *.sqlml files with an optional sqlml.yaml, or one such file",
        DefaultValueFactory = _ => ".",
    };

    public static Option<string[]> Source { get; } = new("--source")
    {
        Description = "Read a source from elsewhere; may be repeated",
        HelpName = "NAME=FILE",
    };

    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Set a param of the program; may be repeated",
        HelpName = "NAME=VALUE",
    };

    public static Option<string> AsOf { get; } = new("--as-of")
    {
        Description = "The run's instant, ISO 8601 in UTC [default: the last known instant]",
        HelpName = "INSTANT",
    };

    public static Option<string> Since { get; } = new("--since")
    {
        Description = "Score every cutoff after this instant where cutoffs are events [default: each entity's latest]",
        HelpName = "INSTANT",
    };

    public static Option<string> Target { get; } = new("--target", "-t")
    {
        Description = "Where the SQL runs: duckdb (also: local) or snowflake [default: sqlml.yaml's, else duckdb]",
        HelpName = "TARGET",
    };

    public static Option<string[]> DisablePass { get; } = new("--disable-pass")
    {
        Description = "Leave out an optimizer pass; may be repeated, `all` leaves out every one",
        HelpName = "NAME",
    };

    public static Option<string> Format { get; } = new("--format")
    {
        Description = "How predictions are written to a file: parquet or csv [default: parquet]",
        HelpName = "FORMAT",
    };

    public static Option<int> Threads { get; } = new("--threads")
    {
        Description = "DuckDB's threads; one keeps sums of fractions the same to the last bit",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 1,
    };

    public static Option<string> Memory { get; } = new("--memory")
    {
        Description = "The most memory DuckDB may take, such as 4GB",
        HelpName = "SIZE",
    };

    public static Option<string> Output { get; } = new("--output")
    {
        Description = "The folder of the local database and of all runs [default: sqlml.yaml's, else `runs` in the project]",
        HelpName = "FOLDER",
    };
}
