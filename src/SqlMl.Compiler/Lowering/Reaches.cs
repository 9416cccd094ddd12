using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Semantics;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// What the values of a model may read, found in its plan and said as offsets from the cutoff. Written apart from the steps that carry the plan out,
/// so that a proof holds those against something else than themselves.
/// </summary>
internal sealed class Reaches
{
    private readonly LogicalModel _model;
    private readonly Dictionary<string, LogicalScan> _scans = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LogicalExpression> _derived = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LogicalLink> _linked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LogicalRollup> _rolledUp = new(StringComparer.OrdinalIgnoreCase);

    internal Reaches(LogicalModel model)
    {
        _model = model;
        foreach (var scan in model.Scans.Concat(model.LabelScans))
        {
            foreach (var aggregate in scan.Aggregates) _scans[aggregate.Name] = scan;
        }
        foreach (var rollup in model.Rollups.Concat(model.LabelRollups))
        {
            foreach (var aggregate in rollup.Aggregates) _rolledUp[aggregate.Name] = rollup;
        }
        foreach (var link in model.Links.Concat(model.LabelLinks))
        {
            foreach (var value in link.Names) _linked[value.Name] = link;
        }
        foreach (var derived in model.Derived.Concat(model.LabelDerived)) _derived[derived.Name] = derived.Expression;
    }

    /// <summary>What a feature may read.</summary>
    internal CompiledReach OfValue(string name) => Of(new LogicalValue(name));

    /// <summary>What an expression over values may read.</summary>
    internal CompiledReach Of(LogicalExpression expression)
    {
        var stretches = new List<CompiledStretch>();
        var readsAnchor = false;
        var followed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Collect(expression);
        return new CompiledReach([.. stretches.Distinct()], readsAnchor);

        void Collect(LogicalExpression part)
        {
            foreach (var child in part.Children) Collect(child);
            if (part is LogicalAnchor anchor)
            {
                readsAnchor = true;
                var end = anchor.Window is { } window ? Moved([], window.Gap, window.Length, 1) : null;
                if (anchor.IsInLabel) stretches.Add(new CompiledStretch(null, end, end, OfStates: false, IsStrict: false));
            }
            if (part is not LogicalValue value || !followed.Add(value.Name)) return;
            if (_derived.TryGetValue(value.Name, out var derived))
            {
                Collect(derived);
            }
            else if (_linked.TryGetValue(value.Name, out var link))
            {
                // What the other entity's value reads, and what says which entity that is; a cutoff's own row that says it is fixed with the cutoff.
                var there = link.Names.First(name => name.Name.Equals(value.Name, StringComparison.OrdinalIgnoreCase)).Value;
                stretches.AddRange(new Reaches(link.Values).OfValue(there).Windows);
                foreach (var key in link.Keys)
                {
                    if (key is not LogicalAnchor) Collect(key);
                }
            }
            else if (_rolledUp.TryGetValue(value.Name, out var rollup))
            {
                // What the members' values read, and what says who is a member.
                var members = new Reaches(rollup.Values);
                foreach (var belongsTo in rollup.Link) stretches.AddRange(members.OfValue(belongsTo).Windows);
                CollectMembers(Aggregate(rollup.Aggregates, value.Name), members);
            }
            else if (_scans.TryGetValue(value.Name, out var scan))
            {
                if (Stretch(scan) is { } stretch) stretches.Add(stretch);
                // What an aggregate compares rows with belongs to the anchor as well.
                if (Aggregate(scan.Aggregates, value.Name).Filter is { } filter && ReadsAnchor(filter)) readsAnchor = true;
            }
        }

        void CollectMembers(LogicalAggregate aggregate, Reaches members)
        {
            foreach (var column in Columns(aggregate)) stretches.AddRange(members.OfValue(column.Name).Windows);
            if (aggregate.Filter is not null && ReadsAnchor(aggregate.Filter)) readsAnchor = true;
        }
    }

    private static LogicalAggregate Aggregate(ImmutableArray<LogicalAggregate> aggregates, string name) =>
        aggregates.First(aggregate => aggregate.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The columns that an aggregate reads.</summary>
    private static IEnumerable<LogicalColumn> Columns(LogicalAggregate aggregate)
    {
        var pending = new Stack<LogicalExpression>(aggregate.Arguments);
        if (aggregate.Filter is not null) pending.Push(aggregate.Filter);
        while (pending.TryPop(out var expression))
        {
            if (expression is LogicalColumn column) yield return column;
            foreach (var child in expression.Children) pending.Push(child);
        }
    }

    private static bool ReadsAnchor(LogicalExpression expression) => expression is LogicalAnchor || expression.Children.Any(ReadsAnchor);

    private CompiledStretch? Stretch(LogicalScan scan)
    {
        var window = scan.Window;
        var isStrict = _model.IsBefore && window.Later is null && (!window.IsFuture || window.IsPlanned);
        var later = Moved([], window.Later, null, 1).Moves;
        switch (_model.Sources.First(source => source.Name == scan.Source).Nature)
        {
            case SourceNature.Static:
                return null;
            case SourceNature.Validity:
                return new CompiledStretch(new CompiledOffset(later), new CompiledOffset(later), new CompiledOffset(later), OfStates: true, isStrict);
        }
        if (window.IsFuture)
        {
            var end = Moved(later, window.Gap, window.Length, 1);
            return new CompiledStretch(Moved(later, window.Gap, null, 1), end, window.IsPlanned ? new CompiledOffset(later) : end, OfStates: false, IsStrict: false);
        }
        var start = window.Length is null ? null : Moved(later, window.Gap, window.Length, -1);
        return new CompiledStretch(start, Moved(later, window.Gap, null, -1), new CompiledOffset(later), OfStates: false, isStrict);
    }

    /// <summary>Further by one length and then another; of two calendar lengths, by their sum (rule 9).</summary>
    private static CompiledOffset Moved(ImmutableArray<(int Months, long Microseconds)> from, Duration? first, Duration? second, int sign)
    {
        if (first is { IsCalendar: true } && second is { IsCalendar: true }) return new(from.Add((sign * (first.Months + second.Months), 0)));
        if (first is not null) from = from.Add((sign * first.Months, sign * first.Microseconds));
        if (second is not null) from = from.Add((sign * second.Months, sign * second.Microseconds));
        return new(from);
    }

    /// <summary>A length as a move to later or earlier instants; null for none.</summary>
    internal static CompiledOffset? Move(Duration? length, int sign) => length is null ? null : Moved([], length, null, sign);
}
