-- file: no_show.training.sql
-- The training set of `no_show`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: anchor.status = 'no_show' in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE no_show_training AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    patient_id,
    CASE WHEN TYPEOF(starts_at) IN ('DATE', 'TIMESTAMP') THEN CAST(starts_at AS TIMESTAMP) ELSE CAST(CAST(starts_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(booked_at) IN ('DATE', 'TIMESTAMP') THEN CAST(booked_at AS TIMESTAMP) ELSE CAST(CAST(booked_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS known_at,
    status,
    CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS status_known_at
  FROM clinic.visits
  WHERE starts_at IS NOT NULL
    AND booked_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM visits_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MIN(ends_at) IS NOT NULL AND MAX(last_known_at) IS NOT NULL THEN LEAST(
        MIN(ends_at),
        MAX(last_known_at)
      )
    END AS known_until
  FROM source_ends
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.patient_id,
    e.happened_at - INTERVAL '1 day' AS cutoff,
    e.status AS anchor_status,
    e.status_known_at AS anchor_status_known_at
  FROM visits_rows AS e
  CROSS JOIN run AS r
  WHERE e.patient_id IS NOT NULL
    AND e.happened_at - INTERVAL '1 day' <= r.as_of
    AND e.known_at <= e.happened_at - INTERVAL '1 day'
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.patient_id, c.cutoff
  FROM cutoffs AS c
),

-- visits in (t - 2 years, t], t being the cutoff
visits_2y AS (
  SELECT s.patient_id, s.cutoff, COUNT(*) AS no_shows
  FROM spine AS s
  JOIN visits_rows AS e
    ON e.patient_id = s.patient_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '24 months'
  WHERE CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'no_show'
  GROUP BY s.patient_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.patient_id,
    c.cutoff,
    c.anchor_status,
    c.anchor_status_known_at,
    COALESCE(s1.no_shows, 0) AS no_shows
  FROM cutoffs AS c
  LEFT JOIN visits_2y AS s1
    ON s1.patient_id = c.patient_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    CASE
      WHEN v.anchor_status_known_at <= v.cutoff + INTERVAL '7 days' THEN v.anchor_status
    END = 'no_show' AS label
  FROM mature AS v
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
      OR e.cutoff >= p1.starts_at AND e.cutoff + INTERVAL '7 days' <= p2.starts_at
      OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.patient_id, p.cutoff, p.no_shows, p.label, p.split
FROM parts AS p
ORDER BY p.patient_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: no_show.scoring.sql
-- The rows of `no_show` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE no_show_scoring AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    patient_id,
    CASE WHEN TYPEOF(starts_at) IN ('DATE', 'TIMESTAMP') THEN CAST(starts_at AS TIMESTAMP) ELSE CAST(CAST(starts_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(booked_at) IN ('DATE', 'TIMESTAMP') THEN CAST(booked_at AS TIMESTAMP) ELSE CAST(CAST(booked_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS known_at,
    status,
    CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS status_known_at
  FROM clinic.visits
  WHERE starts_at IS NOT NULL
    AND booked_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM visits_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MIN(ends_at) IS NOT NULL AND MAX(last_known_at) IS NOT NULL THEN LEAST(
        MIN(ends_at),
        MAX(last_known_at)
      )
    END AS known_until
  FROM source_ends
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.patient_id,
    e.happened_at - INTERVAL '1 day' AS cutoff,
    e.status AS anchor_status,
    e.status_known_at AS anchor_status_known_at
  FROM visits_rows AS e
  CROSS JOIN run AS r
  WHERE e.patient_id IS NOT NULL
    AND e.happened_at - INTERVAL '1 day' <= r.as_of
    AND e.known_at <= e.happened_at - INTERVAL '1 day'
),

-- the latest cutoff of each patient
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.patient_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_status DESC NULLS LAST,
      c.anchor_status_known_at DESC NULLS LAST
  ) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.patient_id, c.cutoff
  FROM latest AS c
),

-- visits in (t - 2 years, t], t being the cutoff
visits_2y AS (
  SELECT s.patient_id, s.cutoff, COUNT(*) AS no_shows
  FROM spine AS s
  JOIN visits_rows AS e
    ON e.patient_id = s.patient_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '24 months'
  WHERE CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'no_show'
  GROUP BY s.patient_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.patient_id,
    c.cutoff,
    c.anchor_status,
    c.anchor_status_known_at,
    COALESCE(s1.no_shows, 0) AS no_shows
  FROM latest AS c
  LEFT JOIN visits_2y AS s1
    ON s1.patient_id = c.patient_id
    AND s1.cutoff = c.cutoff
)

SELECT v.patient_id, v.cutoff, r.as_of, v.cutoff + INTERVAL '7 days' > r.as_of AS open, v.no_shows
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.patient_id NULLS LAST, v.cutoff NULLS LAST;
