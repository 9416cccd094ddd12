using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Language.Trainers;
using SqlMl.Learning;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>The rows that are due, their predictions, and the table they are handed over in (language rules 47 and 50).</summary>
internal sealed class PredictionTable
{
    private const string Due = "sqlml_due";
    private const string Scores = "sqlml_scores";
    private const int Shown = 10;

    private readonly DuckDbConnection _connection;
    private readonly CompiledModel _model;
    private readonly CancellationToken _cancellation;

    public PredictionTable(DuckDbConnection connection, CompiledModel model, CancellationToken cancellation)
    {
        (_connection, _model, _cancellation) = (connection, model, cancellation);
        // Every due row gets a number, by which its prediction finds it again: an entity and cutoff may have several anchors.
        connection.Execute(
            $"CREATE OR REPLACE TEMP TABLE {Due} AS SELECT row_number() OVER () AS sqlml_row, * FROM {SqlText.Name(model.ScoringTable)}", cancellation);
        var items = FeatureReader.SelectItems(connection, model.ScoringTable, model);
        using var result = connection.Query($"SELECT {string.Join(", ", items.Insert(0, "sqlml_row"))} FROM {Due} ORDER BY sqlml_row", cancellation);
        Features = FeatureReader.Read(result.ReadColumns(), 1, model);
    }

    /// <summary>The features of the rows that are due, in their order.</summary>
    public FeatureTable Features { get; }

    /// <summary>Replaces the model's prediction table by these predictions, in the order of <see cref="Features"/>.</summary>
    public void Write(RowPredictions predicted, string modelVersion, DateTime scoredAt)
    {
        WriteScores(predicted);
        var table = SqlText.Name(_model.PredictionTable);
        _connection.Execute(
            $"CREATE OR REPLACE TABLE {table} AS SELECT {string.Join(", ", Columns(predicted, modelVersion, scoredAt))} FROM {Due} JOIN {Scores} USING (sqlml_row) ORDER BY sqlml_row",
            _cancellation);
        foreach (var output in _model.Outputs)
        {
            if (output.Description is { } text)
                _connection.Execute($"COMMENT ON COLUMN {table}.{SqlText.Name(output.Name)} IS {SqlText.Literal(text)}", _cancellation);
        }
    }

    /// <summary>Counts, the rows of highest score and the histogram of what <see cref="Write"/> wrote.</summary>
    public PredictionSummary Summarize(RowPredictions predicted, string file)
    {
        var keys = _model.Keys.Select(key => $"CAST({SqlText.Name(key)} AS VARCHAR)");
        using var result = _connection.Query(
            $"""
            SELECT {string.Join(", ", keys)}, CAST(cutoff AS TIMESTAMP), sqlml_row, sqlml_percentile, sqlml_decile, coalesce("open", false)
            FROM {Due} JOIN {Scores} USING (sqlml_row) ORDER BY sqlml_score DESC, sqlml_row LIMIT {Shown}
            """,
            _cancellation);
        var count = _model.Keys.Length;
        var top = result.ReadRows().Select(row =>
        {
            var position = (int)(long)row[count + 1]! - 1;
            return new PredictionRow(
                [.. row[..count].Select(part => (string?)part ?? "")], (DateTime)row[count]!, predicted.Scores[position],
                HasRanks ? (double)row[count + 2]! : null, HasRanks ? (int)(long)row[count + 3]! : null, predicted.IsPositive?[position],
                predicted.ClassNames.IsEmpty ? null : predicted.ClassNames[predicted.Likeliest[position]], (bool)row[count + 4]!);
        });
        var histogram = _model.Task == LearningTask.Regression ? Reports.NumberAxis.CountByBin(predicted.Scores) : Reports.EvaluationCurves.CountByBin(predicted.Scores);
        return new PredictionSummary(predicted.RowCount, _model.Keys, [.. top], histogram, file);
    }

    /// <summary>Several classes are in no order.</summary>
    private bool HasRanks => _model.Task != LearningTask.MultiClassClassification;

