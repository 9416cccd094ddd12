using System.Text;

namespace SqlMl.Language.Text;

/// <summary>What the columns of a pivot are called (rule 39).</summary>
public static class PivotNames
{
    /// <summary>The name of the column for all other values.</summary>
    public const string Other = "other";

    /// <summary>The name of the column for rows without a value.</summary>
    public const string Null = "null";

    /// <summary>
    /// The name of a value's column behind the pivot's: the value in lower case, every sign that a name cannot have written `_`, and `empty` for the empty text;
    /// numbered where it is <paramref name="taken"/>. It is taken from then on.
    /// </summary>
    public static string Next(string value, HashSet<string> taken)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value) text.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
        if (text.Length == 0) text.Append("empty");
        var name = text.ToString();
        for (var i = 2; !taken.Add(name); i++) name = $"{text}_{i}";
        return name;
    }
}
