using SqlMl.Language.Diagnostics;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>Findings about types (block 3xxx), one typed method each.</summary>
internal static class TypeErrors
{
    internal static Diagnostic Mismatch(string taker, DataType wanted, DataType found, SourceSpan span) =>
        Diagnostic.Error("SML3001", $"{taker} takes {wanted.Words()}, but this is {found.Words()}", span, found.Words())
            .WithHelp(Conversion(wanted, found));

    internal static Diagnostic Incomparable(DataType left, DataType right, SourceSpan leftSpan, SourceSpan rightSpan) =>
        Diagnostic.Error("SML3001", $"{left.Words()} cannot be combined with {right.Words()}", rightSpan, right.Words())
            .WithLabel(leftSpan, left.Words())
            .WithHelp(Conversion(left, right));

    internal static Diagnostic NoCast(DataType from, DataType to, SourceSpan span) =>
        Diagnostic.Error("SML3001", $"{from.Words()} cannot become {to.Words()}", span, $"{from.Words()} inside")
            .WithHelp(Conversion(to, from));

    internal static Diagnostic UsesDisagree(string column, DataType first, DataType second, SourceSpan firstSpan, SourceSpan secondSpan) =>
        Diagnostic.Error("SML3002", $"column `{column}` is used as {first.Words()} and as {second.Words()}", secondSpan, $"used as {second.Words()} here")
            .WithLabel(firstSpan, $"used as {first.Words()} here")
            .WithHelp($"convert it in one of the two places, such as `{column}::string`");

    internal static Diagnostic ZoneOfInstant(string source, string zone, SourceSpan time, SourceSpan span) =>
        Diagnostic.Error("SML3110", $"the time of `{source}` has no clock that could be in '{zone}'", span, "says in which zone a column's clock is")
            .WithLabel(time, "an instant already, or no column of the source's own")
            .WithHelp("name the column that holds the clock, as it is stored: `time counted_at zone '...'`; a clock put together from several columns is a `column` first");

    internal static Diagnostic InstantFeature(string feature, SourceSpan span) =>
        Diagnostic.Error("SML3111", $"feature `{feature}` is an instant", span, "an instant")
            .WithNote("an instant never comes again, so nothing can be learned from it")
            .WithHelp("the time since then is a number: `days since ...`");

    internal static Diagnostic ArgumentCount(FunctionDefinition function, int found, SourceSpan span)
    {
        var arguments = function.ArityWords == "1" ? "argument" : "arguments";
        var summary = function.Summary.TrimEnd('.');
        return Diagnostic.Error("SML3003", $"`{function.Name}` takes {function.ArityWords} {arguments}, but {found} {(found == 1 ? "is" : "are")} given", span, $"{found} given")
            .WithNote($"`{function.Name}`: {char.ToLowerInvariant(summary[0])}{summary[1..]}");
    }

    internal static Diagnostic FirstTakesRows(SourceSpan span) =>
        Diagnostic.Error("SML3003", "`first` takes the rows of one source here", span, "not a source alone")
            .WithHelp("write `first(source)` or `first(source where ...)`");

    internal static Diagnostic ColumnCount(AggregateDefinition aggregate, string source, int found, SourceSpan span)
    {
        var taken = aggregate switch
        {
            { Parameter: { } parameter } => $"{Columns(aggregate.MaxColumns)} and {parameter.Words}",
            { MaxColumns: 0 } => "no column",
            { MinColumns: 0 } => $"at most {Columns(aggregate.MaxColumns)}",
            _ => Columns(aggregate.MaxColumns),
        };
        var given = found switch { 0 => "none is given", 1 => "1 is given", _ => $"{found} are given" };
        var names = found switch { 0 => "names no column", 1 => "names a column", _ => $"names {Columns(found)}" };
        if (aggregate.Parameter is not null)
        {
            given = found switch { 0 => "neither is given", 1 => "1 argument is given", _ => $"{found} arguments are given" };
            names = found == 0 ? names : $"{found} given";
        }
        var example = aggregate.MaxColumns switch { 0 => source, 1 => $"{source}.<column>", _ => $"{source}.<column>, <column>" };
        if (aggregate.Parameter is not null) example = $"{example}, {aggregate.Parameter.Example}";
        return Diagnostic.Error("SML3003", $"`{aggregate.Name}` takes {taken}, but {given}", span, names)
            .WithHelp($"write `{aggregate.Name}({example})`");
    }

