using System.Text;

namespace SqlMl.Testing.Programs;

/// <summary>Oracle programs as `.sqlml` text.</summary>
public static class ProgramText
{
    /// <summary>The program's text; its sources read files of the names <see cref="OracleSource.FileName"/>.</summary>
    public static string Render(OracleProgram program)
    {
        var text = new StringBuilder();
        WriteDeclarations(text, program);
        WriteModel(text, program.Model, program.Entity);
        return text.ToString();
    }

    /// <summary>The program in two files: the model, and what it imports.</summary>
    public static (string Model, string Declarations) RenderFiles(OracleProgram program, string imported)
    {
        var name = program.ImportName;
        var (model, declarations) = (new StringBuilder($"import {ExpressionText.Quote(imported)}{(name is null ? "" : $" as {name}")}\n"), new StringBuilder());
        WriteDeclarations(declarations, program);
        if (name is null) WriteModel(model, program.Model, program.Entity);
        else WriteModel(model, new ImportedModel(name, program.Model).Written, $"{name}.{program.Entity}");
        return (model.ToString(), declarations.ToString());
    }

    private static void WriteDeclarations(StringBuilder text, OracleProgram program)
    {
        foreach (var param in program.Params) text.Append($"param {param.Name} = {Param(param.Value)}\n");
        foreach (var source in program.Sources) WriteSource(text, source, program);
        foreach (var union in program.Unions) text.Append($"source {union.Name} = union of {string.Join(", ", union.Parts)}\n");
        text.Append($"entity {program.Entity}{Population(program)}\n");
        if (program.Other is { } other)
        {
            text.Append($"entity {other.Name}\n");
            foreach (var var in other.Vars) text.Append($"var {other.Name}.{var.Name} = {Value(var)}\n");
        }
        if (program.Members is { } members)
        {
            text.Append($"entity {members.Name}\n");
            foreach (var var in members.Vars) text.Append($"var {members.Name}.{var.Name} = {Value(var)}\n");
        }
        foreach (var var in program.Vars) text.Append($"var {program.Entity}.{var.Name} = {Value(var)}\n");
    }

    private static string Param(object value) => value is OracleDuration duration ? duration.Written : ExpressionText.Render(new LiteralExpression(value));

    private static string Population(OracleProgram program)
    {
        if (program.Population is not { } population) return "";
        var keys = program.Sources.Single(source => source.Name == population.Source).Keys;
        return $" from {population.Source} by {string.Join(", ", keys)}" + (population.Since is null ? "" : $" since {population.Since}");
    }

    private static void WriteSource(StringBuilder text, OracleSource source, OracleProgram program)
    {
        if (source.Origin is GroupOrigin group)
        {
            var columns = string.Join("  ", group.Columns.Select(column => $"{column.Name} = {ExpressionText.OfGroup(column.Value)}"));
            text.Append($"source {source.Name} = group {group.Source} by {string.Join(", ", group.By)} {{ {columns} }}\n");
            return;
        }
        if (source.Storage == SourceStorage.OfRows) text.Append($"source {source.StoredName} {{ file '{source.FileName}' }}\n");
        if (source.Storage == SourceStorage.Sql)
        {
            text.Append($"source {source.StoredName} = sql {{ duckdb {ExpressionText.Quote(source.Table.ToQuery())} snowflake 'SELECT * FROM shop.{source.Name}' }}\n");
        }
        text.Append($"source {source.Name} {{\n");
        foreach (var clause in SourceClauses(source, program.Entity)) text.Append($"  {clause}\n");
        if (!source.OtherKeys.IsEmpty) text.Append($"  entity {program.Other!.Name} by {string.Join(", ", source.OtherKeys)}\n");
        if (source.MemberKey is not null) text.Append($"  entity {program.Members!.Name} by {source.MemberKey}\n");
        text.Append("}\n");
    }

    private static IEnumerable<string> SourceClauses(OracleSource source, string entity)
    {
        yield return source.Origin is { } origin ? $"from {origin.Source}" : source.Storage == SourceStorage.Own ? $"file '{source.FileName}'" : $"from {source.StoredName}";
        if (!source.Sides.IsEmpty) yield return $"entity {entity} by {string.Join(", ", source.Sides.SelectMany(side => side.Columns.Select(column => $"{column} as {side.Name}")))}";
        else if (!source.Keys.IsEmpty) yield return $"entity {entity} by {string.Join(", ", source.Keys)}";
        if (source.Time is not null) yield return $"time {source.Time}" + (source.Zone is null ? "" : $" zone '{source.Zone}'");
        if (source.KnownAt is { } known) yield return $"known at {known.Column}" + (known.Within is null ? "" : $" within {known.Within}");
        if (source.Delay is not null) yield return $"delay {source.Delay}";
        if (source.IsPlanned) yield return "planned";
        if (source.IsStatic) yield return "static";
        if (source.Valid is { } valid) yield return $"valid from {valid.From} to {valid.To}";
        if (!source.UniqueBy.IsEmpty) yield return $"key {string.Join(", ", source.UniqueBy)}";
        foreach (var late in source.Late) yield return $"late {string.Join(", ", late.Columns)}" + (late.At is null ? "" : $" at {late.At}");
        if (source.OrderBy is not null) yield return $"order by {source.OrderBy}";
        if (source.Complete is { } complete) yield return $"complete until {(complete.Until is { } end ? ExpressionText.Instant(end) : "as_of")}";
        if (source.Origin is FromOrigin { Each: { } each }) yield return Join(each).Replace("join ", "join each ", StringComparison.Ordinal);
        foreach (var join in source.Joins) yield return Join(join);
        if (source.Where is not null) yield return $"where {ExpressionText.Render(source.Where)}";
        foreach (var column in source.Columns) yield return $"column {column.Name} = {ExpressionText.Render(column.Value)}";
    }

