using System.Text.Json;

namespace SqlMl.Learning.Tests;

public sealed class CalibrationTests
{
    /// <summary>Log-odds, and labels drawn with the probability that a curve makes of them.</summary>
    private static (bool[] Labels, double[] Margins) Draw(int rows, Func<double, double> probability, int seed = 1)
    {
        var random = new Random(seed);
        var margins = Enumerable.Range(0, rows).Select(_ => Math.Round((random.NextDouble() * 8) - 5, 2)).ToArray();
        return ([.. margins.Select(margin => random.NextDouble() < probability(margin))], margins);
    }

    [Fact]
    public void Log_odds_that_are_right_stay_as_they_are()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var (labels, margins) = Draw(1_000, Sigmoid.Of, seed);
            var (calibrator, trials) = CalibrationChoice.Choose(labels, margins);
            Assert.Equal("none", calibrator.Name);
            Assert.Equal(["none", "platt"], trials.Select(trial => trial.Name));
        }
    }

    [Fact]
    public void Log_odds_that_are_stretched_and_moved_are_put_right_by_platt()
    {
        var (labels, margins) = Draw(4_000, margin => Sigmoid.Of((0.5 * margin) - 1));
        var (calibrator, trials) = CalibrationChoice.Choose(labels, margins);
        var platt = Assert.IsType<PlattCalibrator>(calibrator);
        Assert.InRange(platt.Slope, 0.42, 0.58);
        Assert.InRange(platt.Offset, -1.15, -0.85);
        Assert.True(trials[1].LogLoss < trials[0].LogLoss);
    }

    [Fact]
    public void A_bent_curve_is_put_right_by_isotonic_regression_where_there_are_rows_for_it()
    {
        static double Bent(double margin) => margin < -1 ? 0.05 : margin < 1 ? 0.45 : 0.55;
        var many = Draw(8_000, Bent);
        var (calibrator, trials) = CalibrationChoice.Choose(many.Labels, many.Margins);
        Assert.IsType<IsotonicCalibrator>(calibrator);
        Assert.Equal(["none", "platt", "isotonic"], trials.Select(trial => trial.Name));
        foreach (var margin in (double[])[-4, -2, 0, 2.5]) Assert.InRange(calibrator.Of(margin), Bent(margin) - 0.05, Bent(margin) + 0.05);
        var few = Draw(CalibrationChoice.MinimumIsotonicRows - 1, Bent);
        Assert.Equal("platt", CalibrationChoice.Choose(few.Labels, few.Margins).Calibrator.Name);
    }

    [Fact]
    public void Few_rows_of_a_class_are_no_reason_for_a_curve()
    {
        var (labels, margins) = Draw(500, _ => 0.5);
        for (int row = 0, left = CalibrationChoice.MinimumRowsOfClass - 1; row < labels.Length; row++) labels[row] = labels[row] && left-- > 0;
        var (calibrator, trials) = CalibrationChoice.Choose(labels, margins);
        Assert.Equal(("none", true), (calibrator.Name, trials.IsEmpty));
    }

    [Fact]
    public void Log_odds_that_fall_with_the_labels_are_not_turned_round()
    {
        var (labels, margins) = Draw(1_000, margin => Sigmoid.Of(-margin));
        Assert.Null(PlattScaling.Fit(labels, margins));
        Assert.Equal("none", CalibrationChoice.Choose(labels, margins).Calibrator.Name);
    }

    [Fact]
    public void Isotonic_regression_is_the_largest_of_the_smallest_means()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (labels, margins) = Draw(60, margin => 0.5 + (0.3 * Math.Sin(margin)), seed);
            var fitted = IsotonicRegression.Fit(labels, margins);
            var rows = margins.Zip(labels, (margin, label) => (margin, label)).GroupBy(row => row.margin).OrderBy(rows => rows.Key)
                .Select(rows => (Margin: rows.Key, Positives: rows.Count(row => row.label), Rows: rows.Count())).ToArray();
            for (var i = 0; i < rows.Length; i++)
            {
                // The classical formula: max over s <= i of min over t >= i of the mean of s..t.
                var value = Enumerable.Range(0, i + 1).Max(s => Enumerable.Range(i, rows.Length - i).Min(t => rows[s..(t + 1)].Sum(row => row.Positives) / (double)rows[s..(t + 1)].Sum(row => row.Rows)));
                // Of so many rows none is certain.
                var block = Math.Clamp(value, 1.0 / 62, 61.0 / 62);
                Assert.Contains(fitted.Probabilities, probability => Math.Abs(probability - block) < 1e-12);
            }
            Assert.Equal(fitted.Probabilities.Order(), fitted.Probabilities);
            Assert.True(Enumerable.Range(-60, 100).Select(step => fitted.Of(step / 10.0)).Zip(Enumerable.Range(-59, 100).Select(step => fitted.Of(step / 10.0))).All(pair => pair.First <= pair.Second));
        }
    }

    [Fact]
    public void Platt_equals_scikit_learns()
    {
        var (labels, margins) = Draw(700, margin => Sigmoid.Of((1.7 * margin) + 0.4));
        var platt = PlattScaling.Fit(labels, margins)!;
        var reference = PythonReference.Run(
            """
            import numpy as np
            from sklearn.calibration import _sigmoid_calibration
            a, b = _sigmoid_calibration(np.array(input['margins']), np.array(input['labels'], dtype=float))
            print(json.dumps([-a, -b]))
            """,
            JsonSerializer.Serialize(new { margins, labels })).Doubles();
        Assert.Equal(reference, [platt.Slope, platt.Offset], (expected, actual) => Math.Abs(expected - actual) < 1e-4);
    }

    [Theory]
    [InlineData("xgboost", "rounds", "200")]
    [InlineData("logistic", "class_weight", "balanced")]
    [InlineData("xgboost", "scale_pos_weight", "6")]
    public void Probabilities_are_those_that_are_known_to_two_hundredths(string trainer, string parameter, string value)
    {
        // 5,000 rows to train on, 1,250 beside them, 100,000 fresh ones to judge by; the log-odds are known.
        var (table, labels, truth) = WithTruth(106_250);
        var parts = Enumerable.Range(0, truth.Length).Select(row => row < 5_000 ? RowPart.Train : row < 6_250 ? RowPart.Validation : RowPart.Test).ToArray();
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Parts = parts, Trainer = trainer, Parameters = Synthetic.Set((parameter, value)) });
        int[] fresh = [.. Enumerable.Range(6_250, 100_000)];
        var probabilities = model.Predict(table.Rows(fresh));
        var known = Array.ConvertAll(fresh, row => truth[row]);
        Assert.InRange(Error(probabilities, known), 0, 0.02);
        if (parameter != "rounds")
        {
            Assert.NotEqual("none", model.Calibrator.Name);
            Assert.True(Error(model.PredictRaw(table.Rows(fresh)), known) > 0.1);
        }
    }

    [Fact]
    public void A_stored_model_keeps_its_curve_and_one_without_the_member_has_none()
    {
        var (table, labels, _) = WithTruth(3_000);
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Parts = Synthetic.Parts(3_000), Trainer = "logistic", Parameters = Synthetic.Set(("class_weight", "balanced")) });
        Assert.IsType<PlattCalibrator>(model.Calibrator);
        var saved = System.Text.Encoding.UTF8.GetString(Synthetic.Saved(model));
        Assert.Equal(model.Predict(table), Load(saved).Predict(table));
        var isotonic = model with { Calibrator = new IsotonicCalibrator([-1, 0.5, 2], [0.1, 0.1, 0.7]) };
        Assert.Equal(isotonic.Calibrator, TrainedModel.Load(new MemoryStream(Synthetic.Saved(isotonic))).Calibrator);
        var old = System.Text.RegularExpressions.Regex.Replace(saved, "\"calibration\":\\{[^}]*\\},?", "");
        Assert.Equal("none", Load(old).Calibrator.Name);
        var damaged = saved.Replace("\"method\":\"platt\"", "\"method\":\"magic\"", StringComparison.Ordinal);
        Assert.Equal(LearningFailure.ModelFormat, Assert.Throws<LearningException>(() => Load(damaged)).Failure);

        static TrainedModel Load(string text) => TrainedModel.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void The_error_of_right_probabilities_is_what_chance_makes()
    {
        var random = new Random(3);
        var probabilities = Enumerable.Range(0, 2_000).Select(_ => random.NextDouble() * 0.4).ToArray();
        var errors = Enumerable.Range(0, 40).Select(_ => BinaryMetrics.Compute([.. probabilities.Select(probability => random.NextDouble() < probability)], probabilities, 0.5)).ToList();
        Assert.InRange(errors.Average(metrics => metrics.ExpectedCalibrationError) / errors[0].ErrorOfRightProbabilities, 0.9, 1.1);
    }

    /// <summary>The mean difference in ten bins of equal size, against known probabilities.</summary>
    private static double Error(double[] probabilities, double[] known) => Enumerable.Range(0, probabilities.Length).OrderBy(row => probabilities[row]).Chunk(probabilities.Length / 10)
        .Average(bin => Math.Abs(bin.Average(row => probabilities[row]) - bin.Average(row => known[row])));

    private static (FeatureTable Table, BooleanLabels Labels, double[] Truth) WithTruth(int rows)
    {
        var random = new Random(11);
        var (first, second, third) = (Numbers(), Numbers(), Numbers());
        var truth = Enumerable.Range(0, rows).Select(row => Sigmoid.Of(-2 + (1.1 * first[row]) - (0.7 * second[row]) + (0.4 * third[row]))).ToArray();
        return (
            new FeatureTable([new NumericColumn("a", first), new NumericColumn("b", second), new NumericColumn("c", third)]),
            new BooleanLabels([.. truth.Select(probability => random.NextDouble() < probability)]), truth);

        double[] Numbers() => [.. Enumerable.Range(0, rows).Select(_ => Math.Round((random.NextDouble() * 4) - 2, 3))];
    }
}
