namespace SqlMl.Language.Types;

/// <summary>The types of values in a program.</summary>
public enum DataType
{
    /// <summary>Not known yet: a column that no use and no schema has typed.</summary>
    Unknown,

    /// <summary>The type of `null` alone, which fits everywhere.</summary>
    Null,

    /// <summary>True, false or null.</summary>
    Boolean,

    /// <summary>A 64-bit integer; sums of integers are wider.</summary>
    Integer,

    /// <summary>An 8-byte floating number.</summary>
    Number,

    /// <summary>Text, compared by bytes.</summary>
    String,

    /// <summary>An instant in UTC with microseconds.</summary>
    Instant,

    /// <summary>A length of time.</summary>
    Duration,

    /// <summary>Several values at once, without an order: a feature, and nothing to compute with.</summary>
    Set,

    /// <summary>An embedding, many numbers that stand for a text: a feature, and nothing to compute with.</summary>
    Vector,
}

/// <summary>What types have in common, and how messages name them.</summary>
public static class DataTypes
{
    /// <summary>True for integers and numbers.</summary>
    public static bool IsNumeric(this DataType type) => type is DataType.Integer or DataType.Number;

    /// <summary>True while nothing is known: an untyped column or a bare null.</summary>
    public static bool IsOpen(this DataType type) => type is DataType.Unknown or DataType.Null;

    /// <summary>The type in a message's words, with its article.</summary>
    public static string Words(this DataType type) => type switch
    {
        DataType.Boolean => "a boolean",
        DataType.Integer => "an integer",
        DataType.Number => "a number",
        DataType.String => "a string",
        DataType.Instant => "an instant",
        DataType.Duration => "a duration",
        DataType.Set => "a set",
        DataType.Vector => "a vector",
        DataType.Null => "null",
        _ => "of unknown type",
    };

    /// <summary>
    /// The one type that values of both types can have: the wider of two numeric ones, the known one where the other is open;
    /// null where there is none.
    /// </summary>
    public static DataType? Unify(DataType left, DataType right)
    {
        if (left == right) return left;
        if (left == DataType.Null || (left == DataType.Unknown && right != DataType.Null)) return right;
        if (right.IsOpen()) return left;
        return left.IsNumeric() && right.IsNumeric() ? DataType.Number : null;
    }

    /// <summary>
    /// True where a cast has one meaning in every dialect: to and from text, and among booleans and numbers. An instant becomes text only, a set or a vector nothing;
    /// a number becomes an instant by `to_timestamp`, which says its unit.
    /// </summary>
    public static bool CanCast(DataType from, DataType to) =>
        from is not (DataType.Set or DataType.Vector) && (from == to || from.IsOpen() || from == DataType.String || to == DataType.String ||
        (from != DataType.Instant && to != DataType.Instant && from != DataType.Duration));

    /// <summary>The type of a name in a cast, such as `string` or `integer`; null for a name that is no type.</summary>
    public static DataType? FromCastName(string name) => name.ToLowerInvariant() switch
    {
        "boolean" or "bool" => DataType.Boolean,
        "integer" or "int" or "bigint" => DataType.Integer,
        "number" or "float" or "double" => DataType.Number,
        "string" or "text" or "varchar" => DataType.String,
        "timestamp" or "instant" => DataType.Instant,
        _ => null,
    };

    /// <summary>The names that a cast may use.</summary>
    public static IReadOnlyList<string> CastNames { get; } = ["boolean", "integer", "number", "string", "timestamp"];

    /// <summary>The type of a column by the word a database uses for it; unknown for what the language does not distinguish.</summary>
    public static DataType FromSchema(string databaseType)
    {
        var word = databaseType.ToUpperInvariant();
        if (word.EndsWith("[]", StringComparison.Ordinal)) return DataType.Unknown;
        var end = word.IndexOf('(', StringComparison.Ordinal);
        return (end < 0 ? word : word[..end]).Trim() switch
        {
            "BOOLEAN" => DataType.Boolean,
            "TINYINT" or "SMALLINT" or "INTEGER" or "INT" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" => DataType.Integer,
            "FLOAT" or "REAL" or "DOUBLE" or "DECIMAL" or "NUMBER" or "NUMERIC" => DataType.Number,
            "VARCHAR" or "TEXT" or "STRING" or "CHAR" or "UUID" => DataType.String,
            "DATE" or "DATETIME" => DataType.Instant,
            var other when other.StartsWith("TIMESTAMP", StringComparison.Ordinal) => DataType.Instant,
            _ => DataType.Unknown,
        };
    }
}
