using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The rows of one source as its table has them: what is read, beside which joined rows, and which of them count.</summary>
internal sealed class SourceRows
{
    /// <summary>The rows that a join finds.</summary>
    /// <param name="Join">The join.</param>
    /// <param name="Step">The step of all of them.</param>
    /// <param name="Keys">The columns beside a row that name its partner; null where it has none.</param>
    internal sealed record Partner(LogicalJoin Join, SourceStep Step, ImmutableArray<SqlColumn> Keys);

    private const string RowNumber = "row_of_source";

    private sealed record JoinedStep(string Alias, SourceStep Step);

    private readonly ModelContext _context;
    private readonly LogicalSource _source;
    private readonly Dictionary<string, JoinedStep> _joins = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _before = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Partner> _partners = [];
    private readonly string _alias;
    private SourceStep? _base;

    internal SourceRows(ModelContext context, LogicalSource source)
    {
        (_context, _source) = (context, source);
        _alias = Unused("r");
        Raw = new ExpressionLowering(Leaf);
        From = Base();
        foreach (var join in source.Joins) Join(join);
    }

    /// <summary>What is read: the table or file, joined rows beside it.</summary>
    internal SqlTable From { get; private set; }

    /// <summary>Lowers expressions over the table's own columns and those of joined rows.</summary>
    internal ExpressionLowering Raw { get; }

    /// <summary>The joined rows.</summary>
    internal IReadOnlyList<Partner> Partners => _partners;

    /// <summary>The row's instant in UTC; null for rows that never change.</summary>
    internal SqlExpression? Time => _source.Time is not null
        ? InUtc(Raw.Lower(_source.Time))
        : _base is { IsTimed: true } ? Column(_alias, ModelContext.HappenedAt) : null;

    /// <summary>Until when a row holds; null where it says nothing of it.</summary>
    internal SqlExpression? HeldUntil => _source.ValidTo is not null
        ? InUtc(Raw.Lower(_source.ValidTo))
        : _base is { HasEnd: true } && _source.Nature == SourceNature.Validity ? Column(_alias, ModelContext.HeldUntil) : null;

    /// <summary>When the row was known, null where it is not; null itself where that is when it happened.</summary>
    internal SqlExpression? Known => _source.Knowledge is null ? null : KnownAt(_source.Knowledge, Time!);

    /// <summary>Keeps one partner where several held at the row's instant: the one that began last (rule 19); null where there can be no such.</summary>
    private SqlExpression? OnePartner { get; set; }

    /// <summary>The condition behind QUALIFY: one partner, and what the source asks of the row that has found it.</summary>
    internal SqlExpression? Qualify =>
        OnePartner is null || _source.Where is null ? OnePartner : OnePartner.Is(SqlBinaryOperator.And, Raw.Lower(_source.Where));

    /// <summary>The conditions on rows that count.</summary>
    internal IEnumerable<SqlExpression> Conditions()
    {
        if (_source.Where is not null && OnePartner is null) yield return Raw.Lower(_source.Where);
        if (Time is SqlToUtc time) yield return time.Operand.IsNotNull();
        if (_source.Knowledge?.At is { } stated) yield return Raw.Lower(stated).IsNotNull();
        if (_context.AsOf is { } asOf && Time is not null) yield return (Known ?? Time!).Is(SqlBinaryOperator.LessOrEqual, new SqlTimestamp(asOf));
    }

    /// <summary>When a late column was known: as the program says, for a joined column when the partner and the column in it were; null for never.</summary>
    internal SqlExpression? LateAt(LogicalSourceColumn column)
    {
        var stated = column.LateAt is null ? null : InUtc(Raw.Lower(column.LateAt));
        if (column.Column.Join is not { } name) return stated;
        var (alias, step) = _joins[name];
        // A column of the rows that this source is made from is late where this source says so, and where they do.
        return step == _base ? LateAt(step.Place(column.Column.Name, column.Column.IsExact), alias, stated) : LateAt(column, alias, step);
    }

    private SqlExpression? LateAt(LogicalSourceColumn column, string alias, SourceStep partner)
    {
        // What holds when a planned row happens is known when it does: no sooner, also where it holds already.
        var joined = !partner.IsTimed ? null : partner.Source.IsState && _source.Knowledge is { IsPlanned: true }
            ? partner.Source.Knowledge is null ? Time : Call(SqlFunction.Greatest, Time!, partner.KnownAt(alias))
            : partner.KnownAt(alias);
        return LateAt(partner.Place(column.Column.Name, column.Column.IsExact), alias, joined);
    }

