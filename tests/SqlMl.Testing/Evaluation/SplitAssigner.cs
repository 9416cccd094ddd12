using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>Divides the rows of a training set among its parts (rules 29, 40, 41).</summary>
internal static class SplitAssigner
{
    /// <summary>The part of each row by position; null for a row that is purged. The whole is null where there are fewer cutoffs than parts.</summary>
    /// <param name="split">The split.</param>
    /// <param name="rows">The rows to divide.</param>
    /// <param name="counted">The instants of the rows of which a split by time takes its shares.</param>
    /// <param name="labelEnd">Where a cutoff's label ends, for purging.</param>
    /// <param name="anchorKey">The part of a cutoff's identity that its anchor adds.</param>
    public static ImmutableArray<string?>? Assign(
        OracleSplit split, ImmutableArray<(Cutoff Cutoff, object Label)> rows, ImmutableArray<DateTime> counted,
        Func<DateTime, DateTime> labelEnd, Func<Cutoff, ImmutableArray<object?>> anchorKey)
    {
        var parts = split.IsByTime ? ByTime(split, rows, counted, labelEnd) : split.IsByEntity ? ByEntity(split, rows) : Random(split, rows, anchorKey);
        return parts is null ? null : [.. parts.Select(part => part is { } p ? PartName(p, split.Count) : null)];
    }

    private static string PartName(int part, int count) => part == 0 ? "train" : part == count - 1 ? "test" : "validation";

    private static int?[]? ByTime(
        OracleSplit split, ImmutableArray<(Cutoff Cutoff, object Label)> rows, ImmutableArray<DateTime> counted, Func<DateTime, DateTime> labelEnd)
    {
        var cutoffs = counted.Distinct().Order().ToList();
        if (split.Instants.IsEmpty && cutoffs.Count < split.Parts.Length) return null;

        var starts = split.Instants.IsEmpty ? PartStarts(split.Parts, cutoffs, counted) : [.. split.Instants];
        return [.. rows.Select(row =>
        {
            var part = starts.Count(start => start <= row.Cutoff.Instant);
            var reachesNextPart = part < starts.Count && labelEnd(row.Cutoff.Instant) > starts[part];
            return reachesNextPart ? null : (int?)part;
        })];
    }

    /// <summary>The first cutoff of each part but the first: the one that leaves the share of rows before it nearest to what was asked.</summary>
    private static List<DateTime> PartStarts(ImmutableArray<int> parts, List<DateTime> cutoffs, ImmutableArray<DateTime> counted)
    {
        var starts = new List<DateTime>();
        var rank = 0;
        long share = 0;
        for (var j = 1; j < parts.Length; j++)
        {
            share += parts[j - 1];
            var wanted = counted.Length * share;
            long Distance(int r) => Math.Abs(counted.Count(instant => instant < cutoffs[r]) * (long)parts.Sum() - wanted);
            // Every part keeps at least one cutoff; MinBy takes the earlier of two that are equally near.
            rank = Enumerable.Range(rank + 1, cutoffs.Count - (parts.Length - j) - rank).MinBy(Distance);
            starts.Add(cutoffs[rank]);
        }
        return starts;
    }

    private static int?[] Random(OracleSplit split, ImmutableArray<(Cutoff Cutoff, object Label)> rows, Func<Cutoff, ImmutableArray<object?>> anchorKey)
    {
        var result = new int?[rows.Length];
        foreach (var stratum in Enumerable.Range(0, rows.Length).GroupBy(i => split.IsStratified ? rows[i].Label : null))
        {
            var ordered = stratum.OrderBy(i => Hash(split.Seed ?? 0, rows[i].Cutoff, anchorKey), StringComparer.Ordinal).ToList();
            for (var place = 0; place < ordered.Count; place++) result[ordered[place]] = PartAt(split.Parts, place, ordered.Count);
        }
        return result;
    }

    /// <summary>Shares of entities in the order of their hashes; each row goes where its entity goes.</summary>
    private static int?[] ByEntity(OracleSplit split, ImmutableArray<(Cutoff Cutoff, object Label)> rows)
    {
        var entities = rows.Select(row => row.Cutoff.Key).Distinct()
            .OrderBy(key => Md5($"{split.Seed ?? 0}|{key.Text}"), StringComparer.Ordinal).ToList();
        return [.. rows.Select(row => (int?)PartAt(split.Parts, entities.IndexOf(row.Cutoff.Key), entities.Count))];
    }

    /// <summary>The first rows in the order of the hash of key, cutoff and anchor key with the seed 0.</summary>
    public static ImmutableArray<(Cutoff Cutoff, object Label)> Sample(
        int count, ImmutableArray<(Cutoff Cutoff, object Label)> rows, Func<Cutoff, ImmutableArray<object?>> anchorKey) =>
        [.. rows.OrderBy(row => Hash(0, row.Cutoff, anchorKey), StringComparer.Ordinal).Take(count)];

    private static int PartAt(ImmutableArray<int> parts, int place, int count)
    {
        long share = 0;
        for (var part = 0; ; part++)
        {
            share += parts[part];
            if ((long)place * parts.Sum() < count * share) return part;
        }
    }

    private static string Hash(int seed, Cutoff cutoff, Func<Cutoff, ImmutableArray<object?>> anchorKey)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{seed}|{cutoff.Key.Text}|{cutoff.Instant.Microseconds()}");
        foreach (var part in anchorKey(cutoff)) text += string.Create(CultureInfo.InvariantCulture, $"|{part}");
        return Md5(text);
    }

    [SuppressMessage("Security", "CA5351", Justification = "rule 29 orders by MD5; nothing is kept secret by it")]
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
