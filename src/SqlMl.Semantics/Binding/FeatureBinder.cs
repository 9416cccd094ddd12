using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Decides which vars are a model's features (rules 38 and 45).</summary>
internal sealed class FeatureBinder(ProgramScope scope, EntitySymbol entity, VarTable own, PredictSyntax model, AnchorBinder? anchor)
{
    /// <summary>The features in order of declaration; reports when there are none, or one has a name that the tables need.</summary>
    internal ImmutableArray<VarSymbol> Bind(VarBinder vars)
    {
        var clause = Joined(model.Find<UsingClauseSyntax>());
        // The model's own vars hide the entity's vars of the same name (rule 56).
        var all = scope.Vars.Of(entity).Where(symbol => own.Find(entity, symbol.Name) is null).Concat(own.Of(entity)).ToList();
        var wasReported = false;
        var columns = BindColumns(clause, vars, ref wasReported);
        List<VarSymbol> chosen;
        if (clause is null || clause.HasAll)
        {
            var except = new Dictionary<VarSymbol, SourceSpan>();
            foreach (var path in clause?.Except ?? [])
            {
                foreach (var symbol in Resolve([path], vars, ref wasReported)) except.TryAdd(symbol, path.Span);
            }
            // Whether a var is an instant is for the program to say: the schema changes no training set (rule 59).
            chosen = [.. all.Where(symbol => !except.ContainsKey(symbol) && symbol.Expression?.UsedType != DataType.Instant)];
            foreach (var path in Vars(clause))
            {
                foreach (var symbol in Resolve([path], vars, ref wasReported))
                {
                    if (except.Remove(symbol, out var left)) scope.Report(NameErrors.NamedAndExcepted(path.Text, path.Span, left));
                    if (!chosen.Contains(symbol)) chosen.Add(symbol);
                }
            }
        }
        else if (clause.IsAuto)
        {
            scope.Report(NameErrors.NotCompiled("`using auto`", clause.Span));
            return [];
        }
        else
        {
            var named = Resolve(Vars(clause), vars, ref wasReported);
            chosen = [.. all.Where(named.Contains)];
        }
        Rename(clause, vars, chosen);
        foreach (var column in columns)
        {
            if (!CollidesWith(column, chosen)) chosen.Add(column);
        }
        if (chosen.Count == 0 && !wasReported) scope.Report(NameErrors.NoFeatures(model.Name.Text, model.Name.Span));
        foreach (var symbol in chosen) CheckName(symbol);
        return [.. chosen];
    }

    /// <summary>The list with each name of an import as one.</summary>
    private UsingClauseSyntax? Joined(UsingClauseSyntax? clause) => clause is null ? null : clause with
    {
        Columns = clause.Columns.SelectAsArray(column => column with { Path = Joined(column.Path) }),
        Except = clause.Except.SelectAsArray(Joined),
    };

    private PathSyntax Joined(PathSyntax path) => path with { Parts = scope.Imported.Joined(path.Parts) };

    private static bool IsAnchor(PathSyntax path) => path.Parts.Length > 1 && RowBinder.IsWord(path.Parts[0], "anchor");

    /// <summary>True for `key` and its parts, unless a var is called so.</summary>
    private bool IsKey(PathSyntax path) =>
        KeyBinder.IsKey(path.Parts[0]) && own.FindDeclared(entity, "key") is null && scope.Vars.FindDeclared(entity, "key") is null;

    private bool IsColumn(PathSyntax path) => IsAnchor(path) || IsKey(path) || LinkedOf(path) is not null;

    /// <summary>The other entity whose var a path names; null for none.</summary>
    private EntitySymbol? LinkedOf(PathSyntax path) =>
        path.Parts.Length == 2 && scope.FindEntity(path.Parts[0]) is { } other && other != entity ? other : null;

    private ImmutableArray<PathSyntax> Vars(UsingClauseSyntax? clause) =>
        clause is null ? [] : [.. clause.Columns.Select(column => column.Path).Where(path => !IsColumn(path))];

    /// <summary>`anchor.amount`, or `key.store as shop`, in the list of features: a var of this model, called like the column or as `as` says.</summary>
    private List<VarSymbol> BindColumns(UsingClauseSyntax? clause, VarBinder vars, ref bool wasReported)
    {
        var columns = new List<VarSymbol>();
        foreach (var column in clause?.Columns ?? [])
        {
            if (!IsColumn(column.Path)) continue;
            if (LinkedOf(column.Path) is { } other)
            {
                wasReported |= !AddLinked(columns, other, column, vars);
                continue;
            }
            var bound = IsKey(column.Path) ? KeyBinder.Bind(scope, entity, column.Path.Parts, column.Path.Span) : BindAnchor(column.Path);
            wasReported |= bound is BoundMistake;
            if (bound is BoundMistake) continue;
            var name = column.Alias ?? column.Path.Parts[^1];
            var symbol = new VarSymbol(entity, name.Text, name.Span, scope.Types) { IsModelVar = true, DefinitionSpan = column.Path.Span };
            symbol.Define(bound);
            columns.Add(symbol);
        }
        return columns;
    }

