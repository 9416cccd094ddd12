using System.Collections.Immutable;
using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Generation;

/// <summary>Makes a failing program smaller while it keeps failing.</summary>
public static class ProgramShrinker
{
    /// <summary>
    /// Leaves out vars, clauses and rows, one kind of step after the other, as long as <paramref name="fails"/> stays true.
    /// A candidate that cannot be judged must be answered with false.
    /// </summary>
    /// <param name="program">A program that fails.</param>
    /// <param name="fails">Whether a program fails.</param>
    /// <param name="budget">The most candidates to try.</param>
    public static OracleProgram Shrink(OracleProgram program, Func<OracleProgram, bool> fails, int budget)
    {
        var smaller = true;
        while (smaller && budget > 0)
        {
            smaller = false;
            foreach (var candidate in Candidates(program))
            {
                if (budget-- <= 0) return program;
                if (!fails(candidate)) continue;
                program = candidate;
                smaller = true;
                break;
            }
        }
        return program;
    }

    private static IEnumerable<OracleProgram> Candidates(OracleProgram program)
    {
        foreach (var candidate in WithoutRows(program, share: 2)) yield return candidate;
        foreach (var var in program.Vars.Reverse())
        {
            if (!IsRead(program, var)) yield return Without(program, var);
        }
        foreach (var var in program.Model.Vars.Reverse())
        {
            if (!IsRead(program, var)) yield return Without(program, var);
        }
        foreach (var union in program.Unions.Where(union => !IsTaken(program, union.Name)))
        {
            yield return program with { Unions = program.Unions.Remove(union) };
        }
        foreach (var source in program.Sources)
        {
            foreach (var smaller in SmallerSources(program, source)) yield return program with { Sources = program.Sources.Replace(source, smaller) };
        }
        if (program.Members is { } members && !IsTaken(program, members.Name))
        {
            yield return program with { Members = null, Sources = [.. program.Sources.Select(source => source with { MemberKey = null })] };
        }
        if (program.Other is not null && !program.Vars.Concat(program.Model.Vars).Select(var => var.Value).Append(program.Model.Label).SelectMany(ExpressionRewriter.Parts).Any(part => part is LinkedExpression))
        {
            yield return program with { Other = null, Sources = [.. program.Sources.Select(source => source with { OtherKeys = [] })] };
        }
        if (program.IsImported) yield return program.ImportName is null ? program with { IsImported = false } : program with { ImportName = null };
        if (program.Params.Any(param => !ProgramText.Render(program with { Params = [] }).Contains(param.Name, StringComparison.Ordinal)))
        {
            yield return program with { Params = program.Params.RemoveAll(param => !ProgramText.Render(program with { Params = [] }).Contains(param.Name, StringComparison.Ordinal)) };
        }
        if (program.Population is not null) yield return program with { Population = null };
        foreach (var model in SmallerModels(program.Model)) yield return program with { Model = model };
        // What a label reads of a var can stand in the label itself; the var is then read no more.
        foreach (var var in program.Vars.Where(var => var is { Family: null, Default: null }))
        {
            bool IsIt(OracleExpression part) => part is VarExpression read && read.Name == var.Name;
            if (!ExpressionRewriter.Parts(program.Model.Label).Any(IsIt)) continue;
            var label = ExpressionRewriter.Rewrite(program.Model.Label, part => IsIt(part) ? var.Value : part);
            yield return program with { Model = program.Model with { Label = label } };
        }
        foreach (var source in program.Sources.Where(source => !IsRead(program, source)))
        {
            yield return program with { Sources = program.Sources.Remove(source) };
        }
        foreach (var candidate in WithoutRows(program, share: 8)) yield return candidate;
    }

    private static IEnumerable<OracleSource> SmallerSources(OracleProgram program, OracleSource source)
    {
        if (source.KnownAt is { Within: not null }) yield return source with { KnownAt = source.KnownAt with { Within = null } };
        if (source.KnownAt is not null && !source.IsPlanned) yield return source with { KnownAt = null };
        if (source.Storage != SourceStorage.Own) yield return source with { Storage = SourceStorage.Own };
        if (source.Zone is not null) yield return source with { Zone = null };
        if (source.Delay is not null) yield return source with { Delay = null };
        if (!source.UniqueBy.IsEmpty) yield return source with { UniqueBy = [] };
        // A static source may need its order: without it several rows of a key are an error.
        if (source.OrderBy is not null && !source.IsStatic) yield return source with { OrderBy = null };
        if (source.Complete is not null) yield return source with { Complete = null };
        foreach (var late in source.Late) yield return source with { Late = source.Late.Remove(late) };
        if (source.Where is not null) yield return source with { Where = null };
        var text = ProgramText.Render(program).Replace(".parquet", "", StringComparison.Ordinal).Replace(".csv", "", StringComparison.Ordinal);
        foreach (var column in source.Columns.Where(column => !IsMentioned(text, column.Name))) yield return source with { Columns = source.Columns.Remove(column) };
        foreach (var join in source.Joins.Where(join => !text.Contains(join.Name + ".", StringComparison.Ordinal)))
        {
            yield return source with { Joins = source.Joins.Remove(join) };
        }
    }

