namespace SqlMl.Cli.Tests;

/// <summary>`sqlml test`: what passes, what fails and why, and that nothing but the program is read.</summary>
public sealed class TestCommandTests
{
    private const string Program = """
        source events { file 'absent.csv'  entity visitor by id  time at  where kind is null }
        entity visitor
        var visitor.seen = count(events) over 7 days
        var visitor.wide = seen * 9223372036854775807
        predict p for visitor { label exists(events) in next 1 day  when seen > 0  until first(events where channel = 'shop')  observe every 1 day  train logistic }

        """;

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "golden", "language", "tests")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_tests_of_the_golden_programs_pass(string name)
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "golden", "language", "tests", name, "input.sqlml"), TestContext.Current.CancellationToken));

        var result = await line.RunAsync("test", "p.sqlml");

        Assert.True(result.ExitCode == ExitCode.Fine, result.Error);
        Assert.Contains("passed  ", result.Out, StringComparison.Ordinal);
        Assert.Contains(", 0 failed of ", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows events (id, at) ('a', '2024-01-02')  at '2024-01-03'  expect seen = 2", "SML7030", "`seen` is 1, not 2")]
    [InlineData("rows events (id, at) ('a', '2024-01-02'), ('a', '2024-01-04')  at '2024-01-03'  expect label = null", "SML7030", "`label` is true, not null")]
    [InlineData("rows events (id, at) ('a', '2024-01-02')  at '2024-01-01'  entity 'a'  expect seen = 0", "SML7031", "visitor 'a' at 2024-01-01")]
    [InlineData("rows events (id, at, channel) ('a', '2024-01-02', 'shop')  at '2024-01-03'  expect seen = 1", "SML7031", "no prediction")]
    [InlineData("rows events (id, at) ('a', '2024-01-02'), ('b', '2024-01-02')  at '2024-01-03'  expect seen = 1", "SML7032", "2 predictions")]
    [InlineData("rows events (id, at) ('a', '2024-01-02')  at '2024-01-20'  expect seen = 0", "SML7033", "`when` leaves visitor at 2024-01-20 out")]
    [InlineData("rows events (id, at) ('a', '2024-01-02'), ('a', '2024-01-03')  at '2024-01-03'  expect wide = 1", "SML7034", "DuckDB says")]
    public async Task What_is_not_as_expected_is_told_with_its_place(string body, string code, string fact)
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program + $"test 'wrong' for p {{ {body} }}\ntest 'right' for p {{ rows events (id, at) ('a', '2024-01-02')  at '2024-01-02'  expect seen = 1, label = false }}\n");

        var result = await line.RunAsync("test", "p.sqlml");

        Assert.Equal(ExitCode.WrongInput, result.ExitCode);
        Assert.StartsWith($"error[{code}]: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(fact, result.Error, StringComparison.Ordinal);
        Assert.Contains("p.sqlml:6:", result.Error, StringComparison.Ordinal);
        Assert.Equal("FAILED  wrong\npassed  right\np: 1 passed, 1 failed of 2 tests\n", result.Out);
    }

    [Fact]
    public async Task A_program_without_tests_says_how_to_write_one()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program);
        var result = await line.RunAsync("test", "p.sqlml");
        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.StartsWith("p: no tests; a test is written: test 'name'", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_document_has_every_test()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program + "test 'one' for p { rows events (id, at) ('a', '2024-01-02')  at '2024-01-02'  expect seen = 1 }\n");
        var result = await line.RunAsync("test", "p.sqlml", "--json");
        var test = Assert.Single(result.Json.GetProperty("result").GetProperty("tests").EnumerateArray().ToList());
        Assert.Equal("one", test.GetProperty("name").GetString());
        Assert.True(test.GetProperty("passed").GetBoolean());
    }
}
