using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace SqlMl.Sql;

/// <summary>
/// Writes one script or expression. Each node of the tree has one method, called by the node's own <c>Accept</c>: a node
/// without a method does not compile. What the dialects share stands here; what they do not is abstract.
/// A method for an expression returns how tightly what it wrote binds, so brackets follow from the text itself.
/// </summary>
internal abstract partial class SqlPrinter
{
    private const int FreshStackSize = 16 * 1024 * 1024;

    protected SqlWriter Writer { get; } = new();

    /// <summary>Words that cannot stand bare as a name, in upper case.</summary>
    protected abstract HashSet<string> ReservedWords { get; }

    public string Print(SqlScript script)
    {
        foreach (var comment in script.Comments)
        {
            Writer.Comment(comment);
            Writer.HardBreak();
        }

        foreach (var statement in script.Statements)
        {
            statement.Accept(this);
            Writer.Text(";");
            Writer.HardBreak();
            if (!ReferenceEquals(statement, script.Statements[^1]))
                Writer.HardBreak();
        }

        return Writer.ToString();
    }

    public string Print(SqlExpression expression)
    {
        Expression(expression);
        return Writer.ToString();
    }

    protected internal abstract void SetUtc(SqlSetUtc statement);

    protected internal virtual void QueryStatement(SqlQueryStatement statement) => Query(statement.Query);

    protected internal virtual void CreateTableAs(SqlCreateTableAs statement)
    {
        Writer.Text("CREATE OR REPLACE TABLE ");
        Path(statement.Path);
        Writer.Text(" AS");
        Writer.HardBreak();
        Query(statement.Query);
    }

    /// <summary>A name that must be quoted, whether for its signs, because it is a reserved word or because its case counts.</summary>
    protected abstract void QuotedName(SqlName name);

    protected void Name(SqlName name)
    {
        if (name.IsExact || !IsPlain(name.Name) || ReservedWords.Contains(name.Name.ToUpperInvariant()))
            QuotedName(name);
        else
            Writer.Text(name.Name);
    }

    protected void Alias(SqlName? alias)
    {
        if (alias is null)
            return;
        Writer.Text(" AS ");
        Name(alias);
    }

    protected void Path(ImmutableArray<SqlName> path) => List(path, Name, () => Writer.Text("."));

    protected SqlPrecedence Expression(SqlExpression expression) =>
        RuntimeHelpers.TryEnsureSufficientExecutionStack() ? expression.Accept(this) : OnFreshStack(() => expression.Accept(this));

    protected void Query(SqlQuery query)
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
            query.Accept(this);
        else
            OnFreshStack(() => Accepted(query.Accept));
    }

    protected void Table(SqlTable table)
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
            table.Accept(this);
        else
            OnFreshStack(() => Accepted(table.Accept));
    }

    /// <summary>An operand, in brackets if it binds looser than its place demands.</summary>
    protected void Operand(SqlExpression operand, SqlPrecedence loosest)
    {
        var bracket = Writer.Reserve();
        if (Expression(operand) >= loosest)
            return;
        Writer.Fill(bracket, "(");
        Writer.Text(")");
    }

    protected void CommaSeparated<T>(ImmutableArray<T> items, Action<T> write) => List(items, write, Comma);

    private void Comma()
    {
        Writer.Text(",");
        Writer.SoftBreak();
    }

    protected static void List<T>(ImmutableArray<T> items, Action<T> write, Action separate)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                separate();
            write(items[i]);
        }
    }

    /// <summary>Brackets around what is written, which stands on lines of its own where it does not fit.</summary>
    protected void Bracketed(Action write)
    {
        Writer.GroupStart();
        Writer.Text("(");
        Writer.Indent();
        Writer.SoftBreak("");
        write();
        Writer.Dedent();
        Writer.SoftBreak("");
        Writer.Text(")");
        Writer.GroupEnd();
    }

    private static bool IsPlain(string name)
    {
        foreach (var sign in name)
        {
            if (!char.IsAsciiLetterOrDigit(sign) && sign != '_')
                return false;
        }

        return name.Length > 0 && !char.IsAsciiDigit(name[0]);
    }

    private SqlPrecedence Accepted(Action<SqlPrinter> accept)
    {
        accept(this);
        return SqlPrecedence.Primary;
    }

    /// <summary>Goes on where there is stack left: printing must not fail, however deep a generated tree is.</summary>
    private static SqlPrecedence OnFreshStack(Func<SqlPrecedence> write)
    {
        var result = SqlPrecedence.Primary;
        var thread = new Thread(() => result = write(), FreshStackSize);
        thread.Start();
        thread.Join();
        return result;
    }
}
