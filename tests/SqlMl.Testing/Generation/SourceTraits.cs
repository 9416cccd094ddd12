using System.Collections.Immutable;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Names what a program exercises of the clauses of sources, and of what reads them.</summary>
internal static class SourceTraits
{
    private static readonly ImmutableArray<(ProgramFeatures Needed, string Trait)> Known =
    [
        (ProgramFeatures.Knowledge, "known at"), (ProgramFeatures.Knowledge, "known at within"), (ProgramFeatures.Knowledge, "delay"),
        (ProgramFeatures.Knowledge, "known later"), (ProgramFeatures.Knowledge, "never known"),
        (ProgramFeatures.Key, "key"), (ProgramFeatures.Key, "key of several columns"), (ProgramFeatures.Key, "several rows of a key"), (ProgramFeatures.Key, "null in a key"),
        (ProgramFeatures.OrderBy, "order by"), (ProgramFeatures.OrderBy, "first or last in an order"),
        (ProgramFeatures.Complete, "complete until as_of"), (ProgramFeatures.Complete, "complete until an instant"),
        (ProgramFeatures.Late, "late"), (ProgramFeatures.Late, "late in an aggregate"), (ProgramFeatures.Late, "late in a condition"), (ProgramFeatures.Late, "late in a label"),
        (ProgramFeatures.Late, "late in a computed column"),
        (ProgramFeatures.Anchor, "anchor in a var"), (ProgramFeatures.Anchor, "anchor in a condition"), (ProgramFeatures.Anchor, "anchor in a label's condition"),
        (ProgramFeatures.Anchor, "var of the model"),
        (ProgramFeatures.Anchor | ProgramFeatures.Late, "late column of the anchor"), (ProgramFeatures.Anchor | ProgramFeatures.Late, "label over the anchor"),
        (ProgramFeatures.Anchor | ProgramFeatures.Late, "label over the anchor without a window"), (ProgramFeatures.Anchor | ProgramFeatures.Late, "undated late column"),
        (ProgramFeatures.Planned, "planned"), (ProgramFeatures.Planned, "planned rows ahead of as_of"), (ProgramFeatures.Planned, "var that looks ahead"),
        (ProgramFeatures.Static, "static"), (ProgramFeatures.Static, "static in a var"), (ProgramFeatures.Static, "static with order by"),
        (ProgramFeatures.Valid, "valid"), (ProgramFeatures.Valid, "valid in a var"), (ProgramFeatures.Static, "static in when"), (ProgramFeatures.Valid, "valid in when"),
        (ProgramFeatures.Joins, "join"), (ProgramFeatures.Joins, "join of a row that happened"), (ProgramFeatures.Joins, "join under an alias"),
        (ProgramFeatures.Joins, "join of two hops"), (ProgramFeatures.Joins, "joined column in an aggregate"), (ProgramFeatures.Joins, "joined column in a condition"),
        (ProgramFeatures.Joins, "joined column in where"), (ProgramFeatures.Joins, "joined column in a computed column"), (ProgramFeatures.Joins, "join without a partner"),
        (ProgramFeatures.Joins | ProgramFeatures.Valid, "join of states"),
        (ProgramFeatures.Unions, "union"), (ProgramFeatures.Unions, "union in an aggregate"), (ProgramFeatures.Unions, "union observed"), (ProgramFeatures.Unions, "union in a label"),
        (ProgramFeatures.Sides, "sides"), (ProgramFeatures.Sides, "one on two sides"), (ProgramFeatures.Sides, "one side in an aggregate"), (ProgramFeatures.Sides, "all sides in an aggregate"),
        (ProgramFeatures.Sides, "one side in first"), (ProgramFeatures.Sides, "each of two sides"), (ProgramFeatures.Sides, "key in a condition"), (ProgramFeatures.Sides, "key as a feature"),
        (ProgramFeatures.Sides, "key in when"), (ProgramFeatures.Sides | ProgramFeatures.Unions, "union of sides"),
        (ProgramFeatures.Links, "link by the last known row"), (ProgramFeatures.Links, "link by the anchor"), (ProgramFeatures.Links, "link to rows of its own"),
        (ProgramFeatures.Links, "link by several columns"), (ProgramFeatures.Links | ProgramFeatures.Unions, "link by a row of a union"), (ProgramFeatures.Members, "members of a key of several columns"),
        (ProgramFeatures.Zones, "zone"), (ProgramFeatures.Zones, "days in a zone"),
        (ProgramFeatures.Population, "population"), (ProgramFeatures.Population | ProgramFeatures.Static, "population that never changes"),
        (ProgramFeatures.Population | ProgramFeatures.Static, "population since an instant"), (ProgramFeatures.Population, "population of a grid"), (ProgramFeatures.Population, "population of anchors"),
    ];

