using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans one model: which values are needed, in which order, from which rows.</summary>
internal sealed partial class ModelPlanner
{
    private sealed record LaterVar(VarSymbol Var, string Later);

    private readonly SemanticModel _program;
    private readonly BoundModel _model;
    private readonly bool _isBefore;
    private readonly Duration? _later;
    private readonly LinkPlanner _linked;
    private readonly RollupPlanner _rolledUp;
    private readonly RowPlanner _rows;
    private readonly ExpressionPlanner _values;
    private readonly HashSet<string> _names;
    private readonly Dictionary<VarSymbol, string> _planned = [];
    private readonly Dictionary<string, VarSymbol> _owners;
    private readonly Dictionary<string, int> _levels = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<LogicalScan> _scans = [];
    private readonly List<LogicalScan> _labelScans = [];
    private readonly List<LogicalDerived> _derived = [];
    private readonly List<LogicalDerived> _labelDerived = [];
    private readonly Dictionary<LaterVar, string> _plannedLater = [];
    private bool _readsAnchorInLabel;
    private string _prefix = "";
    private int _counter;

    internal ModelPlanner(SemanticModel program, BoundModel model)
        : this(program, model, model.IsBefore, null)
    {
    }

    /// <param name="program">The program.</param>
    /// <param name="model">What is planned.</param>
    /// <param name="isBefore">True in mode `before`.</param>
    /// <param name="later">Everything is evaluated so much later than the cutoff; null for the cutoff itself.</param>
    private ModelPlanner(SemanticModel program, BoundModel model, bool isBefore, Duration? later)
    {
        (_program, _model, _isBefore, _later) = (program, model, isBefore, later);
        _rows = new RowPlanner { IsBefore = isBefore, Later = later };
        _linked = new LinkPlanner(this);
        _rolledUp = new RollupPlanner(this);
        _values = new ExpressionPlanner(Special);
        _owners = new Dictionary<string, VarSymbol>(StringComparer.OrdinalIgnoreCase);
        _names = new HashSet<string>([.. model.Entity.Keys, .. ReservedColumns.All], StringComparer.OrdinalIgnoreCase);
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
        var when = PlanCondition(_model.When, "is_eligible");
        var counter = _counter;
        var scoreOnly = PlanCondition(_model.ScoreOnly, "is_scored");
        _counter = counter;
        _prefix = "label";
        var label = _values.Plan(_model.Label);
        (_prefix, _counter) = ("given", 0);
        var given = _model.Given is null ? null : _values.Plan(_model.Given);
        var observe = _model.Observe.SelectAsArray(PlanObserve);
        var until = _model.Until is null ? null : PlanRows(_model.Until);
        var anchorKey = PlanAnchorKey();
        var population = PlanPopulation();
        var (rollups, labelRollups) = _rolledUp.Build();
        var (links, labelLinks) = _linked.Build();

        return new LogicalModel
        {
            Name = _model.Name,
            Entity = _model.Entity.Name,
            Keys = _model.Entity.Keys,
            Population = population,
            IsBefore = _isBefore,
            Later = _later,
            Sources = PlanSources(
                observe, [.. rollups.Select(rollup => rollup.Values), .. links.Select(link => link.Values)], [.. labelRollups.Select(rollup => rollup.Values), .. labelLinks.Select(link => link.Values)]),
            Anchors = [.. _rows.Anchors.ConvertAll(RowPlanner.PlanColumn)],
            AnchorKey = anchorKey,
            Observe = observe,
            Until = until,
            Scans = [.. _scans],
            Pivots = PlanPivots(),
            Rollups = rollups,
            Links = links,
            Derived = LogicalDerived.Ordered(_derived),
            When = when,
            ScoreOnly = scoreOnly,
            History = PlanHistory(),
            Given = given,
            Sample = _model.Sample,
            LabelScans = [.. _labelScans],
            LabelRollups = labelRollups,
            LabelLinks = labelLinks,
            LabelDerived = LogicalDerived.Ordered(_labelDerived),
            Label = label,
            Horizons = _model.Horizons.SelectAsArray(PlanWindow),
            Maturity = _model.Maturity.SelectAsArray(PlanWindow),
            FamilyMaturity = _model.FamilyMaturity.SelectAsArray(PlanWindow),
            IsInFamily = _model.IsInFamily,
            AllowImmature = _model.AllowImmature,
            Split = PlanSplit(_model.Split),
            Features = _model.Features.SelectAsArray(feature => _planned[feature]),
        };
    }

    /// <summary>The name of the value that a condition is planned as; null for none.</summary>
    private string? PlanCondition(BoundExpression? condition, string name)
    {
        if (condition is null) return null;
        _prefix = Name(name);
        AddDerived(_prefix, _values.Plan(condition));
        return _prefix;
    }

    private LogicalPopulation? PlanPopulation() => _model.Entity.Population is not { } declared
        ? null
        : new LogicalPopulation(declared.Source.Name, declared.Since is null ? null : _rows.Plan(declared.Since));

