using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Local.Data;
using SqlMl.Local.Reports;

namespace SqlMl.Local.Proving;

/// <content>The checks, each with what it changes and what must not move.</content>
internal sealed partial class ModelProver
{
    private const string All = "true";

    /// <summary>What was not known at a cutoff changes, goes and comes: features of all rows up to it stay, and so do the rows themselves.</summary>
    private void CheckFuture(RunningCheck check, ImmutableArray<DateTime> cutoffs, ProofPlan plan)
    {
        foreach (var cutoff in cutoffs)
        {
            foreach (var way in (Way[])[Way.Change, Way.Delete, Way.Insert])
            {
                var change = new Perturbation(Target.Unknown, way, cutoff, Proof.IsBefore, cutoff);
                var claim = plan.UpTo(cutoff);
                Rebuild(check, change, Compare, Proof.Candidates, _model.Training);
                if (check.Leak is not null) return;

                void Compare()
                {
                    Note(check, BaseCandidates, Proof.CandidateTable, claim, change.Words, ProofErrors.FutureLeaks);
                    Note(check, BaseTraining, _model.TrainingTable, claim, change.Words, ProofErrors.FutureLeaks);
                    ComparePresence(check, cutoff, change.Words);
                }
            }
        }
    }

    /// <summary>No row comes or goes; where rows are cutoffs, new ones may come.</summary>
    private void ComparePresence(RunningCheck check, DateTime cutoff, string words)
    {
        // A row of the cutoff's own instant, which mode `before` does not see, can be the one that ends an entity's cutoffs.
        var condition = $"cutoff {(Proof is { IsBefore: true, HasUntil: true } ? "<" : "<=")} {Instants.Literal(cutoff)}";
        var candidates = SqlText.Name(Proof.CandidateTable);
        // A grid is laid from the end of the data, which changes may move: a cutoff that is nobody's any more is not missed.
        if (!_model.IsEventMode) condition += $" AND cutoff IN (SELECT cutoff FROM {candidates}) AND cutoff IN (SELECT cutoff FROM {BaseCandidates})";
        check.Note(check.Rows.Missing(BaseCandidates, candidates, condition, "there", "gone"), words, leak => ProofErrors.RowsLeak(_model.Name, leak, _model.Span));
        if (Proof.HasEventCutoffs) return;
        check.Note(check.Rows.Missing(candidates, BaseCandidates, condition, "not there", "there"), words, leak => ProofErrors.RowsLeak(_model.Name, leak, _model.Span));
    }

    /// <summary>Rows before and behind the windows of features change: features stay.</summary>
    private void CheckWindows(RunningCheck check, ImmutableArray<DateTime> cutoffs, ProofPlan plan)
    {
        foreach (var cutoff in cutoffs)
        {
            // The states beside the anchor's row are those of its own instant.
            if (plan.AnchoredAfterStates(cutoff) is { IsEmpty: false } anchored)
            {
                Examine(new Perturbation(Target.Earlier, Way.Mixed, cutoff, IsInclusive: false, cutoff) { IsOfStatesAlone = true }, anchored);
                if (check.Leak is not null) return;
            }
            foreach (var (offset, isStrict) in plan.FeatureEnds())
            {
                if (Instants.Move(cutoff, offset) is not { } end) continue;
                Examine(new Perturbation(Target.LaterRows, Way.Mixed, end, isStrict, cutoff), plan.EndedBy(end, isStrict));
                if (check.Leak is not null) return;
            }
            foreach (var (offset, isStrict) in plan.FeatureStarts())
            {
                if (Instants.Move(cutoff, offset) is not { } start) continue;
                Examine(new Perturbation(Target.Earlier, Way.Mixed, start, !isStrict, cutoff), plan.BegunAfter(start, !isStrict));
                if (check.Leak is not null) return;
                if (!isStrict) continue;
                // In mode `before` a window holds its start, at which states that ended there are over already.
                Examine(new Perturbation(Target.Earlier, Way.Mixed, start, IsInclusive: true, cutoff) { IsOfStatesAlone = true }, plan.BegunAfterStates(start));
                if (check.Leak is not null) return;
            }
        }

        void Examine(Perturbation change, ImmutableArray<Claim> claims) => Rebuild(
            check, change,
            () =>
            {
                foreach (var claim in claims) Note(check, BaseCandidates, Proof.CandidateTable, claim, change.Words, ProofErrors.WindowLeaks);
            },
            Proof.Candidates);
    }

