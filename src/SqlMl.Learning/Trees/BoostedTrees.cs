using System.Collections.Immutable;
using System.Text.Json;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>
/// Sums of trees over a prior, as XGBoost's `gbtree` with `binary:logistic`, `reg:squarederror` or `multi:softprob`: sums and comparisons are in single
/// precision, so both give the same numbers.
/// </summary>
/// <param name="Task">What the sums are of: log-odds, numbers, or a margin a class.</param>
/// <param name="Groups">The number of sums: 1, or the number of classes.</param>
/// <param name="BaseScore">The prior: a probability for truth values, elsewhere a margin.</param>
/// <param name="FeatureNames">The encoded columns' names; empty where a file names none.</param>
/// <param name="FeatureTypes">XGBoost's types: `float`, or `i` for an indicator.</param>
/// <param name="FeatureCount">The number of encoded columns.</param>
/// <param name="Trees">The trees, in the order they are summed; the groups take turns.</param>
internal sealed record BoostedTrees(
    LearningTask Task,
    int Groups,
    float BaseScore,
    ImmutableArray<string> FeatureNames,
    ImmutableArray<string> FeatureTypes,
    int FeatureCount,
    ImmutableArray<RegressionTree> Trees) : IPredictor
{
    private const int BlockRows = 256;

    /// <summary>The margin of the prior, computed as XGBoost does.</summary>
    public float BaseMargin => Task == LearningTask.BinaryClassification ? -MathF.Log(1 / BaseScore - 1) : BaseScore;

    /// <summary>The total gain of the splits on each column.</summary>
    public ImmutableArray<double> ColumnImportance
    {
        get
        {
            var gains = new double[FeatureCount];
            foreach (var tree in Trees)
            {
                for (var node = 0; node < tree.NodeCount; node++)
                {
                    if (tree.Left[node] >= 0)
                        gains[tree.Feature[node]] += tree.Gain[node];
                }
            }

            return [.. gains];
        }
    }

    public double[] Margins(EncodedMatrix matrix)
    {
        var margins = new double[matrix.RowCount * Groups];
        var blocks = (matrix.RowCount + BlockRows - 1) / BlockRows;
        Parallel.For(0, blocks, () => new float[BlockRows * FeatureCount], (block, _, buffer) =>
        {
            var start = block * BlockRows;
            var count = Math.Min(BlockRows, matrix.RowCount - start);
            CopyRows(matrix, start, count, buffer);
            Span<float> sums = stackalloc float[BlockRows];
            for (var group = 0; group < Groups; group++)
            {
                sums.Fill(BaseMargin);
                for (var tree = group; tree < Trees.Length; tree += Groups)
                {
                    for (var row = 0; row < count; row++)
                        sums[row] += Trees[tree].Predict(buffer.AsSpan(row * FeatureCount, FeatureCount));
                }

                for (var row = 0; row < count; row++)
                    margins[(start + row) * Groups + group] = sums[row];
            }

            return buffer;
        }, _ => { });
        return margins;
    }

    public void Write(Utf8JsonWriter json) => XgBoostJson.Write(json, this);

    /// <summary>Copies rows side by side in single precision.</summary>
    internal static void CopyRows(EncodedMatrix matrix, int start, int count, Span<float> rows)
    {
        for (var column = 0; column < matrix.ColumnCount; column++)
        {
            var values = matrix.Columns[column].AsSpan(start, count);
            for (var row = 0; row < count; row++)
                rows[row * matrix.ColumnCount + column] = (float)values[row];
        }
    }
}
