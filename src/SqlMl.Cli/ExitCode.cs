namespace SqlMl.Cli;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Fine = 0;

    /// <summary>The program or its data are wrong.</summary>
    public const int WrongInput = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The machine is at fault: disk, memory, permissions, a missing library; or SqlMl itself.</summary>
    public const int Environment = 3;

    /// <summary>Interrupted, as shells count SIGINT.</summary>
    public const int Interrupted = 130;
}
