using System.Collections.Immutable;

namespace SqlMl.Compiler.Timelines;

/// <summary>What one value reads of time, relative to the cutoff `t`.</summary>
/// <param name="Owner">The entity whose var it is, or the model whose label or condition.</param>
/// <param name="Name">The var's name, `label`, `when` or `given`.</param>
/// <param name="Definition">The value as written.</param>
/// <param name="Interval">The stretch that covers all of it, in words: `(t - 7 days, t]`.</param>
/// <param name="IsBefore">True where a row at the cutoff's own instant is not seen.</param>
/// <param name="Models">The models that read it so; empty for a var that none reads.</param>
/// <param name="Readings">Every reading of rows, in the order written, each once.</param>
public sealed record Timeline(
    string Owner, string Name, string Definition, string Interval, bool IsBefore, ImmutableArray<string> Models, ImmutableArray<TimelineReading> Readings)
{
    /// <summary>True where the value goes by this name: alone, behind its entity, or behind a model that reads it. Names ignore case.</summary>
    public bool IsCalled(string name)
    {
        if (Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var owner in Models.Add(Owner))
        {
            if (name.Equals($"{owner}.{Name}", StringComparison.OrdinalIgnoreCase) || (Name == "label" && name.Equals(owner, StringComparison.OrdinalIgnoreCase))) return true;
        }
        return false;
    }
}

/// <summary>One stretch of time that is read, or one instant.</summary>
/// <param name="Value">The var that reads it, or the value itself.</param>
/// <param name="Rows">Which rows, in words: `orders where status = 'paid'`.</param>
/// <param name="Start">Where it begins; null for the beginning of all.</param>
/// <param name="End">Where it ends; null for no end. The same as <paramref name="Start"/> for what holds at an instant.</param>
/// <param name="HoldsStart">True where a row at the very beginning counts.</param>
/// <param name="HoldsEnd">True where a row at the very end counts.</param>
/// <param name="Notes">What else decides: when rows and late columns must be known.</param>
public sealed record TimelineReading(
    string Value, string Rows, TimelinePoint? Start, TimelinePoint? End, bool HoldsStart, bool HoldsEnd, ImmutableArray<string> Notes)
{
    /// <summary>True for what never changes, and is read whatever the cutoff.</summary>
    public bool IsTimeless { get; init; }
}

/// <summary>An instant relative to the cutoff.</summary>
/// <param name="Text">In words: `t - 7 days`.</param>
/// <param name="Microseconds">How far from the cutoff, a month as 31 days; it orders instants.</param>
public sealed record TimelinePoint(string Text, long Microseconds)
{
    /// <summary>The cutoff.</summary>
    public static TimelinePoint Cutoff { get; } = new("t", 0);
}
