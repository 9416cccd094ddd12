using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>A growing array that <see cref="DuckDbResult.ReadInto"/> fills with one column of a result; rows of several results may follow each other.</summary>
public abstract class DuckDbColumnBuffer
{
    private protected DuckDbColumnBuffer()
    {
    }

    /// <summary>The rows read so far.</summary>
    public int Count { get; private protected set; }

    /// <summary>The types it takes, for the message about one it does not.</summary>
    internal abstract string Takes { get; }

    internal abstract bool Accepts(DuckDbType type);

    internal abstract void Append(ColumnVector vector, int rows);
}

/// <summary>A column buffer whose rows are <typeparamref name="T"/>.</summary>
/// <typeparam name="T">What one row becomes.</typeparam>
public abstract class DuckDbColumnBuffer<T> : DuckDbColumnBuffer
{
    private T[] _values;

    private protected DuckDbColumnBuffer(int capacity) => _values = capacity == 0 ? [] : new T[capacity];

    /// <summary>The rows read so far, in the result's order; reading more may move them.</summary>
    public Span<T> Values => _values.AsSpan(0, Count);

    /// <summary>The rows as an array of exactly their number: the buffer's own when it is full, so that a right capacity costs no copy.</summary>
    public T[] ToArray() => _values.Length == Count ? _values : Values.ToArray();

    /// <summary>Room for <paramref name="rows"/> more, counted as read.</summary>
    private protected Span<T> Extend(int rows)
    {
        var start = Count;
        Count = checked(start + rows);
        if (Count > _values.Length)
            Array.Resize(ref _values, (int)Math.Clamp(2L * _values.Length, Count, Array.MaxLength));
        return _values.AsSpan(start, rows);
    }
}
