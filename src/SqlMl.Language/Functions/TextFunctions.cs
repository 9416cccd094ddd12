using System.Collections.Immutable;
using SqlMl.Language.Types;

namespace SqlMl.Language.Functions;

/// <summary>Functions of text that only a warehouse has: models of language that it runs. A dialect without them leaves out what reads them.</summary>
public static class TextFunctions
{
    /// <summary>How positive a text is.</summary>
    public static FunctionDefinition Sentiment { get; } = new("cortex.sentiment", [DataType.String], 1, false, DataType.Number, "How positive a text is, from -1 to 1.");

    /// <summary>Which of several classes a text belongs to.</summary>
    public static FunctionDefinition Classify { get; } =
        new("cortex.classify", [DataType.String, DataType.String], 2, false, DataType.String, "The class that fits a text best, of a list of at least two.");

    /// <summary>What a text means, as a place among all texts. It is of one text as of the cutoff, where the others are of the text of a row.</summary>
    public static FunctionDefinition Embed { get; } =
        new("cortex.embed", [DataType.String], 1, false, DataType.Vector, "What a text means, as a vector of 1024 numbers.");

    /// <summary>All of them, in the order of the reference.</summary>
    public static ImmutableArray<FunctionDefinition> All { get; } = [Sentiment, Classify, Embed];

    /// <summary>The function of that name, case ignored; null when there is none.</summary>
    public static FunctionDefinition? Find(string name)
    {
        foreach (var function in All)
        {
            if (function.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return function;
        }
        return null;
    }
}
