-- file: returns.training.sql
-- The training set of `returns`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(visits) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_training AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF(visited_at) IN ('DATE', 'TIMESTAMP') THEN CAST(visited_at AS TIMESTAMP) ELSE CAST(CAST(visited_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
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

-- every user, from its first row on
first_seen AS (
  SELECT e.user_id, MIN(e.happened_at) AS exists_from
  FROM visits_rows AS e
  WHERE e.user_id IS NOT NULL
  GROUP BY e.user_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-05 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-10 00:00:00' AS cutoff
),

-- the stated instants
instants AS (
  SELECT i.cutoff
  FROM stated AS i
  CROSS JOIN run AS r
  WHERE i.cutoff <= r.as_of
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.user_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a user exists from its first row on
existing AS (
  SELECT c.user_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- visits in (-∞, t], t being the cutoff
visits_all AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS visits
  FROM existing AS s
  JOIN visits_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.user_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, COALESCE(s1.visits, 0) AS visits
  FROM existing AS c
  LEFT JOIN visits_all AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- visits in (t, t + 7 days], t being the cutoff
visits_next_7d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN visits_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.user_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN visits_next_7d AS s1
    ON s1.user_id = v.user_id
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
      MD5('0|' || CAST(e.user_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)),
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
              '0|' || CAST(e.user_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.user_id NULLS LAST,
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

SELECT p.user_id, p.cutoff, p.visits, p.label, p.split
FROM parts AS p
ORDER BY p.user_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: returns.scoring.sql
-- The rows of `returns` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_scoring AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF(visited_at) IN ('DATE', 'TIMESTAMP') THEN CAST(visited_at AS TIMESTAMP) ELSE CAST(CAST(visited_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
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

-- every user, from its first row on
first_seen AS (
  SELECT e.user_id, MIN(e.happened_at) AS exists_from
  FROM visits_rows AS e
  WHERE e.user_id IS NOT NULL
  GROUP BY e.user_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.user_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a user exists from its first row on
existing AS (
  SELECT c.user_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- visits in (-∞, t], t being the cutoff
visits_all AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS visits
  FROM existing AS s
  JOIN visits_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.user_id, s.cutoff
),

-- visits in (t - 3 days, t], t being the cutoff
visits_3d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS is_scored_1
  FROM existing AS s
  JOIN visits_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '3 days'
  GROUP BY s.user_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.user_id,
    c.cutoff,
    COALESCE(s1.visits, 0) AS visits,
    COALESCE(s2.is_scored_1, 0) AS is_scored_1
  FROM existing AS c
  LEFT JOIN visits_all AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN visits_3d AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.user_id = 'b' OR v.is_scored_1 > 0 AS is_scored
  FROM features AS v
),

-- who is asked for
scored AS (
  SELECT v.*
  FROM derived_1 AS v
  WHERE v.is_scored
)

SELECT v.user_id, v.cutoff, r.as_of, v.cutoff + INTERVAL '7 days' > r.as_of AS open, v.visits
FROM scored AS v
CROSS JOIN run AS r
ORDER BY v.user_id NULLS LAST, v.cutoff NULLS LAST;
