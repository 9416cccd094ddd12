using System.Collections.Immutable;

namespace SqlMl.Compiler.Tests;

/// <summary>What a compilation does with its options, and what it shows of its stages.</summary>
public sealed class OptionTests
{
    private const string Program = Programs.Orders + "var customer.orders_30d = count(orders) over 30 days  \"Orders of a month\"\n" + Programs.Churn;

    [Fact]
    public void A_binding_replaces_the_place_of_a_source()
    {
        var options = new CompileOptions { Dialect = "duckdb" };
        options = options with { Bindings = new Dictionary<string, SourceBinding> { ["ORDERS"] = new FileBinding("data/orders.csv") } };
        var source = Assert.Single(SqlMlCompiler.FindSources([new("a.sqlml", Program)], options));
        Assert.Equal(new FileBinding("data/orders.csv"), source.Binding);
        Assert.Contains("data/orders.csv", Programs.Compile(Program, options).Models[0].Training.Sql, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_binding_makes_a_file_readable_for_a_warehouse()
    {
        var text = Program.Replace("table shop.orders", "file 'orders.csv'", StringComparison.Ordinal);
        var options = new CompileOptions { Dialect = "snowflake" };
        Assert.Equal("SML5001", Assert.Single(Programs.Compile(text, options).Diagnostics).Code);
        options = options with { Bindings = new Dictionary<string, SourceBinding> { ["orders"] = new TableBinding(["PROD", "SHOP", "ORDERS"]) } };
        Assert.Empty(Programs.Compile(text, options).Diagnostics);
    }

    [Fact]
    public void The_schema_adds_errors_and_never_changes_the_sql()
    {
        var options = new CompileOptions { Dialect = "duckdb" };
        var known = options with { Schemas = Programs.Schema("orders", ("customer_id", "BIGINT"), ("ordered_at", "TIMESTAMP")) };
        Assert.Equal(Programs.Compile(Program, options).Models[0].Training, Programs.Compile(Program, known).Models[0].Training);
        var missing = options with { Schemas = Programs.Schema("orders", ("customer_id", "BIGINT")) };
        Assert.Equal("SML2003", Assert.Single(Programs.Compile(Program, missing).Diagnostics).Code);
    }

    [Fact]
    public void The_stages_show_types_intervals_and_the_plan()
    {
        var program = Programs.Compile(Program);
        Assert.Contains("var customer.orders_30d: an integer, reads (t - 30 days, t]", program.Stages.Model!.Value, StringComparison.Ordinal);
        Assert.Contains("label: a boolean, reads (t, t + 7 days]", program.Stages.Model.Value, StringComparison.Ordinal);
        Assert.Contains("scan orders (t - 30 days, t] by range join", program.Stages.Plan!.Value, StringComparison.Ordinal);
        Assert.NotEmpty(program.Stages.Optimized!.Value);
        Assert.Contains("churn", program.Stages.Syntax.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_with_an_error_shows_its_syntax_alone()
    {
        var program = Programs.Compile(Programs.Orders + "var customer.a = b\n");
        Assert.False(program.Succeeded);
        Assert.Empty(program.Models);
        Assert.NotEmpty(program.Stages.Syntax.Value);
        Assert.Null(program.Stages.Model);
    }

    [Fact]
    public void A_var_keeps_its_description_and_its_definition()
    {
        var feature = Assert.Single(Programs.Compile(Program).Models[0].Features);
        Assert.Equal(("orders_30d", "Orders of a month", FeatureKind.Number), (feature.Name, feature.Description, feature.Kind));
        Assert.StartsWith("count(orders) over 30 days", feature.Definition, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pass_may_be_left_out_by_name()
    {
        Assert.NotEmpty(SqlMlCompiler.Passes);
        foreach (var pass in SqlMlCompiler.Passes)
        {
            Assert.True(Programs.Compile(Program, new CompileOptions { Dialect = "duckdb", DisabledPasses = [pass] }).Succeeded);
        }
    }

    [Fact]
    public void The_files_of_a_project_are_one_program_and_diagnostics_come_by_file_and_place()
    {
        ImmutableArray<Language.Text.SourceText> files =
            [new("b.sqlml", "var customer.b = 1 + a\nvar customer.c = x"), new("a.sqlml", Programs.Orders + "var customer.a = y")];
        var found = SqlMlCompiler.Compile(files, new CompileOptions { Dialect = "duckdb" }).Diagnostics;
        Assert.Equal(["a.sqlml", "b.sqlml"], found.Select(item => item.Primary!.Span.Source!.Path));
    }
}