    /// <summary>When a column that lies in another step was known there, and not before <paramref name="least"/>.</summary>
    private static SqlExpression? LateAt(StepColumn there, string alias, SqlExpression? least)
    {
        if (!there.IsLate) return least;
        if (there.KnownAt is null) return null;
        var written = Column(alias, there.KnownAt);
        return least is null ? written : Call(SqlFunction.Greatest, written, least);
    }

    /// <summary>A column as it stood the moment before the row, whether it is late then, and when it was known; null where that is no other, or nobody asks.</summary>
    internal (SqlExpression Value, bool IsLate, SqlExpression? LateAt)? Before(LogicalSourceColumn column)
    {
        if (!column.IsReadAsBefore || column.Column.Join is not { } name) return null;
        var (alias, step) = _joins[name];
        var place = step.Place(column.Column.Name, column.Column.IsExact);
        if (_before.TryGetValue(name, out var earlier))
        {
            var known = step.Source.Knowledge is null ? null : step.KnownAt(earlier);
            return (Column(earlier, place.Name), place.IsLate || known is not null, LateAt(place, earlier, known));
        }
        if (place.Before is not { } there) return null;
        var stated = step != _base || column.LateAt is null ? null : InUtc(Raw.Lower(column.LateAt));
        return (Column(alias, there.Name), there.IsLate || stated is not null, LateAt(there, alias, stated));
    }

    private SqlExpression Leaf(LogicalExpression expression)
    {
        if (expression is LogicalRaw raw) return new SqlRaw(raw.Texts.First(text => text.Dialect == _context.Dialect.Name).Text);
        if (expression is not LogicalColumn column) throw new InvalidOperationException($"{expression.GetType().Name} is not part of a row.");
        if (column.Join is null) return new SqlColumn(_source.Joins.IsEmpty && _base is null ? null : new SqlName(_alias), new SqlName(column.Name, column.IsExact));
        var (alias, step) = _joins[column.Join];
        return Column(alias, step.Place(column.Name, column.IsExact).Name);
    }

    /// <summary>The table; of rows with one key the first known alone (rule 20).</summary>
    private SqlTable Base()
    {
        var alias = _source.Joins.IsEmpty ? null : new SqlName(_alias);
        var numbered = _source.Joins.Any(HasValidity);
        if (_source.Location is LogicalDerivation derivation) return Derived(derivation, numbered);
        if (_source.RowKey.IsEmpty && !numbered) return Location(alias);
        var raw = new ExpressionLowering(expression => new SqlColumn(null, new SqlName(((LogicalColumn)expression).Name, ((LogicalColumn)expression).IsExact)));
        var order = Order(raw);
        var items = new List<SqlSelectItem> { new(new SqlStar(null), null) };
        if (numbered) items.Add(new SqlRowNumber([], order).As(RowNumber));
        var key = _source.RowKey.Select(raw.Lower).ToImmutableArray();
        return new SqlDerivedTable(
            new SqlSelect([.. items], Location(null))
            {
                // What never happened, or is not known yet, cannot be the first.
                Where = key.IsEmpty ? [] : [.. Facts().Where(fact => !ReadsJoin(fact)).Select(fact => raw.Lower(fact).IsNotNull())],
                Qualify = FirstOfKey(key, order),
            },
            alias ?? new SqlName(_alias));
    }

    /// <summary>The rows of another source, through which its columns are read as through a join; of those with one key the first known alone.</summary>
    private SqlTable Derived(LogicalDerivation derivation, bool numbered)
    {
        _base = SourceSteps.AddRows(_context, derivation.Base, [], $"{_source.Name}_{derivation.Name}");
        _joins.Add(derivation.Name, new JoinedStep(_alias, _base));
        if (_source.RowKey.IsEmpty && !numbered) return Table(_base.Step, _alias);
        var raw = new ExpressionLowering(expression => Column(_base.Place(((LogicalColumn)expression).Name, ((LogicalColumn)expression).IsExact).Name));
        var order = DerivedOrder(_base, raw, derivation.Name);
        var items = new List<SqlSelectItem> { new(new SqlStar(null), null) };
        if (numbered) items.Add(new SqlRowNumber([], order).As(RowNumber));
        var key = _source.RowKey.Select(raw.Lower).ToImmutableArray();
        return new SqlDerivedTable(
            new SqlSelect([.. items], Table(_base.Step))
            {
                Where = key.IsEmpty ? [] : [.. Facts().Where(fact => !ReadsJoin(fact, derivation.Name)).Select(fact => raw.Lower(fact).IsNotNull())],
                Qualify = FirstOfKey(key, order),
            },
            new SqlName(_alias));
    }

