using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>The entity whose members the predicted one has: its vars, its rows, and what says whose member one is.</summary>
internal sealed class Membership
{
    private readonly RowReader _reader;

    /// <summary>Reads the program's rows as those of members.</summary>
    public Membership(OracleProgram program, MemberEntity members)
    {
        Name = members.Name;
        Vars = FeatureColumns.Spread(members.Vars).ToDictionary(var => var.Name);
        Sources = SourceReader.Read(program with { Sources = [.. program.Sources.Select(source => source with { Keys = source.MemberKey is { } key ? [key] : [], Sides = [] })] });
        Link = new LastLink(members.Linking, program.Sources.Single(source => source.Name == members.Linking).Keys);
        _reader = new RowReader(new OracleSource(members.Name, new OracleTable([], []), false, [], null, null, []), Sources);
    }

    public string Name { get; }

    /// <summary>The vars of a member by name.</summary>
    public Dictionary<string, SingleVar> Vars { get; }

    /// <summary>Every source of the program with its rows as those of members.</summary>
    public IReadOnlyDictionary<string, KnownSource> Sources { get; }

    /// <summary>Whose member one is.</summary>
    public LastLink Link { get; }

    /// <summary>Whoever can be a member: whom a row of the linking source names.</summary>
    public IEnumerable<EntityKey> Candidates => Sources[Link.Rows.Source].Keys;

    /// <summary>The vars that an aggregate over members reads.</summary>
    public static IEnumerable<string> ReadBy(AggregateExpression rollup) =>
        new[] { rollup.Column, rollup.By }.OfType<string>()
            .Concat(rollup.Where is null ? [] : ExpressionRewriter.Parts(rollup.Where).OfType<ColumnExpression>().Select(column => column.Name)).Distinct();

    /// <summary>A member, with its vars as the columns of a row.</summary>
    public KnownRow Row(Dictionary<string, object?> values) => new(_reader, values, [], DateTime.MinValue, DateTime.MinValue);

    /// <summary>The aggregates over rows that an aggregate over members comes from, the link among them.</summary>
    public IEnumerable<AggregateExpression> Reads(AggregateExpression rollup) => ReadBy(rollup).SelectMany(name => Reads(Vars[name].Value)).Append(Link.Rows);

    private IEnumerable<AggregateExpression> Reads(OracleExpression expression) => ExpressionRewriter.Parts(expression).SelectMany(part => part switch
    {
        AggregateExpression aggregate => [aggregate],
        VarExpression var => Reads(Vars[var.Name].Value),
        _ => Enumerable.Empty<AggregateExpression>(),
    });
}
