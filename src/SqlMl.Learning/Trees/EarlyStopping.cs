namespace SqlMl.Learning;

/// <summary>Follows the weighted log loss of rows kept apart, tree by tree, and says when it has not improved for too long.</summary>
internal sealed class EarlyStopping
{
    private readonly float[] _rows;
    private readonly int _columnCount;
    private readonly bool[] _labels;
    private readonly ClassWeights _weights;
    private readonly float[] _margins;
    private readonly int _patience;
    private double _bestLoss = double.PositiveInfinity;
    private int _rounds;

    private EarlyStopping(EncodedMatrix matrix, bool[] labels, ClassWeights weights, float baseMargin, int patience)
    {
        (_columnCount, _labels, _weights, _patience) = (matrix.ColumnCount, labels, weights, patience);
        _rows = new float[matrix.RowCount * matrix.ColumnCount];
        BoostedTrees.CopyRows(matrix, 0, matrix.RowCount, _rows);
        _margins = new float[matrix.RowCount];
        Array.Fill(_margins, baseMargin);
    }

    /// <summary>The number of trees with the lowest loss so far; at least 1 after the first tree.</summary>
    public int BestRounds { get; private set; }

    /// <summary>Null when there are no rows apart, or stopping is off.</summary>
    public static EarlyStopping? For(TrainingData data, ClassWeights weights, float baseMargin)
    {
        var patience = data.Parameters.Whole("early_stopping");
        return data.Validation is { RowCount: > 0 } validation && patience > 0
            ? new EarlyStopping(validation, data.ValidationLabels, weights, baseMargin, patience)
            : null;
    }

    public bool ShouldStopAfter(RegressionTree tree)
    {
        _rounds++;
        var loss = 0.0;
        for (var row = 0; row < _margins.Length; row++)
        {
            _margins[row] += tree.Predict(_rows.AsSpan(row * _columnCount, _columnCount));
            var probability = Sigmoid.Of(_labels[row] ? _margins[row] : -_margins[row]);
            loss -= _weights.Of(_labels[row]) * Math.Log(Math.Max(probability, 1e-15));
        }

        if (loss < _bestLoss)
            (_bestLoss, BestRounds) = (loss, _rounds);
        return _rounds - BestRounds >= _patience;
    }
}
