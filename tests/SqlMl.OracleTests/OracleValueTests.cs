using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.HandProgram;

namespace SqlMl.OracleTests;

/// <summary>The oracle itself against values computed by hand: windows, aggregates, expressions.</summary>
public sealed class OracleValueTests
{
    private static OracleSource Days1To4 => Orders(
        Order("a", "2024-01-01", 1), Order("a", "2024-01-02", 2), Order("a", "2024-01-03", 4), Order("a", "2024-01-04", 8));

    [Fact]
    public void A_window_excludes_its_beginning_and_includes_the_cutoff()
    {
        Assert.Equal(["4", "2"], FeaturesAt(
            "2024-01-03", Days1To4,
            Var("one", Aggregate(AggregateKind.Sum, "amount", new PastWindow(Days(1), null))),
            Var("earlier", Aggregate(AggregateKind.Sum, "amount", new PastWindow(Days(1), Days(1))))));
    }

    [Fact]
    public void In_mode_before_a_window_includes_its_beginning_and_excludes_its_end()
    {
        var line = new EachObservation(true, new("orders", null), new(At("2024-01-03"), null), null);
        var result = Evaluate(
            Days1To4, Model(line) with { AllowsImmature = true },
            Var("one", Aggregate(AggregateKind.Sum, "amount", new PastWindow(Days(1), null))),
            Var("earlier", Aggregate(AggregateKind.Sum, "amount", new PastWindow(Days(1), Days(1)))));

        Assert.Equal(["a 01-03 2 1 true", "a 01-04 4 2 false"], Training(result));
    }

    [Fact]
    public void A_month_before_the_31st_is_the_last_of_february_and_two_steps_count_from_the_cutoff()
    {
        var source = Orders(Order("a", "2024-01-31", 1), Order("a", "2024-01-31T00:01", 2), Order("a", "2024-02-29", 4), Order("a", "2024-02-29T00:01", 8));
        var month = new OracleDuration(1, DurationUnit.Month);

        Assert.Equal(["8", "6"], FeaturesAt(
            "2024-03-31", source,
            Var("one", Aggregate(AggregateKind.Sum, "amount", new PastWindow(month, null))),
            Var("earlier", Aggregate(AggregateKind.Sum, "amount", new PastWindow(month, month)))));
    }

    [Fact]
    public void Of_no_rows_counts_and_sums_are_0_exists_is_false_and_all_others_are_null()
    {
        var vars = Enum.GetValues<AggregateKind>().Select(kind => Var(
            $"v{kind}",
            Aggregate(
                kind, kind is AggregateKind.Exists or AggregateKind.LongestGap or AggregateKind.ActiveDays ? null : "amount", where: KindIs("none"),
                by: kind is AggregateKind.MinBy or AggregateKind.MaxBy ? "kind" : null) with { Parameter = 1 }));

        Assert.Equal(
            ["0", "0", "false", "0", .. Enumerable.Repeat("null", 16), "0"],
            FeaturesAt("2024-01-04", Days1To4, [.. vars]));
    }

    [Fact]
    public void Aggregates_skip_nulls_but_first_and_last_give_the_value_in_the_row()
    {
        var source = Orders(
            Order("a", "2024-01-01", null, "p"), Order("a", "2024-01-02", 1, "q"), Order("a", "2024-01-02", 1, null), Order("a", "2024-01-03", 4, "q"),
            Order("a", "2024-01-04", null, "z"));

        Assert.Equal(
            ["5", "3", "2", "2", "1", "4", "null", "null", "1", "1.7320508075688772"],
            FeaturesAt(
                "2024-01-04", source,
                Var("rows", Aggregate(AggregateKind.Count)),
                Var("counted", Aggregate(AggregateKind.Count, "amount")),
                Var("distinct", Aggregate(AggregateKind.CountDistinct, "amount")),
                Var("mean", Aggregate(AggregateKind.Avg, "amount")),
                Var("smallest", Aggregate(AggregateKind.Min, "amount")),
                Var("largest", Aggregate(AggregateKind.Max, "amount")),
                Var("first", Aggregate(AggregateKind.First, "amount")),
                Var("last", Aggregate(AggregateKind.Last, "amount")),
                Var("middle", Aggregate(AggregateKind.Median, "amount")),
                Var("deviation", Aggregate(AggregateKind.Stddev, "amount"))));
    }

    [Fact]
    public void Of_rows_of_one_instant_first_takes_the_smallest_and_last_the_largest_value_and_null_loses()
    {
        var source = Orders(Order("a", "2024-01-01", null), Order("a", "2024-01-01", 3), Order("a", "2024-01-01", 2));

        Assert.Equal(["2", "3"], FeaturesAt(
            "2024-01-01", source, Var("first", Aggregate(AggregateKind.First, "amount")), Var("last", Aggregate(AggregateKind.Last, "amount"))));
    }

