using SqlMl.Testing.Programs;

namespace SqlMl.Testing.Evaluation;

/// <summary>Reads the sources of a program, each after those that it joins and is made from.</summary>
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
            foreach (var join in source.Joins) ReadNamed(join.Source);
            if (source.Origin is { } origin) ReadNamed(origin.Source);
            if (source.Origin is FromOrigin { Each: { } each }) ReadNamed(each.Source);
            known.Add(source.Name, source.Origin switch
            {
                FromOrigin from => KnownSource.From(source, from, known[from.Source], known),
                GroupOrigin group => KnownSource.Group(source, group, known[group.Source], known),
                _ => KnownSource.Read(source, known, program.AsOf),
            });
        }

        void ReadNamed(string name) => Read(program.Sources.Single(source => source.Name == name));
    }
}
