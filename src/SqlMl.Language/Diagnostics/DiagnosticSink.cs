using System.Collections.Immutable;

namespace SqlMl.Language.Diagnostics;

/// <summary>Collects the findings of one compilation, in the order in which they were made.</summary>
public sealed class DiagnosticSink
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>True once an error was added.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Adds a finding; an equal one at the same place is kept once.</summary>
    public void Add(Diagnostic diagnostic)
    {
        foreach (var item in _items)
        {
            if (item.Code == diagnostic.Code && item.Message == diagnostic.Message && item.Primary == diagnostic.Primary) return;
        }
        _items.Add(diagnostic);
        HasErrors |= diagnostic.Severity == DiagnosticSeverity.Error;
    }

    /// <summary>All findings, by file in order of appearance and then by place.</summary>
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
