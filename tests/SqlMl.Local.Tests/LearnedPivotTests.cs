using System.Globalization;
using System.Text;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Text;
using SqlMl.Local.Running;

namespace SqlMl.Local.Tests;

/// <summary>Pivots that learn their values (rule 39), from program to prediction and back from the stored model.</summary>
public sealed class LearnedPivotTests
{
    private static readonly string[] Named =
    [
        "orders", "kinds_shoes", "kinds_shoes_2", "kinds_a_b", "kinds_other", "kinds_null",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Columns_are_called_like_the_values_in_lower_case_and_a_clash_is_numbered()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder, "shoes", "Shoes", "A b");
        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        Assert.Equal(RunOutcome.Succeeded, run.Outcome);
        Assert.Equal(Named.Order(StringComparer.Ordinal), run.Models[0].Influences.Select(influence => influence.Feature).Order(StringComparer.Ordinal));
        Assert.Equal(Named, run.Models[0].Model.Features.Select(feature => feature.Name));

        var file = folder.File("training.parquet");
        Assert.Equal(RunOutcome.Succeeded, (await LocalRunner.ExportAsync(request, request.Program.Models[0], file, null, Cancellation)).Outcome);
        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory);
        using var shape = database.Query($"SELECT * FROM '{file}' LIMIT 0");
        Assert.Equal(["customer_id", "cutoff", .. Named, "label", "split"], shape.Columns.Select(column => column.Name));
    }

    [Fact]
    public async Task Scoring_has_the_columns_that_training_learned_whatever_the_rows_are_by_then()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder, "shoes", "Shoes", "A b");
        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        var again = await LocalRunner.ScoreAsync(request, null, Cancellation);
        Assert.Equal(run.Models[0].Predictions.Top.Select(row => row.Score), again.Models[0].Predictions.Top.Select(row => row.Score));

        // From these rows other values would be learned.
        var later = await LocalRunner.ScoreAsync(Request(folder, "hats", "shoes", "gloves"), null, Cancellation);
        Assert.Equal(RunOutcome.Succeeded, later.Outcome);
        Assert.Equal(Named, later.Models[0].Model.Features.Select(feature => feature.Name));
        using var database = DuckDbConnection.Open(request.DatabaseFile);
        Assert.Equal(
            (0, true),
            (database.Scalar<long>("SELECT sum(kinds_a_b) + sum(kinds_shoes_2) FROM buys_scoring"), database.Scalar<long>("SELECT sum(kinds_other) FROM buys_scoring") > 0));
    }

    [Fact]
    public async Task A_model_whose_learned_values_are_lost_is_not_scored()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder, "shoes", "Shoes", "A b");
        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        var file = Path.Combine(run.Folder!, "buys.pivots.json");
        foreach (var spoilt in (string[])["", "{}", "[{}]", """[{ "pivot": "kinds", "ordinal": 1, "value": null, "training_rows": 3 }]"""])
        {
            File.WriteAllText(file, spoilt);
            Expect.Failure(await LocalRunner.ScoreAsync(request, null, Cancellation), RunOutcome.WrongInput, "SML7012");
        }
        File.Delete(file);
        Expect.Failure(await LocalRunner.ScoreAsync(request, null, Cancellation), RunOutcome.WrongInput, "SML7012");
    }

    /// <summary>Customers who buy one kind mostly; only the last third of the rows has what is bought next to never, and some have no kind.</summary>
    private static RunRequest Request(TemporaryFolder folder, params string[] kinds)
    {
        var text = new StringBuilder("customer_id,ordered_at,kind\n");
        for (var day = 0; day < 90; day++)
        {
            for (var customer = 0; customer < 30; customer++)
            {
                if ((day * 7 + customer * 5) % (3 + customer % 11) != 0) continue;
                // The first kind is what most customers buy, the last what fewest do.
                var kind = day > 60 && customer % 2 == 0 ? "new" : day % 13 == 0 ? "" : kinds[customer % 6 < 3 ? 0 : customer % 6 < 5 ? 1 : 2];
                text.Append(CultureInfo.InvariantCulture, $"c{customer},{new DateTime(2024, 1, 1).AddDays(day):yyyy-MM-dd},{kind}\n");
            }
        }
        File.WriteAllText(folder.File("orders.csv"), text.ToString());
        var program = SqlMlCompiler.Compile(
            [new SourceText("pivots.sqlml", $$"""
                source orders { file '{{folder.File("orders.csv")}}'  entity customer by customer_id  time ordered_at }
                entity customer
                var customer.orders = count(orders) over 14 days
                var customer.kinds  = count(orders) by kind top 5 over 28 days
                predict buys for customer {
                  label    exists(orders) in next 5 days
                  observe  every 5 days
                  split    at '2024-03-01'
                  train    xgboost { rounds 20 }
                }
                """)],
            new CompileOptions { Dialect = "duckdb" });
        Assert.True(program.Succeeded);
        return new RunRequest { Project = "pivots", Program = program, OutputFolder = folder.File("runs") };
    }
}