    /// <summary>Rows in a label's window change: features stay, and labels of other windows. Rows around the window change: the label stays.</summary>
    private void CheckLabel(RunningCheck check, ImmutableArray<DateTime> cutoffs, ProofPlan plan)
    {
        check.LabelsMoved ??= 0;
        foreach (var cutoff in cutoffs)
        {
            foreach (var stretch in plan.LabelStretches())
            {
                if (Instants.Move(cutoff, stretch.Start!) is not { } start || Instants.Move(cutoff, stretch.End!) is not { } end || end <= cutoff) continue;
                // What a label reads of the past, features may read as well.
                var change = new Perturbation(Target.Between, Way.Mixed, start > cutoff ? start : cutoff, IsInclusive: false, cutoff) { Until = end };
                Rebuild(check, change, () => CompareWithin(change), Proof.Candidates, _model.Training);
                if (check.Leak is not null) return;
                Examine(new Perturbation(Target.Earlier, Way.Mixed, start, IsInclusive: true, cutoff), plan.LabelBegunAfter(start));
                if (check.Leak is not null) return;

                void CompareWithin(Perturbation within)
                {
                    Note(check, BaseCandidates, Proof.CandidateTable, plan.UpTo(cutoff), within.Words, ProofErrors.FutureLeaks);
                    if (plan.LabelApartFrom(within.Instant, end) is { } apart) Note(check, BaseTraining, _model.TrainingTable, apart, within.Words, ProofErrors.LabelLeaks);
                    check.LabelsMoved += check.Rows.Differing(BaseTraining, SqlText.Name(_model.TrainingTable), "label");
                }
            }
            foreach (var offset in plan.LabelEnds())
            {
                if (Instants.Move(cutoff, offset) is not { } end) continue;
                Examine(new Perturbation(Target.Later, Way.Mixed, end, IsInclusive: false, cutoff), plan.LabelEndedBy(end));
                if (check.Leak is not null) return;
            }
        }

        void Examine(Perturbation change, Claim? claim)
        {
            if (claim is null) return;
            Rebuild(check, change, () => Note(check, BaseTraining, _model.TrainingTable, claim, change.Words, ProofErrors.LabelLeaks), _model.Training);
        }
    }

    /// <summary>What happens after a later part's first cutoff changes: labels of earlier parts stay.</summary>
    private void CheckSplit(RunningCheck check)
    {
        if (Proof.Label.Windows.Any(window => window.End is null)) return;
        foreach (var row in _tables.Rows($"SELECT min(cutoff) FROM {BaseTraining} GROUP BY split ORDER BY 1").Skip(1))
        {
            var start = (DateTime)row[0]!;
            var change = new Perturbation(Target.Later, Way.Mixed, start, IsInclusive: false, null);
            var claim = new Claim(["label"], $"cutoff < {Instants.Literal(start)}");
            Rebuild(check, change, () => Note(check, BaseTraining, _model.TrainingTable, claim, change.Words, ProofErrors.LabelLeaks), _model.Training);
            if (check.Leak is not null) return;
        }
    }

    /// <summary>Time goes on, and the program runs again: what was trained on stays.</summary>
    private void CheckMaturity(RunningCheck check, ImmutableArray<DateTime> cutoffs, DateTime asOf)
    {
        var claim = new Claim([.. _model.Features.Select(feature => feature.Name), "label"], All);
        var counts = _sources.Select(source => source.Append(asOf)).ToList();
        Rebuild(
            check, counts, () => Note(check, BaseTraining, _model.TrainingTable, claim, "inserting what lies behind the end of the data", ProofErrors.LabelLeaks),
            _asRequested.Training);
        if (check.Leak is null) CheckMaturityAsOf(check, cutoffs[cutoffs.Length / 2]);
    }

