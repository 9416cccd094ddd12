-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: count(orders where channel = 'web') in next 3 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    channel,
    CAST(amount AS DOUBLE) AS amount
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
    AND (e.channel = 'shop' OR e.channel = 'none')
),

-- what the rows add that a cutoff is the first to see
orders_all_seen AS (
  SELECT
    e.customer_id,
    e.number,
    COUNT(CASE WHEN e.channel = 'shop' THEN 1 END) AS shop,
    COUNT(CASE WHEN e.channel = 'none' THEN 1 END) AS none
  FROM orders_all_rows AS e
  GROUP BY e.customer_id, e.number
  UNION ALL
  SELECT
    f.customer_id,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, f.exists_from) + 259199999999) // 259200000000
    ) AS number,
    NULL AS shop,
    NULL AS none
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
orders_all_running AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.shop) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS shop,
    CAST(SUM(c.none) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS none
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
    r.shop,
    r.none
  FROM orders_all_running AS r
  CROSS JOIN grid_run AS g
),

-- orders in (t - 10 days, t], t being the cutoff: each row once at each such t
orders_10d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 864000000000
          + 259199999999) // 259200000000
      )
    )) * INTERVAL '3 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e.channel = 'web'
),

-- orders in (t - 10 days, t], t being the cutoff
orders_10d AS (
  SELECT
    e.customer_id,
    e.cutoff,
    COUNT(*) AS web,
    CAST(SUM(CAST(e.amount AS DECIMAL(38, 9))) AS DOUBLE) AS web_amount
  FROM orders_10d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- orders in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
days_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
    ) AS number,
    g.cutoffs AS until_number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e.amount > 15
    AND DATE_TRUNC('day', e.happened_at) IS NOT NULL
),

-- each row up to where the next of the same value is seen
days_alone AS (
  SELECT
    e.customer_id,
    e.number,
    LEAST(
      e.until_number,
      COALESCE(
        LEAD(e.number) OVER (
          PARTITION BY e.customer_id, DATE_TRUNC('day', e.happened_at)
          ORDER BY e.number NULLS LAST, e.until_number NULLS LAST
        ),
        e.until_number
      )
    ) AS until_number
  FROM days_rows AS e
),

-- what rows add where they are first seen, and take away where they no longer are
days_changes AS (
  SELECT e.customer_id, e.number, COUNT(*) AS days
  FROM days_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.customer_id, e.number
  UNION ALL
  SELECT e.customer_id, e.until_number AS number, -COUNT(*) AS days
  FROM days_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.customer_id, e.until_number
),

-- added up, and up to which cutoff they stay
days_running AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.days) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS days
  FROM days_changes AS c
),

-- orders in (-∞, t], t being the cutoff
days AS (
  SELECT
    r.customer_id,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '3 days' AS cutoff,
    r.days
  FROM days_running AS r
  CROSS JOIN grid_run AS g
  WHERE r.days > 0
),

-- orders in (t - 8 days, t], t being the cutoff: each row once at each such t
orders_8d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 691200000000
          + 259199999999) // 259200000000
      )
    )) * INTERVAL '3 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e.amount > 15
),

-- orders in (t - 8 days, t], t being the cutoff
orders_8d AS (
  SELECT e.customer_id, e.cutoff, MEDIAN(CAST(e.amount AS DOUBLE)) AS large
  FROM orders_8d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- orders in (t - 20 days, t], t being the cutoff: each row once at each such t
orders_20d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) // 259200000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 1728000000000
          + 259199999999) // 259200000000
      )
    )) * INTERVAL '3 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t - 20 days, t], t being the cutoff
orders_20d AS (
  SELECT
    e.customer_id,
    e.cutoff,
    MAX(CASE WHEN e.channel = 'web' THEN e.amount END) AS ever,
    COUNT(*) AS orders
  FROM orders_20d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(c.shop, 0) AS shop,
    COALESCE(c.none, 0) AS none,
    COALESCE(s1.web, 0) AS web,
    COALESCE(s1.web_amount, 0) AS web_amount,
    COALESCE(s2.days, 0) AS days,
    s3.large,
    s4.ever,
    COALESCE(s4.orders, 0) AS orders
  FROM orders_all AS c
  LEFT JOIN orders_10d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN days AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN orders_8d AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN orders_20d AS s4
    ON s4.customer_id = c.customer_id
    AND s4.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
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
    AND e.channel = 'web'
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
  p.web,
  p.web_amount,
  p.shop,
  p.none,
  p.days,
  p.large,
  p.ever,
  p.orders,
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
    channel,
    CAST(amount AS DOUBLE) AS amount
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

-- orders in (t - 10 days, t], t being the cutoff
orders_10d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS web,
    CAST(SUM(CAST(e.amount AS DECIMAL(38, 9))) AS DOUBLE) AS web_amount
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '10 days'
  WHERE e.channel = 'web'
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(CASE WHEN e.channel = 'shop' THEN 1 END) AS shop,
    COUNT(CASE WHEN e.channel = 'none' THEN 1 END) AS none
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  WHERE e.channel = 'shop' OR e.channel = 'none'
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all_2 AS (
  SELECT s.customer_id, s.cutoff, COUNT(DISTINCT DATE_TRUNC('day', e.happened_at)) AS days
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  WHERE e.amount > 15
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (t - 8 days, t], t being the cutoff
orders_8d AS (
  SELECT s.customer_id, s.cutoff, MEDIAN(CAST(e.amount AS DOUBLE)) AS large
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '8 days'
  WHERE e.amount > 15
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (t - 20 days, t], t being the cutoff
orders_20d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    MAX(CASE WHEN e.channel = 'web' THEN e.amount END) AS ever,
    COUNT(*) AS orders
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '20 days'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.web, 0) AS web,
    COALESCE(s1.web_amount, 0) AS web_amount,
    COALESCE(s2.shop, 0) AS shop,
    COALESCE(s2.none, 0) AS none,
    COALESCE(s3.days, 0) AS days,
    s4.large,
    s5.ever,
    COALESCE(s5.orders, 0) AS orders
  FROM existing AS c
  LEFT JOIN orders_10d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_all AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN orders_all_2 AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN orders_8d AS s4
    ON s4.customer_id = c.customer_id
    AND s4.cutoff = c.cutoff
  LEFT JOIN orders_20d AS s5
    ON s5.customer_id = c.customer_id
    AND s5.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '3 days' > r.as_of AS open,
  v.web,
  v.web_amount,
  v.shop,
  v.none,
  v.days,
  v.large,
  v.ever,
  v.orders
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
