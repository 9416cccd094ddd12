using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans one model: which values are needed, in which order, from which rows.</summary>
internal sealed class ModelPlanner
{
    private static readonly ImmutableArray<string> ReservedColumns = ["cutoff", "label", "split", "as_of", "open"];

    private readonly SemanticModel _program;
    private readonly BoundModel _model;
    private readonly RowPlanner _rows = new();
    private readonly ExpressionPlanner _values;
    private readonly HashSet<string> _names;
    private readonly Dictionary<VarSymbol, string> _planned = [];
    private readonly Dictionary<string, VarSymbol> _owners;
    private readonly Dictionary<string, int> _levels = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<LogicalScan> _scans = [];
    private readonly List<LogicalScan> _labelScans = [];
    private readonly List<LogicalDerived> _derived = [];
    private string _prefix = "";
    private int _counter;

    internal ModelPlanner(SemanticModel program, BoundModel model)
    {
        (_program, _model) = (program, model);
        _values = new ExpressionPlanner(Special);
        _owners = new Dictionary<string, VarSymbol>(StringComparer.OrdinalIgnoreCase);
        _names = new HashSet<string>([.. model.Entity.Keys, .. ReservedColumns], StringComparer.OrdinalIgnoreCase);
        foreach (var feature in model.Features) _owners.Add(feature.Name, feature);
        foreach (var feature in model.Features) _names.Add(feature.Name);
        foreach (var symbol in program.Vars)
        {
            if (symbol.Entity == model.Entity) _names.Add(symbol.Name);
        }
    }

    internal LogicalModel Plan()
    {
        foreach (var feature in _model.Features) PlanVar(feature);
        string? when = null;
        if (_model.When is not null)
        {
            when = Name("is_eligible");
            _prefix = when;
            AddDerived(when, _values.Plan(_model.When));
        }
        _prefix = "label";
        var label = _values.Plan(_model.Label);
        var observe = _model.Observe.SelectAsArray(PlanObserve);
        var until = _model.Until is null ? null : PlanRows(_model.Until);

        return new LogicalModel
        {
            Name = _model.Name,
            Entity = _model.Entity.Name,
            Keys = _model.Entity.Keys,
            IsBefore = _model.IsBefore,
            Sources = PlanSources(observe),
            Observe = observe,
            Until = until,
            Scans = [.. _scans],
            Derived = LogicalDerived.Ordered(_derived),
            When = when,
            LabelScans = [.. _labelScans],
            Label = label,
            Horizon = PlanWindow(_model.Horizon),
            AllowImmature = _model.AllowImmature,
            Split = new LogicalSplit(_model.Split.IsByTime, _model.Split.Parts, _model.Split.Seed, _model.Split.IsStratified),
            Features = _model.Features.SelectAsArray(feature => feature.Name),
        };
    }

    /// <summary>Plans a var once: an aggregate takes the var's name, anything else is derived from named values. Returns the value's name.</summary>
    private string PlanVar(VarSymbol symbol)
    {
        if (_planned.TryGetValue(symbol, out var known)) return known;
        var name = ValueName(symbol);
        _planned.Add(symbol, name);
        var (prefix, counter) = (_prefix, _counter);
        (_prefix, _counter) = (name, 0);
        switch (symbol.Expression)
        {
            case BoundAggregate aggregate:
                AddScan(name, aggregate);
                break;
            default:
                AddDerived(name, _values.Plan(symbol.Expression));
                break;
        }
        (_prefix, _counter) = (prefix, counter);
        return name;
    }

    /// <summary>The var's own name; another one for a var that a model's own var hides, and that other vars still read (rule 56).</summary>
    private string ValueName(VarSymbol symbol)
    {
        // No feature has a name that the tables need; a var behind features may.
        if (ReservedColumns.Contains(symbol.Name, StringComparer.OrdinalIgnoreCase)) return Name(symbol.Name);
        if (_owners.TryAdd(symbol.Name, symbol) || _owners[symbol.Name] == symbol) return symbol.Name;
        return Name(symbol.Name);
    }

    private LogicalExpression? Special(BoundExpression bound)
    {
        switch (bound)
        {
            case BoundVar reference:
                return new LogicalValue(PlanVar(reference.Var));
            case BoundAggregate aggregate:
                var name = Name($"{_prefix}_{++_counter}");
                AddScan(name, aggregate);
                return new LogicalValue(name);
            default:
                return null;
        }
    }

