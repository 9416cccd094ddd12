using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds what stands in the braces of sources.</summary>
internal sealed partial class SourceBinder(ProgramScope scope, BindOptions options)
{
    /// <summary>How many terms a computed column may have when each computed column that it reads is written out.</summary>
    internal const int MaxColumnTerms = 10_000;

    private readonly Dictionary<ColumnSymbol, int> _terms = [];
    private readonly Dictionary<SourceSymbol, SourceSyntax> _pending = [];
    private readonly HashSet<SourceSymbol> _binding = [];
    private readonly HashSet<SourceSymbol> _anchors = [];
    private readonly TypeRules _types = new(scope);

    /// <summary>Declares the source's name; null when it could not be declared.</summary>
    internal SourceSymbol? Declare(SourceSyntax syntax)
    {
        if (scope.Sources.TryGetValue(syntax.Name.Text, out var first))
        {
            scope.Report(NameErrors.Duplicate("source", syntax.Name.Text, first.Span, syntax.Name.Span));
            return null;
        }
        var source = new SourceSymbol(syntax.Name.Text, syntax.Name.Span);
        scope.Sources.Add(source.Name, source);
        _pending.Add(source, syntax);
        if (options.Schemas.TryGetValue(source.Name, out var columns))
        {
            source.Schema = columns.DistinctBy(column => column.Name, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(column => column.Name, column => DataTypes.FromSchema(column.Type), StringComparer.OrdinalIgnoreCase);
            foreach (var column in columns)
            {
                if (column.Type.Equals("DATE", StringComparison.OrdinalIgnoreCase)) source.Dates.Add(column.Name);
            }
        }
        return source;
    }

    /// <summary>Notes the sources before whose rows cutoffs lie, and those that they are made from; all sources must have been declared, none be bound.</summary>
    internal void NoteAnchors()
    {
        var names = new Stack<NameSyntax>(scope.ObservedBefore);
        while (names.TryPop(out var name))
        {
            if (scope.FindSource(name) is not { } source || !_anchors.Add(source) || !_pending.TryGetValue(source, out var syntax)) continue;
            if (syntax.Body is SourceUnionSyntax union)
            {
                foreach (var part in union.Parts) names.Push(part);
            }
            if (syntax.Body is not SourceBlockSyntax block) continue;
            foreach (var clause in block.Clauses)
            {
                if (clause is FromClauseSyntax from) names.Push(from.Source);
                // A row may take its time from the joined one.
                if (clause is JoinClauseSyntax join) names.Push(join.Source);
            }
        }
    }

    /// <summary>Binds the source's clauses, and before it the sources that it is made from; all sources and entities must have been declared.</summary>
    internal void Bind(SourceSymbol source)
    {
        if (!_pending.Remove(source, out var syntax)) return;
        _binding.Add(source);
        BindBody(source, syntax);
        _binding.Remove(source);
    }

    /// <summary>A source that another is made from, bound; null when there is none, or when it is made from the other, which was reported.</summary>
    private SourceSymbol? Require(NameSyntax name)
    {
        if (scope.RequireSource(name) is not { } target) return null;
        if (_binding.Contains(target))
        {
            scope.Report(SourceErrors.JoinCircle(target.Name, name.Span));
            return null;
        }
        Bind(target);
        return target;
    }

    private void BindBody(SourceSymbol source, SourceSyntax syntax)
    {
        switch (syntax.Body)
        {
            case SourceUnionSyntax union:
                BindUnion(source, union);
                break;
            case SourceGroupSyntax group:
                BindGroup(source, group);
                break;
            case SourceSqlSyntax sql:
                source.Location = new SqlLocation([.. sql.Texts.Select(text => new SqlText(text.Dialect.Text.ToLowerInvariant(), text.Text.Value, text.Span))]);
                source.LocationSpan = sql.Span;
                break;
            case SourceBlockSyntax block:
                BindClauses(source, block);
                break;
        }
    }

    private void BindClauses(SourceSymbol source, SourceBlockSyntax block)
    {
        var rows = new RowBinder(scope, source) { IsOfTable = true };
        ReportRepeated(source, block);
        foreach (var clause in block.Clauses) BindLocation(source, clause);
        if (options.Bindings.TryGetValue(source.Name, out var bound)) source.Location = bound;
        // Joins come first and then computed columns, so that every other clause can read them.
        foreach (var clause in block.Clauses)
        {
            if (clause is JoinClauseSyntax join) BindJoin(source, rows, join);
        }
        foreach (var clause in block.Clauses)
        {
            if (clause is ColumnClauseSyntax computed) BindComputed(source, rows, computed);
        }
        foreach (var clause in block.Clauses) BindClause(source, rows, clause);
        InheritTime(source);
        CheckCut(source);
        BindKnowledge(source, rows, block);
        foreach (var join in source.Joins) (join.MayLieAhead, join.IsOfAnchor) = (source.Knowledge is { IsPlanned: true }, _anchors.Contains(source));
        CheckLate(source);
        if (source.IsIncomplete) PretendComplete(source, block.Span);
        if (source.Location is null && block.Clauses.All(clause => clause is not FromClauseSyntax and not TableClauseSyntax))
        {
            scope.ReportMissing(NameErrors.MissingClause($"source `{source.Name}`", "table", source.Span, "say where its rows lie: `table a.b.c`, or `file 'orders.csv'`"), block.Span);
        }
    }

    private void BindLocation(SourceSymbol source, SourceClauseSyntax clause)
    {
        switch (clause)
        {
            case TableClauseSyntax { Table: { } table }:
                source.Location = new TableLocation(table.Parts.SelectAsArray(part => new NamePart(part.Text, part.IsExact)));
                source.LocationSpan = clause.Span;
                break;
            case TableClauseSyntax { Parameter: { } parameter }:
                source.Location = TableOf(parameter) ?? source.Location;
                source.LocationSpan = clause.Span;
                break;
            case FileClauseSyntax file:
                source.Location = new FileLocation(file.Path.Value);
                source.LocationSpan = clause.Span;
                break;
            case FromClauseSyntax from:
                BindFrom(source, from);
                break;
        }
    }

    /// <summary>`table param p`: the parts of the name that the param holds.</summary>
    private TableLocation? TableOf(NameSyntax parameter)
    {
        if (scope.RequireParam(parameter) is not { } param) return null;
        if (param.Constant?.Value is string path && path.Split('.') is var parts && parts.All(part => !string.IsNullOrWhiteSpace(part)))
        {
            return new TableLocation([.. Array.ConvertAll(parts, part => new NamePart(part, IsExact: false))]);
        }
        scope.Report(TypeErrors.ParamKind(param.Name, param.Words, "a table's name, such as 'shop.public.orders',", parameter.Span, param.Span));
        return null;
    }

    private void BindComputed(SourceSymbol source, RowBinder rows, ColumnClauseSyntax clause)
    {
        if (source.FindColumn(clause.Name) is { Expression: not null } first)
        {
            scope.Report(NameErrors.Duplicate("column", clause.Name.Text, first.Span, clause.Name.Span));
            return;
        }
        var expression = rows.Bind(clause.Expression);
        if (source.FindColumn(clause.Name) is { } read)
        {
            scope.Report(NameErrors.ComputedAfterUse(source.Name, clause.Name.Text, clause.Name.Span, read.Span));
            return;
        }
        var terms = Terms(expression);
        if (terms > MaxColumnTerms)
        {
            scope.Report(NameErrors.ColumnTooLarge(source.Name, clause.Name.Text, MaxColumnTerms, clause.Name.Span));
            (expression, terms) = (new BoundMistake(clause.Span), 1);
        }
        var column = new ColumnSymbol(source, clause.Name, expression, scope.Types);
        _terms.Add(column, terms);
        source.AddColumn(column);
    }

    /// <summary>Conditions on a source's own time hide what was before or after: the model's cutoffs are the place for that.</summary>
    private void CheckCut(SourceSymbol source)
    {
        if (source is { Nature: SourceNature.Events, Time: BoundColumn time, Where: { } where } && FindCut(where, time.Column) is { } cut)
            scope.Report(ModellingErrors.CutByTime(source.Name, cut, time.Span));
    }

    private static SourceSpan? FindCut(BoundExpression condition, ColumnSymbol time) => condition switch
    {
        BoundOperation { Operator: BoundOperator.And, Operands: var operands } => operands.Select(operand => FindCut(operand, time)).FirstOrDefault(span => span is not null),
        BoundOperation { Operator: BoundOperator.Less or BoundOperator.LessOrEqual or BoundOperator.Greater or BoundOperator.GreaterOrEqual or BoundOperator.Between } comparison
            when comparison.Operands.Any(operand => operand is BoundColumn { Column: var column } && column == time) && comparison.Operands.Any(operand => operand is BoundConstant) => comparison.Span,
        _ => null,
    };

    private int Terms(BoundExpression expression) => expression switch
    {
        BoundColumn column => _terms.GetValueOrDefault(column.Column, 1),
        _ => (int)Math.Min(1 + expression.Children.Sum(child => (long)Terms(child)), MaxColumnTerms + 1),
    };

    private void BindClause(SourceSymbol source, RowBinder rows, SourceClauseSyntax clause)
    {
        switch (clause)
        {
            case TimeClauseSyntax time:
                SetNature(source, SourceNature.Events, clause.Span);
                source.Time = BindTime(source, rows, time.Expression);
                if (time.Zone is not null) BindZone(source, time.Zone);
                if (source.Time is BoundColumn { Column.Joined: { } partner }) partner.Join.GivesTime = true;
                break;
            case ValidClauseSyntax valid:
                SetNature(source, SourceNature.Validity, clause.Span);
                source.Time = BindTime(source, rows, valid.From);
                source.ValidTo = BindTime(source, rows, valid.To);
                break;
            case StaticClauseSyntax:
                SetNature(source, SourceNature.Static, clause.Span);
                break;
            case WhereClauseSyntax where:
                source.Where = rows.BindCondition(where.Condition, "`where`");
                break;
            case EntityClauseOfSourceSyntax entity:
                BindEntity(source, rows, entity);
                break;
            case KeyClauseSyntax key:
                source.Key = [.. key.Columns.Select(rows.BindPath)];
                if (source.Key.FirstOrDefault(part => part is BoundColumn { Column.Joined.Join.IsBase: false }) is { } joined) scope.Report(SourceErrors.KeyBehindJoin(source.Name, joined.Span));
                break;
            case OrderClauseSyntax order:
                source.OrderBy = rows.BindPath(order.Column);
                break;
            case LateClauseSyntax late:
                BindLate(source, rows, late);
                break;
            case CompleteClauseSyntax complete:
                source.CompleteUntil = scope.BindBound(complete.Until);
                if (complete.Until is { Offset: not null, IsNegative: false }) scope.Report(KnowledgeErrors.CompleteUntilBeyond(source.Name, complete.Until.Span));
                break;
            case IdsClauseSyntax:
                scope.Report(NameErrors.NotCompiled("identity stitching (`ids`)", clause.Span));
                source.IsIncomplete = true;
                break;
        }
    }

    private BoundExpression BindTime(SourceSymbol source, RowBinder rows, ExpressionSyntax syntax)
    {
        var time = rows.Bind(syntax);
        if (time.Type.IsNumeric() || time.Type is DataType.Boolean) scope.Report(TypeErrors.TimeType(source.Name, time.Type, syntax.Span));
        return time;
    }

    /// <summary>`zone`: the clock of the column that is the time, wherever that column is read (rule 2).</summary>
    private void BindZone(SourceSymbol source, StringSyntax zone)
    {
        if (!TimeZoneNames.Contains(zone.Value))
            scope.Report(NameErrors.UnknownZone(zone.Value, zone.Span));
        else if (source.Time is not BoundColumn { Column: { Joined: null } column } || (column.Expression is not null && column.Type == DataType.Instant))
            scope.Report(TypeErrors.ZoneOfInstant(source.Name, zone.Value, source.Time!.Span, zone.Span));
        else
        {
            column.Zone = zone.Value;
            column.Use(DataType.Instant, source.Time.Span);
        }
    }

    private void BindEntity(SourceSymbol source, RowBinder rows, EntityClauseOfSourceSyntax clause)
    {
        if (scope.RequireEntity(clause.Entity) is not { } entity)
        {
            // Whichever entity was meant, it is not reported again that the source does not name it.
            NameAllEntities(source, clause.Span);
            return;
        }
        if (source.Entities.FirstOrDefault(item => item.Entity == entity && !item.Columns.IsEmpty) is { } earlier)
        {
            scope.Report(NameErrors.RepeatedClause($"source `{source.Name}`", $"entity {entity.Name}", earlier.Span, clause.Span));
            return;
        }
        var sides = BindSides(source, rows, clause);
        ImmutableArray<BoundExpression> columns = sides.IsEmpty ? clause.Keys.SelectAsArray(key => BindKey(rows, key)) : [.. sides.SelectMany(side => side.Columns)];
        source.Entities = source.Entities.Add(new SourceEntity(entity, columns, clause.Span) { Sides = sides });
        if (entity.Keys.IsEmpty && sides.IsEmpty) entity.Keys = clause.Keys.SelectAsArray(key => key.Column.Parts[^1].Text);
    }

    /// <summary>`by a as home, b as away`: the sides in the order first named, columns of one name together; none where no column has a side.</summary>
    private ImmutableArray<SourceSide> BindSides(SourceSymbol source, RowBinder rows, EntityClauseOfSourceSyntax clause)
    {
        var sides = new List<SourceSide>();
        EntityKeySyntax? bare = null;
        foreach (var key in clause.Keys)
        {
            if (key.Side is null)
            {
                bare = key;
                continue;
            }
            var column = BindKey(rows, key);
            var place = sides.FindIndex(side => side.Name.Equals(key.Side.Text, StringComparison.OrdinalIgnoreCase));
            if (place < 0) sides.Add(new SourceSide(key.Side.Text, [column], key.Span));
            else sides[place] = sides[place] with { Columns = sides[place].Columns.Add(column) };
        }
        if (sides.Count == 0 || bare is null) return [.. sides];
        scope.Report(EntityErrors.KeyWithoutSide(source.Name, clause.Entity.Text, bare.Span, sides[0].Span));
        return [];
    }

    private BoundExpression BindKey(RowBinder rows, EntityKeySyntax key)
    {
        var column = rows.BindPath(key.Column);
        if (key.Cast is null) return column;
        if (DataTypes.FromCastName(key.Cast.Text) is { } type) return new BoundCast(key.Span, column, type);
        scope.Report(TypeErrors.UnknownType(key.Cast.Text, key.Cast.Span));
        return new BoundMistake(key.Span);
    }

    /// <summary>What follows from a part that is not compiled is not reported again: the source counts as timed and naming every entity.</summary>
    private void PretendComplete(SourceSymbol source, SourceSpan span)
    {
        source.IsIncomplete = true;
        source.Time ??= new BoundMistake(span);
        NameAllEntities(source, span);
    }

    private void NameAllEntities(SourceSymbol source, SourceSpan span)
    {
        var missing = scope.Entities.Values.Where(entity => source.Entities.All(item => item.Entity != entity));
        source.Entities = [.. source.Entities, .. missing.Select(entity => new SourceEntity(entity, [], span))];
    }

    private void ReportRepeated(SourceSymbol source, SourceBlockSyntax block)
    {
        var clauses = new RepeatedClauses(scope, $"source `{source.Name}`");
        foreach (var clause in block.Clauses) clauses.Add(Kind(clause), clause);
    }

    private static string? Kind(SourceClauseSyntax clause) => clause switch
    {
        TableClauseSyntax or FileClauseSyntax or FromClauseSyntax => "table",
        TimeClauseSyntax => "time",
        WhereClauseSyntax => "where",
        KeyClauseSyntax => "key",
        ValidClauseSyntax => "valid from",
        OrderClauseSyntax => "order by",
        KnownClauseSyntax => "known at",
        DelayClauseSyntax => "delay",
        CompleteClauseSyntax => "complete until",
        _ => null,
    };
}
