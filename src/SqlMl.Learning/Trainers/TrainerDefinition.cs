using System.Collections.Immutable;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>What a program may say about a trainer: its name and its parameters.</summary>
/// <param name="Name">The name in the language, after `train`.</param>
/// <param name="Description">What it fits, one sentence.</param>
/// <param name="Tasks">What it can learn.</param>
/// <param name="Parameters">Its parameters, in the order of the documentation.</param>
public sealed record TrainerDefinition(string Name, string Description, ImmutableArray<LearningTask> Tasks, ImmutableArray<ParameterDefinition> Parameters)
{
    /// <summary>The parameter of that name or alias (case-insensitive, as all names of the language), or null.</summary>
    public ParameterDefinition? Find(string name) =>
        Parameters.FirstOrDefault(parameter =>
            parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || parameter.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}
