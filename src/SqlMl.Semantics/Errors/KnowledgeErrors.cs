using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Semantics;

/// <summary>Findings about when rows and columns were known, and about the row that is the cutoff (block 4xxx), one typed method each.</summary>
internal static class KnowledgeErrors
{
    internal static Diagnostic LateDecidesRow(string source, string clause, SourceSpan span, SourceSpan late) =>
        Diagnostic.Error("SML4080", $"{clause} of `{source}` reads a column that is written later", span, "would let later knowledge decide which rows there are")
            .WithLabel(late, "declared late, or joined from rows that may come later")
            .WithHelp("put the condition into the aggregates that need it: `count(s where ...)` reads it as of the cutoff");

    internal static Diagnostic LateComputedElsewhere(string source, string column, SourceSpan span, SourceSpan declared) =>
        Diagnostic.Error("SML4089", $"`{column}` of `{source}` is computed from late columns, and read from another source", span, "computed as of which instant?")
            .WithLabel(declared, "computed here")
            .WithHelp("read the late columns themselves here, and compute with them where they are read");

    internal static Diagnostic LateDecidesCutoff(string source, SourceSpan span) =>
        Diagnostic.Error("SML4081", $"a late column of `{source}` decides where cutoffs lie", span, "written after its row")
            .WithNote("when the row happened, nobody knew whether it was one")
            .WithHelp("choose by columns that are known with the row, or use `when`, which reads what is known at the cutoff");

    internal static Diagnostic PlannedWithoutKnown(string source, SourceSpan span) =>
        Diagnostic.Error("SML4082", $"source `{source}` is planned, but does not say when a row was known", span, "known before it happens, but since when?")
            .WithHelp("add `known at <column>`: when the booking was made");

    internal static Diagnostic BeforeUnplanned(string source, SourceSpan span, SourceSpan sourceSpan) =>
        Diagnostic.Error("SML4083", $"no row of `{source}` is known before it happens", span, "no cutoff can lie here")
            .WithLabel(sourceSpan, "does not say when a row was known")
            .WithHelp("add `known at <column>`: when the booking was made; `before each` without a length of time sees what came before the row");

    internal static Diagnostic NoAnchor(string reader, SourceSpan span) =>
        Diagnostic.Error("SML4084", $"{reader} reads `anchor`, but no row is its cutoff", span, "which row?")
            .WithNote("`anchor` is the row of `observe at each s` or `observe before each s`, one source in all lines; sources and vars of an entity have none")
            .WithHelp("declare such a var inside `predict`, with such a line of `observe`");

    internal static Diagnostic AnchorCompared(SourceSpan span) =>
        Diagnostic.Error("SML4085", "inside an aggregate `anchor` may only be compared for equality", span, "not a side of `=`")
            .WithHelp("write `where column = anchor.column`; anything else belongs behind the aggregate");

    internal static Diagnostic WindowOverTimeless(string source, SourceSpan span, string nature) =>
        Diagnostic.Error("SML4086", $"a window over `{source}` sees no stretch of time", span, $"its rows {nature}")
            .WithHelp("leave the window out");

    internal static Diagnostic CompleteUntilBeyond(string source, SourceSpan span) =>
        Diagnostic.Error("SML4087", $"source `{source}` cannot be complete beyond the run's own instant", span, "after `as_of`")
            .WithHelp("write `complete until as_of`, or an instant before it");
}
