using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Declares vars (families unfolded) and binds each when it is first asked for, so that circles are found.</summary>
internal sealed class VarBinder(ProgramScope scope, VarTable table, VarBinder? outer, AnchorBinder? anchor = null) : IVarLookup
{
    private sealed record Pending(VarSymbol Symbol, ExpressionSyntax Expression, ExpressionSyntax? Default)
    {
        internal bool IsBinding { get; set; }

        internal bool IsDone { get; set; }
    }

    /// <summary>How many vars may read one another in a row; every link is a step of the SQL.</summary>
    internal const int MaxChain = 300;

    /// <summary>How many values a pivot may learn; each is a feature.</summary>
    private const int MaxLearned = 100;

    private sealed record UndeclaredFamily(EntitySymbol Entity, string Family);

    private readonly Dictionary<VarSymbol, Pending> _pending = [];
    private readonly List<VarSymbol> _path = [];
    private readonly HashSet<VarSymbol> _mistaken = [];

    // Families that were reported in place of being declared: their members are not reported as unknown.
    private readonly List<UndeclaredFamily> _undeclared = [];

    /// <summary>Declares the var, or one for each window of its family and each value that its pivot lists.</summary>
    internal void Declare(EntitySymbol entity, NameSyntax name, ValueSyntax value, bool isModelVar)
    {
        if (table.FindDeclared(entity, name.Text) is { } earlier)
        {
            scope.Report(NameErrors.Duplicate("var", name.Text, earlier.Span, name.Span));
            return;
        }
        if (value.Expression is WindowedSyntax { Operand: CallSyntax call, Window: PivotWindowSyntax { Values.IsEmpty: false } pivot })
        {
            if (pivot.Values.FirstOrDefault(value => value.IsArray || value.Kind == LiteralKind.Null) is { } noValue)
            {
                scope.Report(TypeErrors.PivotValue(noValue.Span));
                _undeclared.Add(new UndeclaredFamily(entity, name.Text));
                return;
            }
            foreach (var column in PivotUnfolding.Unfold(call, pivot)) Declare(entity, name, column.Suffix, value with { Expression = column.Expression }, isModelVar);
            return;
        }
        if (value.Expression is WindowedSyntax { Operand: CallSyntax learning, Window: PivotWindowSyntax learned }) DeclareLearned(entity, name, value, isModelVar, learning, learned);
        else Declare(entity, name, "", value, isModelVar);
    }

    /// <summary>Declares the columns of a pivot that learns its values; each window of a family is a pivot of its own.</summary>
    private void DeclareLearned(EntitySymbol entity, NameSyntax name, ValueSyntax value, bool isModelVar, CallSyntax call, PivotWindowSyntax pivot)
    {
        if (pivot.Top is not (>= 1 and <= MaxLearned))
        {
            scope.Report(EntityErrors.LearnedCount(name.Text, pivot.Top, MaxLearned, pivot.Span));
            _undeclared.Add(new UndeclaredFamily(entity, name.Text));
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var length in value.Family is OverFamilySyntax family ? family.Lengths : [null!])
        {
            var suffix = length is null ? "" : scope.BindDuration(length) is { } duration ? $"_{duration.Suffix}" : null;
            if (suffix is null || !seen.Add(suffix)) continue;
            foreach (var column in PivotUnfolding.Learn(call, pivot, name.Text + suffix, pivot.Top.Value))
            {
                var one = value with { Expression = column.Expression, Family = value.Family is OverFamilySyntax all ? all with { Lengths = [length!] } : value.Family };
                Declare(entity, name, column.Suffix, one, isModelVar, new LearnedColumn(name.Text + suffix, pivot.Top.Value, column.Rank, $"{name.Text}_", suffix));
            }
        }
    }

