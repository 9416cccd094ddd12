using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests.Tasks;

/// <summary>Short ways to say what a task means.</summary>
internal static class Meaning
{
    public static OracleDuration Hours(int count) => new(count, DurationUnit.Hour);

    public static OracleDuration Days(int count) => new(count, DurationUnit.Day);

    public static OracleDuration Months(int count) => new(count, DurationUnit.Month);

    public static OracleDuration Years(int count) => new(count, DurationUnit.Year);

    public static PastWindow Over(OracleDuration length, OracleDuration? ending = null) => new(length, ending);

    public static FutureWindow Next(OracleDuration length) => new(length, null);

    public static AggregateExpression Count(string source, OracleExpression? where = null, OracleWindow? window = null) => new(AggregateKind.Count, source, null, null, where, window);

    public static AggregateExpression Exists(string source, OracleExpression? where = null, OracleWindow? window = null) => new(AggregateKind.Exists, source, null, null, where, window);

    /// <summary>An aggregate over a column, `source.column`.</summary>
    public static AggregateExpression Take(AggregateKind kind, string column, OracleWindow? window = null)
    {
        var dot = column.IndexOf('.', StringComparison.Ordinal);
        return new(kind, column[..dot], column[(dot + 1)..], null, null, window);
    }

    public static AggregateExpression First(string source, OracleExpression? where = null) => new(AggregateKind.First, source, null, null, where, null);

    public static AggregateExpression Last(string source) => new(AggregateKind.Last, source, null, null, null, null);

    public static ElapsedExpression DaysSince(OracleExpression instant) => new(DurationUnit.Day, instant);

    public static ColumnExpression Column(string name) => new(name);

    public static VarExpression Read(string var) => new(var);

    public static AnchorExpression Anchor(string column, FutureWindow? window = null) => new(column, window);

    public static LiteralExpression Constant(object? value) => new(value);

    public static OracleExpression Is(string column, object value) => Compare(Column(column), OracleOperator.Equal, Constant(value));

    public static OracleExpression IsNot(string column, object value) => Compare(Column(column), OracleOperator.NotEqual, Constant(value));

    public static OracleExpression Compare(OracleExpression left, OracleOperator op, OracleExpression right) => new BinaryExpression(left, op, right);

    public static OracleExpression And(OracleExpression left, OracleExpression right) => new BinaryExpression(left, OracleOperator.And, right);

    public static OracleExpression IsOneOf(string column, params IEnumerable<string> values) => new InExpression(Column(column), [.. values.Select(Constant)], false);

    public static OracleExpression Like(string column, string pattern) => new LikeExpression(Column(column), pattern, false);

    public static OracleExpression IsNull(string column) => new IsNullExpression(Column(column), false);

    public static OracleExpression IsKnown(string column) => new IsNullExpression(Column(column), true);

    public static OracleExpression Not(OracleExpression operand) => new NotExpression(operand);

    public static OracleVar Var(string name, OracleExpression value, object? instead = null) => new(name, value, null, instead is null ? null : Constant(instead));

    /// <summary>A var over windows of several lengths.</summary>
    public static OracleVar Family(string name, OracleExpression value, DurationUnit unit, params ImmutableArray<int> lengths) => new(name, value, new WindowFamily(lengths, unit, null), null);

    /// <summary>Rows that happened, of an entity.</summary>
    public static OracleSource Of(this OracleSource source, string key, string time) => source with { Keys = [key], Time = time };

    /// <summary>Columns that were written at the instant in another one.</summary>
    public static OracleSource Late(this OracleSource source, string at, params ImmutableArray<string> columns) => source with { Late = [.. source.Late, new LateClause(columns, at)] };

    /// <summary>Less the rows that agree with an earlier one in some columns: of states that begin together nothing says which one holds.</summary>
    public static OracleSource WithoutTies(this OracleSource source, params ImmutableArray<string> columns)
    {
        ImmutableArray<int> places = [.. columns.Select(column => source.Table.Columns.Select(other => other.Name).ToImmutableArray().IndexOf(column))];
        return source with { Table = source.Table with { Rows = [.. source.Table.Rows.DistinctBy(row => string.Join('|', places.Select(place => row[place])))] } };
    }

    /// <summary>A column that an expression of the program computes on the way.</summary>
    public static OracleSource With(this OracleSource source, string column, OracleExpression value) => source with { Columns = [.. source.Columns, new ComputedColumn(column, value)] };

    /// <summary>A model of all vars, split by time 70 / 15 / 15: what a program has that says nothing else.</summary>
    public static OracleModel Model(string name, OracleExpression label, params ImmutableArray<OracleObservation> observations) =>
        new(name, label, null, null, observations, null, false, new FeatureSelection(true, []), new OracleSplit(true, [70, 15, 15], null, false));

    public static OracleObservation Every(OracleDuration step) => new GridObservation(step, null, null, null, null);

    public static OracleObservation AtEach(string source) => new EachObservation(false, new RowSelection(source, null), null, null);

    public static OracleObservation AfterFirst(OracleDuration offset, string source, OracleExpression? where = null) => new AfterFirstObservation(offset, new RowSelection(source, where), null, null);

    public static OracleProgram Program(string entity, OracleModel model, ImmutableArray<OracleVar> vars, params ImmutableArray<OracleSource> sources) => new(sources, entity, vars, model, null);
}