    private void AddScan(string name, BoundAggregate bound)
    {
        var fallback = bound.Default is null ? null : new LogicalConstant(bound.Default.Value);
        var filter = bound.Filter is null ? null : _rows.Plan(bound.Filter);
        var aggregate = new LogicalAggregate(name, bound.Definition, bound.Columns.SelectAsArray(_rows.Plan), filter, fallback);
        var scan = new LogicalScan(bound.Source.Name, PlanWindow(bound.Window), [aggregate], ScanStrategy.RangeJoin, "works for every aggregate and cutoff");
        (bound.Window.IsFuture ? _labelScans : _scans).Add(scan);
        if (!bound.Window.IsFuture) _levels[name] = 0;
    }

    private void AddDerived(string name, LogicalExpression expression)
    {
        var level = 1 + HighestLevelRead(expression);
        _levels[name] = level;
        _derived.Add(new LogicalDerived(name, expression, level));
    }

    private int HighestLevelRead(LogicalExpression expression)
    {
        var level = expression is LogicalValue value ? _levels.GetValueOrDefault(value.Name) : 0;
        foreach (var child in expression.Children) level = Math.Max(level, HighestLevelRead(child));
        return level;
    }

    private string Name(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_names.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    private LogicalRows PlanRows(BoundRows rows)
    {
        _rows.Touch(rows.Source);
        return new LogicalRows(rows.Source.Name, rows.Filter is null ? null : _rows.Plan(rows.Filter));
    }

    private static LogicalWindow PlanWindow(BoundWindow window) => new(window.IsFuture, window.Length, window.Gap);

    private LogicalObserve PlanObserve(BoundObserve line) => line switch
    {
        BoundObserveGrid grid => new LogicalGrid(grid.Step, grid.AlignedTo, PlanBound(grid.From), PlanBound(grid.Until), grid.Count),
        BoundObserveEach each => new LogicalEach(PlanRows(each.Rows), PlanBound(each.From), PlanBound(each.Until)),
        BoundObserveAfterFirst after => new LogicalAfterFirst(after.Offset, PlanRows(after.Rows), PlanBound(after.From), PlanBound(after.Until)),
        BoundObserveInstants instants => new LogicalInstants(instants.Instants),
        _ => throw new InvalidOperationException($"No plan for {line.GetType().Name}."),
    };

    private static LogicalBound? PlanBound(BoundInstant? bound) =>
        bound is null ? null : new LogicalBound(bound.Instant, bound.Offset, bound.IsNegative);

    /// <summary>The sources that the model reads, and, where cutoffs are for every entity, those that tell who exists (rule 10).</summary>
    private ImmutableArray<LogicalSource> PlanSources(ImmutableArray<LogicalObserve> observe)
    {
        var inLabel = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scan in _labelScans) inLabel.Add(scan.Source);
        var read = new HashSet<string>(inLabel, StringComparer.Ordinal);
        foreach (var scan in _scans) read.Add(scan.Source);
        foreach (var source in _rows.Touched) read.Add(source.Name);
        var asksExistence = observe.Any(line => line is LogicalGrid or LogicalInstants);
        var sources = new List<LogicalSource>();
        foreach (var source in _program.Sources)
        {
            var isRead = read.Contains(source.Name);
            if (source.Time is null || source.Location is null || !(isRead || (asksExistence && NamesEntity(source)))) continue;
            sources.Add(PlanSource(source, isRead, inLabel.Contains(source.Name)));
        }
        return [.. sources];
    }

    private bool NamesEntity(SourceSymbol source) => source.Entities.Any(item => item.Entity == _model.Entity);

    private LogicalSource PlanSource(SourceSymbol source, bool isRead, bool isInLabel)
    {
        var keys = source.Entities.FirstOrDefault(item => item.Entity == _model.Entity)?.Columns ?? [];
        var columns = new List<LogicalSourceColumn>();
        foreach (var column in source.Columns)
        {
            if (!_rows.Columns.Contains(column)) continue;
            var expression = column.Expression is null ? null : RowPlanner.PlanRaw(column.Expression);
            columns.Add(new LogicalSourceColumn(new LogicalColumn(column.Name, column.IsExact), column.UsedType, expression));
        }
        LogicalLocation location = source.Location is FileLocation file
            ? new LogicalFile(file.Path)
            : new LogicalTable(((TableLocation)source.Location!).Path);
        return new LogicalSource(
            source.Name, location, RowPlanner.PlanRaw(source.Time!), source.Where is null ? null : RowPlanner.PlanRaw(source.Where),
            keys.SelectAsArray(RowPlanner.PlanRaw), [.. columns], isRead, isInLabel, source.Span);
    }
}
