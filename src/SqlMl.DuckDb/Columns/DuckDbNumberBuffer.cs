using System.Numerics;
using SqlMl.DuckDb.Columns;
using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>
/// BOOLEAN (0 and 1), every integer up to 128 bits, FLOAT, DOUBLE and DECIMAL as <see cref="float"/> or <see cref="double"/>, rounded to
/// nearest; NULL is NaN, and so cannot be told from a NaN in the data.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="capacity">The rows expected; more only cost copies.</param>
public sealed class DuckDbNumberBuffer<T>(int capacity = 0) : DuckDbColumnBuffer<T>(capacity)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal override string Takes => "numbers and BOOLEAN";

    internal override bool Accepts(DuckDbType type) => type.IsNumber;

    internal override void Append(ColumnVector vector, int rows)
    {
        var target = Extend(rows);
        Convert(vector, target);
        if (vector.HasNoNulls)
            return;
        for (var row = 0; row < rows; row++)
        {
            if (vector.IsNull(row))
                target[row] = T.NaN;
        }
    }

    private static void Convert(ColumnVector vector, Span<T> target)
    {
        switch (vector.Type.Id)
        {
            case DuckDbTypeId.Boolean:
                var truths = vector.Slots<byte>(target.Length);
                for (var row = 0; row < target.Length; row++)
                    target[row] = truths[row] == 0 ? T.Zero : T.One;
                break;
            case DuckDbTypeId.TinyInt:
                Copy<sbyte>(vector, target);
                break;
            case DuckDbTypeId.SmallInt:
                Copy<short>(vector, target);
                break;
            case DuckDbTypeId.Integer:
                Copy<int>(vector, target);
                break;
            case DuckDbTypeId.BigInt:
                Copy<long>(vector, target);
                break;
            case DuckDbTypeId.UTinyInt:
                Copy<byte>(vector, target);
                break;
            case DuckDbTypeId.USmallInt:
                Copy<ushort>(vector, target);
                break;
            case DuckDbTypeId.UInteger:
                Copy<uint>(vector, target);
                break;
            case DuckDbTypeId.UBigInt:
                Copy<ulong>(vector, target);
                break;
            case DuckDbTypeId.Float:
                Copy<float>(vector, target);
                break;
            case DuckDbTypeId.Double:
                Copy<double>(vector, target);
                break;
            case DuckDbTypeId.HugeInt:
                for (var row = 0; row < target.Length; row++)
                    target[row] = T.CreateTruncating(vector.Slot<NativeHugeInt>(row).Signed);
                break;
            case DuckDbTypeId.UHugeInt:
                for (var row = 0; row < target.Length; row++)
                    target[row] = T.CreateTruncating(vector.Slot<NativeHugeInt>(row).Unsigned);
                break;
            default:
                ConvertDecimals(vector, target);
                break;
        }
    }

    private static void Copy<TSlot>(ColumnVector vector, Span<T> target)
        where TSlot : unmanaged, INumberBase<TSlot>
    {
        var slots = vector.Slots<TSlot>(target.Length);
        if (typeof(TSlot) == typeof(T))
        {
            vector.Slots<T>(target.Length).CopyTo(target);
            return;
        }
        for (var row = 0; row < slots.Length; row++)
            target[row] = T.CreateTruncating(slots[row]);
    }

    private static void ConvertDecimals(ColumnVector vector, Span<T> target)
    {
        var (width, scale) = (vector.Type.DecimalWidth, vector.Type.DecimalScale);
        for (var row = 0; row < target.Length; row++)
        {
            target[row] = T.CreateTruncating(width switch
            {
                <= DecimalScaling.Int16Width => DecimalScaling.ToDouble(vector.Slot<short>(row), scale),
                <= DecimalScaling.Int32Width => DecimalScaling.ToDouble(vector.Slot<int>(row), scale),
                <= DecimalScaling.Int64Width => DecimalScaling.ToDouble(vector.Slot<long>(row), scale),
                _ => DecimalScaling.ToDouble(vector.Slot<NativeHugeInt>(row).Signed, scale),
            });
        }
    }
}
