using System.Collections.Immutable;
using SqlMl.Language.Text;

namespace SqlMl.Syntax;

/// <summary>A declaration at the top of a program.</summary>
public abstract record DeclarationSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>`entity name [from source by keys [since column]] [{ ... }]`.</summary>
/// <param name="Span">The whole declaration.</param>
/// <param name="Name">The entity.</param>
/// <param name="From">The source that declares the population, or null.</param>
/// <param name="Keys">The population's key columns; empty without <paramref name="From"/>.</param>
/// <param name="Since">The column from which an instance exists, or null.</param>
/// <param name="Clauses">What stands in braces.</param>
public sealed record EntitySyntax(
    SourceSpan Span, NameSyntax Name, NameSyntax? From, ImmutableArray<NameSyntax> Keys, PathSyntax? Since,
    ImmutableArray<EntityClauseSyntax> Clauses) : DeclarationSyntax(Span);

/// <summary>A clause in an entity's braces (identity stitching).</summary>
public abstract record EntityClauseSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>`id main_id from a, b`.</summary>
public sealed record EntityIdSyntax(SourceSpan Span, NameSyntax Name, ImmutableArray<NameSyntax> From) : EntityClauseSyntax(Span);

/// <summary>`ignore condition`.</summary>
public sealed record EntityIgnoreSyntax(SourceSpan Span, ExpressionSyntax Condition) : EntityClauseSyntax(Span);

/// <summary>`at most N links`.</summary>
public sealed record EntityLinkLimitSyntax(SourceSpan Span, decimal Limit) : EntityClauseSyntax(Span);

/// <summary>`stitch as of`.</summary>
public sealed record EntityStitchSyntax(SourceSpan Span) : EntityClauseSyntax(Span);

/// <summary>`var entity.name = value`.</summary>
public sealed record VarSyntax(SourceSpan Span, NameSyntax Entity, NameSyntax Name, ValueSyntax Value) : DeclarationSyntax(Span);

/// <summary>An expression with what may stand at its end: a list of windows, a default, a description.</summary>
public sealed record ValueSyntax(
    SourceSpan Span, ExpressionSyntax Expression, FamilySyntax? Family, ExpressionSyntax? Default, StringSyntax? Description) : SyntaxNode(Span);

/// <summary>A list of windows at the end of a var or label: `over 7, 30 days`.</summary>
public abstract record FamilySyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>`over 7, 30 days [ending G ago]`; at least two lengths.</summary>
public sealed record OverFamilySyntax(SourceSpan Span, ImmutableArray<DurationSyntax> Lengths, DurationSyntax? Ending) : FamilySyntax(Span);

/// <summary>`in next 7, 30 days [after G]`; at least two lengths.</summary>
public sealed record InNextFamilySyntax(SourceSpan Span, ImmutableArray<DurationSyntax> Lengths, DurationSyntax? After) : FamilySyntax(Span);

/// <summary>`repeated N times`: N adjoining windows.</summary>
public sealed record RepeatedFamilySyntax(SourceSpan Span, int Times) : FamilySyntax(Span);

/// <summary>`view name for entity { items }`; `all` is an item whose path is the word itself.</summary>
public sealed record ViewSyntax(SourceSpan Span, NameSyntax Name, NameSyntax Entity, bool HasAll, ImmutableArray<PathSyntax> Items) : DeclarationSyntax(Span);

/// <summary>`cohort name for entity = condition`.</summary>
public sealed record CohortSyntax(SourceSpan Span, NameSyntax Name, NameSyntax Entity, ExpressionSyntax Condition) : DeclarationSyntax(Span);

/// <summary>`param name = constant`.</summary>
public sealed record ParamSyntax(SourceSpan Span, NameSyntax Name, ExpressionSyntax Value) : DeclarationSyntax(Span);

/// <summary>`import 'path' [as name]`.</summary>
public sealed record ImportSyntax(SourceSpan Span, StringSyntax Path, NameSyntax? Alias) : DeclarationSyntax(Span);

/// <summary>`test 'name' for model { rows ... at ... expect ... }`.</summary>
public sealed record TestSyntax(
    SourceSpan Span, StringSyntax Name, NameSyntax Model, ImmutableArray<TestRowsSyntax> Rows, StringSyntax At,
    ImmutableArray<LiteralExpressionSyntax> Entity, ImmutableArray<TestExpectSyntax> Expectations) : DeclarationSyntax(Span);

/// <summary>`rows source (columns) (values), ...`.</summary>
public sealed record TestRowsSyntax(
    SourceSpan Span, NameSyntax Source, ImmutableArray<NameSyntax> Columns,
    ImmutableArray<ImmutableArray<LiteralExpressionSyntax>> Rows) : SyntaxNode(Span);

/// <summary>`name = literal` in a test's `expect`.</summary>
public sealed record TestExpectSyntax(SourceSpan Span, NameSyntax Name, LiteralExpressionSyntax Value) : SyntaxNode(Span);