    private static string Join(JoinClause join)
    {
        var keys = join.Keys.Select(key => key.Ours == key.Theirs ? key.Ours : $"{key.Ours} = {key.Theirs}");
        return $"join {join.Source}{(join.Alias is null ? "" : $" as {join.Alias}")} on {string.Join(", ", keys)}";
    }

    private static string Value(OracleVar var)
    {
        if (var is { Pivot: { } by, Value: AggregateExpression whole, Family: null })
        {
            return ExpressionText.Render(whole with { Window = null }) + ExpressionText.Pivot(by) + ExpressionText.Window(whole.Window);
        }
        var pivot = var.Pivot is null ? "" : ExpressionText.Pivot(var.Pivot);
        var text = var.Family is null
            ? ExpressionText.Render(var.Value)
            : $"{ExpressionText.RenderBracketed(var.Value)}{pivot} over {string.Join(", ", var.Family.Lengths)} "
                + OracleDuration.UnitWord(var.Family.Unit) + "s" + (var.Family.Ending is null ? "" : $" ending {var.Family.Ending} ago");
        return text + Default(var.Default);
    }

    private static void WriteModel(StringBuilder text, OracleModel model, string entity)
    {
        text.Append($"predict {model.Name} for {entity} {{\n");
        text.Append($"  label {Label(model)}{Default(model.LabelDefault)}\n");
        if (model.When is not null) text.Append($"  when {ExpressionText.Render(model.When)}\n");
        if (model.ScoreOnly is not null) text.Append($"  score only when {ExpressionText.Render(model.ScoreOnly)}\n");
        foreach (var observation in model.Observations) text.Append($"  observe {Observation(observation)}\n");
        if (model.Until is not null) text.Append($"  until first({ExpressionText.Rows(model.Until)})\n");
        if (model.Given is not null) text.Append($"  given {ExpressionText.Render(model.Given)}\n");
        if (model.RequiredHistory is not null) text.Append($"  require history {model.RequiredHistory}\n");
        if (model.Sample is { } sample) text.Append($"  sample {sample} rows\n");
        foreach (var var in model.Vars) text.Append($"  var {var.Name} = {Value(var)}\n");
        if (model.AllowsImmature) text.Append("  allow immature\n");
        text.Append($"  using {Features(model.Using)}\n");
        text.Append("  train xgboost\n");
        text.Append($"  split {Split(model.Split)}\n");
        text.Append("}\n");
    }

    private static string Label(OracleModel model)
    {
        if (model.Family is not { } family) return ExpressionText.Render(model.Label);
        var first = family.Windows[0];
        var lengths = family.IsRepeated ? first.Length.ToString()
            : string.Join(", ", family.Windows.Select(window => window.Length.Amount)) + $" {OracleDuration.UnitWord(first.Length.Unit)}s";
        var after = first.After is null ? "" : $" after {first.After}";
        return $"{ExpressionText.RenderBracketed(model.Label)} in next {lengths}{after}" + (family.IsRepeated ? $" repeated {family.Windows.Length} times" : "");
    }

    private static string Observation(OracleObservation observation) => observation switch
    {
        GridObservation grid => $"every {grid.Step}"
            + (grid.AlignedTo is { } aligned ? $" aligned to {ExpressionText.Instant(aligned)}" : "")
            + Bounds(grid.From, grid.Until) + (grid.Count is { } count ? $" count {count}" : ""),
        EachObservation each => $"{(each.IsBefore ? "before" : "at")} each {ExpressionText.Rows(each.Rows)}{Bounds(each.From, each.Until)}",
        OffsetEachObservation offset =>
            $"{offset.Offset} {(offset.IsBefore ? "before" : "after")} each {ExpressionText.Rows(offset.Rows)}{Bounds(offset.From, offset.Until)}",
        AfterFirstObservation first => $"{first.Offset} after first({ExpressionText.Rows(first.Rows)}){Bounds(first.From, first.Until)}",
        InstantsObservation instants => $"at {string.Join(", ", instants.Instants.Select(ExpressionText.Instant))}",
        _ => throw new InvalidOperationException($"{observation.GetType()} cannot be written"),
    };

    private static string Bounds(ObservationBound? from, ObservationBound? until) =>
        (from is null ? "" : $" from {Bound(from)}") + (until is null ? "" : $" until {Bound(until)}");

    private static string Bound(ObservationBound bound) => bound switch
    {
        { Instant: { } instant } => ExpressionText.Instant(instant),
        { BeforeAsOf: { } before } => $"as_of - {before}",
        _ => "as_of",
    };

    private static string Features(FeatureSelection selection)
    {
        var anchors = string.Concat(selection.Anchors.Select(anchor => $", anchor.{anchor.Column} as {anchor.Name}"));
        var names = string.Join(", ", selection.Names);
        if (!selection.IsAll) return names + anchors;
        return $"all{anchors}" + (selection.Names.IsEmpty ? "" : $" except {names}");
    }

    private static string Split(OracleSplit split) => !split.Instants.IsEmpty
        ? $"at {string.Join(", ", split.Instants.Select(ExpressionText.Instant))}"
        : $"{(split.IsByTime ? "by time" : split.IsByEntity ? "by entity" : "random")} {string.Join(" / ", split.Parts)}"
        + (split.Seed is { } seed ? $" seed {seed}" : "") + (split.IsStratified ? " stratified" : "");

    private static string Default(LiteralExpression? value) => value is null ? "" : $" default {ExpressionText.Render(value)}";
}
