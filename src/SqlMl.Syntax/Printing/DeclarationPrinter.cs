using static SqlMl.Syntax.ExpressionPrinter;
using static SqlMl.Syntax.LeafText;

namespace SqlMl.Syntax;

/// <summary>Writes declarations, and the clauses of sources and entities.</summary>
internal static class DeclarationPrinter
{
    public static void Print(SyntaxTreeText tree, DeclarationSyntax declaration)
    {
        switch (declaration)
        {
            case SourceSyntax source:
                tree.Line("Source", Of(source.Name));
                tree.Nested(() => PrintBody(tree, source.Body));
                break;
            case EntitySyntax entity:
                tree.Line("Entity", Of(entity.Name), Part("from", entity.From, Of), entity.Keys.IsEmpty ? null : $"by {List(entity.Keys, Of)}", Part("since", entity.Since, Of));
                tree.Nested(() =>
                {
                    foreach (var clause in entity.Clauses) PrintClause(tree, clause);
                });
                break;
            case VarSyntax var:
                tree.Line("Var", $"{Of(var.Entity)}.{Of(var.Name)}");
                tree.Nested(() => ExpressionPrinter.Print(tree, var.Value));
                break;
            case PredictSyntax predict:
                tree.Line("Predict", Of(predict.Name), "for", Of(predict.Entity));
                tree.Nested(() =>
                {
                    foreach (var clause in predict.Clauses) PredictPrinter.Print(tree, clause);
                });
                break;
            case ViewSyntax view:
                tree.Line("View", Of(view.Name), "for", Of(view.Entity), List(view.Items, Of));
                break;
            case CohortSyntax cohort:
                tree.Line("Cohort", Of(cohort.Name), "for", Of(cohort.Entity));
                tree.Nested(() => ExpressionPrinter.Print(tree, cohort.Condition));
                break;
            case ParamSyntax param:
                tree.Line("Param", Of(param.Name));
                tree.Nested(() => ExpressionPrinter.Print(tree, param.Value));
                break;
            case ImportSyntax import:
                tree.Line("Import", Of(import.Path), Part("as", import.Alias, Of));
                break;
            case TestSyntax test:
                PrintTest(tree, test);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(declaration), declaration.GetType().Name, "a declaration without a printed form");
        }
    }

    private static void PrintBody(SyntaxTreeText tree, SourceBodySyntax body)
    {
        switch (body)
        {
            case SourceBlockSyntax block:
                foreach (var clause in block.Clauses) PrintClause(tree, clause);
                break;
            case SourceUnionSyntax union:
                tree.Line("union of", List(union.Parts, Of));
                break;
            case SourceGroupSyntax group:
                tree.Line("group", Of(group.Source), "by", List(group.Keys, Of));
                foreach (var column in group.Columns) Labelled(tree, $"column {Of(column.Name)}", column.Expression);
                break;
            case SourceSqlSyntax sql:
                foreach (var text in sql.Texts) tree.Line("sql", Of(text.Dialect), Of(text.Text));
                break;
        }
    }

    private static void PrintClause(SyntaxTreeText tree, SourceClauseSyntax clause)
    {
        switch (clause)
        {
            case TableClauseSyntax table: tree.Line("table", Part("param", table.Parameter, Of), table.Table is { } path ? Of(path) : null); break;
            case FileClauseSyntax file: tree.Line("file", Of(file.Path)); break;
            case FromClauseSyntax from: tree.Line("from", Of(from.Source)); break;
            case EntityClauseOfSourceSyntax entity: tree.Line("entity", Of(entity.Entity), "by", List(entity.Keys, Key)); break;
            case IdsClauseSyntax ids:
                foreach (var id in ids.Ids)
                {
                    tree.Line("id", Of(id.Name));
                    tree.Nested(() => Labelled(tree, "value", id.Expression));
                }
                break;
            case TimeClauseSyntax time: Labelled(tree, time.Zone is { } zone ? $"time zone {Of(zone)}" : "time", time.Expression); break;
            case KnownClauseSyntax known: Labelled(tree, known.Within is { } within ? $"known within {Of(within)}" : "known", known.Expression); break;
            case DelayClauseSyntax delay: tree.Line("delay", Of(delay.Duration)); break;
            case CompleteClauseSyntax complete: tree.Line("complete until", Of(complete.Until)); break;
            case KeyClauseSyntax key: tree.Line("key", List(key.Columns, Of)); break;
            case LateClauseSyntax late:
                tree.Line("late", List(late.Columns, Of));
                tree.Nested(() => Labelled(tree, "at", late.At));
                break;
            case PlannedClauseSyntax: tree.Line("planned"); break;
            case JoinClauseSyntax join:
                tree.Line("join", join.IsEach ? "each" : null, Of(join.Source), Part("as", join.Alias, Of), "on", List(join.Keys, Key));
                break;
            case WhereClauseSyntax where: Labelled(tree, "where", where.Condition); break;
            case ColumnClauseSyntax column: Labelled(tree, $"column {Of(column.Name)}", column.Expression); break;
            case ValidClauseSyntax valid:
                Labelled(tree, "valid from", valid.From);
                Labelled(tree, "valid to", valid.To);
                break;
            case OrderClauseSyntax order: tree.Line("order by", Of(order.Column)); break;
            case StaticClauseSyntax: tree.Line("static"); break;
        }
    }

    private static void PrintClause(SyntaxTreeText tree, EntityClauseSyntax clause)
    {
        switch (clause)
        {
            case EntityIdSyntax id: tree.Line("id", Of(id.Name), "from", List(id.From, Of)); break;
            case EntityIgnoreSyntax ignore: Labelled(tree, "ignore", ignore.Condition); break;
            case EntityLinkLimitSyntax limit: tree.Line("at most", Of(limit.Limit), "links"); break;
            case EntityStitchSyntax: tree.Line("stitch as of"); break;
        }
    }

    private static void PrintTest(SyntaxTreeText tree, TestSyntax test)
    {
        tree.Line("Test", Of(test.Name), "for", Of(test.Model));
        tree.Nested(() =>
        {
            foreach (var rows in test.Rows)
            {
                tree.Line("rows", Of(rows.Source), $"({List(rows.Columns, Of)})");
                tree.Nested(() =>
                {
                    foreach (var row in rows.Rows) tree.Line($"({List(row, Of)})");
                });
            }
            tree.Line("at", Of(test.At));
            if (!test.Entity.IsEmpty) tree.Line("entity", List(test.Entity, Of));
            foreach (var expectation in test.Expectations) tree.Line("expect", Of(expectation.Name), "=", Of(expectation.Value));
        });
    }

    private static string Key(EntityKeySyntax key) =>
        Of(key.Column) + (key.Cast is { } cast ? "::" + Of(cast) : "") + (key.Side is { } side ? " as " + Of(side) : "");

    private static string Key(JoinKeySyntax key) => Of(key.Ours) + (key.Theirs is { } theirs ? " = " + Of(theirs) : "");
}
