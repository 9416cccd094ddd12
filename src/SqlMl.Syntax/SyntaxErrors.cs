using System.Globalization;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Syntax;

/// <summary>Every error that a text can have before its names are looked up: the block SML1xxx, one method a code.</summary>
internal static class SyntaxErrors
{
    public static Diagnostic UnclosedBlock(SourceSpan brace, string owner) =>
        Diagnostic.Error("SML1001", $"block of `{owner}` is never closed", brace, "opens here")
            .WithHelp("close it with `}`");

    public static Diagnostic UnclosedBracket(SourceSpan bracket) =>
        Diagnostic.Error("SML1002", $"`{bracket.Text}` is never closed", bracket, "opens here")
            .WithHelp($"close it with `{(bracket.Text == "(" ? ")" : "]")}`");

    public static Diagnostic UnopenedBracket(SourceSpan bracket) =>
        Diagnostic.Error("SML1003", $"`{bracket.Text}` closes nothing", bracket, "no open bracket that it could close")
            .WithHelp("remove it, or open the bracket it belongs to");

    public static Diagnostic UnclosedString(SourceSpan literal) =>
        Diagnostic.Error("SML1004", "string is never closed", literal, "no closing `'` follows")
            .WithHelp("close it with `'`; a quote inside a string is written twice: `'it''s'`");

    public static Diagnostic UnclosedDescription(SourceSpan literal) =>
        Diagnostic.Error("SML1005", "description is never closed", literal, "no closing `\"` on this line")
            .WithHelp("close it with `\"`; a quote inside a description is written `\\\"`");

    public static Diagnostic UnclosedQuotedName(SourceSpan name) =>
        Diagnostic.Error("SML1006", "name in backticks is never closed", name, "no closing backtick on this line")
            .WithHelp("close it with a backtick");

    public static Diagnostic UnexpectedCharacters(SourceSpan characters)
    {
        var shown = characters.Text.Length > 20 ? characters.Text[..20] + "..." : characters.Text;
        var isVisible = shown.All(c => !char.IsControl(c) && !char.IsWhiteSpace(c) && !char.IsSurrogate(c));
        var name = isVisible ? $"`{shown}`" : "U+" + char.ConvertToUtf32(Safe(shown), 0).ToString("X4", CultureInfo.InvariantCulture);
        return Diagnostic.Error("SML1007", $"{name} is not part of the language", characters, "no sign or letter of a program")
            .WithHelp("names with other letters or signs stand in backticks, texts in single quotes");
    }

    public static Diagnostic ForeignSign(SourceSpan sign)
    {
        var help = sign.Text switch
        {
            "!=" => "unequal is written `<>`",
            "==" => "equal is written `=`",
            "&&" => "conditions are joined with `and`",
            "||" => "conditions are joined with `or`, strings with `concat(a, b)`",
            _ => "clauses and declarations need no terminator",
        };
        return Diagnostic.Error("SML1008", $"`{sign.Text}` is a sign of another language", sign, "no operator here").WithHelp(help);
    }

    public static Diagnostic NestedTooDeeply(SourceSpan place, int limit) =>
        Diagnostic.Error("SML1009", $"nesting is deeper than {limit} levels", place, $"level {limit + 1}")
            .WithHelp("name parts of it as vars or columns");

    public static Diagnostic UnknownDeclaration(SourceSpan word, string? similar, string? home, IEnumerable<string> known) =>
        Diagnostic.Error("SML1010", $"`{word.Text}` begins no declaration", word, "no declaration begins like this")
            .WithHelp(Similar(similar))
            .WithHelp(similar is null && home is not null ? $"`{word.Text}` belongs into the braces of {home}" : null)
            .WithHelp(similar is null && home is null ? $"declarations begin with {List(known)}" : null);

    public static Diagnostic UnknownClause(SourceSpan word, string block, string unit, string? similar, string? home, IEnumerable<string> known) =>
        Diagnostic.Error("SML1011", $"`{word.Text}` begins no {unit} of {block}", word, $"no such {unit}, and nothing that continues the one before")
            .WithHelp(Similar(similar))
            .WithHelp(similar is null && home is not null ? $"`{word.Text}` belongs into the braces of {home}" : null)
            .WithHelp(similar is null ? $"{block} has {List(known)}" : null);

    public static Diagnostic MissingExpression(SourceSpan place, string before) =>
        Diagnostic.Error("SML1012", $"an expression is missing after `{before}`", place, "a value or condition fits here");

    public static Diagnostic MissingName(SourceSpan place, string before) =>
        Diagnostic.Error("SML1013", $"a name is missing after `{before}`", place, "a name fits here");

    public static Diagnostic EmptyName(SourceSpan place) =>
        Diagnostic.Error("SML1013", "a name is missing between the backticks", place, "empty");

    public static Diagnostic MissingDuration(SourceSpan place, string before) =>
        Diagnostic.Error("SML1014", $"a duration is missing after `{before}`", place, "a duration fits here")
            .WithHelp("write a number with a unit, such as `7 days`, or the name of a param that holds a duration");

    public static Diagnostic UnknownUnit(SourceSpan word, string? similar) =>
        Diagnostic.Error("SML1015", $"`{word.Text}` is not a unit of time", word, "a unit fits here")
            .WithHelp(Similar(similar) ?? Units);

    public static Diagnostic MissingUnit(SourceSpan place, string number) =>
        Diagnostic.Error("SML1015", $"the duration `{number}` lacks its unit", place, "a unit fits here").WithHelp(Units);

    public static Diagnostic ReservedName(SourceSpan word) =>
        Diagnostic.Error("SML1016", $"`{word.Text}` is reserved and cannot be a name", word, "a name fits here")
            .WithHelp($"write it in backticks: `` `{word.Text}` ``");

    public static Diagnostic Missing(SourceSpan place, string what, string before) =>
        Diagnostic.Error("SML1017", $"{what} is missing after `{before}`", place, $"{what} fits here");

    public static Diagnostic NotExpected(SourceSpan place, string found, string before, string? similar, string? fitting) =>
        Diagnostic.Error("SML1018", $"{found} does not fit after `{before}`", place, fitting is null ? "" : $"{fitting} fits here")
            .WithHelp(Similar(similar));

    public static Diagnostic NumberOutOfRange(SourceSpan number) =>
        Diagnostic.Error("SML1019", $"`{number.Text}` is out of range", number, "larger than any number a program can hold");

    public static Diagnostic NotACount(SourceSpan number) =>
        Diagnostic.Error("SML1019", $"`{number.Text}` is not a whole number between 1 and {int.MaxValue}", number, "counts something");

    public static Diagnostic MisplacedWindows(SourceSpan window) =>
        Diagnostic.Error("SML1020", "a list of windows stands in the middle of a value", window, "several lengths")
            .WithHelp("give one length here, or put the list at the end of the var or label, after a bracket if it is meant for several aggregates");

    public static Diagnostic MisplacedPivot(SourceSpan pivot) =>
        Diagnostic.Error("SML1021", "`by` does not follow an aggregate", pivot, "splits one aggregate by a column's values")
            .WithHelp("write it right behind the aggregate, its window last: `count(orders) by channel top 5 over 30 days`");

    public static Diagnostic MissingString(SourceSpan place, string before, bool isDescription) =>
        Diagnostic.Error("SML1022", $"a string is missing after `{before}`", place, "a string in single quotes fits here")
            .WithHelp(isDescription ? "double quotes hold descriptions; write strings in single quotes" : null);

    public static Diagnostic BrokenOff(SourceSpan last, string unit, SourceSpan next) =>
        Diagnostic.Error("SML1023", $"the {unit} breaks off after `{last.Text}`", last, "nothing follows")
            .WithLabel(next, $"begins the next {unit}");

    public static Diagnostic EmptyBlock(SourceSpan brace, string before) =>
        Diagnostic.Error("SML1024", $"the braces after `{before}` are empty", brace, "at least one line fits here");

    private const string Units = "units are second, minute, hour, day, week, month, quarter and year, with or without an s";

    private static string? Similar(string? word) => word is null ? null : $"a similar word fits here: `{word}`";

    private static string List(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"`{word}`"));

    // A lone half of a surrogate pair has no code point of its own.
    private static string Safe(string text) => char.IsSurrogate(text[0]) && !(text.Length > 1 && char.IsSurrogatePair(text[0], text[1])) ? "\uFFFD" : text;
}
