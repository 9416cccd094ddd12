using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates programs with their data, the same for the same seed. Every one has a training set and, mostly, both labels in it.</summary>
public static class ProgramGenerator
{
    private const int Attempts = 200;
    private const int MinimumRows = 6;
    private const int MaximumRows = 600;

    /// <summary>The program of a seed together with what it means; the observation mode goes round with the seed.</summary>
    /// <exception cref="InvalidOperationException">No attempt had a training set: the generator is at fault.</exception>
    public static (OracleProgram Program, OracleResult Result) Generate(int seed)
    {
        var modes = Enum.GetValues<ObservationMode>();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var program = Attempt(new Dice(HashCodeOf(seed, attempt)), modes[seed % modes.Length]);
            if (Oracle.Evaluate(program) is { } result && IsUsable(program, result)) return (program, result);
        }
        throw new InvalidOperationException($"no usable program for seed {seed} in {Attempts} attempts");
    }

    private static OracleProgram Attempt(Dice dice, ObservationMode mode)
    {
        var scale = dice.Pick(TimeScale.Days, TimeScale.Hours);
        var sourceGenerator = new SourceGenerator(dice, scale, KeyShape.Generate(dice));
        string[] names = ["orders", "visits", "calls"];
        var sources = names.Take(dice.Between(1, names.Length)).Select(sourceGenerator.Generate).ToArray();

        var aggregates = new AggregateGenerator(dice, scale, [.. sources]);
        var varGenerator = new VarGenerator(dice, scale, aggregates);
        var vars = varGenerator.Generate(dice.Between(2, 7));
        var model = new ModelGenerator(dice, scale, aggregates, varGenerator).Generate(mode, vars);
        if (model.Label is LaterExpression later && dice.Percent(60))
        {
            // The same label, made from a var, or from a var that reads a var.
            vars = vars.Add(new OracleVar("state", later.Operand, null, null));
            if (dice.Percent(50)) vars = vars.Add(new OracleVar("status", new NotExpression(new VarExpression("state")), null, null));
            model = model with { Label = later with { Operand = new VarExpression(vars[^1].Name) } };
        }
        return new OracleProgram([.. sources], "user", vars, model, dice.Percent(40) ? scale.OnGrid(dice, 70, 110) : null);
    }

    /// <summary>
    /// Leaves out what the language refuses or does not settle: too few cutoffs for the split, no feature, history required of no source, an explicit cutoff
    /// whose label an explicit as_of cannot know, and cutoffs after as_of, which only `allow immature` could keep.
    /// </summary>
    private static bool IsUsable(OracleProgram program, OracleResult result) =>
        result.Training is { Length: >= MinimumRows and <= MaximumRows }
        && !result.Features.IsEmpty
        && result.LastCutoff <= result.AsOf
        && !HasHopelessInstant(program)
        && (program.Model.RequiredHistory is null || new ModelContext(program).WindowedSources.Any());

    private static bool HasHopelessInstant(OracleProgram program)
    {
        if (program.AsOf is not { } asOf) return false;
        var context = new ModelContext(program);
        return program.Model.Observations.OfType<InstantsObservation>().SelectMany(line => line.Instants).Any(t => context.MaturityEnd(t) > asOf);
    }

    /// <summary>A seed for each attempt that does not fall in with its neighbours'.</summary>
    private static int HashCodeOf(int seed, int attempt) => unchecked((seed * 7919 + attempt) * (int)2654435761u);
}
