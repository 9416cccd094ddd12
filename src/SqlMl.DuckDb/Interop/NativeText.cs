using System.Runtime.InteropServices;
using System.Text;

namespace SqlMl.DuckDb.Interop;

/// <summary>Texts across the border: UTF-8 on DuckDB's side, UTF-16 on ours.</summary>
internal static unsafe class NativeText
{
    internal delegate NativeState Consumer(byte* text, ulong length);

    /// <summary>A terminated text that DuckDB keeps; empty for a null pointer.</summary>
    public static string Read(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>A terminated text that DuckDB gave away: it is freed here.</summary>
    public static string Take(nint text)
    {
        try
        {
            return Read(text);
        }
        finally
        {
            NativeMethods.duckdb_free(text);
        }
    }

    /// <summary>SQL and names travel terminated, so a NUL inside would cut them short unseen.</summary>
    public static string WithoutNul(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return text.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException("holds a NUL character", parameter) : text;
    }

    /// <summary>Hands <paramref name="text"/> with its length to <paramref name="consumer"/>; lone surrogates become U+FFFD.</summary>
    public static NativeState Pass(string text, Consumer consumer)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        // An empty array pins as a null pointer, which DuckDB reads as an absent text.
        byte nothing = 0;
        fixed (byte* pinned = bytes)
            return consumer(pinned == null ? &nothing : pinned, (ulong)bytes.Length);
    }
}
