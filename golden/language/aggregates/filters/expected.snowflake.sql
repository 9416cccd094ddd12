-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: count(orders where channel = 'web') in next 3 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    channel,
    CAST(amount AS FLOAT) AS amount
  FROM shop.public.orders
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
    '2024-01-02 00:00:00'::TIMESTAMP_NTZ AS first_instant,
    '2024-01-15 00:00:00'::TIMESTAMP_NTZ AS last_instant,
    '2024-01-02 00:00:00'::TIMESTAMP_NTZ AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 3 days, a little beyond both ends
grid_instants AS (
  SELECT DATEADD('day', 3 * CAST(n.value AS INT), b.anchor_instant) AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.first_instant) / 259200000000
    ) AS NUMBER(38, 0))
      - 1,
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.last_instant) / 259200000000
    ) AS NUMBER(38, 0))
      + 3
  )) AS n
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
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
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
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
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
    ) AS NUMBER(38, 0)) AS shop,
    CAST(SUM(c.none) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS none
  FROM orders_all_seen AS c
),

-- every cutoff, and orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    r.customer_id,
    DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.shop,
    r.none
  FROM orders_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- orders in (t - 10 days, t], t being the cutoff: each row once at each such t
orders_10d_rows AS (
  SELECT e.*, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 864000000000
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 864000000000 + 259199999999)
          % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
    AND e.channel = 'web'
),

-- orders in (t - 10 days, t], t being the cutoff
orders_10d AS (
  SELECT
    e.customer_id,
    e.cutoff,
    COUNT(*) AS web,
    CAST(SUM(CAST(e.amount AS NUMBER(38, 9))) AS FLOAT) AS web_amount
  FROM orders_10d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- orders in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
days_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
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
    ) AS NUMBER(38, 0)) AS days
  FROM days_changes AS c
),

-- orders in (-∞, t], t being the cutoff
days AS (
  SELECT r.customer_id, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.days
  FROM days_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
  WHERE r.days > 0
),

-- orders in (t - 8 days, t], t being the cutoff: each row once at each such t
orders_8d_rows AS (
  SELECT e.*, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 691200000000
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 691200000000 + 259199999999)
          % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
    AND e.amount > 15
),

-- orders in (t - 8 days, t], t being the cutoff
orders_8d AS (
  SELECT e.customer_id, e.cutoff, MEDIAN(CAST(e.amount AS FLOAT)) AS large
  FROM orders_8d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- orders in (t - 20 days, t], t being the cutoff: each row once at each such t
orders_20d_rows AS (
  SELECT e.*, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 1728000000000
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 1728000000000 + 259199999999)
          % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    )
  )) AS n
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
  WHERE DATEADD('day', 3, v.cutoff) <= r.known_until
),

-- orders in (t, t + 3 days], t being the cutoff: each row once at each such t
orders_next_3d_rows AS (
  SELECT e.*, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        - 259200000000
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) - 259200000000 + 259199999999)
          % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    )
  )) AS n
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
  WHERE e.cutoff >= p1.starts_at OR DATEADD('day', 3, e.cutoff) <= p1.starts_at
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
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    channel,
    CAST(amount AS FLOAT) AS amount
  FROM shop.public.orders
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
    CAST(SUM(CAST(e.amount AS NUMBER(38, 9))) AS FLOAT) AS web_amount
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -10, s.cutoff)
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
  SELECT s.customer_id, s.cutoff, MEDIAN(CAST(e.amount AS FLOAT)) AS large
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -8, s.cutoff)
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
    AND e.happened_at > DATEADD('day', -20, s.cutoff)
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
  DATEADD('day', 3, v.cutoff) > r.as_of AS open,
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
