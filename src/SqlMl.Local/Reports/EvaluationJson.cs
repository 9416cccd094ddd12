using System.Text.Json;
using SqlMl.Local.Running;

namespace SqlMl.Local.Reports;

/// <summary>The member `test` of a model's metrics: the figures of what is predicted.</summary>
internal static class EvaluationJson
{
    public static void Write(Utf8JsonWriter json, EvaluationSummary test)
    {
        json.WriteStartObject("test");
        json.WriteNumber("rows", test.Rows);
        switch (test)
        {
            case BinaryEvaluation binary:
                WriteFigures(json, binary);
                break;
            case RegressionEvaluation numbers:
                WriteFigures(json, numbers);
                break;
            case MultiClassEvaluation classes:
                WriteFigures(json, classes);
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, BinaryEvaluation test)
    {
        json.WriteNumber("positives", test.Positives);
        MetricsJson.WriteNumber(json, "base_rate", test.BaseRate);
        MetricsJson.WriteNumber(json, "auc", test.Auc);
        MetricsJson.WriteNumber(json, "average_precision", test.AveragePrecision);
        MetricsJson.WriteNumber(json, "log_loss", test.LogLoss);
        MetricsJson.WriteNumber(json, "log_loss_without_features", test.ConstantLogLoss);
        MetricsJson.WriteNumber(json, "brier", test.Brier);
        MetricsJson.WriteNumber(json, "brier_without_features", test.ConstantBrier);
        MetricsJson.WriteNumber(json, "calibration_error", test.CalibrationError);
        MetricsJson.WriteNumber(json, "calibration_error_by_chance", test.CalibrationErrorByChance);
        MetricsJson.WriteNumber(json, "accuracy", test.Accuracy);
        MetricsJson.WriteNumber(json, "precision", test.Precision);
        MetricsJson.WriteNumber(json, "recall", test.Recall);
        MetricsJson.WriteNumber(json, "f1", test.F1);
        json.WriteStartObject("confusion");
        json.WriteNumber("true_positives", test.TruePositives);
        json.WriteNumber("false_positives", test.FalsePositives);
        json.WriteNumber("true_negatives", test.TrueNegatives);
        json.WriteNumber("false_negatives", test.FalseNegatives);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, RegressionEvaluation test)
    {
        MetricsJson.WriteNumber(json, "mean", test.Mean);
        MetricsJson.WriteNumber(json, "mean_predicted", test.MeanPredicted);
        MetricsJson.WriteNumber(json, "rmse", test.Rmse);
        MetricsJson.WriteNumber(json, "rmse_without_features", test.ConstantRmse);
        MetricsJson.WriteNumber(json, "mae", test.Mae);
        MetricsJson.WriteNumber(json, "mae_without_features", test.ConstantMae);
        MetricsJson.WriteNumber(json, "r2", test.R2);
        MetricsJson.WriteNumber(json, "mape", test.Mape);
    }

    private static void WriteFigures(Utf8JsonWriter json, MultiClassEvaluation test)
    {
        MetricsJson.WriteNumber(json, "accuracy", test.Accuracy);
        MetricsJson.WriteNumber(json, "accuracy_without_features", test.ConstantAccuracy);
        MetricsJson.WriteNumber(json, "log_loss", test.LogLoss);
        MetricsJson.WriteNumber(json, "log_loss_without_features", test.ConstantLogLoss);
        MetricsJson.WriteNumber(json, "macro_f1", test.MacroF1);
        json.WriteNumber("rows_of_unknown_classes", test.UnknownRows);
        json.WriteStartArray("classes");
        for (var i = 0; i < test.Classes.Length; i++)
        {
            var figures = test.Classes[i];
            json.WriteStartObject();
            json.WriteString("class", figures.Class);
            json.WriteNumber("rows", figures.Rows);
            json.WriteNumber("called", figures.Called);
            MetricsJson.WriteNumber(json, "precision", figures.Precision);
            MetricsJson.WriteNumber(json, "recall", figures.Recall);
            MetricsJson.WriteNumber(json, "f1", figures.F1);
            json.WriteStartArray("called_as");
            foreach (var count in test.Confusion[i]) json.WriteNumberValue(count);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
