-- file: counts.training.sql
-- The training set of `counts`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(stock) in next 1 day
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE counts_training AS
WITH
-- stock: its rows, times in UTC
stock_rows AS (
  SELECT
    shop,
    CASE
      WHEN REGEXP_LIKE(CAST(counted_at AS VARCHAR), '.*[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)') THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
      ELSE DATE_TRUNC('microsecond', DATEADD('microsecond', DATEDIFF('microsecond', CONVERT_TIMEZONE('UTC', 'Europe/Paris', DATEADD('microsecond', DATEDIFF('microsecond', CONVERT_TIMEZONE('UTC', 'Europe/Paris', DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), CAST(counted_at AS TIMESTAMP_NTZ))), DATEADD('microsecond', DATEDIFF('microsecond', CONVERT_TIMEZONE('UTC', 'Europe/Paris', DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), CAST(counted_at AS TIMESTAMP_NTZ))), CAST(counted_at AS TIMESTAMP_NTZ)))
    END AS happened_at
  FROM shop.stock
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM stock_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every shop, from its first row on
first_seen AS (
  SELECT e.shop, MIN(e.happened_at) AS exists_from
  FROM stock_rows AS e
  WHERE e.shop IS NOT NULL
  GROUP BY e.shop
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

-- every cutoff, and stock in (-∞, t], t being the cutoff: each row, and the number of the first such t
stock_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 86399999999) % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    ) AS number
  FROM stock_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.shop IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
stock_all_seen AS (
  SELECT e.shop, e.number, MAX(e.happened_at) AS hours_1
  FROM stock_all_rows AS e
  GROUP BY e.shop, e.number
  UNION ALL
  SELECT
    f.shop,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 86399999999) % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS hours_1
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
stock_all_running AS (
  SELECT
    c.shop,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.shop ORDER BY c.number NULLS LAST) AS next_number,
    MAX(c.hours_1) OVER (
      PARTITION BY c.shop
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS hours_1
  FROM stock_all_seen AS c
),

-- every cutoff, and stock in (-∞, t], t being the cutoff
stock_all AS (
  SELECT r.shop, DATEADD('day', CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.hours_1
  FROM stock_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- stock in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
days_rows AS (
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
  FROM stock_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.shop IS NOT NULL
    AND DATE_TRUNC('day', CONVERT_TIMEZONE('UTC', 'Europe/Paris', e.happened_at)) IS NOT NULL
),

-- each row up to where the next of the same value is seen
days_alone AS (
  SELECT
    e.shop,
    e.number,
    LEAST(
      e.until_number,
      COALESCE(
        LEAD(e.number) OVER (
          PARTITION BY e.shop,
            DATE_TRUNC('day', CONVERT_TIMEZONE('UTC', 'Europe/Paris', e.happened_at))
          ORDER BY e.number NULLS LAST, e.until_number NULLS LAST
        ),
        e.until_number
      )
    ) AS until_number
  FROM days_rows AS e
),

-- what rows add where they are first seen, and take away where they no longer are
days_changes AS (
  SELECT e.shop, e.number, COUNT(*) AS days
  FROM days_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.shop, e.number
  UNION ALL
  SELECT e.shop, e.until_number AS number, -COUNT(*) AS days
  FROM days_alone AS e
  WHERE e.number < e.until_number
  GROUP BY e.shop, e.until_number
),

-- added up, and up to which cutoff they stay
days_running AS (
  SELECT
    c.shop,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.shop ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.days) OVER (
      PARTITION BY c.shop
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS days
  FROM days_changes AS c
),

-- stock in (-∞, t], t being the cutoff
days AS (
  SELECT r.shop, DATEADD('day', CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.days
  FROM days_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
  WHERE r.days > 0
),

-- what was known at each cutoff
features AS (
  SELECT c.shop, c.cutoff, c.hours_1, COALESCE(s1.days, 0) AS days
  FROM stock_all AS c
  LEFT JOIN days AS s1
    ON s1.shop = c.shop
    AND s1.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, CAST(DATEDIFF('microsecond', v.hours_1, v.cutoff) AS FLOAT) / 3600000000 AS hours
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 1, v.cutoff) <= r.known_until
),

-- stock in (t, t + 1 day], t being the cutoff: each row once at each such t
stock_next_1d_rows AS (
  SELECT e.*, DATEADD('day', CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM stock_rows AS e
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
  WHERE e.shop IS NOT NULL
),

-- stock in (t, t + 1 day], t being the cutoff
stock_next_1d AS (
  SELECT e.shop, e.cutoff, COUNT(*) > 0 AS label_1
  FROM stock_next_1d_rows AS e
  GROUP BY e.shop, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN stock_next_1d AS s1
    ON s1.shop = v.shop
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
      OR e.cutoff >= p1.starts_at AND DATEADD('day', 1, e.cutoff) <= p2.starts_at
      OR DATEADD('day', 1, e.cutoff) <= p1.starts_at
)

SELECT p.shop, p.cutoff, p.hours, p.days, p.label, p.split
FROM parts AS p
ORDER BY p.shop NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: counts.scoring.sql
-- The rows of `counts` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE counts_scoring AS
WITH
-- stock: its rows, times in UTC
stock_rows AS (
  SELECT
    shop,
    CASE
      WHEN REGEXP_LIKE(CAST(counted_at AS VARCHAR), '.*[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)') THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
      ELSE DATE_TRUNC('microsecond', DATEADD('microsecond', DATEDIFF('microsecond', CONVERT_TIMEZONE('UTC', 'Europe/Paris', DATEADD('microsecond', DATEDIFF('microsecond', CONVERT_TIMEZONE('UTC', 'Europe/Paris', DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), CAST(counted_at AS TIMESTAMP_NTZ))), DATEADD('microsecond', DATEDIFF('microsecond', CONVERT_TIMEZONE('UTC', 'Europe/Paris', DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), DATEADD('day', 1, CAST(counted_at AS TIMESTAMP_NTZ))), CAST(counted_at AS TIMESTAMP_NTZ))), CAST(counted_at AS TIMESTAMP_NTZ)))
    END AS happened_at
  FROM shop.stock
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM stock_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every shop, from its first row on
first_seen AS (
  SELECT e.shop, MIN(e.happened_at) AS exists_from
  FROM stock_rows AS e
  WHERE e.shop IS NOT NULL
  GROUP BY e.shop
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.shop, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a shop exists from its first row on
existing AS (
  SELECT c.shop, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- stock in (-∞, t], t being the cutoff
stock_all AS (
  SELECT s.shop, s.cutoff, MAX(e.happened_at) AS hours_1
  FROM existing AS s
  JOIN stock_rows AS e
    ON e.shop = s.shop
    AND e.happened_at <= s.cutoff
  GROUP BY s.shop, s.cutoff
),

-- stock in (-∞, t], t being the cutoff
stock_all_2 AS (
  SELECT
    s.shop,
    s.cutoff,
    COUNT(DISTINCT DATE_TRUNC(
      'day',
      CONVERT_TIMEZONE('UTC', 'Europe/Paris', e.happened_at)
    )) AS days
  FROM existing AS s
  JOIN stock_rows AS e
    ON e.shop = s.shop
    AND e.happened_at <= s.cutoff
  GROUP BY s.shop, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.shop, c.cutoff, s1.hours_1, COALESCE(s2.days, 0) AS days
  FROM existing AS c
  LEFT JOIN stock_all AS s1
    ON s1.shop = c.shop
    AND s1.cutoff = c.cutoff
  LEFT JOIN stock_all_2 AS s2
    ON s2.shop = c.shop
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, CAST(DATEDIFF('microsecond', v.hours_1, v.cutoff) AS FLOAT) / 3600000000 AS hours
  FROM features AS v
)

SELECT v.shop, v.cutoff, r.as_of, DATEADD('day', 1, v.cutoff) > r.as_of AS open, v.hours, v.days
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.shop NULLS LAST, v.cutoff NULLS LAST;
