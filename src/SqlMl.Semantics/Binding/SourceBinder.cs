using SqlMl.Language.Collections;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds what stands in the braces of sources.</summary>
internal sealed class SourceBinder(ProgramScope scope, BindOptions options)
{
    /// <summary>How many terms a computed column may have when each computed column that it reads is written out.</summary>
    internal const int MaxColumnTerms = 10_000;

    private readonly Dictionary<ColumnSymbol, int> _terms = [];

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
        if (options.Schemas.TryGetValue(source.Name, out var columns))
        {
            source.Schema = columns.DistinctBy(column => column.Name, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(column => column.Name, column => DataTypes.FromSchema(column.Type), StringComparer.OrdinalIgnoreCase);
        }
        return source;
    }

    /// <summary>Binds the source's clauses; all entities must have been declared.</summary>
    internal void Bind(SourceSymbol source, SourceSyntax syntax)
    {
        switch (syntax.Body)
        {
            case SourceUnionSyntax union:
                scope.Report(NameErrors.NotCompiled("a union of sources", union.Span));
                PretendComplete(source, union.Span);
                break;
            case SourceGroupSyntax group:
                scope.Report(NameErrors.NotCompiled("a grouped source", group.Span));
                PretendComplete(source, group.Span);
                break;
            case SourceSqlSyntax sql:
                scope.Report(NameErrors.NotCompiled("a source given as SQL", sql.Span));
                PretendComplete(source, sql.Span);
                break;
            case SourceBlockSyntax block:
                BindClauses(source, block);
                break;
        }
    }

    private void BindClauses(SourceSymbol source, SourceBlockSyntax block)
    {
        var rows = new RowBinder(scope, source);
        ReportRepeated(source, block);
        foreach (var clause in block.Clauses) BindLocation(source, clause);
        if (options.Bindings.TryGetValue(source.Name, out var bound)) source.Location = bound;
        // Computed columns come first, so that every other clause can read them.
        foreach (var clause in block.Clauses)
        {
            if (clause is ColumnClauseSyntax computed) BindComputed(source, rows, computed);
        }
        foreach (var clause in block.Clauses) BindClause(source, rows, clause);
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
            case TableClauseSyntax:
                scope.Report(NameErrors.NotCompiled("a table named by a param", clause.Span));
                break;
            case FileClauseSyntax file:
                source.Location = new FileLocation(file.Path.Value);
                source.LocationSpan = clause.Span;
                break;
            case FromClauseSyntax:
                scope.Report(NameErrors.NotCompiled("a source made from another", clause.Span));
                source.IsIncomplete = true;
                break;
        }
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
                if (time.Zone is not null) scope.Report(NameErrors.NotCompiled("a time zone", time.Zone.Span));
                source.Time = rows.Bind(time.Expression);
                var type = source.Time.Type;
                if (type.IsNumeric() || type is DataType.Boolean) scope.Report(TypeErrors.TimeType(source.Name, type, time.Expression.Span));
                break;
            case WhereClauseSyntax where:
                source.Where = rows.BindCondition(where.Condition, "`where`");
                break;
            case EntityClauseOfSourceSyntax entity:
                BindEntity(source, rows, entity);
                break;
            case TableClauseSyntax or FileClauseSyntax or ColumnClauseSyntax or FromClauseSyntax:
                break;
            default:
                scope.Report(NameErrors.NotCompiled(Words(clause), clause.Span));
                source.IsIncomplete |= clause is ValidClauseSyntax or StaticClauseSyntax or JoinClauseSyntax or IdsClauseSyntax;
                break;
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
        if (clause.Keys.FirstOrDefault(key => key.Side is not null) is { } sided)
        {
            scope.Report(NameErrors.NotCompiled("an entity on two sides of a row", sided.Span));
        }
        var columns = clause.Keys.SelectAsArray(key => BindKey(rows, key));
        source.Entities = source.Entities.Add(new SourceEntity(entity, columns, clause.Span));
        if (entity.Keys.IsEmpty) entity.Keys = clause.Keys.SelectAsArray(key => key.Column.Parts[^1].Text);
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
        _ => null,
    };

    private static string Words(SourceClauseSyntax clause) => clause switch
    {
        IdsClauseSyntax => "identity stitching (`ids`)",
        KnownClauseSyntax => "`known at`",
        DelayClauseSyntax => "`delay`",
        CompleteClauseSyntax => "`complete until`",
        KeyClauseSyntax => "`key`",
        LateClauseSyntax => "`late`",
        PlannedClauseSyntax => "`planned`",
        JoinClauseSyntax => "`join`",
        ValidClauseSyntax => "`valid from`",
        OrderClauseSyntax => "`order by`",
        StaticClauseSyntax => "`static`",
        _ => "this clause",
    };
}
