using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds expressions; what a bare name or an aggregate means is decided by the place (row or value).</summary>
internal abstract class ExpressionBinder(ProgramScope scope)
{
    protected ProgramScope Scope { get; } = scope;

    private TypeRules Types { get; } = new(scope);

    /// <summary>Binds an expression; what cannot be understood is reported once and becomes a <see cref="BoundMistake"/>.</summary>
    internal BoundExpression Bind(ExpressionSyntax syntax) => syntax switch
    {
        LiteralSyntax literal => BindLiteral(literal),
        DurationExpressionSyntax duration => BindDuration(duration),
        NameExpressionSyntax name => BindName(name.Name),
        MemberSyntax member => BindMember(member),
        CastSyntax cast => BindCast(cast),
        CallSyntax call => BindCall(call),
        UnarySyntax unary => BindUnary(unary),
        BinarySyntax binary => BindBinary(binary),
        BetweenSyntax between => BindBetween(between),
        InSyntax candidates => BindIn(candidates),
        LikeSyntax like => BindLike(like),
        IsNullSyntax isNull => Negated(isNull.IsNegated, isNull.Span, new BoundOperation(isNull.Span, BoundOperator.IsNull, [Bind(isNull.Operand)])),
        CaseSyntax syntaxCase => BindCase(syntaxCase),
        ElapsedSyntax elapsed => BindElapsed(elapsed),
        ParenthesizedSyntax parenthesized => Bind(parenthesized.Inner),
        WindowedSyntax windowed => BindWindowed(windowed),
        RawSyntax raw => NotCompiled("`raw`", raw.Span),
        ArraySyntax array => NotCompiled("a list value", array.Span),
        FieldAccessSyntax access => NotCompiled("a semi-structured path", access.Span),
        IndexAccessSyntax access => NotCompiled("a semi-structured path", access.Span),
        _ => NotCompiled("this expression", syntax.Span),
    };

    /// <summary>Binds an expression that must be true or false.</summary>
    internal BoundExpression BindCondition(ExpressionSyntax syntax, string taker)
    {
        var bound = Bind(syntax);
        Types.Require(bound, DataType.Boolean, taker);
        return bound;
    }

    /// <summary>Requires both to have a common type, as a var and its default must.</summary>
    internal void RequireCommon(BoundExpression first, BoundExpression second) => Types.RequireCommon([first, second]);

    protected abstract BoundExpression BindName(NameSyntax name);

    protected abstract BoundExpression BindMember(MemberSyntax member);

    protected abstract BoundExpression BindAggregate(CallSyntax call, AggregateDefinition definition);

    protected abstract BoundExpression BindWindowed(WindowedSyntax windowed);

    protected abstract BoundExpression BindElapsed(ElapsedSyntax elapsed);

    protected BoundExpression NotCompiled(string construct, SourceSpan span)
    {
        Scope.Report(NameErrors.NotCompiled(construct, span));
        return new BoundMistake(span);
    }

    private BoundExpression BindLiteral(LiteralSyntax literal) => literal.Kind switch
    {
        LiteralKind.String => new BoundConstant(literal.Span, literal.Text, DataType.String),
        LiteralKind.Boolean => new BoundConstant(literal.Span, literal.Text.Equals("true", StringComparison.OrdinalIgnoreCase), DataType.Boolean),
        LiteralKind.Null => new BoundConstant(literal.Span, null, DataType.Null),
        _ => BindNumber(literal),
    };

