using System.Collections.Immutable;
using SqlMl.Testing.Evaluation;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Names what a program exercises, so that a test can count it over many seeds.</summary>
public static class ProgramTraits
{
    /// <summary>Everything that <see cref="Of"/> can find in programs with <paramref name="features"/>, so that what never occurs is missed.</summary>
    public static IReadOnlyList<string> All(ProgramFeatures features) =>
    [
        .. Enum.GetValues<AggregateKind>().Select(kind => $"aggregate {kind}"),
        .. Enum.GetValues<DurationUnit>().Select(unit => $"window in {unit}"),
        .. ObservationModes.Of(features).Select(mode => $"observe {mode}"),
        .. ObservationModes.Of(features).Select(mode => $"scored {mode}"),
        .. SourceTraits.All(features), .. ConstructTraits.All(features),
        "all of the past", "over", "over ending ago", "in next", "in next after", "family", "family ending ago", "elapsed", "elapsed in calendar steps", "elapsed since a var",
        "aggregate where", "division", "three-valued logic", "case", "coalesce", "nullif", "between", "in", "like", "is null",
        "default", "label default", "label of several parts", "when", "until", "allow immature", "several observe lines",
        "grid aligned", "grid from", "grid until", "grid count", "grid of months", "bound from as_of", "each where",
        "using all", "using all except", "using a list", "split by time", "split random", "split stratified", "split at", "split by entity", "given", "require history", "sample",
        .. features == ProgramFeatures.None ? [] : new[] { "score only when" },
        "label family", "label repeated", "after", "after a var", "three parts", "purged rows",
        "explicit as_of", "composite key", "null key", "null time", "duplicate row", "source where", "computed column", "dates", "CSV", "Parquet", "empty source",
        "null feature", "both labels", "number label", "class label", "several classes", "days until",
    ];

    /// <summary>What the program exercises, each once.</summary>
    public static IReadOnlySet<string> Of(OracleProgram program, OracleResult result) =>
        Aggregates(program).Concat(Expressions(program)).Concat(Model(program)).Concat(Data(program)).Concat(Outcome(program, result))
            .Concat(SourceTraits.Of(program, result)).Concat(ConstructTraits.Of(program)).ToHashSet();

    private static IEnumerable<OracleExpression> Parts(OracleProgram program)
    {
        var roots = program.Vars.Concat(program.Model.Vars).Select(var => var.Value).Append(program.Model.Label);
        if (program.Model.When is not null) roots = roots.Append(program.Model.When);
        if (program.Model.ScoreOnly is not null) roots = roots.Append(program.Model.ScoreOnly);
        if (program.Model.Given is not null) roots = roots.Append(program.Model.Given);
        return roots.SelectMany(ExpressionRewriter.Parts);
    }

    private static IEnumerable<string> Aggregates(OracleProgram program)
    {
        foreach (var aggregate in Parts(program).OfType<AggregateExpression>())
        {
            yield return $"aggregate {aggregate.Kind}";
            if (aggregate.Where is not null) yield return "aggregate where";
            var (trait, length) = aggregate.Window switch
            {
                PastWindow { Ending: null } over => ("over", over.Length),
                PastWindow ending => ("over ending ago", ending.Length),
                FutureWindow { After: null } next => ("in next", next.Length),
                FutureWindow after => ("in next after", after.Length),
                _ => ("all of the past", null),
            };
            yield return trait;
            if (length is not null) yield return $"window in {length.Unit}";
        }
    }

    /// <summary>Every expression over columns: the conditions inside aggregates, and the sources' own.</summary>
    private static IEnumerable<OracleExpression> RowParts(OracleProgram program)
    {
        var conditions = Parts(program).OfType<AggregateExpression>().Select(aggregate => aggregate.Where)
            .Concat(program.Sources.Select(source => source.Where)).OfType<OracleExpression>();
        return conditions.Concat(program.Sources.SelectMany(source => source.Columns).Select(column => column.Value)).SelectMany(ExpressionRewriter.Parts);
    }

    private static IEnumerable<string> Expressions(OracleProgram program)
    {
        foreach (var part in Parts(program).Concat(RowParts(program)))
        {
            switch (part)
            {
                case ElapsedExpression { Since: VarExpression }: yield return "elapsed since a var"; break;
                case ElapsedExpression { Unit: >= DurationUnit.Month }: yield return "elapsed in calendar steps"; break;
                case ElapsedExpression: yield return "elapsed"; break;
                case BinaryExpression { Operator: OracleOperator.Divide }: yield return "division"; break;
                case BinaryExpression { Operator: OracleOperator.And or OracleOperator.Or } or NotExpression: yield return "three-valued logic"; break;
                case CaseExpression: yield return "case"; break;
                case CoalesceExpression: yield return "coalesce"; break;
                case NullIfExpression: yield return "nullif"; break;
                case BetweenExpression: yield return "between"; break;
                case InExpression: yield return "in"; break;
                case LikeExpression: yield return "like"; break;
                case IsNullExpression: yield return "is null"; break;
            }
        }
        foreach (var var in program.Vars)
        {
            if (var.Default is not null) yield return "default";
            if (var.Family is { } family)
            {
                yield return family.Ending is null ? "family" : "family ending ago";
                yield return $"window in {family.Unit}";
            }
        }
    }

