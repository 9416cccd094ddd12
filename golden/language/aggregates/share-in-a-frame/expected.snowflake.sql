-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: share(orders.channel = 'web') in next 7 days > 0.5
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    channel
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

-- what each row of orders adds to each value
orders_marks AS (
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    CASE WHEN e.channel = 'web' THEN 1 END AS web_share_3d,
    CASE WHEN e.channel = 'web' THEN 1 END AS label_1
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of orders could see before its own instant
orders_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    CAST(COUNT(m.web_share_3d) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 259200000000 PRECEDING AND 1 PRECEDING
    ) AS FLOAT)
      / NULLIF(
        COUNT(*) OVER (
          PARTITION BY m.customer_id
          ORDER BY m.instant NULLS LAST
          RANGE BETWEEN 259200000000 PRECEDING AND 1 PRECEDING
        ),
        0
      ) AS web_share_3d,
    CAST(COUNT(m.label_1) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 604800000000 FOLLOWING
    ) AS FLOAT)
      / NULLIF(
        COUNT(*) OVER (
          PARTITION BY m.customer_id
          ORDER BY m.instant NULLS LAST
          RANGE BETWEEN 1 FOLLOWING AND 604800000000 FOLLOWING
        ),
        0
      ) AS label_1
  FROM orders_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff, e.web_share_3d, e.label_1
  FROM orders_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, c.web_share_3d, c.label_1
  FROM cutoffs AS c
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 > 0.5 AS label
  FROM mature AS v
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
        '1|'
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
    CASE WHEN b.rows_before * 100 < b.total * 50 THEN 'train' ELSE 'test' END AS first_part,
    CASE
      WHEN (b.rows_before + b.n - 1) * 100 < b.total * 50 THEN 'train'
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
              '1|'
                || CAST(e.customer_id AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.customer_id NULLS LAST,
            e.cutoff NULLS LAST
        )
        - 1)
        * 100 < b.total * 50 THEN 'train'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT p.customer_id, p.cutoff, p.web_share_3d, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    channel
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

-- what each row of orders adds to each value
orders_marks AS (
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    CASE WHEN e.channel = 'web' THEN 1 END AS web_share_3d
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of orders could see before its own instant
orders_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    CAST(COUNT(m.web_share_3d) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 259200000000 PRECEDING AND 1 PRECEDING
    ) AS FLOAT)
      / NULLIF(
        COUNT(*) OVER (
          PARTITION BY m.customer_id
          ORDER BY m.instant NULLS LAST
          RANGE BETWEEN 259200000000 PRECEDING AND 1 PRECEDING
        ),
        0
      ) AS web_share_3d
  FROM orders_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff, e.web_share_3d
  FROM orders_history AS e
),

-- the latest cutoff of each customer
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.customer_id ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, c.web_share_3d
  FROM latest AS c
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.web_share_3d
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
