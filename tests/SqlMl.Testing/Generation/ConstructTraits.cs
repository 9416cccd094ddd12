using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Names what a program exercises of sources made from others, members, pivots, params, functions, paths and the cutoff.</summary>
internal static class ConstructTraits
{
    private static readonly ImmutableArray<(ProgramFeatures Needed, string Trait)> Known =
    [
        (ProgramFeatures.Made, "from"), (ProgramFeatures.Made, "from in a var"), (ProgramFeatures.Made, "join each"), (ProgramFeatures.Made, "join each in a var"), (ProgramFeatures.Made, "partner of join each"),
        (ProgramFeatures.Made, "group"), (ProgramFeatures.Made, "group in a var"), (ProgramFeatures.Made, "made source in a label"), (ProgramFeatures.Made, "made source observed"),
        (ProgramFeatures.Storage, "from rows"), (ProgramFeatures.Storage, "sql"),
        (ProgramFeatures.Members, "roll-up"), (ProgramFeatures.Members, "roll-up with a condition"), (ProgramFeatures.Members, "roll-up without members' vars"), (ProgramFeatures.Members, "roll-up before the cutoff"), (ProgramFeatures.Members, "roll-up after"), (ProgramFeatures.Links, "linked after"),
        (ProgramFeatures.Pivots, "pivot that learns"), (ProgramFeatures.Pivots, "pivot that lists"), (ProgramFeatures.Pivots, "pivot over several windows"), (ProgramFeatures.Pivots, "column of a pivot in an expression"),
        (ProgramFeatures.Pivots | ProgramFeatures.Joins, "pivot by a joined column"),
        (ProgramFeatures.Params, "param in a condition"), (ProgramFeatures.Params, "param as a window"), (ProgramFeatures.Params, "import"), (ProgramFeatures.Params, "import under a name"),
        (ProgramFeatures.Functions, "function in a condition"), (ProgramFeatures.Functions, "function in a var"), (ProgramFeatures.Functions, "remainder"), (ProgramFeatures.Functions, "cutoff in a condition"),
        (ProgramFeatures.Functions, "cutoff in a label's condition"), (ProgramFeatures.Functions, "cutoff in a var"),
        (ProgramFeatures.Paths, "path"), (ProgramFeatures.Paths, "raw"), (ProgramFeatures.Paths, "column of a path in an aggregate"), (ProgramFeatures.Paths, "raw in an aggregate"), (ProgramFeatures.Functions, "cast"),
        (ProgramFeatures.Anchor, "anchor in using"), (ProgramFeatures.Anchor, "anchor in when"),
    ];

    /// <summary>Everything that <see cref="Of"/> can find in programs with <paramref name="features"/>.</summary>
    public static IEnumerable<string> All(ProgramFeatures features) => Known.Where(known => features.HasFlag(known.Needed)).Select(known => known.Trait);

    /// <summary>What the program exercises.</summary>
    public static IEnumerable<string> Of(OracleProgram program) => Sources(program).Concat(Vars(program)).Concat(Expressions(program)).Concat(Model(program));

    private static IEnumerable<string> Sources(OracleProgram program)
    {
        if (program.IsImported) yield return program.ImportName is null ? "import" : "import under a name";
        var made = program.Sources.Where(source => source.Origin is not null).ToDictionary(source => source.Name, Name);
        foreach (var name in made.Values) yield return name;
        foreach (var source in program.Sources)
        {
            if (source.Origin is FromOrigin { Each: not null } && source.Where is not null && ExpressionRewriter.Parts(source.Where).OfType<ColumnExpression>().Any(column => column.Name == "tags.label"))
                yield return "partner of join each";
            if (source.Storage == SourceStorage.OfRows) yield return "from rows";
            if (source.Storage == SourceStorage.Sql) yield return "sql";
        }
        foreach (var aggregate in program.Vars.SelectMany(var => Aggregates(var.Value)))
        {
            if (!made.TryGetValue(aggregate.Source, out var name)) continue;
            yield return $"{name} in a var";
            if (Columns(aggregate).Any(column => column.StartsWith("tags.", StringComparison.Ordinal))) yield return "partner of join each";
        }
        if (Aggregates(program.Model.Label).Any(aggregate => made.ContainsKey(aggregate.Source))) yield return "made source in a label";
        if (program.Model.Observations.Any(line => line switch
        {
            EachObservation each => made.ContainsKey(each.Rows.Source),
            OffsetEachObservation offset => made.ContainsKey(offset.Rows.Source),
            AfterFirstObservation first => made.ContainsKey(first.Rows.Source),
            _ => false,
        }))
        {
            yield return "made source observed";
        }
    }

