using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds values of an entity as of the cutoff: vars, eligibility, labels.</summary>
/// <param name="scope">The program's names.</param>
/// <param name="entity">Whose values.</param>
/// <param name="vars">Finds a var, binding it on demand.</param>
/// <param name="reader">Who reads, for messages: "var `x`".</param>
internal sealed class ValueBinder(ProgramScope scope, EntitySymbol entity, IVarLookup vars, string reader) : ExpressionBinder(scope)
{
    private sealed record ReadName(NameSyntax Name, bool IsBare);

    private WindowSyntax? _ambient;
    private bool _ambientUsed;

    protected override BoundExpression BindName(NameSyntax name)
    {
        if (RowBinder.IsWord(name, "cutoff")) return new BoundCutoff(name.Span);
        if (RowBinder.IsWord(name, "anchor")) return NotCompiled("`anchor`", name.Span);
        if (vars.Find(entity, name) is { } symbol) return new BoundVar(name.Span, symbol);
        if (vars.FindFamily(entity, name.Text) is { } family)
        {
            Scope.Report(NameErrors.FamilyInExpression(name.Text, [.. family.Select(member => member.Name)], name.Span));
        }
        else if (vars.WasReported(entity, name.Text) || Scope.Params.Contains(name.Text))
        {
            // A mistaken var was reported where it is declared, and so was a param.
        }
        else if (!name.IsExact && ScalarFunctions.IsClock(name.Text))
        {
            Scope.Report(TimeErrors.Clock(name.Text, name.Span, isBareWord: true));
        }
        else if (Scope.Sources.TryGetValue(name.Text, out var source))
        {
            Scope.Report(NameErrors.SourceAsValue(source.Name, name.Span));
        }
        else
        {
            Scope.ReportUnknown(NameErrors.UnknownVar(entity.Name, name.Text, name.Span, vars.Names(entity)));
        }
        return new BoundMistake(name.Span);
    }

    protected override BoundExpression BindMember(MemberSyntax member)
    {
        if (member.Target is not NameExpressionSyntax { Name: var target }) return NotCompiled("a path through joins", member.Span);
        if (RowBinder.IsWord(target, "anchor")) return NotCompiled("a column of the anchor row", member.Span);
        if (RowBinder.IsWord(target, "key")) return NotCompiled("the entity's own key as a value", member.Span);
        if (target.Text.Equals(entity.Name, StringComparison.OrdinalIgnoreCase)) return BindName(member.Name);
        if (Scope.Sources.TryGetValue(target.Text, out var source))
        {
            // Rows that describe may be read like this; that they are not compiled yet was reported where the source says so.
            if (source.IsIncomplete) return new BoundMistake(member.Span);
            Scope.Report(NameErrors.ColumnOutsideAggregate(source.Name, member.Name.Text, member.Span));
            return new BoundMistake(member.Span);
        }
        if (Scope.Entities.ContainsKey(target.Text)) return NotCompiled("a var of another entity", member.Span);
        if (Scope.Models.Contains(target.Text)) return NotCompiled("another model's score", member.Span);
        Scope.RequireSource(target);
        return new BoundMistake(member.Span);
    }

    protected override BoundExpression BindWindowed(WindowedSyntax windowed)
    {
        if (windowed.Window is PivotWindowSyntax) return NotCompiled("a pivot", windowed.Window.Span);
        if (windowed.Window is AfterWindowSyntax) return NotCompiled("`after` behind an expression", windowed.Window.Span);
        if (_ambient is not null)
        {
            // The inner window stands on an aggregate that the outer one would apply to.
            Scope.Report(TimeErrors.WindowTwice(_ambient.Span, windowed.Window.Span));
            _ambientUsed = true;
            return new BoundMistake(windowed.Span);
        }
        (_ambient, _ambientUsed) = (windowed.Window, false);
        var bound = Bind(windowed.Operand);
        if (!_ambientUsed && !VarBinder.HoldsMistake(bound))
        {
            Scope.Report(TimeErrors.WindowWithoutAggregate(windowed.Window.Span));
            bound = new BoundMistake(windowed.Span);
        }
        _ambient = null;
        return bound is BoundAggregate aggregate ? aggregate with { Span = windowed.Span } : bound;
    }

    protected override BoundExpression BindElapsed(ElapsedSyntax elapsed)
    {
        if (elapsed.IsUntil) return NotCompiled($"`{elapsed.Unit.Word()}s until`", elapsed.Span);
        var operand = Bind(elapsed.Operand);
        if (operand is BoundMistake) return operand;
        if (operand.Interval.ReadsFuture)
        {
            Scope.Report(TimeErrors.FutureOfPast(VarBinder.FutureSpan(operand)));
            return new BoundMistake(elapsed.Span);
        }
        operand = new TypeRules(Scope).Require(operand, DataType.Instant, "`since`");
        var unit = Duration.Create(1, elapsed.Unit.Word())!;
        return unit.IsCalendar ? NotCompiled($"time since in {elapsed.Unit.Word()}s", elapsed.Span) : new BoundElapsed(elapsed.Span, operand, unit);
    }

