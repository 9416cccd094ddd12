using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds expressions over one row of a source: in its clauses, and inside aggregates over it.</summary>
internal sealed class RowBinder(ProgramScope scope, SourceSymbol source) : ExpressionBinder(scope)
{
    /// <summary>The column of that name; its first mention makes it known, unless the schema says it does not exist.</summary>
    internal BoundExpression BindColumn(NameSyntax name)
    {
        if (source.FindColumn(name) is { } known) return new BoundColumn(name.Span, known);
        if (!name.IsExact && ScalarFunctions.IsClock(name.Text))
        {
            Scope.Report(TimeErrors.Clock(name.Text, name.Span, isBareWord: true));
            return new BoundMistake(name.Span);
        }
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

    /// <summary>The column that a path names; a path through a join is not compiled yet.</summary>
    internal BoundExpression BindPath(PathSyntax path) =>
        path.Parts.Length == 1 ? BindColumn(path.Parts[0]) : JoinedColumn(path.Span);

    protected override BoundExpression BindName(NameSyntax name)
    {
        if (IsWord(name, "cutoff")) return NotCompiled("`cutoff` inside an aggregate or source", name.Span);
        if (IsWord(name, "anchor")) return NotCompiled("`anchor`", name.Span);
        // What the program itself declares decides, never the schema (rule 59).
        if (source.FindColumn(name)?.Expression is not null || Scope.FindConstant(name) is not { } constant) return BindColumn(name);
        if (source.Schema?.ContainsKey(name.Text) == true) Scope.Report(NameErrors.ParamAndColumn(name.Text, source.Name, name.Span, Scope.ParamNames[name.Text]));
        return constant;
    }

    protected override BoundExpression BindMember(MemberSyntax member)
    {
        if (member.Target is NameExpressionSyntax { Name: var target })
        {
            if (IsWord(target, "anchor")) return NotCompiled("`anchor`", member.Span);
            if (target.Text.Equals(source.Name, StringComparison.OrdinalIgnoreCase))
            {
                var column = BindColumn(member.Name);
                return column is BoundColumn bound ? bound with { Span = member.Span } : column;
            }
        }
        return JoinedColumn(member.Span);
    }

    // The join was reported where it is declared.
    private BoundExpression JoinedColumn(SourceSpan span) =>
        source.IsIncomplete ? new BoundMistake(span) : NotCompiled("a column of a joined source", span);

    private IEnumerable<string> KnownColumns(IReadOnlyDictionary<string, DataType> schema) =>
        schema.Keys.Concat(source.Columns.Where(column => column.Expression is not null).Select(column => column.Name));

    protected override BoundExpression BindAggregate(CallSyntax call, AggregateDefinition definition) =>
        NotCompiled("an aggregate inside a row", call.Span);

    protected override BoundExpression BindWindowed(WindowedSyntax windowed)
    {
        Scope.Report(TimeErrors.WindowWithoutAggregate(windowed.Window.Span));
        return new BoundMistake(windowed.Span);
    }

    protected override BoundExpression BindElapsed(ElapsedSyntax elapsed) => NotCompiled("`since` or `until` inside a row", elapsed.Span);

    internal static bool IsWord(NameSyntax name, string word) => !name.IsExact && name.Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
