using System.Collections.Immutable;

namespace SqlMl.Language.Diagnostics;

/// <summary>Collects the findings of one compilation, in the order in which they were made.</summary>
public sealed class DiagnosticSink
{
    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<Finding> _known = [];

    private sealed record Finding(string Code, string Message, DiagnosticLabel? Primary);

    /// <summary>True once an error was added.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Adds a finding; an equal one at the same place is kept once.</summary>
    public void Add(Diagnostic diagnostic)
    {
        if (!_known.Add(new Finding(diagnostic.Code, diagnostic.Message, diagnostic.Primary))) return;
        _items.Add(diagnostic);
        HasErrors |= diagnostic.Severity == DiagnosticSeverity.Error;
    }

    /// <summary>All findings, by the file's path, then by place, then in the order made; what has no place comes first.</summary>
    public ImmutableArray<Diagnostic> ToImmutable() => _items.Count == 0 ? [] :
    [
        .. _items
            .OrderBy(diagnostic => diagnostic.Primary?.Span.Source?.Path ?? "", StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Primary?.Span.Start ?? -1),
    ];
}
