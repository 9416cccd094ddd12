using SqlMl.DuckDb.Columns;
using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>
/// DATE (its midnight), TIMESTAMP of every unit and TIMESTAMPTZ as microseconds since 1970-01-01 00:00 UTC; nanoseconds are cut towards
/// the past. NULL is 0 and told by <see cref="IsNull"/>; <c>'infinity'</c> is <see cref="long.MaxValue"/> and <c>'-infinity'</c> its negative.
/// </summary>
/// <param name="capacity">The rows expected; more only cost copies.</param>
public sealed class DuckDbTimestampBuffer(int capacity = 0) : DuckDbColumnBuffer<long>(capacity)
{
    // One bit a row in the order of rows; words are only added when a NULL was seen, so that a column without costs nothing.
    private readonly List<ulong> _nulls = [];

    /// <summary>Whether the row was NULL.</summary>
    /// <param name="row">From 0 to <see cref="DuckDbColumnBuffer.Count"/> - 1.</param>
    public bool IsNull(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return row >> 6 < _nulls.Count && (_nulls[row >> 6] & (1UL << (row & 63))) != 0;
    }

    internal override string Takes => "DATE and TIMESTAMP";

    internal override bool Accepts(DuckDbType type) => type.IsTimestamp;

    internal override void Append(ColumnVector vector, int rows)
    {
        var start = Count;
        var target = Extend(rows);
        for (var row = 0; row < rows; row++)
        {
            if (vector.IsNull(row))
                MarkNull(start + row);
            else
                target[row] = vector.Type.Id == DuckDbTypeId.Date
                    ? InstantScaling.FromDays(vector.Slot<int>(row))
                    : InstantScaling.FromTimestamp(vector.Slot<long>(row), vector.Type.Id);
        }
    }

    private void MarkNull(int row)
    {
        while (_nulls.Count <= row >> 6)
            _nulls.Add(0);
        _nulls[row >> 6] |= 1UL << (row & 63);
    }
}
