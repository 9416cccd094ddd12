using System.Collections.Immutable;
using System.Text;
using SqlMl.Language.Types;
using SqlMl.Semantics;
using SqlMl.Syntax;

namespace SqlMl.Compiler;

/// <summary>The early stages as text, for `--emit`.</summary>
internal static class StageText
{
    internal static string Syntax(ImmutableArray<SyntaxTree> trees) =>
        string.Join("\n", trees.Select(tree => SyntaxPrinter.Print(tree.Root)));

    /// <summary>Every var and model with the type and the interval of time of what it reads.</summary>
    internal static string Model(SemanticModel program)
    {
        var text = new StringBuilder();
        foreach (var source in program.Sources)
        {
            text.Append("source ").Append(source.Name).Append('\n');
            foreach (var column in source.Columns) text.Append("  column ").Append(column.Name).Append(": ").Append(Words(column.Type)).Append('\n');
        }
        foreach (var entity in program.Entities) text.Append("entity ").Append(entity.Name).Append(" by ").AppendJoin(", ", entity.Keys).Append('\n');
        foreach (var symbol in program.Vars) Append(text, "var " + symbol.Entity.Name + ".", symbol.Name, symbol.Expression);
        foreach (var model in program.Models)
        {
            text.Append("model ").Append(model.Name).Append(" for ").Append(model.Entity.Name).Append(", mode ").Append(model.IsBefore ? "before" : "at").Append('\n');
            Append(text, "  ", "label", model.Label);
            if (model.When is not null) Append(text, "  ", "when", model.When);
            if (model.ScoreOnly is not null) Append(text, "  ", "score only when", model.ScoreOnly);
            foreach (var feature in model.Features) Append(text, "  feature ", feature.Name, feature.Expression);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, string prefix, string name, BoundExpression expression) =>
        text.Append(prefix).Append(name).Append(": ").Append(Words(expression.Type)).Append(", reads ").Append(expression.Interval).Append('\n');

    private static string Words(DataType type) => type.Words();
}
