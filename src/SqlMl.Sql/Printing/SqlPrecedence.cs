namespace SqlMl.Sql;

/// <summary>
/// How tightly the outermost construct of a piece of SQL binds, loosest first; what binds looser than its place allows is
/// bracketed.
/// </summary>
internal enum SqlPrecedence
{
    Or,
    And,
    Not,

    /// <summary>Comparisons, IS NULL, BETWEEN, IN, LIKE. They do not chain: an operand that is one itself is bracketed.</summary>
    Predicate,

    /// <summary>`||`. Its rank among the arithmetic operators is not documented everywhere, so beside them it is bracketed.</summary>
    Concatenation,

    Sum,
    Product,

    /// <summary>A leading minus, that of a negative constant included.</summary>
    Sign,

    Primary,
}
