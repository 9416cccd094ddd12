using System.Text;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>The part of <see cref="PlanText"/> that is about sources: a line each, its joins indented below it.</summary>
internal static class SourceLines
{
    internal static void Append(StringBuilder text, LogicalSource source, int depth, string join = "source")
    {
        PlanText.Line(text, depth, $"{join} {source.Name}: {Location(source)}{Facts(source)}{(source.IsRead ? "" : " (tells who exists)")}");
        switch (source.Location)
        {
            case LogicalDerivation derivation:
                Append(text, derivation.Base, depth + 1, "rows of");
                break;
            case LogicalUnion union:
                foreach (var part in union.Parts) Append(text, part, depth + 1, "part");
                break;
            case LogicalGroup group:
                Append(text, group.Base, depth + 1, "rows of");
                break;
        }
        foreach (var joined in source.Joins)
        {
            var on = string.Join(", ", joined.Ours.Select(PlanText.Print));
            Append(text, joined.Target, depth + 1, $"join{(joined.IsEach ? " each" : "")} {joined.Name} on {on} =");
        }
    }

    private static string Location(LogicalSource source) => source.Location switch
    {
        LogicalFile file => $"file '{file.Path}'",
        LogicalTable table => $"table {string.Join('.', table.Path.Select(part => part.Name))}",
        LogicalUnion => "union",
        LogicalGroup group =>
            $"group by {string.Join(", ", group.Keys.Select(key => key.Name))} computing {string.Join(", ", group.Aggregates.Select(item => $"{item.Name} = {PlanText.Print(item)}"))}",
        LogicalSql => "sql",
        LogicalStatedRows stated => $"{stated.Rows.Length} stated rows",
        LogicalDerivation derivation => $"from {derivation.Name}",
        var other => other.GetType().Name,
    };

    private static string Facts(LogicalSource source)
    {
        var text = new StringBuilder();
        if (!source.Sides.IsEmpty) text.Append(" by ").AppendJoin(", ", source.Sides.Select(Side));
        else if (!source.Keys.IsEmpty) text.Append(" by ").AppendJoin(", ", source.Keys.Select(PlanText.Print));
        text.Append(source.Nature switch
        {
            SourceNature.Static => " static",
            SourceNature.Validity => $" valid from {(source.Time is null ? "that of its rows" : PlanText.Print(source.Time))}{(source.ValidTo is null ? "" : $" to {PlanText.Print(source.ValidTo)}")}",
            _ when source.Time is null => " at the instant of its rows",
            _ => $" at {PlanText.Print(source.Time)}",
        });
        if (source.Knowledge is { } known)
        {
            text.Append(known.IsPlanned ? " planned" : "");
            if (known.At is not null) text.Append($" known at {PlanText.Print(known.At)}");
            if (known.Within is not null) text.Append($" within {known.Within.Text}");
            if (known.Delay is not null) text.Append($" delay {known.Delay.Text}");
        }
        if (!source.RowKey.IsEmpty) text.Append(" key ").AppendJoin(", ", source.RowKey.Select(PlanText.Print));
        if (source.OrderBy is not null) text.Append($" order by {PlanText.Print(source.OrderBy)}");
        if (source.CompleteUntil is not null) text.Append($" complete until {PlanText.Print(source.CompleteUntil)}");
        if (source.Where is not null) text.Append($" where {PlanText.Print(source.Where)}");
        if (!source.Columns.IsEmpty) text.Append(" reading ").AppendJoin(", ", source.Columns.Select(Column));
        return text.ToString();
    }

    private static string Side(LogicalSide side) => string.Join(", ", side.Keys.Select(key => $"{PlanText.Print(key)} as {side.Name}"));

    private static string Column(LogicalSourceColumn column) =>
        column.Column.Path + (!column.IsLate ? "" : column.LateAt is null ? " (late)" : $" (late, at {PlanText.Print(column.LateAt)})");
}