    /// <summary>Declares the var, or the column of a pivot that the suffix names, or one for each window.</summary>
    private void Declare(EntitySymbol entity, NameSyntax name, string suffix, ValueSyntax value, bool isModelVar, LearnedColumn? learned = null)
    {
        if (value.Family is OverFamilySyntax family)
        {
            var seen = new Dictionary<string, DurationSyntax>(StringComparer.Ordinal);
            foreach (var length in family.Lengths)
            {
                if (scope.BindDuration(length) is not { } duration)
                {
                    _undeclared.Add(new UndeclaredFamily(entity, name.Text));
                    continue;
                }
                if (!seen.TryAdd(duration.Suffix, length))
                {
                    scope.Report(NameErrors.RepeatedClause($"family `{name.Text}`", duration.Text, seen[duration.Suffix].Span, length.Span));
                    continue;
                }
                var window = new OverWindowSyntax(length.Span, length, family.Ending);
                Add(entity, name, $"{name.Text}{suffix}_{duration.Suffix}", name.Text, WindowPlacement.AtEnd(value.Expression, window), value, isModelVar, learned);
            }
            return;
        }
        if (value.Family is InNextFamilySyntax next)
        {
            scope.Report(TimeErrors.FutureInVar(name.Text, next.Span, next.Lengths[^1].Span.Text));
            _undeclared.Add(new UndeclaredFamily(entity, name.Text));
            return;
        }
        if (value.Family is { } other)
        {
            scope.Report(TimeErrors.RepeatedVar(name.Text, other.Span));
            _undeclared.Add(new UndeclaredFamily(entity, name.Text));
            return;
        }
        Add(entity, name, name.Text + suffix, suffix.Length == 0 ? null : name.Text, value.Expression, value, isModelVar, learned);
    }

    /// <summary>Binds every declared var.</summary>
    internal void BindAll()
    {
        foreach (var pending in _pending.Values.ToList()) Bind(pending);
    }

    /// <inheritdoc />
    public VarSymbol? Find(EntitySymbol entity, NameSyntax name)
    {
        // What a pivot will learn has no name yet that a program could know.
        foreach (var candidate in scope.Imported.Candidates(name))
        {
            if (table.Find(entity, candidate) is { Learned: null } symbol) return Bind(_pending[symbol]) ? symbol : null;
        }
        return outer?.Find(entity, name);
    }

    /// <inheritdoc />
    public IReadOnlyList<VarSymbol>? FindFamily(EntitySymbol entity, NameSyntax name)
    {
        foreach (var candidate in scope.Imported.Candidates(name))
        {
            if (table.FindFamily(entity, candidate) is { } family) return family;
        }
        return outer?.FindFamily(entity, name);
    }

    /// <inheritdoc />
    public bool WasReported(EntitySymbol entity, NameSyntax name)
    {
        foreach (var candidate in scope.Imported.Candidates(name))
        {
            if (table.Find(entity, candidate) is { Learned: null } || _undeclared.Exists(item => IsOf(item, entity, candidate))) return true;
        }
        return outer?.WasReported(entity, name) == true;
    }

    /// <inheritdoc />
    public bool Has(EntitySymbol entity, NameSyntax name) =>
        scope.Imported.Candidates(name).Any(candidate => table.FindDeclared(entity, candidate) is not null) || outer?.Has(entity, name) == true;

    /// <inheritdoc />
    public IEnumerable<string> Names(EntitySymbol entity, SourceSpan reader) =>
        table.Of(entity).Select(symbol => scope.Imported.Written(reader, symbol.Learned is null ? symbol.Name : symbol.Family!, symbol.Span)).Concat(outer?.Names(entity, reader) ?? []);

    private void Add(
        EntitySymbol entity, NameSyntax name, string fullName, string? family, ExpressionSyntax expression, ValueSyntax value, bool isModelVar, LearnedColumn? learned)
    {
        var symbol = new VarSymbol(entity, fullName, name.Span, scope.Types)
        {
            IsModelVar = isModelVar,
            Family = family,
            Learned = learned,
            Description = value.Description?.Value,
            DefinitionSpan = value.Span,
        };
        if (table.TryAdd(symbol) is { } first)
        {
            scope.Report(NameErrors.Duplicate("var", fullName, first.Span, name.Span));
            return;
        }
        _pending.Add(symbol, new Pending(symbol, expression, value.Default));
    }

