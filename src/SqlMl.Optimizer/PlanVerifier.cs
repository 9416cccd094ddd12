using System.Collections.Immutable;
using SqlMl.Plan;

namespace SqlMl.Optimizer;

/// <summary>Checks what every plan must fulfil, so that a wrong pass is found where it is wrong.</summary>
internal static class PlanVerifier
{
    /// <summary>Throws when a value is computed twice or read before it is computed: a defect of the pass, never of a program.</summary>
    internal static void Verify(LogicalModel model, string pass)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var scan in model.Scans) Add(known, scan, pass);
        foreach (var rollup in model.Rollups) AddRollup(known, rollup, pass);
        foreach (var link in model.Links) AddLink(known, link, pass);
        AddDerived(known, model.Derived, pass);
        foreach (var feature in model.Features) Find(known, feature, pass);
        if (model.When is not null) Find(known, model.When, pass);
        if (model.ScoreOnly is not null) Find(known, model.ScoreOnly, pass);
        foreach (var scan in model.LabelScans) Add(known, scan, pass);
        foreach (var rollup in model.LabelRollups) AddRollup(known, rollup, pass);
        foreach (var link in model.LabelLinks) AddLink(known, link, pass);
        AddDerived(known, model.LabelDerived, pass);
        if (model.Given is not null) Require(known, model.Given, pass);
        Require(known, model.Label, pass);
    }

    private static void AddLink(HashSet<string> known, LogicalLink link, string pass)
    {
        Verify(link.Values, pass);
        foreach (var key in link.Keys) Require(known, key, pass);
        foreach (var name in link.Names)
        {
            if (!link.Values.Features.Contains(name.Value, StringComparer.OrdinalIgnoreCase)) throw new InvalidOperationException($"Pass {pass} lost the value {name.Value} of {link.Entity}.");
            Add(known, name.Name, pass);
        }
    }

    private static void AddRollup(HashSet<string> known, LogicalRollup rollup, string pass)
    {
        Verify(rollup.Values, pass);
        var ofMembers = new HashSet<string>(rollup.Values.Features, StringComparer.OrdinalIgnoreCase);
        foreach (var link in rollup.Link) Find(ofMembers, link, pass);
        foreach (var aggregate in rollup.Aggregates)
        {
            foreach (var argument in aggregate.Arguments) RequireColumns(ofMembers, argument, pass);
            if (aggregate.Filter is not null) RequireColumns(ofMembers, aggregate.Filter, pass);
            Add(known, aggregate.Name, pass);
        }
    }

    private static void RequireColumns(HashSet<string> ofMembers, LogicalExpression expression, string pass)
    {
        if (expression is LogicalColumn column) Find(ofMembers, column.Name, pass);
        foreach (var child in expression.Children) RequireColumns(ofMembers, child, pass);
    }

    private static void AddDerived(HashSet<string> known, ImmutableArray<LogicalDerived> values, string pass)
    {
        foreach (var level in LogicalDerived.ByLevel(values))
        {
            foreach (var derived in level) Require(known, derived.Expression, pass);
            foreach (var derived in level) Add(known, derived.Name, pass);
        }
    }

    private static void Find(HashSet<string> known, string value, string pass)
    {
        if (!known.Contains(value)) throw new InvalidOperationException($"Pass {pass} lost the value {value}.");
    }

    private static void Add(HashSet<string> known, LogicalScan scan, string pass)
    {
        foreach (var aggregate in scan.Aggregates) Add(known, aggregate.Name, pass);
    }

    private static void Add(HashSet<string> known, string name, string pass)
    {
        if (!known.Add(name)) throw new InvalidOperationException($"Pass {pass} computes {name} twice.");
    }

    private static void Require(HashSet<string> known, LogicalExpression expression, string pass)
    {
        if (expression is LogicalValue value && !known.Contains(value.Name))
        {
            throw new InvalidOperationException($"Pass {pass} reads {value.Name} before it is computed.");
        }
        foreach (var child in expression.Children) Require(known, child, pass);
    }
}
