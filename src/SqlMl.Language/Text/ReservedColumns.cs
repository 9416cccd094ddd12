using System.Collections.Immutable;

namespace SqlMl.Language.Text;

/// <summary>The columns that every training or scoring table has beside the entity's key: no feature can be called so.</summary>
public static class ReservedColumns
{
    /// <summary>Their names.</summary>
    public static ImmutableArray<string> All { get; } = ["cutoff", "label", "split", "as_of", "open"];

    /// <summary>True for one of them, in whatever case.</summary>
    public static bool Contains(string name) => All.Contains(name, StringComparer.OrdinalIgnoreCase);
}