    [Fact]
    public void Extremes_by_a_key_skip_rows_without_the_key_and_settle_ties_by_value()
    {
        var source = Orders(
            Order("a", "2024-01-01", 9, null), Order("a", "2024-01-01", 5, "k"), Order("a", "2024-01-02", 7, "k"), Order("a", "2024-01-03", null, "m"));

        Assert.Equal(["5", "null"], FeaturesAt(
            "2024-01-04", source,
            Var("least", Aggregate(AggregateKind.MinBy, "amount", by: "kind")), Var("most", Aggregate(AggregateKind.MaxBy, "amount", by: "kind"))));
    }

    [Fact]
    public void The_median_of_an_even_number_of_values_lies_between_the_middle_two()
    {
        Assert.Equal(["3"], FeaturesAt("2024-01-04", Days1To4, Var("middle", Aggregate(AggregateKind.Median, "amount"))));
    }

    [Fact]
    public void Quantiles_are_interpolated_between_the_smallest_and_the_largest_value()
    {
        static AggregateExpression Quantile(decimal p) => Aggregate(AggregateKind.Quantile, "amount") with { Parameter = p };

        Assert.Equal(["1", "1.5", "6", "8"], FeaturesAt(
            "2024-01-04", Days1To4,
            Var("least", Quantile(0)), Var("sixth", Quantile(1 / 6m)), Var("high", Quantile(5 / 6m)), Var("most", Quantile(1))));
    }

    [Fact]
    public void Of_equally_frequent_values_the_smallest_comes_first_strings_by_bytes()
    {
        var source = Orders(
            Order("a", "2024-01-01", 1, "b"), Order("a", "2024-01-01", 2, "b"), Order("a", "2024-01-02", 2, "a"), Order("a", "2024-01-02", 1, "B"),
            Order("a", "2024-01-03", 3, "a"), Order("a", "2024-01-03", null, null), Order("a", "2024-01-04", null, null), Order("a", "2024-01-04", null, null));

        Assert.Equal(["a", "1", "[a b]", "[a b B]"], FeaturesAt(
            "2024-01-04", source,
            Var("kind", Aggregate(AggregateKind.Mode, "kind")),
            Var("amount", Aggregate(AggregateKind.Mode, "amount")),
            Var("two", Aggregate(AggregateKind.TopValues, "kind") with { Parameter = 2 }),
            Var("all", Aggregate(AggregateKind.TopValues, "kind") with { Parameter = 9 })));
    }

    [Fact]
    public void Entropy_is_in_bits_and_0_where_all_values_are_equal()
    {
        var source = Orders(
            Order("a", "2024-01-01", 1, "p"), Order("a", "2024-01-02", 1, "q"), Order("a", "2024-01-03", 1, "r"), Order("a", "2024-01-04", null, "r"));

        Assert.Equal(["1.5", "0"], FeaturesAt(
            "2024-01-04", source, Var("kinds", Aggregate(AggregateKind.Entropy, "kind")), Var("amounts", Aggregate(AggregateKind.Entropy, "amount"))));
    }

    [Fact]
    public void A_share_counts_a_row_whose_condition_is_null_but_not_as_true()
    {
        var source = Orders(
            Order("a", "2024-01-01", 1, "p"), Order("a", "2024-01-02", 2, "q"), Order("a", "2024-01-03", 4, null), Order("a", "2024-01-04", 8, "p")) with
        {
            Columns = [new ComputedColumn("is_p", KindIs("p"))],
        };
        var early = new BinaryExpression(new ColumnExpression("amount"), OracleOperator.Less, new LiteralExpression(3m));

        Assert.Equal(["0.5", "0.5", "0"], FeaturesAt(
            "2024-01-04", source,
            Var("all", Aggregate(AggregateKind.Share, "is_p")),
            Var("early", Aggregate(AggregateKind.Share, "is_p", where: early)),
            Var("third", Aggregate(AggregateKind.Share, "is_p", new PastWindow(Days(1), Days(1))))));
    }

    [Fact]
    public void A_trend_is_the_slope_a_day_and_null_below_two_instants()
    {
        var source = Orders(
            Order("a", "2024-01-01", 1), Order("a", "2024-01-01T12:00", null), Order("a", "2024-01-02", 3), Order("a", "2024-01-03", 2), Order("a", "2024-01-03", 8));
        var twoOrThree = new InExpression(new ColumnExpression("amount"), [new LiteralExpression(2m), new LiteralExpression(3m)], false);

        Assert.Equal(["2", "-1", "null"], FeaturesAt(
            "2024-01-03", source,
            Var("all", Aggregate(AggregateKind.Trend, "amount")),
            Var("falling", Aggregate(AggregateKind.Trend, "amount", where: twoOrThree)),
            Var("instant", Aggregate(AggregateKind.Trend, "amount", new PastWindow(Days(1), null)))));
    }

