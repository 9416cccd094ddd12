namespace SqlMl.DuckDb.Columns;

/// <summary>Turns a value as <see cref="RowValue"/> reads it into the type a caller asked for, without losing anything silently.</summary>
internal static class ScalarConversion
{
    public static T? To<T>(object? value)
    {
        if (value is T same)
            return same;
        if (value is null)
            return default(T) is null ? default : throw new InvalidCastException($"NULL is no {typeof(T).Name}");
        var wanted = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return (T)(Number(value, wanted) ?? throw new InvalidCastException($"{value.GetType().Name} is no {wanted.Name}"));
    }

    private static object? Number(object value, Type wanted) => value switch
    {
        long number => Integer(number, wanted),
        ulong number => Integer(number, wanted),
        Int128 number => Integer(number, wanted),
        decimal number when wanted == typeof(double) => (double)number,
        double number when wanted == typeof(float) => (float)number,
        _ => null,
    };

    private static object? Integer(Int128 number, Type wanted) => Type.GetTypeCode(wanted) switch
    {
        TypeCode.Int32 => checked((int)number),
        TypeCode.Int64 => checked((long)number),
        TypeCode.UInt64 => checked((ulong)number),
        TypeCode.Double => (double)number,
        TypeCode.Decimal => checked((decimal)number),
        _ => wanted == typeof(Int128) ? number : null,
    };
}
