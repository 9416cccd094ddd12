using SqlMl.Syntax.Parsing;

namespace SqlMl.Syntax.Tests;

public sealed class CorpusTests
{
    [Fact]
    public void Every_form_of_the_language_parses_without_a_diagnostic_or_an_ambiguity()
    {
        foreach (var program in Corpus.All)
        {
            Assert.NotEmpty(ParseTesting.Valid(program).Declarations);
            Assert.Empty(ParseTesting.Ambiguities(program));
        }
    }

    [Fact]
    public void Every_program_of_the_acceptance_corpus_parses_without_a_diagnostic_or_an_ambiguity()
    {
        var blocks = TestFiles.SqlMlBlocks(TestFiles.SharedProgramsOrSkip()).ToList();
        Assert.True(blocks.Count > 50, $"only {blocks.Count} blocks found");
        foreach (var block in blocks)
        {
            ParseTesting.Valid(block);
            Assert.Empty(ParseTesting.Ambiguities(block));
        }
    }

    [Fact]
    public void The_ambiguity_check_sees_a_program_that_does_not_parse() => Assert.NotEmpty(ParseTesting.Ambiguities("var a = 1"));

    [Fact]
    public void Every_word_that_is_not_reserved_is_a_name()
    {
        var words = Enumerable.Range(Generated.SqlMlLexer.AND, Generated.SqlMlLexer.ZONE).ToList();
        Assert.True(words.Count > 100);
        foreach (var type in words)
        {
            var word = Words.Spell(type);
            var isName = ParseTesting.Codes($"var {word}.{word} = count({word}.{word} where {word} = 1)").Length == 0;
            Assert.Equal(!Words.IsReserved(type), isName);
        }
    }

    [Fact]
    public void Exactly_the_words_of_rule_55_are_reserved()
    {
        string[] reserved =
        [
            "and", "or", "not", "in", "is", "null", "true", "false", "like", "ilike", "between", "case", "when", "then", "else", "end", "as",
            "where", "all", "auto", "cutoff", "anchor",
        ];
        Assert.Equal(reserved, Enumerable.Range(1, Generated.SqlMlLexer.ZONE).Where(Words.IsReserved).Select(Words.Spell));
    }
}
