using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>Turns a <see cref="FeatureTable"/> into numbers in the way learned from the training rows; equal training rows give an equal encoder, whatever their order.</summary>
public sealed class FeatureEncoder
{
    /// <summary>The most levels of one category or set that get a column of their own.</summary>
    public const int DefaultMaxLevels = 32;

    /// <summary>Trees compare in single precision, and squares must stay finite in double.</summary>
    private const double LargestMagnitude = 1e38;

    internal FeatureEncoder(ImmutableArray<FeatureEncoding> features, ImmutableArray<UnusedFeature> unused)
    {
        Features = features;
        Unused = unused;
        Columns = NameColumns(features);
    }

    /// <summary>One encoding a feature, in the table's order.</summary>
    public ImmutableArray<FeatureEncoding> Features { get; }

    /// <summary>The encoded columns: each feature's columns side by side, features in order.</summary>
    public ImmutableArray<EncodedColumn> Columns { get; }

    /// <summary>The features that never vary in the training rows, in order; to be reported, nothing fails because of them.</summary>
    public ImmutableArray<UnusedFeature> Unused { get; }

    /// <summary>Learns levels from the given rows of <paramref name="table"/> only; no other row has any influence.</summary>
    public static FeatureEncoder Fit(FeatureTable table, ReadOnlySpan<int> rows, int maxLevels = DefaultMaxLevels)
    {
        var features = ImmutableArray.CreateBuilder<FeatureEncoding>(table.Columns.Length);
        var unused = ImmutableArray.CreateBuilder<UnusedFeature>();
        foreach (var column in table.Rows(rows).Columns)
        {
            var (encoding, missing, varies) = Learn(column, maxLevels);
            features.Add(encoding);
            if (!varies)
                unused.Add(new UnusedFeature(column.Name, missing == rows.Length));
        }

        return new FeatureEncoder(features.MoveToImmutable(), unused.ToImmutable());
    }

    /// <summary>Encodes every row. Features are found by name, so other columns and another order do no harm; a value unseen in training is `other`.</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.FeatureMismatch"/>: a feature is absent or of another kind.</exception>
    internal EncodedMatrix Encode(FeatureTable table)
    {
        var encoded = new List<double[]>(Columns.Length);
        foreach (var feature in Features)
        {
            switch (feature, table.Find(feature.Name))
            {
                case (NumericEncoding, NumericColumn numbers):
                    encoded.Add(Bounded(numbers.Values));
                    break;
                case (CategoryEncoding category, CategoryColumn values):
                    encoded.AddRange(Indicators(category.Levels, values.RowCount, row => values.Values[row] is { } value ? [value] : null));
                    break;
                case (SetEncoding set, SetColumn values):
                    encoded.AddRange(Indicators(set.Levels, values.RowCount, row => values.Values[row]));
                    break;
                case (_, null):
                    throw new LearningException(LearningFailure.FeatureMismatch, $"the model needs the feature `{feature.Name}`, which the rows lack");
                default:
                    throw new LearningException(LearningFailure.FeatureMismatch, $"the model learned `{feature.Name}` as a {KindOf(feature)}, but the rows hold another kind of value");
            }
        }

        return new EncodedMatrix(table.RowCount, [.. encoded]);
    }

    internal static string KindOf(FeatureEncoding feature) => feature switch
    {
        NumericEncoding { IsBoolean: true } => "boolean",
        NumericEncoding => "number",
        CategoryEncoding => "category",
        _ => "set",
    };

