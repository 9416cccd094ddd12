using System.Collections.Immutable;
using SqlMl.Compiler.Timelines;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;

namespace SqlMl.Compiler;

/// <summary>What one compilation yields: every finding and, where no error was found, the SQL of every model.</summary>
/// <param name="Dialect">The dialect's name: `duckdb` or `snowflake`.</param>
/// <param name="Diagnostics">All findings, by file and place.</param>
/// <param name="Models">The models in the order declared; empty when there is an error.</param>
/// <param name="Stages">The stages as readable text, for `--emit`; a stage that was not reached is null.</param>
/// <param name="Sources">The sources that the program declares, also where there is an error.</param>
public sealed record CompiledProgram(
    string Dialect, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<CompiledModel> Models, StageTexts Stages, ImmutableArray<ProgramSource> Sources)
{
    /// <summary>The program's tests, compiled when first asked for; empty where there is an error.</summary>
    public Lazy<ImmutableArray<CompiledTest>> Tests { get; init; } = new([]);

    /// <summary>What each var and each model's label and conditions read of time, found when first asked for; empty where there is an error.</summary>
    public Lazy<ImmutableArray<Timeline>> Timelines { get; init; } = new([]);

    /// <summary>True when no error was found, so that <see cref="Models"/> may be used.</summary>
    public bool Succeeded => Diagnostics.All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
}

/// <summary>The stages of one compilation as text, computed when first asked for; null where a stage was not reached.</summary>
/// <param name="Syntax">The syntax trees.</param>
/// <param name="Model">The bound program, every expression with its type and interval relative to the cutoff.</param>
/// <param name="Plan">The logical plan before optimization.</param>
/// <param name="Optimized">The logical plan after it, with the reason of each choice.</param>
public sealed record StageTexts(Lazy<string> Syntax, Lazy<string>? Model, Lazy<string>? Plan, Lazy<string>? Optimized);

/// <summary>One prediction, ready to run: its scripts and all that a trainer and scorer must know.</summary>
public sealed record CompiledModel
{
    /// <summary>The model's name as declared.</summary>
    public required string Name { get; init; }

    /// <summary>The entity that is predicted for.</summary>
    public required string Entity { get; init; }

    /// <summary>Where the model is declared, for diagnostics of its run.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>The entity's key columns under their source names: the first columns of both tables.</summary>
    public required ImmutableArray<string> Keys { get; init; }

    /// <summary>The features, in order of declaration.</summary>
    public required ImmutableArray<CompiledFeature> Features { get; init; }

    /// <summary>The names of features that the dialect cannot compute, and that are therefore not among <see cref="Features"/>.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>What there is to learn, by the label's type.</summary>
    public LearningTask Task { get; init; }

    /// <summary>What the label says, as written in the program.</summary>
    public required string LabelText { get; init; }

    /// <summary>The horizon as written, `7 days` or `7 days after 2 days`.</summary>
    public required string HorizonText { get; init; }

    /// <summary>What `given` says, as written: the population of training and test depends on the future; null where it does not.</summary>
    public string? GivenText { get; init; }

    /// <summary>For each source that is read through windows of the past the one that begins first; empty where windows have no length.</summary>
    public ImmutableArray<CompiledLookback> Lookbacks { get; init; } = [];

    /// <summary>True where every cutoff is an anchor row or follows one (rule 47): predictions then have their own cutoff and may be open.</summary>
    public required bool IsEventMode { get; init; }

    /// <summary>How to train.</summary>
    public required CompiledTrainer Trainer { get; init; }

    /// <summary>How rows are divided.</summary>
    public required CompiledSplit Split { get; init; }

    /// <summary>What to hand over, in the order written; empty where the program has no `output`: then score and percentile.</summary>
    public required ImmutableArray<CompiledOutput> Outputs { get; init; }

    /// <summary>The sources that the model reads.</summary>
    public required ImmutableArray<string> Sources { get; init; }

    /// <summary>
    /// Fills <see cref="TrainingTable"/>: keys, `cutoff`, the features in order, `label` (boolean, number or text, by <see cref="Task"/>; a number has the type that its expression gives), `split` (`train`, `validation`, `test`);
    /// ordered by keys and cutoff. Purged rows and rows without a label are not in it.
    /// </summary>
    public required CompiledScript Training { get; init; }

    /// <summary>Fills <see cref="ScoringTable"/>: keys, `cutoff`, `as_of`, `open` (boolean: the label's window still runs), the features in order; ordered likewise.</summary>
    public required CompiledScript Scoring { get; init; }

    /// <summary>One query: `ordinal`, `step`, `rows_left`: how many rows are left after each step of rule 27, null labels included as a step.</summary>
    public required CompiledScript Counts { get; init; }

    /// <summary>
    /// One query, a row a source: `source`, `row_count`, `rows_without_time`, `rows_without_key` (rows whose key for this model's entity is null; 0 where the source
    /// does not name it), `rows_without_partner` (rows for which a join finds nothing), `first_time`, `last_time` (UTC, null for none),
    /// `as_of` (the run's instant, the same in every row).
    /// </summary>
    public required CompiledScript SourceReport { get; init; }

    /// <summary>What a proof must know of the model; null unless the options ask for it.</summary>
    public CompiledProof? Proof { get; init; }

    /// <summary>What building the training set incrementally takes; null unless the options ask for it.</summary>
    public CompiledRefresh? Refresh { get; init; }

