using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>A row of the training set.</summary>
/// <param name="Key">The entity.</param>
/// <param name="Cutoff">The instant of the prediction, UTC.</param>
/// <param name="Features">The features in order of declaration: null, bool, double, string, or an array of these for a set, the most frequent value first.</param>
/// <param name="Label">The label: bool, double or string.</param>
/// <param name="Split">`train`, `validation` or `test`.</param>
public sealed record OracleTrainingRow(EntityKey Key, DateTime Cutoff, ImmutableArray<object?> Features, object Label, string Split)
{
    /// <summary>The values of the anchor row's `key`, which together with entity and cutoff tell rows apart; empty where there is none.</summary>
    public ImmutableArray<object?> AnchorKey { get; init; } = [];
}

/// <summary>A row to score.</summary>
/// <param name="Key">The entity.</param>
/// <param name="Cutoff">The instant of the prediction, UTC.</param>
/// <param name="Features">The features in order of declaration: null, bool, double, string, or an array of these for a set, the most frequent value first.</param>
/// <param name="IsOpen">Whether the label's window runs past as_of.</param>
public sealed record OracleScoringRow(EntityKey Key, DateTime Cutoff, ImmutableArray<object?> Features, bool IsOpen)
{
    /// <summary>The values of the anchor row's `key`; empty where there is none.</summary>
    public ImmutableArray<object?> AnchorKey { get; init; } = [];
}

/// <summary>What a program means on its rows.</summary>
/// <param name="AsOf">The run's instant.</param>
/// <param name="Features">The features' names, in order of declaration.</param>
/// <param name="LabelledRows">The rows before the split, in no order: purged ones too.</param>
/// <param name="Training">The training set in no order; null where there are fewer cutoffs than parts of a split by time, an error of the run.</param>
/// <param name="Scoring">The rows to score, in no order.</param>
public sealed record OracleResult(
    DateTime AsOf, ImmutableArray<string> Features, int LabelledRows,
    ImmutableArray<OracleTrainingRow>? Training, ImmutableArray<OracleScoringRow> Scoring)
{
    /// <summary>The latest cutoff of the training set; null for none.</summary>
    public DateTime? LastCutoff => Training?.Max(row => (DateTime?)row.Cutoff);
}

/// <summary>Evaluates programs by brute force, straight from the definitions of the language: the reference that emitted SQL is compared with.</summary>
public static class Oracle
{
    /// <summary>The program's training set and the rows to score; null where nothing that the model reads has a row, so that there is no as_of.</summary>
    public static OracleResult? Evaluate(OracleProgram program)
    {
        var context = new ModelContext(program);
        if (context.AsOf is not { } asOf) return null;

        var finder = new CutoffFinder(context);
        var population = finder.Training().Where(cutoff => context.HasHistory(cutoff.Instant)).Where(context.IsGiven).ToList();
        ImmutableArray<(Cutoff Cutoff, object Label)> labelled =
        [
            .. population.Select(cutoff => (Cutoff: cutoff, Label: context.Label(cutoff)))
                .Where(row => row.Label is not null).Select(row => (row.Cutoff, row.Label!)),
        ];
        if (program.Model.Sample is { } count) labelled = SplitAssigner.Sample(count, labelled, context.AnchorKey);
        // A family has one split: its parts begin where the rows say that all of its models have (rule 42).
        var counted = program.Model.Family is null
            ? labelled.Select(row => row.Cutoff.Instant)
            : population.Select(cutoff => cutoff.Instant).Where(instant => program.Model.AllowsImmature || context.IsMatureForFamily(instant));
        var parts = SplitAssigner.Assign(program.Model.Split, labelled, [.. counted], context.MaturityEnd, context.AnchorKey);
        context.Learn([.. labelled.Zip(parts ?? []).Where(row => row.Second == "train").Select(row => row.First.Cutoff)]);
        return new OracleResult(
            asOf,
            [.. context.Features.Select(feature => feature.Name)],
            labelled.Length,
            parts is null ? null : TrainingRows(context, labelled, parts.Value),
            [.. finder.Scoring().Select(cutoff => ScoringRow(context, cutoff, asOf))]);
    }

    /// <summary>The rows that could be scored, several an entity where anchors share the instant of its latest cutoff; empty without an as_of.</summary>
    public static ImmutableArray<OracleScoringRow> Due(OracleProgram program)
    {
        var context = new ModelContext(program);
        context.Learn([]);
        return context.AsOf is { } asOf ? [.. new CutoffFinder(context).Due().Select(cutoff => ScoringRow(context, cutoff, asOf))] : [];
    }

    private static OracleScoringRow ScoringRow(ModelContext context, Cutoff cutoff, DateTime asOf) =>
        new(cutoff.Key, cutoff.Instant, context.FeatureValues(cutoff), context.LabelEnd(cutoff.Instant) > asOf)
        {
            AnchorKey = context.AnchorKey(cutoff),
        };

    private static ImmutableArray<OracleTrainingRow> TrainingRows(
        ModelContext context, ImmutableArray<(Cutoff Cutoff, object Label)> labelled, ImmutableArray<string?> parts) =>
    [
        .. labelled.Zip(parts).Where(row => row.Second is not null).Select(row => new OracleTrainingRow(
            row.First.Cutoff.Key, row.First.Cutoff.Instant, context.FeatureValues(row.First.Cutoff), row.First.Label, row.Second!)
            {
                AnchorKey = context.AnchorKey(row.First.Cutoff),
            }),
    ];
}
