using System.Collections.Immutable;
using SqlMl.Compiler.Lowering;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Functions;
using SqlMl.Language.Text;
using SqlMl.Semantics;
using SqlMl.Sql;

namespace SqlMl.Compiler;

/// <summary>Leaves out of a program, for a dialect without models of language, what reads them: features and tests of such. Anything else that needs them is an error.</summary>
internal static class TextModels
{
    /// <summary>The program as the dialect can compute it; all that is missing from it is reported.</summary>
    internal static SemanticModel LeaveOut(SemanticModel program, SqlDialect? dialect, DiagnosticSink diagnostics)
    {
        if (dialect is null or { HasTextModels: true }) return program;
        var reported = new HashSet<SourceSpan>();
        foreach (var source in program.Sources) Require(source, dialect, diagnostics, reported);
        var models = program.Models.Select(model => LeaveOut(model, dialect, diagnostics, reported)).ToImmutableArray();
        var tests = program.Tests.Where(test =>
        {
            if (First(test.Model.Features) is not { } call) return true;
            diagnostics.Add(LoweringErrors.LeftOut(dialect.Name, $"test '{test.Name}'", call.Function.Name, test.Span));
            return false;
        });
        return program with { Models = models, Tests = [.. tests] };
    }

    private static BoundModel LeaveOut(BoundModel model, SqlDialect dialect, DiagnosticSink diagnostics, HashSet<SourceSpan> reported)
    {
        foreach (var part in Needed(model))
        {
            if (Find(part, []) is { } call && reported.Add(call.Span)) diagnostics.Add(LoweringErrors.NoTextModels(dialect.Name, $"model `{model.Name}`", call.Function.Name, call.Span));
        }
        var left = ImmutableArray.CreateBuilder<VarSymbol>();
        foreach (var feature in model.Features)
        {
            if (Find(feature.Expression, []) is not { } call) continue;
            left.Add(feature);
            if (reported.Add(feature.Span)) diagnostics.Add(LoweringErrors.LeftOut(dialect.Name, $"var `{feature.Name}`", call.Function.Name, call.Span));
        }
        if (left.Count == 0) return model;
        if (left.Count == model.Features.Length) diagnostics.Add(LoweringErrors.NoTextModels(dialect.Name, $"model `{model.Name}`, which has no other features,", "cortex", model.Span));
        return model with { Features = model.Features.RemoveRange(left), LeftOut = left.ToImmutable() };
    }

    /// <summary>What a model cannot be without.</summary>
    private static IEnumerable<BoundExpression> Needed(BoundModel model)
    {
        yield return model.Label;
        if (model.When is not null) yield return model.When;
        if (model.ScoreOnly is not null) yield return model.ScoreOnly;
        if (model.Given is not null) yield return model.Given;
        if (model.Until?.Filter is { } until) yield return until;
        foreach (var line in model.Observe)
        {
            var rows = line switch { BoundObserveEach each => each.Rows, BoundObserveAfterFirst after => after.Rows, _ => null };
            if (rows?.Filter is { } filter) yield return filter;
        }
    }

    /// <summary>A source cannot be without what says which rows it has, whose and when.</summary>
    private static void Require(SourceSymbol source, SqlDialect dialect, DiagnosticSink diagnostics, HashSet<SourceSpan> reported)
    {
        BoundExpression?[] parts = [source.Time, source.ValidTo, source.Where, source.OrderBy, source.Knowledge?.At, .. source.Key, .. source.Entities.SelectMany(entity => entity.Columns)];
        foreach (var part in parts)
        {
            if (part is not null && Find(part, []) is { } call && reported.Add(call.Span)) diagnostics.Add(LoweringErrors.NoTextModels(dialect.Name, $"source `{source.Name}`", call.Function.Name, call.Span));
        }
    }

    private static BoundCall? First(ImmutableArray<VarSymbol> features)
    {
        foreach (var feature in features)
        {
            if (Find(feature.Expression, []) is { } call) return call;
        }
        return null;
    }

    /// <summary>The first call of such a function that a value comes from, through vars and columns; each is followed once.</summary>
    private static BoundCall? Find(BoundExpression expression, HashSet<object> followed)
    {
        if (expression is BoundCall { Function: var function } call && TextFunctions.All.Contains(function)) return call;
        if (expression is BoundVar { Var: var read }) return followed.Add(read) ? Find(read.Expression, followed) : null;
        if (expression is BoundColumn { Column: var column }) return Find(column, followed);
        if (expression is BoundAnchor { Column: var anchored }) return Find(anchored, followed);
        foreach (var child in expression.Children)
        {
            if (Find(child, followed) is { } found) return found;
        }
        return null;
    }

    private static BoundCall? Find(ColumnSymbol column, HashSet<object> followed)
    {
        if (!followed.Add(column)) return null;
        if (column.Expression is not null) return Find(column.Expression, followed);
        if (column.Joined is { } joined) return Find(joined.Column, followed);
        if (column.Grouped is not null) return Find(column.Grouped, followed);
        foreach (var part in column.Parts)
        {
            if (part is not null && Find(part, followed) is { } found) return found;
        }
        return null;
    }
}
