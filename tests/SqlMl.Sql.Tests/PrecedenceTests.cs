using static SqlMl.Sql.Tests.Tree;

namespace SqlMl.Sql.Tests;

/// <summary>
/// Random trees are printed, read back by a small parser with the usual SQL ranks, and compared in a fully bracketed form:
/// a bracket too few gives another tree. A bracket too many is found by taking each pair away.
/// </summary>
public sealed class PrecedenceTests
{
    private static readonly string[] Comparisons = ["=", "<>", "<", "<=", ">", ">="];

    public static TheoryData<string> Dialects { get; } = [.. SqlDialects.All.Select(dialect => dialect.Name)];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void What_is_read_back_is_the_tree_that_was_printed(string name)
    {
        var dialect = SqlDialects.Find(name)!;
        var random = new Random(20240131);
        var bracketed = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var tree = Grow(random, random.Next(1, 6));
            var text = dialect.Print(tree);
            Assert.Equal(Bracketed(tree), new Parser(text).ReadAll());
            if (text.Contains('(', StringComparison.Ordinal))
                bracketed++;
        }

        Assert.InRange(bracketed, 500, 2_900);
    }

    [Fact]
    public void No_bracket_is_needless()
    {
        var random = new Random(7);
        var examined = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var tree = Grow(random, 3);
            var text = DuckDb.Print(tree);
            for (var open = text.IndexOf('(', StringComparison.Ordinal); open >= 0; open = text.IndexOf('(', open + 1))
            {
                // A list's brackets, and those between two minus signs, are part of the syntax.
                if (text[..open].EndsWith("IN ", StringComparison.Ordinal) || text[open..].StartsWith("(-", StringComparison.Ordinal))
                    continue;
                var close = Closing(text, open);
                var without = text.Remove(close, 1).Remove(open, 1);
                Assert.False(Reads(without) == Bracketed(tree), $"{text} could be {without}");
                examined++;
            }
        }

        Assert.True(examined > 500, $"only {examined} brackets were examined");
    }

    private static string? Reads(string text)
    {
        try
        {
            return new Parser(text).ReadAll();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static int Closing(string text, int open)
    {
        var depth = 0;
        for (var i = open; ; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
                return i;
        }
    }

    private static SqlExpression Grow(Random random, int depth)
    {
        if (depth == 0 || random.Next(8) == 0)
            return random.Next(3) == 0 ? Int(random.Next(-3, 4)) : Col(((char)('a' + random.Next(5))).ToString());

        SqlExpression Next() => Grow(random, depth - 1);
        return random.Next(8) switch
        {
            0 => new SqlNot(Next()),
            1 => new SqlNegate(Next()),
            2 => new SqlIsNull(Next(), random.Next(2) == 0),
            3 => new SqlBetween(Next(), Next(), Next(), random.Next(2) == 0),
            4 => new SqlIn(Next(), [Next(), Next()], random.Next(2) == 0),
            5 => new SqlLike(Next(), Next(), random.Next(2) == 0, random.Next(2) == 0),
            _ => Op(Next(), (SqlBinaryOperator)random.Next(13), Next()),
        };
    }

    private static string Symbol(SqlBinaryOperator operation) => operation switch
    {
        SqlBinaryOperator.Or => "OR",
        SqlBinaryOperator.And => "AND",
        <= SqlBinaryOperator.GreaterOrEqual => Comparisons[operation - SqlBinaryOperator.Equal],
        _ => "+-*/%"[operation - SqlBinaryOperator.Add].ToString(),
    };

    /// <summary>AND and OR are associative, so their runs are one flat bracket.</summary>
    private static string Bracketed(SqlExpression tree) => tree switch
    {
        SqlColumn column => column.Name.Name,
        SqlInteger number when number.Value < 0 => $"[- {-number.Value}]",
        SqlInteger number => number.Value.ToString(),
        SqlNot not => $"[NOT {Bracketed(not.Operand)}]",
        SqlNegate negate => $"[- {Bracketed(negate.Operand)}]",
        SqlIsNull test => $"[{Bracketed(test.Operand)} IS {Negation(test.IsNegated)}NULL]",
        SqlBetween between => $"[{Bracketed(between.Operand)} {Negation(between.IsNegated)}BETWEEN {Bracketed(between.Low)} {Bracketed(between.High)}]",
        SqlIn test => $"[{Bracketed(test.Operand)} {Negation(test.IsNegated)}IN {string.Join(' ', test.Candidates.Select(Bracketed))}]",
        SqlLike like => $"[{Bracketed(like.Operand)} {Negation(like.IsNegated)}{(like.IgnoresCase ? "ILIKE" : "LIKE")} {Bracketed(like.Pattern)}]",
        SqlBinary { Operator: SqlBinaryOperator.And or SqlBinaryOperator.Or } binary =>
            $"[{string.Join($" {Symbol(binary.Operator)} ", Sides(binary, binary.Operator).Select(Bracketed))}]",
        SqlBinary binary => $"[{Bracketed(binary.Left)} {Symbol(binary.Operator)} {Bracketed(binary.Right)}]",
        _ => throw new NotSupportedException(tree.GetType().Name),
    };

    private static IEnumerable<SqlExpression> Sides(SqlExpression tree, SqlBinaryOperator connective) =>
        tree is SqlBinary binary && binary.Operator == connective
            ? Sides(binary.Left, connective).Concat(Sides(binary.Right, connective))
            : [tree];

    private static string Negation(bool isNegated) => isNegated ? "NOT " : "";

    private sealed class Parser(string text)
    {
        private readonly string[] tokens =
        [
            .. text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal)
                .Replace(",", " , ", StringComparison.Ordinal).Replace("-", " - ", StringComparison.Ordinal)
                .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
        ];

        private int at;

        public string ReadAll()
        {
            if (text.Contains("--", StringComparison.Ordinal))
                throw new FormatException("a comment");
            var all = Expression();
            return at == tokens.Length ? all : throw new FormatException($"unread: {tokens[at]}");
        }

        private string Expression() => Connected("OR", () => Connected("AND", Not));

        private string Connected(string connective, Func<string> side)
        {
            List<string> sides = [side()];
            while (Take(connective))
                sides.Add(side());
            return sides is [var only] ? only : $"[{string.Join($" {connective} ", sides)}]";
        }

        private string Not() => Take("NOT") ? $"[NOT {Not()}]" : Predicate();

        private string Predicate()
        {
            var left = Sum();
            if (Array.Find(Comparisons, Take) is { } comparison)
                return $"[{left} {comparison} {Sum()}]";
            if (Take("IS"))
                return $"[{left} IS {Negation(Take("NOT"))}{Expect("NULL")}]";
            var negation = Negation(Take("NOT"));
            if (Take("BETWEEN"))
            {
                var low = Sum();
                Expect("AND");
                return $"[{left} {negation}BETWEEN {low} {Sum()}]";
            }

            if (Take("IN"))
            {
                Expect("(");
                List<string> candidates = [Expression()];
                while (Take(","))
                    candidates.Add(Expression());
                Expect(")");
                return $"[{left} {negation}IN {string.Join(' ', candidates)}]";
            }

            if (Take("LIKE"))
                return $"[{left} {negation}LIKE {Sum()}]";
            if (Take("ILIKE"))
                return $"[{left} {negation}ILIKE {Sum()}]";
            return negation.Length == 0 ? left : throw new FormatException("NOT without a predicate");
        }

        private string Sum() => LeftToRight(["+", "-"], () => LeftToRight(["*", "/", "%"], Sign));

        private string LeftToRight(string[] operators, Func<string> side)
        {
            var left = side();
            while (Array.Find(operators, Take) is { } operation)
                left = $"[{left} {operation} {side()}]";
            return left;
        }

        private string Sign() => Take("-") ? $"[- {Sign()}]" : Primary();

        private string Primary()
        {
            if (!Take("("))
                return at < tokens.Length && char.IsLetterOrDigit(tokens[at][0]) ? tokens[at++] : throw new FormatException("no operand");
            var inner = Expression();
            Expect(")");
            return inner;
        }

        private bool Take(string token)
        {
            if (at == tokens.Length || tokens[at] != token)
                return false;
            at++;
            return true;
        }

        private string Expect(string token) => Take(token) ? token : throw new FormatException($"no {token}");
    }
}
