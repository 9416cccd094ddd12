using SqlMl.DuckDb;
using SqlMl.Local.Data;

namespace SqlMl.Local.Running;

/// <summary>The local DuckDB file with one transaction open for a whole run: all of it happens, or none.</summary>
internal sealed class LocalDatabase : IDisposable
{
    private readonly string _file;
    private readonly bool _isNew;
    private bool _isCommitted;

    private LocalDatabase(DuckDbConnection connection, string file, bool isNew) => (Connection, _file, _isNew) = (connection, file, isNew);

    public DuckDbConnection Connection { get; }

    /// <summary>Opens the request's database and begins the transaction; without <paramref name="keep"/> a database that is not there yet is made in memory only.</summary>
    public static LocalDatabase Open(RunRequest request, bool keep)
    {
        var isNew = !File.Exists(request.DatabaseFile);
        var file = isNew && !keep ? DuckDbConnection.InMemory : request.DatabaseFile;
        try
        {
            var connection = DuckDbConnection.Open(file, new DuckDbOptions { Threads = request.Threads, MemoryLimit = request.MemoryLimit });
            connection.Execute("BEGIN TRANSACTION");
            return new LocalDatabase(connection, file, isNew && keep);
        }
        catch (DuckDbException failure)
        {
            throw RunFailedException.Environment(RunErrors.DatabaseUnavailable(file, EngineFailure.FirstLine(failure.Message)));
        }
    }

    /// <summary>Makes all changes last.</summary>
    public void Commit()
    {
        Connection.Execute("COMMIT");
        _isCommitted = true;
    }

    /// <summary>Closes the database; what was not committed never happened, and a file made for it is removed.</summary>
    public void Dispose()
    {
        Connection.Dispose();
        if (_isCommitted || !_isNew) return;
        File.Delete(_file);
        File.Delete(_file + ".wal");
    }
}
