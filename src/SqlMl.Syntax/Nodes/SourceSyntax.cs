using System.Collections.Immutable;
using SqlMl.Language.Text;

namespace SqlMl.Syntax;

/// <summary>`source name { ... }`, or one made from others: `= union of`, `= group`, `= sql`.</summary>
public sealed record SourceSyntax(SourceSpan Span, NameSyntax Name, SourceBodySyntax Body) : DeclarationSyntax(Span);

/// <summary>What a source consists of.</summary>
public abstract record SourceBodySyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>Clauses in braces, in the order written.</summary>
public sealed record SourceBlockSyntax(SourceSpan Span, ImmutableArray<SourceClauseSyntax> Clauses) : SourceBodySyntax(Span);

/// <summary>`= union of a, b`.</summary>
public sealed record SourceUnionSyntax(SourceSpan Span, ImmutableArray<NameSyntax> Parts) : SourceBodySyntax(Span);

/// <summary>`= group source by keys { name = aggregate ... }`.</summary>
public sealed record SourceGroupSyntax(
    SourceSpan Span, NameSyntax Source, ImmutableArray<PathSyntax> Keys, ImmutableArray<NamedExpressionSyntax> Columns) : SourceBodySyntax(Span);

/// <summary>`= sql { snowflake '...' duckdb '...' }`.</summary>
public sealed record SourceSqlSyntax(SourceSpan Span, ImmutableArray<DialectTextSyntax> Texts) : SourceBodySyntax(Span);

/// <summary>`name = expression`.</summary>
public sealed record NamedExpressionSyntax(SourceSpan Span, NameSyntax Name, ExpressionSyntax Expression) : SyntaxNode(Span);

/// <summary>A clause in a source's braces.</summary>
public abstract record SourceClauseSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>`table a.b.c`, or `table param p`; exactly one of the two is given.</summary>
public sealed record TableClauseSyntax(SourceSpan Span, PathSyntax? Table, NameSyntax? Parameter) : SourceClauseSyntax(Span);

/// <summary>`file 'path'`; the path may hold wildcards.</summary>
public sealed record FileClauseSyntax(SourceSpan Span, StringSyntax Path) : SourceClauseSyntax(Span);

/// <summary>`from source`: the rows of another source.</summary>
public sealed record FromClauseSyntax(SourceSpan Span, NameSyntax Source) : SourceClauseSyntax(Span);

/// <summary>`entity name by key, ...`.</summary>
public sealed record EntityClauseOfSourceSyntax(SourceSpan Span, NameSyntax Entity, ImmutableArray<EntityKeySyntax> Keys) : SourceClauseSyntax(Span);

/// <summary>One key column, with an optional cast and the side it stands for: `home::string as home`.</summary>
public sealed record EntityKeySyntax(SourceSpan Span, PathSyntax Column, NameSyntax? Cast, NameSyntax? Side) : SyntaxNode(Span);

/// <summary>`ids a, b = expression`.</summary>
public sealed record IdsClauseSyntax(SourceSpan Span, ImmutableArray<IdSyntax> Ids) : SourceClauseSyntax(Span);

/// <summary>One id, with the expression that yields it where it is not a column of that name.</summary>
public sealed record IdSyntax(SourceSpan Span, NameSyntax Name, ExpressionSyntax? Expression) : SyntaxNode(Span);

/// <summary>`time expression [zone 'Europe/Paris']`.</summary>
public sealed record TimeClauseSyntax(SourceSpan Span, ExpressionSyntax Expression, StringSyntax? Zone) : SourceClauseSyntax(Span);

/// <summary>`known at expression [within duration]`.</summary>
public sealed record KnownClauseSyntax(SourceSpan Span, ExpressionSyntax Expression, DurationSyntax? Within) : SourceClauseSyntax(Span);

/// <summary>`delay duration`.</summary>
public sealed record DelayClauseSyntax(SourceSpan Span, DurationSyntax Duration) : SourceClauseSyntax(Span);

/// <summary>`complete until instant`.</summary>
public sealed record CompleteClauseSyntax(SourceSpan Span, InstantSyntax Until) : SourceClauseSyntax(Span);

/// <summary>`key a, b`.</summary>
public sealed record KeyClauseSyntax(SourceSpan Span, ImmutableArray<PathSyntax> Columns) : SourceClauseSyntax(Span);

/// <summary>`late a, b [at expression]`.</summary>
public sealed record LateClauseSyntax(SourceSpan Span, ImmutableArray<PathSyntax> Columns, ExpressionSyntax? At) : SourceClauseSyntax(Span);

/// <summary>`planned`.</summary>
public sealed record PlannedClauseSyntax(SourceSpan Span) : SourceClauseSyntax(Span);

/// <summary>`join [each] source [as name] on a [= b], ...`.</summary>
public sealed record JoinClauseSyntax(
    SourceSpan Span, bool IsEach, NameSyntax Source, NameSyntax? Alias, ImmutableArray<JoinKeySyntax> Keys) : SourceClauseSyntax(Span);

/// <summary>`ours [= theirs]`.</summary>
public sealed record JoinKeySyntax(SourceSpan Span, PathSyntax Ours, PathSyntax? Theirs) : SyntaxNode(Span);

/// <summary>`where condition`.</summary>
public sealed record WhereClauseSyntax(SourceSpan Span, ExpressionSyntax Condition) : SourceClauseSyntax(Span);

/// <summary>`column name = expression`.</summary>
public sealed record ColumnClauseSyntax(SourceSpan Span, NameSyntax Name, ExpressionSyntax Expression) : SourceClauseSyntax(Span);

/// <summary>`valid from a to b`.</summary>
public sealed record ValidClauseSyntax(SourceSpan Span, ExpressionSyntax From, ExpressionSyntax To) : SourceClauseSyntax(Span);

/// <summary>`order by column`.</summary>
public sealed record OrderClauseSyntax(SourceSpan Span, PathSyntax Column) : SourceClauseSyntax(Span);

/// <summary>`static`.</summary>
public sealed record StaticClauseSyntax(SourceSpan Span) : SourceClauseSyntax(Span);
