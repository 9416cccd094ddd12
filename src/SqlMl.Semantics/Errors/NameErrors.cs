using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>Findings about names (block 2xxx), one typed method each.</summary>
internal static class NameErrors
{
    internal static Diagnostic Duplicate(string kind, string name, SourceSpan first, SourceSpan second) =>
        Diagnostic.Error("SML2001", $"{kind} `{name}` is declared twice", second, "declared again here")
            .WithLabel(first, "first declared here")
            .WithHelp("remove one of the two, or give it another name");

    internal static Diagnostic UnknownSource(string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2002", $"no source is called `{name}`", span, "no such source", name, known, "source");

    internal static Diagnostic UnknownSourceOfAggregate(string name, SourceSpan span, IEnumerable<string> known) =>
        UnknownSource(name, span, known).WithNote("the first name in an aggregate is the source whose rows it takes");

    internal static Diagnostic UnknownColumn(string source, string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2003", $"`{source}` has no column `{name}`", span, "no such column", name, known, "column");

    internal static Diagnostic UnknownVar(string entity, string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2004", $"entity `{entity}` has no var `{name}`", span, "no such var", name, known, "var");

    internal static Diagnostic UnknownEntity(string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2005", $"no entity is called `{name}`", span, "no such entity", name, known, "entity");

    internal static Diagnostic UnknownFunction(string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2006", $"no function is called `{name}`", span, "no such function", name, known, "function");

    internal static Diagnostic Cycle(IReadOnlyList<VarSymbol> cycle)
    {
        var (name, span) = (cycle[0].Name, cycle[0].Span);
        var path = cycle.Count == 1 ? "" : ": " + string.Join(" -> ", cycle.Append(cycle[0]).Select(item => $"`{item.Name}`"));
        var diagnostic = Diagnostic.Error("SML2007", $"var `{name}` is defined by itself{path}", span, cycle.Count == 1 ? "reads itself" : "the circle starts here");
        foreach (var part in cycle.Skip(1)) diagnostic = diagnostic.WithLabel(part.Span, $"`{part.Name}` is part of it");
        return diagnostic.WithHelp("break the circle: a var may only read vars that do not read it");
    }

    internal static Diagnostic FamilyInExpression(string family, IReadOnlyList<string> members, SourceSpan span) =>
        Diagnostic.Error("SML2008", $"`{family}` names a family of {members.Count} vars, not one value", span, $"stands for {members.Count} vars")
            .WithHelp($"name one of them: {string.Join(", ", members.Select(member => $"`{member}`"))}");

    internal static Diagnostic SourceWithoutEntity(string source, string entity, SourceSpan span, SourceSpan sourceSpan) =>
        Diagnostic.Error("SML2009", $"`{source}` does not name the entity `{entity}`", span, $"its rows belong to no `{entity}`")
            .WithLabel(sourceSpan, "declared here")
            .WithHelp($"add `entity {entity} by <column>` to source `{source}`");

    internal static Diagnostic UnknownTrainer(string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2010", $"no trainer is called `{name}`", span, "no such trainer", name, known, "trainer");

    internal static Diagnostic UnknownParameter(TrainerDefinition trainer, string name, SourceSpan span)
    {
        var similar = SimilarNames.Nearest(name, trainer.Parameters.SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name)));
        return Diagnostic.Error("SML2011", $"trainer `{trainer.Name}` has no parameter `{name}`", span, "no such parameter")
            .WithHelp(similar is null
                ? $"its parameters are {string.Join(", ", trainer.Parameters.Select(parameter => $"`{parameter.Name}`"))}"
                : $"a parameter with a similar name exists: `{similar}`");
    }

    internal static Diagnostic ReservedName(string what, string name, string why, SourceSpan span) =>
        Diagnostic.Error("SML2012", $"{what} cannot be called `{name}`", span, why).WithHelp("give it another name");

    internal static Diagnostic ColumnOutsideAggregate(string source, string column, SourceSpan span) =>
        Diagnostic.Error("SML2013", $"`{source}.{column}` is read outside an aggregate", span, "an entity has many rows")
            .WithHelp($"say which row is meant, such as `last({source}.{column})`");

    internal static Diagnostic MissingClause(string what, string clause, SourceSpan span, string help) =>
        Diagnostic.Error("SML2014", $"{what} has no `{clause}`", span, $"`{clause}` is missing").WithHelp(help);

    internal static Diagnostic RepeatedClause(string what, string clause, SourceSpan first, SourceSpan second) =>
        Diagnostic.Error("SML2015", $"{what} says `{clause}` twice", second, "said again here")
            .WithLabel(first, "first said here")
            .WithHelp("keep one of the two");

    internal static Diagnostic KeyLength(string entity, int expected, int found, SourceSpan span, SourceSpan first) =>
        Diagnostic.Error("SML2016", $"the key of `{entity}` has {found} {Columns(found)} here and {expected} elsewhere", span, $"{found} {Columns(found)}")
            .WithLabel(first, $"{expected} {Columns(expected)}")
            .WithHelp("name the same key parts, in the same order, in every source");

    internal static Diagnostic EntityWithoutRows(string entity, SourceSpan span) =>
        Diagnostic.Error("SML2017", $"no source names the entity `{entity}`", span, "nothing says who exists")
            .WithHelp($"add `entity {entity} by <column>` to a source");

    internal static Diagnostic NoFeatures(string model, SourceSpan span) =>
        Diagnostic.Error("SML2018", $"model `{model}` has no features", span, "nothing to learn from")
            .WithHelp("declare vars for its entity, or name some after `using`");

    internal static Diagnostic SourceAsValue(string source, SourceSpan span) =>
        Diagnostic.Error("SML2019", $"`{source}` is a source, not a value", span, "stands for rows")
            .WithHelp($"aggregate its rows, such as `count({source})`, or name a column: `last({source}.<column>)`");

    internal static Diagnostic AggregateWithoutSource(string aggregate, bool takesColumn, SourceSpan span) =>
        Diagnostic.Error("SML2020", $"`{aggregate}` does not say whose rows it takes", span, "names no source")
            .WithNote("the first name in an aggregate is the source whose rows it takes")
            .WithHelp(takesColumn ? $"write `{aggregate}(source.column)`" : $"write `{aggregate}(source)`");

    internal static Diagnostic ComputedAfterUse(string source, string column, SourceSpan span, SourceSpan use) =>
        Diagnostic.Error("SML2021", $"column `{column}` of `{source}` is computed after it is read", span, "computed here")
            .WithLabel(use, "read here")
            .WithHelp("put the computed column before what reads it; if the table has a column of that name, give the computed one another name");

    internal static Diagnostic ColumnTooLarge(string source, string column, int limit, SourceSpan span) =>
        Diagnostic.Error("SML2022", $"column `{column}` of `{source}` grows beyond {limit} terms", span, "each computed column that it reads stands in it in full")
            .WithHelp("store the intermediate columns in the table, or read each of them once");

    internal static Diagnostic ChainTooDeep(string var, int limit, SourceSpan span) =>
        Diagnostic.Error("SML2023", $"var `{var}` stands on a chain of more than {limit} vars", span, "the chain ends here")
            .WithHelp("compute a part of the chain in the source, as a column");

    internal static Diagnostic OutputOption(string kind, string option, SourceSpan span) =>
        Diagnostic.Error("SML2024", $"output `{kind}` does not take `{option}`", span, kind == "class" ? "no such cut" : $"`{kind}` takes a name and a description only")
            .WithHelp("a `class` is cut `at best f1`, at a probability such as `at 0.5`, or `at recall 0.8`");

    internal static Diagnostic UnknownParam(string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2060", $"no param is called `{name}`", span, "no such param", name, known, "param");

    internal static Diagnostic ParamAndColumn(string name, string source, SourceSpan span, SourceSpan param) =>
        Diagnostic.Error("SML2061", $"`{name}` is a param, and a column of `{source}`", span, "the param, by its name alone")
            .WithLabel(param, "declared here")
            .WithHelp($"the column is written `{source}.{name}`; give the param another name where the two are confused");

    internal static Diagnostic ImportNotRead(string path, SourceSpan span) =>
        Diagnostic.Error("SML2062", $"'{path}' is imported, but was not read", span, "its names are missing")
            .WithNote("the compiler reads no files itself; the command line hands it the project's files and what they import")
            .WithHelp("compile the project with `sqlml`, or hand over the imported files as well");

    internal static Diagnostic NamedAndExcepted(string name, SourceSpan span, SourceSpan except) =>
        Diagnostic.Error("SML2032", $"`{name}` is named as a feature, and left out", except, "left out here")
            .WithLabel(span, "named here")
            .WithHelp("remove one of the two");

    internal static Diagnostic ImportedTwice(string file, SourceSpan span, SourceSpan? first)
    {
        var diagnostic = Diagnostic.Error("SML2030", $"'{file}' has its names in two places", span, "puts them here, too");
        diagnostic = first is { } import ? diagnostic.WithLabel(import, "already puts them elsewhere") : diagnostic.WithNote("it is a file of the program itself");
        return diagnostic.WithNote("a file counts once").WithHelp("import it in one place, or under the same name in both");
    }

    internal static Diagnostic ImportAndName(string kind, string name, SourceSpan import, SourceSpan span) =>
        Diagnostic.Error("SML2031", $"`{name}` is an import, and a {kind}".Replace("a entity", "an entity", StringComparison.Ordinal), span, $"the {kind}")
            .WithLabel(import, "the import")
            .WithNote($"`{name}.x` could be a name of either")
            .WithHelp("give one of the two another name");

    internal static Diagnostic UnknownZone(string zone, SourceSpan span) =>
        Diagnostic.Error("SML2108", $"there is no time zone '{zone}'", span, "no such time zone")
            .WithHelp(SimilarNames.Nearest(zone, TimeZoneNames.All) is { } similar
                ? $"a time zone with a similar name exists: '{similar}'"
                : "zones are named after places, region first, such as 'Europe/Paris' or 'America/New_York', or 'UTC'");

    internal static Diagnostic NotCompiled(string construct, SourceSpan span) =>
        Diagnostic.Error("SML2900", $"{construct} is not compiled yet", span, "understood, but not compiled yet")
            .WithNote("this version parses the whole language and compiles a part of it; nothing is skipped in silence");

    internal static Diagnostic UnknownModel(string name, SourceSpan span, IEnumerable<string> known) =>
        Unknown("SML2025", $"no model is called `{name}`", span, "no such model", name, known, "model");

    internal static Diagnostic UnreadTestColumn(string source, string column, SourceSpan span, bool isComputed, IEnumerable<string> read) =>
        Diagnostic.Warning("SML2026", $"nothing reads column `{column}` of `{source}`, which a test gives", span, isComputed ? "computed by the program" : "decides nothing")
            .WithHelp(isComputed ? "give the columns that it is computed from" : $"the program reads {string.Join(", ", read.Select(name => $"`{name}`").DefaultIfEmpty("no column of it"))}");

    internal static Diagnostic RawOutsideSource(SourceSpan span) =>
        Diagnostic.Error("SML2027", "`raw` does not stand in a source of its own table", span, "whose columns would this SQL read?")
            .WithNote("only the row of a table has the names that the table gives its columns")
            .WithHelp("write `column x = raw { ... }::number` in the source, and read `x` here");

    internal static Diagnostic LeftOut(string construct, SourceSpan span) =>
        Diagnostic.Warning("SML2901", $"{construct} is not compiled yet and is left out", span, "left out")
            .WithNote("training and scores do not depend on it");

    private static Diagnostic Unknown(
        string code, string message, SourceSpan span, string label, string name, IEnumerable<string> known, string kind)
    {
        var candidates = known.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var similar = SimilarNames.Nearest(name, candidates);
        var diagnostic = Diagnostic.Error(code, message, span, label);
        if (similar is not null) return diagnostic.WithHelp($"{(kind == "entity" ? "an" : "a")} {kind} with a similar name exists: `{similar}`");
        return candidates.Count is > 0 and <= 12
            ? diagnostic.WithHelp($"known are {string.Join(", ", candidates.Select(candidate => $"`{candidate}`"))}")
            : diagnostic;
    }

    private static string Columns(int count) => count == 1 ? "column" : "columns";
}
