-- file: fails.training.sql
-- The training set of `fails`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(failures) in next 7 days or exists(repairs) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fails_training AS
WITH
-- readings: its rows, times in UTC
readings_rows AS (
  SELECT
    machine_id,
    CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(temperature AS DOUBLE) AS temperature
  FROM iot.readings
  WHERE ts IS NOT NULL
),

-- failures: its rows, times in UTC
failures_rows AS (
  SELECT
    machine_id,
    CASE WHEN TYPEOF(failed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(failed_at AS TIMESTAMP) ELSE CAST(CAST(failed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM iot.failures
  WHERE failed_at IS NOT NULL
),

-- repairs: its rows, times in UTC
repairs_rows AS (
  SELECT
    machine_id,
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM iot.repairs
  WHERE started_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM readings_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM failures_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM repairs_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MAX(ends_at) IS NOT NULL AND CASE
        WHEN MAX(ends_at) IS NOT NULL THEN LEAST(TIMESTAMP '2024-03-01 00:00:00', MAX(ends_at))
      END IS NOT NULL THEN LEAST(
        MAX(ends_at),
        CASE
          WHEN MAX(ends_at) IS NOT NULL THEN LEAST(TIMESTAMP '2024-03-01 00:00:00', MAX(ends_at))
        END
      )
    END AS known_until
  FROM source_ends
),

-- every machine, from its first row on
first_seen AS (
  SELECT e.machine_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.machine_id, e.happened_at AS known_at
    FROM readings_rows AS e
    UNION ALL
    SELECT e.machine_id, e.happened_at AS known_at
    FROM failures_rows AS e
    UNION ALL
    SELECT e.machine_id, e.happened_at AS known_at
    FROM repairs_rows AS e
  ) AS e
  WHERE e.machine_id IS NOT NULL
  GROUP BY e.machine_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    DATE_TRUNC('day', r.known_until - INTERVAL '7 days') AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 1 day, a little beyond both ends
grid_instants AS (
  SELECT b.anchor_instant + n.step * INTERVAL '1 day' AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN RANGE(
    CAST(FLOOR(DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 86400000000) AS BIGINT)
      - 1,
    CAST(FLOOR(DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 86400000000) AS BIGINT)
      + 3
  ) AS n(step)
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff + INTERVAL '7 days' <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.machine_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid AS g
),

-- a machine exists from its first row on
existing AS (
  SELECT c.machine_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- readings in (t - 24 hours, t], t being the cutoff
readings_24h AS (
  SELECT
    s.machine_id,
    s.cutoff,
    CAST(SUM(CAST(e.temperature AS DECIMAL(38, 9))) AS DOUBLE)
      / NULLIF(COUNT(e.temperature), 0) AS temperature
  FROM existing AS s
  JOIN readings_rows AS e
    ON e.machine_id = s.machine_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '1 day'
  GROUP BY s.machine_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.machine_id, c.cutoff, s1.temperature
  FROM existing AS c
  LEFT JOIN readings_24h AS s1
    ON s1.machine_id = c.machine_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- failures in (t, t + 7 days], t being the cutoff
failures_next_7d AS (
  SELECT s.machine_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN failures_rows AS e
    ON e.machine_id = s.machine_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.machine_id, s.cutoff
),

-- repairs in (t, t + 7 days], t being the cutoff
repairs_next_7d AS (
  SELECT s.machine_id, s.cutoff, COUNT(*) > 0 AS label_2
  FROM mature AS s
  JOIN repairs_rows AS e
    ON e.machine_id = s.machine_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.machine_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) OR COALESCE(s2.label_2, FALSE) AS label
  FROM mature AS v
  LEFT JOIN failures_next_7d AS s1
    ON s1.machine_id = v.machine_id
    AND s1.cutoff = v.cutoff
  LEFT JOIN repairs_next_7d AS s2
    ON s2.machine_id = v.machine_id
    AND s2.cutoff = v.cutoff
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

SELECT p.machine_id, p.cutoff, p.temperature, p.label, p.split
FROM parts AS p
ORDER BY p.machine_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: fails.scoring.sql
-- The rows of `fails` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fails_scoring AS
WITH
-- readings: its rows, times in UTC
readings_rows AS (
  SELECT
    machine_id,
    CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(temperature AS DOUBLE) AS temperature
  FROM iot.readings
  WHERE ts IS NOT NULL
),

-- failures: its rows, times in UTC
failures_rows AS (
  SELECT
    machine_id,
    CASE WHEN TYPEOF(failed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(failed_at AS TIMESTAMP) ELSE CAST(CAST(failed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM iot.failures
  WHERE failed_at IS NOT NULL
),

-- repairs: its rows, times in UTC
repairs_rows AS (
  SELECT
    machine_id,
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM iot.repairs
  WHERE started_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM readings_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM failures_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM repairs_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MAX(ends_at) IS NOT NULL AND CASE
        WHEN MAX(ends_at) IS NOT NULL THEN LEAST(TIMESTAMP '2024-03-01 00:00:00', MAX(ends_at))
      END IS NOT NULL THEN LEAST(
        MAX(ends_at),
        CASE
          WHEN MAX(ends_at) IS NOT NULL THEN LEAST(TIMESTAMP '2024-03-01 00:00:00', MAX(ends_at))
        END
      )
    END AS known_until
  FROM source_ends
),

-- every machine, from its first row on
first_seen AS (
  SELECT e.machine_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.machine_id, e.happened_at AS known_at
    FROM readings_rows AS e
    UNION ALL
    SELECT e.machine_id, e.happened_at AS known_at
    FROM failures_rows AS e
    UNION ALL
    SELECT e.machine_id, e.happened_at AS known_at
    FROM repairs_rows AS e
  ) AS e
  WHERE e.machine_id IS NOT NULL
  GROUP BY e.machine_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.machine_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a machine exists from its first row on
existing AS (
  SELECT c.machine_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- readings in (t - 24 hours, t], t being the cutoff
readings_24h AS (
  SELECT
    s.machine_id,
    s.cutoff,
    CAST(SUM(CAST(e.temperature AS DECIMAL(38, 9))) AS DOUBLE)
      / NULLIF(COUNT(e.temperature), 0) AS temperature
  FROM existing AS s
  JOIN readings_rows AS e
    ON e.machine_id = s.machine_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '1 day'
  GROUP BY s.machine_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.machine_id, c.cutoff, s1.temperature
  FROM existing AS c
  LEFT JOIN readings_24h AS s1
    ON s1.machine_id = c.machine_id
    AND s1.cutoff = c.cutoff
)

SELECT
  v.machine_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.temperature
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.machine_id NULLS LAST, v.cutoff NULLS LAST;
