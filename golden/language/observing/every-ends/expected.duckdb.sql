-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: count(orders) in next 3 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    amount,
    channel
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    TIMESTAMP '2024-01-02 00:00:00' AS first_instant,
    TIMESTAMP '2024-01-15 00:00:00' AS last_instant,
    TIMESTAMP '2024-01-02 00:00:00' AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 3 days, a little beyond both ends
grid_instants AS (
  SELECT
    b.anchor_instant + UNNEST(RANGE(
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 259200000000
      ) AS BIGINT)
        - 1,
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 259200000000
      ) AS BIGINT)
        + 3
    )) * INTERVAL '3 days' AS cutoff,
    b.*
  FROM grid_bounds AS b
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff < b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- every cutoff, and orders in (-∞, t], t being the cutoff: each row, and the number of the first such t
orders_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
    ) AS number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
orders_all_seen AS (
  SELECT
    e.customer_id,
    e.number,
    COUNT(*) AS orders,
    MAX(e.happened_at) AS idle_1,
    MAX(CASE WHEN e.channel = 'web' THEN e.happened_at END) AS web_since_1
  FROM orders_all_rows AS e
  GROUP BY e.customer_id, e.number
  UNION ALL
  SELECT
    f.customer_id,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, f.exists_from) + 259199999999) // 259200000000
    ) AS number,
    NULL AS orders,
    NULL AS idle_1,
    NULL AS web_since_1
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
orders_all_running AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.orders) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS orders,
    MAX(c.idle_1) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS idle_1,
    MAX(c.web_since_1) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS web_since_1
  FROM orders_all_seen AS c
),

-- every cutoff, and orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    r.customer_id,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '3 days' AS cutoff,
    r.orders,
    r.idle_1,
    r.web_since_1
  FROM orders_all_running AS r
  CROSS JOIN grid_run AS g
),

-- orders in (-∞, t], t being the cutoff: each row, and the number of the first such t
last_amount_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
    ) AS number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- the last of the rows that a cutoff is the first to see
last_amount_seen AS (
  SELECT e.customer_id, e.number, e.amount AS last_amount
  FROM last_amount_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, e.amount DESC NULLS LAST
  ) = 1
),

-- orders in (-∞, t], t being the cutoff: each row, and the number of the first such t
last_channel_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
    ) AS number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- the last of the rows that a cutoff is the first to see
last_channel_seen AS (
  SELECT e.customer_id, e.number, e.channel AS last_channel
  FROM last_channel_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, e.channel DESC NULLS LAST
  ) = 1
),

-- orders in (-∞, t], t being the cutoff: each row, and the number of the first such t
first_amount_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
    ) AS number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- the first of all rows
first_amount_seen AS (
  SELECT e.customer_id, e.number, e.amount AS first_amount
  FROM first_amount_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id
    ORDER BY e.happened_at NULLS LAST, e.amount NULLS LAST
  ) = 1
),

-- and the rows that are taken among them
orders_all_beside AS (
  SELECT c.customer_id, c.number, c.last_amount, p2.last_channel, p3.first_amount
  FROM last_amount_seen AS c
  JOIN last_channel_seen AS p2
    ON p2.customer_id = c.customer_id
    AND p2.number = c.number
  JOIN first_amount_seen AS p3 ON p3.customer_id = c.customer_id
),

-- added up, and up to which cutoff they stay
orders_all_running_2 AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    c.last_amount,
    c.last_channel,
    c.first_amount
  FROM orders_all_beside AS c
),

-- orders in (-∞, t], t being the cutoff
orders_all_2 AS (
  SELECT
    r.customer_id,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '3 days' AS cutoff,
    r.last_amount,
    r.last_channel,
    r.first_amount
  FROM orders_all_running_2 AS r
  CROSS JOIN grid_run AS g
),

-- orders in (-∞, t], t being the cutoff: each row, and the number of the first such t
web_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
    ) AS number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e.channel = 'web'
),

-- the last of the rows that a cutoff is the first to see
web_seen AS (
  SELECT e.customer_id, e.number, e.amount AS web
  FROM web_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, e.amount DESC NULLS LAST
  ) = 1
),

-- up to which cutoff it stays
web_until AS (
  SELECT
    c.*,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number
  FROM web_seen AS c
),

