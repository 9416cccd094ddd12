using System.Collections.Immutable;
using System.Text.Json;

namespace SqlMl.Learning;

/// <summary>A fitted linear function: intercept + sum of weight * (quantity - centre) / scale; a number, or the log-odds of a logistic regression.</summary>
internal sealed class LinearModel(FeatureEncoder encoder, ImmutableArray<LinearTerm> terms, double intercept, bool converged) : IPredictor
{
    public ImmutableArray<LinearTerm> Terms { get; } = terms;

    /// <summary>False when the solver ran out of iterations; the weights are then near the optimum, not at it.</summary>
    public bool Converged { get; } = converged;

    /// <summary>The intercept in the columns' own units.</summary>
    public double Intercept => intercept - Terms.Sum(term => term.Coefficient * term.Centre);

    /// <summary>A model of these terms; <paramref name="parameters"/> are their weights and, last, the intercept.</summary>
    public static LinearModel Of(FeatureEncoder encoder, ImmutableArray<LinearTerm> terms, ReadOnlySpan<double> parameters, bool converged)
    {
        var weighted = ImmutableArray.CreateBuilder<LinearTerm>(terms.Length);
        for (var position = 0; position < terms.Length; position++)
            weighted.Add(terms[position] with { Weight = parameters[position] });
        return new LinearModel(encoder, weighted.MoveToImmutable(), parameters[^1], converged);
    }

    public ImmutableArray<double> ColumnImportance
    {
        get
        {
            var importance = new double[encoder.Columns.Length];
            foreach (var term in Terms)
                importance[term.Column] += Math.Abs(term.StandardisedCoefficient);
            return [.. importance];
        }
    }

    public double[] Margins(EncodedMatrix matrix)
    {
        var margins = new double[matrix.RowCount];
        Array.Fill(margins, intercept);
        foreach (var term in Terms.Where(term => term.Weight != 0))
        {
            var values = matrix.Columns[term.Column];
            for (var row = 0; row < margins.Length; row++)
                margins[row] += term.Weight * term.Quantity(values[row]);
        }

        return margins;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("converged", Converged);
        json.WriteNumber("intercept", intercept);
        json.WriteStartArray("terms");
        foreach (var term in Terms)
        {
            json.WriteStartObject();
            json.WriteString("name", term.Name);
            json.WriteNumber("column", term.Column);
            json.WriteBoolean("of_missing", term.OfMissing);
            json.WriteNumber("fill", term.Fill);
            json.WriteNumber("centre", term.Centre);
            json.WriteNumber("scale", term.Scale);
            json.WriteNumber("deviation", term.Deviation);
            json.WriteNumber("weight", term.Weight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static LinearModel Read(JsonElement model, FeatureEncoder encoder)
    {
        var terms = ImmutableArray.CreateBuilder<LinearTerm>();
        foreach (var term in model.GetProperty("terms").EnumerateArray())
        {
            var column = term.GetProperty("column").GetInt32();
            if (column < 0 || column >= encoder.Columns.Length)
                throw new FormatException($"column {column} of the linear model does not exist");
            terms.Add(new LinearTerm(
                term.GetProperty("name").GetString()!,
                column,
                term.GetProperty("of_missing").GetBoolean(),
                term.GetProperty("fill").GetDouble(),
                term.GetProperty("centre").GetDouble(),
                term.GetProperty("scale").GetDouble(),
                term.GetProperty("deviation").GetDouble(),
                term.GetProperty("weight").GetDouble()));
        }

        return new LinearModel(encoder, terms.ToImmutable(), model.GetProperty("intercept").GetDouble(), model.GetProperty("converged").GetBoolean());
    }
}
