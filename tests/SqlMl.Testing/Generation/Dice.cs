using System.Diagnostics.CodeAnalysis;

namespace SqlMl.Testing.Generation;

/// <summary>Random choices, the same for the same seed.</summary>
[SuppressMessage("Security", "CA5394", Justification = "test data; repeatable on purpose")]
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => _random.Next(count);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => _random.Next(low, high + 1);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(int chance) => _random.Next(100) < chance;

    /// <summary>One of the choices, all equally likely.</summary>
    public T Pick<T>(params IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>The value in so many of a hundred cases, else null.</summary>
    public T? Maybe<T>(int chance, Func<T> value) where T : class => Percent(chance) ? value() : null;
}
