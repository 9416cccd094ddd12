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

    /// <summary>The verbs that a command line may mean: the one that it begins with, else all. The options of the others would only cost time to build.</summary>
    public static IReadOnlyList<CliCommand> For(string[] arguments) =>
        arguments.Length > 0 && All.FirstOrDefault(command => command.Name == arguments[0]) is { } verb ? [verb] : All;
}
