using System.Globalization;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>A label, with what its model appends to its name where the clause names a family.</summary>
internal sealed record LabelMember(string Suffix, BoundExpression Expression, SourceSpan Span);

/// <summary>Binds a label: one, or one for each window of a family (rules 42 and 43).</summary>
internal sealed class LabelBinder(ProgramScope scope, string model, Func<ValueBinder> createBinder)
{
    /// <summary>A member before it is bound.</summary>
    private sealed record Place(string Suffix, ExpressionSyntax Expression, int Repetition);

    /// <summary>How many models one label may stand for.</summary>
    internal const int MaxMembers = 100;

    /// <summary>The labels in the order written; none when the label could not be understood, which was reported.</summary>
    internal List<LabelMember> Bind(ValueSyntax value)
    {
        var members = new List<LabelMember>();
        foreach (var (suffix, expression, repetition) in Members(value))
        {
            if (Bind(value, expression, repetition) is not { } bound) return [];
            members.Add(new LabelMember(suffix, bound, value.Family is null ? value.Expression.Span : value.Expression.Span.To(value.Family.Span)));
        }
        return members;
    }

    private List<Place> Members(ValueSyntax value)
    {
        switch (value.Family)
        {
            case InNextFamilySyntax family:
                return Lengths(value, family);
            case RepeatedFamilySyntax repeated when repeated.Times is >= 2 and <= MaxMembers:
                var times = new List<Place>();
                for (var i = 0; i < repeated.Times; i++) times.Add(new Place($"_{(i + 1).ToString(CultureInfo.InvariantCulture)}", value.Expression, i));
                return times;
            case RepeatedFamilySyntax repeated:
                scope.Report(TypeErrors.ParameterValue("repeated", $"{repeated.Times}", $"from 2 to {MaxMembers} times", repeated.Span));
                return [];
            case OverFamilySyntax past:
                scope.Report(TimeErrors.LabelWithoutFuture(model, past.Span));
                return [];
            default:
                return [new Place("", value.Expression, 0)];
        }
    }

    private List<Place> Lengths(ValueSyntax value, InNextFamilySyntax family)
    {
        var seen = new Dictionary<string, DurationSyntax>(StringComparer.Ordinal);
        var members = new List<Place>();
        foreach (var length in family.Lengths)
        {
            if (scope.BindDuration(length) is not { } duration) return [];
            if (!seen.TryAdd(duration.Suffix, length))
            {
                scope.Report(NameErrors.RepeatedClause($"family `{model}`", duration.Text, seen[duration.Suffix].Span, length.Span));
                return [];
            }
            var window = new InNextWindowSyntax(length.Span, length, family.After);
            members.Add(new Place($"_{duration.Suffix}", WindowPlacement.AtEnd(value.Expression, window), 0));
        }
        return members;
    }

    private BoundExpression? Bind(ValueSyntax value, ExpressionSyntax expression, int repetition)
    {
        var binder = createBinder();
        (binder.IsRepeated, binder.Repetition) = (value.Family is RepeatedFamilySyntax, repetition);
        var label = binder.Bind(expression);
        if (value.Default is not null) label = VarBinder.WithDefault(binder, label, binder.Bind(value.Default), value.Span);
        if (VarBinder.HoldsMistake(label)) return null;
        if (label.Type != DataType.Boolean)
        {
            scope.Report(TypeErrors.LabelType(model, label.Type, value.Expression.Span));
            return null;
        }
        if (!label.Interval.ReadsFuture)
        {
            scope.Report(TimeErrors.LabelWithoutFuture(model, value.Expression.Span));
            return null;
        }
        return new HorizonCheck(scope).Check(label) ? label : null;
    }
}
