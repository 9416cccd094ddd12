using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Local.Data;
using SqlMl.Local.Running;

namespace SqlMl.Local.Proving;

/// <summary>Proves one model: builds its tables from the data as they are, and then from data changed in one way after another.</summary>
internal sealed partial class ModelProver
{
    private const string BaseTraining = "sqlml_base_training";
    private const string BaseCandidates = "sqlml_base_candidates";
    private const string BaseLearning = "sqlml_base_learning";
    private const string AsOfTraining = "sqlml_as_of_training";
    private const string AsOfCandidates = "sqlml_as_of_candidates";
    private const string AsOfScoring = "sqlml_as_of_scoring";
    private const string LaterTraining = "sqlml_later_training";

    private readonly ProofRequest _request;
    private readonly WorkTables _tables;
    private readonly int _index;
    private readonly List<Diagnostic> _findings;
    private readonly IRunProgress? _progress;
    private readonly CompileOptions _options;
    private readonly List<ChangedRows> _sources = [];

    /// <summary>The model over the copies, as of the instant of the run as the request has it.</summary>
    private readonly CompiledModel _asRequested;

    private CompiledModel _model;
    private int _done;
    private int _planned = 1;

    public ModelProver(ProofRequest request, WorkTables tables, CompiledModel model, int index, List<Diagnostic> findings, IRunProgress? progress)
    {
        (_request, _tables, _index, _findings, _progress) = (request, tables, index, findings, progress);
        foreach (var source in model.Proof!.Sources) tables.Copy(source);
        _options = request.Options with { Bindings = tables.Bindings(request.Options.Bindings) };
        _asRequested = _model = Compile(request.Options.AsOf);
    }

    private CompiledProof Proof => _model.Proof!;

    private int EntityKeys => Proof.Sources.Select(source => source.KeyCount).DefaultIfEmpty(0).Max();

    /// <summary>Carries out all checks.</summary>
    public ModelProof Prove()
    {
        var started = _request.Clock.GetTimestamp();
        _progress?.Begin(_model.Name, RunPhase.Prove);
        var asOf = BuildBase();
        foreach (var source in Proof.Sources.Where(source => source.Times is not null)) _sources.Add(new ChangedRows(_tables, source, _request.Seed, _model.Name));
        var cutoffs = ChooseCutoffs();
        var checks = new List<RunningCheck>();
        if (asOf is null || cutoffs.IsEmpty)
        {
            _findings.Add(ProofErrors.NothingExamined(_model.Name, "future", "the program's data give it no cutoff", _model.Span));
        }
        else
        {
            Plan(cutoffs.Length);
            checks = Examine(cutoffs, asOf.Value);
            foreach (var check in checks)
            {
                if (check.Finding is { } finding) _findings.Add(finding);
                else if (Emptiness(check) is { } why && !(_request.StopsAtFirst && checks.Exists(other => other.Leak is not null)))
                    _findings.Add(ProofErrors.NothingExamined(_model.Name, check.Name, why, _model.Span));
            }
        }
        _progress?.End(RunPhase.Prove, checks.Sum(check => check.Rows.Rows), _request.Clock.GetElapsedTime(started));
        return new ModelProof(_model.Name, asOf, cutoffs, [.. checks.Select(check => check.Summarize())], [.. Notes()]);
    }

    /// <summary>A check, and how it is carried out at some of the cutoffs.</summary>
    private sealed record Examination(RunningCheck Check, Action<RunningCheck, ImmutableArray<DateTime>> At)
    {
        /// <summary>True where it looks at all cutoffs at once.</summary>
        public bool IsOfAll { get; init; }
    }

