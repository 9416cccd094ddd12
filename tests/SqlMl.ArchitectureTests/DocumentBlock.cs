using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SqlMl.Compiler;
using SqlMl.Language.Text;

namespace SqlMl.ArchitectureTests;

/// <summary>A fenced block of a page. The words behind its language say how it is tested:</summary>
/// <param name="Page">The page's path.</param>
/// <param name="Line">The line of its first fence.</param>
/// <param name="Language">`sqlml`, `sql`, `text`, ...</param>
/// <param name="Words">
/// `only=dialect` compiles it in that one alone; `name=x` makes it a prelude; `prelude=x` puts a prelude before it, `clauses` moves it into a model of its own, `error=SMLnnnn` says that it raises this,
/// `emit=stage` that it is a part of what that stage prints for the page's prelude.
/// </param>
/// <param name="Text">What stands between the fences.</param>
internal sealed partial record DocumentBlock(string Page, int Line, string Language, ImmutableDictionary<string, string> Words, string Text)
{
    /// <summary>Every fenced block of a page that names its language.</summary>
    public static IReadOnlyList<DocumentBlock> Read(RepositoryFile page) =>
    [
        .. FencePattern().Matches(page.Text).Select(match => new DocumentBlock(
            page.Path,
            page.Text[..match.Index].Count(character => character == '\n') + 1,
            match.Groups["language"].Value,
            match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Split('=', 2)).ToImmutableDictionary(word => word[0], word => word.Length > 1 ? word[1] : ""),
            match.Groups["text"].Value)),
    ];

    /// <summary>The whole program that the block stands for.</summary>
    public string Program(IEnumerable<DocumentBlock> page)
    {
        var text = Words.ContainsKey("clauses") ? Model(Text) : Text;
        if (!Words.TryGetValue("prelude", out var name)) return text;
        var prelude = page.Single(block => block.Words.GetValueOrDefault("name") == name).Text;
        // Vars are compiled where a model uses them, so that one is added where the block has none.
        return $"{prelude}\n{text}\n{(text.Contains("predict ", StringComparison.Ordinal) ? "" : Model(""))}";
    }

    /// <summary>What the program compiles to.</summary>
    public static CompiledProgram Compile(string program, string dialect) =>
        SqlMlCompiler.Compile([new SourceText("example.sqlml", program)], new CompileOptions { Dialect = dialect });

    // A model needs a label, cutoffs and a trainer; those that the block does not show are these.
    private static string Model(string clauses)
    {
        var missing = new[] { "label exists(orders) in next 30 days", "observe every 7 days", "train xgboost" }
            .Where(clause => !Regex.IsMatch(clauses, $@"^ *{clause.Split(' ')[0]}\b", RegexOptions.Multiline));
        return $"predict example for customer {{\n{clauses}\n{string.Join('\n', missing)}\n}}\n";
    }

    [GeneratedRegex("^```(?<language>[a-z]+)(?<words>[^\n]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencePattern();
}
