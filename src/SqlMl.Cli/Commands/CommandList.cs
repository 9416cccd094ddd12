namespace SqlMl.Cli.Commands;

/// <summary>All verbs, in the order of the help; a new one is one class and one line here.</summary>
internal static class CommandList
{
    public static IReadOnlyList<CliCommand> All { get; } =
    [
        new RunCommand(),
        new CheckCommand(),
        new TestCommand(),
        new CompileCommand(),
        new DatasetCommand(),
        new ScoreCommand(),
        new ExplainCommand(),
        new ExplainTimeCommand(),
        new SimulateCommand(),
        new VersionCommand(),
    ];
}