-- orders in (-∞, t], t being the cutoff: the row that last takes
web_row AS (
  SELECT
    r.customer_id,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '3 days' AS cutoff,
    r.web
  FROM web_until AS r
  CROSS JOIN grid_run AS g
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(c.orders, 0) AS orders,
    c.idle_1,
    c.web_since_1,
    s1.last_amount,
    s1.last_channel,
    s1.first_amount,
    s2.web
  FROM orders_all AS c
  LEFT JOIN orders_all_2 AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN web_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATE_DIFF('microsecond', v.idle_1, v.cutoff) AS DOUBLE) / 86400000000 AS idle,
    CAST(DATE_DIFF('microsecond', v.web_since_1, v.cutoff) AS DOUBLE) / 86400000000 AS web_since
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '3 days' <= r.known_until
),

-- orders in (t, t + 3 days], t being the cutoff: each row once at each such t
orders_next_3d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          - 259200000000
          + 259199999999) // 259200000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
      )
    )) * INTERVAL '3 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t, t + 3 days], t being the cutoff
orders_next_3d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS label_1
  FROM orders_next_3d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, 0) AS label
  FROM mature AS v
  LEFT JOIN orders_next_3d AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM labelled AS v
  WHERE v.label IS NOT NULL
),

-- rows a cutoff
cutoff_counts AS (
  SELECT e.cutoff, COUNT(*) AS n
  FROM examples AS e
  GROUP BY e.cutoff
),

-- how many rows come before each cutoff
ranked_cutoffs AS (
  SELECT
    c.cutoff,
    ROW_NUMBER() OVER (ORDER BY c.cutoff NULLS LAST) - 1 AS position,
    SUM(c.n) OVER (ORDER BY c.cutoff NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      - c.n AS rows_before,
    SUM(c.n) OVER () AS total,
    COUNT(*) OVER () AS cutoffs
  FROM cutoff_counts AS c
),

-- where the test part starts: the boundary nearest to 50 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 1
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 50) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT e.*, CASE WHEN e.cutoff >= p1.starts_at THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  CROSS JOIN test_start AS p1
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '3 days' <= p1.starts_at
)

SELECT
  p.customer_id,
  p.cutoff,
  p.last_amount,
  p.last_channel,
  p.first_amount,
  p.orders,
  p.idle,
  p.web,
  p.web_since,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    amount,
    channel
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.customer_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS orders,
    MAX(e.happened_at) AS idle_1,
    MAX(CASE WHEN e.channel = 'web' THEN e.happened_at END) AS web_since_1
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (-∞, t], t being the cutoff: the row that last takes
last_amount_row AS (
  SELECT s.customer_id, s.cutoff, e.amount AS last_amount
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.amount DESC NULLS LAST
  ) = 1
),

-- orders in (-∞, t], t being the cutoff: the row that last takes
last_channel_row AS (
  SELECT s.customer_id, s.cutoff, e.channel AS last_channel
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.channel DESC NULLS LAST
  ) = 1
),

-- orders in (-∞, t], t being the cutoff: the row that first takes
first_amount_row AS (
  SELECT s.customer_id, s.cutoff, e.amount AS first_amount
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at NULLS LAST, e.amount NULLS LAST
  ) = 1
),

-- orders in (-∞, t], t being the cutoff: the row that last takes
web_row AS (
  SELECT s.customer_id, s.cutoff, e.amount AS web
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  WHERE e.channel = 'web'
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.amount DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.orders, 0) AS orders,
    s1.idle_1,
    s1.web_since_1,
    s2.last_amount,
    s3.last_channel,
    s4.first_amount,
    s5.web
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN last_amount_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN last_channel_row AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN first_amount_row AS s4
    ON s4.customer_id = c.customer_id
    AND s4.cutoff = c.cutoff
  LEFT JOIN web_row AS s5
    ON s5.customer_id = c.customer_id
    AND s5.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATE_DIFF('microsecond', v.idle_1, v.cutoff) AS DOUBLE) / 86400000000 AS idle,
    CAST(DATE_DIFF('microsecond', v.web_since_1, v.cutoff) AS DOUBLE) / 86400000000 AS web_since
  FROM features AS v
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '3 days' > r.as_of AS open,
  v.last_amount,
  v.last_channel,
  v.first_amount,
  v.orders,
  v.idle,
  v.web,
  v.web_since
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
