using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;

namespace SqlMl.Compiler.Tests;

/// <summary>
/// A file that is imported `as shop` (rule 62): what it declares lies under `shop.`. The judge is the same program in one file, its names written as outputs write them.
/// </summary>
public sealed class ImportTests
{
    private const string Package = """
        param least = 2
        source orders   { table shop.orders  entity customer by customer_id  time ordered_at  join products on product_id }
        source products { table shop.products  entity product by product_id  static }
        entity customer
        entity product
        var customer.orders = count(orders where amount > least) over 7, 30 days
        var customer.tea    = count(orders where products.category = 'tea' and orders.amount > 1)
        var customer.ratio  = orders_7d / customer.orders_30d
        predict churn for customer { label not exists(orders) in next 7 days  observe at each orders where channel = 'web'  var hour = hour_of(cutoff)  train logistic }

        """;

    private const string PackageInOneFile = """
        param shop_least = 2
        source shop_orders   { table shop.orders  entity shop_customer by customer_id  time ordered_at  join shop_products as products on product_id }
        source shop_products { table shop.products  entity shop_product by product_id  static }
        entity shop_customer
        entity shop_product
        var shop_customer.shop_orders = count(shop_orders where amount > shop_least) over 7, 30 days
        var shop_customer.shop_tea    = count(shop_orders where products.category = 'tea' and shop_orders.amount > 1)
        var shop_customer.shop_ratio  = shop_orders_7d / shop_customer.shop_orders_30d
        predict shop_churn for shop_customer { label not exists(shop_orders) in next 7 days  observe at each shop_orders where channel = 'web'  var hour = hour_of(cutoff)  train logistic }

        """;

    [Fact]
    public void An_import_under_a_name_is_the_program_with_that_name_before_its_names() => AssertSame(
        """
        import 'package.sqlml' as shop
        source tickets { table crm.tickets  entity shop.customer by customer_id  time opened_at  join shop.products on product_id }
        source both = union of shop.orders, tickets
        source daily = group shop.orders by customer_id, ordered_on { total = sum(amount) }
        var shop.customer.tickets = count(tickets where products.category = 'tea' and severity >= shop.least)
        var shop.customer.mixed   = shop.customer.orders_7d + shop.ratio + sum(shop.orders.amount) + tickets
        var shop.customer.touches = count(both where part = 'shop_orders')
        var shop.customer.best    = max(daily.total)
        predict leaving for shop.customer {
          label   not exists(shop.orders where channel = 'web') in next 7 days
          when    shop.orders_30d > 0 and shop.customer.mixed > 1
          observe 7 days after first(shop.orders)
          until   first(shop.orders where amount > shop.least)
          using   all, shop.tea as cups except shop.orders
          train   logistic
        }
        """,
        """
        source tickets { table crm.tickets  entity shop_customer by customer_id  time opened_at  join shop_products as products on product_id }
        source both = union of shop_orders, tickets
        source daily = group shop_orders by customer_id, ordered_on { total = sum(amount) }
        var shop_customer.tickets = count(tickets where products.category = 'tea' and severity >= shop_least)
        var shop_customer.mixed   = shop_customer.shop_orders_7d + shop_ratio + sum(shop_orders.amount) + tickets
        var shop_customer.touches = count(both where part = 'shop_orders')
        var shop_customer.best    = max(daily.total)
        predict leaving for shop_customer {
          label   not exists(shop_orders where channel = 'web') in next 7 days
          when    shop_orders_30d > 0 and shop_customer.mixed > 1
          observe 7 days after first(shop_orders)
          until   first(shop_orders where amount > shop_least)
          using   all, shop_tea as cups except shop_orders
          train   logistic
        }

        """ + PackageInOneFile,
        ("package.sqlml", Package));

    [Fact]
    public void Both_files_may_use_the_same_names_and_each_reads_its_own() => AssertSame(
        "import 'package.sqlml' as shop\n" + Programs.Orders + "var customer.orders = count(orders)\n" + Programs.Churn,
        Programs.Orders + "var customer.orders = count(orders)\n" + Programs.Churn + PackageInOneFile,
        ("package.sqlml", Package));

    [Fact]
    public void What_a_file_does_not_declare_it_reads_from_who_imports_it() => AssertSame(
        "import 'vars.sqlml' as extra\n" + Programs.Orders + "var customer.orders = count(orders)\n" + Programs.Churn,
        Programs.Orders + "var customer.orders = count(orders)\n" + Programs.Churn + "var customer.extra_big = count(orders where amount > 100)\nvar customer.extra_share = extra_big / orders\n",
        ("vars.sqlml", "var customer.big = count(orders where amount > 100)\nvar customer.share = big / orders\n"));

    [Fact]
    public void Names_of_an_import_inside_an_import_lie_under_both() => AssertSame(
        "import 'outer.sqlml' as a\n" + Programs.Orders + "var customer.twice = a.b.large * 2 + a.small\n" + Programs.Churn,
        Programs.Orders + "var customer.twice = a_b_large * 2 + a_small\n" + Programs.Churn
            + "var customer.a_small = a_b_large - 1\nvar customer.a_b_large = count(orders where amount > 100)\n",
        ("outer.sqlml", "import 'inner.sqlml' as b\nvar customer.small = b.large - 1\n"),
        ("inner.sqlml", "var customer.large = count(orders where amount > 100)\n"));

