using System.Runtime.InteropServices;

namespace SqlMl.DuckDb.Interop;

/// <summary><c>duckdb_state</c>: every other outcome than success has a text to be asked for.</summary>
internal enum NativeState
{
    Success = 0,
    Error = 1,
}

/// <summary><c>duckdb_result</c>: 48 bytes, passed by value to some functions and by address to others; only the last field is current.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    private readonly ulong _columnCount;
    private readonly ulong _rowCount;
    private readonly ulong _rowsChanged;
    private readonly nint _columns;
    private readonly nint _errorMessage;
    public readonly nint InternalData;
}

/// <summary><c>duckdb_string_t</c>: up to 12 bytes lie inside; a longer text has its first 4 inside and the whole at <see cref="Address"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal readonly record struct NativeString
{
    public const int LongestInline = 12;

    [FieldOffset(0)] private readonly ulong _lengthAndPrefix;
    [FieldOffset(8)] private readonly ulong _rest;

    public int Length => checked((int)(_lengthAndPrefix & uint.MaxValue));
    public nint Address => (nint)_rest;
    public bool IsInline => Length <= LongestInline;

    /// <summary>A hash of the 16 bytes: of the text itself when it is inline.</summary>
    public uint Mix() => (uint)(((_lengthAndPrefix * 0x9E3779B97F4A7C15UL) ^ (_rest * 0xC2B2AE3D27D4EB4FUL)) >> 40);
}

/// <summary><c>duckdb_hugeint</c>, and with the sign reinterpreted <c>duckdb_uhugeint</c> and UUID.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeHugeInt
{
    private readonly ulong _lower;
    private readonly ulong _upper;

    public Int128 Signed => new(_upper, _lower);
    public UInt128 Unsigned => new(_upper, _lower);
}

/// <summary><c>duckdb_list_entry</c>: where a row's elements lie in the child vector.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeListEntry
{
    public readonly ulong Offset;
    public readonly ulong Length;
}

/// <summary><c>duckdb_interval</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeInterval
{
    public readonly int Months;
    public readonly int Days;
    public readonly long Microseconds;
}

/// <summary><c>duckdb_query_progress_type</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeProgress
{
    public readonly double Percentage;
    private readonly ulong _rowsProcessed;
    private readonly ulong _rowsToProcess;
}
