using System.Collections.Immutable;

namespace SqlMl.Language.Functions;

/// <summary>The aggregates of the language, each in a file of its own under `Aggregates/`.</summary>
public static class AggregateCatalogue
{
    /// <summary>All aggregates, in the order of the reference.</summary>
    public static ImmutableArray<AggregateDefinition> All { get; } =
    [
        Aggregates.Count, Aggregates.CountDistinct, Aggregates.Exists, Aggregates.Sum, Aggregates.Average, Aggregates.Min, Aggregates.Max,
        Aggregates.First, Aggregates.Last, Aggregates.MinBy, Aggregates.MaxBy, Aggregates.StandardDeviation, Aggregates.Median,
        Aggregates.Quantile, Aggregates.Mode, Aggregates.TopValues, Aggregates.Entropy, Aggregates.Share, Aggregates.Trend, Aggregates.LongestGap,
        Aggregates.ActiveDays,
    ];

    private static readonly Dictionary<string, AggregateDefinition> ByName =
        All.ToDictionary(definition => definition.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The aggregate of that name, case ignored; null when there is none.</summary>
    public static AggregateDefinition? Find(string name) => ByName.GetValueOrDefault(name);
}
