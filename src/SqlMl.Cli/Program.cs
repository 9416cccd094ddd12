using SqlMl.Cli;
using SqlMl.Cli.Terminal;

using var interruption = new Interruption();
return await SqlMlApp.RunAsync(args, CliHost.FromProcess(), interruption.Token).ConfigureAwait(false);