    /// <summary>Binds a var once; false when it is part of a circle or holds a mistake, which was reported.</summary>
    private bool Bind(Pending pending)
    {
        if (pending.IsDone) return !_mistaken.Contains(pending.Symbol);
        if (pending.IsBinding)
        {
            var start = _path.FindIndex(item => item.Name.Equals(pending.Symbol.Name, StringComparison.OrdinalIgnoreCase));
            scope.Report(NameErrors.Cycle(_path[start..]));
            return false;
        }
        if (_path.Count >= MaxChain)
        {
            scope.Report(NameErrors.ChainTooDeep(pending.Symbol.Name, MaxChain, pending.Symbol.Span));
            return false;
        }
        pending.IsBinding = true;
        _path.Add(pending.Symbol);
        var binder = new ValueBinder(scope, pending.Symbol.Entity, this, $"var `{pending.Symbol.Family ?? pending.Symbol.Name}`", anchor);
        var bound = binder.Bind(pending.Expression);
        if (pending.Default is not null) bound = WithDefault(binder, bound, binder.Bind(pending.Default), pending.Symbol.DefinitionSpan);
        if (AgeOfNothing(bound) is { } zero) scope.Report(ModellingErrors.AgeOfNothing(pending.Symbol.Name, zero));
        (pending.IsBinding, pending.IsDone) = (false, true);
        pending.Symbol.Define(bound);
        _path.RemoveAt(_path.Count - 1);
        if (HoldsMistake(bound)) _mistaken.Add(pending.Symbol);
        if (pending.Symbol.Interval.ReadsFuture)
        {
            scope.Report(TimeErrors.FutureInVar(pending.Symbol.Name, FutureSpan(bound), ReachWords(bound)));
            _mistaken.Add(pending.Symbol);
        }
        if (pending.Symbol.Depth > MaxChain && _mistaken.Add(pending.Symbol))
        {
            scope.Report(NameErrors.ChainTooDeep(pending.Symbol.Name, MaxChain, pending.Symbol.Span));
        }
        return !_mistaken.Contains(pending.Symbol);
    }

    /// <summary>Where 0 stands in for the age of something that never was (`days since last(x) default 0`); null for nowhere.</summary>
    private static SourceSpan? AgeOfNothing(BoundExpression value) =>
        value is BoundCall { Function.Name: "coalesce", Arguments: [var age, BoundConstant { Value: 0L or 0m } zero] } &&
        SameValue.Resolve(age) is BoundElapsed { IsUntil: false } ? zero.Span : null;

    private static bool IsOf(UndeclaredFamily item, EntitySymbol entity, string name) =>
        item.Entity == entity && name.StartsWith(item.Family, StringComparison.OrdinalIgnoreCase) &&
        (name.Length == item.Family.Length || name[item.Family.Length] == '_');

    /// <summary>
    /// The value with what stands in for it where there is none. Behind an aggregate a default overrides what the empty window gives
    /// (section 1 of the language), also where that is not null; behind anything else it stands for null.
    /// </summary>
    internal static BoundExpression WithDefault(ValueBinder binder, BoundExpression value, BoundExpression fallback, SourceSpan span)
    {
        var common = binder.RequireCommon(value, fallback);
        if (common is [var aggregated, BoundConstant constant] && (constant.Type == aggregated.Type || aggregated.Type != DataType.Integer))
        {
            if (aggregated is BoundAggregate aggregate) return aggregate with { Default = constant };
            if (aggregated is BoundRollup rollup) return rollup with { Default = constant };
        }
        return new BoundCall(span, Language.Functions.ScalarFunctions.Find("coalesce")!, common);
    }

    internal static bool HoldsMistake(BoundExpression expression) =>
        expression is BoundMistake || expression.Children.Any(HoldsMistake);

    /// <summary>The first piece of an expression that itself reaches beyond the cutoff: the window, where there is one.</summary>
    internal static SourceSpan FutureSpan(BoundExpression expression)
    {
        foreach (var child in expression.Children)
        {
            if (child.Interval.ReadsFuture) return FutureSpan(child);
        }
        return expression is BoundAggregate { Window.Span: { Source: not null } window } ? window : expression.Span;
    }

    internal static string ReachWords(BoundExpression expression)
    {
        var end = expression.Interval.End;
        return end.StartsWith("t + ", StringComparison.Ordinal) ? end[4..] : end;
    }
}