    internal static Diagnostic AggregateConstant(AggregateDefinition aggregate, AggregateParameter parameter, SourceSpan span) =>
        Diagnostic.Error("SML3040", $"`{aggregate.Name}` takes {parameter.Words} as its last argument", span, "not such a constant")
            .WithHelp($"write the number itself, such as `{parameter.Example}`");

    /// <summary>A set or a vector, where something is compared.</summary>
    internal static Diagnostic NotCompared(DataType type, SourceSpan span)
    {
        var isSet = type == DataType.Set;
        return Diagnostic.Error("SML3041", $"{type.Words()} cannot be compared", span, isSet ? "several values at once" : "many numbers at once")
            .WithNote(isSet ? "a set is a feature as it stands: the trainer learns which of its values matter" : "an embedding is a feature as it stands: its numbers have a meaning for a trainer alone")
            .WithHelp(isSet
                ? "`mode(source.column)` is the most frequent value alone; `exists(source where column = ...)` asks for one value"
                : "compare texts, or what `cortex.classify` and `cortex.sentiment` say of them");
    }

    internal static Diagnostic AggregateOfTimes(string aggregate, string source, SourceSpan span, SourceSpan sourceSpan) =>
        Diagnostic.Error("SML3042", $"`{aggregate}` asks when rows of `{source}` happened, which it does not say", span, "made of the instants of rows")
            .WithLabel(sourceSpan, "`static`: its rows hold at all times")
            .WithHelp($"`count({source})` and aggregates of its columns do not ask for instants");

    internal static Diagnostic AggregateOfMembers(string aggregate, string members, SourceSpan span) =>
        Diagnostic.Error("SML3115", $"`{aggregate}` asks when rows happened, and `{members}` are members as of the cutoff", span, "made of the instants of rows")
            .WithHelp($"`max({members}.x)` takes the latest of what a var of `{members}` says, `max_by({members}.x, {members}.y)` the `x` of the one with the largest `y`");

    internal static Diagnostic NotAnAggregate(string function, string part, SourceSpan span) =>
        Diagnostic.Error("SML3014", $"`{function}` is no aggregate and takes no {part}", span, "belongs to an aggregate")
            .WithHelp($"put the aggregate inside, such as `{function}(sum(source.column where ...))`");

    internal static Diagnostic BooleanAggregate(string aggregate, string source, SourceSpan span) =>
        Diagnostic.Error("SML3004", $"`{aggregate}` of a boolean says nothing clear", span, "a boolean")
            .WithHelp($"count the rows where it holds: `count({source} where ...)`");

    internal static Diagnostic KeyTypes(string entity, DataType first, DataType second, SourceSpan span, SourceSpan firstSpan) =>
        Diagnostic.Error("SML3005", $"the key of `{entity}` is {second.Words()} here and {first.Words()} elsewhere", span, second.Words())
            .WithLabel(firstSpan, first.Words())
            .WithHelp("convert one of them, such as `by customer_id::string`");

    internal static Diagnostic TimeType(string source, DataType found, SourceSpan span) =>
        Diagnostic.Error("SML3006", $"the time of `{source}` is {found.Words()}", span, "not an instant")
            .WithHelp(found.IsNumeric() ? "a number of seconds since 1970 is read by `to_timestamp(x)`" : "name a column that holds dates or timestamps");

    internal static Diagnostic NumberOutOfRange(string text, SourceSpan span) =>
        Diagnostic.Error("SML3007", $"the number {text} is out of range", span, "beyond what a number holds")
            .WithHelp("whole numbers end at 9223372036854775807; others have up to 28 digits");

    internal static Diagnostic PathInto(DataType type, SourceSpan operand, SourceSpan span) =>
        Diagnostic.Error("SML3103", $"a path leads into {type.Words()}", span, "nothing lies in it")
            .WithLabel(operand, type.Words())
            .WithHelp("paths lead into objects and arrays, such as a JSON column; a part of an instant is `hour_of(x)`");

