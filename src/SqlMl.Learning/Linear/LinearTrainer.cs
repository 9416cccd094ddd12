using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>
/// Least squares with scikit-learn's Ridge objective, sum (y_i - w'x_i - b)^2 + alpha w'w, the intercept not penalised: solved at once by the normal
/// equations of centred columns. Deterministic, also across thread counts.
/// </summary>
internal sealed class LinearTrainer : ITrainer
{
    public TrainerDefinition Definition { get; } = new(
        "linear",
        "Linear regression by least squares with an L2 penalty.",
        [LearningTask.Regression],
        [
            new() { Name = "alpha", Default = "1", Minimum = 0, Maximum = 1e12, Description = "The strength of the penalty: larger is smoother, 0 is plain least squares." },
            new() { Name = "scale", Default = "standard", Words = ["standard", "none"], Description = "Whether columns are brought to mean 0 and deviation 1 first, so that the penalty treats them alike." },
            new() { Name = "seed", Aliases = ["random_state"], Default = "0", IsWhole = true, Minimum = 0, Maximum = int.MaxValue, Description = "Accepted for symmetry; nothing in this trainer is random." },
        ]);

    public IPredictor Train(TrainingData data)
    {
        data.Cancellation.ThrowIfCancellationRequested();
        var terms = LinearTerm.Learn(data.Encoder, data.Matrix, data.Parameters.Word("scale") == "standard");
        var design = terms.Select(term => term.Design(data.Matrix.Columns[term.Column])).ToArray();
        var centres = Array.ConvertAll(design, Centre);
        var labels = (double[])data.Targets.Values.Clone();
        var mean = Centre(labels);

        var equations = new double[design.Length, design.Length];
        Parallel.For(0, design.Length, left =>
        {
            for (var right = 0; right <= left; right++)
                equations[left, right] = equations[right, left] = VectorSums.Dot(design[left], design[right]);
            equations[left, left] += data.Parameters.Number("alpha");
        });
        var weights = DampedCholesky.Solve(Matrix<double>.Build.DenseOfArray(equations), Array.ConvertAll(design, column => VectorSums.Dot(column, labels)));
        data.Progress?.Report(new TrainingProgress(1, 1));
        return LinearModel.Of(data.Encoder, terms, [.. weights, mean - VectorSums.Dot(weights, centres)], converged: true);
    }

    public IPredictor Read(JsonElement model, FeatureEncoder encoder, LearningTask task, int classCount) => LinearModel.Read(model, encoder);

    /// <summary>Takes the mean away from every value, and returns it.</summary>
    private static double Centre(double[] values)
    {
        var mean = values.Sum() / values.Length;
        for (var row = 0; row < values.Length; row++)
            values[row] -= mean;
        return mean;
    }
}
