using System.Xml.Linq;

namespace SqlMl.ArchitectureTests;

/// <summary>What a project file says.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Path">Its file, below the repository's root.</param>
/// <param name="Projects">The projects it references, by name.</param>
/// <param name="Packages">The packages it references, by name.</param>
/// <param name="Xml">All of it.</param>
internal sealed record ProjectFile(string Name, string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, XElement Xml)
{
    /// <summary>The projects of `src/`.</summary>
    public static IReadOnlyList<ProjectFile> Product { get; } = In("src/");

    /// <summary>The projects of `tests/`.</summary>
    public static IReadOnlyList<ProjectFile> Tests { get; } = In("tests/");

    /// <summary>Projects 0 to 6: they turn values into values, without any I/O.</summary>
    public static IReadOnlyList<string> Pure { get; } =
        ["SqlMl.Language", "SqlMl.Syntax", "SqlMl.Semantics", "SqlMl.Plan", "SqlMl.Optimizer", "SqlMl.Sql", "SqlMl.Compiler"];

    public static ProjectFile Parse(string path, string text)
    {
        var xml = XElement.Parse(text);
        return new ProjectFile(
            System.IO.Path.GetFileNameWithoutExtension(path),
            path,
            [.. Includes(xml, "ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes(xml, "PackageReference")],
            xml);
    }

    private static ProjectFile[] In(string folder) =>
    [
        .. Repository.TextFiles
            .Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal) && file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(file => Parse(file.Path, file.Text)),
    ];

    private static IEnumerable<string> Includes(XElement xml, string item) => xml.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
