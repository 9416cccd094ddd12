namespace SqlMl.Sql;

/// <summary>One way of writing the SQL tree. Printing cannot fail and never warns.</summary>
public abstract class SqlDialect
{
    /// <summary>The name by which a program or command line asks for it, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>True when the dialect can read local files in a FROM clause.</summary>
    public abstract bool ReadsFiles { get; }

    /// <summary>True when the dialect has models of language that say what a text is about.</summary>
    public abstract bool HasTextModels { get; }

    /// <summary>True where counts over windows cost less two to a number, summed, than each by itself; measured, not presumed.</summary>
    public abstract bool PacksCounts { get; }

    /// <summary>True where MIN and MAX take values of every type that has an order.</summary>
    public abstract bool HasExtremesOfAnyType { get; }

    /// <summary>The script as text: one statement after another, each ended by a semicolon and a line break.</summary>
    public abstract string Print(SqlScript script);

    /// <summary>One expression as text, as it would stand in a select list.</summary>
    public abstract string Print(SqlExpression expression);
}
