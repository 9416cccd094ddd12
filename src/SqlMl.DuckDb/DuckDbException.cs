using System.Collections.Frozen;

namespace SqlMl.DuckDb;

/// <summary>What DuckDB refused or failed at: <see cref="Exception.Message"/> is DuckDB's own text, with its <c>LINE n:</c> and caret where it gives them; an appender's begins without the class.</summary>
public sealed class DuckDbException : Exception
{
    // Preparing reports a text and no number; these are the words DuckDB begins its texts with (exception.cpp), as far as they differ from ours.
    private static readonly FrozenDictionary<string, DuckDbErrorType> s_byPrefix = Enum.GetValues<DuckDbErrorType>()
        .Select(type => KeyValuePair.Create(Words(type.ToString()), type))
        .Concat(
        [
            new(Words("TransactionContext"), DuckDbErrorType.Transaction),
            new(Words("Extension Autoloading"), DuckDbErrorType.Autoload),
        ])
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    internal DuckDbException(DuckDbErrorType errorType, string message, string? sql = null)
        : base(message)
    {
        ErrorType = errorType;
        Sql = sql;
    }

    /// <summary>DuckDB's class of the error; <see cref="DuckDbErrorType.Invalid"/> where DuckDB names none.</summary>
    public DuckDbErrorType ErrorType { get; }

    /// <summary>The SQL text as it was given, all statements of it; <see langword="null"/> where no SQL was involved (opening, appending, reading a value).</summary>
    public string? Sql { get; }

    /// <summary>An error of which only the text is known: its class is read from the text's first words, as in <c>Catalog Error: ...</c>.</summary>
    internal static DuckDbException FromMessage(string message, string? sql = null)
    {
        var end = message.IndexOf(" Error:", StringComparison.Ordinal);
        var type = end > 0 && s_byPrefix.TryGetValue(Words(message[..end]), out var known) ? known : DuckDbErrorType.Invalid;
        return new DuckDbException(type, message, sql);
    }

    private static string Words(string name) => name.Replace(" ", "", StringComparison.Ordinal);
}

/// <summary>libduckdb is absent or does not load; the message and <see cref="Searched"/> say where it was looked for.</summary>
public sealed class DuckDbNativeLibraryException : Exception
{
    internal DuckDbNativeLibraryException(string message, IReadOnlyList<string> searched, Exception? inner = null)
        : base(message, inner) => Searched = searched;

    /// <summary>The full paths tried, in order.</summary>
    public IReadOnlyList<string> Searched { get; }
}