    /// <summary>Everything that <see cref="Of"/> can find in programs with <paramref name="features"/>.</summary>
    public static IEnumerable<string> All(ProgramFeatures features) =>
        Known.Where(known => features.HasFlag(known.Needed)).Select(known => known.Trait);

    /// <summary>What the program exercises.</summary>
    public static IEnumerable<string> Of(OracleProgram program, OracleResult result) =>
        program.Sources.SelectMany(source => Clauses(source, result).Concat(Joins(source, program)))
            .Concat(Reads(program)).Concat(program.Unions.Select(_ => "union"));

    private static IEnumerable<string> Clauses(OracleSource source, OracleResult result)
    {
        var rows = source.Table.Rows;
        int Column(string name) => source.Table.Columns.Select(column => column.Name).ToImmutableArray().IndexOf(name);
        if (source.KnownAt is { } known)
        {
            var instants = rows.Select(row => (Known: row[Column(known.Column)] as DateTime?, Time: row[Column(source.Time!)] as DateTime?)).ToList();
            foreach (var trait in source.IsPlanned ? Plans(instants, result) : Knowledge(known, instants)) yield return trait;
        }
        if (source.Zone is not null) yield return "zone";
        if (source.Delay is not null) yield return "delay";
        if (!source.UniqueBy.IsEmpty)
        {
            yield return source.UniqueBy.Length > 1 ? "key of several columns" : "key";
            var keys = rows.Select(row => string.Join('|', source.UniqueBy.Select(column => row[Column(column)] ?? "null"))).ToList();
            if (keys.Distinct().Count() < keys.Count) yield return "several rows of a key";
            if (rows.Any(row => source.UniqueBy.Any(column => row[Column(column)] is null))) yield return "null in a key";
        }
        if (source.Sides is [var first, var second])
        {
            yield return "sides";
            if (rows.Any(row => first.Columns.Zip(second.Columns).All(pair => row[Column(pair.First)] is { } key && key.Equals(row[Column(pair.Second)])))) yield return "one on two sides";
        }
        if (source.OrderBy is not null) yield return source.IsStatic ? "static with order by" : "order by";
        if (source.Complete is { } complete) yield return complete.Until is null ? "complete until as_of" : "complete until an instant";
        if (!source.Late.IsEmpty) yield return "late";
        if (source.Columns.Any(column => Names(column.Value).Any(name => IsLate(source, name)))) yield return "late in a computed column";
        if (source.IsStatic && !source.Keys.IsEmpty) yield return "static";
        if (source.Valid is not null && !source.Keys.IsEmpty) yield return "valid";
    }

    private static IEnumerable<string> Knowledge(KnownAtClause clause, List<(DateTime? Known, DateTime? Time)> rows)
    {
        yield return clause.Within is null ? "known at" : "known at within";
        if (rows.Any(row => row.Time < row.Known)) yield return "known later";
        if (rows.Any(row => row is { Known: null, Time: not null })) yield return "never known";
    }

    private static IEnumerable<string> Plans(List<(DateTime? Known, DateTime? Time)> rows, OracleResult result)
    {
        yield return "planned";
        if (rows.Any(row => row.Known <= result.AsOf && row.Time > result.AsOf)) yield return "planned rows ahead of as_of";
    }

