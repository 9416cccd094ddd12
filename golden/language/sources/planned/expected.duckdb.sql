-- file: no_show.training.sql
-- The training set of `no_show`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: anchor.status = 'no_show' in next 3 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE no_show_training AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    patient_id,
    CASE WHEN TYPEOF(starts_at) IN ('DATE', 'TIMESTAMP') THEN CAST(starts_at AS TIMESTAMP) ELSE CAST(CAST(starts_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(booked_at) IN ('DATE', 'TIMESTAMP') THEN CAST(booked_at AS TIMESTAMP) ELSE CAST(CAST(booked_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS known_at,
    CASE WHEN TYPEOF(starts_at) IN ('DATE', 'TIMESTAMP') THEN CAST(starts_at AS TIMESTAMP) ELSE CAST(CAST(starts_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS starts_at,
    visit_id,
    status,
    CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS status_known_at,
    CASE WHEN TYPEOF(booked_at) IN ('DATE', 'TIMESTAMP') THEN CAST(booked_at AS TIMESTAMP) ELSE CAST(CAST(booked_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS booked_at
  FROM (
    SELECT *
    FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE starts_at IS NOT NULL
      AND booked_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY visit_id
      ORDER BY CASE WHEN TYPEOF(booked_at) IN ('DATE', 'TIMESTAMP') THEN CAST(booked_at AS TIMESTAMP) ELSE CAST(CAST(booked_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        CASE WHEN TYPEOF(starts_at) IN ('DATE', 'TIMESTAMP') THEN CAST(starts_at AS TIMESTAMP) ELSE CAST(CAST(starts_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        starts_at NULLS LAST,
        visit_id NULLS LAST,
        status NULLS LAST,
        booked_at NULLS LAST,
        patient_id NULLS LAST
    ) = 1
      OR visit_id IS NULL
  ) AS r
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
    e.booked_at AS anchor_booked_at,
    e.starts_at AS anchor_starts_at,
    e.status AS anchor_status,
    e.status_known_at AS anchor_status_known_at,
    e.visit_id AS anchor_visit_id
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

-- visits in (t, t + 7 days] as planned by t, t being the cutoff
visits_next_7d AS (
  SELECT s.patient_id, s.cutoff, COUNT(*) AS ahead, MIN(e.happened_at) AS days_ahead_1
  FROM spine AS s
  JOIN visits_rows AS e
    ON e.patient_id = s.patient_id
    AND e.known_at <= s.cutoff
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.patient_id, s.cutoff
),

-- visits in (-∞, t], t being the cutoff
visits_all AS (
  SELECT s.patient_id, s.cutoff, COUNT(*) AS no_shows
  FROM spine AS s
  JOIN visits_rows AS e
    ON e.patient_id = s.patient_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  WHERE CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'no_show'
  GROUP BY s.patient_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.patient_id,
    c.cutoff,
    c.anchor_booked_at,
    c.anchor_starts_at,
    c.anchor_status,
    c.anchor_status_known_at,
    c.anchor_visit_id,
    COALESCE(s1.ahead, 0) AS ahead,
    s1.days_ahead_1,
    COALESCE(s2.no_shows, 0) AS no_shows
  FROM cutoffs AS c
  LEFT JOIN visits_next_7d AS s1
    ON s1.patient_id = c.patient_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN visits_all AS s2
    ON s2.patient_id = c.patient_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATE_DIFF('microsecond', v.anchor_booked_at, v.anchor_starts_at) AS DOUBLE)
      / 86400000000 AS lead_days,
    CAST(DATE_DIFF('microsecond', v.cutoff, v.days_ahead_1) AS DOUBLE) / 86400000000 AS days_ahead
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '3 days' <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    CASE
      WHEN v.anchor_status_known_at <= v.cutoff + INTERVAL '3 days' THEN v.anchor_status
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

-- where the test part starts: the boundary nearest to 50 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 1
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 50) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT e.*, CASE WHEN e.cutoff >= p1.starts_at THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  CROSS JOIN test_start AS p1
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '3 days' <= p1.starts_at
)

SELECT
  p.patient_id,
  p.anchor_visit_id AS visit_id,
  p.cutoff,
  p.ahead,
  p.no_shows,
  p.lead_days,
  p.days_ahead,
  p.label,
  p.split
FROM parts AS p
ORDER BY
  p.patient_id NULLS LAST,
  p.anchor_visit_id NULLS LAST,
  p.cutoff NULLS LAST,
  p.split NULLS LAST;

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
    CASE WHEN TYPEOF(starts_at) IN ('DATE', 'TIMESTAMP') THEN CAST(starts_at AS TIMESTAMP) ELSE CAST(CAST(starts_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS starts_at,
    visit_id,
    status,
    CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS status_known_at,
    CASE WHEN TYPEOF(booked_at) IN ('DATE', 'TIMESTAMP') THEN CAST(booked_at AS TIMESTAMP) ELSE CAST(CAST(booked_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS booked_at
  FROM (
    SELECT *
    FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE starts_at IS NOT NULL
      AND booked_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY visit_id
      ORDER BY CASE WHEN TYPEOF(booked_at) IN ('DATE', 'TIMESTAMP') THEN CAST(booked_at AS TIMESTAMP) ELSE CAST(CAST(booked_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        CASE WHEN TYPEOF(starts_at) IN ('DATE', 'TIMESTAMP') THEN CAST(starts_at AS TIMESTAMP) ELSE CAST(CAST(starts_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        starts_at NULLS LAST,
        visit_id NULLS LAST,
        status NULLS LAST,
        booked_at NULLS LAST,
        patient_id NULLS LAST
    ) = 1
      OR visit_id IS NULL
  ) AS r
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
    e.booked_at AS anchor_booked_at,
    e.starts_at AS anchor_starts_at,
    e.status AS anchor_status,
    e.status_known_at AS anchor_status_known_at,
    e.visit_id AS anchor_visit_id
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
      c.anchor_visit_id DESC NULLS LAST,
      c.anchor_booked_at DESC NULLS LAST,
      c.anchor_starts_at DESC NULLS LAST,
      c.anchor_status DESC NULLS LAST,
      c.anchor_status_known_at DESC NULLS LAST
  ) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.patient_id, c.cutoff
  FROM latest AS c
),

-- visits in (t, t + 7 days] as planned by t, t being the cutoff
visits_next_7d AS (
  SELECT s.patient_id, s.cutoff, COUNT(*) AS ahead, MIN(e.happened_at) AS days_ahead_1
  FROM spine AS s
  JOIN visits_rows AS e
    ON e.patient_id = s.patient_id
    AND e.known_at <= s.cutoff
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.patient_id, s.cutoff
),

-- visits in (-∞, t], t being the cutoff
visits_all AS (
  SELECT s.patient_id, s.cutoff, COUNT(*) AS no_shows
  FROM spine AS s
  JOIN visits_rows AS e
    ON e.patient_id = s.patient_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  WHERE CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'no_show'
  GROUP BY s.patient_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.patient_id,
    c.cutoff,
    c.anchor_booked_at,
    c.anchor_starts_at,
    c.anchor_status,
    c.anchor_status_known_at,
    c.anchor_visit_id,
    COALESCE(s1.ahead, 0) AS ahead,
    s1.days_ahead_1,
    COALESCE(s2.no_shows, 0) AS no_shows
  FROM latest AS c
  LEFT JOIN visits_next_7d AS s1
    ON s1.patient_id = c.patient_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN visits_all AS s2
    ON s2.patient_id = c.patient_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATE_DIFF('microsecond', v.anchor_booked_at, v.anchor_starts_at) AS DOUBLE)
      / 86400000000 AS lead_days,
    CAST(DATE_DIFF('microsecond', v.cutoff, v.days_ahead_1) AS DOUBLE) / 86400000000 AS days_ahead
  FROM features AS v
)

SELECT
  v.patient_id,
  v.anchor_visit_id AS visit_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '3 days' > r.as_of AS open,
  v.ahead,
  v.no_shows,
  v.lead_days,
  v.days_ahead
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.patient_id NULLS LAST, v.anchor_visit_id NULLS LAST, v.cutoff NULLS LAST;