    private BoundExpression BindNumber(LiteralSyntax literal)
    {
        if (!literal.Text.Contains('.', StringComparison.Ordinal))
        {
            if (long.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            {
                return new BoundConstant(literal.Span, whole, DataType.Integer);
            }
        }
        else if (decimal.TryParse(literal.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return new BoundConstant(literal.Span, number, DataType.Number);
        }
        Scope.Report(TypeErrors.NumberOutOfRange(literal.Text, literal.Span));
        return new BoundMistake(literal.Span);
    }

    private BoundExpression BindDuration(DurationExpressionSyntax syntax) =>
        Scope.BindDuration(syntax.Duration) is { } duration ? new BoundDuration(syntax.Span, duration) : new BoundMistake(syntax.Span);

    private BoundExpression BindCast(CastSyntax cast)
    {
        var operand = Bind(cast.Operand);
        if (DataTypes.FromCastName(cast.Type.Text) is { } type) return new BoundCast(cast.Span, operand, type);
        Scope.Report(TypeErrors.UnknownType(cast.Type.Text, cast.Type.Span));
        return new BoundMistake(cast.Span);
    }

    private BoundExpression BindCall(CallSyntax call)
    {
        if (ScalarFunctions.IsClock(call.Name.Text))
        {
            Scope.Report(TimeErrors.Clock(call.Name.Text, call.Name.Span));
            return new BoundMistake(call.Span);
        }
        if (AggregateCatalogue.Find(call.Name.Text) is { } aggregate) return BindAggregate(call, aggregate);
        if (AggregateCatalogue.Planned.Contains(call.Name.Text, StringComparer.OrdinalIgnoreCase))
        {
            return NotCompiled($"aggregate `{call.Name.Text}`", call.Name.Span);
        }
        if (ScalarFunctions.Find(call.Name.Text) is { } function) return BindFunction(call, function);
        var known = ScalarFunctions.All.Select(item => item.Name).Concat(AggregateCatalogue.All.Select(item => item.Name));
        Scope.Report(NameErrors.UnknownFunction(call.Name.Text, call.Name.Span, known));
        return new BoundMistake(call.Span);
    }

    private BoundExpression BindFunction(CallSyntax call, FunctionDefinition function)
    {
        var arguments = call.Arguments.Select(Bind).ToImmutableArray();
        if (call.IsStar || call.Where is not null || call.Side is not null ||
            arguments.Length < function.Required || (!function.Repeats && arguments.Length > function.Parameters.Length))
        {
            Scope.Report(TypeErrors.ArgumentCount(function.Name, function.ArityWords, arguments.Length, call.Span));
            return new BoundMistake(call.Span);
        }
        for (var i = 0; i < arguments.Length; i++)
        {
            var wanted = function.ParameterType(i);
            if (wanted != DataType.Unknown) arguments = arguments.SetItem(i, Types.Require(arguments[i], wanted, $"`{function.Name}`"));
        }
        if (function.ParameterType(0) == DataType.Unknown) arguments = Types.RequireCommon(arguments);
        return new BoundCall(call.Span, function, arguments);
    }

    private BoundExpression BindUnary(UnarySyntax unary)
    {
        var operand = Bind(unary.Operand);
        if (unary.Operator == UnaryOperator.Not)
        {
            return new BoundOperation(unary.Span, BoundOperator.Not, [Types.Require(operand, DataType.Boolean, "`not`")]);
        }
        return new BoundOperation(unary.Span, BoundOperator.Negate, [Types.Require(operand, DataType.Number, "`-`")]);
    }

    private BoundExpression BindBinary(BinarySyntax binary)
    {
        var left = Bind(binary.Left);
        var right = Bind(binary.Right);
        var symbol = $"`{binary.OperatorSpan.Text}`";
        if (left is BoundMistake || right is BoundMistake) return new BoundMistake(binary.Span);
        switch (binary.Operator)
        {
            case BinaryOperator.And or BinaryOperator.Or:
                left = Types.Require(left, DataType.Boolean, symbol);
                right = Types.Require(right, DataType.Boolean, symbol);
                break;
            case BinaryOperator.Add or BinaryOperator.Subtract when right is BoundDuration:
                left = Types.Require(left, DataType.Instant, symbol);
                return new BoundOperation(
                    binary.Span, binary.Operator == BinaryOperator.Add ? BoundOperator.Later : BoundOperator.Earlier, [left, right]);
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo:
                left = Types.Require(left, DataType.Number, symbol);
                right = Types.Require(right, DataType.Number, symbol);
                break;
            default:
                (left, right) = (Types.RequireCommon([left, right]) is [var first, var second]) ? (first, second) : (left, right);
                break;
        }
        return new BoundOperation(binary.Span, Operator(binary.Operator), [left, right]);
    }

    private static BoundOperator Operator(BinaryOperator syntax) => syntax switch
    {
        BinaryOperator.Or => BoundOperator.Or,
        BinaryOperator.And => BoundOperator.And,
        BinaryOperator.Equal => BoundOperator.Equal,
        BinaryOperator.NotEqual => BoundOperator.NotEqual,
        BinaryOperator.Less => BoundOperator.Less,
        BinaryOperator.LessOrEqual => BoundOperator.LessOrEqual,
        BinaryOperator.Greater => BoundOperator.Greater,
        BinaryOperator.GreaterOrEqual => BoundOperator.GreaterOrEqual,
        BinaryOperator.Add => BoundOperator.Add,
        BinaryOperator.Subtract => BoundOperator.Subtract,
        BinaryOperator.Multiply => BoundOperator.Multiply,
        BinaryOperator.Divide => BoundOperator.Divide,
        _ => BoundOperator.Modulo,
    };

    private BoundExpression BindBetween(BetweenSyntax between)
    {
        var operands = Types.RequireCommon([Bind(between.Operand), Bind(between.Low), Bind(between.High)]);
        return Negated(between.IsNegated, between.Span, new BoundOperation(between.Span, BoundOperator.Between, operands));
    }

    private BoundExpression BindIn(InSyntax syntax)
    {
        var operands = Types.RequireCommon([Bind(syntax.Operand), .. syntax.Candidates.Select(Bind)]);
        return Negated(syntax.IsNegated, syntax.Span, new BoundOperation(syntax.Span, BoundOperator.In, operands));
    }

    private BoundExpression BindLike(LikeSyntax like)
    {
        var word = like.IgnoresCase ? "`ilike`" : "`like`";
        var operand = Types.Require(Bind(like.Operand), DataType.String, word);
        var pattern = Types.Require(Bind(like.Pattern), DataType.String, word);
        return Negated(
            like.IsNegated, like.Span, new BoundOperation(like.Span, like.IgnoresCase ? BoundOperator.ILike : BoundOperator.Like, [operand, pattern]));
    }

    private static BoundOperation Negated(bool isNegated, SourceSpan span, BoundOperation operation) =>
        isNegated ? new BoundOperation(span, BoundOperator.Not, [operation]) : operation;

    private BoundCase BindCase(CaseSyntax syntax)
    {
        var whens = syntax.Branches.Select(branch => BindWhen(syntax.Operand, branch)).ToImmutableArray();
        var values = syntax.Branches.Select(branch => Bind(branch.Then)).ToImmutableArray();
        if (syntax.Else is not null) values = values.Add(Bind(syntax.Else));
        values = Types.RequireCommon(values);
        var branches = whens.Select((when, i) => new BoundBranch(when, values[i])).ToImmutableArray();
        return new BoundCase(syntax.Span, branches, syntax.Else is null ? null : values[^1]);
    }

    private BoundExpression BindWhen(ExpressionSyntax? operand, CaseBranchSyntax branch)
    {
        var when = Bind(branch.When);
        if (operand is null) return Types.Require(when, DataType.Boolean, "`when`");
        return new BoundOperation(branch.When.Span, BoundOperator.Equal, Types.RequireCommon([Bind(operand), when]));
    }
}