    private static IEnumerable<string> Joins(OracleSource source, OracleProgram program)
    {
        foreach (var join in source.Joins)
        {
            var partner = program.Sources.Single(other => other.Name == join.Source);
            yield return partner.Valid is not null ? "join of states" : partner.IsStatic ? "join" : "join of a row that happened";
            if (join.Alias is not null) yield return "join under an alias";
            var ours = source.Table.Columns.Select(column => column.Name).ToImmutableArray().IndexOf(join.Keys[0].Ours);
            var theirs = partner.Table.Rows.Select(row => row[0]).ToHashSet();
            if (source.Table.Rows.Any(row => row[ours] is { } value && !theirs.Contains(value))) yield return "join without a partner";
        }
        if (source.Where is not null && Names(source.Where).Any(IsJoined)) yield return "joined column in where";
        if (source.Columns.Any(column => Names(column.Value).Any(IsJoined))) yield return "joined column in a computed column";
    }

    private static IEnumerable<string> Reads(OracleProgram program)
    {
        var model = program.Model;
        if (!model.Vars.IsEmpty) yield return "var of the model";
        var zoned = program.Sources.Where(source => source.Zone is not null).Select(source => source.Name).ToHashSet();
        if (program.Vars.SelectMany(var => ExpressionRewriter.Parts(var.Value)).OfType<AggregateExpression>().Any(item => item.Kind == AggregateKind.ActiveDays && zoned.Contains(item.Source)))
            yield return "days in a zone";
        foreach (var trait in program.Vars.Concat(model.Vars).SelectMany(var => ExpressionRewriter.Parts(var.Value)).SelectMany(part => Read(part, program, isLabel: false)))
        {
            yield return trait;
        }
        foreach (var trait in ExpressionRewriter.Parts(model.Label).SelectMany(part => Read(part, program, isLabel: true))) yield return trait;
        foreach (var state in model.When is null ? [] : ExpressionRewriter.Parts(model.When).OfType<StateExpression>()) yield return Kind(state, program) + " in when";
        if (model.Observations.Any(line => program.Unions.Any(union => union.Name == ObservedBy(line)))) yield return "union observed";
        foreach (var trait in Sides(program).Concat(Population(program)).Concat(Links(program))) yield return trait;
    }

    private static IEnumerable<string> Links(OracleProgram program)
    {
        if (program.Members is { } members && program.Sources.Single(source => source.Name == members.Linking).Keys.Length > 1) yield return "members of a key of several columns";
        var linking = program.Sources.Where(source => !source.OtherKeys.IsEmpty && !source.Keys.IsEmpty).ToList();
        if (linking.Count == 0) yield break;
        if (linking[0].OtherKeys.Length > 1) yield return "link by several columns";
        if (linking.Count > 1) yield return "link by a row of a union";
        var isAnchored = linking.Count > 1 || program.Model.Observations.All(line => line is EachObservation or OffsetEachObservation && ObservedBy(line) == linking[0].Name);
        yield return isAnchored ? "link by the anchor" : "link by the last known row";
        if (program.Other!.Vars.SelectMany(var => ExpressionRewriter.Parts(var.Value)).OfType<AggregateExpression>().Any(item => item.Source == "deals")) yield return "link to rows of its own";
    }

    private static IEnumerable<string> Population(OracleProgram program)
    {
        if (program.Population is not { } population) yield break;
        yield return "population";
        if (program.Sources.Single(source => source.Name == population.Source).IsStatic) yield return "population that never changes";
        if (population.Since is not null && program.Sources.Single(source => source.Name == population.Source).IsStatic) yield return "population since an instant";
        if (program.Model.Observations.Any(line => line is GridObservation)) yield return "population of a grid";
        if (program.Model.Observations.Any(line => line is EachObservation)) yield return "population of anchors";
    }

