-- file: returns.training.sql
-- The training set of `returns`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: exists(visits) in next 3 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE returns_training AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    visit,
    page
  FROM (
    SELECT *
    FROM shop.public.visits
    WHERE visited_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY visit
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        visit NULLS LAST,
        page NULLS LAST,
        user_id NULLS LAST
    ) = 1
      OR visit IS NULL
  ) AS r
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
  SELECT e.user_id, e.instant, e.happened_at, e.page AS anchor_page, e.visit AS anchor_visit
  FROM visits_rows AS e
  WHERE e.user_id IS NOT NULL
),

-- what each row of visits could see before its own instant
visits_history AS (
  SELECT
    m.user_id,
    m.happened_at,
    m.anchor_page,
    m.anchor_visit,
    COUNT(*) OVER (
      PARTITION BY m.user_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS visits,
    COUNT(*) OVER (
      PARTITION BY m.user_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 259200000000 FOLLOWING
    ) > 0 AS label_1
  FROM visits_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.user_id, e.happened_at AS cutoff, e.anchor_page, e.anchor_visit, e.visits, e.label_1
  FROM visits_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, c.visits, c.anchor_page, c.anchor_visit, c.label_1
  FROM cutoffs AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_page AS page, v.visits < 100 AS is_eligible
  FROM features AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1 AS v
  WHERE v.is_eligible
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM eligible AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 3, v.cutoff) <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 AS label
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
        '0|'
          || CAST(e.user_id AS VARCHAR)
          || '|'
          || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
          || '|'
          || COALESCE(CAST(e.anchor_visit AS VARCHAR), '')
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
                || CAST(e.user_id AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
                || '|'
                || COALESCE(CAST(e.anchor_visit AS VARCHAR), '')
            ) NULLS LAST,
            e.user_id NULLS LAST,
            e.cutoff NULLS LAST,
            e.anchor_page NULLS LAST,
            e.anchor_visit NULLS LAST
        )
        - 1)
        * 100 < b.total * 50 THEN 'train'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT p.user_id, p.anchor_visit AS visit, p.cutoff, p.visits, p.page, p.label, p.split
FROM parts AS p
ORDER BY p.user_id NULLS LAST, p.anchor_visit NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: returns.scoring.sql
-- The rows of `returns` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE returns_scoring AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    visit,
    page
  FROM (
    SELECT *
    FROM shop.public.visits
    WHERE visited_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY visit
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(visited_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        visit NULLS LAST,
        page NULLS LAST,
        user_id NULLS LAST
    ) = 1
      OR visit IS NULL
  ) AS r
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
  SELECT e.user_id, e.instant, e.happened_at, e.page AS anchor_page, e.visit AS anchor_visit
  FROM visits_rows AS e
  WHERE e.user_id IS NOT NULL
),

-- what each row of visits could see before its own instant
visits_history AS (
  SELECT
    m.user_id,
    m.happened_at,
    m.anchor_page,
    m.anchor_visit,
    COUNT(*) OVER (
      PARTITION BY m.user_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS visits
  FROM visits_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.user_id, e.happened_at AS cutoff, e.anchor_page, e.anchor_visit, e.visits
  FROM visits_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, c.visits, c.anchor_page, c.anchor_visit
  FROM cutoffs AS c
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    v.anchor_page AS page,
    v.visits < 100 AS is_eligible,
    v.visits > 0 AND v.anchor_page = 'pay' AS is_scored
  FROM features AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1 AS v
  WHERE v.is_eligible
),

-- the latest cutoff of each user
latest AS (
  SELECT c.*
  FROM eligible AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.user_id
    ORDER BY c.cutoff DESC NULLS LAST, c.anchor_visit DESC NULLS LAST, c.anchor_page DESC NULLS LAST
  ) = 1
),

-- who is asked for
scored AS (
  SELECT v.*
  FROM latest AS v
  WHERE v.is_scored
)

SELECT
  v.user_id,
  v.anchor_visit AS visit,
  v.cutoff,
  r.as_of,
  DATEADD('day', 3, v.cutoff) > r.as_of AS open,
  v.visits,
  v.page
FROM scored AS v
CROSS JOIN run AS r
ORDER BY v.user_id NULLS LAST, v.anchor_visit NULLS LAST, v.cutoff NULLS LAST;
