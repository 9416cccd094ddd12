using System.Text;

namespace SqlMl.Syntax;

/// <summary>Shows a tree as indented text, one node a line: for `compile --emit syntax` and for tests.</summary>
/// <remarks>Equal trees give equal text. Spans are left out, so that layout and comments do not show.</remarks>
public static class SyntaxPrinter
{
    /// <summary>The declarations in order, children two spaces deeper, lines ended by `\n`; empty for a program without declarations.</summary>
    public static string Print(ProgramSyntax program)
    {
        var tree = new SyntaxTreeText();
        foreach (var declaration in program.Declarations) DeclarationPrinter.Print(tree, declaration);
        return tree.ToString();
    }
}

/// <summary>The text being written: lines at a depth.</summary>
internal sealed class SyntaxTreeText
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>A line of words; those that are null or empty are left out.</summary>
    public void Line(params ReadOnlySpan<string?> words)
    {
        _text.Append(' ', 2 * _depth);
        var isFirst = true;
        foreach (var word in words)
        {
            if (string.IsNullOrEmpty(word)) continue;
            if (!isFirst) _text.Append(' ');
            _text.Append(word);
            isFirst = false;
        }
        _text.Append('\n');
    }

    /// <summary>What <paramref name="children"/> writes, one level deeper.</summary>
    public void Nested(Action children)
    {
        _depth++;
        children();
        _depth--;
    }

    public override string ToString() => _text.ToString();
}
