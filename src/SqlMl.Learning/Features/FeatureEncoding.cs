using System.Collections.Immutable;

namespace SqlMl.Learning;

/// <summary>How one feature becomes encoded columns; learned from training rows only, fixed afterwards.</summary>
/// <param name="Name">The feature's name in the table.</param>
public abstract record FeatureEncoding(string Name);

/// <summary>A number is taken as it is: one column, NaN where missing.</summary>
/// <param name="Name">The feature's name in the table.</param>
/// <param name="IsBoolean">Whether the numbers are truth values.</param>
public sealed record NumericEncoding(string Name, bool IsBoolean) : FeatureEncoding(Name);

/// <summary>A category is one 0/1 column a level and a last one for every other value, rare or unseen; all are NaN where the value is missing.</summary>
/// <param name="Name">The feature's name in the table.</param>
/// <param name="Levels">The most frequent training values, most frequent first, ties in ordinal order.</param>
public sealed record CategoryEncoding(string Name, ImmutableArray<string> Levels) : FeatureEncoding(Name);

/// <summary>A set is one 0/1 column a level and a last one for holding any other element; all are NaN where the set is missing, 0 where it is empty.</summary>
/// <param name="Name">The feature's name in the table.</param>
/// <param name="Levels">The elements that most training rows hold, most frequent first, ties in ordinal order.</param>
public sealed record SetEncoding(string Name, ImmutableArray<string> Levels) : FeatureEncoding(Name);

/// <summary>One column of the encoded matrix.</summary>
/// <param name="Name">Unique within the encoder: `spend_90d`, `last_channel=web`, `last_channel=(other)`; free of the signs `[`, `]` and `&lt;` that XGBoost forbids.</param>
/// <param name="Feature">The position of its feature in <see cref="FeatureEncoder.Features"/>.</param>
/// <param name="IsIndicator">Whether it holds 0 and 1 only.</param>
public sealed record EncodedColumn(string Name, int Feature, bool IsIndicator);

/// <summary>A feature that cannot help because it never varies in the training rows; it is kept, and has no influence.</summary>
/// <param name="Name">The feature's name.</param>
/// <param name="AllMissing">True when every training value is missing, false when all are one same value.</param>
public sealed record UnusedFeature(string Name, bool AllMissing);
