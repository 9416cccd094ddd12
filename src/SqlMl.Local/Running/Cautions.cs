using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Trainers;
using SqlMl.Learning;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>What a careful reader would ask of a model's figures, answered before being asked.</summary>
internal static class Cautions
{
    private const int FewRows = 50;

    /// <summary>How many classes a caution names.</summary>
    private const int Named = 5;

    /// <summary>The cautions that apply, the gravest first.</summary>
    public static ImmutableArray<string> Of(
        CompiledModel model, TrainedModel trained, ImmutableArray<PartSummary> parts, EvaluationSummary? test, IEnumerable<string> aboutHistory)
    {
        var cautions = ImmutableArray.CreateBuilder<string>();
        if (model.GivenText is { } given)
        {
            cautions.Add($"Not deployable as measured: the population depends on the future. Training and test hold only cutoffs with {given}, which scoring cannot know; the figures do not hold for everybody who is scored.");
        }
        if (!model.LeftOut.IsEmpty)
        {
            cautions.Add($"Left out, because only the warehouse can compute {(model.LeftOut.Length == 1 ? "it" : "them")}: {string.Join(", ", model.LeftOut)}. The model of the warehouse learns from more than this one.");
        }
        if (test is null) cautions.Add("There is no test part with rows: nothing says how good the model is on cutoffs it has not seen.");
        else AddAboutTest(cautions, test);
        if (parts[0].Labels is ClassSummary classes) AddAboutRareClasses(cautions, classes);
        if (model.Split.Kind == "random")
        {
            cautions.Add($"The split is random: cutoffs of one {model.Entity}, with label windows that overlap, lie in several parts, which flatters the figures. A split by time asks the question that scoring asks.");
        }
        if (model.Split.Kind == "entity")
        {
            cautions.Add($"The split is by {model.Entity}: the test part is other {model.Entity} keys at the same time, so the figures do not show how the model fares later.");
        }
        cautions.AddRange(aboutHistory);
        if (parts.All(part => part.Name != "validation"))
        {
            var lost = model.Task == LearningTask.BinaryClassification ? "the threshold is one half and the trees cannot stop early" : "the trees cannot stop early";
            if (model.Task == LearningTask.BinaryClassification || trained.TreeCount is not null)
                cautions.Add($"Without a validation part {lost}; `split by time 70 / 15 / 15` makes one.");
        }
        if (!trained.Converged) cautions.Add("The fit ran out of iterations before it reached its optimum; raise `max_iterations`.");
        if (trained.Importance is [{ Share: > 0.8 } first, _, ..])
            cautions.Add($"One feature, {first.Feature}, carries {Words.Percent(first.Share)} of the model: make sure that it is known at the cutoff in production too.");
        if (!trained.Encoder.Unused.IsEmpty)
            cautions.Add($"Never varying in the training rows, so without influence: {string.Join(", ", trained.Encoder.Unused.Select(unused => unused.Name))}.");
        return cautions.ToImmutable();
    }

    private static void AddAboutTest(ImmutableArray<string>.Builder cautions, EvaluationSummary test)
    {
        switch (test)
        {
            case BinaryEvaluation binary:
                AddAboutTest(cautions, binary);
                break;
            case RegressionEvaluation numbers:
                AddAboutTest(cautions, numbers);
                break;
            case MultiClassEvaluation classes:
                AddAboutTest(cautions, classes);
                break;
        }
    }

    private static void AddAboutTest(ImmutableArray<string>.Builder cautions, RegressionEvaluation test)
    {
        if (test.Rows < FewRows) cautions.Add($"The test part has only {Words.Count(test.Rows, "row")}: the figures are rough.");
        if (test.R2 > 0.99) cautions.Add("An R² this near to 1 is rare in honest data: look for a feature that is only known once the label is.");
        if (test.Rmse >= test.ConstantRmse)
            cautions.Add("On the test part the predictions are no better than the training part's mean for everybody.");
        var shift = Math.Abs(test.Mean - test.TrainingMean);
        if (shift > test.ConstantRmse / 2)
            cautions.Add($"The label is {Words.Value(test.TrainingMean)} on average in the training rows but {Words.Value(test.Mean)} in the test rows: the world moved, and the predictions lag behind.");
    }