    private static string Name(OracleSource source) => source.Origin switch { GroupOrigin => "group", FromOrigin { Each: not null } => "join each", _ => "from" };

    private static IEnumerable<string> Vars(OracleProgram program)
    {
        foreach (var var in program.Vars)
        {
            if (var.Pivot is { } pivot)
            {
                yield return pivot.Top is null ? "pivot that lists" : "pivot that learns";
                if (var.Family is not null) yield return "pivot over several windows";
                if (pivot.Column.Contains('.', StringComparison.Ordinal)) yield return "pivot by a joined column";
                if (program.Vars.SelectMany(other => ExpressionRewriter.Parts(other.Value)).OfType<VarExpression>().Any(read => read.Name.StartsWith(var.Name + "_", StringComparison.Ordinal)))
                    yield return "column of a pivot in an expression";
            }
            foreach (var rollup in Aggregates(var.Value).Where(aggregate => aggregate.Source == program.Members?.Name))
            {
                yield return "roll-up";
                if (rollup.Where is not null) yield return "roll-up with a condition";
                if (rollup is { Where: null, Column: null }) yield return "roll-up without members' vars";
                if (program.Model.Observations[0] is EachObservation { IsBefore: true }) yield return "roll-up before the cutoff";
            }
            var parts = ExpressionRewriter.Parts(var.Value).ToList();
            if (parts.Any(part => part is CallExpression)) yield return "function in a var";
            if (parts.Any(part => part is CutoffExpression)) yield return "cutoff in a var";
        }
    }

    private static IEnumerable<string> Expressions(OracleProgram program)
    {
        var all = program.Vars.Concat(program.Model.Vars).SelectMany(var => Aggregates(var.Value)).Concat(Aggregates(program.Model.Label)).ToList();
        foreach (var aggregate in all)
        {
            if (aggregate.Window is PastWindow { Length.Param: not null }) yield return "param as a window";
            var columns = Columns(aggregate).ToList();
            if (columns.Any(column => column is "device" or "level" or "mark")) yield return "column of a path in an aggregate";
            if (columns.Contains("words")) yield return "raw in an aggregate";
        }
        if (all.Any(aggregate => Condition(aggregate).Any(part => part is CutoffExpression))) yield return "cutoff in a condition";
        if (Aggregates(program.Model.Label).Any(aggregate => Condition(aggregate).Any(part => part is CutoffExpression))) yield return "cutoff in a label's condition";
        var ofSources = program.Sources.SelectMany(source => source.Columns.Select(column => column.Value).Append(source.Where)).OfType<OracleExpression>().ToList();
        // What SQL text says is written for the oracle alone.
        if (ofSources.Any(IsRaw)) yield return "raw";
        var conditions = all.SelectMany(Condition).Concat(ofSources.Where(expression => !IsRaw(expression)).SelectMany(ExpressionRewriter.Parts));
        foreach (var part in conditions)
        {
            switch (part)
            {
                case ParamExpression: yield return "param in a condition"; break;
                case CallExpression: yield return "function in a condition"; break;
                case BinaryExpression { Operator: OracleOperator.Remainder }: yield return "remainder"; break;
                case PathExpression: yield return "path"; break;
                case CastExpression { Operand: ColumnExpression }: yield return "cast"; break;
            }
        }
    }

    private static bool IsRaw(OracleExpression expression) => ExpressionRewriter.Parts(expression).Any(part => part is RawExpression);

    private static IEnumerable<string> Model(OracleProgram program)
    {
        if (!program.Model.Using.Anchors.IsEmpty) yield return "anchor in using";
        if (program.Model.When is not null && ExpressionRewriter.Parts(program.Model.When).Any(part => part is AnchorExpression)) yield return "anchor in when";
    }

    private static IEnumerable<AggregateExpression> Aggregates(OracleExpression expression) => ExpressionRewriter.Parts(expression).OfType<AggregateExpression>();

    private static IEnumerable<OracleExpression> Condition(AggregateExpression aggregate) => aggregate.Where is null ? [] : ExpressionRewriter.Parts(aggregate.Where);

    private static IEnumerable<string> Columns(AggregateExpression aggregate) => new[] { aggregate.Column, aggregate.By }.OfType<string>();
}
