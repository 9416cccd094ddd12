using System.Collections.Frozen;
using Antlr4.Runtime;
using static SqlMl.Syntax.Generated.SqlMlLexer;

namespace SqlMl.Syntax.Parsing;

/// <summary>What stands between a pair of braces, as far as it decides which words begin a line there.</summary>
internal sealed record BlockKind(string Description, string Unit, FrozenSet<int> Starts)
{
    /// <summary>The program itself: declarations.</summary>
    public static BlockKind Program { get; } =
        new("the program", "declaration", Set(SOURCE, ENTITY, VAR, PREDICT, VIEW, COHORT, PARAM, IMPORT, TEST));

    /// <summary>A source's braces.</summary>
    public static BlockKind Source { get; } = new("a source", "clause", Set(
        TABLE, FILE, FROM, ENTITY, IDS, TIME, KNOWN, DELAY, COMPLETE, KEY, LATE, PLANNED, JOIN, WHERE, COLUMN, VALID, ORDER, STATIC));

    /// <summary>An entity's braces.</summary>
    public static BlockKind Entity { get; } = new("an entity", "clause", Set(ID, IGNORE, AT, STITCH));

    /// <summary>A prediction's braces.</summary>
    public static BlockKind Predict { get; } = new("a prediction", "clause", Set(
        LABEL, VAR, WHEN, GIVEN, OBSERVE, UNTIL, SAMPLE, ALLOW, REQUIRE, USING, TRAIN, SPLIT, RETRAIN, SCHEDULE, SCORE, RANK, OUTPUT));

    /// <summary>An output's braces.</summary>
    public static BlockKind Output { get; } = new("an output", "line", Set(
        SCORE, PERCENTILE, DECILE, RAW, CLASS, BAND, HOLDOUT, ATTRIBUTE, REASONS, KEEP));

    /// <summary>The blocks whose lines are clauses.</summary>
    public static IReadOnlyList<BlockKind> WithClauses { get; } = [Source, Entity, Predict, Output];

    /// <summary>The words that begin a line here, in alphabetical order.</summary>
    public IReadOnlyList<string> StartWords { get; } = [.. Starts.Select(Words.Spell).Order(StringComparer.Ordinal)];

    private static FrozenSet<int> Set(params int[] types) => types.ToFrozenSet();
}

/// <summary>Which words are reserved, which are names, and where a line begins.</summary>
internal static class Words
{
    private static readonly FrozenSet<int> Continuations = new[]
    {
        EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, PLUS, STAR, SLASH, PERCENT,
        COMMA, DOT, CAST, COLON, RPAREN, RBRACKET,
    }.ToFrozenSet();

    /// <summary>The names of all units of time, in both numbers.</summary>
    public static IReadOnlyList<string> Units { get; } =
        [.. Enumerable.Range(SECOND, YEAR - SECOND + 1).SelectMany(type => new[] { Spell(type), Spell(type) + "s" })];

    /// <summary>The word or sign of a token type as it is written; null for types that are not one fixed text.</summary>
    public static string Spell(int type) =>
        DefaultVocabulary.GetLiteralName(type)?.Trim('\'') ?? DefaultVocabulary.GetSymbolicName(type).ToLowerInvariant();

    /// <summary>True for the words that are never a name outside backticks.</summary>
    public static bool IsReserved(int type) => type is >= AND and <= ANCHOR;

    /// <summary>True for a unit of time.</summary>
    public static bool IsUnit(int type) => type is >= SECOND and <= YEAR;

    /// <summary>True for a word that is a keyword in its place and a name elsewhere.</summary>
    public static bool IsKeywordOrName(int type) => type is >= SECOND and <= ZONE;

    /// <summary>True for whatever can be a name.</summary>
    public static bool IsName(int type) => type is WORD or QUOTED_NAME || IsKeywordOrName(type);

    /// <summary>True for anything made of letters: reserved, keyword or name.</summary>
    public static bool IsWord(int type) => type is WORD || type is >= AND and <= ZONE;