    private static IEnumerable<string> Sides(OracleProgram program)
    {
        var model = program.Model;
        var sided = program.Sources.Where(source => !source.Sides.IsEmpty).Select(source => source.Name).ToHashSet();
        if (program.Unions.Any(union => union.Parts.Any(sided.Contains))) yield return "union of sides";
        if (model.Observations.Any(line => line is EachObservation each && sided.Contains(each.Rows.Source))) yield return "each of two sides";
        if (model.Until?.Side is not null || model.Observations.Any(line => line is AfterFirstObservation { Rows.Side: not null })) yield return "one side in first";
        if (model.When is not null && ExpressionRewriter.Parts(model.When).Any(part => part is KeyExpression)) yield return "key in when";
        if (program.Vars.Any(var => var.Value is KeyExpression)) yield return "key as a feature";
        foreach (var aggregate in program.Vars.SelectMany(var => ExpressionRewriter.Parts(var.Value)).Append(model.Label).OfType<AggregateExpression>().Where(item => sided.Contains(item.Source)))
        {
            yield return aggregate.Side is null ? "all sides in an aggregate" : "one side in an aggregate";
            if (aggregate.Where is not null && ExpressionRewriter.Parts(aggregate.Where).Any(part => part is KeyExpression)) yield return "key in a condition";
        }
    }

    private static string? ObservedBy(OracleObservation line) => line switch
    {
        EachObservation each => each.Rows.Source,
        OffsetEachObservation offset => offset.Rows.Source,
        AfterFirstObservation first => first.Rows.Source,
        _ => null,
    };

    private static IEnumerable<string> Read(OracleExpression part, OracleProgram program, bool isLabel) => part switch
    {
        AggregateExpression aggregate => Read(aggregate, program, isLabel),
        AnchorExpression anchor => Read(anchor, program, isLabel),
        StateExpression state => [Kind(state, program) + " in a var"],
        _ => [],
    };

    private static IEnumerable<string> Read(AggregateExpression aggregate, OracleProgram program, bool isLabel)
    {
        if (program.Unions.Any(union => union.Name == aggregate.Source)) yield return isLabel ? "union in a label" : "union in an aggregate";
        if (!isLabel && aggregate.Window is FutureWindow) yield return "var that looks ahead";
        if (aggregate.Where is not null && ExpressionRewriter.Parts(aggregate.Where).Any(part => part is AnchorExpression))
        {
            yield return isLabel ? "anchor in a label's condition" : "anchor in a condition";
        }
        string?[] taken = [aggregate.Column, aggregate.By];
        if (taken.Any(name => name is not null && IsJoined(name))) yield return "joined column in an aggregate";
        if (taken.Any(name => name?.Split('.').Length > 2)) yield return "join of two hops";
        var read = aggregate.Where is null ? [] : Names(aggregate.Where).ToList();
        if (read.Any(IsJoined)) yield return "joined column in a condition";
        if (program.Sources.SingleOrDefault(source => source.Name == aggregate.Source) is not { } source) yield break;
        if (source.OrderBy is not null && aggregate is { Kind: AggregateKind.First or AggregateKind.Last, Column: not null }) yield return "first or last in an order";
        if (taken.Any(name => name is not null && IsLate(source, name))) yield return "late in an aggregate";
        if (read.Any(name => IsLate(source, name))) yield return "late in a condition";
        if (isLabel && taken.Concat(read).Any(name => name is not null && IsLate(source, name))) yield return "late in a label";
    }

    private static IEnumerable<string> Read(AnchorExpression anchor, OracleProgram program, bool isLabel)
    {
        if (!isLabel) yield return "anchor in a var";
        if (isLabel) yield return anchor.Window is null ? "label over the anchor without a window" : "label over the anchor";
        var source = program.Sources.SingleOrDefault(source => source.Name == ObservedBy(program.Model.Observations[0]));
        if (source is null || !IsLate(source, anchor.Column)) yield break;
        yield return source.Late.Single(late => late.Columns.Contains(anchor.Column)).At is null ? "undated late column" : "late column of the anchor";
    }

    private static string Kind(StateExpression state, OracleProgram program) =>
        program.Sources.Single(source => source.Name == state.Source).IsStatic ? "static" : "valid";

    private static IEnumerable<string> Names(OracleExpression expression) =>
        ExpressionRewriter.Parts(expression).OfType<ColumnExpression>().Select(column => column.Name);

    private static bool IsJoined(string name) => name.Contains('.', StringComparison.Ordinal);

    private static bool IsLate(OracleSource source, string name) => source.Late.Any(late => late.Columns.Contains(name));
}
