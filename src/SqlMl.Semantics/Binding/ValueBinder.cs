using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds values of an entity as of the cutoff: vars, eligibility, labels.</summary>
/// <param name="scope">The program's names.</param>
/// <param name="entity">Whose values.</param>
/// <param name="vars">Finds a var, binding it on demand.</param>
/// <param name="reader">Who reads, for messages: "var `x`".</param>
/// <param name="anchor">What `anchor` is; null where no row is the cutoff.</param>
/// <param name="isLabel">True for labels and `given`: only they read rows of the future that are not known at the cutoff, and say `after`.</param>
internal sealed class ValueBinder(
    ProgramScope scope, EntitySymbol entity, IVarLookup vars, string reader, AnchorBinder? anchor = null, bool isLabel = false) : ExpressionBinder(scope)
{
    private sealed record ReadName(NameSyntax Name, bool IsBare);

    private WindowSyntax? _ambient;
    private bool _ambientUsed;
    private BoundWindow? _repeated;

    /// <summary>Which of several adjoining windows is meant, from 0: each window of the future begins so many of its lengths later (rule 43).</summary>
    internal int Repetition { get; set; }

    /// <summary>True for a label that says `repeated`: all its windows must be one.</summary>
    internal bool IsRepeated { get; set; }

    protected override BoundExpression BindName(NameSyntax name)
    {
        if (RowBinder.IsWord(name, "cutoff")) return new BoundCutoff(name.Span);
        if (RowBinder.IsWord(name, "anchor")) return Mistake(TypeErrors.AnchorAlone(name.Span));
        if (vars.Find(entity, name) is { } symbol) return new BoundVar(name.Span, symbol);
        if (vars.FindFamily(entity, name) is { } family)
        {
            Scope.Report(EntityErrors.FamilyInExpression(name, family));
        }
        else if (vars.WasReported(entity, name))
        {
            // A mistaken var was reported where it is declared.
        }
        else if (Scope.FindConstant(name) is { } constant)
        {
            return constant;
        }
        else if (KeyBinder.IsKey(name))
        {
            return KeyBinder.Bind(Scope, entity, [name], name.Span);
        }
        else if (!name.IsExact && ScalarFunctions.IsClock(name.Text))
        {
            Scope.Report(TimeErrors.Clock(name.Text, name.Span, isBareWord: true));
        }
        else if (Scope.FindSource(name) is { } source)
        {
            Scope.Report(NameErrors.SourceAsValue(source.Name, name.Span));
        }
        else
        {
            Scope.ReportUnknownVar(entity, name, vars);
        }
        return new BoundMistake(name.Span);
    }

    protected override BoundExpression BindMember(MemberSyntax member)
    {
        if (RowBinder.Parts(member) is not { } parts) return BindInto(member);
        parts = Scope.Imported.Joined(parts);
        if (parts is [var whole]) return BindName(whole);
        var target = parts[0];
        if (RowBinder.IsWord(target, "anchor")) return BindAnchor(parts[1..], member.Span);
        if (KeyBinder.IsKey(target)) return KeyBinder.Bind(Scope, entity, parts, member.Span);
        if (parts.Length == 2 && Scope.FindEntity(target) == entity) return BindName(Scope.OfEntity(entity, parts[1], vars));
        if (Scope.FindSource(target) is { } source) return BindDescription(source, parts[1..], member.Span);
        if (parts.Length == 2 && Scope.FindEntity(target) is { } other) return BindLinked(other, Scope.OfEntity(other, parts[1], vars), member.Span);
        if (Scope.IsModel(target)) return NotCompiled("another model's score", member.Span);
        Scope.RequireSource(target);
        return new BoundMistake(member.Span);
    }

    /// <summary>A var of another entity, as of the same cutoff.</summary>
    private BoundExpression BindLinked(EntitySymbol other, NameSyntax name, SourceSpan span)
    {
        var found = new LinkBinder(Scope, entity, anchor?.Source).Find(other, name, vars, span);
        if (found.Count == 1 && vars.Find(other, name) == found[0]) return new BoundVar(span, found[0]);
        if (found.Count > 0) Scope.Report(EntityErrors.FamilyInExpression(name, found));
        return new BoundMistake(span);
    }

    private BoundExpression BindAnchor(ImmutableArray<NameSyntax> parts, SourceSpan span)
    {
        if (anchor is not null) return anchor.Bind(parts, span);
        Scope.Report(KnowledgeErrors.NoAnchor(reader, span));
        return new BoundMistake(span);
    }

    /// <summary>A column of rows that describe the entity: of the row that holds at the cutoff, or of the only one (rule 13).</summary>
    private BoundExpression BindDescription(SourceSymbol source, ImmutableArray<NameSyntax> parts, SourceSpan span)
    {
        if (source.IsIncomplete) return new BoundMistake(span);
        switch (source.Nature)
        {
            case SourceNature.Events:
                Scope.Report(NameErrors.ColumnOutsideAggregate(source.Name, string.Join('.', parts.Select(part => part.Text)), span));
                return new BoundMistake(span);
            case SourceNature.Untimed:
                Scope.Report(TimeErrors.UntimedSource(reader, source.Name, span, source.Span));
                return new BoundMistake(span);
        }
        if (!NamesEntity(source, span)) return new BoundMistake(span);
        var column = new RowBinder(Scope, source).BindPath(new PathSyntax(span, parts));
        return column is BoundMistake ? column : new BoundAggregate(span, Aggregates.Last, source, [column], null, BoundWindow.AllPast);
    }

    private bool NamesEntity(SourceSymbol source, SourceSpan span)
    {
        if (source.Entities.Any(item => item.Entity == entity)) return true;
        Scope.Report(NameErrors.SourceWithoutEntity(source.Name, entity.Name, span, source.Span));
        return false;
    }

    private bool NamesSide(SourceSymbol source, NameSyntax side)
    {
        var named = source.Entities.First(item => item.Entity == entity);
        if (named.FindSide(side.Text) is not null) return true;
        // What names every entity because a part of it is not compiled has been reported.
        if (!named.Columns.IsEmpty) Scope.Report(EntityErrors.UnknownSide(source.Name, entity.Name, side.Text, side.Span, named.Sides.Select(item => item.Name)));
        return false;
    }

    protected override BoundExpression BindWindowed(WindowedSyntax windowed)
    {
        if (windowed.Window is PivotWindowSyntax pivot)
        {
            if (!pivot.Values.IsEmpty) return Mistake(TypeErrors.PivotAsValue(pivot.Span));
            Scope.Report(EntityErrors.LearnedInExpression("the pivot", pivot.Span));
            return new BoundMistake(windowed.Span);
        }
        if (_ambient is not null)
        {
            // The inner window stands on an aggregate that the outer one would apply to.
            Scope.Report(TimeErrors.WindowTwice(_ambient.Span, windowed.Window.Span));
            _ambientUsed = true;
            return new BoundMistake(windowed.Span);
        }
        if (windowed.Window is AfterWindowSyntax after) return BindAfter(windowed, after);
        (_ambient, _ambientUsed) = (windowed.Window, false);
        var bound = Bind(windowed.Operand);
        if (!_ambientUsed && anchor?.Horizon is { } horizon && windowed.Window is InNextWindowSyntax && BindWindow() is { } named)
        {
            // A label's window behind a value of the anchor says when its late columns are read (rule 17).
            horizon.Extend(named);
        }
        else if (!_ambientUsed && !VarBinder.HoldsMistake(bound))
        {
            Scope.Report(TimeErrors.WindowWithoutAggregate(windowed.Window.Span));
            bound = new BoundMistake(windowed.Span);
        }
        _ambient = null;
        return bound is BoundAggregate aggregate ? aggregate with { Span = windowed.Span } : bound;
    }

    /// <summary>`expr after H` (rule 8): what was bound as of the cutoff is evaluated later.</summary>
    private BoundExpression BindAfter(WindowedSyntax windowed, AfterWindowSyntax window)
    {
        if (Scope.BindDuration(window.Offset) is not { } later) return new BoundMistake(windowed.Span);
        if (!isLabel)
        {
            Scope.Report(TimeErrors.AfterOutsideLabel(reader, later.Text, windowed.Span));
            return new BoundMistake(windowed.Span);
        }
        var operand = Bind(windowed.Operand);
        if (VarBinder.HoldsMistake(operand)) return new BoundMistake(windowed.Span);
        if (operand.Interval.ReadsFuture) Scope.Report(TimeErrors.AfterFuture(window.Span, VarBinder.FutureSpan(operand)));
        else if (!operand.Interval.ReadsRows) Scope.Report(TimeErrors.WindowWithoutAggregate(window.Span));
        else return new BoundAfter(windowed.Span, operand, later);
        return new BoundMistake(windowed.Span);
    }

    protected override BoundExpression BindElapsed(ElapsedSyntax elapsed)
    {
        var operand = Bind(elapsed.Operand);
        if (operand is BoundMistake) return operand;
        var looksAhead = operand.Interval.ReadsFuture || operand is BoundAnchor or BoundAggregate { Window.IsPlanned: true };
        if (elapsed.IsUntil ? !looksAhead : operand.Interval.ReadsFuture)
        {
            Scope.Report(elapsed.IsUntil ? TimeErrors.PastOfFuture(operand.Span) : TimeErrors.FutureOfPast(VarBinder.FutureSpan(operand)));
            return new BoundMistake(elapsed.Span);
        }
        operand = new TypeRules(Scope).Require(operand, DataType.Instant, elapsed.IsUntil ? "`until`" : "`since`");
        var unit = Duration.Create(1, elapsed.Unit.Word())!;
        return new BoundElapsed(elapsed.Span, operand, unit, elapsed.IsUntil);
    }

    /// <summary>`cortex.embed(last(reviews.text))`: an embedding is of one text as of the cutoff.</summary>
    protected override BoundExpression BindText(CallSyntax call, FunctionDefinition function) =>
        function == TextFunctions.Embed ? BindTextCall(call, function) : base.BindText(call, function);

    /// <summary>`last(cortex.embed(reviews.text))` is `cortex.embed(last(reviews.text))`: what picks a row comes first, and one text is embedded.</summary>
    private BoundExpression BindEmbedded(CallSyntax call, AggregateDefinition definition, CallSyntax embedding)
    {
        if (!definition.PicksRow) return Mistake(TypeErrors.EmbeddingOfRows(definition.Name, embedding.Span));
        if (embedding.Arguments.Length != 1) return Mistake(TypeErrors.TextArguments(TextFunctions.Embed.Name, embedding.Span));
        var picked = call with { Arguments = call.Arguments.SetItem(0, embedding.Arguments[0]) };
        return BindTextCall(embedding with { Span = call.Span, Arguments = [picked] }, TextFunctions.Embed);
    }

    protected override BoundExpression BindAggregate(CallSyntax call, AggregateDefinition definition)
    {
        _ambientUsed = true;
        if (!call.Arguments.IsEmpty && Unwrap(call.Arguments[0]) is CallSyntax { Qualifier.Text: var qualifier, Name.Text: var function } embedding &&
            TextFunctions.Find($"{qualifier}.{function}") == TextFunctions.Embed)
        {
            return BindEmbedded(call, definition, embedding);
        }
        if (call.Arguments.Select(FirstName).FirstOrDefault(found => found is not null) is not { } first)
        {
            Scope.Report(NameErrors.AggregateWithoutSource(definition.Name, definition.MinColumns > 0, call.Span));
            return new BoundMistake(call.Span);
        }
        var name = first.Name;
        if (Scope.FindSource(name) is not { } source)
        {
            if (Scope.FindEntity(name) is { } members) return BindRollup(members, name, call, definition);
            Scope.ReportUnknown(NameErrors.UnknownSourceOfAggregate(name.Text, name.Span, Scope.SourceNames(name.Span)));
            return new BoundMistake(call.Span);
        }
        var isRowsAlone = call.Arguments is [var only] && IsOneName(only);
        if (first.IsBare && !isRowsAlone)
        {
            Scope.Report(NameErrors.SourceAsValue(source.Name, name.Span));
            return new BoundMistake(call.Span);
        }
        return BindOver(source, call, definition, isRowsAlone);
    }

    private BoundExpression BindOver(SourceSymbol source, CallSyntax call, AggregateDefinition definition, bool isRowsAlone)
    {
        if (!MayAggregate(source, call)) return new BoundMistake(call.Span);
        var rows = new RowBinder(Scope, source, anchor, reader, entity) { SeesCutoff = true };
        var columns = isRowsAlone ? [] : call.Arguments.SelectAsArray(rows.Bind);
        var filter = call.Where is null ? null : rows.BindCondition(call.Where, "`where`");
        var window = BindWindow();
        var arguments = new AggregateArguments(Scope, definition, source.Name);
        if (!arguments.HaveCount(columns.Length, call.Span)) return new BoundMistake(call.Span);
        if (window is null || columns.Any(column => column is BoundMistake) || filter is BoundMistake) return new BoundMistake(call.Span);
        if (window.IsFuture && !isLabel && source.Knowledge is { IsPlanned: true }) window = window with { IsPlanned = true };
        foreach (var part in filter is null ? columns : columns.Add(filter))
        {
            if (AnchorBinder.FindMisuse(part) is not { } misuse) continue;
            Scope.Report(KnowledgeErrors.AnchorCompared(misuse));
            return new BoundMistake(call.Span);
        }
        if (source.Nature == SourceNature.Static && (definition.ReadsTime || (definition.Result == ResultRule.FirstColumn && columns.IsEmpty)))
        {
            Scope.Report(TypeErrors.AggregateOfTimes(definition.Name, source.Name, call.Span, source.Span));
            return new BoundMistake(call.Span);
        }
        return arguments.Check(columns) is { } given
            ? new BoundAggregate(call.Span, definition, source, given.Columns, filter, window) { Side = call.Side?.Text, Parameter = given.Parameter }
            : new BoundMistake(call.Span);
    }

    /// <summary>An aggregate over the members as of the cutoff: no window makes them others.</summary>
    private BoundExpression BindRollup(EntitySymbol members, NameSyntax name, CallSyntax call, AggregateDefinition definition)
    {
        if (_ambient is null) return new RollupBinder(Scope, entity, members, vars, reader, anchor).Bind(call, name, definition);
        Scope.Report(KnowledgeErrors.WindowOverTimeless(members.Name, _ambient.Span, "are the members as of the cutoff"));
        return new BoundMistake(call.Span);
    }

    /// <summary>Rows of the source belong to the entity, and to some time where a window asks for one; what is missing is reported.</summary>
    private bool MayAggregate(SourceSymbol source, CallSyntax call)
    {
        if (source.Nature == SourceNature.Untimed && !source.IsIncomplete)
        {
            Scope.Report(TimeErrors.UntimedSource(reader, source.Name, call.Span, source.Span));
            return false;
        }
        if (!NamesEntity(source, call.Arguments[0].Span) || (call.Side is not null && !NamesSide(source, call.Side))) return false;
        if (_ambient is null || source.Nature is not (SourceNature.Static or SourceNature.Validity)) return true;
        Scope.Report(KnowledgeErrors.WindowOverTimeless(source.Name, _ambient.Span, source.Nature == SourceNature.Static ? "never change" : "hold for a while"));
        return false;
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
                if (horizon is null || (next.After is not null && after is null)) return null;
                return Repeated(new BoundWindow(true, horizon, after) { Span = next.Span });
            default:
                return BoundWindow.AllPast;
        }
    }

    /// <summary>The window, or the one that adjoins it <see cref="Repetition"/> times later; null where that cannot be said, which is reported.</summary>
    private BoundWindow? Repeated(BoundWindow window)
    {
        if (IsRepeated && _repeated is { } first && first.Text != window.Text)
        {
            Scope.Report(TimeErrors.RepeatedWindows(first.Span, window.Span));
            return null;
        }
        _repeated = window;
        if (Repetition == 0) return window;
        var moved = window.Length!.Times(Repetition);
        if (moved is not null && window.Gap is not null) moved = window.Gap.Plus(moved);
        if (moved is not null) return window with { Gap = moved };
        Scope.Report(TimeErrors.RepeatedBeyondUnits(window));
        return null;
    }

    private static ReadName FirstName(ImmutableArray<NameSyntax> path) => new(path[0], IsBare: path.Length == 1);

    /// <summary>
    /// The first name in an argument: it says whose rows are taken (rule 14). It is bare where no column follows it; null when there is none.
    /// </summary>
    private ReadName? FirstName(ExpressionSyntax syntax) => syntax switch
    {
        NameExpressionSyntax name => new ReadName(name.Name, IsBare: true),
        MemberSyntax member when RowBinder.Parts(member) is { } parts => FirstName(Scope.Imported.Joined(parts)),
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
