-- file: succeeds.training.sql
-- The training set of `succeeds`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(facilities where trials.is_successful) in next 365 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE succeeds_training AS
WITH
-- trials: its rows, times in UTC
facilities_trials AS (
  SELECT
    study_id AS key_1,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    is_successful,
    reported_at
  FROM trial.results
  WHERE reported_at IS NOT NULL
),

-- facilities: its rows, times in UTC
facilities_rows AS (
  SELECT
    r.facility_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(trials.reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    trials.is_successful AS trials_is_successful
  FROM trial.facilities AS r
  LEFT JOIN facilities_trials AS trials ON trials.key_1 = r.study_id
  WHERE trials.reported_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM facilities_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every facility, from its first row on
first_seen AS (
  SELECT e.facility_id, MIN(e.happened_at) AS exists_from
  FROM facilities_rows AS e
  WHERE e.facility_id IS NOT NULL
  GROUP BY e.facility_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    DATE_TRUNC('day', DATEADD('day', -365, r.known_until)) AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 365 days, a little beyond both ends
grid_instants AS (
  SELECT DATEADD('day', 365 * CAST(n.value AS INT), b.anchor_instant) AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.first_instant) / 31536000000000
    ) AS NUMBER(38, 0))
      - 1,
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.last_instant) / 31536000000000
    ) AS NUMBER(38, 0))
      + 3
  )) AS n
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND DATEADD('day', 365, b.cutoff) <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.facility_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid AS g
),

-- a facility exists from its first row on
existing AS (
  SELECT c.facility_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- facilities in (t - 365 days, t], t being the cutoff: each row once at each such t
facilities_365d_rows AS (
  SELECT e.*, DATEADD('day', 365 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM facilities_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 31535999999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 31535999999999)
          % 31536000000000)
        / 31536000000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 31536000000000
        + 31535999999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 31536000000000 + 31535999999999)
          % 31536000000000)
        / 31536000000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.facility_id IS NOT NULL
),

-- facilities in (t - 365 days, t], t being the cutoff
facilities_365d AS (
  SELECT
    e.facility_id,
    e.cutoff,
    COUNT(*) AS results,
    COUNT(CASE WHEN e.trials_is_successful THEN 1 END) AS good
  FROM facilities_365d_rows AS e
  GROUP BY e.facility_id, e.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.facility_id, c.cutoff, COALESCE(s1.results, 0) AS results, COALESCE(s1.good, 0) AS good
  FROM existing AS c
  LEFT JOIN facilities_365d AS s1
    ON s1.facility_id = c.facility_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 365, v.cutoff) <= r.known_until
),

-- facilities in (t, t + 365 days], t being the cutoff: each row once at each such t
facilities_next_365d_rows AS (
  SELECT e.*, DATEADD('day', 365 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM facilities_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        - 31536000000000
        + 31535999999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) - 31536000000000 + 31535999999999)
          % 31536000000000)
        / 31536000000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 31535999999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 31535999999999)
          % 31536000000000)
        / 31536000000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.facility_id IS NOT NULL
    AND e.trials_is_successful
),

-- facilities in (t, t + 365 days], t being the cutoff
facilities_next_365d AS (
  SELECT e.facility_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM facilities_next_365d_rows AS e
  GROUP BY e.facility_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN facilities_next_365d AS s1
    ON s1.facility_id = v.facility_id
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
      OR e.cutoff >= p1.starts_at AND DATEADD('day', 365, e.cutoff) <= p2.starts_at
      OR DATEADD('day', 365, e.cutoff) <= p1.starts_at
)

SELECT p.facility_id, p.cutoff, p.results, p.good, p.label, p.split
FROM parts AS p
ORDER BY p.facility_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: succeeds.scoring.sql
-- The rows of `succeeds` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE succeeds_scoring AS
WITH
-- trials: its rows, times in UTC
facilities_trials AS (
  SELECT
    study_id AS key_1,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    is_successful,
    reported_at
  FROM trial.results
  WHERE reported_at IS NOT NULL
),

-- facilities: its rows, times in UTC
facilities_rows AS (
  SELECT
    r.facility_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(trials.reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    trials.is_successful AS trials_is_successful
  FROM trial.facilities AS r
  LEFT JOIN facilities_trials AS trials ON trials.key_1 = r.study_id
  WHERE trials.reported_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM facilities_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every facility, from its first row on
first_seen AS (
  SELECT e.facility_id, MIN(e.happened_at) AS exists_from
  FROM facilities_rows AS e
  WHERE e.facility_id IS NOT NULL
  GROUP BY e.facility_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.facility_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a facility exists from its first row on
existing AS (
  SELECT c.facility_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- facilities in (t - 365 days, t], t being the cutoff
facilities_365d AS (
  SELECT
    s.facility_id,
    s.cutoff,
    COUNT(*) AS results,
    COUNT(CASE WHEN e.trials_is_successful THEN 1 END) AS good
  FROM existing AS s
  JOIN facilities_rows AS e
    ON e.facility_id = s.facility_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -365, s.cutoff)
  GROUP BY s.facility_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.facility_id, c.cutoff, COALESCE(s1.results, 0) AS results, COALESCE(s1.good, 0) AS good
  FROM existing AS c
  LEFT JOIN facilities_365d AS s1
    ON s1.facility_id = c.facility_id
    AND s1.cutoff = c.cutoff
)

SELECT
  v.facility_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 365, v.cutoff) > r.as_of AS open,
  v.results,
  v.good
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.facility_id NULLS LAST, v.cutoff NULLS LAST;
