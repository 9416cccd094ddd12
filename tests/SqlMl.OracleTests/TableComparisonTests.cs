using System.Collections.Immutable;

namespace SqlMl.OracleTests;

/// <summary>The comparison finds what differs, and nothing else.</summary>
public sealed class TableComparisonTests
{
    private static readonly DateTime Day = new(2024, 1, 1);

    [Fact]
    public void Order_and_the_last_digits_of_numbers_do_not_matter()
    {
        var expected = Table(Row("a", 0.1 + 0.2, "train"), Row("b", null, "test"), Row("b", null, "train"));
        var actual = Table(Row("b", null, "train"), Row("a", 0.3, "train"), Row("b", null, "test"));

        Assert.Null(TableComparison.Difference(expected, actual));
    }

    [Theory]
    [InlineData("a", 0.30001, "train")]
    [InlineData("a", null, "train")]
    [InlineData("a", 0.3, "test")]
    [InlineData("A", 0.3, "train")]
    [InlineData("", 0.3, "train")]
    public void A_row_with_another_value_is_found(string key, double? value, string split)
    {
        Assert.NotNull(TableComparison.Difference(Table(Row("a", 0.3, "train")), Table(Row(key, value, split))));
    }

    [Fact]
    public void A_missing_or_doubled_row_and_another_column_are_found()
    {
        var one = Table(Row("a", 1, "train"));

        Assert.NotNull(TableComparison.Difference(one, Table()));
        Assert.NotNull(TableComparison.Difference(one, Table(Row("a", 1, "train"), Row("a", 1, "train"))));
        Assert.NotNull(TableComparison.Difference(one, one with { Columns = one.Columns.SetItem(2, "w") }));
    }

    private static ResultTable Table(params ImmutableArray<ImmutableArray<object?>> rows) => new(["key", "cutoff", "v", "split"], rows);

    private static ImmutableArray<object?> Row(string key, double? value, string split) => [key, Day, value, split];
}
