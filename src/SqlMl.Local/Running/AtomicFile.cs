namespace SqlMl.Local.Running;

/// <summary>Writes a file so that nobody ever sees half of it: beside its place first, then moved there in one step.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Lets <paramref name="write"/> fill a new file and puts it in the place of <paramref name="path"/>, whose folder is made when absent.
    /// When it throws, whatever was at <paramref name="path"/> stays as it is.
    /// </summary>
    public static void Write(string path, Action<string> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        // The ending stays: it can decide the format that the file is written in.
        var beside = Path.Combine(folder, $".{Path.GetRandomFileName()}{Path.GetExtension(path)}");
        try
        {
            write(beside);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Writes text as UTF-8 without a mark, in the way of <see cref="Write(string, Action{string})"/>.</summary>
    public static void WriteText(string path, Action<TextWriter> write) => Write(path, beside =>
    {
        using var writer = new StreamWriter(beside);
        write(writer);
    });
}
