-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(orders) in next 1 day
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(qty AS FLOAT) AS qty
  FROM shop.public.orders
  WHERE at IS NOT NULL
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
  SELECT e.customer, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer IS NOT NULL
  GROUP BY e.customer
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    DATE_TRUNC('day', DATEADD('day', -1, r.known_until)) AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 1 day, a little beyond both ends
grid_instants AS (
  SELECT DATEADD('day', CAST(n.value AS INT), b.anchor_instant) AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.first_instant) / 86400000000
    ) AS NUMBER(38, 0))
      - 1,
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.last_instant) / 86400000000
    ) AS NUMBER(38, 0))
      + 3
  )) AS n
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND DATEADD('day', 1, b.cutoff) <= b.last_instant
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
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 86399999999) % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    ) AS number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
orders_all_seen AS (
  SELECT
    e.customer,
    e.number,
    COUNT(
      CASE
        WHEN CASE
          WHEN e.qty = ROUND(e.qty)
            AND ABS(e.qty) < 1000000000000000 THEN CAST(CAST(e.qty AS NUMBER(38, 0)) AS VARCHAR)
          ELSE CAST(e.qty AS VARCHAR)
        END = '2' THEN 1
      END
    ) AS twos,
    COUNT(
      CASE
        WHEN CASE
          WHEN e.qty = ROUND(e.qty)
            AND ABS(e.qty) < 1000000000000000 THEN CAST(CAST(e.qty AS NUMBER(38, 0)) AS VARCHAR)
          ELSE CAST(e.qty AS VARCHAR)
        END = '2.5' THEN 1
      END
    ) AS halves,
    SUM(CAST(e.qty AS NUMBER(38, 9))) AS total
  FROM orders_all_rows AS e
  GROUP BY e.customer, e.number
  UNION ALL
  SELECT
    f.customer,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 86399999999) % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS twos,
    NULL AS halves,
    NULL AS total
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
orders_all_running AS (
  SELECT
    c.customer,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.twos) OVER (
      PARTITION BY c.customer
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS twos,
    CAST(SUM(c.halves) OVER (
      PARTITION BY c.customer
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS halves,
    CAST(SUM(c.total) OVER (
      PARTITION BY c.customer
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS FLOAT) AS total
  FROM orders_all_seen AS c
),

-- every cutoff, and orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    r.customer,
    DATEADD('day', CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.twos,
    r.halves,
    r.total
  FROM orders_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- orders in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
sizes_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 86399999999) % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    ) AS number,
    g.cutoffs AS until_number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer IS NOT NULL
    AND CASE
      WHEN e.qty = ROUND(e.qty)
        AND ABS(e.qty) < 1000000000000000 THEN CAST(CAST(e.qty AS NUMBER(38, 0)) AS VARCHAR)
      ELSE CAST(e.qty AS VARCHAR)
    END IS NOT NULL
),

-- each row up to where the next of the same value is seen
sizes_alone AS (
  SELECT
    e.customer,
    e.number,
    LEAST(
      e.until_number,
      COALESCE(
        LEAD(e.number) OVER (
          PARTITION BY e.customer,
            CASE
              WHEN e.qty = ROUND(e.qty)
                AND ABS(e.qty) < 1000000000000000 THEN CAST(CAST(e.qty AS NUMBER(38, 0)) AS VARCHAR)
              ELSE CAST(e.qty AS VARCHAR)
            END
          ORDER BY e.number NULLS LAST, e.until_number NULLS LAST
        ),
        e.until_number
      )
    ) AS until_number
  FROM sizes_rows AS e
),

-- what rows add where they are first seen, and take away where they no longer are
sizes_changes AS (
  SELECT e.customer, e.number, COUNT(*) AS sizes
  FROM sizes_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.customer, e.number
  UNION ALL
  SELECT e.customer, e.until_number AS number, -COUNT(*) AS sizes
  FROM sizes_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.customer, e.until_number
),

-- added up, and up to which cutoff they stay
sizes_running AS (
  SELECT
    c.customer,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.sizes) OVER (
      PARTITION BY c.customer
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS sizes
  FROM sizes_changes AS c
),

-- orders in (-∞, t], t being the cutoff
sizes AS (
  SELECT r.customer, DATEADD('day', CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.sizes
  FROM sizes_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
  WHERE r.sizes > 0
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer,
    c.cutoff,
    COALESCE(c.twos, 0) AS twos,
    COALESCE(c.halves, 0) AS halves,
    COALESCE(c.total, 0) AS total,
    COALESCE(s1.sizes, 0) AS sizes
  FROM orders_all AS c
  LEFT JOIN sizes AS s1
    ON s1.customer = c.customer
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 1, v.cutoff) <= r.known_until
),

-- orders in (t, t + 1 day], t being the cutoff: each row once at each such t
orders_next_1d_rows AS (
  SELECT e.*, DATEADD('day', CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        - 86400000000
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) - 86400000000 + 86399999999)
          % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 86399999999) % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer IS NOT NULL
),

