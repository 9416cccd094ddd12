using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Collections;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds expressions; what a bare name or an aggregate means is decided by the place (row or value).</summary>
internal abstract class ExpressionBinder(ProgramScope scope)
{
    protected ProgramScope Scope { get; } = scope;

    protected TypeRules Types { get; } = new(scope);

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
        RawSyntax raw => BindRaw(raw),
        LearnedValueSyntax learned => new BoundLearned(learned.Span, learned.Pivot, learned.Rank),
        ArraySyntax array => Mistake(TypeErrors.ListAsValue(array.Span)),
        FieldAccessSyntax or IndexAccessSyntax => BindInto(syntax),
        _ => NotCompiled("this expression", syntax.Span),
    };

    /// <summary>Binds an expression that must be true or false.</summary>
    internal BoundExpression BindCondition(ExpressionSyntax syntax, string taker)
    {
        var bound = Bind(syntax);
        Types.Require(bound, DataType.Boolean, taker);
        return bound;
    }

    /// <summary>Requires both to have a common type, as a var and its default must; returns the expressions to use.</summary>
    internal ImmutableArray<BoundExpression> RequireCommon(BoundExpression first, BoundExpression second) => Types.RequireCommon([first, second]);

    /// <summary>SQL as text stands over the row of a table, and nowhere else: only there its columns have the names that the table gives them.</summary>
    protected virtual BoundExpression BindRaw(RawSyntax raw)
    {
        Scope.Report(NameErrors.RawOutsideSource(raw.Span));
        return new BoundMistake(raw.Span);
    }

    /// <summary>A path into a semi-structured value: `payload:device.class[0]`. From the first `:` or `[` on names are fields, as written.</summary>
    protected BoundExpression BindInto(ExpressionSyntax syntax)
    {
        var steps = new List<PathStep>();
        var target = syntax;
        while (Step(target) is { } step)
        {
            steps.Insert(0, step.Step);
            target = step.Target;
        }
        var operand = Bind(target);
        if (operand is BoundMistake) return new BoundMistake(syntax.Span);
        if (operand.Type is DataType.Unknown or DataType.String) return new BoundPath(syntax.Span, operand, [.. steps]);
        Scope.Report(TypeErrors.PathInto(operand.Type, target.Span, syntax.Span));
        return new BoundMistake(syntax.Span);
    }

    private static (ExpressionSyntax Target, PathStep Step)? Step(ExpressionSyntax syntax) => syntax switch
    {
        FieldAccessSyntax access => (access.Target, new PathStep(access.Field.Text, 0)),
        IndexAccessSyntax { Index.Kind: LiteralKind.Number } access => (access.Target, new PathStep(null, long.Parse(access.Index.Text, CultureInfo.InvariantCulture))),
        IndexAccessSyntax access => (access.Target, new PathStep(access.Index.Text, 0)),
        MemberSyntax member when Step(member.Target) is not null => (member.Target, new PathStep(member.Name.Text, 0)),
        _ => null,
    };

    protected abstract BoundExpression BindName(NameSyntax name);

    protected abstract BoundExpression BindMember(MemberSyntax member);

    protected abstract BoundExpression BindAggregate(CallSyntax call, AggregateDefinition definition);

    protected abstract BoundExpression BindWindowed(WindowedSyntax windowed);

    protected abstract BoundExpression BindElapsed(ElapsedSyntax elapsed);

    /// <summary>What a model of language says of a text: of the text in a row, so that it is asked once a row, or for an embedding, of a text as of the cutoff.</summary>
    protected virtual BoundExpression BindText(CallSyntax call, FunctionDefinition function) =>
        Mistake(function == TextFunctions.Embed ? TypeErrors.EmbeddingOfRows(null, call.Span) : TypeErrors.TextOutsideRow(function.Name, call.Span));

    /// <summary>The call as it stands: a text, and for `classify` the list of the classes.</summary>
    protected BoundExpression BindTextCall(CallSyntax call, FunctionDefinition function)
    {
        if (call.Arguments.IsEmpty || call.IsStar || call.Where is not null || call.Side is not null) return Mistake(TypeErrors.TextArguments(function.Name, call.Span));
        var text = Types.Require(Bind(call.Arguments[0]), DataType.String, $"`{function.Name}`");
        if (text is BoundMistake) return text;
        var classes = call.Arguments is [_, ArraySyntax list] ? list.Elements : [];
        var isRight = function != TextFunctions.Classify ? call.Arguments.Length == 1 : classes.Length > 1 && classes.All(item => item is LiteralSyntax { Kind: LiteralKind.String });
        return isRight ? new BoundCall(call.Span, function, [text, .. classes.Select(Bind)]) : Mistake(TypeErrors.TextArguments(function.Name, call.Span));
    }

    /// <summary>Reports what is wrong where the diagnostic says so.</summary>
    protected BoundMistake Mistake(Diagnostic found)
    {
        Scope.Report(found);
        return new BoundMistake(found.Primary!.Span);
    }

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
        var isWhole = literal.Text.All(char.IsAsciiDigit);
        if (isWhole && long.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            return new BoundConstant(literal.Span, whole, DataType.Integer);
        }
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(literal.Text, Styles, CultureInfo.InvariantCulture, out var number))
        {
            // Beyond any number that a program can hold: that was reported where the text was read.
            return new BoundMistake(literal.Span);
        }
        if (!isWhole && (number != 0 || !IsAboveZero(literal.Text))) return new BoundConstant(literal.Span, number, DataType.Number);
        Scope.Report(TypeErrors.NumberOutOfRange(literal.Text, literal.Span));
        return new BoundMistake(literal.Span);
    }

    // A number too small to be held would become 0 without a word.
    private static bool IsAboveZero(string text) => text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9');

    // Behind `+` or `-` it moves an instant; anywhere else it is a value of no type.
    private BoundMistake BindDuration(DurationExpressionSyntax syntax)
    {
        Scope.Report(TypeErrors.DurationAsValue(syntax.Span.Text, syntax.Span));
        return new BoundMistake(syntax.Span);
    }

    private BoundExpression BindShift(BinarySyntax binary, DurationSyntax length)
    {
        var instant = Types.Require(Bind(binary.Left), DataType.Instant, $"`{binary.OperatorSpan.Text}` before a length of time");
        if (Scope.BindDuration(length) is not { } duration || instant is BoundMistake) return new BoundMistake(binary.Span);
        var direction = binary.Operator == BinaryOperator.Add ? BoundOperator.Later : BoundOperator.Earlier;
        return new BoundOperation(binary.Span, direction, [instant, new BoundDuration(length.Span, duration)]);
    }

    private BoundExpression BindCast(CastSyntax cast)
    {
        var operand = Bind(cast.Operand);
        if (DataTypes.FromCastName(cast.Type.Text) is { } type)
        {
            if (DataTypes.CanCast(operand.Type, type)) return new BoundCast(cast.Span, operand, type);
            Scope.Report(TypeErrors.NoCast(operand.Type, type, cast.Span));
            return new BoundMistake(cast.Span);
        }
        Scope.Report(TypeErrors.UnknownType(cast.Type.Text, cast.Type.Span));
        return new BoundMistake(cast.Span);
    }

    private BoundExpression BindCall(CallSyntax call)
    {
        if (call.Qualifier is not null && TextFunctions.Find($"{call.Qualifier.Text}.{call.Name.Text}") is { } text) return BindText(call, text);
        if (call.Qualifier is not null)
        {
            return Mistake(NameErrors.UnknownFunction($"{call.Qualifier.Text}.{call.Name.Text}", call.Qualifier.Span.To(call.Name.Span), TextFunctions.All.Select(item => item.Name)));
        }
        if (ScalarFunctions.ChangesFromRunToRun(call.Name.Text))
        {
            Scope.Report(TimeErrors.Clock(call.Name.Text, call.Name.Span, isBareWord: false));
            return new BoundMistake(call.Span);
        }
        if (AggregateCatalogue.Find(call.Name.Text) is { } aggregate) return BindAggregate(call, aggregate);
        if (ScalarFunctions.Find(call.Name.Text) is { } function) return BindFunction(call, function);
        var known = ScalarFunctions.All.Select(item => item.Name).Concat(AggregateCatalogue.All.Select(item => item.Name));
        Scope.Report(NameErrors.UnknownFunction(call.Name.Text, call.Name.Span, known));
        return new BoundMistake(call.Span);
    }

    private BoundExpression BindFunction(CallSyntax call, FunctionDefinition function)
    {
        var arguments = call.Arguments.SelectAsArray(Bind);
        if (call.IsStar || call.Where is not null || call.Side is not null)
        {
            var (part, span) = call.IsStar ? ("`*`", call.Span) : call.Where is not null ? ("`where`", call.Where.Span) : ("side", call.Side!.Span);
            Scope.Report(TypeErrors.NotAnAggregate(function.Name, part, span));
            return new BoundMistake(call.Span);
        }
        if (arguments.Length < function.Required || (!function.Repeats && arguments.Length > function.Parameters.Length))
        {
            Scope.Report(TypeErrors.ArgumentCount(function, arguments.Length, call.Span));
            return new BoundMistake(call.Span);
        }
        for (var i = 0; i < arguments.Length; i++)
        {
            var wanted = function.ParameterType(i);
            if (wanted != DataType.Unknown) arguments = arguments.SetItem(i, Types.Require(arguments[i], wanted, $"`{function.Name}`"));
        }
        if (function.ParameterType(0) == DataType.Unknown)
        {
            arguments = function.Name == "coalesce" ? Types.RequireCommon(arguments) : Types.RequireComparable(arguments);
        }
        return new BoundCall(call.Span, function, arguments);
    }

    private BoundExpression BindUnary(UnarySyntax unary)
    {
        var operand = Bind(unary.Operand);
        if (unary.Operator == UnaryOperator.Not)
        {
            return new BoundOperation(unary.Span, BoundOperator.Not, [Types.Require(operand, DataType.Boolean, "`not`")]);
        }
        var number = Types.Require(operand, DataType.Number, "`-`");
        return number switch
        {
            BoundConstant { Value: long whole } => new BoundConstant(unary.Span, -whole, DataType.Integer),
            BoundConstant { Value: decimal value } => new BoundConstant(unary.Span, -value, DataType.Number),
            _ => new BoundOperation(unary.Span, BoundOperator.Negate, [number]),
        };
    }

    private BoundExpression BindBinary(BinarySyntax binary)
    {
        if (binary.Operator is BinaryOperator.Add or BinaryOperator.Subtract && Unwrap(binary.Right) is DurationExpressionSyntax { Duration: var length })
        {
            return BindShift(binary, length);
        }
        var left = Bind(binary.Left);
        var right = BindLast(left, binary.Right);
        var symbol = $"`{binary.OperatorSpan.Text}`";
        if (left is BoundMistake || right is BoundMistake) return new BoundMistake(binary.Span);
        switch (binary.Operator)
        {
            case BinaryOperator.And or BinaryOperator.Or:
                left = Types.Require(left, DataType.Boolean, symbol);
                right = Types.Require(right, DataType.Boolean, symbol);
                break;
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo:
                // Two of one wrong type are one mistake.
                var isSameMistake = left.Type == right.Type && !left.Type.IsOpen() && !left.Type.IsNumeric();
                left = Types.Require(left, DataType.Number, symbol);
                right = isSameMistake ? left : Types.Require(right, DataType.Number, symbol);
                break;
            default:
                return new BoundOperation(binary.Span, Operator(binary.Operator), Types.RequireComparable([left, right]));
        }
        return new BoundOperation(binary.Span, Operator(binary.Operator), [left, right]);
    }

    /// <summary>True for what is one name, brackets aside: `orders`, or `shop.orders` of an import.</summary>
    protected bool IsOneName(ExpressionSyntax syntax) => RowBinder.Parts(Unwrap(syntax)) is { } parts && Scope.Imported.Joined(parts).Length == 1;

    protected static ExpressionSyntax Unwrap(ExpressionSyntax syntax) => syntax is ParenthesizedSyntax parenthesized ? Unwrap(parenthesized.Inner) : syntax;

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
        var (operand, low) = (Bind(between.Operand), Bind(between.Low));
        var operands = Types.RequireComparable([operand, low, BindLast(operand, between.High)]);
        return Negated(between.IsNegated, between.Span, new BoundOperation(between.Span, BoundOperator.Between, operands));
    }

    private BoundExpression BindIn(InSyntax syntax)
    {
        var operands = Types.RequireComparable([Bind(syntax.Operand), .. syntax.Candidates.Select(Bind)]);
        return Negated(syntax.IsNegated, syntax.Span, new BoundOperation(syntax.Span, BoundOperator.In, operands));
    }

    private BoundExpression BindLike(LikeSyntax like)
    {
        var word = like.IgnoresCase ? "`ilike`" : "`like`";
        var operand = Types.Require(Bind(like.Operand), DataType.String, word);
        var pattern = Types.Require(BindLast(operand, like.Pattern), DataType.String, word);
        return Negated(
            like.IsNegated, like.Span, new BoundOperation(like.Span, like.IgnoresCase ? BoundOperator.ILike : BoundOperator.Like, [operand, pattern]));
    }

    // A window behind the last operand is meant for the whole comparison: it is not reported where another operand was.
    private BoundExpression BindLast(BoundExpression first, ExpressionSyntax last) =>
        Bind(first is BoundMistake && last is WindowedSyntax windowed ? windowed.Operand : last);

    private static BoundOperation Negated(bool isNegated, SourceSpan span, BoundOperation operation) =>
        isNegated ? new BoundOperation(span, BoundOperator.Not, [operation]) : operation;

    private BoundCase BindCase(CaseSyntax syntax)
    {
        var whens = syntax.Branches.SelectAsArray(branch => BindWhen(syntax.Operand, branch));
        var values = syntax.Branches.SelectAsArray(branch => Bind(branch.Then));
        if (syntax.Else is not null) values = values.Add(Bind(syntax.Else));
        values = Types.RequireCommon(values);
        var branches = whens.Select((when, i) => new BoundBranch(when, values[i])).ToImmutableArray();
        return new BoundCase(syntax.Span, branches, syntax.Else is null ? null : values[^1]);
    }

    private BoundExpression BindWhen(ExpressionSyntax? operand, CaseBranchSyntax branch)
    {
        var when = Bind(branch.When);
        if (operand is null) return Types.Require(when, DataType.Boolean, "`when`");
        return new BoundOperation(branch.When.Span, BoundOperator.Equal, Types.RequireComparable([Bind(operand), when]));
    }
}
