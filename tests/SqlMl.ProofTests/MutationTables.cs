namespace SqlMl.ProofTests;

/// <summary>The tables of <see cref="MutationPrograms"/>, as queries.</summary>
internal static class MutationTables
{
    // Every six hours four customers order in turn, some a microsecond or two behind the hour, where a bound that is off by one shows. A fifth is quiet for long.
    internal const string Orders =
        """
        SELECT 'c' || (i % 4) AS customer, i AS id, TIMESTAMP '2024-01-01' + to_hours(CAST(6 * (i // 2) AS INTEGER)) + to_microseconds((i + 1) % 3) AS at,
          (i * 7) % 5 + 1 AS amount, ['web', 'shop', 'app'][i % 3 + 1] AS channel, 'p' || (i % 3) AS product
        FROM range(120) AS t(i)
        UNION ALL
        SELECT 'quiet', -1 - i, TIMESTAMP '2024-01-01' + to_hours(CAST(6 * i + i // 3 * 240 AS INTEGER)), i + 1, ['web', 'shop', 'app'][i % 3 + 1], 'p1'
        FROM range(6) AS t(i)
        """;

    // And once a microsecond before it orders again, at the instant of most orders: a price of that very instant is not the first one's.
    internal const string OrdersAtOnce = $"{Orders} UNION ALL SELECT 'quiet', -7, TIMESTAMP '2024-01-01 05:59:59.999999', 3, 'web', 'p1'";

    internal const string Visits =
        """
        SELECT 'c' || (i % 4) AS customer, i AS id, TIMESTAMP '2024-01-01' + to_hours(CAST(4 * i AS INTEGER)) + to_microseconds(i % 2) AS at,
          TIMESTAMP '2024-01-01' + to_hours(CAST(4 * i + (i % 5) * 6 AS INTEGER)) AS loaded_at, i % 7 AS score, i % 3 = 0 AS paid, i % 5 + 1 AS fee,
          CASE WHEN i % 4 <> 3 THEN TIMESTAMP '2024-01-01' + to_hours(CAST(4 * i + 12 * (i % 6) AS INTEGER)) END AS paid_at
        FROM range(110) AS t(i)
        """;

    // Some say nothing where a pivot looks.
    internal const string OrdersAnywhere = $"SELECT * REPLACE (CASE WHEN id % 5 <> 1 THEN channel END AS channel) FROM ({Orders})";

    internal const string VisitsUnscored = $"SELECT * REPLACE (CASE WHEN id % 6 <> 2 THEN score END AS score) FROM ({Visits})";

    internal const string Prices =
        """
        SELECT 'p' || (i % 3) AS product, TIMESTAMP '2024-01-01' + to_hours(CAST(30 * (i // 3) AS INTEGER)) AS begins,
          CASE WHEN i < 18 THEN TIMESTAMP '2024-01-01' + to_hours(CAST(30 * (i // 3) + 12 AS INTEGER)) END AS ends, i + 1 AS price
        FROM range(24) AS t(i)
        """;

    internal const string Plans =
        """
        SELECT 'c' || (i % 4) AS customer, TIMESTAMP '2024-01-01' + to_hours(CAST(40 * (i // 4) AS INTEGER)) AS begins,
          CASE WHEN i < 28 THEN TIMESTAMP '2024-01-01' + to_hours(CAST(40 * (i // 4) + 20 AS INTEGER)) END AS ends, 'plan ' || (i * 3 % 5) AS plan
        FROM range(32) AS t(i)
        """;

    // At every instant half of twenty customers have a home, and those of the others are over; who lives where changes with every home.
    internal const string Homes =
        """
        SELECT 'c' || (i % 20) AS customer, TIMESTAMP '2024-01-01' + to_hours(CAST(40 * (i // 20) + 2 * (i % 20) AS INTEGER)) AS begins,
          CASE WHEN i < 140 THEN TIMESTAMP '2024-01-01' + to_hours(CAST(40 * (i // 20) + 2 * (i % 20) + 20 AS INTEGER)) END AS ends, 'p' || ((2 * (i // 20) + i) % 3) AS product
        FROM range(160) AS t(i)
        """;

    internal const string Bookings =
        """
        SELECT 'c' || (i % 4) AS customer, i AS id, TIMESTAMP '2024-01-01' + to_hours(CAST(6 * (i // 2) AS INTEGER)) AS starts_at,
          TIMESTAMP '2024-01-01' + to_hours(CAST(6 * (i // 2) - 12 * (i % 5) + 6 AS INTEGER)) AS booked_at, i % 4 AS seats
        FROM range(120) AS t(i)
        """;

    // Whom a ticket belongs to changes as it goes from hand to hand.
    internal const string Tickets =
        """
        SELECT 't' || (i % 3) AS ticket, 'c' || (i // 2 % 4) AS customer, i AS id, i % 5 + 1 AS size,
          TIMESTAMP '2024-01-01' + to_hours(CAST(4 * (i // 2) AS INTEGER)) + to_microseconds((i + 1) % 3) AS at
        FROM range(140) AS t(i)
        """;

    internal const string Games =
        """
        SELECT 'x' || (i % 3) AS home, 'x' || ((i + 1 + i // 3 % 2) % 3) AS away, i AS id, (i * 3) % 7 + 1 AS goals,
          TIMESTAMP '2024-01-01' + to_hours(CAST(6 * (i // 2) AS INTEGER)) + to_microseconds((i + 1) % 3) AS at,
          TIMESTAMP '2024-01-01' + to_hours(CAST(6 * (i // 2) + 2 + (i % 4) * 8 AS INTEGER)) AS ended_at
        FROM range(110) AS t(i)
        """;

    // They sign up at one instant and are created at another, before or behind it; the first a microsecond after an order.
    internal const string People =
        """
        SELECT 'c' || i AS customer, TIMESTAMP '2024-01-01' + to_hours(CAST(54 * i AS INTEGER)) + to_microseconds(CASE WHEN i = 0 THEN 2 ELSE 0 END) AS signed_at,
          TIMESTAMP '2024-01-01' + to_hours(CAST(48 * i + (i % 2) * 24 AS INTEGER)) + to_microseconds(i % 2) AS created
        FROM range(9) AS t(i)
        """;
}
