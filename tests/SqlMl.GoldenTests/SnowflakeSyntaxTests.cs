namespace SqlMl.GoldenTests;

/// <summary>The Snowflake SQL of every golden case is SQL to a parser that is not ours.</summary>
public sealed class SnowflakeSyntaxTests : IDisposable
{
    private const int FewestFiles = 35;

    // `ALTER SESSION` and one query or table.
    private const int StatementsPerScript = 2;

    private static readonly string[] KnownStatements = ["alter_session", "create_table", "select"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqlml-syntax-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_emitted_statement_parses_as_what_it_is()
    {
        var files = GoldenCase.All.Select(item => Path.Combine(item.Folder, GoldenCase.SqlFile("snowflake"))).ToList();
        Assert.True(files.Count >= FewestFiles, $"only {files.Count} files were found");

        var parsed = SnowflakeParser.Parse(files);

        Assert.Equal(files, parsed.Select(file => file.File));
        var rejected = parsed.Where(file => file.Error is not null).ToDictionary(file => GoldenFolders.NameOf(Path.GetDirectoryName(file.File)!), file => file.Error!);
        var listed = Unparsed();
        Assert.True(rejected.Keys.All(listed.Contains), $"not Snowflake SQL to polyglot-sql:\n{string.Join('\n', rejected.Where(item => !listed.Contains(item.Key)).Select(item => $"{item.Key}: {item.Value}"))}");
        Assert.True(listed.All(rejected.ContainsKey), $"listed in unparsed.txt, and parsed all the same:\n{string.Join('\n', listed.Except(rejected.Keys))}");
        Assert.All(parsed.Where(file => file.Error is null), file =>
        {
            Assert.Equal(ScriptsIn(file.File) * StatementsPerScript, file.Statements.Length);
            // A parser may take what it does not know for a bare command; that would prove nothing.
            Assert.All(file.Statements, statement => Assert.Contains(statement, KnownStatements));
        });
    }

    [Theory]
    [InlineData("select without a value", "t.visitor,", "t.visitor, ,")]
    [InlineData("case without end", "END", "")]
    [InlineData("frame without its end", "AND 1 PRECEDING", "AND")]
    [InlineData("unclosed bracket", "COUNT(", "COUNT((")]
    public void The_parser_rejects_broken_sql(string what, string find, string replacement)
    {
        const string Sound = """
            CREATE OR REPLACE TABLE x AS
            SELECT t.visitor, CASE WHEN t.is_view THEN 1 END AS views,
                COUNT(t.a) OVER (PARTITION BY t.visitor ORDER BY t.instant RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS n
            FROM t;
            """;
        var (sound, broken) = (Write("sound.sql", Sound), Write("broken.sql", Sound.Replace(find, replacement, StringComparison.Ordinal)));

        var parsed = SnowflakeParser.Parse([sound, broken]);

        Assert.Equal(["create_table"], parsed[0].Statements);
        Assert.True(parsed[1].Error is not null, $"{what} was accepted");
    }

    [Fact]
    public void One_script_emitted_with_a_piece_torn_out_is_rejected()
    {
        var text = GoldenOutput.Scripts(GoldenCase.All[0].Compile("snowflake"));
        var torn = text.Remove(text.LastIndexOf("FROM", StringComparison.Ordinal), "FROM".Length);

        var parsed = SnowflakeParser.Parse([Write("whole.sql", text), Write("torn.sql", torn)]);

        Assert.Null(parsed[0].Error);
        Assert.NotNull(parsed[1].Error);
    }

    private static int ScriptsIn(string file) =>
        File.ReadLines(file).Count(line => line.StartsWith(GoldenOutput.ScriptMark, StringComparison.Ordinal));

    /// <summary>The reviewed list: a case a line and why the parser, not the SQL, is at fault.</summary>
    private static HashSet<string> Unparsed()
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(SnowflakeParser.Folder, "unparsed.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var parts = line.Split(": ", 2);
            Assert.True(parts.Length == 2 && parts[1].Length > 0, $"unparsed.txt gives no reason: {line}");
            Assert.True(listed.Add(parts[0]), $"unparsed.txt names a case twice: {line}");
        }
        return listed;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