    private static void AddAboutTest(ImmutableArray<string>.Builder cautions, MultiClassEvaluation test)
    {
        if (test.Rows < FewRows) cautions.Add($"The test part has only {Words.Count(test.Rows, "row")}: the figures are rough.");
        if (test.UnknownRows > 0)
        {
            var unknown = test.Classes.Skip(test.Confusion[0].Length).Select(figures => $"'{figures.Class}'").ToList();
            cautions.Add($"{Words.Count(test.UnknownRows, "test row")} of {(unknown.Count == 1 ? "a class" : "classes")} that training never saw {(test.UnknownRows == 1 ? "counts as an error" : "count as errors")}: {string.Join(", ", unknown.Take(Named))}{(unknown.Count > Named ? ", ..." : "")}.");
        }
        if (test.Accuracy > 0.99) cautions.Add("An accuracy this near to 1 is rare in honest data: look for a feature that is only known once the label is.");
        if (test.LogLoss >= test.ConstantLogLoss)
            cautions.Add("As probabilities, the predictions are no better than the training part's shares for everybody.");
    }

    private static void AddAboutRareClasses(ImmutableArray<string>.Builder cautions, ClassSummary train)
    {
        var rare = train.Classes.Where(count => count.Rows < Learner.MinimumRowsOfClass).Select(count => $"'{count.Class}'").ToList();
        if (rare.Count == 0) return;
        cautions.Add($"{(rare.Count == 1 ? "One class has" : $"{rare.Count} classes have")} fewer than {Learner.MinimumRowsOfClass} training rows and cannot be learned: {string.Join(", ", rare.Take(Named))}{(rare.Count > Named ? ", ..." : "")}. `case when` can gather them.");
    }

    private static void AddAboutTest(ImmutableArray<string>.Builder cautions, BinaryEvaluation test)
    {
        var negatives = test.Rows - test.Positives;
        if (test.Positives == 0 || negatives == 0)
        {
            cautions.Add($"The label is {(test.Positives == 0 ? "false" : "true")} in every test row: no figure tells good order from bad.");
            return;
        }
        if (Math.Min(test.Positives, negatives) < FewRows)
        {
            var scarcer = test.Positives <= negatives ? Words.Count(test.Positives, "positive row") : Words.Count(negatives, "negative row");
            cautions.Add($"The test part has only {scarcer}: AUC is known to about ±{Words.Metric(1.96 * AucError(test))}, and the other figures are as rough.");
        }
        if (test.Auc > 0.99) cautions.Add("An AUC this near to 1 is rare in honest data: look for a feature that is only known once the label is.");
        if (test.Auc < 0.55) cautions.Add("On the test part the model orders rows hardly better than a coin.");
        if (test.LogLoss >= test.ConstantLogLoss)
            cautions.Add("As probabilities, the predictions are no better than the training part's base rate for everybody; their order may still be useful.");
        var (low, high) = (Math.Min(test.BaseRate, test.TrainingRate), Math.Max(test.BaseRate, test.TrainingRate));
        if (high > 1.5 * low)
            cautions.Add($"The label is true in {Words.Percent(test.TrainingRate)} of the training rows but in {Words.Percent(test.BaseRate)} of the test rows: the world moved, and the probabilities lag behind.");
    }

    /// <summary>The standard error of AUC by Hanley and McNeil (1982), formula 1 with their exponential approximation.</summary>
    private static double AucError(BinaryEvaluation test)
    {
        var (auc, positives, negatives) = (test.Auc, (double)test.Positives, (double)(test.Rows - test.Positives));
        var (q1, q2) = (auc / (2 - auc), 2 * auc * auc / (1 + auc));
        var variance = (auc * (1 - auc)) + ((positives - 1) * (q1 - (auc * auc))) + ((negatives - 1) * (q2 - (auc * auc)));
        return Math.Sqrt(Math.Max(variance, 0) / (positives * negatives));
    }
}
