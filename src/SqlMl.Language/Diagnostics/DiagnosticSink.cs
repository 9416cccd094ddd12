using System.Collections.Immutable;

namespace SqlMl.Language.Diagnostics;

/// <summary>Collects the findings of one compilation, in the order in which they were made.</summary>
public sealed class DiagnosticSink
{
    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<(string Code, string Message, DiagnosticLabel? Primary)> _known = [];

    /// <summary>True once an error was added.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Adds a finding; an equal one at the same place is kept once.</summary>
    public void Add(Diagnostic diagnostic)
    {
        if (!_known.Add((diagnostic.Code, diagnostic.Message, diagnostic.Primary))) return;
        _items.Add(diagnostic);
        HasErrors |= diagnostic.Severity == DiagnosticSeverity.Error;
    }

    /// <summary>All findings, by the file's path, then by place, then in the order made; what has no place comes first.</summary>
    public ImmutableArray<Diagnostic> ToImmutable() =>
    [
        .. _items
            .Select((diagnostic, index) => (diagnostic, index))
            .OrderBy(item => item.diagnostic.Primary?.Span.Source?.Path ?? "", StringComparer.Ordinal)
            .ThenBy(item => item.diagnostic.Primary?.Span.Start ?? -1)
            .ThenBy(item => item.index)
            .Select(item => item.diagnostic),
    ];
}