    internal static Diagnostic AnchorAlone(SourceSpan span) =>
        Diagnostic.Error("SML3120", "`anchor` is a row, not a value", span, "which of its columns?")
            .WithHelp("name a column: `anchor.<column>`");

    internal static Diagnostic AggregateInRow(string aggregate, string source, SourceSpan span) =>
        Diagnostic.Error("SML3121", $"`{aggregate}` aggregates rows, where one row of `{source}` is read", span, "takes many rows")
            .WithNote($"what stands inside an aggregate or a source is computed for each row of `{source}` by itself")
            .WithHelp($"an aggregate of aggregates goes by way of a source: `source daily = group {source} by ... {{ x = {aggregate}(...) }}`");

    internal static Diagnostic AggregateInRollup(string aggregate, string members, SourceSpan span) =>
        Diagnostic.Error("SML3122", $"`{aggregate}` aggregates rows, where one `{members}` is read", span, "takes many rows")
            .WithNote($"inside a roll-up stand the vars of each `{members}`")
            .WithHelp($"declare it as a var of the member, `var {members}.x = {aggregate}(...)`, and roll up `{members}.x`");

    internal static Diagnostic PivotAsValue(SourceSpan span) =>
        Diagnostic.Error("SML3123", "a pivot is not one value", span, "one column a value")
            .WithNote("a pivot is a var, and stands for a family of vars")
            .WithHelp("say which of the values is meant: `count(s where c = 'a')`");

    internal static Diagnostic ListAsValue(SourceSpan span) =>
        Diagnostic.Error("SML3124", "a list is not a value", span, "several values at once")
            .WithHelp("`x in ('a', 'b')` asks whether a value is one of several; `top_values(source.column, 3)` is a set that rows give");

    internal static Diagnostic TextOutsideRow(string function, SourceSpan span) =>
        Diagnostic.Error("SML3125", $"`{function}` does not read the text of a row", span, "whose text?")
            .WithNote("a model of language is asked once a row, and each answer is paid for")
            .WithHelp($"put it inside the aggregate, `last({function}(s.text))`, or in the source of the table, `column x = {function}(text)`, and read `x` here");

    internal static Diagnostic TextArguments(string function, SourceSpan span) =>
        Diagnostic.Error("SML3126", function == "cortex.classify" ? $"`{function}` takes a text and a list of at least two classes" : $"`{function}` takes a text alone", span, "takes something else")
            .WithHelp(function == "cortex.classify" ? $"write `{function}(text, ['complaint', 'praise'])`" : $"write `{function}(text)`");

    /// <summary>An embedding inside the aggregate that is given, or of each of many rows.</summary>
    internal static Diagnostic EmbeddingOfRows(string? aggregate, SourceSpan span) =>
        Diagnostic.Error(
                "SML3127", aggregate is null ? "an embedding is not computed row by row" : $"`{aggregate}` does not take an embedding",
                span, aggregate is null ? "a vector for each row" : "a vector of many numbers")
            .WithNote("an embedding is of one text as of the cutoff; nothing counts, compares or adds vectors")
            .WithHelp("pick the text first: `cortex.embed(last(s.text))`, which is also said by `last(cortex.embed(s.text))`; so with `first`, `min_by` and `max_by`");

    internal static Diagnostic PivotValue(SourceSpan span) =>
        Diagnostic.Error("SML3104", "a pivot lists what is no value", span, "not a value of a column")
            .WithHelp("list strings, numbers or truth values; rows without a value have a var of their own, `..._null`");

    internal static Diagnostic TestShape(string what, int wanted, int found, SourceSpan span) =>
        Diagnostic.Error("SML3100", $"{what} has {wanted} {(wanted == 1 ? "value" : "values")}, not {found}", span, $"{found} {(found == 1 ? "value" : "values")}")
            .WithHelp("write one value for each name, `null` where there is none");

    internal static Diagnostic TestValue(string what, DataType type, SourceSpan span) =>
        Diagnostic.Error("SML3101", $"{what} is {type.Words()}, and this value is not", span, "of another type")
            .WithHelp(type == DataType.Instant ? "write an instant in UTC, such as '2024-01-30' or '2024-01-30 09:12:00'" : "write a value of that type, or `null`");

