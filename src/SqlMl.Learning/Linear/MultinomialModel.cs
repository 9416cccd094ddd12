using System.Collections.Immutable;
using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>A fitted multinomial logistic regression: a linear function a class, whose softmax are the probabilities.</summary>
internal sealed class MultinomialModel(ImmutableArray<LinearModel> classes) : IPredictor
{
    public bool Converged => classes.All(ofClass => ofClass.Converged);

    public ImmutableArray<double> ColumnImportance =>
        [.. Enumerable.Range(0, classes[0].ColumnImportance.Length).Select(column => classes.Sum(ofClass => ofClass.ColumnImportance[column]))];

    public double[] Margins(EncodedMatrix matrix)
    {
        var margins = new double[matrix.RowCount * classes.Length];
        for (var position = 0; position < classes.Length; position++)
        {
            var ofClass = classes[position].Margins(matrix);
            for (var row = 0; row < ofClass.Length; row++)
                margins[row * classes.Length + position] = ofClass[row];
        }

        return margins;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var ofClass in classes)
            ofClass.Write(json);
        json.WriteEndArray();
    }

    public static MultinomialModel Read(JsonElement model, FeatureEncoder encoder, int classCount)
    {
        var classes = model.EnumerateArray().Select(ofClass => LinearModel.Read(ofClass, encoder)).ToImmutableArray();
        return classes.Length == classCount
            ? new MultinomialModel(classes)
            : throw new FormatException($"it has weights for {classes.Length} classes, and names {classCount}");
    }
}
