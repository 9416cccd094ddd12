using System.CommandLine;
using SqlMl.Cli.Terminal;

namespace SqlMl.Cli.Commands;

/// <summary>One verb: its name, what it says about itself, its options and what it does. Listed in <see cref="CommandList"/>.</summary>
internal abstract class CliCommand
{
    public abstract string Name { get; }

    /// <summary>One line for the list of commands, without a full stop.</summary>
    public abstract string Summary { get; }

    /// <summary>A command line that works, shown under the help.</summary>
    public abstract string Example { get; }

    /// <summary>The arguments and options, in the order of the help.</summary>
    protected abstract IEnumerable<Symbol> Symbols { get; }

    /// <summary>The command as the parser knows it.</summary>
    public Command Build(CliHost host)
    {
        var command = new Command(Name, Summary);
        foreach (var symbol in Symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else command.Add((Option)symbol);
        }
        command.SetAction(async (arguments, cancellation) =>
        {
            var invocation = new Invocation(host, Name, arguments, cancellation);
            return invocation.Finish(await RunGuardedAsync(invocation).ConfigureAwait(false));
        });
        return command;
    }

    /// <summary>Does the work and returns the exit code; a <see cref="CliFailure"/> thrown on the way ends it with its findings.</summary>
    protected abstract Task<int> RunAsync(Invocation invocation);

    private async Task<int> RunGuardedAsync(Invocation invocation)
    {
        try
        {
            return await RunAsync(invocation).ConfigureAwait(false);
        }
        catch (CliFailure failure)
        {
            invocation.Report(failure.Diagnostics);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (invocation.Cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            invocation.Report([InternalFailure.Record(failure)]);
            return ExitCode.Environment;
        }
    }
}
