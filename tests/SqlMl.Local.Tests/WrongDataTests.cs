using SqlMl.Compiler;
using SqlMl.Local.Running;
using SqlMl.Local.Schemas;

namespace SqlMl.Local.Tests;

public sealed class WrongDataTests
{
    private const string Header = "app_id,event_id,domain_userid,domain_sessionid,derived_tstamp,event_name,page_url\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_missing_file_is_told_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var finding = Assert.Single(Look(folder.File("absent.csv")).Diagnostics);
        Assert.Equal("SML7001", finding.Code);
        Assert.Equal(HandWrittenModel.SourceSpan, finding.Primary!.Span);
    }

    [Fact]
    public void A_pattern_without_files_is_a_missing_file()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("SML7001", Assert.Single(Look(folder.File("*.csv")).Diagnostics).Code);
    }

    [Fact]
    public void A_file_that_is_not_what_its_name_says_is_unreadable()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("events.parquet"), "not parquet at all");
        Assert.Equal("SML7002", Assert.Single(Look(folder.File("events.parquet")).Diagnostics).Code);
    }

    [Fact]
    public void An_empty_file_is_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("events.csv"), "");
        Assert.Equal("SML7003", Assert.Single(Look(folder.File("events.csv")).Diagnostics).Code);
    }

    [Fact]
    public void A_readable_file_has_its_columns_and_types()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("it's.csv"), "id,at,amount\na,2024-01-30 09:12:00,1.5\n");
        var columns = Look(folder.File("it's.csv")).Schemas["EVENTS"];
        Assert.Equal([new SchemaColumn("id", "VARCHAR"), new SchemaColumn("at", "TIMESTAMP"), new SchemaColumn("amount", "DOUBLE")], columns);
    }

    [Fact]
    public async Task A_time_column_that_is_not_a_time_is_named_with_a_value_of_it()
    {
        using var folder = new TemporaryFolder();
        var csv = folder.File("events.csv");
        await File.WriteAllTextAsync(csv, Header + "w,e1,u1,s1,yesterday,page_view,/\nw,e2,u1,s1,2025-04-01 10:00:00,page_view,/\n", Cancellation);
        var error = Expect.Failure(await Run(folder, csv), RunOutcome.WrongInput, "SML7005");
        Assert.Equal("column `derived_tstamp` of source `events` is not a time in 1 row", error.Message);
        Assert.Contains("'yesterday'", error.Notes[0], StringComparison.Ordinal);
        Assert.Equal(HandWrittenModel.SourceSpan, error.Primary!.Span);
    }

    [Fact]
    public async Task Rows_without_key_or_time_are_counted_and_the_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        var csv = HandWrittenModel.Simulate(folder);
        await File.AppendAllTextAsync(csv, "w,e1,,s1,2025-04-02 10:00:00,page_view,/\nw,e2,u,s1,,page_view,/\nw,e3,u,s1,,page_view,/\n", Cancellation);
        var result = await Run(folder, csv);

        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        Assert.Equal(["SML7006", "SML7007"], result.Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.StartsWith("2 rows of source `events` have no time", result.Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("1 row of source `events` belongs to no visitor", result.Diagnostics[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_class_only_ends_the_run()
    {
        using var folder = new TemporaryFolder();
        var csv = HandWrittenModel.Simulate(folder);
        await File.WriteAllTextAsync(csv, (await File.ReadAllTextAsync(csv, Cancellation)).Replace("submit_form", "page_view", StringComparison.Ordinal), Cancellation);
        Expect.Failure(await Run(folder, csv), RunOutcome.WrongInput, "SML7008");
    }

    [Fact]
    public async Task Too_few_rows_end_the_run()
    {
        using var folder = new TemporaryFolder();
        Expect.Failure(await Run(folder, HandWrittenModel.Simulate(folder, events: 40)), RunOutcome.WrongInput, "SML7009");
    }

    [Fact]
    public async Task A_source_without_rows_is_told_and_the_training_set_is_empty()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("events.csv"), Header, Cancellation);
        var result = await Run(folder, folder.File("events.csv"));
        Expect.Failure(result, RunOutcome.WrongInput, "SML7010");
        Assert.Equal("SML7004", result.Diagnostics[0].Code);
    }

    [Fact]
    public async Task A_missing_table_is_told()
    {
        using var folder = new TemporaryFolder();
        var request = HandWrittenModel.Request(
            folder, HandWrittenModel.Simulate(folder), model => model with { Training = model.Training with { Sql = "CREATE TABLE t AS SELECT * FROM shop.orders;" } });
        Expect.Failure(await LocalRunner.RunAsync(request, null, Cancellation), RunOutcome.WrongInput, "SML7016");
    }

    [Fact]
    public async Task A_number_out_of_range_is_the_datas_fault()
    {
        using var folder = new TemporaryFolder();
        var request = HandWrittenModel.Request(
            folder, HandWrittenModel.Simulate(folder),
            model => model with { Training = model.Training with { Sql = "CREATE TABLE t AS SELECT 9223372036854775807 + range FROM range(3);" } });
        Expect.Failure(await LocalRunner.RunAsync(request, null, Cancellation), RunOutcome.WrongInput, "SML7015");
    }

    [Fact]
    public async Task A_parameter_that_the_trainer_does_not_have_is_told()
    {
        using var folder = new TemporaryFolder();
        var request = HandWrittenModel.Request(
            folder, HandWrittenModel.Simulate(folder), model => model with { Trainer = model.Trainer with { Parameters = [new("dept", "3")] } });
        Expect.Failure(await LocalRunner.RunAsync(request, null, Cancellation), RunOutcome.WrongInput, "SML7013");
    }

    [Fact]
    public async Task A_stored_model_that_lacks_a_feature_does_not_fit()
    {
        using var folder = new TemporaryFolder();
        var csv = HandWrittenModel.Simulate(folder);
        await Run(folder, csv);
        var changed = HandWrittenModel.Request(folder, csv, model => model with { Features = model.Features.RemoveAt(0) });
        Expect.Failure(await LocalRunner.ScoreAsync(changed, null, Cancellation), RunOutcome.WrongInput, "SML7012");
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_made_is_the_machines_fault()
    {
        using var folder = new TemporaryFolder();
        var csv = HandWrittenModel.Simulate(folder);
        File.WriteAllText(folder.File("runs"), "a file where the folder should be");
        Expect.Failure(await Run(folder, csv), RunOutcome.WrongEnvironment, "SML7017");
        Assert.Equal(["events.csv", "runs"], folder.Files());
    }

    [Fact]
    public async Task A_database_that_is_none_is_the_machines_fault()
    {
        using var folder = new TemporaryFolder();
        var request = HandWrittenModel.Request(folder, HandWrittenModel.Simulate(folder));
        Directory.CreateDirectory(request.OutputFolder);
        await File.WriteAllTextAsync(request.DatabaseFile, "this is no database, however long the text may be that stands in it", Cancellation);
        Expect.Failure(await LocalRunner.RunAsync(request, null, Cancellation), RunOutcome.WrongEnvironment, "SML7018");
        Assert.Equal(["events.csv", "runs/sqlml.duckdb"], folder.Files());
    }

    private static SchemaLookupResult Look(string path) => SchemaLookup.Read([new ProgramSource("events", new FileBinding(path), HandWrittenModel.SourceSpan)]);

    private static Task<RunResult> Run(TemporaryFolder folder, string csv) =>
        LocalRunner.RunAsync(HandWrittenModel.Request(folder, csv), null, Cancellation);
}
