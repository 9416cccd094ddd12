using SqlMl.DuckDb.Interop;

namespace SqlMl.DuckDb;

/// <summary>VARCHAR (JSON is one) and ENUM as strings; NULL is <see langword="null"/>. Equal short texts mostly share one string.</summary>
/// <param name="capacity">The rows expected; more only cost copies.</param>
public sealed class DuckDbTextBuffer(int capacity = 0) : DuckDbColumnBuffer<string?>(capacity)
{
    private readonly TextReuse _reuse = new();

    internal override string Takes => "VARCHAR and ENUM";

    internal override bool Accepts(DuckDbType type) => type.IsText;

    internal override void Append(ColumnVector vector, int rows)
    {
        var target = Extend(rows);
        for (var row = 0; row < rows; row++)
            target[row] = vector.IsNull(row) ? null : _reuse.Text(vector, row);
    }
}

/// <summary>LIST of VARCHAR or ENUM, as a set-valued feature is; a NULL list is <see langword="null"/>, and so is a NULL in a list.</summary>
/// <param name="capacity">The rows expected; more only cost copies.</param>
public sealed class DuckDbTextListBuffer(int capacity = 0) : DuckDbColumnBuffer<string?[]?>(capacity)
{
    private readonly TextReuse _reuse = new();

    internal override string Takes => "lists of VARCHAR and ENUM";

    internal override bool Accepts(DuckDbType type) => type.IsTextList;

    internal override void Append(ColumnVector vector, int rows)
    {
        var target = Extend(rows);
        var elements = vector.Elements();
        for (var row = 0; row < rows; row++)
            target[row] = vector.IsNull(row) ? null : Texts(elements, vector.ElementRange(row));
    }

    private string?[] Texts(ColumnVector elements, (int Start, int Length) range)
    {
        var texts = range.Length == 0 ? [] : new string?[range.Length];
        for (var index = 0; index < texts.Length; index++)
            texts[index] = elements.IsNull(range.Start + index) ? null : _reuse.Text(elements, range.Start + index);
        return texts;
    }
}

/// <summary>Gives the string made before for an equal inline text: categories repeat, and comparing 16 bytes is cheaper than decoding and allocating.</summary>
internal sealed class TextReuse
{
    private readonly (NativeString Key, string? Text)[] _recent = new (NativeString, string?)[256];

    public string Text(ColumnVector vector, int row)
    {
        if (vector.Type.Id == DuckDbTypeId.Enum)
            return vector.Text(row);
        // DuckDB zeroes the bytes an inline text leaves free, so equal texts have equal slots.
        var key = vector.Slot<NativeString>(row);
        if (!key.IsInline)
            return vector.Text(row);
        ref var recent = ref _recent[key.Mix() & 0xFF];
        if (recent.Text is null || recent.Key != key)
            recent = (key, vector.Text(row));
        return recent.Text;
    }
}
