using System.Collections.Immutable;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>
/// The cutoffs of a grid by number, from 0 for the first, and the run of them that sees a row. All is counted in whole microseconds from the first cutoff, so
/// that the ends are exact. A row is seen from one instant on until another: by the cutoffs `c` with `from &lt;= c &lt; until`, or, in mode `before`, those with
/// `from &lt; c &lt;= until`. Of both the first is that of whole steps to the end, a microsecond less than a step added, or a whole one.
/// </summary>
/// <param name="Step">The step that has the first cutoff and how many there are.</param>
/// <param name="Length">How far apart cutoffs lie.</param>
internal sealed record GridCutoffs(string Step, Duration Length)
{
    private const string First = "first_cutoff";
    private const string Count = "cutoffs";
    private const string Number = "number";

    /// <summary>Adds the step over the instants of a grid, which lie one step after the other without a gap.</summary>
    internal static GridCutoffs Add(ModelContext context, string instants, Duration step)
    {
        var cutoff = Column("g", ModelContext.Cutoff);
        var name = context.Add("grid_run", "the first cutoff, whose number is 0, and how many there are", new SqlSelect(
            [Aggregate(SqlAggregateFunction.Min, cutoff).As(First), Aggregate(SqlAggregateFunction.Count, null).As(Count)], Table(instants, "g")));
        return new GridCutoffs(name, step);
    }

    /// <summary>Rows beside the grid, which goes by the alias `g`.</summary>
    internal SqlTable Beside(SqlTable rows) => rows.Join(SqlJoinKind.Cross, Table(Step, "g"));

    /// <summary>The cutoffs from one number up to another, that left out, as a column of a query over <see cref="Beside"/>, which <paramref name="rows"/> must be.</summary>
    internal (SqlExpression Cutoff, SqlTable Rows) Run(SqlTable rows, SqlExpression from, SqlExpression until) =>
        (new SqlShiftSteps(Column("g", First), Column("n", Number), Length.Microseconds), rows.Join(SqlJoinKind.Cross, new SqlSeries(from, until, Name("n"), Name(Number))));

    /// <summary>The number of the first cutoff that sees a row `e`.</summary>
    internal SqlExpression FirstThatSees(SourceStep source, LogicalWindow window, bool isBefore)
    {
        var happened = Column("e", ModelContext.HappenedAt);
        if (window.IsFuture) return Call(SqlFunction.Highest, Integer(0), StepsTo(happened, -Exact(window.Gap) - Exact(window.Length), isStrict: false));
        var numbers = ImmutableArray.CreateBuilder<SqlExpression>();
        numbers.Add(Integer(0));
        // No row is known before it happened, except for planned ones.
        if (source.Source.Knowledge is null or { IsPlanned: true } || window.Gap is not null) numbers.Add(StepsTo(happened, Exact(window.Gap), isBefore));
        if (source.Source.Knowledge is not null) numbers.Add(StepsTo(source.KnownAt("e"), 0, isBefore));
        return Call(SqlFunction.Highest, numbers.ToImmutable());
    }

    /// <summary>The number of the first cutoff at which an entity exists, from an instant on.</summary>
    internal SqlExpression FirstFrom(SqlExpression existsFrom, bool isBefore) => Call(SqlFunction.Highest, Integer(0), StepsTo(existsFrom, 0, isBefore));

    /// <summary>The number of the first cutoff behind those that see a row `e`.</summary>
    internal SqlExpression FirstThatNoLongerSees(SourceStep source, LogicalWindow window, bool isBefore)
    {
        var happened = Column("e", ModelContext.HappenedAt);
        var count = Column("g", Count);
        if (window.IsFuture) return Call(SqlFunction.Lowest, count, StepsTo(happened, -Exact(window.Gap), isStrict: false));
        if (source.Source.Nature == SourceNature.Validity)
        {
            return source.HasEnd ? UpTo(StepsTo(Column("e", ModelContext.HeldUntil), 0, isBefore)) : count;
        }
        return window.Length is null ? count : Call(SqlFunction.Lowest, count, StepsTo(happened, Exact(window.Gap) + Exact(window.Length), isBefore));
    }

    /// <summary>A number, or how many cutoffs there are where it is null or higher.</summary>
    internal static SqlExpression UpTo(SqlExpression number) =>
        Call(SqlFunction.Lowest, Column("g", Count), Call(SqlFunction.Coalesce, number, Column("g", Count)));

    /// <summary>The conditions on rows `e` that some cutoff may see: they name an entity, and say when they were known.</summary>
    internal static ImmutableArray<SqlExpression> Conditions(ModelContext context, SourceStep source, LogicalWindow window) => source.Source.Knowledge is null || window.IsFuture
        ? context.HasKey("e")
        : context.HasKey("e").Add(Since(source.KnownAt("e")).IsNotNull());

    private static SqlCall Since(SqlExpression instant) => Call(SqlFunction.MicrosecondsBetween, Column("g", First), instant);

    /// <summary>How many cutoffs lie before an instant moved by microseconds: with <paramref name="isStrict"/>, or at it. Right where there is one at least, and else not above 0.</summary>
    private SqlCall StepsTo(SqlExpression instant, long later, bool isStrict)
    {
        SqlExpression distance = Since(instant);
        if (later != 0) distance = distance.Is(later > 0 ? SqlBinaryOperator.Add : SqlBinaryOperator.Subtract, Integer(Math.Abs(later)));
        return Call(SqlFunction.DivideWhole, distance.Is(SqlBinaryOperator.Add, Integer(isStrict ? Length.Microseconds : Length.Microseconds - 1)), Integer(Length.Microseconds));
    }

    private static long Exact(Duration? length) => length?.Microseconds ?? 0;
}
