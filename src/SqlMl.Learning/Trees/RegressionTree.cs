namespace SqlMl.Learning;

/// <summary>
/// One tree in XGBoost's layout: parallel arrays by node, the root at 0, children after their parent. A row with a value goes left when
/// <c>value &lt; Condition</c> in single precision, a row without one goes by <see cref="DefaultLeft"/>; a leaf has no children (-1) and its value in <see cref="Condition"/>.
/// </summary>
internal sealed class RegressionTree
{
    public required int[] Left { get; init; }

    public required int[] Right { get; init; }

    /// <summary>The parent of each node; <see cref="int.MaxValue"/> for the root.</summary>
    public required int[] Parent { get; init; }

    /// <summary>The encoded column a node splits on; 0 for a leaf.</summary>
    public required int[] Feature { get; init; }

    /// <summary>The split value, or the leaf's value.</summary>
    public required float[] Condition { get; init; }

    public required bool[] DefaultLeft { get; init; }

    /// <summary>How much the split lowered the objective (twice, as XGBoost counts); 0 for a leaf.</summary>
    public required float[] Gain { get; init; }

    /// <summary>The sum of hessians of the training rows in the node.</summary>
    public required float[] Cover { get; init; }

    /// <summary>The weight the node would have as a leaf.</summary>
    public required float[] Weight { get; init; }

    public int NodeCount => Left.Length;

    /// <summary>A tree whose arrays have room for that many nodes, all zero.</summary>
    public static RegressionTree OfSize(int nodes) => new()
    {
        Left = new int[nodes],
        Right = new int[nodes],
        Parent = new int[nodes],
        Feature = new int[nodes],
        Condition = new float[nodes],
        DefaultLeft = new bool[nodes],
        Gain = new float[nodes],
        Cover = new float[nodes],
        Weight = new float[nodes],
    };

    /// <summary>The leaf value of one row of encoded columns.</summary>
    public float Predict(ReadOnlySpan<float> row)
    {
        var node = 0;
        while (Left[node] >= 0)
        {
            var value = row[Feature[node]];
            var goesLeft = float.IsNaN(value) ? DefaultLeft[node] : value < Condition[node];
            node = goesLeft ? Left[node] : Right[node];
        }

        return Condition[node];
    }
}
