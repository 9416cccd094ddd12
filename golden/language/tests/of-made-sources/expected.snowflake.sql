-- file: silence.training.sql
-- The training set of `silence`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: not exists(all_of) in next 30 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE silence_training AS
WITH
-- shop: its rows, times in UTC
shop_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM a.orders
  WHERE ordered_at IS NOT NULL
),

-- raw_calls: its rows, times in UTC
calls_raw_calls AS (
  SELECT customer_id, called_at
  FROM (
  (SELECT * FROM b.calls
)
  ) AS r
),

-- calls: its rows, times in UTC
calls_rows AS (
  SELECT
    r.customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.called_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM calls_raw_calls AS r
  WHERE r.called_at IS NOT NULL
),

-- shop: its rows, times in UTC
all_of_shop AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM a.orders
  WHERE ordered_at IS NOT NULL
),

-- raw_calls: its rows, times in UTC
calls_raw_calls_2 AS (
  SELECT customer_id, called_at
  FROM (
  (SELECT * FROM b.calls
)
  ) AS r
),

-- calls: its rows, times in UTC
all_of_calls AS (
  SELECT
    r.customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.called_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM calls_raw_calls_2 AS r
  WHERE r.called_at IS NOT NULL
),

-- all_of: the rows of its parts
all_of_rows AS (
  SELECT p.customer_id, p.happened_at, 'shop' AS part
  FROM all_of_shop AS p
  UNION ALL
  SELECT p.customer_id, p.happened_at, 'calls' AS part
  FROM all_of_calls AS p
),

-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(since AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(until_then AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    plan
  FROM c.plans
  WHERE since IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM all_of_shop
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM all_of_calls
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN COUNT(CASE WHEN is_in_label AND ends_at IS NULL THEN 1 END) = 0 THEN MIN(ends_at)
    END AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.happened_at AS known_at
    FROM shop_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM calls_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM all_of_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM plans_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    DATE_TRUNC('day', DATEADD('day', -30, r.known_until)) AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT DATEADD('day', 7 * CAST(n.value AS INT), b.anchor_instant) AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
    ) AS NUMBER(38, 0))
      - 1,
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
    ) AS NUMBER(38, 0))
      + 3
  )) AS n
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND DATEADD('day', 30, b.cutoff) <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- every cutoff, and all_of in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
kinds_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    g.cutoffs AS until_number
  FROM all_of_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e.part IS NOT NULL
),

-- each row up to where the next of the same value is seen
kinds_alone AS (
  SELECT
    e.customer_id,
    e.number,
    LEAST(
      e.until_number,
      COALESCE(
        LEAD(e.number) OVER (
          PARTITION BY e.customer_id, e.part
          ORDER BY e.number NULLS LAST, e.until_number NULLS LAST
        ),
        e.until_number
      )
    ) AS until_number
  FROM kinds_rows AS e
),

-- what rows add where they are first seen, and take away where they no longer are
kinds_changes AS (
  SELECT e.customer_id, e.number, COUNT(*) AS kinds
  FROM kinds_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.customer_id, e.number
  UNION ALL
  SELECT e.customer_id, e.until_number AS number, -COUNT(*) AS kinds
  FROM kinds_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.customer_id, e.until_number
  UNION ALL
  SELECT
    f.customer_id,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS kinds
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
kinds_running AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.kinds) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS kinds
  FROM kinds_changes AS c
),

-- every cutoff, and all_of in (-∞, t], t being the cutoff
kinds AS (
  SELECT
    r.customer_id,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    CASE WHEN r.kinds > 0 THEN r.kinds END AS kinds
  FROM kinds_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- all_of in (t - 30 days, t], t being the cutoff: each row once at each such t
all_of_30d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM all_of_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 2592000000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 2592000000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- all_of in (t - 30 days, t], t being the cutoff
all_of_30d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS touches
  FROM all_of_30d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- plans in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
plan_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    LEAST(
      g.cutoffs,
      COALESCE(
        CAST((DATEDIFF('microsecond', g.first_cutoff, e.held_until)
          + 604799999999
          - (DATEDIFF('microsecond', g.first_cutoff, e.held_until) + 604799999999) % 604800000000)
          / 604800000000 AS NUMBER(38, 0)),
        g.cutoffs
      )
    ) AS until_number
  FROM plans_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- each row, and whether another holds at one of its cutoffs, too
plan_held AS (
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
  FROM plan_rows AS e
  WHERE e.number < e.until_number
),

-- those of which several hold, each once at each cutoff
plan_overlapping AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM plan_held AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(e.number, e.until_number)) AS n
  WHERE e.overlaps
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
plan_row AS (
  SELECT e.customer_id, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff, e.plan
  FROM plan_held AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(e.number, e.until_number)) AS n
  WHERE NOT e.overlaps
  UNION ALL
  SELECT e.customer_id, e.cutoff, e.plan
  FROM plan_overlapping AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(c.kinds, 0) AS kinds,
    COALESCE(s1.touches, 0) AS touches,
    s2.plan
  FROM kinds AS c
  LEFT JOIN all_of_30d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN plan_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 30, v.cutoff) <= r.known_until
),

