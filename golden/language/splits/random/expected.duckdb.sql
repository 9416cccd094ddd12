-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(orders) in next 1 day
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
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
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    TIMESTAMP '2024-01-01 00:00:00' AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 1 day, a little beyond both ends
grid_instants AS (
  SELECT
    b.anchor_instant + UNNEST(RANGE(
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 86400000000
      ) AS BIGINT)
        - 1,
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 86400000000
      ) AS BIGINT)
        + 3
    )) * INTERVAL '1 day' AS cutoff,
    b.*
  FROM grid_bounds AS b
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff + INTERVAL '1 day' <= b.last_instant
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
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 86399999999) // 86400000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 604800000000
          + 86399999999) // 86400000000
      )
    )) * INTERVAL '1 day' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
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
  WHERE v.cutoff + INTERVAL '1 day' <= r.known_until
),

-- orders in (t, t + 1 day], t being the cutoff: each row once at each such t
orders_next_1d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          - 86400000000
          + 86399999999) // 86400000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 86399999999) // 86400000000
      )
    )) * INTERVAL '1 day' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
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
      MD5('42|' || CAST(e.customer_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)),
      1,
      4
    ) AS bucket
  FROM examples AS e
),

-- rows a bucket
bucket_counts AS (
  SELECT e.bucket, COUNT(*) AS n
  FROM hashed AS e
  GROUP BY e.bucket
),

-- how many rows come before each bucket
ranked_buckets AS (
  SELECT
    b.bucket,
    b.n,
    SUM(b.n) OVER (ORDER BY b.bucket NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      - b.n AS rows_before,
    SUM(b.n) OVER () AS total
  FROM bucket_counts AS b
),

-- the parts that the first and the last row of each bucket fall into
buckets AS (
  SELECT
    b.bucket,
    b.rows_before,
    b.total,
    CASE WHEN b.rows_before * 100 < b.total * 80 THEN 'train' ELSE 'test' END AS first_part,
    CASE
      WHEN (b.rows_before + b.n - 1) * 100 < b.total * 80 THEN 'train'
      ELSE 'test'
    END AS last_part
  FROM ranked_buckets AS b
),

-- the parts: rows of a bucket that lies in two are ranked
parts AS (
  SELECT e.*, b.first_part AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part = b.last_part
  UNION ALL
  SELECT
    e.*,
    CASE
      WHEN (b.rows_before
        + ROW_NUMBER() OVER (
          PARTITION BY b.bucket
          ORDER BY MD5(
              '42|' || CAST(e.customer_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.customer_id NULLS LAST,
            e.cutoff NULLS LAST
        )
        - 1)
        * 100 < b.total * 80 THEN 'train'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT p.customer_id, p.cutoff, p.orders, p.label, p.split
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
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
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

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS orders
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
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

SELECT v.customer_id, v.cutoff, r.as_of, v.cutoff + INTERVAL '1 day' > r.as_of AS open, v.orders
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
