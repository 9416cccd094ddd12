using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SqlMl.Cli.Project;
using SqlMl.Cli.Terminal;
using SqlMl.Local.Proving;
using SqlMl.Local.Reports;
using SqlMl.Local.Running;

namespace SqlMl.Cli.Commands;

/// <summary>`sqlml prove`: that no feature knows the future, shown on the project's own data.</summary>
internal sealed class ProveCommand : CliCommand
{
    private static readonly Option<int> Cutoffs = new("--cutoffs")
    {
        Description = "At how many cutoffs of a model the data are changed; the rows of all cutoffs before are compared",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Chooses which rows change and how; the same seed proves the same",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 0,
    };

    public override string Name => "prove";

    public override string Summary => "Prove that nothing leaks from the future: change what lies ahead, rebuild, compare";

    public override string Example => "sqlml prove examples/prospect";

    protected override IEnumerable<Symbol> Symbols =>
    [
        CommonOptions.Project, Cutoffs, Seed, CommonOptions.Source, CommonOptions.Set, CommonOptions.AsOf, CommonOptions.Output, CommonOptions.Threads,
        CommonOptions.Memory, CommonOptions.DisablePass,
    ];

    protected override async Task<int> RunAsync(Invocation invocation)
    {
        if (invocation.Get(Cutoffs) < 1) throw new CliFailure(ExitCode.Usage, ProjectErrors.Usage("`--cutoffs` is not a number from 1 up", null));
        var project = Compilation.Load(invocation);
        var (program, options, sources) = Compilation.WithOptions(invocation, project);
        if (program.Models.IsEmpty) throw new CliFailure(ExitCode.WrongInput, ProjectErrors.NoModel());
        var run = Compilation.Request(invocation, project, program, sources);
        var request = new ProofRequest
        {
            Files = project.Files,
            Options = options,
            DatabaseFile = run.DatabaseFile,
            Sources = sources,
            Cutoffs = invocation.Get(Cutoffs),
            Seed = invocation.Get(Seed),
            Threads = run.Threads,
            MemoryLimit = run.MemoryLimit,
            Clock = run.Clock,
        };
        ProofResult result;
        using (var progress = ProgressLine.For(invocation))
            result = await Prover.ProveAsync(request, progress, invocation.Cancellation).ConfigureAwait(false);
        invocation.Report(result.Diagnostics);
        foreach (var model in result.Models) Print(invocation, model);
        if (result.Outcome is RunOutcome.Succeeded or RunOutcome.WrongInput) invocation.Result = json => Write(json, result);
        return Compilation.ExitCodeOf(result.Outcome);
    }

    private static void Print(Invocation invocation, ModelProof proof)
    {
        var writer = invocation.Out;
        var asOf = proof.AsOf is null ? "" : $", as of {Words.Instant(proof.AsOf)} UTC";
        writer.Write($"{proof.Model}: data changed at {Words.Count(proof.Cutoffs.Length, "cutoff")}{asOf}\n");
        foreach (var check in proof.Checks)
        {
            var verdict = check.Leak is not null ? "FAILED" : check.RowsCompared == 0 ? "none" : "holds";
            writer.Write($"  {check.Name,-9} {verdict,-7} {check.Claim}\n");
            writer.Write($"            {Words.Count(check.RowsCompared, "row")} at {Words.Count(check.CutoffsCompared, "cutoff")} compared in {Words.Count(check.Rebuilds, "rebuild")}{Touched(check)}{Labels(check)}{Lists(check)}\n");
        }
        foreach (var note in proof.Notes) writer.Write($"  note: {note}\n");
    }

    private static string Touched(CheckSummary check) => check.RowsChanged + check.RowsDeleted + check.RowsInserted == 0
        ? ""
        : $"; source rows changed: {Words.Number(check.RowsChanged)}, deleted: {Words.Number(check.RowsDeleted)}, inserted: {Words.Number(check.RowsInserted)}";

    private static string Labels(CheckSummary check) => check.LabelsMoved is { } moved ? $"; labels that moved, as they may: {Words.Number(moved)}" : "";

    private static string Lists(CheckSummary check) => check.ListsCompared is { } compared ? $"; lists learned again: {Words.Number(compared)}" : "";

    private static void Write(Utf8JsonWriter json, ProofResult result)
    {
        json.WriteStartObject();
        json.WriteBoolean("proved", result.Outcome == RunOutcome.Succeeded);
        json.WriteStartArray("models");
        foreach (var model in result.Models)
        {
            json.WriteStartObject();
            json.WriteString("model", model.Model);
            json.WriteString("as_of", model.AsOf is { } asOf ? Text(asOf) : null);
            json.WriteStartArray("cutoffs");
            foreach (var cutoff in model.Cutoffs) json.WriteStringValue(Text(cutoff));
            json.WriteEndArray();
            json.WriteStartArray("checks");
            foreach (var check in model.Checks) Write(json, check);
            json.WriteEndArray();
            json.WriteStartArray("notes");
            foreach (var note in model.Notes) json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CheckSummary check)
    {
        json.WriteStartObject();
        json.WriteString("check", check.Name);
        json.WriteString("claim", check.Claim);
        json.WriteNumber("rebuilds", check.Rebuilds);
        json.WriteNumber("rows_changed", check.RowsChanged);
        json.WriteNumber("rows_deleted", check.RowsDeleted);
        json.WriteNumber("rows_inserted", check.RowsInserted);
        json.WriteNumber("rows_compared", check.RowsCompared);
        json.WriteNumber("cutoffs_compared", check.CutoffsCompared);
        if (check.LabelsMoved is { } moved) json.WriteNumber("labels_moved", moved);
        if (check.ListsCompared is { } compared) json.WriteNumber("lists_compared", compared);
        json.WritePropertyName("leak");
        if (check.Leak is { } leak)
        {
            json.WriteStartObject();
            json.WriteString("column", leak.Column);
            json.WriteString("key", leak.Key);
            json.WriteString("cutoff", Text(leak.Cutoff));
            json.WriteString("before", leak.Before);
            json.WriteString("after", leak.After);
            json.WriteString("change", leak.Change);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }
        json.WriteEndObject();
    }

    private static string Text(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
