using System.CommandLine;
using SqlMl.Cli.Terminal;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml explain`: the page of a diagnostic, built into the program.</summary>
internal sealed class ExplainCommand : CliCommand
{
    private static readonly Argument<string> Code = new("code")
    {
        Description = "A diagnostic's code, such as SML4001; without one all are listed",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public override string Name => "explain";

    public override string Summary => "Explain a diagnostic: why it is one, a wrong and a right example";

    public override string Example => "sqlml explain SML4001";

    protected override IEnumerable<Symbol> Symbols => [Code];

    protected override Task<int> RunAsync(Invocation invocation)
    {
        if (invocation.Get(Code) is not { } code)
        {
            var titles = ErrorPages.Codes.Select(known => (Code: known, Title: ErrorPages.TitleOf(known))).ToList();
            foreach (var (known, title) in titles) invocation.Out.Write($"{known}  {title}\n");
            invocation.Result = json =>
            {
                json.WriteStartObject();
                foreach (var (known, title) in titles) json.WriteString(known, title);
                json.WriteEndObject();
            };
            return Task.FromResult(ExitCode.Fine);
        }
        var page = ErrorPages.Find(code) ?? throw new CliFailure(ExitCode.Usage, ProjectErrors.UnknownCode(code, ErrorPages.Codes));
        invocation.Out.Write(page);
        invocation.Result = json =>
        {
            json.WriteStartObject();
            json.WriteString("code", code.ToUpperInvariant());
            json.WriteString("page", page);
            json.WriteEndObject();
        };
        return Task.FromResult(ExitCode.Fine);
    }
}