    /// <summary>Whether a word stands in the text elsewhere than where it is declared.</summary>
    private static bool IsMentioned(string text, string word) => text.Split(word).Length > 2;

    private static IEnumerable<OracleModel> SmallerModels(OracleModel model)
    {
        if (model.When is not null) yield return model with { When = null };
        if (!model.Using.Anchors.IsEmpty) yield return model with { Using = model.Using with { Anchors = [] } };
        if (model.ScoreOnly is not null) yield return model with { ScoreOnly = null };
        if (model.Given is not null) yield return model with { Given = null };
        if (model.RequiredHistory is not null) yield return model with { RequiredHistory = null };
        if (model.Sample is not null) yield return model with { Sample = null };
        if (model.Until is not null) yield return model with { Until = null };
        if (model.LabelDefault is not null) yield return model with { LabelDefault = null };
        if (model.Label is BinaryExpression { Operator: OracleOperator.And or OracleOperator.Or } label)
        {
            yield return model with { Label = label.Left };
            yield return model with { Label = label.Right };
        }
        if (model.Observations.Length > 1)
        {
            foreach (var line in model.Observations) yield return model with { Observations = [line] };
        }
    }

    /// <summary>The program less a stretch of one source's rows: as many stretches as <paramref name="share"/> says, the first row kept for its types.</summary>
    private static IEnumerable<OracleProgram> WithoutRows(OracleProgram program, int share)
    {
        foreach (var source in program.Sources)
        {
            var rows = source.Table.Rows;
            var length = Math.Max(1, (rows.Length - 1) / share);
            for (var start = 1; start < rows.Length; start += length)
            {
                var kept = rows.RemoveRange(start, Math.Min(length, rows.Length - start));
                yield return program with { Sources = program.Sources.Replace(source, source with { Table = source.Table with { Rows = kept } }) };
            }
        }
    }

    private static OracleProgram Without(OracleProgram program, OracleVar var) => program with
    {
        Vars = program.Vars.Remove(var),
        Model = program.Model with
        {
            Vars = program.Model.Vars.Remove(var),
            Using = program.Model.Using with { Names = [.. program.Model.Using.Names.Where(name => !IsNameOf(name, var))] },
        },
    };

    private static bool IsRead(OracleProgram program, OracleVar var)
    {
        var roots = program.Vars.Concat(program.Model.Vars).Select(other => other.Value).Append(program.Model.Label);
        if (program.Model.When is not null) roots = roots.Append(program.Model.When);
        if (program.Model.ScoreOnly is not null) roots = roots.Append(program.Model.ScoreOnly);
        if (program.Model.Given is not null) roots = roots.Append(program.Model.Given);
        return roots.SelectMany(ExpressionRewriter.Parts).OfType<VarExpression>().Any(read => IsNameOf(read.Name, var));
    }

    private static bool IsNameOf(string name, OracleVar var) =>
        name == var.Name || name.StartsWith(var.Name + "_", StringComparison.Ordinal);

    private static bool IsRead(OracleProgram program, OracleSource source) => IsTaken(program, source.Name)
        || program.Population?.Source == source.Name || (program.Other is not null && !source.OtherKeys.IsEmpty) || (program.Members is not null && source.MemberKey is not null)
        || program.Sources.Any(other => other.Origin?.Source == source.Name || other.Origin is FromOrigin { Each: { } each } && each.Source == source.Name)
        || program.Unions.Any(union => union.Parts.Contains(source.Name))
        || program.Sources.SelectMany(other => other.Joins).Any(join => join.Source == source.Name);

    /// <summary>Whether the model or a var reads rows of the source itself.</summary>
    private static bool IsTaken(OracleProgram program, string source)
    {
        var model = program.Model;
        var roots = program.Vars.Concat(model.Vars).Select(var => var.Value).Append(model.Label);
        if (model.When is not null) roots = roots.Append(model.When);
        if (model.ScoreOnly is not null) roots = roots.Append(model.ScoreOnly);
        if (model.Given is not null) roots = roots.Append(model.Given);
        ImmutableArray<string?> selected =
        [
            model.Until?.Source,
            .. model.Observations.Select(line => line switch
            {
                EachObservation each => each.Rows.Source,
                OffsetEachObservation offset => offset.Rows.Source,
                AfterFirstObservation first => first.Rows.Source,
                _ => null,
            }),
        ];
        return selected.Contains(source) || roots.SelectMany(ExpressionRewriter.Parts).Any(part => part switch
        {
            AggregateExpression aggregate => aggregate.Source == source,
            StateExpression state => state.Source == source,
            _ => false,
        });
    }
}