    /// <summary>`merchant.fraud_share` in the list of features: called `merchant_fraud_share`, or as `as` says; false where there is no such var, which was reported.</summary>
    private bool AddLinked(List<VarSymbol> columns, EntitySymbol other, UsingColumnSyntax column, VarBinder vars)
    {
        var name = scope.OfEntity(other, column.Path.Parts[1], vars);
        var found = new LinkBinder(scope, entity, anchor?.Source).Find(other, name, vars, column.Path.Span);
        var isOne = found.Count == 1 && vars.Find(other, name) == found[0];
        if (column.Alias is not null && !isOne && found.Count > 0) scope.Report(EntityErrors.FamilyInExpression(name, found));
        foreach (var symbol in found)
        {
            var called = column.Alias ?? new NameSyntax(column.Path.Span, $"{other.Name}_{symbol.Name}", false);
            var linked = new VarSymbol(entity, called.Text, called.Span, scope.Types) { IsModelVar = true, Description = symbol.Description, DefinitionSpan = column.Path.Span };
            linked.Define(new BoundVar(column.Path.Span, symbol));
            columns.Add(linked);
        }
        return found.Count > 0;
    }

    /// <summary>`orders_7d as weekly`: the feature stands under that name in its var's place.</summary>
    private void Rename(UsingClauseSyntax? clause, VarBinder vars, List<VarSymbol> chosen)
    {
        foreach (var column in clause?.Columns ?? [])
        {
            if (column.Alias is not { } alias || IsColumn(column.Path)) continue;
            var name = column.Path.Parts.Length == 1 ? column.Path.Parts[0] : scope.OfEntity(entity, column.Path.Parts[^1], vars);
            if (vars.Find(entity, name) is not { } symbol)
            {
                if (vars.FindFamily(entity, name) is { } family) scope.Report(EntityErrors.FamilyInExpression(name, family));
                continue;
            }
            var place = chosen.IndexOf(symbol);
            if (place < 0) continue;
            var renamed = new VarSymbol(entity, alias.Text, alias.Span, scope.Types) { IsModelVar = true, Description = symbol.Description, DefinitionSpan = column.Path.Span };
            renamed.Define(new BoundVar(column.Path.Span, symbol));
            chosen.RemoveAt(place);
            if (!CollidesWith(renamed, chosen)) chosen.Insert(place, renamed);
        }
    }

    private BoundExpression BindAnchor(PathSyntax path)
    {
        if (anchor is not null) return anchor.Bind(path.Parts[1..], path.Span);
        scope.Report(KnowledgeErrors.NoAnchor($"model `{model.Name.Text}`", path.Span));
        return new BoundMistake(path.Span);
    }

    private bool CollidesWith(VarSymbol symbol, List<VarSymbol> chosen)
    {
        var first = chosen.Find(other => other.Name.Equals(symbol.Name, StringComparison.OrdinalIgnoreCase));
        if (first is not null) scope.Report(NameErrors.Duplicate("feature", symbol.Name, first.Span, symbol.Span));
        return first is not null;
    }

    private HashSet<VarSymbol> Resolve(ImmutableArray<PathSyntax> paths, VarBinder vars, ref bool wasReported)
    {
        var symbols = new HashSet<VarSymbol>();
        foreach (var path in paths)
        {
            var isOwn = path.Parts.Length == 1 || (path.Parts.Length == 2 && scope.FindEntity(path.Parts[0]) == entity);
            var name = path.Parts.Length == 1 ? path.Parts[0] : scope.OfEntity(entity, path.Parts[^1], vars);
            if (!isOwn)
            {
                ReportForeign(path);
                wasReported = true;
            }
            else if (vars.Find(entity, name) is { } symbol)
            {
                symbols.Add(symbol);
            }
            else if (vars.FindFamily(entity, name) is { } family)
            {
                symbols.UnionWith(family);
            }
            else
            {
                if (!vars.WasReported(entity, name)) scope.ReportUnknownVar(entity, name, vars);
                wasReported = true;
            }
        }
        return symbols;
    }

    private void ReportForeign(PathSyntax path)
    {
        var owner = path.Parts[0];
        if (scope.IsModel(owner)) scope.Report(NameErrors.NotCompiled("another model's score", path.Span));
        // Another entity's var is a feature only where the list names it.
        else if (scope.RequireEntity(owner) is not null) scope.ReportUnknown(NameErrors.UnknownVar(entity.Name, path.Text, path.Span, scope.Vars.Of(entity).Select(symbol => scope.Imported.Written(path.Span, symbol.Name, symbol.Span))));
    }

    private void CheckName(VarSymbol symbol)
    {
        if (symbol.Expression.Type == DataType.Instant)
        {
            scope.Report(TypeErrors.InstantFeature(symbol.Name, symbol.Span));
            return;
        }
        if (ReservedColumns.Contains(symbol.Name))
        {
            scope.Report(NameErrors.ReservedName("a feature", symbol.Name, "a column of every training set", symbol.Span));
        }
        else if (entity.Keys.Contains(symbol.Name, StringComparer.OrdinalIgnoreCase))
        {
            scope.Report(NameErrors.ReservedName("a feature", symbol.Name, $"the key of `{entity.Name}`", symbol.Span));
        }
    }
}
