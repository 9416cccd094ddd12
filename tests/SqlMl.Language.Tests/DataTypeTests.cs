using SqlMl.Language.Types;

namespace SqlMl.Language.Tests;

public sealed class DataTypeTests
{
    [Theory]
    [InlineData(DataType.Integer, DataType.Integer, DataType.Integer)]
    [InlineData(DataType.Integer, DataType.Number, DataType.Number)]
    [InlineData(DataType.Null, DataType.String, DataType.String)]
    [InlineData(DataType.String, DataType.Null, DataType.String)]
    [InlineData(DataType.Unknown, DataType.Instant, DataType.Instant)]
    [InlineData(DataType.Unknown, DataType.Null, DataType.Unknown)]
    [InlineData(DataType.Null, DataType.Unknown, DataType.Unknown)]
    [InlineData(DataType.String, DataType.Integer, null)]
    [InlineData(DataType.Boolean, DataType.Number, null)]
    [InlineData(DataType.Instant, DataType.String, null)]
    [InlineData(DataType.Set, DataType.String, null)]
    public void Two_types_have_one_common_type_or_none(DataType left, DataType right, DataType? common) =>
        Assert.Equal(common, DataTypes.Unify(left, right));

    [Theory]
    [InlineData("bigint", DataType.Integer)]
    [InlineData("DECIMAL(18,3)", DataType.Number)]
    [InlineData("Varchar(10)", DataType.String)]
    [InlineData("TIMESTAMP WITH TIME ZONE", DataType.Instant)]
    [InlineData("TIMESTAMP_NTZ(9)", DataType.Instant)]
    [InlineData("date", DataType.Instant)]
    [InlineData("boolean", DataType.Boolean)]
    [InlineData("VARCHAR[]", DataType.Unknown)]
    [InlineData("VARIANT", DataType.Unknown)]
    public void A_databases_word_gives_a_type(string word, DataType type) => Assert.Equal(type, DataTypes.FromSchema(word));

    [Theory]
    [InlineData("String", DataType.String)]
    [InlineData("int", DataType.Integer)]
    [InlineData("double", DataType.Number)]
    [InlineData("bool", DataType.Boolean)]
    [InlineData("timestamp", DataType.Instant)]
    [InlineData("variant", null)]
    public void A_cast_names_a_type_or_none(string word, DataType? type) => Assert.Equal(type, DataTypes.FromCastName(word));

    [Fact]
    public void Every_listed_cast_name_is_one() => Assert.All(DataTypes.CastNames, name => Assert.NotNull(DataTypes.FromCastName(name)));

    [Theory]
    [InlineData(DataType.Boolean, DataType.Integer, true)]
    [InlineData(DataType.Number, DataType.Boolean, true)]
    [InlineData(DataType.String, DataType.Instant, true)]
    [InlineData(DataType.Instant, DataType.String, true)]
    [InlineData(DataType.Unknown, DataType.Instant, true)]
    [InlineData(DataType.Instant, DataType.Instant, true)]
    [InlineData(DataType.Instant, DataType.Number, false)]
    [InlineData(DataType.Integer, DataType.Instant, false)]
    [InlineData(DataType.Boolean, DataType.Instant, false)]
    [InlineData(DataType.Set, DataType.String, false)]
    public void A_cast_has_one_meaning_or_is_refused(DataType from, DataType to, bool can) => Assert.Equal(can, DataTypes.CanCast(from, to));

    [Fact]
    public void Every_type_has_words_of_its_own()
    {
        var words = Enum.GetValues<DataType>().Select(type => type.Words()).ToList();
        Assert.Equal(words.Count, words.Distinct().Count());
    }
}
