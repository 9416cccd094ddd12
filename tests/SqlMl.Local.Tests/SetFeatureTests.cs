using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Text;
using SqlMl.Local.Running;

namespace SqlMl.Local.Tests;

/// <summary>A feature that holds several values at once, from program to prediction.</summary>
public sealed class SetFeatureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_set_is_trained_on_reported_and_scored()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder);
        Assert.Equal([FeatureKind.Set, FeatureKind.Set], request.Program.Models[0].Features.Select(feature => feature.Kind));

        var run = await LocalRunner.RunAsync(request, null, Cancellation);
        Assert.Equal(RunOutcome.Succeeded, run.Outcome);
        Assert.Contains(run.Models[0].Influences, influence => influence.Feature == "urls" && influence.Share > 0);

        var score = await LocalRunner.ScoreAsync(request, null, Cancellation);
        Assert.Equal(RunOutcome.Succeeded, score.Outcome);
        Assert.Equal(run.Models[0].Predictions.Top.Select(row => row.Score), score.Models[0].Predictions.Top.Select(row => row.Score));
    }

    [Fact]
    public async Task A_set_is_exported_as_a_list_whatever_its_values_are()
    {
        using var folder = new TemporaryFolder();
        var request = Request(folder);
        var result = await LocalRunner.ExportAsync(request, request.Program.Models[0], folder.File("training.parquet"), null, Cancellation);
        Assert.Equal(RunOutcome.Succeeded, result.Outcome);

        using var database = DuckDbConnection.Open(DuckDbConnection.InMemory);
        using var shape = database.Query($"SELECT urls, lengths FROM '{folder.File("training.parquet")}' LIMIT 0");
        Assert.Equal(["VARCHAR[]", "BIGINT[]"], shape.Columns.Select(column => column.Type.ToString()));
        Assert.Equal(0, database.Scalar<long>($"SELECT count(*) FROM '{folder.File("training.parquet")}' WHERE len(urls) NOT BETWEEN 1 AND 3"));
    }

    private static RunRequest Request(TemporaryFolder folder)
    {
        var program = SqlMlCompiler.Compile(
            [new SourceText("visits.sqlml", $$"""
                source events { file '{{HandWrittenModel.Simulate(folder)}}'  entity visitor by domain_userid  time derived_tstamp }
                entity visitor
                var visitor.urls    = top_values(events.page_url, 3) over 7 days
                var visitor.lengths = top_values(length(events.page_url), 2)
                predict submits for visitor {
                  label    exists(events where event_name = 'submit_form') in next 1 hour
                  observe  before each events
                  train    xgboost { rounds 20 }
                }
                """)],
            new CompileOptions { Dialect = "duckdb" });
        Assert.True(program.Succeeded);
        return new RunRequest { Project = "sets", Program = program, OutputFolder = folder.File("runs") };
    }
}