    /// <summary>As of the microsecond before a label is complete, with rows at that very instant and the next: what a run trains on then, it trains on later.</summary>
    private void CheckMaturityAsOf(RunningCheck check, DateTime cutoff)
    {
        var windows = Proof.Label.Windows;
        // Rows that arrive later than they happen, or are written later, may change what was taken to be complete.
        if (windows.Any(window => window.End is null || window.ReadAt is null) || Proof.Sources.Any(source => source is { IsInLabel: true, HasKnowledge: true })) return;
        if (LabelEnd(cutoff) is not { } end || end <= cutoff) return;
        var instant = end.AddTicks(-TimeSpan.TicksPerMicrosecond);
        var change = new Perturbation(Target.Later, Way.Mixed, instant, IsInclusive: false, cutoff) { AlsoAt = [instant] };
        var claim = new Claim([.. _model.Features.Select(feature => feature.Name), "label"], All);
        var model = Compile(instant);
        Rebuild(check, change, Compare, _model.Training);

        void Compare()
        {
            Keep(_model.TrainingTable, LaterTraining);
            Run(model.Training);
            Note(check, model.TrainingTable, LaterTraining, claim, $"time goes on from {Words.Instant(instant)}", ProofErrors.LabelLeaks);
        }
    }

    /// <summary>Scored as of a cutoff, through the SQL that scores, a row is what it is in training.</summary>
    private void CheckReplay(RunningCheck check, ImmutableArray<DateTime> cutoffs, ProofPlan plan)
    {
        foreach (var cutoff in cutoffs)
        {
            // A microsecond earlier it is not due yet.
            Score(cutoff.AddTicks(-TimeSpan.TicksPerMicrosecond));
            var model = Score(cutoff);
            Compare(BaseCandidates, model, cutoff, $"scoring as of {Words.Instant(cutoff)}");
            if (check.Leak is not null) return;
            // Whether rows at the cutoff itself count, and those where windows begin and end, both must say alike.
            foreach (var edges in plan.Edges(cutoff))
            {
                var change = new Perturbation(Target.Unknown, Way.Insert, cutoff, IsInclusive: true, cutoff) { AlsoAt = edges, IsOfItselfAlone = true };
                Rebuild(
                    check, change, () => Compare(SqlText.Name(Proof.CandidateTable), model, cutoff, $"scoring as of {Words.Instant(cutoff)}, rows being put there and where windows begin and end,"),
                    Proof.Candidates, model.Scoring);
                if (check.Leak is not null) return;
            }
        }

        CompiledModel Score(DateTime instant)
        {
            var model = Compile(instant);
            Run(model.Scoring);
            check.Rebuilds++;
            _progress?.Advance(Math.Min(++_done, _planned), _planned);
            var ahead = $"cutoff > {Instants.Literal(instant)} OR as_of > {Instants.Literal(instant)}";
            check.Note(check.Rows.Missing(SqlText.Name(model.ScoringTable), $"(FROM {BaseCandidates} LIMIT 0)", ahead, "not due", "scored"), $"scoring as of {Words.Instant(instant)}", Finding);
            return model;
        }

        void Compare(string candidates, CompiledModel model, DateTime cutoff, string words)
        {
            var (at, scoring) = ($"cutoff = {Instants.Literal(cutoff)}", SqlText.Name(model.ScoringTable));
            Note(check, candidates, model.ScoringTable, new Claim([.. _model.Features.Select(feature => feature.Name)], at), words, ProofErrors.ReplayDiffers);
            // A row that is known after its own instant is not there yet as of it.
            if (!Proof.HasLateCutoffs) Missing(new RowComparison(_tables, _model.IsEventMode ? [.. _model.Keys.Take(EntityKeys)] : _model.Keys), candidates, scoring, "there", "not scored", _model.IsEventMode);
            if (!Proof.HasEventCutoffs) Missing(check.Rows, scoring, candidates, "not there", "scored", false);

            void Missing(RowComparison rows, string table, string among, string before, string after, bool once)
            {
                var distinct = once ? $"(SELECT DISTINCT {string.Join(", ", _model.Keys.Take(EntityKeys).Append("cutoff").Select(SqlText.Name))} FROM {table})" : table;
                check.Note(rows.Missing(distinct, among, at, before, after), words, Finding);
            }
        }

        Diagnostic Finding(Leak leak) => ProofErrors.ReplayDiffers(_model.Name, leak, SpanOf(leak));
    }

