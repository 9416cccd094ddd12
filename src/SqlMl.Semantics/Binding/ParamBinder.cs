using System.Globalization;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds params: the constants that a program declares, or what is set in their place.</summary>
internal sealed class ParamBinder(ProgramScope scope, IReadOnlyDictionary<string, string> set)
{
    private static readonly string[] Units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

    /// <summary>Declares the param; one that is mistaken is known by name alone, so that its mentions are not reported again.</summary>
    internal void Declare(ParamSyntax syntax)
    {
        if (!scope.ParamNames.TryAdd(syntax.Name.Text, syntax.Name.Span))
        {
            scope.Report(NameErrors.Duplicate("param", syntax.Name.Text, scope.ParamNames[syntax.Name.Text], syntax.Name.Span));
            return;
        }
        if (Bind(syntax) is not { } param) return;
        if (set.TryGetValue(param.Name, out var text))
        {
            if (Set(param, text) is not { } replaced)
            {
                scope.Report(TypeErrors.ParamSet(param.Name, param.Words, text, param.Span));
                return;
            }
            param = replaced;
        }
        scope.Params.Add(param.Name, param);
    }

    /// <summary>Reports values for params that no program declares.</summary>
    internal void CheckSet()
    {
        foreach (var name in set.Keys.Where(name => !scope.ParamNames.ContainsKey(name)).Order(StringComparer.Ordinal))
        {
            scope.Report(NameErrors.UnknownParam(name, Language.Text.SourceSpan.None, scope.ParamNames.Keys));
        }
    }

    private ParamSymbol? Bind(ParamSyntax syntax)
    {
        if (syntax.Value is DurationExpressionSyntax { Duration: { Parameter: null } duration })
        {
            return scope.BindDuration(duration) is { } length ? new ParamSymbol(syntax.Name.Text, syntax.Name.Span, null, length) : null;
        }
        var isConstant = syntax.Value is LiteralSyntax { Kind: LiteralKind.Number or LiteralKind.String }
            or UnarySyntax { Operator: UnaryOperator.Negate, Operand: LiteralSyntax { Kind: LiteralKind.Number } };
        if (!isConstant)
        {
            scope.Report(TypeErrors.ParamConstant(syntax.Name.Text, syntax.Value.Span));
            return null;
        }
        return new ConstantBinder(scope).Bind(syntax.Value) is BoundConstant constant ? new ParamSymbol(syntax.Name.Text, syntax.Name.Span, constant, null) : null;
    }

    /// <summary>The param with what a text says; null where it is nothing of the param's type.</summary>
    private static ParamSymbol? Set(ParamSymbol param, string text)
    {
        switch (param.Constant)
        {
            case null:
                return Length(text) is { } length ? param with { Length = length } : null;
            case { Value: string }:
                return param with { Constant = param.Constant with { Value = text } };
            default:
                if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
                {
                    return param with { Constant = param.Constant with { Value = whole, ConstantType = DataType.Integer } };
                }
                const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                return decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out var number)
                    ? param with { Constant = param.Constant with { Value = number, ConstantType = DataType.Number } }
                    : null;
        }
    }

    private static Duration? Length(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts is not [var count, var word] || !decimal.TryParse(count, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        var unit = Array.Find(Units, unit => word.Equals(unit, StringComparison.OrdinalIgnoreCase) || word.Equals(unit + "s", StringComparison.OrdinalIgnoreCase));
        return unit is null ? null : Duration.Create(number, unit);
    }

    /// <summary>Binds literals, and nothing that has a name.</summary>
    private sealed class ConstantBinder(ProgramScope scope) : ExpressionBinder(scope)
    {
        protected override BoundExpression BindName(NameSyntax name) => new BoundMistake(name.Span);

        protected override BoundExpression BindMember(MemberSyntax member) => new BoundMistake(member.Span);

        protected override BoundExpression BindAggregate(CallSyntax call, Language.Functions.AggregateDefinition definition) => new BoundMistake(call.Span);

        protected override BoundExpression BindWindowed(WindowedSyntax windowed) => new BoundMistake(windowed.Span);

        protected override BoundExpression BindElapsed(ElapsedSyntax elapsed) => new BoundMistake(elapsed.Span);
    }
}
