using SqlMl.Language.Diagnostics;
using SqlMl.Local.Running;

namespace SqlMl.ProofTests;

/// <summary>Compilers that are broken on purpose, each in one place: the proof fails, and names the var that leaks.</summary>
public sealed class BrokenLoweringTests
{
    [Theory]
    [InlineData("grid", "orders_3d", "e.happened_at <= s.cutoff", true, "recent")]
    [InlineData("grid", "orders_3d", "e.happened_at > s.cutoff", true, "recent")]
    [InlineData("grid", "orders_2d_until_1d_ago", "e.happened_at <= s.cutoff", true, "before")]
    [InlineData("grid", "last_channel_row", "e.happened_at <= s.cutoff", true, "last_channel")]
    [InlineData("frames", "orders_history", "end of the frame from SqlOffset { Distance = -259200000000 }", true, "recent")]
    [InlineData("frames", "orders_history", "end of the frame from SqlOffset { Distance = -259200000000 }", false, "recent")]
    [InlineData("frames", "orders_history", "start of the frame from SqlOffset { Distance = -259200000000 }", true, "recent")]
    [InlineData("known later", "visits_2d", "e.known_at <= s.cutoff", true, "visits")]
    [InlineData("known later", "visits_4d", "paid_known_at", true, "paid")]
    [InlineData("known later", "orders_2d", "e.known_at <= s.cutoff", true, "orders")]
    [InlineData("states before", "plan_row", "e.happened_at < s.cutoff", true, "plan")]
    [InlineData("states before", "plan_row", "e.held_until", true, "plan")]
    [InlineData("learned pivot", "channels_seen", "e.happened_at <= s.cutoff", true, "channels")]
    [InlineData("learned pivot", "channels_seen", "e.happened_at > s.cutoff", true, "channels")]
    [InlineData("learned pivot", "scores_seen", "e.known_at <= s.cutoff", true, "scores")]
    [InlineData("planned", "bookings_next_2d", "e.known_at <= s.cutoff", true, "ahead")]
    public void The_proof_fails_and_names_the_var(string name, string step, string fragment, bool drop, string leaking)
    {
        var (_, text, tables) = MutationPrograms.All.Single(program => program.Name == name);
        using var program = ProofProgram.Of(text, tables);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var broken = 0;
        var result = program.Prove(request => request with
        {
            Cutoffs = 4,
            StopsAtFirst = true,
            // It is the joins that are broken here, on grids too.
            Options = request.Options with { Rewrite = Break, DisabledPasses = ["carry-grids", "sweep-grids", "explode-grids"] },
        });
        Assert.True(broken > 0, $"no such bound; there are\n{string.Join('\n', seen)}");
        Assert.True(result.Outcome == RunOutcome.WrongInput, "the proof holds");
        var finding = result.Diagnostics[0];
        Assert.True(finding.Message.Contains($"`{leaking}`", StringComparison.Ordinal), DiagnosticText.Render(result.Diagnostics));
        Assert.StartsWith("of ", finding.Notes[0], StringComparison.Ordinal);

        Sql.SqlWith Break(string script, Sql.SqlWith query)
        {
            foreach (var bound in TimeBound.Find(query))
            {
                seen.Add($"{bound.Step}: {bound.Text}");
                if (!bound.Step.StartsWith(step, StringComparison.Ordinal) || !bound.Text.Contains(fragment, StringComparison.Ordinal)) continue;
                broken++;
                return bound.Weaken(query, drop);
            }
            return query;
        }
    }

    [Fact]
    public void A_list_that_is_learned_from_all_parts_is_found_and_its_pivot_named()
    {
        var (_, text, tables) = MutationPrograms.All.Single(program => program.Name == "learned pivot");
        using var program = ProofProgram.Of(text, tables);
        var result = program.Prove(request => request with { Cutoffs = 4, Options = request.Options with { Rewrite = (_, query) => query with { Steps = [.. query.Steps.Select(LearnFromAll)] } } });
        var finding = result.Diagnostics.First(finding => finding.Code == "SML7047");
        Assert.Matches("pivot `(channels|scores)`", finding.Message);
        var check = result.Models[0].Checks.Single(check => check.Name == "learned");
        Assert.Equal(("", true), (check.Leak!.Key, check.Leak.Before != check.Leak.After));

        static Sql.SqlStep LearnFromAll(Sql.SqlStep step) => step is { Name.Name: "train_rows", Query: Sql.SqlSelect rows } ? step with { Query = rows with { Where = [] } } : step;
    }
}
