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
    private static LogicalModel Replace(SemanticModel program, BoundTest test, LogicalModel model) => model with
    {
        Sources = [.. model.Sources.Select(source => Replace(program, test, source))],
        Rollups = [.. model.Rollups.Select(rollup => rollup with { Values = Replace(program, test, rollup.Values) })],
        Links = [.. model.Links.Select(link => link with { Values = Replace(program, test, link.Values) })],
    };

    private static LogicalSource Replace(SemanticModel program, BoundTest test, LogicalSource source) => source with
    {
        Location = source.Location switch
        {
            LogicalUnion union => new LogicalUnion([.. union.Parts.Select(part => Replace(program, test, part))]),
            LogicalGroup group => group with { Base = Replace(program, test, group.Base) },
            LogicalDerivation derivation => derivation with { Base = Replace(program, test, derivation.Base) },
            _ => Stated(program.Sources.First(item => item.Name == source.Name), test),
        },
        Joins = [.. source.Joins.Select(join => join with { Target = Replace(program, test, join.Target) })],
    };

    private static LogicalStatedRows Stated(SourceSymbol source, BoundTest test) =>
        test.Rows.FirstOrDefault(rows => rows.Source == source) is { } given
            ? new LogicalStatedRows([.. given.Columns.Select(column => new LogicalStatedColumn(column.Name, column.IsExact, column.Type))], given.Values)
            : new LogicalStatedRows(
                [.. source.Columns.Where(column => column is { Expression: null, Joined: null }).Select(column => new LogicalStatedColumn(column.Name, column.IsExact, column.UsedType))], []);
}
