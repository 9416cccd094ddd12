-- file: returns.training.sql
-- The training set of `returns`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: exists(visits) in next 2 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE returns_training AS
WITH
-- users: its rows, times in UTC
users_rows AS (
  SELECT
    id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CASE
      WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
      WHEN loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    END AS known_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS created_at
  FROM shop.public.users
  WHERE created_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id AS id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    page
  FROM shop.public.visits
  WHERE visited_at IS NOT NULL
),

-- what each row of visits adds to each value
visits_marks AS (
  SELECT e.id, e.instant, e.happened_at, CASE WHEN e.page = 'bye' THEN e.happened_at END AS stops_at
  FROM visits_rows AS e
  WHERE e.id IS NOT NULL
),

-- what each row of visits could see before its own instant
visits_history AS (
  SELECT
    m.id,
    m.happened_at,
    MIN(m.stops_at) OVER (PARTITION BY m.id) AS stops_at,
    COUNT(*) OVER (
      PARTITION BY m.id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING
    ) AS visits,
    COUNT(*) OVER (
      PARTITION BY m.id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 172800000000 FOLLOWING
    ) > 0 AS label_1
  FROM visits_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.id, e.happened_at AS cutoff, e.stops_at, e.visits, e.label_1
  FROM visits_history AS e
),

-- every user that is declared, and from when on it exists
declared AS (
  SELECT e.id, MIN(GREATEST(e.created_at, e.known_at)) AS exists_from
  FROM users_rows AS e
  WHERE e.id IS NOT NULL
    AND e.created_at IS NOT NULL
  GROUP BY e.id
),

-- a user exists from its declared instant on
existing AS (
  SELECT c.id, c.cutoff, c.visits, c.label_1, c.stops_at
  FROM cutoffs AS c
  JOIN declared AS f ON f.id = c.id
  WHERE f.exists_from < c.cutoff
),

-- cutoffs before the user stopped
observed AS (
  SELECT c.id, c.cutoff, c.visits, c.label_1
  FROM existing AS c
  WHERE c.stops_at IS NULL OR c.cutoff < c.stops_at
),

-- what was known at each cutoff
features AS (
  SELECT c.id, c.cutoff, c.visits, c.label_1
  FROM observed AS c
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 AS label
  FROM features AS v
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
          || CAST(e.id AS VARCHAR)
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
              '0|'
                || CAST(e.id AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.id NULLS LAST,
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

SELECT p.id, p.cutoff, p.visits, p.label, p.split
FROM parts AS p
ORDER BY p.id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: returns.scoring.sql
-- The rows of `returns` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE returns_scoring AS
WITH
-- users: its rows, times in UTC
users_rows AS (
  SELECT
    id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CASE
      WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
      WHEN loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    END AS known_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(created_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS created_at
  FROM shop.public.users
  WHERE created_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id AS id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    page
  FROM shop.public.visits
  WHERE visited_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM visits_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of visits adds to each value
visits_marks AS (
  SELECT e.id, e.instant, e.happened_at, CASE WHEN e.page = 'bye' THEN e.happened_at END AS stops_at
  FROM visits_rows AS e
  WHERE e.id IS NOT NULL
),

-- what each row of visits could see before its own instant
visits_history AS (
  SELECT
    m.id,
    m.happened_at,
    MIN(m.stops_at) OVER (PARTITION BY m.id) AS stops_at,
    COUNT(*) OVER (
      PARTITION BY m.id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 2592000000000 PRECEDING AND 1 PRECEDING
    ) AS visits
  FROM visits_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.id, e.happened_at AS cutoff, e.stops_at, e.visits
  FROM visits_history AS e
),

-- every user that is declared, and from when on it exists
declared AS (
  SELECT e.id, MIN(GREATEST(e.created_at, e.known_at)) AS exists_from
  FROM users_rows AS e
  WHERE e.id IS NOT NULL
    AND e.created_at IS NOT NULL
  GROUP BY e.id
),

-- a user exists from its declared instant on
existing AS (
  SELECT c.id, c.cutoff, c.visits, c.stops_at
  FROM cutoffs AS c
  JOIN declared AS f ON f.id = c.id
  WHERE f.exists_from < c.cutoff
),

-- cutoffs before the user stopped
observed AS (
  SELECT c.id, c.cutoff, c.visits
  FROM existing AS c
  WHERE c.stops_at IS NULL
),

-- the latest cutoff of each user
latest AS (
  SELECT c.*
  FROM observed AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.id ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.id, c.cutoff, c.visits
  FROM latest AS c
)

SELECT v.id, v.cutoff, r.as_of, DATEADD('day', 2, v.cutoff) > r.as_of AS open, v.visits
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.id NULLS LAST, v.cutoff NULLS LAST;