    private static (FeatureEncoding Encoding, int Missing, bool Varies) Learn(FeatureColumn column, int maxLevels)
    {
        switch (column)
        {
            case NumericColumn numbers:
                var known = Array.FindAll(numbers.Values, double.IsFinite);
                var missing = numbers.RowCount - known.Length;
                var varies = known.Length > 0 && (missing > 0 || Array.Exists(known, value => value != known[0]));
                return (new NumericEncoding(column.Name, numbers.IsBoolean), missing, varies);
            case CategoryColumn categories:
                var (levels, nulls, differ) = Levels(categories.RowCount, row => categories.Values[row] is { } value ? [value] : null, maxLevels);
                return (new CategoryEncoding(column.Name, levels), nulls, differ);
            default:
                var sets = (SetColumn)column;
                (levels, nulls, differ) = Levels(sets.RowCount, row => sets.Values[row], maxLevels);
                return (new SetEncoding(column.Name, levels), nulls, differ);
        }
    }

    private static (ImmutableArray<string> Levels, int Missing, bool Varies) Levels(int rowCount, Func<int, string[]?> elements, int maxLevels)
    {
        var rowsHolding = new Dictionary<string, int>(StringComparer.Ordinal);
        var missing = 0;
        for (var row = 0; row < rowCount; row++)
        {
            if (elements(row) is not { } held)
            {
                missing++;
                continue;
            }

            foreach (var element in held.Distinct(StringComparer.Ordinal))
                rowsHolding[element] = rowsHolding.GetValueOrDefault(element) + 1;
        }

        var varies = missing < rowCount && (missing > 0 || rowsHolding.Values.Any(count => count < rowCount));
        var levels = rowsHolding
            .OrderByDescending(level => level.Value)
            .ThenBy(level => level.Key, StringComparer.Ordinal)
            .Take(maxLevels)
            .Select(level => level.Key);
        return ([.. levels], missing, varies);
    }

    /// <summary>Infinities are missing and other magnitudes are cut to <see cref="LargestMagnitude"/>; the usual array, which needs neither, is not copied.</summary>
    private static double[] Bounded(double[] values) =>
        Array.Exists(values, value => Math.Abs(value) > LargestMagnitude)
            ? Array.ConvertAll(values, value => double.IsInfinity(value) ? double.NaN : Math.Clamp(value, -LargestMagnitude, LargestMagnitude))
            : values;

    private static double[][] Indicators(ImmutableArray<string> levels, int rowCount, Func<int, string[]?> elements)
    {
        var position = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var level in levels)
            position.Add(level, position.Count);
        var columns = new double[levels.Length + 1][];
        for (var column = 0; column < columns.Length; column++)
            columns[column] = new double[rowCount];
        for (var row = 0; row < rowCount; row++)
        {
            if (elements(row) is { } held)
            {
                foreach (var element in held)
                    columns[position.GetValueOrDefault(element, levels.Length)][row] = 1;
            }
            else
            {
                foreach (var column in columns)
                    column[row] = double.NaN;
            }
        }

        return columns;
    }

    private static ImmutableArray<EncodedColumn> NameColumns(ImmutableArray<FeatureEncoding> features)
    {
        var columns = ImmutableArray.CreateBuilder<EncodedColumn>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var feature = 0; feature < features.Length; feature++)
        {
            var name = features[feature].Name;
            if (features[feature] is NumericEncoding numeric)
            {
                columns.Add(new EncodedColumn(Unique(name, taken), feature, numeric.IsBoolean));
                continue;
            }

            var levels = features[feature] is CategoryEncoding category ? category.Levels : ((SetEncoding)features[feature]).Levels;
            foreach (var level in levels.Add("(other)"))
                columns.Add(new EncodedColumn(Unique($"{name}={level}", taken), feature, IsIndicator: true));
        }

        return columns.ToImmutable();
    }

    /// <summary>The name without the three signs XGBoost forbids, numbered from 2 where that, or an odd level, makes two names equal.</summary>
    private static string Unique(string name, HashSet<string> taken)
    {
        var allowed = name.Replace('[', '_').Replace(']', '_').Replace('<', '_');
        var candidate = allowed;
        for (var number = 2; !taken.Add(candidate); number++)
            candidate = $"{allowed}_{number}";
        return candidate;
    }
}
