namespace SqlMl.Cli.Tests;

public sealed class ProjectTests
{
    private const string Program = "source events { file 'events.csv'  entity visitor by id  time at }\nentity visitor\nvar visitor.seen = count(events)\npredict p for visitor { label exists(events) in next 1 day  observe every 1 day  train logistic }\n";

    [Fact]
    public async Task Imports_start_at_the_importing_file_and_a_file_counts_once_even_in_a_circle()
    {
        using var line = new CommandLine();
        var (declarations, model) = (Program[..Program.IndexOf("predict", StringComparison.Ordinal)], Program[Program.IndexOf("predict", StringComparison.Ordinal)..]);
        line.Write("main.sqlml", "import 'packages/*.sqlml'\nimport 'packages/shop.sqlml'\n" + model);
        line.Write("packages/shop.sqlml", "import '../main.sqlml'\n" + declarations.Replace("count(events)", "count(events) over lookback", StringComparison.Ordinal));
        line.Write("packages/params.sqlml", "param lookback = 7 days\n");

        var result = await line.RunAsync("compile", "main.sqlml", "--emit", "plan");

        Assert.True(result.ExitCode == ExitCode.Fine, result.Error);
        Assert.Contains("(t - 7 days, t]", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_beside_the_program_lies_under_the_name_that_it_is_imported_as()
    {
        using var line = new CommandLine();
        var (declarations, model) = (Program[..Program.IndexOf("predict", StringComparison.Ordinal)], Program[Program.IndexOf("predict", StringComparison.Ordinal)..]);
        line.Write("project/main.sqlml", "import 'declarations.sqlml' as shop\n" + model
            .Replace("for visitor", "for shop.visitor", StringComparison.Ordinal).Replace("(events)", "(shop.events)", StringComparison.Ordinal));
        line.Write("project/declarations.sqlml", declarations);

        var result = await line.RunAsync("compile", "project", "--emit", "plan");

        Assert.True(result.ExitCode == ExitCode.Fine, result.Error);
        Assert.Contains("shop_events", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_two_files_declare_is_shown_in_both()
    {
        var error = await Fails("check main.sqlml", "SML2001", ExitCode.WrongInput, line =>
        {
            line.Write("main.sqlml", "import 'other.sqlml'\n" + Program);
            line.Write("other.sqlml", "entity visitor\n");
        });
        Assert.Contains("main.sqlml:", error, StringComparison.Ordinal);
        Assert.Contains("other.sqlml:1:8", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_matches_no_file_is_named()
    {
        var error = await Fails("check p.sqlml", "SML6060", ExitCode.WrongInput, line => line.Write("p.sqlml", "import 'packages/*.sqlml'\n" + Program));
        Assert.Contains("p.sqlml:1:1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_param_is_set_on_the_command_line()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", "param lookback = 7 days\n" + Program.Replace("count(events)", "count(events) over lookback", StringComparison.Ordinal));

        var result = await line.RunAsync("compile", "p.sqlml", "--emit", "plan", "--set", "lookback=60 days");

        Assert.True(result.ExitCode == ExitCode.Fine, result.Error);
        Assert.Contains("(t - 60 days, t]", result.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await line.RunAsync("compile", "p.sqlml", "--set", "lookback")).ExitCode);
    }

    [Theory]
    [InlineData("product_id,name\np1,Tea\np2,Cup\np2,Mug\n", "id,country\na,DE\n", "SML7023", "'p2' (2 rows)")]
    [InlineData("product_id,name\np1,Tea\np9,Cup\np9,Mug\n", "id,country\na,DE\na,FR\nb,FR\nb,DE\nb,IT\n", "SML7024", "'a' (2 rows), 'b' (3 rows)")]
    public async Task Several_rows_where_one_is_read_are_an_error_that_names_the_keys(string products, string profile, string code, string keys)
    {
        var error = await Fails("run p.sqlml --quiet", code, ExitCode.WrongInput, line =>
        {
            line.Write("products.csv", products);
            line.Write("profile.csv", profile);
            line.Write("events.csv", "id,at,product_id\na,2024-01-01,p1\na,2024-01-03,p2\nb,2024-01-04,p1\n");
            line.Write("p.sqlml", Program
                .Replace("source events {", "source products { file 'products.csv'  static }\nsource profile { file 'profile.csv'  entity visitor by id  static }\nsource events { join products on product_id ", StringComparison.Ordinal)
                .Replace("var visitor.seen", "var visitor.country = profile.country\nvar visitor.teas = count(events where products.name = 'Tea')\nvar visitor.seen", StringComparison.Ordinal));
        });
        Assert.Contains(keys, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_rows_of_whom_an_entity_is_linked_to_are_an_error_too()
    {
        var error = await Fails("run p.sqlml --quiet", "SML7024", ExitCode.WrongInput, line =>
        {
            line.Write("shops.csv", "shop,country\ns1,DE\ns2,FR\ns2,IT\n");
            line.Write("events.csv", "id,shop,at\na,s1,2024-01-01\na,s2,2024-01-03\nb,s1,2024-01-04\n");
            line.Write("p.sqlml", Program
                .Replace("source events {", "source shops { file 'shops.csv'  entity shop by shop  static }\nsource events { entity shop by shop ", StringComparison.Ordinal)
                .Replace("entity visitor\n", "entity visitor\nentity shop\nvar shop.country = shops.country\nvar visitor.country = shop.country\n", StringComparison.Ordinal));
        });
        Assert.Contains("'s2' (2 rows)", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_value_reads_of_time_is_drawn()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program);
        var one = await line.RunAsync("explain-time", "seen", "p.sqlml");
        Assert.Contains("seen  ◄━━━━━]        events", one.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("label of p", one.Out, StringComparison.Ordinal);
        var all = await line.RunAsync("explain-time", "all", "p.sqlml", "--json");
        Assert.Equal(["seen", "label"], all.Json.GetProperty("result").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        var unknown = await line.RunAsync("explain-time", "sen", "p.sqlml");
        Assert.Equal(ExitCode.WrongInput, unknown.ExitCode);
        Assert.StartsWith("error[SML6017]", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("`seen`", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_told() => await Fails("check nowhere", "SML6002", ExitCode.WrongInput);

    [Fact]
    public async Task A_folder_without_a_program_is_told() => await Fails("check .", "SML6003", ExitCode.WrongInput);

    [Fact]
    public async Task A_program_that_is_not_utf8_is_told() =>
        await Fails("check p.sqlml", "SML6004", ExitCode.WrongInput, line => File.WriteAllBytes(Path.Combine(line.Folder, "p.sqlml"), [0x73, 0xff, 0xfe, 0x00]));

    [Theory]
    [InlineData("name: [shop", "SML6005", "sqlml.yaml:1:")]
    [InlineData("name: shop\noutptu: runs\n", "SML6006", "sqlml.yaml:2:1")]
    [InlineData("target: redshift\n", "SML6007", "sqlml.yaml:1:9")]
    [InlineData("sources:\n  events:\n    local: { seed: 3 }\n", "SML6007", "sqlml.yaml:3:12")]
    [InlineData("sources:\n  events:\n    local: { simulate: web_sessions, seed: x }\n", "SML6007", "sqlml.yaml:3:44")]
    [InlineData("sources:\n  events:\n    local: { simulate: websessions }\n", "SML6016", "sqlml.yaml:3:24")]
    [InlineData("sources:\n  events:\n    duckbd: { file: x.csv }\n", "SML6006", "sqlml.yaml:3:5")]
    [InlineData("sources:\n  evnts:\n    local: { file: x.csv }\n", "SML6008", "sqlml.yaml:3:12")]
    [InlineData("- a\n- b\n", "SML6007", "sqlml.yaml:1:1")]
    public async Task Wrong_settings_are_told_with_their_place(string yaml, string code, string place)
    {
        var error = await Fails("check .", code, ExitCode.WrongInput, line =>
        {
            line.Write("p.sqlml", Program);
            line.Write("sqlml.yaml", yaml);
        });
        Assert.Contains(place, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_settings_are_told_at_once()
    {
        var error = await Fails("check .", "SML6006", ExitCode.WrongInput, line =>
        {
            line.Write("p.sqlml", Program);
            line.Write("sqlml.yaml", "nam: x\ntarget: redshift\n");
        });
        Assert.Contains("SML6007", error, StringComparison.Ordinal);
        Assert.Contains("a setting with a similar name exists: `name`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_binding_of_an_unknown_source_names_a_similar_one()
    {
        var error = await Fails("check . --source evnts=x.csv", "SML6008", ExitCode.WrongInput, line => line.Write("p.sqlml", Program));
        Assert.Contains("`events`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_of_a_source_is_told_with_its_place_in_the_program()
    {
        var error = await Fails("check .", "SML7001", ExitCode.WrongInput, line => line.Write("p.sqlml", Program));
        Assert.Contains("p.sqlml:1:17", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_models_need_a_name_for_a_training_set() =>
        await Fails("dataset . -o t.csv", "SML6012", ExitCode.Usage, line =>
        {
            line.Write("p.sqlml", Program + Program[Program.IndexOf("predict", StringComparison.Ordinal)..].Replace("predict p", "predict q", StringComparison.Ordinal));
            line.Write("events.csv", "id,at\na,2024-01-01\na,2024-02-01\n");
        });

    [Fact]
    public async Task A_program_without_a_model_cannot_run() =>
        await Fails("run .", "SML6011", ExitCode.WrongInput, line =>
        {
            line.Write("p.sqlml", Program[..Program.IndexOf("predict", StringComparison.Ordinal)]);
            line.Write("events.csv", "id,at\na,2024-01-01\na,2024-02-01\n");
        });

    [Fact]
    public async Task A_single_file_is_a_project_too()
    {
        using var line = new CommandLine();
        line.Write("p.sqlml", Program);
        line.Write("events.csv", "id,at\na,2024-01-01\na,2024-02-01\n");
        var result = await line.RunAsync("check", "p.sqlml");
        Assert.Equal((ExitCode.Fine, "p: 1 model, 0 warnings, no error\n"), (result.ExitCode, result.Out));
    }

    private static async Task<string> Fails(string arguments, string code, int exitCode, Action<CommandLine>? prepare = null)
    {
        using var line = new CommandLine();
        prepare?.Invoke(line);
        var result = await line.RunAsync(arguments.Split(' '));
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.StartsWith($"error[{code}]: ", result.Error, StringComparison.Ordinal);
        return result.Error;
    }
}
