using System.Collections.Immutable;

namespace SqlMl.Semantics;

/// <summary>How rows are divided: two parts are train and test, three have validation between.</summary>
public abstract record BoundSplit;

/// <summary>By time, at the boundaries between cutoffs that are nearest to shares of rows; purged.</summary>
public sealed record BoundTimeSplit(ImmutableArray<decimal> Parts) : BoundSplit;

/// <summary>By time, at one or two stated UTC instants, ascending, each the first of the later part; purged.</summary>
public sealed record BoundInstantSplit(ImmutableArray<DateTime> Instants) : BoundSplit;

/// <summary>At random by row: shares of rows, within each label where it is stratified.</summary>
public sealed record BoundRandomSplit(ImmutableArray<decimal> Parts, long Seed, bool IsStratified) : BoundSplit;

/// <summary>At random by entity: shares of entities, all rows of one in one part.</summary>
public sealed record BoundEntitySplit(ImmutableArray<decimal> Parts, long Seed) : BoundSplit;
