namespace SqlMl.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("rnu", "there is no command `rnu`", "`run` has a similar name")]
    [InlineData("run --frmat csv", "`sqlml run` has no option `--frmat`", "`--format` has a similar name")]
    [InlineData("run --threads many", "many", "see sqlml run --help")]
    [InlineData("dataset", "--out", "see sqlml dataset --help")]
    [InlineData("simulate websessions", "there is no simulator `websessions`", "`web_sessions`")]
    [InlineData("simulate shop.orders --truth truth.csv", "`--truth` is not there for this simulator", "`web_sessions`")]
    [InlineData("simulate web_sessions --events 0", "`--events` is not a number from 1 up", "SML6001")]
    [InlineData("explain SML705", "there is no diagnostic `SML705`", "a similar code exists")]
    public async Task A_wrong_command_line_is_told_and_ends_with_2(string arguments, string fact, string help)
    {
        using var line = new CommandLine();
        var result = await line.RunAsync(arguments.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
        Assert.Contains(fact, result.Error, StringComparison.Ordinal);
        Assert.Contains(help, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run prospect --as-of 1.5.2025", "SML6009")]
    [InlineData("run prospect --format xml", "SML6001")]
    [InlineData("run prospect --threads 0", "SML6001")]
    [InlineData("run prospect --source events", "SML6001")]
    [InlineData("compile prospect -t redshift", "SML6001")]
    [InlineData("compile prospect --emit tokens", "SML6001")]
    [InlineData("dataset prospect nobody -o t.csv", "SML6010")]
    [InlineData("dataset prospect -o t.txt", "SML6001")]
    public async Task A_wrong_value_is_told_and_ends_with_2(string arguments, string code)
    {
        using var line = new CommandLine();
        line.CopyExample();
        var result = await line.RunAsync(arguments.Split(' '));
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith($"error[{code}]: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_errors_are_json_too()
    {
        using var line = new CommandLine();
        var result = await line.RunAsync("run", "nowhere", "--frmat", "csv", "--json");
        Assert.Equal(ExitCode.Usage, result.Json.GetProperty("exit_code").GetInt32());
        Assert.Equal("SML6001", result.Json.GetProperty("diagnostics")[0].GetProperty("code").GetString());
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Every_code_of_project_and_run_has_a_page_with_its_three_parts()
    {
        using var line = new CommandLine();
        var list = await line.RunAsync("explain");
        var codes = list.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => text[..7]).Where(code => code[3] is '6' or '7' or '9').ToList();
        Assert.True(codes.Count > 30, $"{codes.Count} pages");
        foreach (var code in codes)
        {
            var page = await line.RunAsync("explain", code.ToLowerInvariant());
            Assert.Equal(ExitCode.Fine, page.ExitCode);
            Assert.StartsWith($"# {code}: ", page.Out, StringComparison.Ordinal);
            Assert.Contains("\n## Wrong\n", page.Out, StringComparison.Ordinal);
            Assert.Contains("\n## Right\n", page.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_says_what_runs()
    {
        using var line = new CommandLine();
        Assert.Matches(@"^sqlml \d+\.\d+\.\d+\S* on \.NET \d+", (await line.RunAsync("version")).Out);
    }
}
