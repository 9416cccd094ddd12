using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb.Columns;

/// <summary>One value as the .NET type nearest to it, for results small enough to be read by row.</summary>
internal static class RowValue
{
    /// <summary>Refuses a column that no row of could be read, before any row is.</summary>
    public static void Require(DuckDbColumn column)
    {
        var innermost = column.Type;
        while (innermost.ElementType is { } element)
            innermost = element;
        var isReadable = innermost.IsNumber || innermost.IsTimestamp || innermost.IsText
            || innermost.Id is DuckDbTypeId.Time or DuckDbTypeId.Interval or DuckDbTypeId.Blob or DuckDbTypeId.Uuid or DuckDbTypeId.SqlNull;
        if (!isReadable)
            throw Unreadable(column, "by row");
    }

    public static DuckDbException Unreadable(DuckDbColumn column, string how) => new(
        DuckDbErrorType.NotImplemented, $"column `{column.Name}` is {column.Type}, which is not read {how}; cast it in the query, as in {column.Name}::VARCHAR");

    public static object? Read(ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
            return null;
        return vector.Type.Id switch
        {
            DuckDbTypeId.Boolean => vector.Slot<byte>(row) != 0,
            DuckDbTypeId.TinyInt => (long)vector.Slot<sbyte>(row),
            DuckDbTypeId.SmallInt => (long)vector.Slot<short>(row),
            DuckDbTypeId.Integer => (long)vector.Slot<int>(row),
            DuckDbTypeId.BigInt => vector.Slot<long>(row),
            DuckDbTypeId.UTinyInt => (long)vector.Slot<byte>(row),
            DuckDbTypeId.USmallInt => (long)vector.Slot<ushort>(row),
            DuckDbTypeId.UInteger => (long)vector.Slot<uint>(row),
            DuckDbTypeId.UBigInt => vector.Slot<ulong>(row),
            DuckDbTypeId.HugeInt => vector.Slot<NativeHugeInt>(row).Signed,
            DuckDbTypeId.UHugeInt => vector.Slot<NativeHugeInt>(row).Unsigned,
            DuckDbTypeId.Float => (double)vector.Slot<float>(row),
            DuckDbTypeId.Double => vector.Slot<double>(row),
            DuckDbTypeId.Decimal => Decimal(vector, row),
            DuckDbTypeId.Varchar or DuckDbTypeId.Enum => vector.Text(row),
            DuckDbTypeId.Blob => vector.Bytes(row).ToArray(),
            DuckDbTypeId.Uuid => Uuid(vector.Slot<NativeHugeInt>(row)),
            DuckDbTypeId.Date => InstantScaling.ToDateTime(InstantScaling.FromDays(vector.Slot<int>(row))),
            DuckDbTypeId.TimestampNanoseconds => InstantScaling.NanosecondsToDateTime(vector.Slot<long>(row)),
            DuckDbTypeId.Time => TimeSpan.FromMicroseconds(vector.Slot<long>(row)),
            DuckDbTypeId.Interval => Interval(vector.Slot<NativeInterval>(row)),
            DuckDbTypeId.List or DuckDbTypeId.Array => Elements(vector.Elements(), vector.ElementRange(row)),
            _ => InstantScaling.ToDateTime(InstantScaling.FromTimestamp(vector.Slot<long>(row), vector.Type.Id)),
        };
    }

    private static object Decimal(ColumnVector vector, int row)
    {
        var unscaled = vector.Type.DecimalWidth switch
        {
            <= DecimalScaling.Int16Width => vector.Slot<short>(row),
            <= DecimalScaling.Int32Width => vector.Slot<int>(row),
            <= DecimalScaling.Int64Width => vector.Slot<long>(row),
            _ => vector.Slot<NativeHugeInt>(row).Signed,
        };
        return DecimalScaling.ToDecimal(unscaled, vector.Type.DecimalScale) ?? throw new DuckDbException(
            DuckDbErrorType.OutOfRange, $"a value of {vector.Type} has more than the 96 bits of System.Decimal; cast it in the query to DOUBLE or VARCHAR");
    }

    // DuckDB keeps a UUID as a 128-bit number with the first bit flipped, so that it sorts as a signed one.
    private static Guid Uuid(NativeHugeInt value)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value.Unsigned ^ (UInt128.One << 127));
        return new Guid(bytes, bigEndian: true);
    }

    private static DuckDbInterval Interval(NativeInterval value) => new(value.Months, value.Days, value.Microseconds);

    private static object?[] Elements(ColumnVector elements, (int Start, int Length) range)
    {
        var values = new object?[range.Length];
        for (var index = 0; index < values.Length; index++)
            values[index] = Read(elements, range.Start + index);
        return values;
    }
}
