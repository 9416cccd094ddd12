using System.Globalization;
using System.Text;
using static SqlMl.Sql.Tests.Tree;

namespace SqlMl.Sql.Tests;

/// <summary>
/// Names, strings and comments that try to become code. The printed text is cut into tokens by a reader of its own, written
/// from the dialects' lexical rules, and must give the very same values back.
/// </summary>
public sealed class HostileTextTests
{
    private static readonly string[] Texts =
    [
        "", "'", "''", "\\", "\\'", "'; DROP TABLE t; --", "--", "/*", "*/", "$$", "\"", "\"\"", "a\nb", "a\r\nb", "\r", "\t", "\0", "a\0b",
        "\u0085", "\u2028x", "\u2029", "\u202Eabc", "\\n", "\\u0041", "é", "日本", "🤦🏼", " ", "a b", "//", "#", "%", "{0}", "\\\\", "x'--\n'", "\u001b[31m",
    ];

    public static TheoryData<string, int> Cases { get; } =
        [.. from dialect in SqlDialects.All from text in Enumerable.Range(0, Texts.Length) select (dialect.Name, text)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_string_comes_back_as_it_was(string dialect, int text)
    {
        var printed = SqlDialects.Find(dialect)!.Print(new SqlString(Texts[text]));
        Assert.DoesNotContain(printed, char.IsControl);
        Assert.Equal(Texts[text], Value(Tokens(printed, dialect == "snowflake")));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_name_comes_back_as_it_was(string dialect, int text)
    {
        var printed = SqlDialects.Find(dialect)!.Print(new SqlColumn(null, new SqlName(Texts[text], IsExact: true)));
        var token = Assert.Single(Tokens(printed, dialect == "snowflake"));
        Assert.Equal('"', token.Kind);
        Assert.Equal(Texts[text].Replace('\0', '\uFFFD'), token.Text);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_comment_never_becomes_code(string dialect, int text)
    {
        var hostile = Texts[text] + "SELECT\n1; \u2028 SELECT 2 \r DROP";
        var query = new SqlSelect([Item(Col("a")) with { Comment = hostile }, Item(Col("b")) with { Comment = hostile }], Table("t"));
        var script = new SqlScript([hostile], [
            new SqlQueryStatement(new SqlWith([new SqlStep(new SqlName("x"), [hostile, ""], query)], query)),
            new SqlQueryStatement(new SqlWith([new SqlStep(new SqlName("x"), [], query)], Select(Table("x"), new SqlScalarQuery(query)))),
        ]);
        var bare = new SqlScript([], [
            new SqlQueryStatement(new SqlWith([new SqlStep(new SqlName("x"), [], Select(Table("t"), Col("a"), Col("b")))], Select(Table("t"), Col("a"), Col("b")))),
            new SqlQueryStatement(new SqlWith(
                [new SqlStep(new SqlName("x"), [], Select(Table("t"), Col("a"), Col("b")))],
                Select(Table("x"), new SqlScalarQuery(Select(Table("t"), Col("a"), Col("b")))))),
        ]);

        var printed = SqlDialects.Find(dialect)!.Print(script);
        Assert.Equal(
            Tokens(SqlDialects.Find(dialect)!.Print(bare), dialect == "snowflake"),
            Tokens(printed, dialect == "snowflake"));
        Assert.DoesNotContain(printed, sign => sign != '\n' && (char.IsControl(sign) || sign is '\u2028' or '\u2029' or '\u202E'));
    }

    [Fact]
    public void A_comment_behind_the_last_column_of_a_nested_query_leaves_the_bracket_alone()
    {
        var commented = new SqlSelect([Item(Int(1)) with { Comment = "one" }], null);
        Assert.Equal("(\n  SELECT\n    1  -- one\n)", DuckDb.Print(new SqlScalarQuery(commented)));
        Assert.Equal("SELECT\n  1  -- one\n;\n", DuckDb.Print(commented));
    }

    private static string Value(List<(char Kind, string Text)> tokens)
    {
        // 'text' || CHR(10) || 'more': what DuckDB joins.
        var value = new StringBuilder();
        foreach (var (kind, text) in tokens)
        {
            if (kind == '\'')
                value.Append(text);
            else if (kind == '0')
                value.Append((char)int.Parse(text, CultureInfo.InvariantCulture));
            else
                Assert.Contains(text, (string[])["|", "CHR", "(", ")"]);
        }

        return value.ToString();
    }

    private static List<(char Kind, string Text)> Tokens(string sql, bool hasBackslashes)
    {
        var tokens = new List<(char, string)>();
        for (var i = 0; i < sql.Length;)
        {
            var sign = sql[i];
            if (char.IsWhiteSpace(sign))
            {
                i++;
            }
            else if (sql[i..].StartsWith("--", StringComparison.Ordinal))
            {
                while (i < sql.Length && sql[i] is not ('\n' or '\r'))
                    i++;
            }
            else if (sign is '\'' or '"')
            {
                tokens.Add((sign, Quoted(sql, ref i, hasBackslashes && sign == '\'')));
            }
            else if (char.IsLetterOrDigit(sign) || sign == '_')
            {
                var start = i;
                while (i < sql.Length && (char.IsLetterOrDigit(sql[i]) || sql[i] == '_'))
                    i++;
                tokens.Add((char.IsDigit(sign) ? '0' : 'a', sql[start..i]));
            }
            else
            {
                tokens.Add((' ', sign.ToString()));
                i++;
            }
        }

        return tokens;
    }

    private static string Quoted(string sql, ref int i, bool hasBackslashes)
    {
        var quote = sql[i++];
        var value = new StringBuilder();
        while (true)
        {
            var sign = sql[i++];
            if (sign == quote)
            {
                if (i == sql.Length || sql[i] != quote)
                    return value.ToString();
                i++;
            }
            else if (hasBackslashes && sign == '\\')
            {
                sign = sql[i++];
                if (sign == 'u')
                {
                    sign = (char)int.Parse(sql.AsSpan(i, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    i += 4;
                }
                else
                {
                    sign = sign switch { 'n' => '\n', 'r' => '\r', 't' => '\t', _ => sign };
                }
            }

            value.Append(sign);
        }
    }
}
