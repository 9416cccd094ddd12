using static SqlMl.Sql.Tests.Tree;

namespace SqlMl.Sql.Tests;

public sealed class DeepTreeTests
{
    private const int Depth = 20_000;

    public static TheoryData<string> Dialects { get; } = [.. SqlDialects.All.Select(dialect => dialect.Name)];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void A_chain_of_conditions_is_one_list_whichever_way_it_leans(string name)
    {
        var dialect = SqlDialects.Find(name)!;
        var names = Enumerable.Range(0, Depth).Select(i => Col($"c{i}")).ToArray<SqlExpression>();
        var left = names.Aggregate(And);
        var right = names.Reverse().Aggregate((tail, head) => And(head, tail));
        var expected = $"SELECT *\nFROM t\nWHERE {string.Join("\n  AND ", Enumerable.Range(0, Depth).Select(i => $"c{i}"))};\n";

        Assert.Equal(expected, dialect.Print(Select(Table("t"), new SqlStar()) with { Where = [left] }));
        Assert.Equal(expected, dialect.Print(Select(Table("t"), new SqlStar()) with { Where = [right] }));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Nests_and_sums_of_any_depth_print(string name)
    {
        var dialect = SqlDialects.Find(name)!;
        SqlExpression nest = Col("a");
        SqlExpression sum = Col("a");
        for (var i = 0; i < Depth; i++)
        {
            nest = Call(SqlFunction.Abs, nest);
            sum = Op(sum, SqlBinaryOperator.Add, Int(1));
        }

        Assert.Equal(Depth, Count(dialect.Print(nest), "ABS("));
        Assert.Equal(Depth, Count(dialect.Print(sum), "+ 1"));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Queries_and_joins_of_any_depth_print(string name)
    {
        var dialect = SqlDialects.Find(name)!;
        SqlQuery nest = Select(Table("t"), new SqlStar());
        SqlTable left = Table("t");
        SqlTable right = Table("t");
        for (var i = 0; i < Depth; i++)
        {
            nest = Select(new SqlDerivedTable(nest, new SqlName("d")), new SqlStar());
            left = new SqlJoin(left, SqlJoinKind.Cross, Table("t"), []);
            right = new SqlJoin(Table("t"), SqlJoinKind.Cross, right, []);
        }

        Assert.Equal(Depth, Count(dialect.Print(nest), ") AS d"));
        Assert.Equal(Depth, Count(dialect.Print(Select(left, new SqlStar())), "CROSS JOIN"));
        Assert.Equal(Depth, Count(dialect.Print(Select(right, new SqlStar())), "CROSS JOIN"));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