    protected override BoundExpression BindAggregate(CallSyntax call, AggregateDefinition definition)
    {
        if (call.Side is not null) return NotCompiled("a side of a row", call.Side.Span);
        _ambientUsed = true;
        if (call.Arguments.Select(FirstName).FirstOrDefault(found => found is not null) is not { } first)
        {
            Scope.Report(NameErrors.AggregateWithoutSource(definition.Name, definition.MinColumns > 0, call.Span));
            return new BoundMistake(call.Span);
        }
        var name = first.Name;
        if (!Scope.Sources.TryGetValue(name.Text, out var source))
        {
            if (Scope.Entities.ContainsKey(name.Text)) return NotCompiled("a roll-up over the members of an entity", name.Span);
            Scope.ReportUnknown(NameErrors.UnknownSourceOfAggregate(name.Text, name.Span, Scope.Sources.Keys));
            return new BoundMistake(call.Span);
        }
        var isRowsAlone = call.Arguments is [var only] && Unwrap(only) is NameExpressionSyntax;
        if (first.IsBare && !isRowsAlone)
        {
            Scope.Report(NameErrors.SourceAsValue(source.Name, name.Span));
            return new BoundMistake(call.Span);
        }
        return BindOver(source, call, definition, isRowsAlone);
    }

    private BoundExpression BindOver(SourceSymbol source, CallSyntax call, AggregateDefinition definition, bool isRowsAlone)
    {
        if (source.Time is null)
        {
            Scope.Report(TimeErrors.UntimedSource(reader, source.Name, call.Span, source.Span));
            return new BoundMistake(call.Span);
        }
        if (source.Entities.All(item => item.Entity != entity))
        {
            Scope.Report(NameErrors.SourceWithoutEntity(source.Name, entity.Name, call.Arguments[0].Span, source.Span));
            return new BoundMistake(call.Span);
        }
        var rows = new RowBinder(Scope, source);
        var columns = isRowsAlone ? [] : call.Arguments.SelectAsArray(rows.Bind);
        var filter = call.Where is null ? null : rows.BindCondition(call.Where, "`where`");
        var window = BindWindow();
        if (columns.Length < definition.MinColumns || columns.Length > definition.MaxColumns)
        {
            Scope.Report(TypeErrors.ColumnCount(definition, source.Name, columns.Length, call.Span));
            return new BoundMistake(call.Span);
        }
        if (window is null || columns.Any(column => column is BoundMistake) || filter is BoundMistake) return new BoundMistake(call.Span);
        if (definition.Column == ColumnRule.Numeric)
        {
            if (columns[0].Type == DataType.Boolean)
            {
                Scope.Report(TypeErrors.BooleanAggregate(definition.Name, source.Name, columns[0].Span));
                return new BoundMistake(call.Span);
            }
            columns = columns.SetItem(0, new TypeRules(Scope).Require(columns[0], DataType.Number, $"`{definition.Name}`"));
        }
        return new BoundAggregate(call.Span, definition, source, columns, filter, window);
    }

    private BoundWindow? BindWindow()
    {
        switch (_ambient)
        {
            case OverWindowSyntax over:
                var length = Scope.BindDuration(over.Length);
                var ending = over.Ending is null ? null : Scope.BindDuration(over.Ending);
                return length is null || (over.Ending is not null && ending is null) ? null : new BoundWindow(false, length, ending) { Span = over.Span };
            case InNextWindowSyntax next:
                var horizon = Scope.BindDuration(next.Length);
                var after = next.After is null ? null : Scope.BindDuration(next.After);
                return horizon is null || (next.After is not null && after is null) ? null : new BoundWindow(true, horizon, after) { Span = next.Span };
            default:
                return BoundWindow.AllPast;
        }
    }

    /// <summary>
    /// The first name in an argument: it says whose rows are taken (rule 14). It is bare where no column follows it; null when there is none.
    /// </summary>
    private static ReadName? FirstName(ExpressionSyntax syntax) => syntax switch
    {
        NameExpressionSyntax name => new ReadName(name.Name, IsBare: true),
        MemberSyntax member => FirstName(member.Target) is { } target ? target with { IsBare = false } : null,
        FieldAccessSyntax access => FirstName(access.Target),
        IndexAccessSyntax access => FirstName(access.Target),
        CastSyntax cast => FirstName(cast.Operand),
        ParenthesizedSyntax parenthesized => FirstName(parenthesized.Inner),
        UnarySyntax unary => FirstName(unary.Operand),
        BinarySyntax binary => FirstName(binary.Left) ?? FirstName(binary.Right),
        BetweenSyntax between => FirstName(between.Operand),
        InSyntax candidates => FirstName(candidates.Operand),
        LikeSyntax like => FirstName(like.Operand),
        IsNullSyntax isNull => FirstName(isNull.Operand),
        CallSyntax call => call.Arguments.Select(FirstName).FirstOrDefault(found => found is not null),
        CaseSyntax { Operand: { } operand } => FirstName(operand),
        CaseSyntax choice => FirstName(choice.Branches[0].When),
        _ => null,
    };
}
