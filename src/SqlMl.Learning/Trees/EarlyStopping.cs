namespace SqlMl.Learning;

/// <summary>Follows the loss of rows kept apart, round by round, and says when it has not improved for too long.</summary>
internal sealed class EarlyStopping
{
    private readonly float[] _rows;
    private readonly int _columnCount;
    private readonly double[] _targets;
    private readonly BoostingLoss _loss;
    private readonly float[][] _margins;
    private readonly int _patience;
    private double _bestLoss = double.PositiveInfinity;
    private int _rounds;

    private EarlyStopping(EncodedMatrix matrix, double[] targets, BoostingLoss loss, float baseMargin, int patience)
    {
        (_columnCount, _targets, _loss, _patience) = (matrix.ColumnCount, targets, loss, patience);
        _rows = new float[matrix.RowCount * matrix.ColumnCount];
        BoostedTrees.CopyRows(matrix, 0, matrix.RowCount, _rows);
        _margins = new float[loss.Groups][];
        for (var group = 0; group < _margins.Length; group++)
        {
            _margins[group] = new float[matrix.RowCount];
            Array.Fill(_margins[group], baseMargin);
        }
    }

    /// <summary>The number of rounds with the lowest loss so far; at least 1 after the first.</summary>
    public int BestRounds { get; private set; }

    /// <summary>Null when there are no rows apart, or stopping is off.</summary>
    public static EarlyStopping? For(TrainingData data, BoostingLoss loss, float baseMargin)
    {
        var patience = data.Parameters.Whole("early_stopping");
        return data.Validation is { RowCount: > 0 } validation && patience > 0
            ? new EarlyStopping(validation, data.ValidationTargets, loss, baseMargin, patience)
            : null;
    }

    /// <summary>Takes the trees of one round, one a group.</summary>
    public bool ShouldStopAfter(ReadOnlySpan<RegressionTree> round)
    {
        _rounds++;
        var loss = 0.0;
        Span<double> ofRow = stackalloc double[_margins.Length];
        for (var row = 0; row < _targets.Length; row++)
        {
            for (var group = 0; group < round.Length; group++)
            {
                _margins[group][row] += round[group].Predict(_rows.AsSpan(row * _columnCount, _columnCount));
                ofRow[group] = _margins[group][row];
            }

            loss += _loss.LossOf(_targets[row], ofRow);
        }

        if (loss < _bestLoss)
            (_bestLoss, BestRounds) = (loss, _rounds);
        return _rounds - BestRounds >= _patience;
    }
}