    [Fact]
    public void The_longest_gap_lies_between_neighbours_and_active_days_are_different_days()
    {
        var source = Orders(
            Order("a", "2024-01-04", 1), Order("a", "2024-01-01T06:00", 1), Order("a", "2024-01-01T18:00", 1), Order("a", "2024-01-02", 1));

        Assert.Equal(["2", "3", "null", "1", "0.5"], FeaturesAt(
            "2024-01-04", source,
            Var("gap", Aggregate(AggregateKind.LongestGap)),
            Var("days", Aggregate(AggregateKind.ActiveDays)),
            Var("one", Aggregate(AggregateKind.LongestGap, window: new PastWindow(Days(1), null))),
            Var("day", Aggregate(AggregateKind.ActiveDays, window: new PastWindow(Days(1), null))),
            Var("first", Aggregate(AggregateKind.LongestGap, window: new PastWindow(Days(1), Days(2))))));
    }

    [Fact]
    public void Days_since_are_fractions_of_days()
    {
        Assert.Equal(["0.5", "12", "3.5"], FeaturesAt(
            "2024-01-04T12:00", Days1To4,
            Var("silent", new ElapsedExpression(DurationUnit.Day, Aggregate(AggregateKind.Last))),
            Var("hours", new ElapsedExpression(DurationUnit.Hour, Aggregate(AggregateKind.Last))),
            Var("age", new ElapsedExpression(DurationUnit.Day, Aggregate(AggregateKind.First)))));
    }

    [Fact]
    public void A_family_has_a_member_a_window_under_its_suffix_and_a_default_replaces_null()
    {
        var family = new OracleVar(
            "best", Aggregate(AggregateKind.Max, "amount", where: new BinaryExpression(new ColumnExpression("amount"), OracleOperator.Less, new LiteralExpression(4m))),
            new WindowFamily([1, 3], DurationUnit.Day, null), new LiteralExpression(-1m));
        var result = Evaluate(Days1To4, Model(new InstantsObservation([At("2024-01-03")])), family, Var("n", new VarExpression("best_3d")));

        Assert.Equal(["best_1d", "best_3d", "n"], result.Features);
        Assert.Equal(["a 01-03 -1 2 2 true"], Training(result));
    }

    [Fact]
    public void Logic_has_three_values_and_division_by_zero_is_null()
    {
        OracleExpression Nothing() => Aggregate(AggregateKind.Max, "amount", where: KindIs("none"));
        OracleExpression Compare(OracleExpression left, decimal right) => new BinaryExpression(left, OracleOperator.Greater, new LiteralExpression(right));
        OracleExpression Always() => Compare(Aggregate(AggregateKind.Count), 0);

        Assert.Equal(["null", "true", "null", "null", "3"], FeaturesAt(
            "2024-01-04", Days1To4,
            Var("both", new BinaryExpression(Compare(Nothing(), 1), OracleOperator.And, Always())),
            Var("either", new BinaryExpression(Compare(Nothing(), 1), OracleOperator.Or, Always())),
            Var("opposite", new NotExpression(Compare(Nothing(), 1))),
            Var("ratio", new BinaryExpression(Aggregate(AggregateKind.Count), OracleOperator.Divide, Aggregate(AggregateKind.Count, where: KindIs("none")))),
            Var("chosen", new CaseExpression(
                [new CaseBranch(Compare(Nothing(), 1), new LiteralExpression(2m))], new CoalesceExpression([Nothing(), new LiteralExpression(3m)])))));
    }

    [Fact]
    public void All_leaves_out_instants_and_except_leaves_out_a_whole_family()
    {
        OracleVar[] vars =
        [
            Var("n", Aggregate(AggregateKind.Count)),
            Var("seen", Aggregate(AggregateKind.Last)),
            new OracleVar("x", Aggregate(AggregateKind.Count), new WindowFamily([1, 2], DurationUnit.Week, null), null),
        ];
        var model = Model(new InstantsObservation([At("2024-01-03")]));

        Assert.Equal(["n", "x_1w", "x_2w"], Evaluate(Days1To4, model, [.. vars]).Features);
        Assert.Equal(["n"], Evaluate(Days1To4, model with { Using = new(true, ["x"]) }, [.. vars]).Features);
        Assert.Equal(["n", "x_2w"], Evaluate(Days1To4, model with { Using = new(false, ["x_2w", "n"]) }, [.. vars]).Features);
    }
}
