using System.Collections.Immutable;

namespace SqlMl.Testing.Programs;

/// <summary>Where the rows of a source lie that is not made from sources with entities.</summary>
public enum SourceStorage
{
    /// <summary>In the table or file that the source names itself.</summary>
    Own,

    /// <summary>In those of another source, which names neither entity nor time, and `from` which this one is made.</summary>
    OfRows,

    /// <summary>Nowhere: a query of the program, `sql { ... }`, lists them, and the source is made `from` it.</summary>
    Sql,
}

/// <summary>What a source is made from: its table is empty then, and what it declares comes on top.</summary>
/// <param name="Source">The source whose rows are taken, with its condition, knowledge and columns.</param>
public abstract record SourceOrigin(string Source);

/// <summary>`from source`, with or without a `join each` that gives a row once for each partner, and once where there is none.</summary>
public sealed record FromOrigin(string Source, JoinClause? Each) : SourceOrigin(Source);

/// <summary>`group source by columns { name = aggregate ... }`: a row for each combination of values, null being one.</summary>
public sealed record GroupOrigin(string Source, ImmutableArray<string> By, ImmutableArray<GroupColumn> Columns) : SourceOrigin(Source);

/// <summary>A column of a group: an aggregate over all of its rows.</summary>
public sealed record GroupColumn(string Name, AggregateExpression Value);
