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
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    '2024-01-01 00:00:00'::TIMESTAMP_NTZ AS anchor_instant,
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

-- the latest 6
latest_instants AS (
  SELECT g.cutoff
  FROM grid AS g
  QUALIFY ROW_NUMBER() OVER (ORDER BY g.cutoff DESC NULLS LAST) <= 6
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM latest_instants AS g
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN latest_instants AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (t - 7 days, t], t being the cutoff: each row once at each such t
orders_7d_rows AS (
  SELECT e.*, DATEADD('day', CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 86399999999) % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604800000000
        + 86399999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604800000000 + 86399999999)
          % 86400000000)
        / 86400000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS orders
  FROM orders_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(s1.orders, 0) AS orders
  FROM existing AS c
  LEFT JOIN orders_7d AS s1
    ON s1.customer_id = c.customer_id
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
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t, t + 1 day], t being the cutoff
orders_next_1d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM orders_next_1d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_1d AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM labelled AS v
  WHERE v.label IS NOT NULL
),

-- how a hash of seed, key and cutoff begins: 65536 buckets
hashed AS (
  SELECT
    e.*,
    SUBSTRING(
      MD5(
        '0|'
          || CAST(e.customer_id AS VARCHAR)
          || '|'
          || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
      ),
      1,
      4
    ) AS bucket
  FROM examples AS e
),

-- rows a bucket
bucket_counts AS (
  SELECT e.label, e.bucket, COUNT(*) AS n
  FROM hashed AS e
  GROUP BY e.label, e.bucket
),

-- how many rows come before each bucket
ranked_buckets AS (
  SELECT
    b.label,
    b.bucket,
    b.n,
    SUM(b.n) OVER (
      PARTITION BY b.label
      ORDER BY b.bucket NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
      - b.n AS rows_before,
    SUM(b.n) OVER (PARTITION BY b.label) AS total
  FROM bucket_counts AS b
),

-- the parts that the first and the last row of each bucket fall into
buckets AS (
  SELECT
    b.label,
    b.bucket,
    b.rows_before,
    b.total,
    CASE
      WHEN b.rows_before * 100 < b.total * 50 THEN 'train'
      WHEN b.rows_before * 100 < b.total * 75 THEN 'validation'
      ELSE 'test'
    END AS first_part,
    CASE
      WHEN (b.rows_before + b.n - 1) * 100 < b.total * 50 THEN 'train'
      WHEN (b.rows_before + b.n - 1) * 100 < b.total * 75 THEN 'validation'
      ELSE 'test'
    END AS last_part
  FROM ranked_buckets AS b
),

-- the parts: rows of a bucket that lies in two are ranked
parts AS (
  SELECT e.*, b.first_part AS split
  FROM hashed AS e
  JOIN buckets AS b
    ON b.label = e.label
    AND b.bucket = e.bucket
  WHERE b.first_part = b.last_part
  UNION ALL
  SELECT
    e.*,
    CASE
      WHEN (b.rows_before
        + ROW_NUMBER() OVER (
          PARTITION BY b.label, b.bucket
          ORDER BY MD5(
              '0|'
                || CAST(e.customer_id AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.customer_id NULLS LAST,
            e.cutoff NULLS LAST
        )
        - 1)
        * 100 < b.total * 50 THEN 'train'
      WHEN (b.rows_before
        + ROW_NUMBER() OVER (
          PARTITION BY b.label, b.bucket
          ORDER BY MD5(
              '0|'
                || CAST(e.customer_id AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.customer_id NULLS LAST,
            e.cutoff NULLS LAST
        )
        - 1)
        * 100 < b.total * 75 THEN 'validation'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b
    ON b.label = e.label
    AND b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT p.customer_id, p.cutoff, p.orders, p.label, p.split
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

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS orders
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -7, s.cutoff)
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(s1.orders, 0) AS orders
  FROM existing AS c
  LEFT JOIN orders_7d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
)

SELECT v.customer_id, v.cutoff, r.as_of, DATEADD('day', 1, v.cutoff) > r.as_of AS open, v.orders
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