-- all_of in (t, t + 30 days], t being the cutoff: each row once at each such t
all_of_next_30d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM all_of_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        - 2592000000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) - 2592000000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- all_of in (t, t + 30 days], t being the cutoff
all_of_next_30d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM all_of_next_30d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, NOT COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN all_of_next_30d AS s1
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

-- where the validation part starts: the boundary nearest to 70 of 100
validation_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 2
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 70) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- where the test part starts: the boundary nearest to 85 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  CROSS JOIN validation_start AS p
  WHERE c.position >= 2
    AND c.position <= c.cutoffs - 1
    AND c.position > p.position
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 85) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT
    e.*,
    CASE
      WHEN e.cutoff >= p2.starts_at THEN 'test'
      WHEN e.cutoff >= p1.starts_at THEN 'validation'
      ELSE 'train'
    END AS split
  FROM examples AS e
  CROSS JOIN validation_start AS p1
  CROSS JOIN test_start AS p2
  WHERE e.cutoff >= p2.starts_at
      OR e.cutoff >= p1.starts_at AND DATEADD('day', 30, e.cutoff) <= p2.starts_at
      OR DATEADD('day', 30, e.cutoff) <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.touches, p.kinds, p.plan, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: silence.scoring.sql
-- The rows of `silence` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE silence_scoring AS
WITH
-- shop: its rows, times in UTC
shop_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM a.orders
  WHERE ordered_at IS NOT NULL
),

-- raw_calls: its rows, times in UTC
calls_raw_calls AS (
  SELECT customer_id, called_at
  FROM (
  (SELECT * FROM b.calls
)
  ) AS r
),

-- calls: its rows, times in UTC
calls_rows AS (
  SELECT
    r.customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.called_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM calls_raw_calls AS r
  WHERE r.called_at IS NOT NULL
),

-- shop: its rows, times in UTC
all_of_shop AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM a.orders
  WHERE ordered_at IS NOT NULL
),

-- raw_calls: its rows, times in UTC
calls_raw_calls_2 AS (
  SELECT customer_id, called_at
  FROM (
  (SELECT * FROM b.calls
)
  ) AS r
),

-- calls: its rows, times in UTC
all_of_calls AS (
  SELECT
    r.customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.called_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM calls_raw_calls_2 AS r
  WHERE r.called_at IS NOT NULL
),

-- all_of: the rows of its parts
all_of_rows AS (
  SELECT p.customer_id, p.happened_at, 'shop' AS part
  FROM all_of_shop AS p
  UNION ALL
  SELECT p.customer_id, p.happened_at, 'calls' AS part
  FROM all_of_calls AS p
),

-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(since AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(until_then AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    plan
  FROM c.plans
  WHERE since IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM all_of_shop
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM all_of_calls
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN COUNT(CASE WHEN is_in_label AND ends_at IS NULL THEN 1 END) = 0 THEN MIN(ends_at)
    END AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.happened_at AS known_at
    FROM shop_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM calls_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM all_of_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM plans_rows AS e
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

-- all_of in (t - 30 days, t], t being the cutoff
all_of_30d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS touches
  FROM existing AS s
  JOIN all_of_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  GROUP BY s.customer_id, s.cutoff
),

-- all_of in (-∞, t], t being the cutoff
all_of_all AS (
  SELECT s.customer_id, s.cutoff, COUNT(DISTINCT e.part) AS kinds
  FROM existing AS s
  JOIN all_of_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
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

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.touches, 0) AS touches,
    COALESCE(s2.kinds, 0) AS kinds,
    s3.plan
  FROM existing AS c
  LEFT JOIN all_of_30d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN all_of_all AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN plan_row AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 30, v.cutoff) > r.as_of AS open,
  v.touches,
  v.kinds,
  v.plan
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
