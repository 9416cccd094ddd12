using System.Text.Json;

namespace SqlMl.Learning.Tests;

public class MetricsTests
{
    [Fact]
    public void A_case_computed_by_hand_has_these_values()
    {
        bool[] labels = [true, false, true, false, true];
        double[] p = [0.9, 0.8, 0.5, 0.5, 0.2];
        var metrics = BinaryMetrics.Compute(labels, p, 0.5);

        // Pairs (positive, negative): .9>.8 .9>.5 | .5<.8 .5=.5 | .2<.8 .2<.5 = 2 + 0.5 of 6.
        Assert.Equal(2.5 / 6, metrics.Auc!.Value, 1e-15);
        // Recall steps of 1/3 at .9 (1/1), .5 (2/4), .2 (3/5).
        Assert.Equal((1 + 0.5 + 0.6) / 3, metrics.AveragePrecision!.Value, 1e-15);
        Assert.Equal(new ConfusionMatrix(2, 2, 0, 1), metrics.Confusion);
        Assert.Equal((0.4, 0.5, 2 / 3.0, 4 / 7.0), (metrics.Accuracy, metrics.Precision, metrics.Recall, metrics.F1));
        Assert.Equal((0.01 + 0.64 + 0.25 + 0.25 + 0.64) / 5, metrics.Brier, 1e-15);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.2) + 2 * Math.Log(0.5) + Math.Log(0.2)) / 5, metrics.LogLoss, 1e-15);
        Assert.Equal((5, 0.6), (metrics.Count, metrics.BaseRate));
        Assert.Equal([new(0, 0, double.PositiveInfinity), new(0, 1 / 3.0, 0.9), new(0.5, 1 / 3.0, 0.8), new(1, 2 / 3.0, 0.5), new RocPoint(1, 1, 0.2)], metrics.Roc);
        Assert.Equal([new(1 / 3.0, 1, 0.9), new(1 / 3.0, 0.5, 0.8), new(2 / 3.0, 0.5, 0.5), new PrecisionRecallPoint(1, 0.6, 0.2)], metrics.PrecisionRecall);
        Assert.Equal([new(0.2, 1, 1), new(0.5, 0.5, 2), new(0.8, 0, 1), new CalibrationBin(0.9, 1, 1)], metrics.Calibration);
        Assert.Equal((0.8 + 0 + 0.8 + 0.1) / 5, metrics.ExpectedCalibrationError, 1e-15);
    }

    [Fact]
    public void One_class_has_no_auc_and_certain_mistakes_have_a_finite_loss()
    {
        var metrics = BinaryMetrics.Compute([false, false], [0, 1], 0.5);
        Assert.Null(metrics.Auc);
        Assert.Null(metrics.AveragePrecision);
        Assert.Empty(metrics.Roc);
        Assert.Empty(metrics.PrecisionRecall);
        Assert.Equal(-Math.Log(1e-15) / 2, metrics.LogLoss, 0.1);
        Assert.Equal((0, 0, 0), (metrics.Precision, metrics.Recall, metrics.F1));
        Assert.Null(BinaryMetrics.Compute([true], [0.5], 0.5).Auc);
        Assert.Equal(LearningFailure.TooFewRows, Assert.Throws<LearningException>(() => BinaryMetrics.Compute([], [], 0.5)).Failure);
        Assert.Throws<ArgumentException>(() => BinaryMetrics.Compute([true], [0.5, 0.5], 0.5));
    }

    [Fact]
    public void Random_scores_with_many_ties_agree_with_scikit_learn()
    {
        var random = new Random(11);
        var p = Enumerable.Range(0, 3_000).Select(i => i % 2 == 0 ? Math.Round(random.NextDouble(), 2) : random.NextDouble()).ToArray();
        var labels = Array.ConvertAll(p, value => random.NextDouble() < value * value);
        var ours = BinaryMetrics.Compute(labels, p, 0.4);
        var theirs = PythonReference.Run(
            """
            import numpy as np
            from sklearn import metrics as m
            y, p = np.array(input['labels']), np.array(input['p'])
            c = p >= 0.4
            print(json.dumps([m.roc_auc_score(y, p), m.average_precision_score(y, p), m.log_loss(y, p, eps=1e-15), m.brier_score_loss(y, p),
                m.accuracy_score(y, c), m.precision_score(y, c), m.recall_score(y, c), m.f1_score(y, c),
                max(m.f1_score(y, p >= t) for t in np.unique(p)), max(t for t in np.unique(p) if m.recall_score(y, p >= t) >= 0.8)]))
            """, JsonSerializer.Serialize(new { labels, p })).Doubles();
        var best = OperatingPoint.BestF1(labels, p);
        double[] expected =
        [
            ours.Auc!.Value, ours.AveragePrecision!.Value, ours.LogLoss, ours.Brier, ours.Accuracy, ours.Precision, ours.Recall, ours.F1,
            BinaryMetrics.Compute(labels, p, best.Threshold).F1, OperatingPoint.AtRecall(labels, p, 0.8).Threshold,
        ];
        Assert.Equal(theirs, expected, (a, b) => Math.Abs(a - b) < 1e-10);
        Assert.Equal(200, ours.Roc.Length);
        Assert.Equal(new RocPoint(1, 1, p.Min()), ours.Roc[^1]);
        Assert.Equal(200, ours.PrecisionRecall.Length);
    }

    [Fact]
    public void Calibration_bins_hold_equal_rows_keep_ties_together_and_ignore_the_order_of_rows()
    {
        var p = Enumerable.Range(0, 1_000).Select(i => i / 1_000.0).ToArray();
        var bins = BinaryMetrics.Compute(Array.ConvertAll(p, value => value >= 0.5), p, 0.5).Calibration;
        Assert.Equal(Enumerable.Repeat(100, 10), bins.Select(bin => bin.Count));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], bins.Select(bin => bin.Observed));
        Assert.Equal(0.0495, bins[0].MeanPredicted, 1e-12);

        bool[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 3 == 0)];
        var tied = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 0.25 : 0.75).ToArray();
        var table = BinaryMetrics.Compute(labels, tied, 0.5).Calibration;
        Assert.Equal([50, 50], table.Select(bin => bin.Count));
        Array.Reverse(labels);
        Array.Reverse(tied);
        Assert.Equal(table, BinaryMetrics.Compute(labels, tied, 0.5).Calibration);
    }

    [Fact]
    public void Operating_points_follow_their_rules_and_fall_back_to_one_half()
    {
        bool[] labels = [true, true, false, true, false, false];
        double[] p = [0.9, 0.7, 0.6, 0.4, 0.3, 0.1];
        Assert.Equal(new OperatingPoint(0.4, "best f1"), OperatingPoint.BestF1(labels, p));
        Assert.Equal(new OperatingPoint(0.7, "recall 0.6"), OperatingPoint.AtRecall(labels, p, 0.6));
        Assert.Equal(new OperatingPoint(0.4, "recall 0.8"), OperatingRule.AtRecall(0.8).Choose(labels, p));
        Assert.Equal(new OperatingPoint(0.2, "0.2"), OperatingRule.At(0.2).Choose(labels, p));
        Assert.Equal(OperatingPoint.Half, OperatingPoint.BestF1([false], [0.3]));
        Assert.Equal(OperatingPoint.Half, OperatingPoint.AtRecall([], [], 0.8));

        // F1 is 2/3 at both .9 and .5: the higher cut.
        Assert.Equal(0.9, OperatingPoint.BestF1([true, false, false, true], [0.9, 0.8, 0.6, 0.5]).Threshold);
    }

    [Fact]
    public void Percentiles_are_mean_ranks_and_ten_is_the_likeliest_decile()
    {
        Assert.Equal([100, 12.5, 50, 12.5, 75], ScoreRanks.Percentiles([0.9, 0.1, 0.3, 0.1, 0.4]));
        Assert.Equal([50], ScoreRanks.Percentiles([0.7]));
        Assert.Equal([50, 50], ScoreRanks.Percentiles([0.7, 0.7]));
        Assert.Empty(ScoreRanks.Percentiles([]));
        Assert.Equal([1, 1, 2, 10, 10], new[] { 0, 9.99, 10, 90, 100 }.Select(ScoreRanks.Decile));
    }
}