    private ImmutableArray<SqlOrder> DerivedOrder(SourceStep origin, ExpressionLowering raw, string name)
    {
        var known = new List<SqlExpression>();
        SqlExpression? happened = origin.IsTimed ? Column(ModelContext.HappenedAt) : null;
        if (origin.IsTimed) known.Add(Column(origin.Source.Knowledge is null ? ModelContext.HappenedAt : ModelContext.KnownAt));
        if (_source.Time is not null && !ReadsJoin(_source.Time, name)) happened = InUtc(raw.Lower(_source.Time));
        if (_source.Knowledge is { At: { } at } own && happened is not null && !ReadsJoin(at, name)) known.Add(KnownAt(own, happened, raw));
        var order = ImmutableArray.CreateBuilder<SqlOrder>();
        if (known.Count > 0) order.Add(Ascending(known.Count == 1 ? known[0] : Call(SqlFunction.Greatest, [.. known])));
        if (happened is not null) order.Add(Ascending(happened));
        foreach (var column in origin.Columns.Values) order.Add(Ascending(Column(column.Name)));
        return order.ToImmutable();
    }

    /// <summary>Of rows with one key the first; a row without a key is like no other. Null without a key.</summary>
    private static SqlExpression? FirstOfKey(ImmutableArray<SqlExpression> key, ImmutableArray<SqlOrder> order) =>
        key.IsEmpty ? null : AnyOf([new SqlRowNumber(key, order).EqualTo(Integer(1)), .. key.Select(part => new SqlIsNull(part, false))]);

    /// <summary>First known, first happened, and then by what is read of the row: the same order whatever the table's.</summary>
    private ImmutableArray<SqlOrder> Order(ExpressionLowering raw)
    {
        var order = ImmutableArray.CreateBuilder<SqlOrder>();
        if (_source.Time is not null && !ReadsJoin(_source.Time))
        {
            var time = InUtc(raw.Lower(_source.Time));
            if (_source.Knowledge is { At: { } at } known && !ReadsJoin(at)) order.Add(Ascending(KnownAt(known, time, raw)));
            order.Add(Ascending(time));
        }
        foreach (var column in _source.Columns)
        {
            if (column.Column.Join is null && column.Expression is null) order.Add(Ascending(raw.Lower(column.Column)));
        }
        foreach (var key in _source.Keys)
        {
            if (!ReadsJoin(key)) order.Add(Ascending(raw.Lower(key)));
        }
        return order.ToImmutable();
    }

    /// <summary>What a row must say to count.</summary>
    private IEnumerable<LogicalExpression> Facts()
    {
        if (_source.Time is { } time) yield return time;
        if (_source.Knowledge?.At is { } known) yield return known;
    }

    /// <summary>Whether a column of a joined row is read, other than those of the rows that the source is made from.</summary>
    private static bool ReadsJoin(LogicalExpression expression, string? origin = null) =>
        (expression is LogicalColumn { Join: { } join } && !join.Equals(origin, StringComparison.OrdinalIgnoreCase)) || expression.Children.Any(child => ReadsJoin(child, origin));

    private SqlExpression KnownAt(LogicalKnowledge knowledge, SqlExpression time, ExpressionLowering? raw = null)
    {
        // A row that is made from another is known no earlier than that.
        if (_base is { IsTimed: true } origin && raw is null)
        {
            var own = new List<SqlExpression> { origin.KnownAt(_alias) };
            if (!knowledge.IsPlanned && _source.Time is not null) own.Add(time);
            if (knowledge.Delay is not null) own.Add(time.Shift(knowledge.Delay));
            if (knowledge.At is not null) own.Add(InUtc(Raw.Lower(knowledge.At)));
            return own.Count == 1 ? own[0] : Call(SqlFunction.Greatest, [.. own]);
        }
        var known = knowledge.IsPlanned ? null : knowledge.Delay is null ? time : time.Shift(knowledge.Delay);
        if (knowledge.At is null) return known!;
        var stated = InUtc((raw ?? Raw).Lower(knowledge.At));
        // The later of the two; null, not known yet, where the row does not say (rule 4).
        return known is null
            ? stated
            : new SqlCase([new SqlCaseBranch(stated.Is(SqlBinaryOperator.Greater, known), stated), new SqlCaseBranch(stated.Operand.IsNotNull(), known)], null);
    }

