using System.Collections.Immutable;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Generates programs with their data, the same for the same seed. Every one has a training set and, mostly, both labels in it.</summary>
public static class ProgramGenerator
{
    private const int Attempts = 1000;
    private const int MinimumRows = 6;

    /// <summary>Zones whose clocks change in the time of the programs, by an hour and by half of one, and one whose clock never does.</summary>
    private static readonly ImmutableArray<string> Zones = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];

    private const int MaximumRows = 600;

    /// <summary>The program of a seed together with what it means; the observation mode goes round with the seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="features">What the program may use: each construct comes up in many programs, none in all.</param>
    /// <exception cref="InvalidOperationException">No attempt had a training set: the generator is at fault.</exception>
    public static (OracleProgram Program, OracleResult Result) Generate(int seed, ProgramFeatures features = ProgramFeatures.None)
    {
        var modes = ObservationModes.Of(features);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var program = Attempt(new Dice(HashCodeOf(seed, attempt)), new LinkGenerator(new Dice(HashCodeOf(~seed, attempt)), features), modes[seed % modes.Length], features);
            if (Oracle.Evaluate(program) is { } result && IsUsable(program, result)) return (program, result);
        }
        throw new InvalidOperationException($"no usable program for seed {seed} in {Attempts} attempts");
    }

    private static OracleProgram Attempt(Dice dice, LinkGenerator links, ObservationMode mode, ProgramFeatures features)
    {
        var scale = dice.Pick(TimeScale.Days, TimeScale.Hours);
        var keys = KeyShape.Generate(dice);
        var sourceGenerator = new SourceGenerator(dice, scale, keys, features);
        string[] names = ["orders", "visits", "calls"];
        var sources = names.Take(dice.Between(1, names.Length)).Select(sourceGenerator.Generate).ToArray();

        var partnerGenerator = new PartnerGenerator(dice, scale, features);
        var partners = partnerGenerator.Joined();
        var states = partnerGenerator.OfEntities(keys).ToImmutableArray();
        var clauses = new SourceClauseGenerator(dice, scale, features, keys, partners, links);
        var hasPlans = features.HasFlag(ProgramFeatures.Planned) && (mode == ObservationMode.OffsetBeforeEach || dice.Percent(25));
        // The parts of a key are called as in a source without sides: where there are several, one source stays such.
        var sided = features.HasFlag(ProgramFeatures.Sides) && dice.Percent(40) ? dice.Below(sources.Length) : -1;
        if (keys.Types.Length > 1 && sources.Length == 1) sided = -1;
        var linking = features.HasFlag(ProgramFeatures.Links) && dice.Percent(40) ? dice.Below(sources.Length) : -1;
        if (linking >= 0) links.Unite(mode);
        var gathering = keys.Types.Length > 1 ? links.Gathering(sources.Length) : features.HasFlag(ProgramFeatures.Members) && dice.Percent(35) ? dice.Below(sources.Length) : -1;
        if (gathering == sided || (hasPlans && gathering == sources.Length - 1)) gathering = -1;
        for (var i = 0; i < sources.Length; i++)
        {
            sources[i] = clauses.Extend(sources[i], isPlanned: hasPlans && i == sources.Length - 1, hasSides: i == sided, namesOther: i == linking || links.IsUnited, namesMember: i == gathering);
            // Only a table's own column has a clock.
            if (features.HasFlag(ProgramFeatures.Zones) && sources[i].Storage == SourceStorage.Own && dice.Percent(30)) sources[i] = sources[i] with { Zone = dice.Pick(Zones) };
        }

        var unions = features.HasFlag(ProgramFeatures.Unions) ? Unions(dice, sources) : [];
        sources = [.. links.Settle([.. sources], unions, linking)];
        var readable = sources.Select(source => ReadableSource.Of(source, partners)).ToImmutableArray();
        var ofEntity = readable;
        ImmutableArray<OracleSource> made = [];
        if (features.HasFlag(ProgramFeatures.Made))
        {
            var maker = new MadeSourceGenerator(dice, features);
            var others = maker.Generate([.. sources], readable).ToList();
            made = [.. others.Select(other => other.Source)];
            if (made.Any(source => source.Origin is FromOrigin { Each: not null })) partners = partners.Add(maker.Tags);
            readable = [.. readable, .. others.Select(other => other.Readable)];
        }
        var united = unions.Select(union => ReadableSource.Of(union, [.. union.Parts.Select(part => readable.Single(source => source.Name == part))])).ToImmutableArray();
        var aggregates = new AggregateGenerator(dice, scale, features, [.. readable, .. united]);
        var varGenerator = new VarGenerator(dice, scale, features, aggregates, states);
        var vars = varGenerator.Generate(dice.Between(2, 7));
        OtherEntity? other = null;
        OracleVar? linked = null;
        AggregateGenerator? ofOther = null;
        AggregateGenerator? ofMembers = null;
        if (linking >= 0)
        {
            // Rows of its own, which name nobody else.
            var deals = clauses.Extend(sourceGenerator.Generate("deals"), isPlanned: false, hasSides: false, namesOther: true) with { Keys = [] };
            partners = partners.Add(deals);
            var read = new AggregateGenerator(dice, scale, features & ~ProgramFeatures.Params, [ofEntity[linking] with { Sides = [] }, ReadableSource.Of(deals, partners)]);
            ofOther = read;
            other = new OtherEntity("owner", new VarGenerator(dice, scale, features, read, []).Generate(dice.Between(1, 3), isOfOthers: true));
            var values = FeatureColumns.Spread(other.Vars).Where(var => var.Value is not AggregateExpression { IsInstant: true }).ToList();
            linked = new OracleVar("linked", new LinkedExpression("owner", dice.Pick(values).Name), null, null);
            // Where the cutoff's own row alone says who is meant, a var of the entity, which has no such row, cannot ask.
            if (!links.IsUnited) vars = vars.Add(linked);
        }
        MemberEntity? members = null;
        if (gathering >= 0)
        {
            var pings = clauses.Extend(sourceGenerator.Generate("pings"), isPlanned: false, hasSides: false, namesOther: false, namesMember: true) with { Keys = [] };
            partners = partners.Add(pings);
            var read = new AggregateGenerator(dice, scale, features & ~ProgramFeatures.Params, [ofEntity[gathering], ReadableSource.Of(pings, partners)]);
            ofMembers = read;
            var generator = new VarGenerator(dice, scale, features, read, []);
            members = new MemberEntity("member", sources[gathering].Name, generator.Generate(dice.Between(1, 3), isOfOthers: true));
            vars = vars.AddRange(new MemberGenerator(dice, members.Name, generator.Known).Generate());
        }
        var keyPart = features.HasFlag(ProgramFeatures.Sides) ? new KeyExpression(keys.Types.Length - 1, keys.Types.Length > 1 ? "shop" : null) : null;
        if (keyPart is not null && dice.Percent(20)) vars = vars.Add(new OracleVar("who", keyPart, null, null));
        var model = new ModelGenerator(dice, scale, features, aggregates, varGenerator, !states.IsEmpty).Generate(mode, vars, links.IsUnited ? united[0] : null);
        if (linked is not null && links.IsUnited) model = model with { Vars = model.Vars.Add(linked), Using = model.Using.IsAll ? model.Using : model.Using with { Names = model.Using.Names.Add(linked.Name) } };
        if (keyPart is not null && dice.Percent(15))
        {
            var isNot = new BinaryExpression(keyPart, OracleOperator.NotEqual, new LiteralExpression(keys.Entities[0][^1]));
            model = model with { When = model.When is null ? isNot : new BinaryExpression(model.When, OracleOperator.And, isNot) };
        }
        if (model.Label is LaterExpression ofOthers && (other is not null || members is not null) && dice.Percent(75))
        {
            // How things are with others by then.
            var isLinked = other is not null && (members is null || dice.Percent(20));
            var count = new OracleVar("later", (isLinked ? ofOther : ofMembers)!.Build(AggregateKind.Count, dice.Maybe(50, () => new PastWindow(ofOthers.Later, null))).Value, null, null);
            OracleExpression value = isLinked ? new LinkedExpression("owner", "later") : new AggregateExpression(dice.Pick(AggregateKind.Sum, AggregateKind.Max), "member", "later", null, null, null);
            if (isLinked) other = other! with { Vars = other.Vars.Add(count) };
            else members = members! with { Vars = members.Vars.Add(count) };
            if (ofOthers.Operand is not AggregateExpression) value = new BinaryExpression(value, OracleOperator.GreaterOrEqual, new LiteralExpression(dice.Pick(1m, 2m)));
            model = model with { Label = ofOthers with { Operand = value } };
        }
        else if (model.Label is LaterExpression later && dice.Percent(60))
        {
            // The same label, made from a var, or from a var that reads a var.
            vars = vars.Add(new OracleVar("state", later.Operand, null, null));
            var state = new VarExpression("state");
            OracleExpression status = later.Operand is AggregateExpression ? new BinaryExpression(state, OracleOperator.Multiply, new LiteralExpression(2m)) : new NotExpression(state);
            if (dice.Percent(50)) vars = vars.Add(new OracleVar("status", status, null, null));
            model = model with { Label = later with { Operand = new VarExpression(vars[^1].Name) } };
        }
        var hasParams = features.HasFlag(ProgramFeatures.Params);
        var asOf = dice.Percent(40) ? (DateTime?)scale.OnGrid(dice, 70, 110) : null;
        var isImported = hasParams && dice.Percent(20);
        // The last that is rolled: what else there is does not depend on it.
        if (features != ProgramFeatures.None && dice.Percent(20)) model = model with { ScoreOnly = varGenerator.Condition() };
        return new OracleProgram([.. sources, .. partners, .. states, .. made], "user", vars, model, asOf)
        {
            Members = members,
            Params = hasParams ? [.. RowConditionGenerator.Params, new("look_back", aggregates.LookBack)] : [],
            IsImported = isImported,
            ImportName = isImported ? links.ImportName() : null,
            Unions = unions,
            Other = other,
            Population = features.HasFlag(ProgramFeatures.Population) && dice.Percent(35) ? Population(dice, [.. sources, .. states]) : null,
        };
    }

    /// <summary>Who there is by the rows of a source without sides: from their own time on, or from what they say.</summary>
    private static OraclePopulation? Population(Dice dice, ImmutableArray<OracleSource> sources)
    {
        var declaring = sources.Where(source => source.Sides.IsEmpty).ToList();
        if (declaring.Count == 0) return null;
        var source = dice.Pick(declaring);
        var hasSince = source.Table.Columns.Any(column => column.Name == "since_at") && dice.Percent(70);
        return new OraclePopulation(source.Name, hasSince ? "since_at" : null);
    }

    /// <summary>One union or none. Its parts may lie neither ahead nor in an order of their own, which the union would not have.</summary>
    private static ImmutableArray<OracleUnion> Unions(Dice dice, OracleSource[] sources)
    {
        // Which columns a part lacks, only a schema tells; a query has none.
        var parts = sources.Where(source => !source.IsPlanned && source.OrderBy is null && source.Storage != SourceStorage.Sql).Select(source => source.Name).ToImmutableArray();
        return parts.Length > 1 && dice.Percent(70) ? [new OracleUnion("touches", parts)] : [];
    }

    /// <summary>
    /// Leaves out what the language refuses or does not settle: too few cutoffs for the split, no feature, history required of no source, an explicit cutoff
    /// whose label an explicit as_of cannot know, cutoffs after as_of, which only `allow immature` could keep, and rows that
    /// neither their key nor their cutoff tells apart where it matters which is which.
    /// </summary>
    private static bool IsUsable(OracleProgram program, OracleResult result) =>
        result.Training is { Length: >= MinimumRows and <= MaximumRows } training
        && !result.Features.IsEmpty
        && result.LastCutoff <= result.AsOf
        && !HasHopelessInstant(program)
        && (program.Model.RequiredHistory is null || new ModelContext(program).WindowedSources.Any())
        && (program.Model.Split.IsByTime || AreRowsDistinct(training))
        && (program.Model.Sample is null || !ReadsAnchors(program) || AreRowsDistinct(Oracle.Evaluate(Undivided(program))!.Training!.Value))
        && (!ReadsAnchors(program) || AreDistinct(Oracle.Due(program), row => row.Key, row => Text(row.Features)));

    /// <summary>Whether rows of one entity and instant may differ: the model's own vars read the anchor, and so does a link.</summary>
    private static bool ReadsAnchors(OracleProgram program) => !program.Model.Vars.IsEmpty || program.Other is not null;

    private static bool AreRowsDistinct(ImmutableArray<OracleTrainingRow> rows) =>
        AreDistinct(rows, row => (row.Key, row.Cutoff, Text(row.AnchorKey)), row => $"{row.Label} {Text(row.Features)}");

    /// <summary>The program with all rows that a sample is taken from.</summary>
    private static OracleProgram Undivided(OracleProgram program) =>
        program with { Model = program.Model with { Sample = null, Split = new OracleSplit(false, [50, 50], null, false) } };

    /// <summary>Whether rows of one name are one in value as well.</summary>
    private static bool AreDistinct<TRow, TName>(IEnumerable<TRow> rows, Func<TRow, TName> name, Func<TRow, string> value) =>
        rows.GroupBy(name).All(group => group.Select(value).Distinct().Take(2).Count() == 1);

    private static string Text(ImmutableArray<object?> values) => string.Join('|', values.Select(value => $"{value?.GetType().Name} {value}"));

    private static bool HasHopelessInstant(OracleProgram program)
    {
        if (program.AsOf is not { } asOf) return false;
        var context = new ModelContext(program);
        return program.Model.Observations.OfType<InstantsObservation>().SelectMany(line => line.Instants).Any(t => context.MaturityEnd(t) > asOf);
    }

    /// <summary>A seed for each attempt that does not fall in with its neighbours'.</summary>
    private static int HashCodeOf(int seed, int attempt) => unchecked((seed * 7919 + attempt) * (int)2654435761u);
}
