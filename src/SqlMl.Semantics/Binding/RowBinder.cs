using System.Collections.Immutable;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds expressions over one row of a source: in its clauses, and inside aggregates over it.</summary>
/// <param name="scope">The program's names.</param>
/// <param name="source">Whose rows.</param>
/// <param name="anchor">What `anchor` is; null where no row is the cutoff.</param>
/// <param name="reader">Who reads, for messages: "var `x`"; null for the source itself.</param>
/// <param name="entity">Whose rows, where `key` may be read; null in the source itself.</param>
internal sealed class RowBinder(
    ProgramScope scope, SourceSymbol source, AnchorBinder? anchor = null, string? reader = null, EntitySymbol? entity = null) : ExpressionBinder(scope)
{
    /// <summary>True in the clauses of the source itself, which see the row as its table has it: only there SQL as text may stand.</summary>
    internal bool IsOfTable { get; init; }

    /// <summary>True inside aggregates, whose rows are those of a cutoff; a source's own rows are there whatever the cutoff.</summary>
    internal bool SeesCutoff { get; init; }

    /// <summary>The column of that name; its first mention makes it known, unless the schema says it does not exist.</summary>
    internal BoundExpression BindColumn(NameSyntax name)
    {
        if (source.FindColumn(name) is { } known) return new BoundColumn(name.Span, known);
        if (!name.IsExact && ScalarFunctions.IsClock(name.Text))
        {
            Scope.Report(TimeErrors.Clock(name.Text, name.Span, isBareWord: true));
            return new BoundMistake(name.Span);
        }
        if (source.Location is DerivedLocation or UnionLocation or GroupLocation) return BindFromOthers(name);
        var type = DataType.Unknown;
        if (source.Schema is { } schema && !schema.TryGetValue(name.Text, out type))
        {
            Scope.Report(NameErrors.UnknownColumn(source.Name, name.Text, name.Span, KnownColumns(schema)));
            return new BoundMistake(name.Span);
        }
        var column = new ColumnSymbol(source, name, null, Scope.Types) { SchemaType = type };
        source.AddColumn(column);
        return new BoundColumn(name.Span, column);
    }

    /// <summary>A column of a source that is made from others: theirs, under the same name.</summary>
    private BoundExpression BindFromOthers(NameSyntax name)
    {
        switch (source.Location)
        {
            case DerivedLocation { Base: var join }:
                var bound = new RowBinder(Scope, join.Target).BindColumn(name);
                if (bound is not BoundColumn { Column: var original }) return bound;
                if (IsComputedFromLate(original, name.Span)) return new BoundMistake(name.Span);
                return Add(new ColumnSymbol(source, name, null, Scope.Types) { Joined = new JoinedColumn(join, original) });
            case UnionLocation { Parts: var parts }:
                if (IsWord(name, "part")) return Add(new ColumnSymbol(source, name, null, Scope.Types) { IsPartName = true });
                var columns = parts.Select(part => Has(part, name) ? (new RowBinder(Scope, part).BindColumn(name) as BoundColumn)?.Column : null).ToImmutableArray();
                if (columns.All(column => column is null)) break;
                if (columns.Any(column => column is not null && IsComputedFromLate(column, name.Span))) return new BoundMistake(name.Span);
                CheckTypes(name, columns);
                return Add(new ColumnSymbol(source, name, null, Scope.Types) { Parts = columns });
        }
        Scope.Report(NameErrors.UnknownColumn(source.Name, name.Text, name.Span, source.Columns.Select(column => column.Name)));
        return new BoundMistake(name.Span);

        BoundColumn Add(ColumnSymbol column)
        {
            source.AddColumn(column);
            return new BoundColumn(name.Span, column);
        }
    }

    /// <summary>What is computed from late columns is computed where they are read; another source sees the columns, not the computation.</summary>
    private bool IsComputedFromLate(ColumnSymbol column, SourceSpan span)
    {
        var isComputed = column is { Expression: not null, IsLate: true };
        if (isComputed) Scope.Report(KnowledgeErrors.LateComputedElsewhere(column.Source.Name, column.Name, span, column.Span));
        return isComputed;
    }

    /// <summary>Types of a union's parts must agree (rule 18).</summary>
    private void CheckTypes(NameSyntax name, ImmutableArray<ColumnSymbol?> columns)
    {
        ColumnSymbol? first = null;
        foreach (var column in columns)
        {
            if (column is null || column.Type.IsOpen()) continue;
            first ??= column;
            if (DataTypes.Unify(first.Type, column.Type) is null) Scope.Report(TypeErrors.UsesDisagree(name.Text, first.Type, column.Type, first.Span, column.Span));
        }
    }

    /// <summary>True unless the part is known not to have the column.</summary>
    private static bool Has(SourceSymbol part, NameSyntax name) =>
        part.FindColumn(name) is not null || part.Location switch
        {
            DerivedLocation { Base.Target: var target } => Has(target, name),
            UnionLocation { Parts: var parts } => parts.Any(item => Has(item, name)),
            GroupLocation => false,
            _ => part.Schema?.ContainsKey(name.Text) != false,
        };

    /// <summary>The column that a path names: one of the source, or one behind its joins.</summary>
    internal BoundExpression BindPath(PathSyntax path) => BindParts(path.Parts, path.Span);

    protected override BoundExpression BindName(NameSyntax name)
    {
        if (IsWord(name, "cutoff")) return SeesCutoff ? new BoundCutoff(name.Span) : WithoutCutoff(name.Span);
        if (IsWord(name, "anchor")) return Mistake(TypeErrors.AnchorAlone(name.Span));
        // What the program itself declares decides, never the schema (rule 59).
        if (IsDeclared(name)) return BindColumn(name);
        if (Scope.FindConstant(name) is not { } constant) return entity is not null && KeyBinder.IsKey(name) ? BindKey(entity, [name], name.Span) : BindColumn(name);
        if (source.Schema?.ContainsKey(name.Text) == true && Scope.FindParam(name) is { } param) Scope.Report(NameErrors.ParamAndColumn(name.Text, source.Name, name.Span, param));
        return constant;
    }

    protected override BoundExpression BindRaw(RawSyntax raw)
    {
        if (!IsOfTable || source.Location is DerivedLocation or UnionLocation or GroupLocation) return base.BindRaw(raw);
        var bound = new BoundRaw(raw.Span, [.. raw.Texts.Select(text => new SqlText(text.Dialect.Text.ToLowerInvariant(), text.Text.Value, text.Span))]);
        source.AddRaw(bound);
        return bound;
    }

    /// <summary>
    /// `avg(cortex.sentiment(reviews.text))`: a column of the source, computed once a row, not once a row and cutoff: each call is paid for.
    /// </summary>
    protected override BoundExpression BindText(CallSyntax call, FunctionDefinition function)
    {
        if (function == TextFunctions.Embed || source.Location is UnionLocation or GroupLocation) return base.BindText(call, function);
        if (IsOfTable) return BindTextCall(call, function);
        // The call as written: the same call is the same column, and hardly a column of the table is called so.
        var name = new NameSyntax(call.Span, call.Span.Text, IsExact: true);
        if (source.FindColumn(name) is { } known) return new BoundColumn(call.Span, known);
        var value = new RowBinder(Scope, source) { IsOfTable = true }.BindTextCall(call, function);
        if (value is BoundMistake) return value;
        var column = new ColumnSymbol(source, name, value, Scope.Types);
        source.AddColumn(column);
        return new BoundColumn(call.Span, column);
    }

    protected override BoundExpression BindMember(MemberSyntax member)
    {
        if (Parts(member) is not { } parts) return BindInto(member);
        if (FindJoin(parts[0]) is null) parts = Scope.Imported.Joined(parts);
        if (parts is [var whole]) return BindName(whole);
        if (entity is not null && KeyBinder.IsKey(parts[0]) && FindJoin(parts[0]) is null) return BindKey(entity, parts, member.Span);
        if (!IsWord(parts[0], "anchor")) return BindParts(parts, member.Span);
        if (anchor is not null) return anchor.Bind(parts[1..], member.Span);
        Scope.Report(KnowledgeErrors.NoAnchor(reader ?? $"source `{source.Name}`", member.Span));
        return new BoundMistake(member.Span);
    }

    /// <summary>True for a column that the program itself computes or groups.</summary>
    private bool IsDeclared(NameSyntax name) => source.FindColumn(name) is { Expression: not null } or { Grouped: not null };

    private BoundExpression BindKey(EntitySymbol owner, ImmutableArray<NameSyntax> parts, SourceSpan span)
    {
        if (parts.Length > 1 || owner.Keys.Length != 1 || source.Schema?.ContainsKey(parts[0].Text) != true) return KeyBinder.Bind(Scope, owner, parts, span);
        Scope.Report(EntityErrors.KeyAndColumn(owner.Name, owner.Keys[0], source.Name, span));
        return new BoundMistake(span);
    }

    /// <summary>The names of a path, or null where it is no plain path.</summary>
    internal static ImmutableArray<NameSyntax>? Parts(ExpressionSyntax syntax) => syntax switch
    {
        NameExpressionSyntax name => [name.Name],
        MemberSyntax member => Parts(member.Target)?.Add(member.Name),
        _ => null,
    };

    private BoundExpression BindParts(ImmutableArray<NameSyntax> parts, SourceSpan span)
    {
        // The source's own name may stand before its columns, unless a join goes by it.
        if (parts.Length > 1 && FindJoin(parts[0]) is null && Scope.FindSource(parts[0]) == source) parts = parts[1..];
        var bound = parts.Length == 1 ? BindColumn(parts[0]) : BindJoined(parts, span);
        return bound is BoundColumn column ? column with { Span = span } : bound;
    }

    private BoundExpression BindJoined(ImmutableArray<NameSyntax> parts, SourceSpan span)
    {
        if (FindJoin(parts[0]) is not { } join)
        {
            // A join that is wrong was reported where it is declared.
            if (!source.IsIncomplete) Scope.Report(SourceErrors.UnknownJoin(source.Name, parts[0].Text, parts[0].Span, source.Joins.Select(item => item.Name)));
            return new BoundMistake(span);
        }
        var target = new RowBinder(Scope, join.Target).BindParts(parts[1..], span);
        if (target is BoundColumn { Column: var found } && IsComputedFromLate(found, span)) return new BoundMistake(span);
        return target is BoundColumn { Column: var column } ? new BoundColumn(span, source.JoinedColumn(join, column, span, Scope.Types)) : target;
    }

    private SourceJoin? FindJoin(NameSyntax name) => source.Joins.FirstOrDefault(join => join.Name.Equals(name.Text, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<string> KnownColumns(IReadOnlyDictionary<string, DataType> schema) =>
        schema.Keys.Concat(source.Columns.Where(column => column.Expression is not null).Select(column => column.Name));

    protected override BoundExpression BindAggregate(CallSyntax call, AggregateDefinition definition) =>
        Mistake(TypeErrors.AggregateInRow(definition.Name, source.Name, call.Span));

    protected override BoundExpression BindWindowed(WindowedSyntax windowed)
    {
        Scope.Report(TimeErrors.WindowWithoutAggregate(windowed.Window.Span));
        return new BoundMistake(windowed.Span);
    }

    /// <summary>`days since shipped_at`: from an instant that the row states up to the cutoff, or the other way round.</summary>
    protected override BoundExpression BindElapsed(ElapsedSyntax elapsed)
    {
        if (!SeesCutoff) return WithoutCutoff(elapsed.Span);
        var operand = Bind(elapsed.Operand);
        if (operand is BoundMistake) return operand;
        operand = new TypeRules(Scope).Require(operand, DataType.Instant, elapsed.IsUntil ? "`until`" : "`since`");
        return new BoundElapsed(elapsed.Span, operand, Duration.Create(1, elapsed.Unit.Word())!, elapsed.IsUntil);
    }

    private BoundMistake WithoutCutoff(SourceSpan span)
    {
        Scope.Report(TimeErrors.RowsWithoutCutoff(source.Name, span));
        return new BoundMistake(span);
    }

    internal static bool IsWord(NameSyntax name, string word) => !name.IsExact && name.Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
