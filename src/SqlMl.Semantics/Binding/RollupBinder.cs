using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>
/// Binds aggregates over the members of an entity (rule 21). Inside them stand the vars of a member where columns stand elsewhere (rule 56).
/// </summary>
/// <param name="scope">The program's names.</param>
/// <param name="entity">Whose members.</param>
/// <param name="members">What the members are.</param>
/// <param name="vars">Finds a var, binding it on demand.</param>
/// <param name="reader">Who reads, for messages: "var `x`".</param>
/// <param name="anchor">What `anchor` is; null where no row is the cutoff.</param>
internal sealed class RollupBinder(
    ProgramScope scope, EntitySymbol entity, EntitySymbol members, IVarLookup vars, string reader, AnchorBinder? anchor) : ExpressionBinder(scope)
{
    /// <summary>The aggregate; what is wrong with it is reported.</summary>
    /// <param name="call">The call.</param>
    /// <param name="name">The name of the members' entity in it.</param>
    /// <param name="definition">Which aggregate.</param>
    internal BoundExpression Bind(CallSyntax call, NameSyntax name, AggregateDefinition definition)
    {
        if (new LinkBinder(Scope, entity, anchor?.Source).FindMembers(members, name.Span) is not { } link) return new BoundMistake(call.Span);
        if (call.Side is not null) return Mistake(EntityErrors.SideOfMembers(members.Name, call.Side.Span), call);
        var areMembersAlone = call.Arguments is [var only] && IsOneName(only);
        // Members are as they are at the cutoff: none of them happened before another.
        if (definition.ReadsTime || definition == Aggregates.First || definition == Aggregates.Last)
        {
            return Mistake(TypeErrors.AggregateOfMembers(definition.Name, members.Name, call.Span), call);
        }
        var columns = areMembersAlone ? [] : call.Arguments.SelectAsArray(Bind);
        var filter = call.Where is null ? null : BindCondition(call.Where, "`where`");
        var arguments = new AggregateArguments(Scope, definition, members.Name);
        if (!arguments.HaveCount(columns.Length, call.Span) || columns.Any(VarBinder.HoldsMistake) || (filter is not null && VarBinder.HoldsMistake(filter))) return new BoundMistake(call.Span);
        foreach (var part in filter is null ? columns : columns.Add(filter))
        {
            if (AnchorBinder.FindMisuse(part) is { } misuse) return Mistake(KnowledgeErrors.AnchorCompared(misuse), call);
        }
        return arguments.Check(columns) is { } given
            ? new BoundRollup(call.Span, definition, members, link, given.Columns, filter) { Parameter = given.Parameter }
            : new BoundMistake(call.Span);
    }

    protected override BoundExpression BindName(NameSyntax name)
    {
        if (RowBinder.IsWord(name, "cutoff")) return new BoundCutoff(name.Span);
        if (RowBinder.IsWord(name, "anchor")) return Mistake(TypeErrors.AnchorAlone(name.Span));
        if (vars.Find(members, name) is { } symbol) return new BoundVar(name.Span, symbol);
        if (vars.FindFamily(members, name) is { } family) Scope.Report(EntityErrors.FamilyInExpression(name, family));
        else if (vars.WasReported(members, name)) return new BoundMistake(name.Span);
        else if (Scope.FindConstant(name) is { } constant) return constant;
        else if (KeyBinder.IsKey(name)) return KeyBinder.Bind(Scope, entity, [name], name.Span);
        else Scope.ReportUnknownVar(members, name, vars);
        return new BoundMistake(name.Span);
    }

    protected override BoundExpression BindMember(MemberSyntax member)
    {
        if (RowBinder.Parts(member) is not { } parts) return BindInto(member);
        parts = Scope.Imported.Joined(parts);
        if (parts is [var whole]) return BindName(whole);
        if (RowBinder.IsWord(parts[0], "anchor"))
        {
            if (anchor is not null) return anchor.Bind(parts[1..], member.Span);
            Scope.Report(KnowledgeErrors.NoAnchor(reader, member.Span));
            return new BoundMistake(member.Span);
        }
        if (KeyBinder.IsKey(parts[0])) return KeyBinder.Bind(Scope, entity, parts, member.Span);
        if (parts.Length == 2 && Scope.FindEntity(parts[0]) == members) return BindName(Scope.OfEntity(members, parts[1], vars));
        Scope.Report(EntityErrors.OutsideMembers(members.Name, member.Span));
        return new BoundMistake(member.Span);
    }

    protected override BoundExpression BindAggregate(CallSyntax call, AggregateDefinition definition) =>
        Mistake(TypeErrors.AggregateInRollup(definition.Name, members.Name, call.Span));

    protected override BoundExpression BindWindowed(WindowedSyntax windowed)
    {
        Scope.Report(TimeErrors.WindowWithoutAggregate(windowed.Window.Span));
        return new BoundMistake(windowed.Span);
    }

    /// <summary>`days since last_seen`: from an instant that a var of the member says up to the cutoff. What a var says is never ahead of it.</summary>
    protected override BoundExpression BindElapsed(ElapsedSyntax elapsed)
    {
        var operand = Bind(elapsed.Operand);
        if (operand is BoundMistake) return operand;
        if (elapsed.IsUntil && operand is not BoundAnchor)
        {
            Scope.Report(TimeErrors.PastOfFuture(operand.Span));
            return new BoundMistake(elapsed.Span);
        }
        operand = new TypeRules(Scope).Require(operand, DataType.Instant, elapsed.IsUntil ? "`until`" : "`since`");
        return operand is BoundMistake ? operand : new BoundElapsed(elapsed.Span, operand, Duration.Create(1, elapsed.Unit.Word())!, elapsed.IsUntil);
    }

    private BoundMistake Mistake(Language.Diagnostics.Diagnostic found, CallSyntax call)
    {
        Scope.Report(found);
        return new BoundMistake(call.Span);
    }
}
