using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler;
using SqlMl.Local.Data;

namespace SqlMl.Local.Proving;

/// <content>What pivots learn (rule 39), and from which rows.</content>
internal sealed partial class ModelProver
{
    /// <summary>A value that was learned, with its rank and the training rows that see it.</summary>
    private sealed record LearnedRow(string Pivot, long Ordinal, string Value, long TrainingRows);

    /// <summary>
    /// What no training row sees changes, goes and comes: the same values are learned, each from as many rows. The training rows stay those of the unchanged data,
    /// and so do the parts and the run's instant; rows of other parts stay all, so that a list that is learned from them is found. At each cutoff some of the
    /// training rows are learned from alone: those of which the change must not be seen.
    /// </summary>
    private void CheckLearned(RunningCheck check, ImmutableArray<DateTime> cutoffs, CompiledLearning learning)
    {
        check.ListsCompared = 0;
        var columns = Enumerable.Range(0, _model.Features.Length).Where(i => _model.Features[i].Learned is not null).ToList();
        var plan = new ProofPlan(_model with { Features = [.. columns.Select(i => _model.Features[i])] }, Proof with { Features = [.. columns.Select(i => Proof.Features[i])] });
        var known = new Dictionary<string, List<LearnedRow>>(StringComparer.Ordinal);
        if (_tables.Rows($"SELECT max(cutoff) FROM {BaseLearning} WHERE split = 'train'")[0][0] is not DateTime last) return;
        // From all rows at once they learn what the model has, or else this check looks at something else than training does.
        Compare(Read(_model.PivotTable), plan.UpTo(last), "learning again");
        foreach (var cutoff in cutoffs.Add(last).Distinct())
        {
            foreach (var way in (Way[])[Way.Change, Way.Delete, Way.Insert]) Examine(new Perturbation(Target.Unknown, way, cutoff, Proof.IsBefore, cutoff), [plan.UpTo(cutoff)]);
            foreach (var (offset, isStrict) in plan.FeatureEnds())
            {
                if (Instants.Move(cutoff, offset) is { } end) Examine(new Perturbation(Target.LaterRows, Way.Mixed, end, isStrict, cutoff), plan.EndedBy(end, isStrict));
            }
            foreach (var (offset, isStrict) in plan.FeatureStarts())
            {
                if (Instants.Move(cutoff, offset) is { } start) Examine(new Perturbation(Target.Earlier, Way.Mixed, start, !isStrict, cutoff), plan.BegunAfter(start, !isStrict));
            }
            if (check.Leak is not null) return;
        }

        void Examine(Perturbation change, ImmutableArray<Claim> claims)
        {
            foreach (var claim in claims) known.TryAdd(claim.Condition, Learn(claim));
            Rebuild(check, change, () =>
            {
                foreach (var claim in claims) Compare(known[claim.Condition], claim, change.Words);
            });
        }

        void Compare(List<LearnedRow> before, Claim claim, string words)
        {
            var after = Learn(claim);
            var from = $"split = 'train' AND ({claim.Condition})";
            if (before.Count == 0 && after.Count == 0) return;
            check.Rows.Count(BaseLearning, from);
            foreach (var pivot in _model.Features.Where(feature => claim.Columns.Contains(feature.Name)).Select(feature => feature.Learned!.Pivot).Distinct(StringComparer.Ordinal))
            {
                var (old, now) = (before.FindAll(row => row.Pivot == pivot), after.FindAll(row => row.Pivot == pivot));
                check.ListsCompared++;
                if (old.SequenceEqual(now)) continue;
                var cutoff = (DateTime?)_tables.Rows($"SELECT max(cutoff) FROM {BaseLearning} WHERE {from}")[0][0] ?? last;
                check.Note(new Moved(pivot, "", cutoff, Text(old), Text(now)), words, leak => ProofErrors.LearnedLeaks(_model.Name, leak, _model.Span));
            }
        }

        List<LearnedRow> Learn(Claim claim)
        {
            _tables.Execute($"CREATE OR REPLACE TABLE {SqlText.Name(learning.RowTable)} AS FROM {BaseLearning} WHERE split <> 'train' OR ({claim.Condition})");
            Run(learning.Lists);
            return Read(learning.ListTable);
        }
    }

    private List<LearnedRow> Read(string table) =>
        [.. _tables.Rows($"SELECT pivot_name, CAST(ordinal AS BIGINT), value, CAST(training_rows AS BIGINT) FROM {SqlText.Name(table)} ORDER BY ALL")
            .Select(row => new LearnedRow((string)row[0]!, (long)row[1]!, (string)row[2]!, (long)row[3]!))];

    private static string Text(List<LearnedRow> rows) => rows.Count == 0
        ? "nothing"
        : string.Join(", ", rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Value} ({row.TrainingRows} rows)")));
}
