using System.Globalization;
using System.Text;

namespace SqlMl.Cli.Tests;

/// <summary>What a training set as a file says of what is not in it.</summary>
public sealed class DatasetTests
{
    private const string Program = """
        source events { file 'events.csv'  entity visitor by id  time at  complete until as_of }
        entity visitor
        var visitor.seen = count(events) over 7 days
        predict p for visitor { label exists(events) in next 1 day  observe every 1 day  train logistic }

        """;

    [Fact]
    public async Task A_data_set_without_rows_is_an_error_that_says_after_which_step_none_was_left()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program);
        line.Write("events.csv", "id,at,note\na,2024-01-01,x\nb,2024-01-03,y\n");

        var result = await line.RunAsync("dataset", "p.sqlml", "-o", "training.csv");

        Assert.Equal(ExitCode.WrongInput, result.ExitCode);
        Assert.Contains("error[SML7010]: the training set of model `p` is empty", result.Error, StringComparison.Ordinal);
        Assert.Contains("rows left after each step: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("training.csv", line.Files());
    }

    [Fact]
    public async Task A_feature_that_asks_a_model_of_language_is_left_out_and_said_to_be_even_where_the_list_names_it()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program.Replace("train", "using seen, mood  train", StringComparison.Ordinal) + "var visitor.mood = avg(cortex.sentiment(events.note))\n");
        line.Write("events.csv", Events());

        var result = await line.RunAsync("dataset", "p.sqlml", "-o", "training.csv");

        Assert.True(result.ExitCode == ExitCode.Fine, result.Error);
        Assert.Contains("warning[SML5006]: var `mood` is left out: duckdb has no `cortex.sentiment`", result.Error, StringComparison.Ordinal);
        Assert.Equal("id,cutoff,seen,label,split", File.ReadLines(Path.Combine(line.Folder, "training.csv")).First().Replace("\"", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_report_of_a_run_names_what_was_left_out()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program + "var visitor.mood = avg(cortex.sentiment(events.note))\n");
        line.Write("events.csv", Events());

        var result = await line.RunAsync("run", "p.sqlml", "--json");

        Assert.True(result.ExitCode == ExitCode.Fine, result.Error + result.Out);
        Assert.Contains("SML5006", result.Out, StringComparison.Ordinal);
        var report = Assert.Single(line.Files(), file => file.EndsWith("report.html", StringComparison.Ordinal));
        Assert.Contains("only the warehouse can compute it: mood", await File.ReadAllTextAsync(Path.Combine(line.Folder, report), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incremental_data_set_says_what_was_kept_and_built_and_is_the_file_that_a_full_build_writes()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program);
        line.Write("events.csv", Events());
        Task<CommandResult> Run(params string[] options) => line.RunAsync(["dataset", "p.sqlml", "-o", "training.csv", "--incremental", .. options]);
        async Task SameAsFull()
        {
            Assert.Equal(ExitCode.Fine, (await line.RunAsync("dataset", "p.sqlml", "-o", "full.csv")).ExitCode);
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(line.Folder, "full.csv"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(Path.Combine(line.Folder, "training.csv"), TestContext.Current.CancellationToken));
        }

        var first = await Run();
        Assert.True(first.ExitCode == ExitCode.Fine, first.Error);
        Assert.Equal("training set: all 623 rows built, because nothing was kept before\ntraining.csv\n", first.Out);

        Assert.Equal("training set: 623 rows kept, none built: nothing that they read has changed\ntraining.csv\n", (await Run()).Out);
        await SameAsFull();

        // A late row of somebody known, which cutoffs see for a week, and whose label the day before may be.
        await File.AppendAllTextAsync(Path.Combine(line.Folder, "events.csv"), "v3,2024-02-10T12:00:00Z,late\n", TestContext.Current.CancellationToken);
        Assert.Equal("training set: 560 rows kept, 63 built (cutoffs 2024-02-09 to 2024-02-17), because events changed on 1 day\ntraining.csv\n", (await Run()).Out);
        await SameAsFull();

        var json = (await Run("--full", "--json")).Json.GetProperty("result");
        Assert.Equal((0, 623, "it was asked for"), (json.GetProperty("rows_kept").GetInt32(), json.GetProperty("rows_built").GetInt32(), json.GetProperty("because")[0].GetString()));
    }

    [Fact]
    public async Task A_refresh_that_fails_leaves_file_and_kept_rows_as_they_were()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program);
        line.Write("events.csv", Events());
        await line.RunAsync("dataset", "p.sqlml", "-o", "training.csv", "--incremental");
        var before = await File.ReadAllTextAsync(Path.Combine(line.Folder, "training.csv"), TestContext.Current.CancellationToken);

        line.Write("events.csv", "id,at,note\na,2024-01-01,x\nb,2024-01-03,y\n");
        Assert.Equal(ExitCode.WrongInput, (await line.RunAsync("dataset", "p.sqlml", "-o", "training.csv", "--incremental")).ExitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(line.Folder, "training.csv"), TestContext.Current.CancellationToken));

        line.Write("events.csv", Events());
        Assert.StartsWith("training set: 623 rows kept, none built", (await line.RunAsync("dataset", "p.sqlml", "-o", "training.csv", "--incremental")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_for_all_rows_where_none_are_kept_is_a_mistake()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program);
        Assert.Equal(ExitCode.Usage, (await line.RunAsync("dataset", "p.sqlml", "-o", "training.csv", "--full")).ExitCode);
    }

    /// <summary>Seven visitors, who come on days that only their number and the date decide.</summary>
    private static string Events()
    {
        var text = new StringBuilder("id,at,note\n");
        for (var day = 0; day < 90; day++)
        {
            for (var visitor = 0; visitor < 7; visitor++)
            {
                if ((day * (visitor + 3) + (day / 5)) % 4 == 0) text.Append(CultureInfo.InvariantCulture, $"v{visitor},{new DateTime(2024, 1, 1).AddDays(day):yyyy-MM-dd},fine\n");
            }
        }
        return text.ToString();
    }
}