    /// <summary>As of instants in the middle of the data, what was not known by then changes: every table stays as it is, rows, labels and parts.</summary>
    private void CheckAsOf(RunningCheck check, ImmutableArray<DateTime> cutoffs, DateTime asOf)
    {
        foreach (var instant in Middle(cutoffs, asOf))
        {
            CheckAsOf(check, instant);
            if (check.Leak is not null) break;
        }
    }

    private void CheckAsOf(RunningCheck check, DateTime instant)
    {
        var model = Compile(instant);
        (CompiledScript Script, string Table, string Base, ImmutableArray<string> Columns)[] tables =
        [
            (model.Proof!.Candidates, model.Proof.CandidateTable, AsOfCandidates, ["as_of", .. Features()]),
            (model.Training, model.TrainingTable, AsOfTraining, [.. Features(), "label", "split"]),
            (model.Scoring, model.ScoringTable, AsOfScoring, ["as_of", "open", .. Features()]),
        ];
        // What pivots learn as of an instant depends as little on what comes later.
        Learn(model);
        foreach (var table in tables)
        {
            Run(table.Script);
            Keep(table.Table, table.Base);
            var ahead = check.Rows.Missing(SqlText.Name(table.Table), $"(FROM {table.Base} LIMIT 0)", $"cutoff > {Instants.Literal(instant)}", "not due", "there");
            if (check.Note(ahead, $"a run as of {Words.Instant(instant)}", Finding)) return;
        }
        var change = new Perturbation(Target.Unknown, Way.Mixed, instant, IsInclusive: false, null) { TakesCutoffs = true };
        if (model.Pivots is { } pivots) Rebuild(check, change, Compare, pivots, model.Proof.Candidates, model.Training, model.Scoring);
        else Rebuild(check, change, Compare, model.Proof.Candidates, model.Training, model.Scoring);

        void Compare()
        {
            foreach (var (_, table, kept, columns) in tables)
            {
                check.Note(check.Rows.Compare(kept, SqlText.Name(table), new Claim(columns, All)), change.Words, Finding);
                check.Note(check.Rows.Missing(kept, SqlText.Name(table), All, "there", "gone"), change.Words, Finding);
                check.Note(check.Rows.Missing(SqlText.Name(table), kept, All, "not there", "there"), change.Words, Finding);
            }
        }

        IEnumerable<string> Features() => _model.Features.Select(feature => feature.Name);

        Diagnostic Finding(Leak leak) => ProofErrors.AsOfLeaks(_model.Name, leak, SpanOf(leak));
    }

    /// <summary>
    /// The instant at which labels of the cutoff in the middle are known, or else that cutoff: before the end of the data. And the microsecond before it, as of which
    /// a row that comes to light at that instant would complete them.
    /// </summary>
    private ImmutableArray<DateTime> Middle(ImmutableArray<DateTime> cutoffs, DateTime asOf)
    {
        if (_request.Options.AsOf is { } stated) return [stated];
        var middle = cutoffs[cutoffs.Length / 2];
        var instant = LabelEnd(middle) is { } end && end < asOf ? end : middle;
        return [instant, instant.AddTicks(-TimeSpan.TicksPerMicrosecond)];
    }

    /// <summary>When the label of a cutoff is known; null where it reads no stretch that ends.</summary>
    private DateTime? LabelEnd(DateTime cutoff)
    {
        DateTime? last = null;
        foreach (var window in Proof.Label.Windows)
        {
            if (window.End is { } offset && Instants.Move(cutoff, offset) is { } end && !(end <= last)) last = end;
        }
        return last;
    }

    private void Note(
        RunningCheck check, string before, string after, Claim claim, string words, Func<string, Leak, SourceSpan, Diagnostic> finding)
    {
        if (check.Leak is not null) return;
        check.Note(check.Rows.Compare(before, SqlText.Name(after), claim), words, leak => finding(_model.Name, leak, SpanOf(leak)));
    }
}
