using System.Collections.Immutable;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Learning;

namespace SqlMl.Local.Data;

/// <summary>Reads a table's feature columns as the learner wants them, whatever type the data gave them.</summary>
internal static class FeatureReader
{
    /// <summary>One select item a feature, in order, cast to what its kind is read as.</summary>
    public static ImmutableArray<string> SelectItems(DuckDbConnection connection, string table, CompiledModel model)
    {
        using var shape = connection.Query($"SELECT * FROM {SqlText.Name(table)} LIMIT 0");
        var types = shape.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.OrdinalIgnoreCase);
        return [.. model.Features.Select(feature => Cast(SqlText.Name(feature.Name), KindOf(feature, types[feature.Name])))];
    }

    /// <summary>The features of a result whose columns begin, at <paramref name="first"/>, with <see cref="SelectItems"/>.</summary>
    public static FeatureTable Read(DuckDbTable rows, int first, CompiledModel model)
    {
        var columns = new List<FeatureColumn>(model.Features.Length);
        for (var i = 0; i < model.Features.Length; i++)
        {
            var name = model.Features[i].Name;
            columns.Add(rows.Buffers[first + i] switch
            {
                DuckDbNumberBuffer<double> numbers =>
                    new NumericColumn(name, numbers.ToArray(), rows.Columns[first + i].Type.Id == DuckDbTypeId.Boolean),
                DuckDbTextBuffer texts => new CategoryColumn(name, texts.ToArray()),
                DuckDbTextListBuffer sets => new SetColumn(name, Array.ConvertAll(sets.ToArray(), set => set?.OfType<string>().ToArray())),
                var other => throw new InvalidOperationException($"feature `{name}` was read as {other.GetType().Name}"),
            });
        }
        return new FeatureTable(columns);
    }

    private static FeatureKind KindOf(CompiledFeature feature, DuckDbType type) => feature.Kind != FeatureKind.FromData ? feature.Kind : type switch
    {
        { Id: DuckDbTypeId.Boolean } => FeatureKind.Boolean,
        { IsNumber: true } => FeatureKind.Number,
        { ElementType: not null } => FeatureKind.Set,
        _ => FeatureKind.Category,
    };

    private static string Cast(string name, FeatureKind kind) => kind switch
    {
        FeatureKind.Boolean => $"CAST({name} AS BOOLEAN) AS {name}",
        FeatureKind.Number => $"CAST({name} AS DOUBLE) AS {name}",
        FeatureKind.Set => $"CAST({name} AS VARCHAR[]) AS {name}",
        _ => $"CAST({name} AS VARCHAR) AS {name}",
    };
}