    private List<RunningCheck> Examine(ImmutableArray<DateTime> cutoffs, DateTime asOf)
    {
        var plan = new ProofPlan(_model, Proof);
        List<Examination> all =
        [
            new(Check("future", "features and rows do not depend on what was not known at their cutoff"), (check, some) => CheckFuture(check, some, plan)),
            new(Check("windows", "features do not depend on rows outside their windows"), (check, some) => CheckWindows(check, some, plan)),
            new(Check("label", "what happens in a label's window moves that label alone, and nothing else moves it"), (check, some) => CheckLabel(check, some, plan)),
        ];
        if (Proof.Learning is { } learning)
            all.Add(new(Check("learned", "what pivots learn depends on nothing but what their training rows see"), (check, _) => CheckLearned(check, cutoffs, learning)) { IsOfAll = true });
        if (Proof.IsSplitByTime)
            all.Add(new(Check("split", "no label of an earlier part depends on the time of a later one"), (check, _) => CheckSplit(check)) { IsOfAll = true });
        if (_options.AsOf is null && !Proof.AllowsImmature)
            all.Add(new(Check("maturity", "what is trained on does not change when time goes on"), (check, _) => CheckMaturity(check, cutoffs, asOf)) { IsOfAll = true });
        all.Add(new(Check("replay", "scoring as of a cutoff gives the rows that training has there"), (check, some) => CheckReplay(check, some, plan)));
        all.Add(new(Check("as_of", "a run as of an instant does not depend on what was not known by then"), (check, _) => CheckAsOf(check, cutoffs, asOf)) { IsOfAll = true });
        foreach (var (some, isFirst) in Rounds(cutoffs))
        {
            foreach (var examination in all)
            {
                if (examination.Check.Leak is null && (isFirst || !examination.IsOfAll)) examination.At(examination.Check, some);
                if (_request.StopsAtFirst && examination.Check.Leak is not null) return all.ConvertAll(done => done.Check);
            }
        }
        return all.ConvertAll(done => done.Check);
    }

    /// <summary>One check after the other; where the first finding ends all, all checks of one cutoff first, from the middle.</summary>
    private IEnumerable<(ImmutableArray<DateTime> Cutoffs, bool IsFirst)> Rounds(ImmutableArray<DateTime> cutoffs)
    {
        if (!_request.StopsAtFirst) return [(cutoffs, true)];
        var middle = cutoffs.Length / 2;
        return cutoffs.Skip(middle).Concat(cutoffs.Take(middle)).Select((cutoff, i) => (ImmutableArray.Create(cutoff), i == 0));
    }

    /// <summary>Why a check proves nothing; null where it does, or where a model need not have what it looks at.</summary>
    private static string? Emptiness(RunningCheck check) => check.Name switch
    {
        "future" or "label" or "learned" when check.TouchedNothing => "no row of a source lies where a change must not show",
        "future" or "label" or "replay" when check.Rows.Rows == 0 => "no row was there before and after",
        "learned" when check.Rows.Rows == 0 => "no list was learned before and after",
        _ => null,
    };

    /// <summary>The model's tables from the data as they are, with the run's instant stated, so that changes of the data do not move it.</summary>
    private DateTime? BuildBase()
    {
        Learn(_model);
        Run(_model.Proof!.Candidates);
        var asOf = (DateTime?)_tables.Rows($"SELECT max(as_of) FROM {SqlText.Name(Proof.CandidateTable)}")[0][0];
        if (asOf is null) return null;
        _model = Compile(asOf);
        Learn(_model);
        Run(_model.Training);
        Run(Proof.Candidates);
        Keep(_model.TrainingTable, BaseTraining);
        Keep(Proof.CandidateTable, BaseCandidates);
        if (Proof.Learning is not { } learning) return asOf;
        Run(learning.Rows);
        Keep(learning.RowTable, BaseLearning);
        return asOf;
    }

    /// <summary>From the training set; from all cutoffs where labels, or parts, leave none of them.</summary>
    private ImmutableArray<DateTime> ChooseCutoffs()
    {
        if (_model == _asRequested) return [];
        foreach (var table in (string[])[BaseTraining, BaseCandidates])
        {
            var chosen = ProofPlan.Choose(_tables.Rows($"SELECT cutoff, count(*) FROM {table} GROUP BY cutoff ORDER BY cutoff"), _request.Cutoffs);
            if (!chosen.IsEmpty) return chosen;
        }
        return [];
    }

