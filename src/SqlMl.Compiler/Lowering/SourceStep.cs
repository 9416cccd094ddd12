using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>A column of a source's step.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="IsLate">True where it may have become known after its row.</param>
/// <param name="KnownAt">The column that says when; null for never, as far as features go.</param>
internal sealed record StepColumn(string Name, bool IsLate, string? KnownAt)
{
    /// <summary>The column as it stood the moment before the row, of which a cutoff in mode `before` knows no more (rule 7); null where that is the same.</summary>
    internal StepColumn? Before { get; init; }

    /// <summary>The names of the columns that it stands in.</summary>
    internal IEnumerable<string> Names => [Name, .. KnownAt is null ? [] : (string[])[KnownAt], .. Before?.Names ?? []];

    /// <summary>The same column under other names.</summary>
    internal StepColumn Rename(Func<string, string> rename) => new(rename(Name), IsLate, KnownAt is null ? null : rename(KnownAt)) { Before = Before?.Rename(rename) };
}

/// <summary>The instant as of which late columns are read.</summary>
/// <param name="Instant">The instant.</param>
/// <param name="IsStrict">True where what became known at the instant itself does not count (mode `before`).</param>
/// <param name="SeesUndated">True in a label without a window: it also reads late columns of which nobody says when they were known.</param>
internal sealed record ReadingInstant(SqlExpression Instant, bool IsStrict, bool SeesUndated)
{
    /// <summary>A column's value where it was known at the instant, else null.</summary>
    internal SqlExpression Read(SqlExpression value, SqlExpression? knownAt)
    {
        if (knownAt is null) return SeesUndated ? value : When(new SqlBoolean(false), value);
        return When(knownAt.Is(IsStrict ? SqlBinaryOperator.Less : SqlBinaryOperator.LessOrEqual, Instant), value);
    }
}

/// <summary>A source's rows as a step of the query: which column of the step holds which column of the source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Step">The step's name.</param>
/// <param name="Columns">The step's columns by <see cref="Key"/>.</param>
internal sealed record SourceStep(LogicalSource Source, string Step, IReadOnlyDictionary<string, StepColumn> Columns)
{
    private static readonly Dictionary<string, SourceStep> NoSides = [];

    /// <summary>True where the step says when a row happened, or from when on it held.</summary>
    internal bool IsTimed => Source.Nature is SourceNature.Events or SourceNature.Validity;

    /// <summary>True where the step says until when a row held.</summary>
    internal bool HasEnd { get; init; }

    /// <summary>For a union: the steps of its parts, each with an end of its own; with sides: the step of the rows themselves; else empty.</summary>
    internal ImmutableArray<SourceStep> Parts { get; init; } = [];

    /// <summary>For a source with sides: the step of the rows with the entity on one of them, by the side's name; else empty.</summary>
    internal IReadOnlyDictionary<string, SourceStep> Sides { get; init; } = NoSides;

    /// <summary>When a row of the step was known.</summary>
    internal SqlColumn KnownAt(string alias) => Column(alias, Source.Knowledge is null ? ModelContext.HappenedAt : ModelContext.KnownAt);

    /// <summary>The step's column for a column of the source.</summary>
    internal StepColumn Place(string path, bool isExact) => Columns[Key(path, isExact)];

    /// <summary>Lowers expressions over a row of the step; late columns may stand in them only with an instant to read them at, and the cutoff only where there is one.</summary>
    internal ExpressionLowering Rows(
        string alias, ReadingInstant? reading = null, Func<LogicalAnchor, SqlExpression>? anchor = null, SqlExpression? cutoff = null) => new(expression =>
    {
        if (expression is LogicalAnchor read && anchor is not null) return anchor(read);
        if (expression is LogicalCutoff && cutoff is not null) return cutoff;
        if (expression is LogicalKey key) return Column(alias, key.Name);
        if (expression is LogicalLearned learned) return LearnedValues.Read(learned);
        if (expression is not LogicalColumn column) throw new InvalidOperationException($"{expression.GetType().Name} is not part of a row.");
        var place = Place(column.Path, column.IsExact);
        var value = Column(alias, place.Name);
        if (!place.IsLate) return value;
        var instant = reading ?? throw new InvalidOperationException($"{column.Path} is late and read as of no instant.");
        return instant.Read(value, place.KnownAt is null ? null : Column(alias, place.KnownAt));
    });

    /// <summary>The conditions on a row that holds at an instant (rule 19); in mode `before`, that held the moment before it.</summary>
    internal IEnumerable<SqlExpression> Holds(string alias, SqlExpression instant, bool isStrict)
    {
        yield return Column(alias, ModelContext.HappenedAt).Is(isStrict ? SqlBinaryOperator.Less : SqlBinaryOperator.LessOrEqual, instant);
        if (!HasEnd) yield break;
        var end = Column(alias, ModelContext.HeldUntil);
        yield return AnyOf([new SqlIsNull(end, false), end.Is(isStrict ? SqlBinaryOperator.GreaterOrEqual : SqlBinaryOperator.Greater, instant)]);
    }

    /// <summary>How a column is found: an exact name by itself, any other ignoring case.</summary>
    internal static string Key(string path, bool isExact) => isExact ? $"`{path}" : path.ToUpperInvariant();
}