    /// <summary>
    /// One query, a row for each of the first keys under which several rows lie where the program reads one: `source`, `joined` (the join's name; null where
    /// the rows describe the entity itself), `key_text`, `row_count` (rows under the key), `keys_in_all` (such keys of this source and join).
    /// A run with any must fail (rules 13 and 15). Null where the model reads nothing so.
    /// </summary>
    public CompiledScript? DoubledKeys { get; init; }

    /// <summary>
    /// Fills <see cref="PivotTable"/>: `pivot_name`, `ordinal` (1 to the number that it learns at most), `value` (text), `training_rows` (how many rows of train see the value),
    /// a row for each value learned. Training and scoring read it, so a run fills it before training, and scores with what training filled. Null where no pivot learns.
    /// </summary>
    public CompiledScript? Pivots { get; init; }

    /// <summary>The name of the table of what pivots learned, unquoted.</summary>
    public string PivotTable { get; init; } = "";

    /// <summary>Every script, in the order in which a run uses them.</summary>
    public ImmutableArray<CompiledScript> Scripts =>
        [SourceReport, .. DoubledKeys is null ? ImmutableArray<CompiledScript>.Empty : [DoubledKeys], .. Pivots is null ? ImmutableArray<CompiledScript>.Empty : [Pivots], Training, Counts, Scoring];

    /// <summary>The training table's name, unquoted.</summary>
    public required string TrainingTable { get; init; }

    /// <summary>The scoring table's name, unquoted.</summary>
    public required string ScoringTable { get; init; }

    /// <summary>The name that predictions are stored under, unquoted.</summary>
    public required string PredictionTable { get; init; }
}

/// <summary>SQL text with the file name it is emitted under.</summary>
/// <param name="FileName">Such as `prospect.training.sql`.</param>
/// <param name="Sql">Statements, each ended by a semicolon; nothing in it needs filling in.</param>
public sealed record CompiledScript(string FileName, string Sql);

/// <summary>The kinds of value a feature can have, as far as the program shows.</summary>
public enum FeatureKind
{
    /// <summary>Only the data can tell: the column's type in the table decides.</summary>
    FromData,

    /// <summary>True, false or missing.</summary>
    Boolean,

    /// <summary>A number or missing.</summary>
    Number,

    /// <summary>One of some texts, or missing.</summary>
    Category,

    /// <summary>Several texts at once, or missing.</summary>
    Set,

    /// <summary>The 1024 numbers of an embedding, or missing; only in dialects that have models of language.</summary>
    Vector,
}

/// <summary>One feature.</summary>
/// <param name="Name">Its column.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Description">Its description, or null.</param>
/// <param name="Definition">How it is computed, as written in the program.</param>
/// <param name="Span">Where it is declared.</param>
public sealed record CompiledFeature(string Name, FeatureKind Kind, string? Description, string Definition, SourceSpan Span)
{
    /// <summary>For a column of a pivot that is for a value to be learned: which; null for any other feature.</summary>
    public CompiledPivotColumn? Learned { get; init; }
}

/// <summary>A column of a pivot that learns its values. In the tables of the scripts it goes by its rank; once the value is known it is called like it (rule 39).</summary>
/// <param name="Pivot">The pivot, as the table of what was learned calls it.</param>
/// <param name="Rank">Which of its values, from 1.</param>
/// <param name="Head">What stands before the value's name.</param>
/// <param name="Tail">What stands behind it; empty for nothing.</param>
public sealed record CompiledPivotColumn(string Pivot, int Rank, string Head, string Tail);

/// <summary>A trainer with its parameters as written; names and values were checked against the catalogue.</summary>
public sealed record CompiledTrainer(string Name, ImmutableArray<KeyValuePair<string, string>> Parameters, SourceSpan Span);

/// <summary>How rows are divided.</summary>
/// <param name="Kind">`time` (shares of rows, in time), `at` (stated instants), `random` or `entity`.</param>
/// <param name="Parts">The parts' shares (two: train, test; three: train, validation, test); empty for `at`.</param>
/// <param name="Seed">Of `random` and `entity`.</param>
/// <param name="IsStratified">True where a random split holds within each label.</param>
public sealed record CompiledSplit(string Kind, ImmutableArray<decimal> Parts, long Seed, bool IsStratified);

/// <summary>The furthest that features and conditions look back in one source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Length">The window's length.</param>
/// <param name="Gap">How long before the cutoff it ends; null for at the cutoff.</param>
public sealed record CompiledLookback(string Source, Duration Length, Duration? Gap);

/// <summary>One column of the output.</summary>
/// <param name="Kind">`score`, `percentile` or `class`.</param>
/// <param name="Name">The column's name.</param>
/// <param name="Description">Its description, or null.</param>
/// <param name="Cut">For `class` of a boolean label: where the cut lies; null elsewhere.</param>
public sealed record CompiledOutput(string Kind, string Name, string? Description, ClassCut? Cut);

/// <summary>The operating point of a class (rule 51): a fixed probability, the best of a metric, or the cut that reaches a metric's value.</summary>
/// <param name="Metric">`f1`, `recall`, or null for a fixed probability.</param>
/// <param name="Value">The probability or the value to reach; null for the best of the metric.</param>
public sealed record ClassCut(string? Metric, decimal? Value);