    private CompiledModel Compile(DateTime? asOf) => Prover.Compile(_request, _options with { AsOf = asOf }).Models[_index];

    /// <summary>Lets the model's pivots learn from the data as they are: what they learned stays as it is under the changes of most checks, as it does in a stored model.</summary>
    private void Learn(CompiledModel model)
    {
        if (model.Pivots is not null) Run(model.Pivots);
    }

    private void Run(CompiledScript script) => _tables.Execute(script.Sql);

    private void Keep(string table, string name) => _tables.Execute($"CREATE OR REPLACE TABLE {name} AS FROM {SqlText.Name(table)}");

    private RunningCheck Check(string name, string claim) => new(name, claim, new RowComparison(_tables, _model.Keys));

    /// <summary>Changes the data, builds tables, and puts the data back.</summary>
    private void Rebuild(RunningCheck check, Perturbation change, Action compare, params ReadOnlySpan<CompiledScript> scripts)
    {
        _tables.Cancellation.ThrowIfCancellationRequested();
        var keys = string.Join(", ", _model.Keys.Take(EntityKeys).Select(SqlText.Name));
        var entities = $"SELECT {keys} FROM {BaseCandidates}{(change.Cutoff is { } cutoff ? $" WHERE cutoff = {Instants.Literal(cutoff)}" : "")}";
        if (Proof.HasUntil && change.Target is (Target.Earlier or Target.LaterRows))
        {
            var named = string.Join(", ", _model.Keys.Take(EntityKeys).Select((key, i) => $"{SqlText.Name(key)} AS key_{i + 1}"));
            change = change with { Followed = $"SELECT {named}, max(cutoff) AS cutoff FROM {BaseCandidates} GROUP BY ALL" };
        }
        var counts = _sources.Select(source => source.Apply(change, entities)).ToList();
        Rebuild(check, counts, compare, scripts);
    }

    private void Rebuild(RunningCheck check, List<ChangeCounts> counts, Action compare, params ReadOnlySpan<CompiledScript> scripts)
    {
        foreach (var count in counts) check.Add(count);
        // Equal data give equal tables: there is nothing to build.
        if (counts.Exists(count => count != default))
        {
            check.Rebuilds++;
            foreach (var script in scripts) Run(script);
            compare();
            _tables.Restore();
        }
        _progress?.Advance(Math.Min(++_done, _planned), _planned);
    }

    private void Plan(int cutoffs)
    {
        var plan = new ProofPlan(_model, Proof);
        var offsets = plan.FeatureEnds().Count() + plan.FeatureStarts().Count() + (2 * plan.LabelStretches().Count()) + plan.LabelEnds().Count();
        var learned = Proof.Learning is null ? 0 : (cutoffs + 1) * (3 + plan.FeatureEnds().Count() + plan.FeatureStarts().Count());
        _planned = (cutoffs * (6 + offsets)) + learned + 6;
    }

    private SourceSpan SpanOf(Leak leak) =>
        _model.Features.FirstOrDefault(feature => feature.Name.Equals(leak.Column, StringComparison.OrdinalIgnoreCase))?.Span ?? _model.Span;

    private IEnumerable<string> Notes()
    {
        if (Proof.AllowsImmature) yield return "Labels that are not complete are kept (`allow immature`): that they change as time goes on was not checked.";
        foreach (var source in Proof.Sources.Where(source => source.Nature == StoredNature.Static))
            yield return $"{source.Name} is taken at its word: its rows are said never to change.";
        foreach (var source in _sources.Where(source => !source.TakesCopies))
            yield return $"No rows were inserted into {source.Source.Name}: the column that says when they happened cannot be written, or their key cannot be made anew.";
        foreach (var source in _sources.Where(source => source.Source.IsReadBeside))
            yield return $"Rows of {source.Source.Name} before a window were left as they are: later rows may read them.";
    }
}