    /// <summary>
    /// True where the token at <paramref name="index"/> begins a declaration: its keyword and what must follow. Inside braces
    /// the clauses that begin with the same words (`entity x by`, `var x =`) are told apart by the third token.
    /// </summary>
    public static bool BeginsDeclaration(IReadOnlyList<SourceToken> tokens, int index)
    {
        var next = TypeAt(tokens, index + 1);
        return tokens[index].Type switch
        {
            IMPORT or TEST => next == STRING,
            SOURCE => IsName(next) && TypeAt(tokens, index + 2) is LBRACE or EQUAL,
            ENTITY => IsName(next) && TypeAt(tokens, index + 2) != BY,
            VAR => IsName(next) && TypeAt(tokens, index + 2) == DOT,
            PREDICT or VIEW or COHORT => IsName(next) && TypeAt(tokens, index + 2) == FOR,
            PARAM => IsName(next) && TypeAt(tokens, index + 2) == EQUAL,
            _ => false,
        };
    }

    /// <summary>
    /// True where the token can begin a line of the block. At the beginning of a line of text its word suffices, unless what
    /// follows makes it a name; in the middle, two operands never stand side by side, so a clause's first two words behind
    /// an operand begin a clause, too.
    /// </summary>
    public static bool BeginsLine(IReadOnlyList<SourceToken> tokens, int index, BlockKind block)
    {
        if (index >= tokens.Count) return false;
        var (token, next) = (tokens[index], TypeAt(tokens, index + 1));
        if (block == BlockKind.Program)
        {
            return BeginsDeclaration(tokens, index) && (token.IsFirstOnLine || index == 0 || EndsOperand(tokens[index - 1].Type));
        }
        if (!block.Starts.Contains(token.Type) || Continuations.Contains(next)) return false;
        if (token.IsFirstOnLine && !BelongsToOtherClauses(token.Type)) return true;
        return SecondWordFits(tokens, index, block) && (token.IsFirstOnLine || EndsOperand(tokens[index - 1].Type));
    }

    // `until` also bounds `observe`, `from` is in `valid from`, and so on: alone they prove nothing.
    private static bool BelongsToOtherClauses(int type) => type is UNTIL or FROM or AT or SCORE or TIME;

    private static bool SecondWordFits(IReadOnlyList<SourceToken> tokens, int index, BlockKind block)
    {
        var next = TypeAt(tokens, index + 1);
        return tokens[index].Type switch
        {
            UNTIL => next == FIRST,
            SCORE when block == BlockKind.Predict => next == ONLY,
            AT => next == MOST,
            KNOWN => next == AT,
            COMPLETE => next == UNTIL,
            ORDER => next == BY,
            VALID => next == FROM,
            ALLOW => next == IMMATURE,
            REQUIRE => next == HISTORY,
            RETRAIN => next == AFTER,
            SCHEDULE => next == SCORE,
            RANK => next == TOP,
            OUTPUT => next == LBRACE,
            STITCH => next == AS,
            REASONS => next == TOP,
            KEEP => next == LAST,
            FILE => next == STRING,
            SAMPLE => next == NUMBER,
            COLUMN or VAR => IsName(next) && TypeAt(tokens, index + 2) == EQUAL,
            ENTITY => IsName(next) && TypeAt(tokens, index + 2) == BY,
            STATIC or PLANNED => next == RBRACE || block.Starts.Contains(next),
            _ => next != LPAREN,
        };
    }

    /// <summary>The type of a token, or that of the file's end past the last one.</summary>
    public static int TypeAt(IReadOnlyList<SourceToken> tokens, int index) => index < tokens.Count ? tokens[index].Type : TokenConstants.EOF;

    private static bool EndsOperand(int type) =>
        type is NUMBER or STRING or DESCRIPTION or RPAREN or RBRACKET or RBRACE or LBRACE or NULL or TRUE or FALSE or END or CUTOFF or PERCENT || IsName(type);
}
