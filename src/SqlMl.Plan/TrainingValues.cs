using SqlMl.Language.Collections;

namespace SqlMl.Plan;

/// <summary>What training needs of a model: not what only `score only when` asks for.</summary>
public static class TrainingValues
{
    /// <summary>The model without the condition on what is scored, and without the values that nothing else reads.</summary>
    public static LogicalModel Of(LogicalModel model)
    {
        if (model.ScoreOnly is null) return model;
        var derived = model.Derived.ToDictionary(value => value.Name, value => value.Expression, StringComparer.OrdinalIgnoreCase);
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var feature in model.Features) Read(feature);
        if (model.When is not null) Read(model.When);
        foreach (var link in model.Links.Concat(model.LabelLinks)) ReadAll(link.Keys);
        ReadAll([model.Label, .. model.LabelDerived.Select(value => value.Expression)]);
        if (model.Given is not null) ReadAll([model.Given]);
        return model with
        {
            ScoreOnly = null,
            Scans = [.. model.Scans.SelectAsArray(scan => scan with { Aggregates = scan.Aggregates.RemoveAll(aggregate => !read.Contains(aggregate.Name)) }).Where(scan => !scan.Aggregates.IsEmpty)],
            Derived = model.Derived.RemoveAll(value => !read.Contains(value.Name)),
        };

        void Read(string name)
        {
            if (read.Add(name) && derived.TryGetValue(name, out var expression)) ReadAll([expression]);
        }

        void ReadAll(IEnumerable<LogicalExpression> expressions)
        {
            foreach (var expression in expressions)
            {
                if (expression is LogicalValue value) Read(value.Name);
                ReadAll(expression.Children);
            }
        }
    }
}
