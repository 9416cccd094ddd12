using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests.Tasks;

/// <summary>
/// Makes rows up, the same for the same seed: ties, equal rows, several rows of a key, nulls, and instants that meet the ends of windows exactly
/// or miss them by a microsecond.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "test data; repeatable on purpose")]
internal sealed class TaskRows(int seed)
{
    private static readonly DateTime Start = new(2024, 1, 25);

    /// <summary>What is added to an instant of the coarse grid, mostly nothing.</summary>
    private static readonly ImmutableArray<TimeSpan> Offsets =
    [
        TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(-1), TimeSpan.FromMicroseconds(1), TimeSpan.FromMicroseconds(-1),
    ];

    private readonly Random _random = new(seed);

    /// <summary>
    /// A source named <paramref name="name"/> of <paramref name="count"/> rows, stored as Parquet. Every line of <paramref name="columns"/> is <c>name type values</c>, and may end
    /// in the share of nulls, as <c>20%</c>. The values are the choices, divided by blanks; for an instant <c>in 60d</c>, somewhere in so many days,
    /// or <c>after other 5d</c>, at most so many days after another one; <c>serial</c> numbers the rows. The first row holds no null, for readers that guess types.
    /// </summary>
    public OracleSource Source(string name, int count, string columns)
    {
        ImmutableArray<TaskColumn> specified = [.. columns.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(TaskColumn.Parse)];
        var rows = new List<ImmutableArray<object?>>();
        while (rows.Count < count)
        {
            var kind = rows.Count == 0 ? 100 : _random.Next(100);
            rows.Add(kind switch
            {
                < 7 => Pick(rows),
                < 12 => WithOtherInstants(Pick(rows), specified),
                _ => Row(specified, rows, isComplete: rows.Count == 0),
            });
        }
        return new OracleSource(
            name, new OracleTable([.. specified.Select(column => new TableColumn(column.Name, column.Type))], [.. rows]),
            IsParquet: true, [], null, null, []);
    }

    private ImmutableArray<object?> Row(ImmutableArray<TaskColumn> columns, List<ImmutableArray<object?>> earlier, bool isComplete)
    {
        var row = new object?[columns.Length];
        for (var i = 0; i < row.Length; i++)
        {
            if (!isComplete && _random.Next(100) < columns[i].NullPercent) continue;
            var isTie = columns[i].IsFree && earlier.Count > 0 && _random.Next(100) < 20;
            row[i] = isTie ? Pick(earlier)[i] ?? Instant(columns[i], columns, row) : Value(columns[i], columns, row, earlier.Count);
        }
        return [.. row];
    }

    /// <summary>A row of the same key at another time.</summary>
    private ImmutableArray<object?> WithOtherInstants(ImmutableArray<object?> row, ImmutableArray<TaskColumn> columns)
    {
        var moved = row.ToArray();
        for (var i = 0; i < moved.Length; i++)
        {
            if (moved[i] is DateTime) moved[i] = Instant(columns[i], columns, moved);
        }
        return [.. moved];
    }

    private object? Value(TaskColumn column, ImmutableArray<TaskColumn> columns, object?[] row, int place) => column.Type switch
    {
        ColumnType.Instant => Instant(column, columns, row),
        ColumnType.Boolean => _random.Next(2) == 0,
        _ when column.Choices is ["serial"] => (decimal)place,
        ColumnType.Text => Pick(column.Choices),
        _ => decimal.Parse(Pick(column.Choices), CultureInfo.InvariantCulture),
    };

    private object? Instant(TaskColumn column, ImmutableArray<TaskColumn> columns, object?[] row)
    {
        var slots = 2 * column.Days;
        if (column.IsFree) return Start + TimeSpan.FromHours(12) * _random.Next(slots) + Pick(Offsets);
        var other = columns.Select(candidate => candidate.Name).ToImmutableArray().IndexOf(column.Choices[1]);
        return row[other] is DateTime instant ? instant + TimeSpan.FromHours(12) * _random.Next(slots + 1) : null;
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private sealed record TaskColumn(string Name, ColumnType Type, ImmutableArray<string> Choices, int NullPercent)
    {
        /// <summary>Whether it is an instant that no other column bounds.</summary>
        public bool IsFree => Choices is ["in", _];

        /// <summary>How many days its instants spread over.</summary>
        public int Days => int.Parse(Choices[^1].TrimEnd('d'), CultureInfo.InvariantCulture);

        public static TaskColumn Parse(string line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var nulls = words[^1].EndsWith('%') ? int.Parse(words[^1][..^1], CultureInfo.InvariantCulture) : 0;
            return new(words[0], Enum.Parse<ColumnType>(words[1], ignoreCase: true), [.. words[2..(nulls > 0 ? ^1 : ^0)]], nulls);
        }
    }
}