-- orders in (t, t + 1 day], t being the cutoff
orders_next_1d AS (
  SELECT e.customer, e.cutoff, COUNT(*) > 0 AS label_1
  FROM orders_next_1d_rows AS e
  GROUP BY e.customer, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_1d AS s1
    ON s1.customer = v.customer
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
  WHERE e.cutoff >= p1.starts_at OR DATEADD('day', 1, e.cutoff) <= p1.starts_at
)

SELECT p.customer, p.cutoff, p.twos, p.halves, p.sizes, p.total, p.label, p.split
FROM parts AS p
ORDER BY p.customer NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(qty AS FLOAT) AS qty
  FROM shop.public.orders
  WHERE at IS NOT NULL
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
  SELECT e.customer, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer IS NOT NULL
  GROUP BY e.customer
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.customer, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer,
    s.cutoff,
    COUNT(
      CASE
        WHEN CASE
          WHEN e.qty = ROUND(e.qty)
            AND ABS(e.qty) < 1000000000000000 THEN CAST(CAST(e.qty AS NUMBER(38, 0)) AS VARCHAR)
          ELSE CAST(e.qty AS VARCHAR)
        END = '2' THEN 1
      END
    ) AS twos,
    COUNT(
      CASE
        WHEN CASE
          WHEN e.qty = ROUND(e.qty)
            AND ABS(e.qty) < 1000000000000000 THEN CAST(CAST(e.qty AS NUMBER(38, 0)) AS VARCHAR)
          ELSE CAST(e.qty AS VARCHAR)
        END = '2.5' THEN 1
      END
    ) AS halves,
    CAST(SUM(CAST(e.qty AS NUMBER(38, 9))) AS FLOAT) AS total
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer = s.customer
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer, s.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all_2 AS (
  SELECT
    s.customer,
    s.cutoff,
    COUNT(DISTINCT CASE
      WHEN e.qty = ROUND(e.qty)
        AND ABS(e.qty) < 1000000000000000 THEN CAST(CAST(e.qty AS NUMBER(38, 0)) AS VARCHAR)
      ELSE CAST(e.qty AS VARCHAR)
    END) AS sizes
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer = s.customer
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer,
    c.cutoff,
    COALESCE(s1.twos, 0) AS twos,
    COALESCE(s1.halves, 0) AS halves,
    COALESCE(s1.total, 0) AS total,
    COALESCE(s2.sizes, 0) AS sizes
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.customer = c.customer
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_all_2 AS s2
    ON s2.customer = c.customer
    AND s2.cutoff = c.cutoff
)

SELECT
  v.customer,
  v.cutoff,
  r.as_of,
  DATEADD('day', 1, v.cutoff) > r.as_of AS open,
  v.twos,
  v.halves,
  v.sizes,
  v.total
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer NULLS LAST, v.cutoff NULLS LAST;
