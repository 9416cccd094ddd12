using System.Globalization;
using SqlMl.Language.Text;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Declares vars (families unfolded) and binds each when it is first asked for, so that circles are found.</summary>
internal sealed class VarBinder(ProgramScope scope, VarTable table, VarBinder? outer) : IVarLookup
{
    private sealed record Pending(VarSymbol Symbol, ExpressionSyntax Expression, ExpressionSyntax? Default)
    {
        internal bool IsBinding { get; set; }

        internal bool IsDone { get; set; }
    }

    private readonly Dictionary<VarSymbol, Pending> _pending = [];
    private readonly List<(string Name, SourceSpan Span)> _path = [];
    private readonly HashSet<VarSymbol> _mistaken = [];

    /// <summary>Declares the var, or one for each window of its family.</summary>
    internal void Declare(EntitySymbol entity, NameSyntax name, ValueSyntax value, bool isModelVar)
    {
        if (value.Family is OverFamilySyntax family)
        {
            foreach (var length in family.Lengths)
            {
                if (scope.BindDuration(length) is not { } duration) continue;
                var window = new OverWindowSyntax(length.Span, length, family.Ending);
                Add(entity, name, $"{name.Text}_{duration.Suffix}", name.Text, WindowPlacement.AtEnd(value.Expression, window), value, isModelVar);
            }
            return;
        }
        if (value.Family is InNextFamilySyntax next)
        {
            scope.Report(TimeErrors.FutureInVar(name.Text, next.Span, next.Lengths[^1].Span.Text));
            return;
        }
        if (value.Family is { } other)
        {
            scope.Report(NameErrors.NotCompiled("a repeated window", other.Span));
            return;
        }
        Add(entity, name, name.Text, null, value.Expression, value, isModelVar);
    }

    /// <summary>Binds every declared var.</summary>
    internal void BindAll()
    {
        foreach (var pending in _pending.Values.ToList()) Bind(pending);
    }

    /// <inheritdoc />
    public VarSymbol? Find(EntitySymbol entity, NameSyntax name)
    {
        if (table.Find(entity, name.Text) is not { } symbol) return outer?.Find(entity, name);
        return Bind(_pending[symbol]) ? symbol : null;
    }

    /// <inheritdoc />
    public IReadOnlyList<VarSymbol>? FindFamily(EntitySymbol entity, string name) =>
        table.FindFamily(entity, name) ?? outer?.FindFamily(entity, name);

    /// <inheritdoc />
    public bool WasReported(EntitySymbol entity, string name) =>
        table.Find(entity, name) is not null || outer?.WasReported(entity, name) == true;

    /// <inheritdoc />
    public IEnumerable<string> Names(EntitySymbol entity) =>
        table.Of(entity).Select(symbol => symbol.Name).Concat(outer?.Names(entity) ?? []);

    private void Add(
        EntitySymbol entity, NameSyntax name, string fullName, string? family, ExpressionSyntax expression, ValueSyntax value, bool isModelVar)
    {
        var symbol = new VarSymbol(entity, fullName, name.Span)
        {
            IsModelVar = isModelVar,
            Family = family,
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
        pending.IsBinding = true;
        _path.Add((pending.Symbol.Name, pending.Symbol.Span));
        var binder = new ValueBinder(scope, pending.Symbol.Entity, this, $"var `{pending.Symbol.Name}`");
        var bound = binder.Bind(pending.Expression);
        if (pending.Default is not null) bound = WithDefault(binder, bound, binder.Bind(pending.Default), pending.Symbol.DefinitionSpan);
        pending.Symbol.Define(bound);
        _path.RemoveAt(_path.Count - 1);
        pending.IsDone = true;
        if (HoldsMistake(bound)) _mistaken.Add(pending.Symbol);
        if (bound.Interval.ReadsFuture) scope.Report(TimeErrors.FutureInVar(pending.Symbol.Name, FutureSpan(bound), ReachWords(bound)));
        return !_mistaken.Contains(pending.Symbol);
    }

    internal static BoundExpression WithDefault(ValueBinder binder, BoundExpression value, BoundExpression fallback, SourceSpan span)
    {
        binder.RequireCommon(value, fallback);
        return new BoundCall(span, Language.Functions.ScalarFunctions.Find("coalesce")!, [value, fallback]);
    }

    internal static bool HoldsMistake(BoundExpression expression) =>
        expression is BoundMistake || expression.Children.Any(HoldsMistake);

    /// <summary>The first piece of an expression that itself reaches beyond the cutoff.</summary>
    internal static SourceSpan FutureSpan(BoundExpression expression)
    {
        foreach (var child in expression.Children)
        {
            if (child.Interval.ReadsFuture) return FutureSpan(child);
        }
        return expression.Span;
    }

    internal static string ReachWords(BoundExpression expression)
    {
        var end = expression.Interval.End;
        return end.StartsWith("t + ", StringComparison.Ordinal)
            ? end[4..].ToString(CultureInfo.InvariantCulture)
            : end;
    }
}
