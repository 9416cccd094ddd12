using System.Collections.Immutable;

namespace SqlMl.Sql;

/// <content>Queries and what they read.</content>
internal abstract partial class SqlPrinter
{
    protected internal abstract void Series(SqlSeries table);

    protected internal abstract void FileTable(SqlFileTable table);

    protected internal virtual void With(SqlWith query)
    {
        Writer.Text("WITH");
        if (query.Steps[0].Comments.IsEmpty)
            Writer.Text(" ");
        else
            Writer.HardBreak();

        List(query.Steps, Step, () =>
        {
            Writer.Text(",");
            Writer.HardBreak();
            Writer.HardBreak();
        });
        Writer.HardBreak();
        Writer.HardBreak();
        Part(query.Body, isBracketed: query.Body is SqlWith);
    }

    protected internal virtual void UnionAll(SqlUnionAll query) => List(query.Parts, UnionPart, () =>
    {
        Writer.HardBreak();
        Writer.Text("UNION ALL");
        Writer.HardBreak();
    });

    protected internal virtual void Select(SqlSelect query)
    {
        Writer.GroupStart();
        Writer.Text(query.IsDistinct ? "SELECT DISTINCT" : "SELECT");
        Writer.Indent();
        Writer.SoftBreak();
        var items = Columns(query.Items);
        for (var i = 0; i < items.Length; i++)
        {
            SelectItem(items[i]);
            var isLast = i == items.Length - 1;
            if (!isLast)
                Writer.Text(",");
            if (items[i].Comment is { } comment)
                Writer.Comment(comment);
            if (!isLast)
                Writer.SoftBreak();
        }

        Writer.Dedent();
        Writer.GroupEnd();

        if (query.From is not null)
        {
            Clause("FROM ");
            Table(query.From);
        }

        if (!query.Where.IsEmpty)
        {
            Clause("WHERE ");
            Conditions(query.Where);
        }

        if (!query.GroupBy.IsEmpty)
            ListClause("GROUP BY", query.GroupBy, item => Expression(item));

        if (query.Qualify is not null)
        {
            Clause("QUALIFY ");
            Conditions([query.Qualify], isIndented: false);
        }

        if (!query.OrderBy.IsEmpty)
            ListClause("ORDER BY", query.OrderBy, Order);
    }

    protected internal virtual void NamedTable(SqlNamedTable table)
    {
        Path(table.Path);
        Alias(table.Alias);
    }

    protected internal virtual void DerivedTable(SqlDerivedTable table)
    {
        Bracketed(() => Query(table.Query));
        Alias(table.Alias);
    }

    protected internal virtual void TextTable(SqlTextTable table)
    {
        // A line break before the bracket: the text may end in a comment.
        Writer.Raw($"({table.Text.Trim()}\n)");
        Alias(table.Alias);
    }

    protected internal virtual void Join(SqlJoin join)
    {
        // Joins lean to the left, and there may be one a window: a loop instead of a recursion keeps the order readable.
        var joins = new Stack<SqlJoin>();
        SqlTable first = join;
        for (; first is SqlJoin { Left: var left } outer; first = left)
            joins.Push(outer);

        Table(first);
        foreach (var next in joins)
        {
            Writer.HardBreak();
            Writer.GroupStart();
            Writer.Text(next.Kind switch
            {
                SqlJoinKind.Inner => "JOIN ",
                SqlJoinKind.Left => "LEFT JOIN ",
                _ => "CROSS JOIN ",
            });
            JoinedTable(next.Right);
            if (next.Kind != SqlJoinKind.Cross)
            {
                Writer.Indent();
                Writer.SoftBreak();
                Writer.Text("ON ");
                Conditions(next.On.IsEmpty ? [new SqlBoolean(true)] : next.On, isIndented: false);
                Writer.Dedent();
            }

            Writer.GroupEnd();
        }
    }

    /// <summary>The right side of a join.</summary>
    protected virtual void JoinedTable(SqlTable table)
    {
        if (table is SqlJoin)
            Bracketed(() => Table(table));
        else
            Table(table);
    }

    /// <summary>The columns that the items of a select list become.</summary>
    protected virtual ImmutableArray<SqlSelectItem> Columns(ImmutableArray<SqlSelectItem> items) => items;

    protected virtual void SelectItem(SqlSelectItem item)
    {
        Expression(item.Expression);
        Alias(item.Alias);
    }

    protected void Order(SqlOrder order)
    {
        Expression(order.Expression);
        Writer.Text(order.IsDescending ? " DESC" : "");
        Writer.Text(order.NullsFirst ? " NULLS FIRST" : " NULLS LAST");
    }

    private void Step(SqlStep step)
    {
        foreach (var comment in step.Comments)
        {
            Writer.Comment(comment);
            Writer.HardBreak();
        }

        Name(step.Name);
        Writer.Text(" AS ");
        OnOwnLines(() => Query(step.Query));
    }

    private void UnionPart(SqlQuery part) => Part(part, isBracketed: part is SqlWith or SqlSelect { OrderBy.IsEmpty: false });

    private void Part(SqlQuery part, bool isBracketed)
    {
        if (isBracketed)
            OnOwnLines(() => Query(part));
        else
            Query(part);
    }

    private void OnOwnLines(Action write)
    {
        Writer.Text("(");
        Writer.Indent();
        Writer.HardBreak();
        write();
        Writer.Dedent();
        Writer.HardBreak();
        Writer.Text(")");
    }

    private void Clause(string keyword)
    {
        Writer.HardBreak();
        Writer.Text(keyword);
    }

    private void ListClause<T>(string keyword, ImmutableArray<T> items, Action<T> write)
    {
        Writer.HardBreak();
        Writer.GroupStart();
        Writer.Text(keyword);
        Writer.Indent();
        Writer.SoftBreak();
        CommaSeparated(items, write);
        Writer.Dedent();
        Writer.GroupEnd();
    }

    /// <summary>Conditions that all hold, one a line; a condition that is itself an AND is taken apart.</summary>
    private void Conditions(ImmutableArray<SqlExpression> conditions, bool isIndented = true)
    {
        var all = ImmutableArray<SqlExpression>.Empty;
        foreach (var condition in conditions)
            all = all.AddRange(Chain(condition, SqlBinaryOperator.And));
        if (isIndented)
            Writer.Indent();
        if (all is [var only])
        {
            Expression(only);
        }
        else
        {
            List(all, condition => Operand(condition, SqlPrecedence.Not), () =>
            {
                Writer.HardBreak();
                Writer.Text("AND ");
            });
        }

        if (isIndented)
            Writer.Dedent();
    }
}
