using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>What a row is for.</summary>
public enum RowPart
{
    /// <summary>Fitted.</summary>
    Train,

    /// <summary>Never fitted: stops boosting early and chooses the operating point.</summary>
    Validation,

    /// <summary>Never looked at while training.</summary>
    Test,
}

/// <summary>How far training has come.</summary>
/// <param name="Round">The rounds done, from 1.</param>
/// <param name="Total">The most rounds there can be; training may end earlier.</param>
public readonly record struct TrainingProgress(int Round, int Total);

/// <summary>What is to be learned: rows with labels and parts, and the trainer with its parameters.</summary>
public sealed record TrainingRequest
{
    /// <summary>The features, one row an observation.</summary>
    public required FeatureTable Features { get; init; }

    /// <summary>The label of each row, in the same order.</summary>
    public required LabelColumn Labels { get; init; }

    /// <summary>The part of each row, in the same order; empty means that all rows train.</summary>
    public IReadOnlyList<RowPart> Parts { get; init; } = [];

    /// <summary>The trainer's name, one of <see cref="TrainerCatalogue.Definitions"/>.</summary>
    public required string Trainer { get; init; }

    /// <summary>The trainer's parameters by name or alias, as text in the invariant culture; those not named have their defaults.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>The seed, unless a parameter `seed` states one; not negative.</summary>
    public int Seed { get; init; }

    /// <summary>How the class cut of truth values is chosen on the validation part.</summary>
    public OperatingRule OperatingRule { get; init; } = OperatingRule.BestF1;

    /// <summary>
    /// Whether, once the validation part has set the number of rounds and the operating point, the model is fitted again on the training and
    /// validation rows together (boosted trees with a tenth more rounds, for the added rows).
    /// </summary>
    public bool RefitOnValidation { get; init; }

    /// <summary>What a true label means, recorded in the model file (`true` when not stated).</summary>
    public string PositiveLabel { get; init; } = "true";

    /// <summary>Told after each round, on the calling thread.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends training between rounds with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The positions of the rows of one part, ascending.</summary>
    public ImmutableArray<int> RowsOf(RowPart part) =>
        [.. Enumerable.Range(0, Labels.RowCount).Where(row => (Parts.Count == 0 ? RowPart.Train : Parts[row]) == part)];
}
