using System.Collections.Immutable;
using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>A column's type with its parameters.</summary>
/// <param name="Id">The type without its parameters.</param>
public sealed record DuckDbType(DuckDbTypeId Id)
{
    /// <summary>The digits of a DECIMAL, 1 to 38; 0 for every other type.</summary>
    public int DecimalWidth { get; init; }

    /// <summary>The digits of a DECIMAL after the point, 0 to its width.</summary>
    public int DecimalScale { get; init; }

    /// <summary>What a LIST or ARRAY holds; <see langword="null"/> for every other type.</summary>
    public DuckDbType? ElementType { get; init; }

    /// <summary>The elements of each value of a fixed-size ARRAY; 0 for every other type.</summary>
    public int ArrayLength { get; init; }

    /// <summary>The values of an ENUM in its order; empty for every other type.</summary>
    public ImmutableArray<string> EnumValues { get; init; } = [];

    /// <summary>Whether a value is one number or truth value: what a <see cref="DuckDbNumberBuffer{T}"/> takes.</summary>
    public bool IsNumber => Id is (>= DuckDbTypeId.Boolean and <= DuckDbTypeId.Double)
        or DuckDbTypeId.HugeInt or DuckDbTypeId.UHugeInt or DuckDbTypeId.Decimal;

    /// <summary>Whether a value is a day or an instant: what a <see cref="DuckDbTimestampBuffer"/> takes.</summary>
    public bool IsTimestamp => Id is DuckDbTypeId.Date or DuckDbTypeId.Timestamp or DuckDbTypeId.TimestampTz
        or DuckDbTypeId.TimestampSeconds or DuckDbTypeId.TimestampMilliseconds or DuckDbTypeId.TimestampNanoseconds;

    /// <summary>Whether a value is a text: what a <see cref="DuckDbTextBuffer"/> takes.</summary>
    public bool IsText => Id is DuckDbTypeId.Varchar or DuckDbTypeId.Enum;

    /// <summary>Whether a value is a list of texts: what a <see cref="DuckDbTextListBuffer"/> takes.</summary>
    public bool IsTextList => Id is DuckDbTypeId.List && ElementType!.IsText;

    /// <summary>The type in DuckDB's notation, as in <c>DECIMAL(18,3)</c> or <c>VARCHAR[]</c>; the values of an ENUM are left out.</summary>
    public override string ToString() => Id switch
    {
        DuckDbTypeId.Decimal => $"DECIMAL({DecimalWidth},{DecimalScale})",
        DuckDbTypeId.List => $"{ElementType}[]",
        DuckDbTypeId.Array => $"{ElementType}[{ArrayLength}]",
        DuckDbTypeId.TimestampTz => "TIMESTAMP WITH TIME ZONE",
        DuckDbTypeId.TimestampSeconds => "TIMESTAMP_S",
        DuckDbTypeId.TimestampMilliseconds => "TIMESTAMP_MS",
        DuckDbTypeId.TimestampNanoseconds => "TIMESTAMP_NS",
        DuckDbTypeId.TimeNanoseconds => "TIME_NS",
        DuckDbTypeId.TimeTz => "TIME WITH TIME ZONE",
        _ => Id.ToString().ToUpperInvariant(),
    };

    /// <summary>Reads DuckDB's description of a type and releases it.</summary>
    internal static DuckDbType Take(LogicalTypeHandle type)
    {
        using (type)
        {
            var id = NativeMethods.duckdb_get_type_id(type);
            return id switch
            {
                DuckDbTypeId.Decimal => new DuckDbType(id)
                {
                    DecimalWidth = NativeMethods.duckdb_decimal_width(type),
                    DecimalScale = NativeMethods.duckdb_decimal_scale(type),
                },
                DuckDbTypeId.List => new DuckDbType(id) { ElementType = Take(NativeMethods.duckdb_list_type_child_type(type)) },
                DuckDbTypeId.Array => new DuckDbType(id)
                {
                    ElementType = Take(NativeMethods.duckdb_array_type_child_type(type)),
                    ArrayLength = checked((int)NativeMethods.duckdb_array_type_array_size(type)),
                },
                DuckDbTypeId.Enum => new DuckDbType(id) { EnumValues = TakeEnumValues(type) },
                _ => new DuckDbType(id),
            };
        }
    }

    private static ImmutableArray<string> TakeEnumValues(LogicalTypeHandle type)
    {
        var values = new string[NativeMethods.duckdb_enum_dictionary_size(type)];
        for (var index = 0; index < values.Length; index++)
            values[index] = NativeText.Take(NativeMethods.duckdb_enum_dictionary_value(type, (ulong)index));
        return ImmutableArray.Create(values);
    }
}
