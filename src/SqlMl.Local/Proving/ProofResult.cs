using System.Collections.Immutable;
using SqlMl.Language.Diagnostics;
using SqlMl.Local.Running;

namespace SqlMl.Local.Proving;

/// <summary>What a proof found.</summary>
/// <param name="Outcome">Succeeded where nothing moved that must not; WrongInput where something did, or where nothing could be examined.</param>
/// <param name="Diagnostics">An error for each finding.</param>
/// <param name="Models">What was examined, a model each in the program's order; empty where the machine or the data failed the proof.</param>
public sealed record ProofResult(RunOutcome Outcome, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<ModelProof> Models);

/// <summary>What was examined of one model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="AsOf">The run's instant, UTC; null where no source has a row.</param>
/// <param name="Cutoffs">The cutoffs at which its data were changed, in their order.</param>
/// <param name="Checks">Each check with its counts.</param>
/// <param name="Notes">What the proof takes at its word, and what it could not do, each a sentence.</param>
public sealed record ModelProof(string Model, DateTime? AsOf, ImmutableArray<DateTime> Cutoffs, ImmutableArray<CheckSummary> Checks, ImmutableArray<string> Notes);

/// <summary>One check of one model, with what it really looked at.</summary>
/// <param name="Name">A word for it: `future`, `windows`, `label`, `learned`, `split`, `maturity`, `as_of`, `replay`.</param>
/// <param name="Claim">What holds where it passes.</param>
/// <param name="Rebuilds">How often tables were built from changed data, or scored as of another instant.</param>
/// <param name="RowsChanged">Source rows whose values or times were changed, over all rebuilds.</param>
/// <param name="RowsDeleted">Source rows deleted.</param>
/// <param name="RowsInserted">Source rows inserted.</param>
/// <param name="RowsCompared">Rows of training sets compared, over all rebuilds; for the check of learned values, the training rows that they were learned from again.</param>
/// <param name="CutoffsCompared">The different cutoffs among them.</param>
/// <param name="LabelsMoved">For the check of labels: how many labels the changes within their windows moved; else null.</param>
/// <param name="ListsCompared">For the check of learned values: how many lists were learned again and compared; else null.</param>
/// <param name="Leak">The first that moved; null where nothing did.</param>
public sealed record CheckSummary(
    string Name, string Claim, int Rebuilds, long RowsChanged, long RowsDeleted, long RowsInserted, long RowsCompared, long CutoffsCompared, long? LabelsMoved, long? ListsCompared,
    Leak? Leak);

/// <summary>A value that moved and must not have.</summary>
/// <param name="Column">The var, `label`, the pivot whose list moved, or null where the row itself came or went.</param>
/// <param name="Key">The entity's key, and the anchor's where there is one; empty for a list, which belongs to no entity.</param>
/// <param name="Cutoff">The row's cutoff, UTC; for a list that of the last row that it was learned from.</param>
/// <param name="Before">The value with the data as they are; null is told as `null`.</param>
/// <param name="After">The value with the changed data.</param>
/// <param name="Change">What was changed, to follow "after".</param>
public sealed record Leak(string? Column, string Key, DateTime Cutoff, string Before, string After, string Change);
