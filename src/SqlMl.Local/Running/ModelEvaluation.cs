using SqlMl.Learning;
using SqlMl.Local.Data;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Running;

/// <summary>Measures a model on the test part, beside what could be said without any feature.</summary>
internal static class ModelEvaluation
{
    /// <summary>The figures; null where no test part has rows.</summary>
    public static EvaluationSummary? Evaluate(TrainedModel trained, TrainingSet set)
    {
        var rows = set.RowsOf(RowPart.Test);
        if (rows.Length == 0) return null;
        var features = set.Features.Rows(rows);
        return set.Labels.Rows(rows) switch
        {
            BooleanLabels labels => OfBooleans(trained, labels.Values, trained.Predict(features)),
            NumberLabels labels => OfNumbers(trained, labels.Values, trained.Predict(features)),
            var labels => OfClasses(trained, ((ClassLabels)labels).Values, trained.PredictClasses(features)),
        };
    }

    private static BinaryEvaluation OfBooleans(TrainedModel trained, bool[] labels, double[] probabilities)
    {
        var metrics = BinaryMetrics.Compute(labels, probabilities, trained.OperatingPoint.Threshold);
        var rate = trained.LabelMean;
        return new BinaryEvaluation
        {
            Rows = labels.Length,
            Positives = labels.Count(label => label),
            TrainingRate = rate,
            Auc = metrics.Auc ?? double.NaN,
            AveragePrecision = metrics.AveragePrecision ?? double.NaN,
            LogLoss = metrics.LogLoss,
            Brier = metrics.Brier,
            ConstantLogLoss = -((metrics.BaseRate * Math.Log(rate)) + ((1 - metrics.BaseRate) * Math.Log(1 - rate))),
            ConstantBrier = (metrics.BaseRate * (1 - rate) * (1 - rate)) + ((1 - metrics.BaseRate) * rate * rate),
            CalibrationError = metrics.ExpectedCalibrationError,
            CalibrationErrorByChance = metrics.ErrorOfRightProbabilities,
            TruePositives = metrics.Confusion.TruePositives,
            FalsePositives = metrics.Confusion.FalsePositives,
            TrueNegatives = metrics.Confusion.TrueNegatives,
            FalseNegatives = metrics.Confusion.FalseNegatives,
            Curves = EvaluationCurves.Of(metrics, labels, probabilities),
        };
    }

    private static RegressionEvaluation OfNumbers(TrainedModel trained, double[] labels, double[] predictions)
    {
        var metrics = RegressionMetrics.Compute(labels, predictions);
        var constant = RegressionMetrics.Compute(labels, [.. labels.Select(_ => trained.LabelMean)]);
        return new RegressionEvaluation
        {
            Rows = labels.Length,
            Rmse = metrics.Rmse,
            Mae = metrics.Mae,
            R2 = metrics.R2 ?? double.NaN,
            Mape = metrics.Mape ?? double.NaN,
            ConstantRmse = constant.Rmse,
            ConstantMae = constant.Mae,
            Mean = metrics.MeanLabel,
            MeanPredicted = metrics.MeanPredicted,
            TrainingMean = trained.LabelMean,
            Points = [.. metrics.Bins.Select(bin => new PredictionPoint(bin.MeanPredicted, bin.MeanLabel, bin.Count))],
            Errors = NumberAxis.CountByBin([.. predictions.Zip(labels, (predicted, label) => predicted - label)], leaveOut: 0.01),
        };
    }

    private static MultiClassEvaluation OfClasses(TrainedModel trained, string[] labels, double[][] probabilities)
    {
        var metrics = MultiClassMetrics.Compute(trained.Classes, labels, probabilities);
        var shares = trained.ClassShares.ToArray();
        var constant = MultiClassMetrics.Compute(trained.Classes, labels, [.. labels.Select(_ => shares)]);
        return new MultiClassEvaluation
        {
            Rows = labels.Length,
            Accuracy = metrics.Accuracy,
            MacroF1 = metrics.MacroF1,
            LogLoss = metrics.LogLoss,
            ConstantAccuracy = constant.Accuracy,
            ConstantLogLoss = constant.LogLoss,
            Classes = [.. metrics.Classes.Select(item => new ClassFigures(item.Class, item.Rows, item.Called, item.Precision, item.Recall, item.F1))],
            Confusion = metrics.Confusion,
            UnknownRows = metrics.UnknownRows,
        };
    }
}
