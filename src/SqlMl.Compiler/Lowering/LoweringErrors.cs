using System.Globalization;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Compiler.Lowering;

/// <summary>Findings about what a dialect cannot say (block 5xxx), and about the compilation's own options.</summary>
internal static class LoweringErrors
{
    internal static Diagnostic FileInWarehouse(string dialect, string source, SourceSpan span) =>
        Diagnostic.Error("SML5001", $"source `{source}` is a local file, which {dialect} cannot read", span, "a local file")
            .WithHelp($"name a table for {dialect}: in `sqlml.yaml` under `sources`, or `--source {source}=database.schema.table`");

    internal static Diagnostic NoSqlText(string dialect, string source, SourceSpan span) =>
        Diagnostic.Error("SML5005", $"source `{source}` has SQL of its own, but not for {dialect}", span, $"no `{dialect} '...'`")
            .WithHelp($"add `{dialect} '...'` to its braces; both texts must mean the same");

    internal static Diagnostic LeftOut(string dialect, string what, string function, SourceSpan span) =>
        Diagnostic.Warning("SML5006", $"{what} is left out: {dialect} has no `{function}`", span, "runs in the warehouse only")
            .WithNote("the warehouse's training set has it, and this one does not");

    internal static Diagnostic NoTextModels(string dialect, string what, string function, SourceSpan span) =>
        Diagnostic.Error("SML5007", $"{what} needs `{function}`, which {dialect} does not have", span, "runs in the warehouse only")
            .WithHelp("features that ask it are left out here; what decides rows, cutoffs or labels cannot be");

    internal static Diagnostic UnknownDialect(string name, IEnumerable<string> known) =>
        Diagnostic.Error("SML5002", $"no dialect is called `{name}`", SourceSpan.None).WithHelp($"known are {string.Join(", ", known.Select(item => $"`{item}`"))}");

    internal static Diagnostic UnknownPass(string name, IEnumerable<string> known) =>
        Diagnostic.Error("SML5003", $"no optimizer pass is called `{name}`", SourceSpan.None).WithHelp($"known are {string.Join(", ", known.Select(item => $"`{item}`"))}");

    internal static Diagnostic SinceWithoutEvents(DateTime since) =>
        Diagnostic.Error("SML5008", string.Create(CultureInfo.InvariantCulture, $"no model has cutoffs after {since:yyyy-MM-dd HH:mm:ss.FFFFFF} to score: none of them observes events"), SourceSpan.None)
            .WithNote("a grid, and stated instants, are scored as of the run's own instant")
            .WithHelp("leave `--since` out; `--as-of` says as of when they are scored");

    internal static Diagnostic UnknownBinding(string name, IEnumerable<string> known)
    {
        var candidates = known.ToList();
        var diagnostic = Diagnostic.Error("SML5004", $"no source is called `{name}`, so nothing can be bound to it", SourceSpan.None);
        return SimilarNames.Nearest(name, candidates) is { } similar
            ? diagnostic.WithHelp($"a source with a similar name exists: `{similar}`")
            : diagnostic.WithHelp($"the program's sources are {string.Join(", ", candidates.Select(item => $"`{item}`"))}");
    }
}
