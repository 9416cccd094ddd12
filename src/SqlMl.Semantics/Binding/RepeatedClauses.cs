using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Reports clauses that may stand once and stand again; each kind once.</summary>
internal sealed class RepeatedClauses(ProgramScope scope, string owner)
{
    private readonly Dictionary<string, SyntaxNode> _first = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>Notes a clause; a kind of null may stand any number of times.</summary>
    internal void Add(string? kind, SyntaxNode clause)
    {
        if (kind is null || _first.TryAdd(kind, clause) || !_reported.Add(kind)) return;
        scope.Report(NameErrors.RepeatedClause(owner, kind, _first[kind].Span, clause.Span));
    }
}