    private static IEnumerable<string> Model(OracleProgram program)
    {
        var model = program.Model;
        if (model.LabelDefault is not null) yield return "label default";
        if (model.Family is not null) yield return model.Family.IsRepeated ? "label repeated" : "label family";
        foreach (var later in ExpressionRewriter.Parts(model.Label).OfType<LaterExpression>())
        {
            yield return later.Operand is VarExpression ? "after a var" : "after";
            if (ExpressionRewriter.Parts(later.Operand).Any(part => part is LinkedExpression)) yield return "linked after";
            if (ExpressionRewriter.Parts(later.Operand).Any(part => part is AggregateExpression { Source: "member" })) yield return "roll-up after";
        }
        if (ExpressionRewriter.Parts(model.Label).OfType<AggregateExpression>().Count() > 1) yield return "label of several parts";
        if (model.When is not null) yield return "when";
        if (model.ScoreOnly is not null) yield return "score only when";
        if (model.Until is not null) yield return "until";
        if (model.AllowsImmature) yield return "allow immature";
        if (model.Observations.Length > 1) yield return "several observe lines";
        foreach (var trait in model.Observations.SelectMany(Observation)) yield return trait;
        yield return !model.Using.IsAll ? "using a list" : model.Using.Names.IsEmpty ? "using all" : "using all except";
        yield return !model.Split.Instants.IsEmpty ? "split at" : model.Split.IsByTime ? "split by time" : model.Split.IsByEntity ? "split by entity" : "split random";
        if (model.Split.IsStratified) yield return "split stratified";
        if (model.Split.Count == 3) yield return "three parts";
        if (model.Given is not null) yield return "given";
        if (model.RequiredHistory is not null) yield return "require history";
        if (model.Sample is not null) yield return "sample";
        if (program.AsOf is not null) yield return "explicit as_of";
    }

    private static IEnumerable<string> Observation(OracleObservation observation)
    {
        yield return $"observe {Mode(observation)}";
        var (from, until) = observation switch
        {
            GridObservation grid => (grid.From, grid.Until),
            EachObservation each => (each.From, each.Until),
            OffsetEachObservation offset => (offset.From, offset.Until),
            AfterFirstObservation first => (first.From, first.Until),
            _ => (null, null),
        };
        if (from is { Instant: null } || until is { Instant: null }) yield return "bound from as_of";
        if (observation is EachObservation { Rows.Where: not null }) yield return "each where";
        if (observation is not GridObservation line) yield break;
        if (line.AlignedTo is not null) yield return "grid aligned";
        if (line.From is not null) yield return "grid from";
        if (line.Until is not null) yield return "grid until";
        if (line.Count is not null) yield return "grid count";
        if (line.Step.IsCalendar) yield return "grid of months";
    }

    private static ObservationMode Mode(OracleObservation observation) => observation switch
    {
        GridObservation => ObservationMode.Grid,
        EachObservation each => each.IsBefore ? ObservationMode.BeforeEach : ObservationMode.AtEach,
        OffsetEachObservation offset => offset.IsBefore ? ObservationMode.OffsetBeforeEach : ObservationMode.OffsetAfterEach,
        AfterFirstObservation => ObservationMode.AfterFirst,
        _ => ObservationMode.Instants,
    };

    private static IEnumerable<string> Data(OracleProgram program)
    {
        foreach (var source in program.Sources.Where(source => source.Origin is null))
        {
            var rows = source.Table.Rows;
            var time = source.Table.Columns.Select(column => column.Name).ToImmutableArray().IndexOf(source.Time!);
            yield return source.IsParquet ? "Parquet" : "CSV";
            if (source.Keys.Length > 1) yield return "composite key";
            if (source.Where is not null) yield return "source where";
            if (!source.Columns.IsEmpty) yield return "computed column";
            if (time >= 0 && source.Table.Columns[time].Type == ColumnType.Date) yield return "dates";
            if (rows.IsEmpty) yield return "empty source";
            if (rows.Any(row => source.Keys.Select((_, i) => row[i]).Contains(null))) yield return "null key";
            if (time >= 0 && rows.Any(row => row[time] is null)) yield return "null time";
            if (rows.Select((row, i) => rows.Take(i).Any(other => other.SequenceEqual(row))).Contains(true)) yield return "duplicate row";
        }
    }

    private static IEnumerable<string> Outcome(OracleProgram program, OracleResult result)
    {
        if (!result.Scoring.IsEmpty) yield return $"scored {Mode(program.Model.Observations[0])}";
        if (result.Training is not { } rows) yield break;
        if (rows.Length < result.LabelledRows) yield return "purged rows";
        if (rows.Any(row => row.Features.Contains(null))) yield return "null feature";
        var labels = rows.Select(row => row.Label).Distinct().ToList();
        if (labels.OfType<bool>().Count() == 2) yield return "both labels";
        if (labels.OfType<double>().Any()) yield return "number label";
        if (labels.OfType<string>().Any()) yield return "class label";
        if (labels.OfType<string>().Count() > 1) yield return "several classes";
        if (ExpressionRewriter.Parts(program.Model.Label).OfType<ElapsedExpression>().Any(elapsed => elapsed.IsAhead)) yield return "days until";
    }
}
