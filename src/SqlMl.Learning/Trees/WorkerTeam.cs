namespace SqlMl.Learning;

/// <summary>
/// Threads kept ready for the thousands of short loops that growing trees consists of. Items are taken in any order by any thread,
/// so each may write only what belongs to it.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>Below about this many elementary steps (some tenths of a millisecond) waking the others costs more than it saves, above all on a busy machine.</summary>
    private const long WorthSharing = 300_000;

    private readonly Barrier? _barrier;
    private readonly Thread[] _threads;
    private Action<int>? _work;
    private int _itemCount;
    private int _nextItem;
    private Exception? _failure;

    /// <summary>Starts <paramref name="size"/> - 1 threads; the caller's own is the last of the team.</summary>
    public WorkerTeam(int size)
    {
        _barrier = size > 1 ? new Barrier(size) : null;
        _threads = new Thread[size - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = "tree worker" };
            _threads[i].Start();
        }
    }

    /// <summary>Calls <paramref name="work"/> for each item from 0 and returns when all are done; <paramref name="steps"/> estimates the whole cost. An exception of an item is rethrown here.</summary>
    public void Run(int items, long steps, Action<int> work)
    {
        if (_barrier is null || items < 2 || steps < WorthSharing)
        {
            for (var item = 0; item < items; item++)
                work(item);
            return;
        }

        (_work, _itemCount, _nextItem, _failure) = (work, items, 0, null);
        _barrier.SignalAndWait();
        TakeItems();
        _barrier.SignalAndWait();
        if (_failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads and waits for them.</summary>
    public void Dispose()
    {
        if (_barrier is null)
            return;
        _work = null;
        _barrier.SignalAndWait();
        foreach (var thread in _threads)
            thread.Join();
        _barrier.Dispose();
    }

    private void Serve()
    {
        while (true)
        {
            _barrier!.SignalAndWait();
            if (_work is null)
                return;
            TakeItems();
            _barrier.SignalAndWait();
        }
    }

    private void TakeItems()
    {
        try
        {
            for (var item = Interlocked.Increment(ref _nextItem) - 1; item < _itemCount; item = Interlocked.Increment(ref _nextItem) - 1)
                _work!(item);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }
}
