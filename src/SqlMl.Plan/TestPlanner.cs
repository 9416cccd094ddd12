using System.Globalization;
using SqlMl.Language.Collections;
using SqlMl.Language.Types;
using SqlMl.Semantics;

namespace SqlMl.Plan;

/// <summary>Plans a test: its model, read from the rows that the test states instead of tables and files.</summary>
public static class TestPlanner
{
    /// <summary>The plan of one test; sources without rows are empty.</summary>
    public static LogicalModel Plan(SemanticModel program, BoundTest test)
    {
        var model = new ModelPlanner(program, test.Model).Plan();
        return Replace(program, test, model);
    }

    /// <summary>The model with stated rows, also where it reads values of other entities.</summary>
    private static LogicalModel Replace(SemanticModel program, BoundTest test, LogicalModel model) =>
        model.ReplaceOthers(other => Replace(program, test, other)) with { Sources = [.. model.Sources.Select(source => Replace(program, test, source))] };

    private static LogicalSource Replace(SemanticModel program, BoundTest test, LogicalSource source) => source with
    {
        Location = source.Location switch
        {
            LogicalUnion union => union with { Parts = [.. union.Parts.Select(part => Replace(program, test, part))] },
            LogicalGroup group => group with { Base = Replace(program, test, group.Base) },
            LogicalDerivation derivation => derivation with { Base = Replace(program, test, derivation.Base) },
            _ => Stated(program.Sources.First(item => item.Name == source.Name), test),
        },
        Joins = [.. source.Joins.Select(join => join with { Target = Replace(program, test, join.Target) })],
    };

    /// <summary>A test states instants in UTC (rule 63), whatever clock the column has: with their offset, so that they are read as such.</summary>
    private static LogicalStatedRows StateOffsets(SourceSymbol source, LogicalStatedRows rows)
    {
        if (source.Time is not BoundColumn { Column: { Zone: not null, Name: var name } }) return rows;
        for (var i = 0; i < rows.Columns.Length; i++)
        {
            if (rows.Columns[i] is not { Type: DataType.Instant } column || !column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            var place = i;
            return new LogicalStatedRows(
                rows.Columns.SetItem(place, column with { Type = DataType.String }), rows.Rows.SelectAsArray(row => row.SetItem(place, Offset(row[place]))));
        }
        return rows;
    }

    private static object? Offset(object? value) =>
        value is DateTime instant ? instant.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) : value;

    private static LogicalStatedRows Stated(SourceSymbol source, BoundTest test) =>
        test.Rows.FirstOrDefault(rows => rows.Source == source) is { } given
            ? StateOffsets(source, new LogicalStatedRows([.. given.Columns.Select(column => new LogicalStatedColumn(column.Name, column.IsExact, column.Type))], given.Values))
            : new LogicalStatedRows(
                [.. source.Columns.Where(column => column is { Expression: null, Joined: null }).Select(column => new LogicalStatedColumn(column.Name, column.IsExact, column.UsedType))], []);
}
