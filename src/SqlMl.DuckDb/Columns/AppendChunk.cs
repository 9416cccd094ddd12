using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb.Columns;

/// <summary>A chunk of DuckDB's, filled again and again from slices of .NET arrays.</summary>
internal sealed class AppendChunk : IDisposable
{
    // By exact type: to a pattern, a ulong[] is a long[] too.
    private static readonly Dictionary<Type, DuckDbTypeId> s_types = new()
    {
        [typeof(bool[])] = DuckDbTypeId.Boolean,
        [typeof(int[])] = DuckDbTypeId.Integer,
        [typeof(long[])] = DuckDbTypeId.BigInt,
        [typeof(float[])] = DuckDbTypeId.Float,
        [typeof(double[])] = DuckDbTypeId.Double,
        [typeof(DateTime[])] = DuckDbTypeId.Timestamp,
        [typeof(string[])] = DuckDbTypeId.Varchar,
    };

    /// <summary>The rows a chunk holds: libduckdb's vector size, fixed when it was built.</summary>
    public static int Capacity { get; } = checked((int)NativeMethods.duckdb_vector_size());

    /// <exception cref="ArgumentException">An array is of a type without a column type.</exception>
    public AppendChunk(ReadOnlySpan<Array> columns)
    {
        var types = new DuckDbTypeId[columns.Length];
        for (var column = 0; column < types.Length; column++)
            types[column] = TypeOf(columns[column]);
        Handle = Create(types);
    }

    public DataChunkHandle Handle { get; }

    /// <summary>Puts the rows from <paramref name="start"/> on, as many as fit, in place of what was there.</summary>
    public void Fill(ReadOnlySpan<Array> columns, int start)
    {
        NativeMethods.duckdb_data_chunk_reset(Handle);
        var rows = Math.Min(Capacity, columns[0].Length - start);
        for (var column = 0; column < columns.Length; column++)
            Write(NativeMethods.duckdb_data_chunk_get_vector(Handle, (ulong)column), columns[column], start, rows);
        NativeMethods.duckdb_data_chunk_set_size(Handle, (ulong)rows);
    }

    public void Dispose() => Handle.Dispose();

    private static DuckDbTypeId TypeOf(Array column) => s_types.TryGetValue(column.GetType(), out var type)
        ? type
        : throw new ArgumentException($"{column.GetType().Name} is none of {string.Join(", ", s_types.Keys.Select(known => known.Name))}", nameof(column));

    private static unsafe DataChunkHandle Create(DuckDbTypeId[] types)
    {
        var handles = Array.ConvertAll(types, NativeMethods.duckdb_create_logical_type);
        try
        {
            var pointers = Array.ConvertAll(handles, handle => handle.DangerousGetHandle());
            fixed (nint* pinned = pointers)
                return NativeMethods.duckdb_create_data_chunk(pinned, (ulong)pointers.Length);
        }
        finally
        {
            // DuckDB copied the types.
            Array.ForEach(handles, handle => handle.Dispose());
        }
    }

    private static unsafe void Write(nint vector, Array column, int start, int rows)
    {
        var data = NativeMethods.duckdb_vector_get_data(vector);
        switch (column)
        {
            case bool[] values:
                Copy(values, start, new Span<bool>(data, rows));
                break;
            case int[] values:
                Copy(values, start, new Span<int>(data, rows));
                break;
            case long[] values:
                Copy(values, start, new Span<long>(data, rows));
                break;
            case float[] values:
                Copy(values, start, new Span<float>(data, rows));
                break;
            case double[] values:
                Copy(values, start, new Span<double>(data, rows));
                break;
            case DateTime[] values:
                for (var row = 0; row < rows; row++)
                    ((long*)data)[row] = InstantScaling.FromDateTime(values[start + row]);
                break;
            case string?[] values:
                WriteTexts(vector, values.AsSpan(start, rows));
                break;
        }
    }

    private static void Copy<T>(T[] values, int start, Span<T> target) => values.AsSpan(start, target.Length).CopyTo(target);

    private static unsafe void WriteTexts(nint vector, ReadOnlySpan<string?> texts)
    {
        NativeMethods.duckdb_vector_ensure_validity_writable(vector);
        var validity = NativeMethods.duckdb_vector_get_validity(vector);
        for (var row = 0; row < texts.Length; row++)
        {
            var slot = (ulong)row;
            if (texts[row] is not { } text)
            {
                validity[row >> 6] &= ~(1UL << (row & 63));
                continue;
            }
            NativeText.Pass(text, (bytes, length) =>
            {
                NativeMethods.duckdb_vector_assign_string_element_len(vector, slot, bytes, length);
                return NativeState.Success;
            });
        }
    }
}
