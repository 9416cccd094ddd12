using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Local.Running;
using SqlMl.Local.Schemas;

namespace SqlMl.Local.Data;

/// <summary>Turns what DuckDB reports into the program's words: wrong data, a missing table, or a machine that cannot.</summary>
internal static partial class EngineFailure
{
    /// <summary>The failure of a statement of this model.</summary>
    public static RunFailedException Explain(
        DuckDbException failure, DuckDbConnection connection, CompiledModel model, ImmutableArray<ProgramSource> sources)
    {
        var reason = FirstLine(failure.Message);
        switch (failure.ErrorType)
        {
            case DuckDbErrorType.Conversion or DuckDbErrorType.InvalidInput when FindValue(failure, connection, sources) is { } found:
                return RunFailedException.Input(found);
            case DuckDbErrorType.Catalog or DuckDbErrorType.Binder:
                return RunFailedException.Input(RunErrors.TableMissing(model.Name, reason, model.Span));
            case DuckDbErrorType.IO or DuckDbErrorType.OutOfMemory or DuckDbErrorType.Fatal or DuckDbErrorType.Permission:
                return RunFailedException.Environment(RunErrors.EngineFailed(reason));
            case DuckDbErrorType.Conversion or DuckDbErrorType.OutOfRange or DuckDbErrorType.InvalidInput or DuckDbErrorType.DivideByZero
                or DuckDbErrorType.Decimal or DuckDbErrorType.Constraint or DuckDbErrorType.MismatchType:
                return RunFailedException.Input(RunErrors.ValueOutOfRange(model.Name, reason, model.Span));
            default:
                // Anything else is a statement that should never have been printed: an internal error, told as such by the caller.
                throw failure;
        }
    }

    /// <summary>DuckDB's text without the lines that quote SQL.</summary>
    public static string FirstLine(string message)
    {
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? message : message[..end].TrimEnd();
    }

    /// <summary>The column whose text DuckDB could not convert: the value that the message quotes is looked for in the text columns of all sources.</summary>
    private static Language.Diagnostics.Diagnostic? FindValue(DuckDbException failure, DuckDbConnection connection, ImmutableArray<ProgramSource> sources)
    {
        if (QuotedValue().Match(failure.Message) is not { Success: true } match) return null;
        if (!failure.Message.Contains("timestamp", StringComparison.OrdinalIgnoreCase) && !failure.Message.Contains("date", StringComparison.OrdinalIgnoreCase)) return null;
        var value = match.Groups["value"].Value;
        RollBack(connection);
        foreach (var source in sources)
        {
            if (source.Binding is null) continue;
            var relation = SchemaLookup.Relation(source.Binding, allText: true);
            foreach (var column in SchemaLookup.Describe(connection, relation))
            {
                var name = SqlText.Name(column.Name);
                var counts = connection.Query(
                    $"SELECT count(*) FILTER (WHERE {name} = {SqlText.Literal(value)}), count({name}) - count(TRY_CAST({name} AS TIMESTAMP)) FROM {relation}");
                using (counts)
                {
                    var row = counts.ReadRows()[0];
                    if (row is [> 0L, long rows]) return RunErrors.NotATime(source.Name, column.Name, value, rows, source.Span);
                }
            }
        }
        return null;
    }

    /// <summary>Ends a transaction that an error has made unusable; without one there is nothing to end.</summary>
    private static void RollBack(DuckDbConnection connection)
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (DuckDbException failure) when (failure.ErrorType == DuckDbErrorType.Transaction)
        {
        }
    }

    [GeneratedRegex("""(?:'(?<value>[^']*)'|"(?<value>[^"]*)")""")]
    private static partial Regex QuotedValue();
}
