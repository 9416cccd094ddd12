using System.Diagnostics.CodeAnalysis;

namespace SqlMl.Testing.Programs;

/// <summary>A model as a file writes it that imports all else under a name.</summary>
/// <param name="import">The name.</param>
/// <param name="model">The model, its names as declared.</param>
public sealed class ImportedModel(string import, OracleModel model)
{
    /// <summary>The model with `name.` before what is imported.</summary>
    public OracleModel Written => model with
    {
        Label = Of(model.Label),
        When = Of(model.When),
        Given = Of(model.Given),
        ScoreOnly = Of(model.ScoreOnly),
        Observations = [.. model.Observations.Select(Of)],
        Until = model.Until is null ? null : Of(model.Until),
        Vars = [.. model.Vars.Select(var => var with { Value = Of(var.Value) })],
        Using = model.Using with { Names = [.. model.Using.Names.Select(name => Of(name))] },
    };

    /// <summary>What a table calls a feature, since a column is one word: `name_feature` for one that is imported.</summary>
    public string Column(string feature) => Of(feature).Replace('.', '_');

    private string Of(string name) =>
        model.Vars.Any(var => name == var.Name || name.StartsWith(var.Name + "_", StringComparison.Ordinal)) || model.Using.Anchors.Any(anchor => anchor.Name == name) ? name : $"{import}.{name}";

    [return: NotNullIfNotNull(nameof(expression))]
    private OracleExpression? Of(OracleExpression? expression) => expression is null ? null : ExpressionRewriter.Rewrite(expression, part => part switch
    {
        AggregateExpression aggregate => aggregate with { Source = $"{import}.{aggregate.Source}", Where = Of(aggregate.Where), Window = Of(aggregate.Window) },
        VarExpression var => new VarExpression(Of(var.Name)),
        LinkedExpression linked => linked with { Entity = $"{import}.{linked.Entity}" },
        StateExpression state => state with { Source = $"{import}.{state.Source}" },
        ParamExpression param => param with { Name = $"{import}.{param.Name}" },
        _ => part,
    });

    private OracleWindow? Of(OracleWindow? window) =>
        window is PastWindow { Length.Param: { } param } past ? past with { Length = past.Length with { Param = $"{import}.{param}" } } : window;

    private RowSelection Of(RowSelection rows) => rows with { Source = $"{import}.{rows.Source}", Where = Of(rows.Where) };

    private OracleObservation Of(OracleObservation line) => line switch
    {
        EachObservation each => each with { Rows = Of(each.Rows) },
        OffsetEachObservation offset => offset with { Rows = Of(offset.Rows) },
        AfterFirstObservation first => first with { Rows = Of(first.Rows) },
        _ => line,
    };
}
