namespace SqlMl.Learning.Tests;

public class EncoderTests
{
    private static readonly FeatureTable Table = new(
    [
        new NumericColumn("n", [1, double.NaN, double.NegativeInfinity, 1e300]),
        new CategoryColumn("c", ["b", "a", null, "b"]),
        new SetColumn("s", [["x", "y", "x"], [], null, ["z"]]),
    ]);

    private static FeatureEncoder Fitted(int maxLevels, params int[] rows) => FeatureEncoder.Fit(Table, rows, maxLevels);

    [Fact]
    public void Columns_are_named_by_feature_and_level_most_frequent_first_and_ties_in_ordinal_order()
    {
        Assert.Equal(
            ["n", "c=b", "c=a", "c=(other)", "s=x", "s=y", "s=z", "s=(other)"],
            Fitted(32, 0, 1, 2, 3).Columns.Select(column => column.Name));
        Assert.Equal(["n", "c=b", "c=(other)", "s=x", "s=(other)"], Fitted(1, 3, 2, 1, 0).Columns.Select(column => column.Name));
    }

    [Fact]
    public void Only_the_training_rows_teach_levels_and_everything_else_is_other()
    {
        var encoder = Fitted(32, 0, 1);
        Assert.Equal(["n", "c=a", "c=b", "c=(other)", "s=x", "s=y", "s=(other)"], encoder.Columns.Select(column => column.Name));
        var unseen = new FeatureTable([new SetColumn("s", [["z", "x"]]), new CategoryColumn("c", ["B"]), new NumericColumn("n", [2])]);
        Assert.Equal([2, 0, 0, 1, 1, 0, 1], encoder.Encode(unseen).Columns.Select(column => column[0]));
    }

    [Fact]
    public void Missing_is_nan_an_empty_set_is_zeros_infinities_are_missing_and_magnitudes_are_bounded()
    {
        var columns = Fitted(32, 0, 1, 2, 3).Encode(Table).Columns;
        Assert.Equal([1, double.NaN, double.NaN, 1e38], columns[0]);
        Assert.Equal([1, 0, double.NaN, 1], columns[1]);
        Assert.Equal([1, 0, double.NaN, 0], columns[4]);
        Assert.Equal([0, 0, double.NaN, 0], columns[7]);
    }

    [Fact]
    public void Names_avoid_the_signs_xgboost_forbids_and_stay_unique()
    {
        var table = new FeatureTable([new CategoryColumn("c", ["a[", "a_", "(other)"]), new NumericColumn("c=a_", [1, 2, 3])]);
        var names = FeatureEncoder.Fit(table, [0, 1, 2]).Columns.Select(column => column.Name);
        Assert.Equal(["c=(other)", "c=a_", "c=a__2", "c=(other)_2", "c=a__3"], names);
    }

    [Fact]
    public void Features_that_never_vary_are_reported_and_do_no_harm()
    {
        var (numbers, labels) = Synthetic.Numbers(200, 2);
        var table = new FeatureTable(
        [
            .. numbers.Columns,
            new NumericColumn("nothing", [.. Enumerable.Repeat(double.NaN, 200)]),
            new NumericColumn("seven", [.. Enumerable.Repeat(7.0, 200)]),
            new CategoryColumn("none", new string?[200]),
            new CategoryColumn("one", [.. Enumerable.Repeat("k", 200)]),
            new SetColumn("empty", [.. Enumerable.Repeat(Array.Empty<string>(), 200)]),
        ]);
        foreach (var trainer in (string[])["logistic", "xgboost"])
        {
            var with = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = trainer });
            var without = Learner.Train(new TrainingRequest { Features = numbers, Labels = labels, Trainer = trainer });
            Assert.Equal(
                [new("nothing", true), new("seven", false), new("none", true), new("one", false), new UnusedFeature("empty", false)],
                with.Encoder.Unused);
            Assert.Equal(without.Predict(numbers), with.Predict(table), (a, b) => Math.Abs(a - b) < 1e-9);
            Assert.All(with.Importance.Skip(2), importance => Assert.Equal(0, importance.Value));
        }
    }

    [Fact]
    public void A_feature_that_is_absent_or_of_another_kind_is_named()
    {
        var encoder = Fitted(32, 0, 1, 2, 3);
        var absent = Assert.Throws<LearningException>(() => encoder.Encode(new FeatureTable([new NumericColumn("n", [1])])));
        Assert.Equal((LearningFailure.FeatureMismatch, "the model needs the feature `c`, which the rows lack"), (absent.Failure, absent.Message));
        var other = Assert.Throws<LearningException>(() => encoder.Encode(new FeatureTable([new CategoryColumn("n", ["1"])])));
        Assert.Equal("the model learned `n` as a number, but the rows hold another kind of value", other.Message);
    }

    [Fact]
    public void A_table_refuses_two_columns_of_one_name_and_unequal_lengths()
    {
        Assert.Throws<ArgumentException>(() => new FeatureTable([new NumericColumn("n", [1]), new NumericColumn("n", [1])]));
        Assert.Throws<ArgumentException>(() => new FeatureTable([new NumericColumn("n", [1]), new NumericColumn("m", [1, 2])]));
    }
}
