using SqlMl.Compiler;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>Training sets that are built incrementally against full builds, on random programs whose rows come, go and change.</summary>
public sealed class RefreshTests(ITestOutputHelper output)
{
    private const int Steps = 5;

    /// <summary>How many programs there are, or as many as the environment variable `SQLML_REFRESH_COUNT` says.</summary>
    private static readonly int Programs = int.TryParse(Environment.GetEnvironmentVariable("SQLML_REFRESH_COUNT"), out var count) ? count : 42;

    [Fact]
    public void A_refreshed_training_set_is_that_of_a_full_build_whatever_came_late_changed_or_went()
    {
        var (steps, kept, failures) = (0, 0, new List<string>());
        var gate = new Lock();
        Parallel.For(0, Programs, seed =>
        {
            var (taken, withKept, failure) = Run(seed, null);
            lock (gate)
            {
                (steps, kept) = (steps + taken, kept + withKept);
                if (failure is not null) failures.Add(failure);
            }
        });
        output.WriteLine($"{Programs} programs, {steps} refreshes, of which {kept} kept rows");
        Assert.True(failures.Count == 0, $"{failures.Count} programs differ\n{string.Join('\n', failures.Take(3))}");
        // A refresh that builds all rows proves nothing.
        Assert.True(kept * 3 >= steps, $"only {kept} of {steps} refreshes kept rows");
    }

    [Theory]
    [InlineData(WatchedKind.Rows)]
    [InlineData(WatchedKind.Existence)]
    [InlineData(WatchedKind.Stops)]
    [InlineData(WatchedKind.FirstRows)]
    public void A_reach_that_is_too_short_is_found_out(WatchedKind kind)
    {
        // What is read of the past or the future, less all but the cutoff's own instant.
        CompiledRefresh Break(CompiledRefresh refresh) => refresh with
        {
            Rows = [.. refresh.Rows.Select(rows => rows.Kind == kind ? rows with { Reaches = kind == WatchedKind.FirstRows ? [] : [RowReach.AtCutoff] } : rows)],
        };
        Assert.Contains(Enumerable.Range(0, 400), seed => Run(seed, Break).Failure is not null);
    }

    [Fact]
    public void A_limit_that_is_not_watched_is_found_out()
    {
        static CompiledRefresh Break(CompiledRefresh refresh) => refresh with { Limits = [.. refresh.Limits.Select(limit => limit with { Reaches = [] })] };
        Assert.Contains(Enumerable.Range(0, 400), seed => Run(seed, Break).Failure is not null);
    }

    /// <summary>How many refreshes there were after the first, how many kept rows, and where one was wrong.</summary>
    private static (int Steps, int Kept, string? Failure) Run(int seed, Func<CompiledRefresh, CompiledRefresh>? breakIt)
    {
        var program = RandomPrograms.Generate(seed).Program;
        var rows = new ChangingRows(program, seed);
        using var refreshed = new RefreshedProgram(program, breakIt);
        var (steps, kept, changes) = (0, 0, new List<string>());
        for (var step = 0; step <= Steps; step++)
        {
            if (step > 0) changes.Add(rows.Change());
            if (refreshed.Step(rows.Tables, rows.AsOf) is not { } outcome) return (0, 0, null);
            if (outcome.Difference is { } difference)
            {
                return (steps, kept, $"seed {seed}, step {step} after {string.Join("; ", changes)}\n{outcome.Summary.Text}\n{difference}{(breakIt is null ? ProgramText.Render(program) : "")}");
            }
            if (step == 0) continue;
            steps++;
            if (outcome.Summary is { IsWhole: false, Kept: > 0 }) kept++;
        }
        return (steps, kept, null);
    }
}
