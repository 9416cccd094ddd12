using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>Reads the sources of a program, each after those it joins.</summary>
internal static class SourceReader
{
    /// <summary>Every source of the program by name.</summary>
    public static IReadOnlyDictionary<string, KnownSource> Read(OracleProgram program)
    {
        var known = new Dictionary<string, KnownSource>();
        foreach (var source in program.Sources) Read(source);
        foreach (var union in program.Unions) known.Add(union.Name, KnownSource.Unite(union.Name, [.. union.Parts.Select(part => known[part])]));
        return known;

        void Read(OracleSource source)
        {
            if (known.ContainsKey(source.Name)) return;
            foreach (var join in source.Joins) Read(program.Sources.Single(partner => partner.Name == join.Source));
            known.Add(source.Name, KnownSource.Read(source, known, program.AsOf));
        }
    }
}
