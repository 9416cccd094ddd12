using System.Collections.Immutable;
using System.Globalization;

namespace SqlMl.Testing.Evaluation;

/// <summary>What names an entity: the values of its key columns, none of them null, each a <see cref="string"/> or whole <see cref="decimal"/>.</summary>
public sealed class EntityKey : IEquatable<EntityKey>
{
    /// <summary>Holds the parts in the order of the key's columns.</summary>
    public EntityKey(ImmutableArray<object> parts) => Parts = parts;

    /// <summary>The values of the key's columns.</summary>
    public ImmutableArray<object> Parts { get; }

    /// <summary>The parts as text, divided by bars: what a random split hashes.</summary>
    public string Text => string.Join('|', Parts.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public bool Equals(EntityKey? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntityKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Parts.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
