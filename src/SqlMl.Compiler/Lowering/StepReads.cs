using SqlMl.Sql;

namespace SqlMl.Compiler.Lowering;

/// <summary>Finds which named steps a query reads.</summary>
internal static class StepReads
{
    /// <summary>Adds the names of all tables of one part that the query reads.</summary>
    internal static void Collect(SqlQuery query, HashSet<string> names)
    {
        switch (query)
        {
            case SqlSelect { From: { } from }:
                Collect(from, names);
                break;
            case SqlUnionAll union:
                foreach (var part in union.Parts) Collect(part, names);
                break;
        }
    }

    private static void Collect(SqlTable table, HashSet<string> names)
    {
        switch (table)
        {
            case SqlNamedTable { Path: [var name] }:
                names.Add(name.Name);
                break;
            case SqlDerivedTable derived:
                Collect(derived.Query, names);
                break;
            case SqlJoin join:
                Collect(join.Left, names);
                Collect(join.Right, names);
                break;
        }
    }
}
