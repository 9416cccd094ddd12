using SqlMl.Language.Types;

namespace SqlMl.Language.Functions;

/// <summary>What an aggregate yields where its window holds no row (language reference, empty windows).</summary>
public enum EmptyValue
{
    /// <summary>Null.</summary>
    Null,

    /// <summary>0.</summary>
    Zero,

    /// <summary>False.</summary>
    False,
}

/// <summary>What an aggregate asks of a column.</summary>
public enum ColumnRule
{
    /// <summary>Any type.</summary>
    Any,

    /// <summary>Integers or numbers.</summary>
    Numeric,

    /// <summary>True or false.</summary>
    Boolean,
}

/// <summary>The type that an aggregate yields.</summary>
public enum ResultRule
{
    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>The type of the first column; without a column, the instant of the row.</summary>
    FirstColumn,

    /// <summary>A set of values of the first column.</summary>
    Set,
}

/// <summary>The constant that an aggregate takes behind its columns.</summary>
/// <param name="Name">What the reference calls it.</param>
/// <param name="IsWhole">True for whole numbers alone.</param>
/// <param name="Least">The smallest value it can have.</param>
/// <param name="Most">The largest value it can have.</param>
/// <param name="Example">A value as a program would write it.</param>
public sealed record AggregateParameter(string Name, bool IsWhole, decimal Least, decimal Most, string Example)
{
    /// <summary>What it takes, in words: `a number from 0 to 1`.</summary>
    public string Words => $"a {(IsWhole ? "whole " : "")}number from {Least} to {Most}";

    /// <summary>True for a value that it can have.</summary>
    public bool Accepts(decimal value) => value >= Least && value <= Most && (!IsWhole || value == decimal.Truncate(value));
}

/// <summary>An aggregate of the language: how it is called and what it yields.</summary>
/// <param name="Name">As written in programs, in lower case.</param>
/// <param name="MinColumns">The fewest columns; 0 when it can take the source's rows alone.</param>
/// <param name="MaxColumns">The most columns; a constant behind them is not among them.</param>
/// <param name="Column">What its first column must be.</param>
/// <param name="Result">The type it yields.</param>
/// <param name="Empty">What it yields over no rows.</param>
/// <param name="Summary">One sentence for the reference: what it computes, and its null rule.</param>
public sealed record AggregateDefinition(
    string Name, int MinColumns, int MaxColumns, ColumnRule Column, ResultRule Result, EmptyValue Empty, string Summary)
{
    /// <summary>The constant behind its columns; null where it takes none.</summary>
    public AggregateParameter? Parameter { get; init; }

    /// <summary>True for what takes one row and yields its value as it is: a function of that value may as well be taken afterwards.</summary>
    public bool PicksRow { get; init; }

    /// <summary>True for what is computed from when rows happened.</summary>
    public bool ReadsTime { get; init; }

    /// <summary>The type it yields for a first column of type <paramref name="column"/>.</summary>
    public DataType ResultType(DataType column) => Result switch
    {
        ResultRule.Integer => DataType.Integer,
        ResultRule.Number => DataType.Number,
        ResultRule.Boolean => DataType.Boolean,
        ResultRule.Set => DataType.Set,
        _ => column,
    };
}
