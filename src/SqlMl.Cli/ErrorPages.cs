namespace SqlMl.Cli;

/// <summary>The pages of `docs/errors`, built into the program: every file there is one, without a list to keep.</summary>
internal static class ErrorPages
{
    private const string Prefix = "SqlMl.Errors.";
    private const string Suffix = ".md";

    /// <summary>All codes that have a page, in order.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        .. typeof(ErrorPages).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The page's text, case of the code ignored; null where there is none.</summary>
    public static string? Find(string code)
    {
        using var stream = typeof(ErrorPages).Assembly.GetManifestResourceStream(Prefix + code.ToUpperInvariant() + Suffix);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>What stands behind the code in a page's first line.</summary>
    public static string TitleOf(string code)
    {
        var page = Find(code) ?? throw new ArgumentException($"there is no page for {code}", nameof(code));
        var line = page[..page.IndexOf('\n', StringComparison.Ordinal)];
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? line.TrimStart('#', ' ') : line[(colon + 1)..].Trim();
    }
}