    private void WriteScores(RowPredictions predicted)
    {
        var percentiles = ScoreRanks.Percentiles(predicted.Scores);
        List<string> types = ["sqlml_row BIGINT", "sqlml_score DOUBLE", "sqlml_percentile DOUBLE", "sqlml_decile INTEGER"];
        List<Array> columns =
        [
            Enumerable.Range(1, predicted.RowCount).Select(row => (long)row).ToArray(), predicted.Scores, percentiles, Array.ConvertAll(percentiles, ScoreRanks.Decile),
        ];
        if (predicted.Raw is { } raw)
        {
            types.Add("sqlml_raw DOUBLE");
            columns.Add(raw);
        }
        if (predicted.IsPositive is { } positive)
        {
            types.Add("sqlml_class BOOLEAN");
            columns.Add(positive);
        }
        if (!predicted.ClassNames.IsEmpty)
        {
            types.Add("sqlml_class VARCHAR");
            columns.Add(Array.ConvertAll(predicted.Likeliest, position => (string?)predicted.ClassNames[position]));
            for (var position = 0; position < predicted.ClassNames.Length; position++)
            {
                types.Add($"sqlml_of_{position} DOUBLE");
                columns.Add(predicted.Probabilities[position]);
            }
        }
        _connection.Execute($"CREATE OR REPLACE TEMP TABLE {Scores} ({string.Join(", ", types)})", _cancellation);
        using var appender = new DuckDbAppender(_connection, Scores);
        appender.AppendColumns([.. columns]);
        appender.Close();
    }

    private IEnumerable<string> Columns(RowPredictions predicted, string modelVersion, DateTime scoredAt)
    {
        var taken = new HashSet<string>(_model.Keys.Concat(_model.Outputs.Select(output => output.Name)), StringComparer.OrdinalIgnoreCase);
        foreach (var key in _model.Keys) yield return SqlText.Name(key);
        yield return Column("cutoff", "cutoff");
        yield return Column("as_of", "as_of");
        yield return Column($"TIMESTAMP '{scoredAt:yyyy-MM-dd HH:mm:ss.ffffff}'", "scored_at");
        yield return Column(SqlText.Literal(_model.Name), "model");
        yield return Column(SqlText.Literal(modelVersion), "model_version");
        yield return Column(SqlText.Literal(_model.HorizonText), "horizon");
        if (!HasRanks && !Declares("class")) yield return Column("sqlml_class", "class");
        if (!Declares("score")) yield return Column("sqlml_score", "score");
        if (HasRanks && !Declares("percentile")) yield return Column("sqlml_percentile", "percentile");
        if (HasRanks && !Declares("decile")) yield return Column("sqlml_decile", "decile");
        yield return Column("\"open\"", "open");
        foreach (var output in _model.Outputs) yield return $"{ValueOf(output)} AS {SqlText.Name(output.Name)}";
        var score = _model.Outputs.FirstOrDefault(output => output.Kind == "score")?.Name ?? "score";
        for (var position = 0; position < predicted.ClassNames.Length; position++)
            yield return $"sqlml_of_{position} AS {SqlText.Name(ClassColumn(score, predicted.ClassNames[position], taken))}";

        // A column of the run has its general name, and steps back behind a key column or output of the same name.
        string Column(string value, string name)
        {
            while (!taken.Add(name)) name += "_";
            return $"{value} AS {SqlText.Name(name)}";
        }
    }

    /// <summary>`score_shoes`, in the way of pivots (rule 39): lower case, other signs `_`, a clash numbered.</summary>
    private static string ClassColumn(string score, string name, HashSet<string> taken)
    {
        var plain = $"{score}_{string.Concat(name.ToLowerInvariant().Select(sign => char.IsLetterOrDigit(sign) ? sign : '_'))}";
        var column = plain;
        for (var number = 2; !taken.Add(column); number++) column = $"{plain}_{number}";
        return column;
    }

    private bool Declares(string kind) => _model.Outputs.Any(output => output.Kind == kind);

    private static string ValueOf(CompiledOutput output) => output.Kind switch
    {
        "score" => "sqlml_score",
        "percentile" => "sqlml_percentile",
        "decile" => "sqlml_decile",
        "class" => "sqlml_class",
        "raw" => "sqlml_raw",
        _ => throw new InvalidOperationException($"output of kind `{output.Kind}` has no local value"),
    };
}
