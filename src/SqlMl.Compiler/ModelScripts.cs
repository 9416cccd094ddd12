using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using SqlMl.Compiler.Lowering;
using SqlMl.Language.Collections;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;

namespace SqlMl.Compiler;

/// <summary>Prints one model's scripts and gathers what a trainer and scorer must know.</summary>
internal static class ModelScripts
{
    internal static CompiledModel Print(LogicalModel plan, BoundModel model, SqlDialect dialect, CompileOptions options)
    {
        var learnedTable = $"{model.Name}_pivots";
        var lowering = Lowering(TrainingValues.Of(plan));
        var reports = new SourceReports(plan, options.AsOf, dialect);
        var trainingTable = $"{model.Name}_training";
        var scoringTable = $"{model.Name}_scoring";
        return new CompiledModel
        {
            Name = model.Name,
            Entity = model.Entity.Name,
            Span = model.Span,
            Keys = [.. model.Entity.Keys, .. plan.AnchorKey.SelectAsArray(key => key.Name)],
            Features = [.. model.Features.Select(Feature), .. Proved()],
            LeftOut = model.LeftOut.SelectAsArray(feature => feature.Name),
            Task = model.Task,
            LabelText = model.LabelSpan.Text,
            HorizonText = model.Horizon.Length is null ? "whenever it is known" : model.Horizon.Gap is null ? model.Horizon.Length.Text : $"{model.Horizon.Length.Text} after {model.Horizon.Gap.Text}",
            GivenText = model.Given is null ? null : OneLine(model.Given.Span.Text),
            Lookbacks = Lookbacks(model),
            IsEventMode = plan.IsEventMode,
            Trainer = new CompiledTrainer(model.Trainer.Name, model.Trainer.Parameters, model.Trainer.Span),
            Split = Split(model.Split),
            Outputs = model.Outputs.SelectAsArray(output => Output(output, model.Task)),
            Sources = [.. plan.Sources.Where(source => source.IsRead).Select(source => source.Name)],
            Pivots = lowering.Pivots() is { } pivots
                ? Script(
                    "pivots", [$"What the pivots of `{model.Name}` learn from its training rows: the values that have columns, by rank."],
                    new SqlCreateTableAs(Path(options, learnedTable), Query("pivots", pivots)))
                : null,
            PivotTable = learnedTable,
            Training = Script(
                "training", [$"The training set of `{model.Name}`: one row a cutoff, `t` being its instant.", Boundary(plan), $"Label: {OneLine(model.LabelSpan.Text)}"],
                new SqlCreateTableAs(Path(options, trainingTable), Query("training", lowering.Training()))),
            Scoring = Script(
                "scoring", [$"The rows of `{model.Name}` that are due for a score: the steps of its training set, at other cutoffs.", Boundary(plan)],
                new SqlCreateTableAs(Path(options, scoringTable), Query("scoring", Lowering(plan).Scoring()))),
            Counts = Script("counts", [$"How many rows of `{model.Name}` are left after each step."], new SqlQueryStatement(lowering.Counts())),
            Proof = options.ForProof ? Proof() : null,
            Refresh = options.ForRefresh ? Refresh() : null,
            SourceReport = Script("sources", [$"The sources that `{model.Name}` reads."], new SqlQueryStatement(reports.Sources())),
            DoubledKeys = reports.DoubledKeys() is { } doubled
                ? Script("keys", [$"Keys under which `{model.Name}` reads one row and finds several: there must be none."], new SqlQueryStatement(doubled))
                : null,
            TrainingTable = trainingTable,
            ScoringTable = scoringTable,
            PredictionTable = $"{model.Name}_predictions",
        };

        ModelLowering Lowering(LogicalModel model) =>
            new(model, options.AsOf, dialect, plan.Pivots.IsEmpty ? [] : Path(options, learnedTable)) { ScoreSince = options.ScoreSince, Cutoffs = options.Cutoffs };

        // What a proof takes for a feature, too.
        IEnumerable<CompiledFeature> Proved() => options.ForProof && model.ScoreOnly is { } scored
            ? [new CompiledFeature(plan.Features[^1], FeatureKind.Boolean, null, OneLine(scored.Span.Text), scored.Span)]
            : [];

        SqlWith Query(string kind, SqlWith query) => options.Rewrite is null ? query : options.Rewrite(kind, query);

        CompiledProof Proof()
        {
            var table = $"{model.Name}_candidates";
            var candidates = Script(
                "candidates", [$"Every eligible cutoff of `{model.Name}`, with its features."],
                new SqlCreateTableAs(Path(options, table), Query("candidates", lowering.Candidates())));
            return new ProofScripts(plan, dialect).Build(candidates, table) with { Learning = plan.Pivots.IsEmpty ? null : Learning() };
        }

        CompiledLearning Learning()
        {
            var (rowTable, listTable) = ($"{model.Name}_learning_rows", $"{model.Name}_learned_again");
            return new CompiledLearning(
                Script(
                    "learning_rows", [$"The rows that the pivots of `{model.Name}` learn from, and those of the other parts."],
                    new SqlCreateTableAs(Path(options, rowTable), Query("learning_rows", lowering.LearningRows()))),
                rowTable,
                Script(
                    "learned_again", [$"What the pivots of `{model.Name}` learn from rows that were found before."],
                    new SqlCreateTableAs(Path(options, listTable), Query("learned_again", lowering.PivotsFrom(Path(options, rowTable))))),
                listTable);
        }

        CompiledRefresh Refresh()
        {
            var (rowTable, fingerprintTable) = ($"{model.Name}_examples", $"{model.Name}_fingerprints");
            var watch = lowering.Watch();
            return new CompiledRefresh
            {
                WholeBecause = plan.Pivots.IsEmpty ? null : "a pivot learns its values from all training rows",
                Program = new Lazy<string>(Identity),
                Fingerprints = Script(
                    "fingerprints", [$"The rows that `{model.Name}` reads, each day's in short: what changed since is seen by comparing."],
                    new SqlCreateTableAs(Path(options, fingerprintTable), Query("fingerprints", watch.Fingerprints()))),
                FingerprintTable = fingerprintTable,
                Rows = watch.Rows,
                LimitScript = Script("limits", [$"The instants that decide which cutoffs of `{model.Name}` count."], new SqlQueryStatement(watch.Instants())),
                Limits = watch.Limits,
                Examples = Script(
                    "examples", [$"The rows of `{model.Name}` before they are divided{(options.Cutoffs is null ? "" : ", of some cutoffs")}.", Boundary(plan)],
                    new SqlCreateTableAs(Path(options, rowTable), Query("examples", lowering.Rows()))),
                ExampleTable = rowTable,
                Division = Script(
                    "division", [$"The training set of `{model.Name}`, from rows that were kept and rows that were built."],
                    new SqlCreateTableAs(Path(options, trainingTable), Query("division", lowering.Division(Path(options, rowTable))))),
            };
        }

        // What is kept depends on the program as its SQL says it, and not on the run's instant, whose moving is watched.
        string Identity()
        {
            var anyRun = new ModelLowering(TrainingValues.Of(plan), DateTime.UnixEpoch, dialect, []);
            var statements = ImmutableArray.Create<SqlStatement>(new SqlQueryStatement(anyRun.Rows()), new SqlQueryStatement(anyRun.Watch().Fingerprints()));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dialect.Print(new SqlScript([], statements)))));
        }

        CompiledScript Script(string kind, ImmutableArray<string> comments, SqlStatement statement) =>
            new($"{model.Name}.{kind}.sql", dialect.Print(new SqlScript(comments, [new SqlSetUtc(), statement])));
    }

    private static string Boundary(LogicalModel plan) => plan.IsBefore
        ? "Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t."
        : "Features see rows up to and including t; labels see rows after t.";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static ImmutableArray<SqlName> Path(CompileOptions options, string table) =>
        [.. options.OutputSchema.Select(part => new SqlName(part)), new SqlName(table)];

    private static CompiledFeature Feature(VarSymbol symbol) =>
        new(symbol.Name, Kind(symbol.Expression.UsedType), symbol.Description, OneLine(symbol.DefinitionSpan.Text), symbol.Span)
        {
            Learned = symbol.Learned is { Rank: { } rank } learned ? new CompiledPivotColumn(learned.Pivot, rank, learned.Head, learned.Tail) : null,
        };

    private static FeatureKind Kind(DataType type) => type switch
    {
        DataType.Boolean => FeatureKind.Boolean,
        DataType.Integer or DataType.Number => FeatureKind.Number,
        DataType.String => FeatureKind.Category,
        DataType.Set => FeatureKind.Set,
        DataType.Vector => FeatureKind.Vector,
        _ => FeatureKind.FromData,
    };

    private static CompiledSplit Split(BoundSplit split) => split switch
    {
        BoundTimeSplit time => new CompiledSplit("time", time.Parts, 0, false),
        BoundInstantSplit => new CompiledSplit("at", [], 0, false),
        BoundRandomSplit random => new CompiledSplit("random", random.Parts, random.Seed, random.IsStratified),
        BoundEntitySplit entity => new CompiledSplit("entity", entity.Parts, entity.Seed, false),
        _ => throw new InvalidOperationException($"No split is {split.GetType().Name}."),
    };

    private static ImmutableArray<CompiledLookback> Lookbacks(BoundModel model)
    {
        var furthest = new Dictionary<string, BoundWindow>(StringComparer.Ordinal);
        foreach (var aggregate in model.WindowedAggregates())
        {
            var isKnown = furthest.TryGetValue(aggregate.Source.Name, out var known);
            if (!isKnown || known!.BackMicroseconds < aggregate.Window.BackMicroseconds) furthest[aggregate.Source.Name] = aggregate.Window;
        }
        var sources = new List<string>(furthest.Keys);
        sources.Sort(StringComparer.Ordinal);
        return [.. sources.ConvertAll(source => new CompiledLookback(source, furthest[source].Length!, furthest[source].Gap))];
    }

    private static CompiledOutput Output(BoundOutput output, LearningTask task) =>
        new(output.Kind, output.Name, output.Description, output.Kind == "class" && task == LearningTask.BinaryClassification ? new ClassCut(output.CutMetric, output.CutValue) : null);
}
