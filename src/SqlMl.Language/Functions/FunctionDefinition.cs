using System.Collections.Immutable;
using SqlMl.Language.Types;

namespace SqlMl.Language.Functions;

/// <summary>A scalar function of the language. It yields null where an argument is null, unless its summary says otherwise.</summary>
/// <param name="Name">As written in programs, in lower case.</param>
/// <param name="Parameters">The parameters' types; unknown takes any. The last one repeats where <paramref name="Repeats"/> is true.</param>
/// <param name="Required">How many arguments must be given.</param>
/// <param name="Repeats">True when the last parameter may be given any number of times.</param>
/// <param name="Result">The type it yields; unknown for the common type of all arguments.</param>
/// <param name="Summary">One sentence for the reference.</param>
public sealed record FunctionDefinition(
    string Name, ImmutableArray<DataType> Parameters, int Required, bool Repeats, DataType Result, string Summary)
{
    /// <summary>The type of parameter <paramref name="index"/>, the last one repeated where the function allows it.</summary>
    public DataType ParameterType(int index) => Parameters[Math.Min(index, Parameters.Length - 1)];

    /// <summary>How many arguments it takes, in words.</summary>
    public string ArityWords =>
        Repeats ? $"at least {Required}" : Required == Parameters.Length ? $"{Required}" : $"{Required} to {Parameters.Length}";
}
