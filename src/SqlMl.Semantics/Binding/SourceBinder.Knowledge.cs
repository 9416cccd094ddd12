using System.Collections.Immutable;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>What a source says about joined rows, and about when rows and columns became known.</summary>
internal sealed partial class SourceBinder
{
    private sealed record NatureClause(string Words, SourceSpan Span);

    private readonly Dictionary<SourceSymbol, NatureClause> _natures = [];

    private void SetNature(SourceSymbol source, SourceNature nature, SourceSpan span)
    {
        var words = nature switch { SourceNature.Events => "`time`", SourceNature.Validity => "`valid from`", _ => "`static`" };
        if (_natures.TryGetValue(source, out var first) && source.Nature != nature)
        {
            scope.Report(SourceErrors.TwoNatures(source.Name, first.Words, first.Span, words, span));
            return;
        }
        _natures[source] = new NatureClause(words, span);
        source.Nature = nature;
    }

    private void BindJoin(SourceSymbol source, RowBinder rows, JoinClauseSyntax clause)
    {
        // A join of an import's source goes by the source's name in it.
        var name = clause.Alias ?? LastOf(clause.Source);
        if (source.Joins.FirstOrDefault(join => join.Name.Equals(name.Text, StringComparison.OrdinalIgnoreCase)) is { } earlier)
        {
            scope.Report(NameErrors.Duplicate("join", name.Text, earlier.Span, clause.Span));
            return;
        }
        if (Require(clause.Source) is not { } target || target.IsIncomplete)
        {
            source.IsIncomplete = true;
            return;
        }
        if (target.Nature == SourceNature.Untimed)
        {
            scope.Report(TimeErrors.UntimedSource($"source `{source.Name}`", target.Name, clause.Span, target.Span));
            source.IsIncomplete = true;
            return;
        }
        var theirs = new RowBinder(scope, target);
        var (mine, their) = (ImmutableArray.CreateBuilder<BoundExpression>(), ImmutableArray.CreateBuilder<BoundExpression>());
        foreach (var key in clause.Keys)
        {
            var pair = _types.RequireCommon([rows.BindPath(key.Ours), theirs.BindPath(key.Theirs ?? key.Ours)]);
            mine.Add(pair[0]);
            their.Add(pair[1]);
        }
        source.Joins = source.Joins.Add(new SourceJoin(name.Text, target, clause.IsEach, mine.ToImmutable(), their.ToImmutable(), clause.Span));
    }

    private static NameSyntax LastOf(NameSyntax name) => name.IsExact ? name : name with { Text = name.Text[(name.Text.LastIndexOf('.') + 1)..] };

    private void BindLate(SourceSymbol source, RowBinder rows, LateClauseSyntax clause)
    {
        var late = new LateColumns(clause.At is null ? null : _types.Require(rows.Bind(clause.At), DataType.Instant, "`late ... at`"), clause.Span);
        foreach (var path in clause.Columns)
        {
            if (rows.BindPath(path) is not BoundColumn { Column: var column }) continue;
            if (column.Expression is not null) scope.Report(SourceErrors.LateComputed(source.Name, path.Text, path.Span));
            else if (column.Late is { } earlier) scope.Report(NameErrors.RepeatedClause($"source `{source.Name}`", $"late {path.Text}", earlier.Span, path.Span));
            else column.Late = late;
        }
    }

    private void BindKnowledge(SourceSymbol source, RowBinder rows, SourceBlockSyntax block)
    {
        var known = block.Clauses.OfType<KnownClauseSyntax>().FirstOrDefault();
        var delay = block.Clauses.OfType<DelayClauseSyntax>().FirstOrDefault();
        var planned = block.Clauses.OfType<PlannedClauseSyntax>().FirstOrDefault();
        var at = known is null ? null : _types.Require(rows.Bind(known.Expression), DataType.Instant, "`known at`");
        var within = known?.Within is null ? null : scope.BindDuration(known.Within);
        var later = delay is null ? null : scope.BindDuration(delay.Duration);
        if (planned is not null && known is null)
        {
            scope.Report(KnowledgeErrors.PlannedWithoutKnown(source.Name, planned.Span));
            return;
        }
        // Made from rows that happened, a row is known no earlier than they are.
        var origin = source.Location is DerivedLocation { Base.Target: { Nature: SourceNature.Events } target } ? target : null;
        var isKnownLater = origin is not null && (origin.Knowledge is not null || !source.InheritsTime);
        if (isKnownLater && at is null && later is null)
        {
            source.Knowledge = new SourceKnowledge(null, null, null, source.InheritsTime && origin!.Knowledge is { IsPlanned: true }, source.LocationSpan);
        }
        if (at is null && later is null) return;
        // A cutoff before a row lies where the row was known by then (rule 65): observed so, rows that say when they were known may lie ahead.
        var isPlanned = planned is not null || (at is not null && scope.ObservedAhead.Exists(name => scope.FindSource(name) == source));
        source.Knowledge = new SourceKnowledge(at, within, later, isPlanned, (known ?? (SourceClauseSyntax)delay!).Span);
    }

    /// <summary>What decides whether there is a row, whose and when, must be known with the row.</summary>
    private void CheckLate(SourceSymbol source)
    {
        Check("`where`", source.Where);
        if (_natures.TryGetValue(source, out var nature)) Check(nature.Words, source.Time);
        Check("`valid to`", source.ValidTo);
        foreach (var entity in source.Entities) CheckAll("`entity`", entity.Columns);
        CheckAll("`key`", source.Key);
        Check("`order by`", source.OrderBy);
        foreach (var join in source.Joins)
        {
            CheckAll($"join `{join.Name}`", join.Ours);
            if (join.Target.Nature != SourceNature.Validity) continue;
            if (source.Nature is SourceNature.Static or SourceNature.Untimed)
            {
                scope.Report(SourceErrors.NoInstantToJoinAt(source.Name, source.Nature == SourceNature.Static, join.Target.Name, join.Span, join.Target.Span));
            }
            else if (!join.IsEach && source.Joins.FirstOrDefault(item => item.IsEach) is { } each)
            {
                scope.Report(SourceErrors.StateBesideEach(source.Name, join.Target.Name, join.Span, each.Span));
            }
        }

        void CheckAll(string clause, ImmutableArray<BoundExpression> expressions)
        {
            foreach (var expression in expressions) Check(clause, expression);
        }

        void Check(string clause, BoundExpression? expression)
        {
            if (expression is null || FindLate(expression) is not { } late) return;
            // A row that takes its own time from the joined row happens with it, so nothing of that row is late for it.
            if (late.Column.Joined is { Join: var join } && TakesTimeFrom(source, join)) return;
            var origin = late.Column.Late?.Span ?? late.Column.Joined?.Join.Span ?? late.Column.Span;
            scope.Report(KnowledgeErrors.LateDecidesRow(source.Name, clause, late.Span, origin));
        }
    }

    /// <summary>True where the source's own time is the joined row's (`time searches.searchdate`).</summary>
    private static bool TakesTimeFrom(SourceSymbol source, SourceJoin join) =>
        source.Time is BoundColumn { Column.Joined: { } joined } && joined.Join == join;

    private static BoundColumn? FindLate(BoundExpression expression)
    {
        if (expression is BoundColumn column) return column.Column.IsLate ? column : null;
        foreach (var child in expression.Children)
        {
            if (FindLate(child) is { } found) return found;
        }
        return null;
    }
}