    private LogicalHistory? PlanHistory() => _model.RequiredHistory is not { } length
        ? null
        : new LogicalHistory(length, [.. _model.WindowedAggregates().Select(aggregate => aggregate.Source.Name).Distinct().Order(StringComparer.Ordinal)]);

    private static LogicalSplit PlanSplit(BoundSplit split) => split switch
    {
        BoundTimeSplit time => new LogicalTimeSplit(time.Parts),
        BoundInstantSplit at => new LogicalInstantSplit(at.Instants),
        BoundRandomSplit random => new LogicalRandomSplit(random.Parts, random.Seed, random.IsStratified),
        BoundEntitySplit entity => new LogicalEntitySplit(entity.Parts, entity.Seed),
        _ => throw new InvalidOperationException($"No plan for {split.GetType().Name}."),
    };

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
            case BoundRollup rollup:
                _rolledUp.Add(name, rollup);
                break;
            case BoundVar { Var: var other } when other.Entity != _model.Entity:
                _linked.Add(name, other);
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
        if (ReservedColumns.Contains(symbol.Name)) return Name(symbol.Name);
        if (_owners.TryAdd(symbol.Name, symbol) || _owners[symbol.Name] == symbol) return symbol.Name;
        return Name(symbol.Name);
    }

    /// <summary>Plans a var as of a later cutoff once, as a value of the label.</summary>
    private string PlanVarLater(VarSymbol symbol, Duration later)
    {
        if (_plannedLater.TryGetValue(new LaterVar(symbol, later.Text), out var known)) return known;
        var name = Name($"{symbol.Name}_after_{later.Suffix}");
        _plannedLater.Add(new LaterVar(symbol, later.Text), name);
        if (symbol.Expression is BoundAggregate aggregate)
        {
            AddScan(name, aggregate);
            return name;
        }
        var (prefix, counter) = (_prefix, _counter);
        (_prefix, _counter) = (name, 0);
        var expression = _values.Plan(symbol.Expression);
        var level = 1 + HighestLevelRead(expression);
        _levels[name] = level;
        _labelDerived.Add(new LogicalDerived(name, expression, level));
        (_prefix, _counter) = (prefix, counter);
        return name;
    }

    private LogicalExpression? Special(BoundExpression bound)
    {
        switch (bound)
        {
            case BoundAnchor anchor:
                if (anchor.IsInLabel || (_rows.Later is not null && anchor.Column.IsLate)) _readsAnchorInLabel = true;
                return _rows.PlanAnchor(anchor);
            case BoundVar { Var: var other } when other.Entity != _model.Entity:
                return new LogicalValue(_linked.Plan(other));
            case BoundVar reference:
                return new LogicalValue(LaterNow is { } later ? PlanVarLater(reference.Var, later) : PlanVar(reference.Var));
            case BoundAfter after:
                return Later(after.Later, () => _values.Plan(after.Operand));
            case BoundCutoff when _rows.Later is not null:
                return new LogicalShift(new LogicalCutoff(), _rows.Later, IsEarlier: false);
            case BoundElapsed elapsed when _rows.Later is not null:
                return new LogicalElapsed(_values.Plan(elapsed.Operand), elapsed.Unit, elapsed.IsUntil) { Later = _rows.Later };
            case BoundAggregate aggregate:
                var name = Name($"{_prefix}_{++_counter}");
                AddScan(name, aggregate);
                return new LogicalValue(name);
            case BoundRollup rollup:
                var rolledUp = Name($"{_prefix}_{++_counter}");
                _rolledUp.Add(rolledUp, rollup);
                return new LogicalValue(rolledUp);
            default:
                return null;
        }
    }

    private void AddScan(string name, BoundAggregate bound) => AddScan(name, bound, []);

    private void AddScan(string name, BoundAggregate bound, ImmutableArray<LogicalExpression> together)
    {
        var fallback = bound.Default is null ? null : new LogicalConstant(bound.Default.Value);
        var filter = bound.Filter is null ? null : _rows.Plan(bound.Filter);
        var arguments = bound.Columns.SelectAsArray(_rows.Plan);
        if (bound.Parameter is not null) arguments = arguments.Add(new LogicalConstant(bound.Parameter.Value));
        var aggregate = new LogicalAggregate(name, bound.Definition, arguments, filter, fallback) { Zone = bound.Source.Zone, Together = together };
        var window = _rows.Later is null ? PlanWindow(bound.Window) : PlanWindowLater(bound.Window, _rows.Later);
        var scan = new LogicalScan(bound.Source.Name, window, [aggregate], ScanStrategy.RangeJoin, "works for every aggregate and cutoff") { Side = bound.Side };
        // Planned rows that lie ahead are known at the cutoff: they are a part of what features see.
        var isOfLabel = _later is null && (bound.Window is { IsFuture: true, IsPlanned: false } || _rows.Later is not null);
        (isOfLabel ? _labelScans : _scans).Add(scan);
        _levels[name] = 0;
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

    /// <summary>The key of the row that is the cutoff, where all cutoffs are rows of one source that has a key (rule 47).</summary>
    private ImmutableArray<LogicalAnchorKey> PlanAnchorKey()
    {
        if (_model.Anchor is not { } source) return [];
        var key = ImmutableArray.CreateBuilder<LogicalAnchorKey>();
        // On a side the row names its entity by one column or another: none of them says which.
        var own = NamingOf(source) is { Sides.IsEmpty: true, Columns: var columns } ? columns : [];
        foreach (var part in source.Key)
        {
            if (part is not BoundColumn { Column: var column } || own.Any(key => key is BoundColumn same && same.Column == column)) continue;
            key.Add(new LogicalAnchorKey(Name(column.Name), _rows.Read(column)));
            if (!_rows.Anchors.Contains(column)) _rows.Anchors.Add(column);
        }
        return key.ToImmutable();
    }

    private LogicalRows PlanRows(BoundRows rows)
    {
        _rows.Touch(rows.Source);
        return new LogicalRows(rows.Source.Name, rows.Filter is null ? null : _rows.Plan(rows.Filter)) { Side = rows.Side };
    }

    internal static LogicalWindow PlanWindow(BoundWindow window) => new(window.IsFuture, window.Length, window.Gap) { IsPlanned = window.IsPlanned };

    /// <summary>
    /// A window of the past as of a later cutoff. The binder lets none through whose look-back differs from the horizon, so an exact one
    /// begins at the cutoff: `over 7 days`, 7 days later, is `in next 7 days` (rule 8). Rows planned by then stay a window of their own.
    /// </summary>
    private static LogicalWindow PlanWindowLater(BoundWindow window, Duration later)
    {
        var isExact = !window.IsFuture && window.Length?.IsCalendar == false && window.Gap?.IsCalendar != true && !later.IsCalendar;
        return isExact ? new LogicalWindow(true, window.Length, null) : PlanWindow(window) with { Later = later };
    }

    private LogicalObserve PlanObserve(BoundObserve line) => line switch
    {
        BoundObserveGrid grid => new LogicalGrid(grid.Step, grid.AlignedTo, PlanBound(grid.From), PlanBound(grid.Until), grid.Count),
        BoundObserveEach each => new LogicalEach(PlanRows(each.Rows), PlanBound(each.From), PlanBound(each.Until)) { Offset = each.Offset, IsEarlier = each.IsEarlier },
        BoundObserveAfterFirst after => new LogicalAfterFirst(after.Offset, PlanRows(after.Rows), PlanBound(after.From), PlanBound(after.Until)),
        BoundObserveInstants instants => new LogicalInstants(instants.Instants),
        _ => throw new InvalidOperationException($"No plan for {line.GetType().Name}."),
    };

    internal static LogicalBound? PlanBound(BoundInstant? bound) =>
        bound is null ? null : new LogicalBound(bound.Instant, bound.Offset, bound.IsNegative);

    /// <summary>The sources that the model reads, and, where cutoffs are for every entity, those that tell who exists (rule 10).</summary>
    private ImmutableArray<LogicalSource> PlanSources(ImmutableArray<LogicalObserve> observe, ImmutableArray<LogicalModel> others, ImmutableArray<LogicalModel> labelOthers)
    {
        var inLabel = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scan in _labelScans) inLabel.Add(scan.Source);
        inLabel.UnionWith(ReadBy(labelOthers));
        var read = new HashSet<string>(inLabel, StringComparer.Ordinal);
        foreach (var scan in _scans) read.Add(scan.Source);
        foreach (var source in _rows.Touched) read.Add(source.Name);
        read.UnionWith(ReadBy(others));
        if (_readsAnchorInLabel)
        {
            foreach (var line in observe)
            {
                if (line is LogicalEach each) inLabel.Add(each.Rows.Source);
            }
        }
        // Declared entities exist from a stated instant on, whatever their cutoffs are.
        var asksExistence = _model.Entity.Population is not null || observe.Any(line => line is LogicalGrid or LogicalInstants);
        var planner = new SourcePlanner(_rows, NamingOf);
        var sources = new List<LogicalSource>();
        foreach (var source in _program.Sources)
        {
            var isRead = read.Contains(source.Name);
            if (source.Nature == SourceNature.Untimed || source.Location is null || !(isRead || (asksExistence && TellsWhoExists(source)))) continue;
            sources.Add(planner.Plan(source, isRead, inLabel.Contains(source.Name)));
        }
        return [.. sources];
    }

    private static IEnumerable<string> ReadBy(ImmutableArray<LogicalModel> others) =>
        others.SelectMany(other => other.Sources).Where(source => source.IsRead).Select(source => source.Name);

    private bool TellsWhoExists(SourceSymbol source) =>
        _model.Entity.Population is { } declared ? source == declared.Source : source.Entities.Any(item => item.Entity == _model.Entity);

    private SourceEntity? NamingOf(SourceSymbol source) => source.Entities.FirstOrDefault(item => item.Entity == _model.Entity);
}
