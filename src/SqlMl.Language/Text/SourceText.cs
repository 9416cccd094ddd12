namespace SqlMl.Language.Text;

/// <summary>The text of one program file, with the path by which its diagnostics name it.</summary>
/// <remarks>Offsets are UTF-16 code units from 0; lines and columns that people read start at 1.</remarks>
public sealed class SourceText
{
    private readonly int[] _lineStarts;

    /// <summary>Holds <paramref name="text"/> as read, under the name <paramref name="path"/>.</summary>
    public SourceText(string path, string text)
    {
        Path = path;
        Text = text;
        _lineStarts = FindLineStarts(text);
    }

    /// <summary>The file's name as shown in diagnostics: relative where the caller could make it so.</summary>
    public string Path { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The number of lines, at least 1.</summary>
    public int LineCount => _lineStarts.Length;

    /// <summary>The line and column, both from 1, of an offset between 0 and the text's length.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        var (line, next) = (0, _lineStarts.Length);
        while (next - line > 1)
        {
            var middle = (line + next) / 2;
            if (_lineStarts[middle] <= offset) line = middle;
            else next = middle;
        }
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    /// <summary>The text of line <paramref name="line"/> (from 1), without its line break.</summary>
    public string LineText(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Length ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }

    /// <summary>The offset at which line <paramref name="line"/> (from 1) starts.</summary>
    public int LineStart(int line) => _lineStarts[line - 1];

    private static int[] FindLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') starts.Add(i + 1);
        }
        return [.. starts];
    }
}
