using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Local.Data;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Refreshing;

/// <summary>What building a training set incrementally came to. Rows are counted before sample and split, where rows can be kept.</summary>
/// <param name="Kept">Rows of the build before that stayed as they were.</param>
/// <param name="Built">Rows that were computed.</param>
/// <param name="Dropped">Rows of the build before at cutoffs that were built again, whether or not they came back.</param>
/// <param name="FirstBuilt">The first cutoff among the rows built, UTC; null where none was.</param>
/// <param name="LastBuilt">The last one.</param>
/// <param name="IsWhole">True where all rows were built.</param>
/// <param name="Reasons">Why rows were built, each to follow "because"; empty where nothing changed.</param>
public sealed record RefreshSummary(
    long Kept, long Built, long Dropped, DateTime? FirstBuilt, DateTime? LastBuilt, bool IsWhole, ImmutableArray<string> Reasons)
{
    /// <summary>How many reasons are said; the others are counted.</summary>
    private const int Said = 4;

    /// <summary>One sentence without an end: `training set: 12,400 rows kept, 300 built (cutoffs 2024-03-04 to 2024-03-18), because orders changed on 3 days`.</summary>
    public string Text
    {
        get
        {
            if (IsWhole) return $"training set: all {Words.Count(Built, "row")} built{Because}";
            if (Reasons.IsEmpty) return $"training set: {Words.Count(Kept, "row")} kept, none built: nothing that they read has changed";
            var cutoffs = FirstBuilt is null ? "" : FirstBuilt == LastBuilt ? $" (cutoff {Day(FirstBuilt)})" : $" (cutoffs {Day(FirstBuilt)} to {Day(LastBuilt)})";
            return $"training set: {Words.Count(Kept, "row")} kept, {(Built == 0 ? "none" : Words.Number(Built))} built{cutoffs}{Because}";
        }
    }

    /// <summary>Of a training table that was built whole, rows after sample and split.</summary>
    internal static RefreshSummary Whole(DuckDbConnection connection, CompiledModel model, string reason, CancellationToken cancellation)
    {
        using var result = connection.Query($"SELECT COUNT(*), MIN(cutoff), MAX(cutoff) FROM {SqlText.Name(model.TrainingTable)}", cancellation);
        var row = result.ReadRows()[0];
        return new RefreshSummary(0, (long)row[0]!, 0, (DateTime?)row[1], (DateTime?)row[2], true, [reason]);
    }

    private string Because
    {
        get
        {
            if (Reasons.IsEmpty) return "";
            var more = Reasons.Length > Said ? $", and {Reasons.Length - Said} more" : "";
            return $", because {string.Join(", ", Reasons.Take(Said))}{more}";
        }
    }

    private static string Day(DateTime? instant) => Words.Instant(instant) is var text && text.EndsWith(" 00:00:00", StringComparison.Ordinal) ? text[..^9] : text;
}