    [Fact]
    public void A_union_in_an_import_calls_its_parts_as_its_file_does()
    {
        var program = Programs.CompileFiles(
            new CompileOptions { Dialect = "duckdb" },
            ("input.sqlml", "import 'package.sqlml' as shop\n"),
            ("package.sqlml", Programs.Orders + """
                source calls { table crm.calls  entity customer by customer_id  time called_at }
                source touch = union of orders, calls
                var customer.calls = count(touch where part = 'calls')

                """ + Programs.Churn));
        Assert.True(program.Succeeded, DiagnosticText.Render(program.Diagnostics));
        Assert.Contains("'calls'", program.Models[0].Training.Sql, StringComparison.Ordinal);
        Assert.DoesNotContain("'shop_calls'", program.Models[0].Training.Sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_name_models_sources_and_vars_of_an_import()
    {
        var program = Programs.CompileFiles(
            new CompileOptions { Dialect = "duckdb" },
            ("input.sqlml", """
                import 'package.sqlml' as shop
                test 'from outside' for shop.churn {
                  rows shop.orders (customer_id, ordered_at, channel) ('c1', '2024-01-30', 'web')
                  at '2024-01-31' entity 'c1' expect shop.orders_7d = 1, shop_orders_30d = 1, label = true
                }
                """),
            ("package.sqlml", Package + """
                test 'from inside' for churn {
                  rows orders (customer_id, ordered_at, channel) ('c1', '2024-01-30', 'web')
                  at '2024-01-31' entity 'c1' expect orders_7d = 1, label = true
                }
                """));
        Assert.True(program.Succeeded, DiagnosticText.Render(program.Diagnostics));
        Assert.Equal(["shop_orders_7d", "shop_orders_30d", "label"], program.Tests.Value[0].Expectations.Select(item => item.Column));
        Assert.Equal(["shop_orders_7d", "label"], program.Tests.Value[1].Expectations.Select(item => item.Column));
    }

    [Fact]
    public void A_name_that_no_import_declares_is_unknown()
    {
        var program = Programs.CompileFiles(
            new CompileOptions { Dialect = "duckdb" },
            ("input.sqlml", "import 'package.sqlml' as shop\nsource more { table m  entity store.customer by id  time at }\nvar shop.customer.a = shop.nothing + 1\nvar shop.customer.b = count(shop.baskets)\n"),
            ("package.sqlml", Package));
        Assert.Equal(["SML2005", "SML2004", "SML2002"], program.Diagnostics.Select(found => found.Code));
    }

    [Fact]
    public void A_name_like_one_of_an_import_is_answered_by_that_as_the_file_writes_it()
    {
        var program = Programs.CompileFiles(
            new CompileOptions { Dialect = "duckdb" },
            ("input.sqlml", """
                import 'outer.sqlml' as a
                source more { table m  entity a.shop.custmer by id  time at }
                var a.shop.customer.a = a.shop.teas + 1
                var a.shop.customer.b = count(a.shop.order where amount > a.shop.leest)
                var a.shop.customer.c = a.shop.orders
                test 'none' for a.shop.churns { at '2024-01-31' entity 'c1' expect label = true }

                """),
            ("outer.sqlml", "import 'package.sqlml' as shop\nvar shop.customer.d = shop.teas\nvar shop.customer.e = count(shop.order)\n"),
            ("package.sqlml", Package + "var customer.f = count(order) + teas\n"));
        Assert.Equal(
            [
                "an entity with a similar name exists: `a.shop.customer`", "a var with a similar name exists: `a.shop.tea`", "a source with a similar name exists: `a.shop.orders`",
                "name one of them: `a.shop.orders_7d`, `a.shop.orders_30d`", "a model with a similar name exists: `a.shop.churn`",
                "a var with a similar name exists: `shop.tea`", "a source with a similar name exists: `shop.orders`",
                "a source with a similar name exists: `orders`", "a var with a similar name exists: `tea`",
            ],
            program.Diagnostics.SelectMany(found => found.Helps));
        Assert.Equal("entity `a.shop.customer` has no var `a.shop.teas`", program.Diagnostics[1].Message);
    }

    /// <summary>Both programs give the same scripts in every dialect.</summary>
    private static void AssertSame(string program, string inOneFile, params (string Path, string Text)[] imports)
    {
        foreach (var dialect in SqlMlCompiler.Dialects)
        {
            var options = new CompileOptions { Dialect = dialect };
            var found = Programs.CompileFiles(options, [("input.sqlml", program), .. imports]);
            Assert.True(found.Succeeded, DiagnosticText.Render(found.Diagnostics));
            var expected = Programs.Compile(inOneFile, options);
            Assert.True(expected.Succeeded, DiagnosticText.Render(expected.Diagnostics));
            Assert.Equal(Scripts(expected), Scripts(found));
        }
    }

    // Comments quote the program as it is written.
    private static ImmutableArray<string> Scripts(CompiledProgram program) =>
        [.. program.Models.SelectMany(model => model.Scripts.SelectMany(script => script.Sql.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)).Prepend(script.FileName)))];
}
