using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace SqlMl.ArchitectureTests;

/// <summary>What a compiled assembly declares and uses, read from its metadata without loading it.</summary>
/// <param name="References">The assemblies it references.</param>
/// <param name="UsedTypes">Types of other assemblies, with their namespaces.</param>
/// <param name="UsedMembers">Members of such types, as `Namespace.Type.Member`.</param>
/// <param name="DeclaredTypes">Its own types, as `Namespace.Type`; those inside others by their own name.</param>
/// <param name="NativeCalls">Its methods that lie in a native library.</param>
internal sealed record CompiledAssembly(
    IReadOnlyList<string> References, IReadOnlyList<string> UsedTypes, IReadOnlyList<string> UsedMembers,
    IReadOnlyList<string> DeclaredTypes, IReadOnlyList<string> NativeCalls)
{
    /// <summary>A project's assembly in its own output folder: the copy beside these tests may hold what measures coverage.</summary>
    public static CompiledAssembly Of(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.Combine(configuration.Parent!.Parent!.FullName, project, configuration.Name);
        return Read(Path.Combine(folder, project == "SqlMl.Cli" ? "sqlml.dll" : $"{project}.dll"));
    }

    public static CompiledAssembly Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return new CompiledAssembly(
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))],
            [.. metadata.TypeReferences.Select(handle => NameOf(metadata, handle))],
            [.. metadata.MemberReferences.Select(handle => Member(metadata, handle)).OfType<string>()],
            [.. metadata.TypeDefinitions.Select(handle => Declared(metadata, handle))],
            [.. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => !method.GetImport().Module.IsNil).Select(method => metadata.GetString(method.Name))]);
    }

    private static string? Member(MetadataReader metadata, MemberReferenceHandle handle)
    {
        var member = metadata.GetMemberReference(handle);
        return member.Parent.Kind == HandleKind.TypeReference
            ? $"{NameOf(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}"
            : null;
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return Qualified(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    private static string Declared(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return Qualified(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    private static string Qualified(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
