using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Semantics;

/// <summary>Findings about how sources are put together (block 2xxx), one typed method each.</summary>
internal static class SourceErrors
{
    internal static Diagnostic TwoNatures(string source, string first, SourceSpan firstSpan, string second, SourceSpan span) =>
        Diagnostic.Error("SML2080", $"source `{source}` has both {first} and {second}", span, "the second")
            .WithLabel(firstSpan, "the first")
            .WithNote("rows happened (`time`), held for a while (`valid from ... to ...`), or never change (`static`)")
            .WithHelp("keep the one that is true");

    internal static Diagnostic JoinCircle(string source, SourceSpan span) =>
        Diagnostic.Error("SML2081", $"source `{source}` is made from itself", span, "leads back to where it began")
            .WithHelp("take one of the joins or parts out of the circle; a second source over the same table may stand in for it");

    internal static Diagnostic UnknownJoin(string source, string name, SourceSpan span, IEnumerable<string> joins)
    {
        var known = joins.ToList();
        var error = Diagnostic.Error("SML2082", $"source `{source}` has no join `{name}`", span, "no such join");
        return known.Count > 0
            ? error.WithHelp($"its joins are {string.Join(", ", known.Select(join => $"`{join}`"))}")
            : error.WithHelp($"add `join {name} on <column>` to the source");
    }

    internal static Diagnostic LateComputed(string source, string column, SourceSpan span) =>
        Diagnostic.Error("SML2083", $"`late` names column `{column}` of `{source}`, which is computed", span, "computed from the row")
            .WithHelp("declare the columns late that it is computed from; it is then late by itself");

    internal static Diagnostic KeyBehindJoin(string source, SourceSpan span) =>
        Diagnostic.Error("SML2084", $"`key` of `{source}` names a column of a joined row", span, "not in the table itself")
            .WithHelp("name columns of the table that tell its rows apart");

    internal static Diagnostic NotEvents(string source, string part, SourceSpan span, SourceSpan partSpan) =>
        Diagnostic.Error("SML2085", $"`{source}` is made from `{part}`, whose rows did not happen", span, "no instant to go by")
            .WithLabel(partSpan, "no `time`")
            .WithHelp($"give `{part}` a `time`; rows that describe are read by a join");

    internal static Diagnostic NoInstantToJoinAt(string source, bool isStatic, string target, SourceSpan span, SourceSpan targetSpan) =>
        Diagnostic.Error("SML2087", $"`{source}` {(isStatic ? "never changes" : "has no time")}, and joins `{target}`, which changes", span, "held when?")
            .WithLabel(targetSpan, "rows that held for a while")
            .WithHelp($"join `{target}` where rows happen: its key may be a column of another join, `join {target} on {source}.key`");

    internal static Diagnostic StateBesideEach(string source, string target, SourceSpan span, SourceSpan each) =>
        Diagnostic.Error("SML2088", $"source `{source}` joins `{target}`, of whose rows one is chosen, and multiplies its own rows", span, "one for which of the multiplied rows?")
            .WithLabel(each, "multiplies rows")
            .WithHelp($"join `{target}` in a second source made `from {source}`, or in the one that is joined each");

    internal static Diagnostic NotAnAggregateOfGroup(string column, SourceSpan span) =>
        Diagnostic.Error("SML2086", $"column `{column}` of a group is not one aggregate over its rows", span, "one value for a whole group")
            .WithHelp("write an aggregate of columns, such as `sum(amount)` or `count(* where paid)`; combine them in a source made `from` this one");
}
