-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: count(orders) in next 3 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(begins AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ends AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    plan,
    seats
  FROM shop.public.plans
  WHERE begins IS NOT NULL
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
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
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.happened_at AS known_at
    FROM plans_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
  ) AS e
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

-- where the cutoffs lie
cutoffs AS (
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- plans in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
plans_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    ) AS number,
    LEAST(
      g.cutoffs,
      COALESCE(
        CAST((DATEDIFF('microsecond', g.first_cutoff, e.held_until)
          + 259199999999
          - (DATEDIFF('microsecond', g.first_cutoff, e.held_until) + 259199999999) % 259200000000)
          / 259200000000 AS NUMBER(38, 0)),
        g.cutoffs
      )
    ) AS until_number
  FROM plans_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- each row, and whether another holds at one of its cutoffs, too
plans_all_held AS (
  SELECT
    e.*,
    COALESCE(
      LEAD(e.number) OVER (PARTITION BY e.customer_id ORDER BY e.number NULLS LAST) < e.until_number
        OR MAX(e.until_number) OVER (
          PARTITION BY e.customer_id
          ORDER BY e.number NULLS LAST
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) > e.number,
      FALSE
    ) AS overlaps
  FROM plans_all_rows AS e
  WHERE e.number < e.until_number
),

-- those of which several hold, each once at each cutoff
plans_all_overlapping AS (
  SELECT e.*, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM plans_all_held AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(e.number, e.until_number)) AS n
  WHERE e.overlaps
),

-- plans in (-∞, t], t being the cutoff
plans_all AS (
  SELECT
    e.customer_id,
    DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    e.plan,
    e.seats
  FROM plans_all_held AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(e.number, e.until_number)) AS n
  WHERE NOT e.overlaps
  UNION ALL
  SELECT
    e.customer_id,
    e.cutoff,
    FIRST_VALUE(e.plan) OVER (
      PARTITION BY e.customer_id, e.cutoff
      ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS plan,
    FIRST_VALUE(e.seats) OVER (
      PARTITION BY e.customer_id, e.cutoff
      ORDER BY e.happened_at DESC NULLS LAST, e.seats DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS seats
  FROM plans_all_overlapping AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- plans in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
paid_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 259199999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 259199999999) % 259200000000)
        / 259200000000 AS NUMBER(38, 0))
    ) AS number,
    LEAST(
      g.cutoffs,
      COALESCE(
        CAST((DATEDIFF('microsecond', g.first_cutoff, e.held_until)
          + 259199999999
          - (DATEDIFF('microsecond', g.first_cutoff, e.held_until) + 259199999999) % 259200000000)
          / 259200000000 AS NUMBER(38, 0)),
        g.cutoffs
      )
    ) AS until_number
  FROM plans_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e.plan <> 'free'
),

-- each row, and whether another holds at one of its cutoffs, too
paid_held AS (
  SELECT
    e.*,
    COALESCE(
      LEAD(e.number) OVER (PARTITION BY e.customer_id ORDER BY e.number NULLS LAST) < e.until_number
        OR MAX(e.until_number) OVER (
          PARTITION BY e.customer_id
          ORDER BY e.number NULLS LAST
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) > e.number,
      FALSE
    ) AS overlaps
  FROM paid_rows AS e
  WHERE e.number < e.until_number
),

-- those of which several hold, each once at each cutoff
paid_overlapping AS (
  SELECT e.*, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM paid_held AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(e.number, e.until_number)) AS n
  WHERE e.overlaps
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
paid_row AS (
  SELECT
    e.customer_id,
    DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    e.seats AS paid
  FROM paid_held AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(e.number, e.until_number)) AS n
  WHERE NOT e.overlaps
  UNION ALL
  SELECT e.customer_id, e.cutoff, e.seats AS paid
  FROM paid_overlapping AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.seats DESC NULLS LAST
  ) = 1
),

-- plans in (-∞, t], t being the cutoff: each row once at each such t
plans_all_rows_2 AS (
  SELECT e.*, DATEADD('day', 3 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM plans_rows AS e
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
      COALESCE(
        CAST((DATEDIFF('microsecond', g.first_cutoff, e.held_until)
          + 259199999999
          - (DATEDIFF('microsecond', g.first_cutoff, e.held_until) + 259199999999) % 259200000000)
          / 259200000000 AS NUMBER(38, 0)),
        g.cutoffs
      )
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- plans in (-∞, t], t being the cutoff
plans_all_2 AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS held
  FROM plans_all_rows_2 AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.plan, 'none') AS plan,
    s1.seats,
    s2.paid,
    COALESCE(s3.held, 0) AS held
  FROM existing AS c
  LEFT JOIN plans_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN paid_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN plans_all_2 AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
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

SELECT p.customer_id, p.cutoff, p.plan, p.seats, p.paid, p.held, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(begins AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ends AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    plan,
    seats
  FROM shop.public.plans
  WHERE begins IS NOT NULL
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
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
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.happened_at AS known_at
    FROM plans_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
  ) AS e
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

-- plans in (-∞, t], t being the cutoff
plans_all AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS held
  FROM existing AS s
  JOIN plans_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  GROUP BY s.customer_id, s.cutoff
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
plan_row AS (
  SELECT s.customer_id, s.cutoff, e.plan
  FROM existing AS s
  JOIN plans_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
seats_row AS (
  SELECT s.customer_id, s.cutoff, e.seats
  FROM existing AS s
  JOIN plans_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.seats DESC NULLS LAST
  ) = 1
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
paid_row AS (
  SELECT s.customer_id, s.cutoff, e.seats AS paid
  FROM existing AS s
  JOIN plans_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  WHERE e.plan <> 'free'
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.seats DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.held, 0) AS held,
    COALESCE(s2.plan, 'none') AS plan,
    s3.seats,
    s4.paid
  FROM existing AS c
  LEFT JOIN plans_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN plan_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN seats_row AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN paid_row AS s4
    ON s4.customer_id = c.customer_id
    AND s4.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 3, v.cutoff) > r.as_of AS open,
  v.plan,
  v.seats,
  v.paid,
  v.held
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
