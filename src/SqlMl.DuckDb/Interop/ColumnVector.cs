using System.Text;

namespace SqlMl.DuckDb.Interop;

/// <summary>One column of one chunk, read in place: valid only while its chunk is. DuckDB flattens chunks, so row <c>i</c> is slot <c>i</c>.</summary>
internal readonly unsafe ref struct ColumnVector
{
    private readonly nint _vector;
    private readonly byte* _data;
    private readonly ulong* _validity;

    public ColumnVector(nint vector, DuckDbType type)
    {
        _vector = vector;
        _data = NativeMethods.duckdb_vector_get_data(vector);
        _validity = NativeMethods.duckdb_vector_get_validity(vector);
        Type = type;
    }

    public DuckDbType Type { get; }

    /// <summary>Whether no row can be NULL: DuckDB then keeps no mask.</summary>
    public bool HasNoNulls => _validity == null;

    public bool IsNull(int row) => _validity != null && (_validity[row >> 6] & (1UL << (row & 63))) == 0;

    /// <summary>The slots as they lie; that of a NULL row holds anything.</summary>
    public ReadOnlySpan<T> Slots<T>(int rows)
        where T : unmanaged => new(_data, rows);

    public T Slot<T>(int row)
        where T : unmanaged => ((T*)_data)[row];

    /// <summary>The bytes of a VARCHAR, BLOB or other type laid out as one.</summary>
    public ReadOnlySpan<byte> Bytes(int row)
    {
        var text = (NativeString*)_data + row;
        // An inline text begins after the length; the slot is DuckDB's memory and does not move.
        return text->IsInline ? new ReadOnlySpan<byte>((byte*)text + sizeof(uint), text->Length) : new ReadOnlySpan<byte>((void*)text->Address, text->Length);
    }

    /// <summary>The text of a VARCHAR or ENUM row that is not NULL.</summary>
    public string Text(int row) => Type.Id == DuckDbTypeId.Enum
        ? Type.EnumValues[EnumOrdinal(row)]
        : Encoding.UTF8.GetString(Bytes(row));

    /// <summary>The vector that holds the elements of a LIST or ARRAY.</summary>
    public ColumnVector Elements() => new(
        Type.Id == DuckDbTypeId.List ? NativeMethods.duckdb_list_vector_get_child(_vector) : NativeMethods.duckdb_array_vector_get_child(_vector),
        Type.ElementType!);

    /// <summary>Where in <see cref="Elements"/> the row's own lie.</summary>
    public (int Start, int Length) ElementRange(int row)
    {
        if (Type.Id == DuckDbTypeId.Array)
            return (checked(row * Type.ArrayLength), Type.ArrayLength);
        var entry = Slot<NativeListEntry>(row);
        return (checked((int)entry.Offset), checked((int)entry.Length));
    }

    // DuckDB numbers an ENUM's values in the smallest unsigned integer that suffices.
    private int EnumOrdinal(int row) => Type.EnumValues.Length switch
    {
        <= byte.MaxValue => Slot<byte>(row),
        <= ushort.MaxValue => Slot<ushort>(row),
        _ => checked((int)Slot<uint>(row)),
    };
}
