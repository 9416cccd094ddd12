using static SqlMl.Syntax.ExpressionPrinter;
using static SqlMl.Syntax.LeafText;

namespace SqlMl.Syntax;

/// <summary>Writes the clauses of a prediction.</summary>
internal static class PredictPrinter
{
    public static void Print(SyntaxTreeText tree, PredictClauseSyntax clause)
    {
        switch (clause)
        {
            case LabelClauseSyntax label: Nested(tree, "label", label.Value); break;
            case ModelVarClauseSyntax own: Nested(tree, $"var {Of(own.Name)}", own.Value); break;
            case WhenClauseSyntax eligibility: Labelled(tree, "when", eligibility.Condition); break;
            case GivenClauseSyntax given: Labelled(tree, "given", given.Condition); break;
            case ObserveClauseSyntax observe: Print(tree, observe.Observe); break;
            case UntilClauseSyntax until: Labelled(tree, "until", until.First); break;
            case SampleClauseSyntax sample: tree.Line("sample", Of(sample.Rows), "rows"); break;
            case AllowImmatureClauseSyntax: tree.Line("allow immature"); break;
            case RequireHistoryClauseSyntax history: tree.Line("require history", Of(history.Duration)); break;
            case UsingClauseSyntax features: Print(tree, features); break;
            case TrainClauseSyntax train: Print(tree, train.Trainer); break;
            case TimeSplitSyntax split: tree.Line("split by time", Parts(split.Parts)); break;
            case EntitySplitSyntax split: tree.Line("split by entity", Parts(split.Parts), Part("seed", split.Seed)); break;
            case RandomSplitSyntax split: tree.Line("split random", Parts(split.Parts), Part("seed", split.Seed), split.IsStratified ? "stratified" : null); break;
            case InstantSplitSyntax split: tree.Line("split at", List(split.Instants, Of)); break;
            case RetrainClauseSyntax retrain: tree.Line("retrain after", Of(retrain.After)); break;
            case ScheduleClauseSyntax schedule:
                tree.Line("schedule score", schedule.IsDaily ? "daily" : null, schedule.IsWeekly ? "weekly" : null, Part("at", schedule.At, Of), Part("every", schedule.Every, Of));
                break;
            case ScoreOnlyClauseSyntax only: Labelled(tree, "score only when", only.Condition); break;
            case RankClauseSyntax rank: tree.Line("rank top", Of(rank.Top), Of(rank.Path), "in next", Of(rank.Horizon)); break;
            case OutputClauseSyntax output:
                tree.Line("output");
                tree.Nested(() =>
                {
                    foreach (var column in output.Columns) Print(tree, column);
                });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(clause), clause.GetType().Name, "a clause without a printed form");
        }
    }

    private static void Nested(SyntaxTreeText tree, string label, ValueSyntax value)
    {
        tree.Line(label);
        tree.Nested(() => ExpressionPrinter.Print(tree, value));
    }

    private static void Print(SyntaxTreeText tree, ObserveSyntax observe)
    {
        var (from, until) = (Part("from", observe.From, Of), Part("until", observe.Until, Of));
        switch (observe)
        {
            case GridObserveSyntax grid:
                tree.Line("observe every", Of(grid.Step), Part("aligned to", grid.AlignedTo, Of), from, until, Part("count", grid.Count));
                break;
            case EachObserveSyntax each:
                var side = each.IsBefore ? "before each" : each.Offset is null ? "at each" : "after each";
                tree.Line("observe", each.Offset is { } offset ? Of(offset) : null, side, Of(each.Source), from, until);
                tree.Nested(() => Labelled(tree, "where", each.Where));
                break;
            case AfterFirstObserveSyntax first:
                tree.Line("observe", Of(first.Offset), "after", from, until);
                tree.Nested(() => ExpressionPrinter.Print(tree, first.First));
                break;
            case InstantsObserveSyntax instants:
                tree.Line("observe at", List(instants.Instants, Of));
                break;
        }
    }

    private static void Print(SyntaxTreeText tree, UsingClauseSyntax features) => tree.Line(
        "using", features.HasAll ? "all" : null, features.IsAuto ? "auto" : null, Part("depth", features.Depth), Part("max", features.Maximum),
        List(features.Columns, Feature), features.Except.IsEmpty ? null : $"except {List(features.Except, Of)}");

    private static string Feature(UsingColumnSyntax column) => Of(column.Path) + (column.Alias is { } alias ? " as " + Of(alias) : "");

    private static void Print(SyntaxTreeText tree, TrainerSyntax trainer)
    {
        switch (trainer)
        {
            case NamedTrainerSyntax named:
                tree.Line("train", Of(named.Name));
                tree.Nested(() =>
                {
                    foreach (var parameter in named.Parameters) tree.Line(Of(parameter.Name), "=", parameter.Value);
                });
                break;
            case BestOfTrainerSyntax best: tree.Line("train best of", List(best.Trainers, Of), "by", Of(best.Metric)); break;
            case ExternalTrainerSyntax external:
                tree.Line("train external", Of(external.File), external.AllowsPickle ? "allow pickle" : null);
                tree.Nested(() =>
                {
                    foreach (var (feature, var) in external.Map) tree.Line("map", Of(feature), "=", Of(var));
                });
                break;
        }
    }

    private static void Print(SyntaxTreeText tree, OutputColumnSyntax column) => tree.Line(
        column.Kind, column.Name is { } name ? Of(name) : null,
        column.Option is { } option ? string.Join(' ', option.Numbers.Select(Of).Prepend(option.Metric is { } metric ? $"{option.Word} {Of(metric)}" : option.Word)) : null,
        Part("description", column.Description, Of));

    private static string Parts(System.Collections.Immutable.ImmutableArray<decimal> parts) => string.Join(" / ", parts.Select(Of));
}
