using SqlMl.Local.Running;

namespace SqlMl.Local.Tests;

public sealed class InterruptionTests
{
    public static TheoryData<RunPhase> Phases => [.. Enum.GetValues<RunPhase>().Except([RunPhase.Prove])];

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_run_cancelled_in_any_phase_leaves_nothing(RunPhase phase)
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var request = HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder));
        var result = await LocalRunner.RunAsync(request, new CancelAt(phase, source), source.Token);

        Expect.Failure(result, RunOutcome.Interrupted, "SML7020");
        Assert.Equal(["events.csv"], folder.Files());
        Assert.False(Directory.Exists(request.OutputFolder));
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_run_cancelled_in_any_phase_leaves_an_earlier_run_as_it_was(RunPhase phase)
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var request = HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder));
        await LocalRunner.RunAsync(request, null, TestContext.Current.CancellationToken);
        var before = folder.Files();
        await LocalRunner.RunAsync(request, new CancelAt(phase, source), source.Token);

        Assert.Equal(before, folder.Files());
        using var database = DuckDb.DuckDbConnection.Open(request.DatabaseFile);
        Assert.True(database.Scalar<long>("SELECT count(*) FROM prospect") > 0);
    }

    [Fact]
    public async Task A_long_statement_is_interrupted_while_it_runs()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        const string Endless = "CREATE OR REPLACE TABLE prospect_training AS SELECT sum(a.range + b.range + c.range) FROM range(1000000) a, range(1000000) b, range(1000) c;";
        var request = HandWrittenModel.Request(
            folder, HandWrittenModel.Simulate(folder), model => model with { Training = model.Training with { Sql = Endless } });
        var result = await LocalRunner.RunAsync(request, new CancelLater(source), source.Token);

        Expect.Failure(result, RunOutcome.Interrupted, "SML7020");
    }

    private sealed class CancelAt(RunPhase phase, CancellationTokenSource source) : IRunProgress
    {
        public void Begin(string? model, RunPhase begun)
        {
            if (begun == phase) source.Cancel();
        }

        public void Advance(int done, int total)
        {
        }

        public void End(RunPhase ended, long? rows, TimeSpan elapsed)
        {
        }
    }

    /// <summary>Cancels from another thread while the statement of the second phase runs.</summary>
    private sealed class CancelLater(CancellationTokenSource source) : IRunProgress
    {
        public void Begin(string? model, RunPhase begun)
        {
            if (begun == RunPhase.Build) source.CancelAfter(TimeSpan.FromMilliseconds(200));
        }

        public void Advance(int done, int total)
        {
        }

        public void End(RunPhase ended, long? rows, TimeSpan elapsed)
        {
        }
    }
}
