using System.Collections.Immutable;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds what a prediction hands over.</summary>
internal sealed class OutputBinder(ProgramScope scope)
{
    private static readonly ImmutableArray<string> Metrics = ["f1", "recall", "precision"];

    /// <summary>The columns in the order written; empty without the clause.</summary>
    internal ImmutableArray<BoundOutput> Bind(OutputClauseSyntax? clause)
    {
        var outputs = ImmutableArray.CreateBuilder<BoundOutput>();
        var names = new Dictionary<string, OutputColumnSyntax>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in clause?.Columns ?? [])
        {
            if (column.Kind is not ("score" or "percentile" or "class"))
            {
                scope.Report(NameErrors.LeftOut($"output `{column.Kind}`", column.Span));
                continue;
            }
            var name = column.Name?.Text ?? column.Kind;
            if (!names.TryAdd(name, column))
            {
                scope.Report(NameErrors.Duplicate("output", name, names[name].Span, column.Span));
                continue;
            }
            var (metric, value) = column.Kind == "class" ? BindCut(column) : (null, null);
            outputs.Add(new BoundOutput(column.Kind, name, column.Description?.Value, metric, value));
        }
        return outputs.ToImmutable();
    }

    /// <summary>The class cut: `at best f1` unless stated (rule 51).</summary>
    private (string? Metric, decimal? Value) BindCut(OutputColumnSyntax column)
    {
        if (column.Option is not { } option) return ("f1", null);
        var number = option.Numbers.IsEmpty ? (decimal?)null : option.Numbers[0];
        if (number is < 0 or > 1)
        {
            scope.Report(TypeErrors.ParameterValue("at", $"{number}", "a probability from 0 to 1", option.Span));
        }
        if (option.Metric is null) return (null, number ?? 0.5m);
        var metric = option.Metric.Text.ToLowerInvariant();
        if (!Metrics.Contains(metric) || (number is null && metric != "f1"))
        {
            scope.Report(TypeErrors.ParameterValue("at", $"`{option.Span.Text}`", "`best f1`, a probability such as `0.5`, or `recall 0.8` or `precision 0.8`", option.Span));
        }
        return (metric, number);
    }
}
