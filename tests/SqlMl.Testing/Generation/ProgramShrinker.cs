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
        foreach (var model in SmallerModels(program.Model)) yield return program with { Model = model };
        foreach (var source in program.Sources.Where(source => !IsRead(program, source)))
        {
            yield return program with { Sources = program.Sources.Remove(source) };
        }
        foreach (var candidate in WithoutRows(program, share: 8)) yield return candidate;
    }

    private static IEnumerable<OracleModel> SmallerModels(OracleModel model)
    {
        if (model.When is not null) yield return model with { When = null };
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
            Using = program.Model.Using with { Names = [.. program.Model.Using.Names.Where(name => !IsNameOf(name, var))] },
        },
    };

    private static bool IsRead(OracleProgram program, OracleVar var)
    {
        var roots = program.Vars.Select(other => other.Value).Append(program.Model.Label);
        if (program.Model.When is not null) roots = roots.Append(program.Model.When);
        if (program.Model.Given is not null) roots = roots.Append(program.Model.Given);
        return roots.SelectMany(ExpressionRewriter.Parts).OfType<VarExpression>().Any(read => IsNameOf(read.Name, var));
    }

    private static bool IsNameOf(string name, OracleVar var) =>
        name == var.Name || name.StartsWith(var.Name + "_", StringComparison.Ordinal);

    private static bool IsRead(OracleProgram program, OracleSource source)
    {
        var model = program.Model;
        var roots = program.Vars.Select(var => var.Value).Append(model.Label);
        if (model.When is not null) roots = roots.Append(model.When);
        if (model.Given is not null) roots = roots.Append(model.Given);
        ImmutableArray<string?> selected =
        [
            model.Until?.Source,
            .. model.Observations.Select(line => line switch
            {
                EachObservation each => each.Rows.Source,
                AfterFirstObservation first => first.Rows.Source,
                _ => null,
            }),
        ];
        return selected.Contains(source.Name)
            || roots.SelectMany(ExpressionRewriter.Parts).OfType<AggregateExpression>().Any(aggregate => aggregate.Source == source.Name);
    }
}
