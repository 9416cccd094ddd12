namespace SqlMl.ArchitectureTests;

/// <summary>What projects 0 to 6 must not use: files, console, clock, network, environment, chance, native code.</summary>
internal static class PurityRules
{
    private static readonly string[] Types =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.FileSystemInfo",
        "System.IO.StreamReader", "System.IO.StreamWriter", "System.IO.RandomAccess", "System.IO.FileSystemWatcher", "System.Console", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch", "System.Random", "System.Security.Cryptography.RandomNumberGenerator", "System.TimeProvider", "System.AppContext",
        "System.Reflection.Assembly", "System.Runtime.InteropServices.NativeLibrary",
    ];

    private static readonly string[] Members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.TimeZoneInfo.get_Local", "System.IO.Path.GetFullPath", "System.IO.Path.GetTempPath",
    ];

    /// <summary>Every forbidden type or member that the assembly uses.</summary>
    public static IEnumerable<string> Violations(CompiledAssembly assembly)
    {
        var types = assembly.UsedTypes.Where(type => Types.Contains(type) || type.StartsWith("System.Net.", StringComparison.Ordinal));
        var members = assembly.UsedMembers.Where(member => Members.Contains(member) || IsEnvironment(member));
        return types.Concat(members).Concat(assembly.NativeCalls);
    }

    // The compiler itself puts the thread's number into every iterator, to see whether it is used twice at once.
    private static bool IsEnvironment(string member) =>
        member.StartsWith("System.Environment.", StringComparison.Ordinal) && member != "System.Environment.get_CurrentManagedThreadId";
}