    internal static Diagnostic TestRowsOfDerived(string source, SourceSpan span, SourceSpan declared) =>
        Diagnostic.Error("SML3102", $"`{source}` is made from other sources, so a test cannot give its rows", span, "rows of its own it has none")
            .WithLabel(declared, "made from others")
            .WithHelp("give the rows that it is made from");

    internal static Diagnostic InstantText(string text, SourceSpan span) =>
        Diagnostic.Error("SML3008", $"'{text}' is not an instant", span, "not an ISO 8601 date or time")
            .WithHelp("write '2024-01-31' or '2024-01-31 12:00:00', in UTC");

    internal static Diagnostic DurationRange(string text, SourceSpan span) =>
        Diagnostic.Error("SML3009", $"`{text}` is not a length of time", span, "no such length")
            .WithNote("a length of time is above 0, at most 10,000 years, whole in microseconds, and whole in months, quarters and years")
            .WithHelp("write `90 minutes`, `1.5 hours`, `7 days` or `3 months`");

    internal static Diagnostic UnknownType(string name, SourceSpan span) =>
        Diagnostic.Error("SML3010", $"no type is called `{name}`", span, "no such type")
            .WithHelp($"known are {string.Join(", ", DataTypes.CastNames.Select(type => $"`{type}`"))}");

    internal static Diagnostic ParameterValue(string parameter, string value, string allowed, SourceSpan span) =>
        Diagnostic.Error("SML3011", $"`{parameter}` cannot be {value}", span, "outside what it takes").WithHelp($"it takes {allowed}");

    internal static Diagnostic DurationAsValue(string text, SourceSpan span) =>
        Diagnostic.Error("SML3013", $"`{text}` is a length of time where a value is needed", span, "no number, and no instant")
            .WithHelp("a length of time moves an instant, as in `cutoff - 7 days`; `days since x` is a number of days");

    internal static Diagnostic ParamConstant(string name, SourceSpan span) =>
        Diagnostic.Error("SML3060", $"the value of param `{name}` is not a constant", span, "computed, or of no type that a param has")
            .WithHelp("a param is a number, a string, or a length of time such as `90 days`");

    internal static Diagnostic ParamSet(string name, string kind, string text, SourceSpan span) =>
        Diagnostic.Error("SML3061", $"param `{name}` is {kind} and cannot be set to '{text}'", span, kind)
            .WithHelp(kind == "a length of time" ? $"write it as in a program: `--set {name}='60 days'`" : $"`--set {name}=...` takes {kind}");

    internal static Diagnostic ParamKind(string name, string kind, string wanted, SourceSpan span, SourceSpan param) =>
        Diagnostic.Error("SML3062", $"param `{name}` is {kind}, where {wanted} is needed", span, $"{kind} is named here")
            .WithLabel(param, "declared here")
            .WithHelp($"give it a value of that kind: `param {name} = {(wanted == "a length of time" ? "90 days" : "'shop.public.orders'")}`");

    private static string Columns(int count) => count == 1 ? "1 column" : $"{count} columns";

    private static string? Conversion(DataType wanted, DataType found) => (wanted, found) switch
    {
        (_, DataType.Set) or (DataType.Set, _) => "a set is a feature as it stands; `mode(source.column)` is the most frequent value alone",
        (_, DataType.Vector) or (DataType.Vector, _) => "a vector is a feature as it stands; the text that it was computed from can be used otherwise",
        (DataType.Boolean, DataType.Integer) => "compare it, such as `x = 1`",
        (DataType.Integer or DataType.Number, DataType.Instant) => "the time between two instants is `days_between(a, b)`, that up to the cutoff `days since x`",
        (DataType.Instant, DataType.Integer or DataType.Number) => "a number of seconds since 1970 is read by `to_timestamp(x)`",
        (DataType.Instant, DataType.String) => "convert it: `x::timestamp`",
        (DataType.String, _) => "convert it: `x::string`",
        (DataType.Integer or DataType.Number, DataType.String) => "convert it: `x::number`",
        _ => null,
    };
}