    private static bool HasValidity(LogicalJoin join) => join is { IsEach: false, Target.Nature: SourceNature.Validity };

    /// <summary>The joined row is the one that held at the row's own instant (rule 16); without a partner its columns are null.</summary>
    private void Join(LogicalJoin join)
    {
        ImmutableArray<string> keys = [.. join.Target.Keys.Select((_, i) => $"key_{i + 1}")];
        var step = SourceSteps.AddRows(_context, join.Target, keys, $"{_source.Name}_{join.Name}");
        _joins.Add(join.Name, new JoinedStep(join.Name, step));
        _partners.Add(new Partner(join, step, [.. keys.Select(key => Column(join.Name, key))]));
        var on = new List<SqlExpression>();
        for (var i = 0; i < keys.Length; i++) on.Add(Column(join.Name, keys[i]).EqualTo(Raw.Lower(join.Ours[i])));
        if (join.Target.Nature == SourceNature.Validity) on.AddRange(step.Holds(join.Name, Time!, isStrict: false));
        From = From.Join(SqlJoinKind.Left, Table(step.Step, join.Name), [.. on]);
        if (!HasValidity(join)) return;
        KeepLatest(step, join.Name);
        if (!_source.Columns.Any(column => column.IsReadAsBefore && column.Column.Join == join.Name)) return;

        var before = Unused($"{join.Name}_before");
        _before.Add(join.Name, before);
        ImmutableArray<SqlExpression> held = [.. keys.Select((key, i) => Column(before, key).EqualTo(Raw.Lower(join.Ours[i]))), .. step.Holds(before, Time!, isStrict: true)];
        From = From.Join(SqlJoinKind.Left, Table(step.Step, before), held);
        KeepLatest(step, before);
    }

    /// <summary>Of several states that held, the one that began last.</summary>
    private void KeepLatest(SourceStep step, string alias)
    {
        var order = ImmutableArray.CreateBuilder<SqlOrder>();
        if (OnePartner is SqlBinary { Left: SqlRowNumber earlier }) order.AddRange(earlier.OrderBy);
        order.Add(Descending(Column(alias, ModelContext.HappenedAt)));
        order.AddRange(step.Columns.Values.Select(column => Descending(Column(alias, column.Name))));
        OnePartner = new SqlRowNumber([Column(_alias, RowNumber)], order.ToImmutable()).EqualTo(Integer(1));
    }

    /// <summary>A name that no joined row goes by.</summary>
    private string Unused(string wanted)
    {
        var name = wanted;
        for (var i = 2; _source.Joins.Any(join => join.Name.Equals(name, StringComparison.OrdinalIgnoreCase)); i++) name = $"{wanted}{i}";
        return name;
    }

    private SqlTable Location(SqlName? alias) => LocationOf(_source.Location, _context.Dialect.Name, alias, _alias);

    /// <summary>What is read: the table, file or text in the dialect's words; a text has an alias in any case.</summary>
    internal static SqlTable LocationOf(LogicalLocation location, string dialect, SqlName? alias, string textAlias = "r") => location switch
    {
        LogicalFile file => new SqlFileTable(file.Path, IsParquet(file.Path) ? SqlFileFormat.Parquet : SqlFileFormat.Csv, alias),
        LogicalSql sql => new SqlTextTable(sql.Texts.First(text => text.Dialect == dialect).Text, alias ?? new SqlName(textAlias)),
        LogicalStatedRows stated => StatedRows.Table(stated, alias ?? new SqlName(textAlias)),
        LogicalTable table => new SqlNamedTable([.. table.Path.Select(part => new SqlName(part.Name, part.IsExact))], alias),
        var other => throw new InvalidOperationException($"No SQL for {other.GetType().Name}."),
    };

    private static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
}
