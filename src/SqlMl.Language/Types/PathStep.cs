namespace SqlMl.Language.Types;

/// <summary>A step of a path into a semi-structured value: the field of an object, whose name is exact, or the element of an array, counted from 0.</summary>
/// <param name="Field">The field's name; null for an element.</param>
/// <param name="Index">The element's place; 0 for a field.</param>
public sealed record PathStep(string? Field, long Index)
{
    /// <summary>The step as written: `:field`, `[0]`.</summary>
    public override string ToString() => Field is null ? $"[{Index}]" : $":{Field}";
}
