-- file: signs_up.training.sql
-- The training set of `signs_up`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: exists(events where kind = 'signup') in next 1 hour
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE signs_up_training AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at_time AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at_time AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    kind
  FROM shop.public.events
  WHERE at_time IS NOT NULL
),

-- what each row of events adds to each value
events_marks AS (
  SELECT
    e.visitor_id,
    e.instant AS instant_2,
    e.happened_at AS happened_at_2,
    e.kind = 'view' AS is_cutoff_2,
    CASE WHEN e.kind = 'signup' THEN e.happened_at END AS stops_at_2,
    CASE WHEN e.kind = 'view' THEN 1 END AS instant,
    CASE WHEN e.kind = 'signup' THEN 1 END AS label_1
  FROM events_rows AS e
  WHERE e.visitor_id IS NOT NULL
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.visitor_id,
    m.happened_at_2,
    m.is_cutoff_2,
    MIN(m.stops_at_2) OVER (PARTITION BY m.visitor_id) AS stops_at_2,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS total,
    COUNT(m.instant) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS instant,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 3600000000 PRECEDING AND 1 PRECEDING
    ) AS label_2,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 7200000000 PRECEDING AND 1 PRECEDING
    ) AS stops_at,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 10800000000 PRECEDING AND 1 PRECEDING
    ) AS is_cutoff,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 14400000000 PRECEDING AND 1 PRECEDING
    ) AS happened_at,
    COUNT(m.label_1) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 3600000000 FOLLOWING
    ) > 0 AS label_1
  FROM events_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.visitor_id,
    e.happened_at_2 AS cutoff,
    e.stops_at_2,
    e.total,
    e.instant,
    e.label_2,
    e.stops_at,
    e.is_cutoff,
    e.happened_at,
    e.label_1
  FROM events_history AS e
  WHERE e.is_cutoff_2
),

-- cutoffs before the visitor stopped
observed AS (
  SELECT
    c.visitor_id,
    c.cutoff,
    c.total,
    c.instant,
    c.label_2,
    c.stops_at,
    c.is_cutoff,
    c.happened_at,
    c.label_1
  FROM cutoffs AS c
  WHERE c.stops_at_2 IS NULL OR c.cutoff < c.stops_at_2
),

-- what was known at each cutoff
features AS (
  SELECT
    c.visitor_id,
    c.cutoff,
    c.total,
    c.instant,
    c.label_2,
    c.stops_at,
    c.is_cutoff,
    c.happened_at,
    c.label_1
  FROM observed AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.label_2 + 10 AS position
  FROM features AS v
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 AS label
  FROM derived_1 AS v
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
          || CAST(e.visitor_id AS VARCHAR)
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
    SUM(b.n) OVER () AS total_2
  FROM bucket_counts AS b
),

-- the parts that the first and the last row of each bucket fall into
buckets AS (
  SELECT
    b.bucket,
    b.rows_before,
    b.total_2,
    CASE WHEN b.rows_before * 100 < b.total_2 * 50 THEN 'train' ELSE 'test' END AS first_part,
    CASE
      WHEN (b.rows_before + b.n - 1) * 100 < b.total_2 * 50 THEN 'train'
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
                || CAST(e.visitor_id AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.visitor_id NULLS LAST,
            e.cutoff NULLS LAST
        )
        - 1)
        * 100 < b.total_2 * 50 THEN 'train'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT
  p.visitor_id,
  p.cutoff,
  p.total,
  p.position,
  p.instant,
  p.stops_at,
  p.is_cutoff,
  p.happened_at,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.visitor_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: signs_up.scoring.sql
-- The rows of `signs_up` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE signs_up_scoring AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at_time AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at_time AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    kind
  FROM shop.public.events
  WHERE at_time IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of events adds to each value
events_marks AS (
  SELECT
    e.visitor_id,
    e.instant AS instant_2,
    e.happened_at AS happened_at_2,
    e.kind = 'view' AS is_cutoff_2,
    CASE WHEN e.kind = 'signup' THEN e.happened_at END AS stops_at_2,
    CASE WHEN e.kind = 'view' THEN 1 END AS instant
  FROM events_rows AS e
  WHERE e.visitor_id IS NOT NULL
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.visitor_id,
    m.happened_at_2,
    m.is_cutoff_2,
    MIN(m.stops_at_2) OVER (PARTITION BY m.visitor_id) AS stops_at_2,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS total,
    COUNT(m.instant) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS instant,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 3600000000 PRECEDING AND 1 PRECEDING
    ) AS label_2,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 7200000000 PRECEDING AND 1 PRECEDING
    ) AS stops_at,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 10800000000 PRECEDING AND 1 PRECEDING
    ) AS is_cutoff,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant_2 NULLS LAST
      RANGE BETWEEN 14400000000 PRECEDING AND 1 PRECEDING
    ) AS happened_at
  FROM events_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.visitor_id,
    e.happened_at_2 AS cutoff,
    e.stops_at_2,
    e.total,
    e.instant,
    e.label_2,
    e.stops_at,
    e.is_cutoff,
    e.happened_at
  FROM events_history AS e
  WHERE e.is_cutoff_2
),

-- cutoffs before the visitor stopped
observed AS (
  SELECT
    c.visitor_id,
    c.cutoff,
    c.total,
    c.instant,
    c.label_2,
    c.stops_at,
    c.is_cutoff,
    c.happened_at
  FROM cutoffs AS c
  WHERE c.stops_at_2 IS NULL
),

-- the latest cutoff of each visitor
latest AS (
  SELECT c.*
  FROM observed AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.visitor_id ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.visitor_id,
    c.cutoff,
    c.total,
    c.instant,
    c.label_2,
    c.stops_at,
    c.is_cutoff,
    c.happened_at
  FROM latest AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.label_2 + 10 AS position
  FROM features AS v
)

SELECT
  v.visitor_id,
  v.cutoff,
  r.as_of,
  DATEADD('hour', 1, v.cutoff) > r.as_of AS open,
  v.total,
  v.position,
  v.instant,
  v.stops_at,
  v.is_cutoff,
  v.happened_at
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.visitor_id NULLS LAST, v.cutoff NULLS LAST;
