using System.Text;

namespace SqlMl.Testing.Evaluation;

/// <summary>Values of the language: null, <see cref="bool"/>, <see cref="double"/>, <see cref="string"/> and <see cref="DateTime"/>, with SQL's three-valued logic.</summary>
internal static class Values
{
    /// <summary>A stored or literal value as the language computes with it: every number is a <see cref="double"/>.</summary>
    public static object? Of(object? stored) => stored is decimal number ? (double)number : stored;

    /// <summary>The value as it would be stored: the inverse of <see cref="Of"/>.</summary>
    public static object? Stored(object? value) => value is double number ? (decimal)number : value;

    /// <summary>False beats null, null beats true.</summary>
    public static object? And(object? left, object? right) =>
        left is false || right is false ? false : left is null || right is null ? null : true;

    /// <summary>True beats null, null beats false.</summary>
    public static object? Or(object? left, object? right) =>
        left is true || right is true ? true : left is null || right is null ? null : false;

    /// <summary>The opposite; null of null.</summary>
    public static object? Not(object? value) => value is bool truth ? !truth : null;

    /// <summary>A comparison's outcome: null where either side is null.</summary>
    public static object? Compare(object? left, object? right, Func<int, bool> holds) =>
        left is null || right is null ? null : holds(Order(left, right));

    /// <summary>The order of two values that are not null: false before true, strings by their UTF-8 bytes.</summary>
    public static int Order(object left, object right) => (left, right) switch
    {
        (bool a, bool b) => a.CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        (DateTime a, DateTime b) => a.CompareTo(b),
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        _ => throw new InvalidOperationException($"{left.GetType()} cannot be compared with {right.GetType()}"),
    };
}
