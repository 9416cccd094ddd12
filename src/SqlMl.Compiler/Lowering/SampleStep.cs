using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Keeps a number of rows at most: the first in the order of a hash (rule 29), so that a smaller sample is part of a larger one.</summary>
internal sealed class SampleStep(ModelContext context)
{
    private const long Seed = 0;

    /// <summary>Adds the step where the model asks for it; returns the last one.</summary>
    internal string Add(string examples)
    {
        if (context.Model.Sample is not { } rows) return examples;
        var position = new SqlRowNumber([], HashOrder.OfRows(context, "e", Seed));
        return context.Add("sampled", $"{rows} rows at most, the first in the order of a hash of key and cutoff", new SqlSelect([AllOf("e")], Table(examples, "e"))
        {
            Qualify = position.Is(SqlBinaryOperator.LessOrEqual, Integer(rows)),
        });
    }
}
