using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>One weighted quantity of a linear model: the value of an encoded column, or whether it is missing.</summary>
/// <param name="Name">The encoded column's name, with ` is missing` for the indicator.</param>
/// <param name="Column">The position of the encoded column it reads.</param>
/// <param name="OfMissing">True when it is 1 where the column is missing and 0 elsewhere.</param>
/// <param name="Fill">What stands in for a missing value: the training mean of a number, 0 for an indicator of a level.</param>
/// <param name="Centre">Subtracted before weighting (the training mean, or 0 unscaled).</param>
/// <param name="Scale">Divides after that (the training deviation, or 1 unscaled or constant).</param>
/// <param name="Deviation">The training deviation (population formula), 0 where constant.</param>
/// <param name="Weight">The fitted weight of the centred and scaled quantity.</param>
internal sealed record LinearTerm(
    string Name, int Column, bool OfMissing, double Fill, double Centre, double Scale, double Deviation, double Weight = 0)
{
    /// <summary>The coefficient in the column's own units.</summary>
    public double Coefficient => Weight / Scale;

    /// <summary>The effect on the prediction (the log-odds, in a logistic model) of one standard deviation.</summary>
    public double StandardisedCoefficient => Coefficient * Deviation;

    /// <summary>
    /// The terms for an encoded training matrix: one a column, and, for each feature with missing training values, one more that says so.
    /// Levels of one category are missing together and share that indicator.
    /// </summary>
    public static ImmutableArray<LinearTerm> Learn(FeatureEncoder encoder, EncodedMatrix matrix, bool standardise)
    {
        var terms = ImmutableArray.CreateBuilder<LinearTerm>();
        for (var column = 0; column < encoder.Columns.Length; column++)
        {
            var described = encoder.Columns[column];
            var values = matrix.Columns[column];
            var known = values.Length - values.Count(double.IsNaN);
            var fromLevels = encoder.Features[described.Feature] is not NumericEncoding;
            var fill = fromLevels || known == 0 ? 0 : values.Where(value => !double.IsNaN(value)).Sum() / known;
            terms.Add(Fitted(new LinearTerm(described.Name, column, OfMissing: false, fill, 0, 1, 0), values, standardise));

            var isLastOfFeature = column + 1 == encoder.Columns.Length || encoder.Columns[column + 1].Feature != described.Feature;
            if (isLastOfFeature && known > 0 && known < values.Length)
            {
                var name = $"{encoder.Features[described.Feature].Name} is missing";
                terms.Add(Fitted(new LinearTerm(name, column, OfMissing: true, 0, 0, 1, 0), values, standardise));
            }
        }

        return terms.ToImmutable();
    }

    /// <summary>The quantity before weighting, for one value of its column.</summary>
    public double Quantity(double value) => (Raw(value) - Centre) / Scale;

    /// <summary>The quantity of every row.</summary>
    public double[] Design(double[] values) => Array.ConvertAll(values, Quantity);

    private double Raw(double value) => OfMissing ? (double.IsNaN(value) ? 1 : 0) : double.IsNaN(value) ? Fill : value;

    private static LinearTerm Fitted(LinearTerm term, double[] values, bool standardise)
    {
        var raw = Array.ConvertAll(values, term.Raw);
        if (Array.TrueForAll(raw, value => value == raw[0]))
            return term with { Centre = standardise ? raw[0] : 0 };
        var mean = raw.Average();
        var deviation = Math.Sqrt(raw.Sum(value => (value - mean) * (value - mean)) / raw.Length);
        return standardise
            ? term with { Centre = mean, Scale = deviation, Deviation = deviation }
            : term with { Deviation = deviation };
    }
}
