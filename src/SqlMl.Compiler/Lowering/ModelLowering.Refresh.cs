using System.Collections.Immutable;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <content>The training set in two halves: rows, which can be kept, and their division, which looks at all of them.</content>
internal sealed partial class ModelLowering
{
    /// <summary>The cutoffs that are asked of <see cref="Rows"/>; null for all.</summary>
    internal ImmutableArray<CutoffRange>? Cutoffs { get; init; }

    /// <summary>The training set before rows without a label, sample and split: keys, cutoff, the anchor's columns, features, label.</summary>
    internal SqlWith Rows()
    {
        var context = Context(model, asOf, dialect, learned, Cutoffs);
        var step = BuildExamples(context).Given;
        return context.Finish(new SqlSelect(
            [
                .. context.KeyItems("v"), Column("v", ModelContext.Cutoff).As(ModelContext.Cutoff), .. context.Anchors.All.Select(name => Column("v", name).As(name)),
                .. Features("v"), Column("v", "label").As("label"),
            ],
            Table(step, "v")));
    }

    /// <summary>The training set, divided as <see cref="Training"/> divides it, from a table that holds <see cref="Rows"/>.</summary>
    internal SqlWith Division(ImmutableArray<SqlName> rows)
    {
        var context = Context(model, asOf, dialect, learned);
        context.Reserve(rows[^1].Name);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        var held = context.Add("held", "the rows as they were kept", new SqlSelect([AllOf("h")], new SqlNamedTable(rows, Name("h"))));
        var examples = context.Add("examples", "a row without a label teaches nothing", new SqlSelect([AllOf("v")], Table(held, "v")) { Where = [Column("v", "label").IsNotNull()] });
        var (_, parts) = Divide(context, new ValueSteps(context), run, held, examples);
        return FinishTraining(context, parts);
    }

    /// <summary>What an incremental build watches.</summary>
    internal WatchSteps Watch()
    {
        var context = Context(model, asOf, dialect, learned);
        SourceSteps.Add(context, model.Sources);
        var run = RunStep.Add(context);
        return new WatchSteps(context, new CutoffSteps(context, run, isScoring: false), run);
    }
}
