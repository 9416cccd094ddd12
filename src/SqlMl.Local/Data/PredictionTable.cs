using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Learning;
using SqlMl.Local.Running;

namespace SqlMl.Local.Data;

/// <summary>The rows that are due, their probabilities, and the table they are handed over in (language rules 47 and 50).</summary>
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
        // Every due row gets a number, by which its probability finds it again: an entity and cutoff may have several anchors.
        connection.Execute(
            $"CREATE OR REPLACE TEMP TABLE {Due} AS SELECT row_number() OVER () AS sqlml_row, * FROM {SqlText.Name(model.ScoringTable)}", cancellation);
        var items = FeatureReader.SelectItems(connection, model.ScoringTable, model);
        using var result = connection.Query($"SELECT {string.Join(", ", items.Insert(0, "sqlml_row"))} FROM {Due} ORDER BY sqlml_row", cancellation);
        Features = FeatureReader.Read(result.ReadColumns(), 1, model);
    }

    /// <summary>The features of the rows that are due, in their order.</summary>
    public FeatureTable Features { get; }

    /// <summary>Replaces the model's prediction table by these probabilities, in the order of <see cref="Features"/>.</summary>
    public void Write(double[] probabilities, double threshold, string modelVersion, DateTime scoredAt)
    {
        var percentiles = ScoreRanks.Percentiles(probabilities);
        _connection.Execute(
            $"CREATE OR REPLACE TEMP TABLE {Scores} (sqlml_row BIGINT, sqlml_probability DOUBLE, sqlml_percentile DOUBLE, sqlml_decile INTEGER, sqlml_class BOOLEAN)", _cancellation);
        using (var appender = new DuckDbAppender(_connection, Scores))
        {
            appender.AppendColumns(
                Enumerable.Range(1, probabilities.Length).Select(row => (long)row).ToArray(), probabilities, percentiles,
                Array.ConvertAll(percentiles, ScoreRanks.Decile), Array.ConvertAll(probabilities, probability => probability >= threshold));
            appender.Close();
        }
        var table = SqlText.Name(_model.PredictionTable);
        _connection.Execute(
            $"CREATE OR REPLACE TABLE {table} AS SELECT {string.Join(", ", Columns(modelVersion, scoredAt))} FROM {Due} JOIN {Scores} USING (sqlml_row) ORDER BY sqlml_row",
            _cancellation);
        foreach (var output in _model.Outputs)
        {
            if (output.Description is { } text)
                _connection.Execute($"COMMENT ON COLUMN {table}.{SqlText.Name(output.Name)} IS {SqlText.Literal(text)}", _cancellation);
        }
    }

    /// <summary>Counts, the likeliest rows and the histogram of what <see cref="Write"/> wrote.</summary>
    public PredictionSummary Summarize(double[] probabilities, string file)
    {
        var keys = _model.Keys.Select(key => $"CAST({SqlText.Name(key)} AS VARCHAR)");
        using var result = _connection.Query(
            $"""
            SELECT {string.Join(", ", keys)}, CAST(cutoff AS TIMESTAMP), sqlml_probability, sqlml_percentile, sqlml_decile, sqlml_class, coalesce("open", false)
            FROM {Due} JOIN {Scores} USING (sqlml_row) ORDER BY sqlml_probability DESC, sqlml_row LIMIT {Shown}
            """,
            _cancellation);
        var count = _model.Keys.Length;
        var top = result.ReadRows().Select(row => new PredictionRow(
            [.. row[..count].Select(part => (string?)part ?? "")], (DateTime)row[count]!, (double)row[count + 1]!, (double)row[count + 2]!,
            (int)(long)row[count + 3]!, (bool)row[count + 4]!, (bool)row[count + 5]!));
        return new PredictionSummary(probabilities.Length, _model.Keys, [.. top], Reports.EvaluationCurves.CountByBin(probabilities), file);
    }

    private IEnumerable<string> Columns(string modelVersion, DateTime scoredAt)
    {
        foreach (var key in _model.Keys) yield return SqlText.Name(key);
        yield return Column("cutoff", "cutoff");
        yield return Column("as_of", "as_of");
        yield return Column($"TIMESTAMP '{scoredAt:yyyy-MM-dd HH:mm:ss.ffffff}'", "scored_at");
        yield return Column(SqlText.Literal(_model.Name), "model");
        yield return Column(SqlText.Literal(modelVersion), "model_version");
        yield return Column(SqlText.Literal(_model.HorizonText), "horizon");
        if (!Declares("score")) yield return Column("sqlml_probability", "score");
        if (!Declares("percentile")) yield return Column("sqlml_percentile", "percentile");
        yield return Column("sqlml_decile", "decile");
        yield return Column("\"open\"", "open");
        foreach (var output in _model.Outputs) yield return $"{ValueOf(output)} AS {SqlText.Name(output.Name)}";
    }

    private bool Declares(string kind) => _model.Outputs.Any(output => output.Kind == kind);

    /// <summary>A column of the run under its general name, which steps back behind a key column or output of the same name.</summary>
    private string Column(string value, string name)
    {
        var taken = _model.Keys.Concat(_model.Outputs.Select(output => output.Name)).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        while (taken.Contains(name)) name += "_";
        return $"{value} AS {SqlText.Name(name)}";
    }

    private static string ValueOf(CompiledOutput output) => output.Kind switch
    {
        "score" => "sqlml_probability",
        "percentile" => "sqlml_percentile",
        "class" => "sqlml_class",
        _ => throw new InvalidOperationException($"output of kind `{output.Kind}` has no local value"),
    };
}
