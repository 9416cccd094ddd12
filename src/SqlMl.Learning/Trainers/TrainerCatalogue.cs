using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>The trainers that run locally; a new one is one class and one line here.</summary>
public static class TrainerCatalogue
{
    private static readonly ImmutableArray<ITrainer> Trainers = [new LogisticTrainer(), new LinearTrainer(), new BoostedTreesTrainer()];

    /// <summary>The definition of every trainer.</summary>
    public static ImmutableArray<TrainerDefinition> Definitions { get; } = [.. Trainers.Select(trainer => trainer.Definition)];

    /// <summary>The trainer of that name (case-insensitive).</summary>
    /// <exception cref="LearningException"><see cref="LearningFailure.UnknownTrainer"/>.</exception>
    internal static ITrainer Find(string name) =>
        Trainers.FirstOrDefault(trainer => trainer.Definition.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new LearningException(
            LearningFailure.UnknownTrainer,
            $"there is no trainer `{name}`",
            $"the trainers are {string.Join(", ", Definitions.Select(definition => $"`{definition.Name}`"))}");
}
