using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Language.Trainers;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds what a prediction hands over.</summary>
internal sealed class OutputBinder(ProgramScope scope, EntitySymbol entity)
{
    private static readonly ImmutableArray<string> ReservedColumns = ["cutoff", "as_of"];

    /// <summary>The columns in the order written; empty without the clause.</summary>
    /// <param name="clause">The clause; null where there is none.</param>
    /// <param name="label">What is predicted; null when that could not be understood, and then nothing is said about whether the two fit.</param>
    internal ImmutableArray<BoundOutput> Bind(OutputClauseSyntax? clause, LabelToLearn? label)
    {
        var outputs = ImmutableArray.CreateBuilder<BoundOutput>();
        var names = new Dictionary<string, OutputColumnSyntax>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in clause?.Columns ?? [])
        {
            if (column.Kind is not ("score" or "percentile" or "decile" or "class" or "raw"))
            {
                scope.Report(NameErrors.LeftOut($"output `{column.Kind}`", column.Span));
                continue;
            }
            if (label is not null && !Fits(column, label)) continue;
            var name = column.Name?.Text ?? column.Kind;
            if (!names.TryAdd(name, column))
            {
                scope.Report(NameErrors.Duplicate("output", name, names[name].Span, column.Span));
                continue;
            }
            CheckName(name, column);
            var (metric, value) = label?.Task == LearningTask.MultiClassClassification ? (null, null) : BindOption(column);
            outputs.Add(new BoundOutput(column.Kind, name, column.Description?.Value, metric, value));
        }
        return outputs.ToImmutable();
    }

    /// <summary>
    /// True for a column that predictions of the label have: a number is no class, several classes are in no order that a percentile could tell, the
    /// likeliest of them needs no cut, and only the probability of a truth value is calibrated. What does not fit is reported.
    /// </summary>
    private bool Fits(OutputColumnSyntax column, LabelToLearn label)
    {
        switch (column.Kind, label.Task)
        {
            case ("class" or "raw", LearningTask.Regression) or ("percentile" or "decile" or "raw", LearningTask.MultiClassClassification):
                scope.Report(LabelErrors.OutputMismatch(column.Kind, label.Task, column.Span, label.Span));
                return false;
            case ("class", LearningTask.MultiClassClassification) when column.Option is { } cut:
                scope.Report(LabelErrors.CutOfSeveralClasses(cut.Span, label.Span));
                return false;
            default:
                return true;
        }
    }

    private void CheckName(string name, OutputColumnSyntax column)
    {
        var span = column.Name?.Span ?? column.Span;
        if (entity.Keys.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            scope.Report(NameErrors.ReservedName("an output", name, $"the key of `{entity.Name}`", span));
        }
        else if (ReservedColumns.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            scope.Report(NameErrors.ReservedName("an output", name, "a column of every prediction", span));
        }
    }

    /// <summary>The class cut: `at best f1` unless stated (rule 51); no other output has an option.</summary>
    private (string? Metric, decimal? Value) BindOption(OutputColumnSyntax column)
    {
        if (column.Option is not { } option) return column.Kind == "class" ? ("f1", null) : (null, null);
        var value = option.Numbers.IsEmpty ? (decimal?)null : option.Numbers[0];
        var metric = option.Metric?.Text.ToLowerInvariant();
        var isCut = column.Kind == "class" && (option.Word, metric) is ("best", "f1") or ("at", null or "recall");
        if (!isCut)
        {
            scope.Report(NameErrors.OutputOption(column.Kind, option.Span.Text, option.Span));
        }
        else if (value is < 0 or > 1)
        {
            scope.Report(TypeErrors.ParameterValue(metric ?? "at", $"{value.Value.ToString(CultureInfo.InvariantCulture)}", "a number from 0 to 1", option.Span));
        }
        return (metric, value);
    }
}
