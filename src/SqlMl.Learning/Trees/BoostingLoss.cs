using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>What boosting minimises: the gradient and hessian of each row in XGBoost's way, and the loss that early stopping follows.</summary>
internal abstract class BoostingLoss
{
    /// <summary>The trees of a round: one, or one a class.</summary>
    public virtual int Groups => 1;

    /// <summary>The prior, as XGBoost's `base_score`: a probability for truth values, elsewhere a margin.</summary>
    public abstract float BaseScore { get; }

    /// <summary>The fixed-point units in which this round's sums over all rows stay in range.</summary>
    public abstract FixedPoint Units { get; }

    /// <summary>The loss of the training rows that the data ask for.</summary>
    public static BoostingLoss For(TrainingData data) => data.Targets.Task switch
    {
        LearningTask.BinaryClassification => new LogisticLoss(
            data.Targets.Values, ClassWeights.From(data.Parameters.Word("class_weight"), data.Targets).WithPositive(data.Parameters.Number("scale_pos_weight"))),
        LearningTask.Regression => new SquaredLoss(data.Targets.Values),
        _ => new SoftmaxLoss(data.Targets, ClassWeights.From(data.Parameters.Word("class_weight"), data.Targets)),
    };

    /// <summary>Takes the margins at the beginning of a round, by group and row; all trees of the round are fitted to them.</summary>
    public abstract void Begin(float[][] margins, WorkerTeam team);

    /// <summary>The derivatives by one group's margin.</summary>
    public abstract (double Gradient, double Hessian) At(int row, int group);

    /// <summary>The weighted loss of a row that is not fitted, by the margins of its groups.</summary>
    public abstract double LossOf(double target, ReadOnlySpan<double> margins);
}

/// <summary>`binary:logistic`.</summary>
internal sealed class LogisticLoss : BoostingLoss
{
    private readonly double[] _targets;
    private readonly ClassWeights _weights;
    private float[] _margins = [];

    public LogisticLoss(double[] targets, ClassWeights weights)
    {
        (_targets, _weights) = (targets, weights);
        var total = weights.OfRows(targets).Sum();
        Units = new FixedPoint(total, total);
        var positives = targets.Count(target => target == 1);
        var positive = weights.Of(1) * positives;
        var negative = weights.Of(0) * (targets.Length - positives);
        BaseScore = (float)Math.Clamp(positive / (positive + negative), 1e-6, 1 - 1e-6);
    }

    public override float BaseScore { get; }

    public override FixedPoint Units { get; }

    public override void Begin(float[][] margins, WorkerTeam team) => _margins = margins[0];

    public override (double Gradient, double Hessian) At(int row, int group)
    {
        var weight = _weights.Of(_targets[row]);
        var probability = Sigmoid.Of(_margins[row]);
        return (weight * (probability - _targets[row]), weight * Math.Max(probability * (1 - probability), 1e-16));
    }

    public override double LossOf(double target, ReadOnlySpan<double> margins)
    {
        var probability = Sigmoid.Of(target == 1 ? margins[0] : -margins[0]);
        return -_weights.Of(target) * Math.Log(Math.Max(probability, 1e-15));
    }
}

/// <summary>`reg:squarederror`; the prior is the mean label, as XGBoost 2 estimates it.</summary>
internal sealed class SquaredLoss(double[] targets) : BoostingLoss
{
    private float[] _margins = [];
    private FixedPoint _units = new(targets.Length, targets.Length);

    public override float BaseScore { get; } = (float)(targets.Sum() / targets.Length);

    public override FixedPoint Units => _units;

    public override void Begin(float[][] margins, WorkerTeam team)
    {
        _margins = margins[0];
        var largest = 0.0;
        for (var row = 0; row < targets.Length; row++)
            largest = Math.Max(largest, Math.Abs(_margins[row] - targets[row]));
        _units = new FixedPoint(targets.Length * largest, targets.Length);
    }

    public override (double Gradient, double Hessian) At(int row, int group) => (_margins[row] - targets[row], 1);

    public override double LossOf(double target, ReadOnlySpan<double> margins) => (margins[0] - target) * (margins[0] - target);
}

/// <summary>`multi:softprob`, whose hessian is twice the diagonal of the true one, as XGBoost's.</summary>
internal sealed class SoftmaxLoss : BoostingLoss
{
    private const int Chunk = 4096;

    private readonly Targets _targets;
    private readonly ClassWeights _weights;
    private readonly double[] _probabilities;

    public SoftmaxLoss(Targets targets, ClassWeights weights)
    {
        (_targets, _weights, _probabilities) = (targets, weights, new double[targets.Values.Length * targets.ClassCount]);
        var total = weights.OfRows(targets.Values).Sum();
        Units = new FixedPoint(total, total);
    }

    public override int Groups => _targets.ClassCount;

    /// <summary>The same margin for every class, as XGBoost has it: only differences count, and the first trees learn the classes' shares.</summary>
    public override float BaseScore => 0.5f;

    public override FixedPoint Units { get; }

    public override void Begin(float[][] margins, WorkerTeam team)
    {
        var rows = _targets.Values.Length;
        team.Run((rows + Chunk - 1) / Chunk, rows * 10L * Groups, chunk =>
        {
            for (var row = chunk * Chunk; row < Math.Min(rows, (chunk + 1) * Chunk); row++)
            {
                var ofRow = _probabilities.AsSpan(row * Groups, Groups);
                for (var group = 0; group < ofRow.Length; group++)
                    ofRow[group] = margins[group][row];
                Softmax.Apply(ofRow);
            }
        });
    }

    public override (double Gradient, double Hessian) At(int row, int group)
    {
        var weight = _weights.Of(_targets.Values[row]);
        var probability = _probabilities[row * Groups + group];
        return (weight * (probability - (_targets.Values[row] == group ? 1 : 0)), weight * Math.Max(2 * probability * (1 - probability), 1e-16));
    }

    /// <summary>A class that training does not know is missed by every model alike.</summary>
    public override double LossOf(double target, ReadOnlySpan<double> margins) =>
        target < 0 ? 0 : _weights.Of(target) * Math.Min(Softmax.LossOf(margins, (int)target), -Math.Log(1e-15));
}
