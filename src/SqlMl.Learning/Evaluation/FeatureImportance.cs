using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>How much a feature contributes to a model.</summary>
/// <param name="Feature">The feature, or the encoded column.</param>
/// <param name="Value">Trees: the total gain of its splits. Logistic: the absolute standardised coefficient, summed over its columns.</param>
/// <param name="Share">Its part of the sum over all features, 0 to 1; 0 when nothing contributes.</param>
public sealed record FeatureImportance(string Feature, double Value, double Share)
{
    /// <summary>One entry a name, values of equal names added; largest first, ties by name.</summary>
    internal static ImmutableArray<FeatureImportance> Of(IEnumerable<(string Name, double Value)> contributions)
    {
        var values = contributions
            .GroupBy(contribution => contribution.Name, contribution => contribution.Value, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Value: group.Sum()))
            .ToList();
        var total = values.Sum(value => value.Value);
        return
        [
            .. values
                .OrderByDescending(value => value.Value)
                .ThenBy(value => value.Name, StringComparer.Ordinal)
                .Select(value => new FeatureImportance(value.Name, value.Value, total > 0 ? value.Value / total : 0)),
        ];
    }
}
