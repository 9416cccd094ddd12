using System.Text.Json;

namespace SqlMl.Cli.Tests;

/// <summary>`sqlml prove` as a user meets it.</summary>
public sealed class ProveTests
{
    private const string Program =
        """
        source orders { file 'orders.csv'  entity customer by customer  time at }
        source daily = group orders by customer { total = sum(amount) }
        entity customer
        var customer.orders = count(orders) over 3 days
        predict buys for customer {
          label exists(orders) in next 1 day
          observe every 1 day
          using orders
          train logistic
          split by time 60 / 40
        }
        """;

    [Theory]
    [MemberData(nameof(ExampleTests.Examples), MemberType = typeof(ExampleTests))]
    public async Task Every_example_is_proved(string example)
    {
        using var line = new CommandLine();
        var result = await line.RunAsync("prove", Path.Combine(Repository.Root, "examples", example), "--output", "runs", "--cutoffs", "1", "--json", "-q");
        Assert.Equal((ExitCode.Fine, ""), (result.ExitCode, result.Error));
        Assert.True(result.Json.GetProperty("result").GetProperty("proved").GetBoolean());
        foreach (var model in result.Json.GetProperty("result").GetProperty("models").EnumerateArray())
        {
            var checks = model.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("check").GetString()!);
            Assert.All((string[])["future", "label", "replay"], name => Assert.True(checks[name].GetProperty("rows_compared").GetInt64() > 0, name));
            Assert.True(checks["future"].GetProperty("rows_changed").GetInt64() > 0);
        }
    }

    [Fact]
    public async Task The_same_seed_proves_the_same_and_touches_no_file()
    {
        using var line = new CommandLine();
        Write(line, Program.Replace(Program.Split('\n')[1] + "\n", "", StringComparison.Ordinal));
        var files = Directory.GetFiles(line.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var first = await line.RunAsync("prove", "shop", "--seed", "7");
        var second = await line.RunAsync("prove", "shop", "--seed", "7");
        Assert.Equal(ExitCode.Fine, first.ExitCode);
        Assert.Equal(first.Out, second.Out);
        Assert.Contains("rebuild", first.Out, StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles(line.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_group_that_is_open_at_a_cutoff_is_found_and_its_var_named()
    {
        using var line = new CommandLine();
        Write(line, Program.Replace("count(orders) over 3 days", "sum(daily.total)", StringComparison.Ordinal));
        var result = await line.RunAsync("prove", "shop", "--json", "-q");
        Assert.Equal(ExitCode.WrongInput, result.ExitCode);
        var finding = result.Json.GetProperty("diagnostics").EnumerateArray().First();
        Assert.Equal("SML7040", finding.GetProperty("code").GetString());
        Assert.Contains("`orders`", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(result.Json.GetProperty("result").GetProperty("proved").GetBoolean());
        var leak = result.Json.GetProperty("result").GetProperty("models")[0].GetProperty("checks")[0].GetProperty("leak");
        Assert.Equal(JsonValueKind.Object, leak.ValueKind);
        Assert.Equal("orders", leak.GetProperty("column").GetString());
    }

    [Fact]
    public async Task What_pivots_learn_is_learned_again_and_counted()
    {
        using var line = new CommandLine();
        Write(line, Program.Replace(Program.Split('\n')[1] + "\n", "", StringComparison.Ordinal).Replace("count(orders) over", "count(orders) by amount top 2 over", StringComparison.Ordinal));
        var result = await line.RunAsync("prove", "shop", "--json", "-q");
        Assert.Equal((ExitCode.Fine, ""), (result.ExitCode, result.Error));
        var check = result.Json.GetProperty("result").GetProperty("models")[0].GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("check").GetString() == "learned");
        Assert.True(check.GetProperty("lists_compared").GetInt64() > 0);
        Assert.True(check.GetProperty("rows_compared").GetInt64() > 0 && check.GetProperty("rows_deleted").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, check.GetProperty("leak").ValueKind);
        Assert.Contains("lists learned again: ", (await line.RunAsync("prove", "shop")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_learned_from_what_comes_later_is_found_and_its_pivot_named()
    {
        using var line = new CommandLine();
        Write(line, Program.Replace("total = sum(amount)", "most = max(amount)", StringComparison.Ordinal).Replace("count(orders) over 3 days", "count(daily) by most top 2", StringComparison.Ordinal));
        var result = await line.RunAsync("prove", "shop", "--json", "-q");
        Assert.Equal(ExitCode.WrongInput, result.ExitCode);
        var finding = result.Json.GetProperty("diagnostics").EnumerateArray().Single(finding => finding.GetProperty("code").GetString() == "SML7047");
        Assert.Contains("pivot `orders`", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_of_no_row_fails()
    {
        using var line = new CommandLine();
        Write(line, Program.Replace("observe every 1 day", "observe at '2031-01-01'", StringComparison.Ordinal).Replace(Program.Split('\n')[1] + "\n", "", StringComparison.Ordinal));
        var result = await line.RunAsync("prove", "shop", "-q");
        Assert.Equal(ExitCode.WrongInput, result.ExitCode);
        Assert.Contains("SML7045", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_proof_ends_with_130()
    {
        using var line = new CommandLine();
        Write(line, Program);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var result = await line.RunAsync(["prove", "shop"], source.Token);
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
    }

    private static void Write(CommandLine line, string program)
    {
        line.Write("shop/shop.sqlml", program);
        var rows = Enumerable.Range(0, 120).Select(i => $"c{i % 4},{new DateTime(2024, 1, 1).AddHours(6 * (i / 2)):yyyy-MM-dd HH:mm:ss},{(i * 7 % 5) + 1}");
        line.Write("shop/orders.csv", $"customer,at,amount\n{string.Join('\n', rows)}\n");
    }
}
