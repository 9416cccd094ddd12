namespace SqlMl.Language.Text;

/// <summary>Finds the known name that a mistyped one most resembles.</summary>
public static class SimilarNames
{
    /// <summary>
    /// The candidate nearest to <paramref name="name"/> by Damerau-Levenshtein distance (case ignored), ties by ordinal order;
    /// null when none is within a third of the shorter name's length (one edit for names of two to five characters), so that an
    /// unrelated name is never proposed.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var wanted = name.ToLowerInvariant();
        return candidates
            .Where(candidate => Math.Abs(candidate.Length - name.Length) <= Limit(name, candidate))
            .Select(candidate => (candidate, distance: Distance(wanted, candidate.ToLowerInvariant())))
            .Where(item => item.distance <= Limit(name, item.candidate))
            .OrderBy(item => item.distance)
            .ThenBy(item => item.candidate, StringComparer.Ordinal)
            .Select(item => item.candidate)
            .FirstOrDefault();
    }

    // A name of one character resembles nothing: any other is one edit away.
    private static int Limit(string a, string b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        return shorter < 2 ? 0 : Math.Max(1, shorter / 3);
    }

    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
