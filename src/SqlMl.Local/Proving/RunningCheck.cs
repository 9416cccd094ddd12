using SqlMl.Language.Diagnostics;

namespace SqlMl.Local.Proving;

/// <summary>A check in progress: its counts so far, and the first value that moved.</summary>
/// <param name="name">A word for it.</param>
/// <param name="claim">What holds where it passes.</param>
/// <param name="rows">Compares rows, and counts them.</param>
internal sealed class RunningCheck(string name, string claim, RowComparison rows)
{
    private long _changed;
    private long _deleted;
    private long _inserted;

    public string Name => name;

    /// <summary>Compares the rows of two tables.</summary>
    public RowComparison Rows => rows;

    public int Rebuilds { get; set; }

    public long? LabelsMoved { get; set; }

    /// <summary>Lists of learned values that were compared; null where the check looks at none.</summary>
    public long? ListsCompared { get; set; }

    /// <summary>The first value that moved; later ones are not told.</summary>
    public Leak? Leak { get; private set; }

    /// <summary>The finding for <see cref="Leak"/>.</summary>
    public Diagnostic? Finding { get; private set; }

    /// <summary>True where no source row was touched.</summary>
    public bool TouchedNothing => _changed + _deleted + _inserted == 0;

    public void Add(ChangeCounts counts)
    {
        _changed += counts.Changed;
        _deleted += counts.Deleted;
        _inserted += counts.Inserted;
    }

    /// <summary>Notes what moved, where something did; true where this check has found something, now or before.</summary>
    public bool Note(Moved? moved, string change, Func<Leak, Diagnostic> finding)
    {
        if (moved is not null && Leak is null)
        {
            Leak = new Leak(moved.Column, moved.Key, moved.Cutoff, moved.Before, moved.After, change);
            Finding = finding(Leak);
        }
        return Leak is not null;
    }

    public CheckSummary Summarize() =>
        new(name, claim, Rebuilds, _changed, _deleted, _inserted, rows.Rows, rows.Cutoffs.Count, LabelsMoved, ListsCompared, Leak);
}
