-- file: busy.training.sql
-- The training set of `busy`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: count(trips) in next 7 days > 100
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE busy_training AS
WITH
-- trips: its rows, times in UTC
trips_rows AS (
  SELECT
    from_city AS start_city,
    from_no AS start_no,
    to_city AS stop_city,
    to_no AS stop_no,
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    to_city
  FROM city.trips
  WHERE started_at IS NOT NULL
),

-- trips: its rows, whose they are on the side start
trips_start AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at, r.to_city
  FROM trips_rows AS r
),

-- trips: its rows, once for each that a side names
trips_sides AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at, r.to_city
  FROM trips_rows AS r
  UNION ALL
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at, r.to_city
  FROM trips_rows AS r
  WHERE NOT (r.start_city IS NOT DISTINCT FROM r.stop_city
      AND r.start_no IS NOT DISTINCT FROM r.stop_no)
),

-- repairs: its rows, times in UTC
repairs_rows AS (
  SELECT
    city,
    no,
    CASE WHEN TYPEOF(repaired_at) IN ('DATE', 'TIMESTAMP') THEN CAST(repaired_at AS TIMESTAMP) ELSE CAST(CAST(repaired_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM city.repairs
  WHERE repaired_at IS NOT NULL
),

-- trips: its rows, times in UTC
daily_trips AS (
  SELECT
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    from_city,
    from_no,
    to_city,
    to_no,
    minutes
  FROM city.trips
  WHERE started_at IS NOT NULL
),

-- daily: a row for each from_city, from_no, to_city, to_no
daily_rows AS (
  SELECT
    g.from_city AS start_city,
    g.from_no AS start_no,
    g.to_city AS stop_city,
    g.to_no AS stop_no,
    MAX(g.happened_at) AS happened_at,
    MAX(g.minutes) AS longest
  FROM daily_trips AS g
  GROUP BY g.from_city, g.from_no, g.to_city, g.to_no
),

-- daily: its rows, whose they are on the side stop
daily_stop AS (
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at, r.longest
  FROM daily_rows AS r
),

-- daily: its rows, once for each that a side names
daily_sides AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at, r.longest
  FROM daily_rows AS r
  UNION ALL
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at, r.longest
  FROM daily_rows AS r
  WHERE NOT (r.start_city IS NOT DISTINCT FROM r.stop_city
      AND r.start_no IS NOT DISTINCT FROM r.stop_no)
),

-- trips: its rows, times in UTC
seen_trips AS (
  SELECT
    from_city AS start_city,
    from_no AS start_no,
    to_city AS stop_city,
    to_no AS stop_no,
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM city.trips
  WHERE started_at IS NOT NULL
),

-- trips: its rows, once for each that a side names
trips_sides_2 AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at
  FROM seen_trips AS r
  UNION ALL
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at
  FROM seen_trips AS r
  WHERE NOT (r.start_city IS NOT DISTINCT FROM r.stop_city
      AND r.start_no IS NOT DISTINCT FROM r.stop_no)
),

-- repairs: its rows, times in UTC
seen_repairs AS (
  SELECT
    city,
    no,
    CASE WHEN TYPEOF(repaired_at) IN ('DATE', 'TIMESTAMP') THEN CAST(repaired_at AS TIMESTAMP) ELSE CAST(CAST(repaired_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM city.repairs
  WHERE repaired_at IS NOT NULL
),

-- seen: the rows of its parts
seen_rows AS (
  SELECT p.city, p.no, p.happened_at
  FROM trips_sides_2 AS p
  UNION ALL
  SELECT p.city, p.no, p.happened_at
  FROM seen_repairs AS p
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM trips_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM daily_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM seen_trips
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM seen_repairs
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every station, from its first row on
first_seen AS (
  SELECT e.city, e.no, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM trips_sides AS e
    UNION ALL
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM repairs_rows AS e
    UNION ALL
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM daily_sides AS e
    UNION ALL
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM seen_rows AS e
  ) AS e
  WHERE e.city IS NOT NULL
    AND e.no IS NOT NULL
  GROUP BY e.city, e.no
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

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT
    b.anchor_instant + UNNEST(RANGE(
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
      ) AS BIGINT)
        - 1,
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
      ) AS BIGINT)
        + 3
    )) * INTERVAL '7 days' AS cutoff,
    b.*
  FROM grid_bounds AS b
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff + INTERVAL '7 days' <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- every cutoff, and daily as stop in (-∞, t], t being the cutoff: each row, and the number of the first such t
daily_stop_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
    ) AS number
  FROM daily_stop AS e
  CROSS JOIN grid_run AS g
  WHERE e.city IS NOT NULL
    AND e.no IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
daily_stop_all_seen AS (
  SELECT e.city, e.no, e.number, MAX(e.longest) AS longest
  FROM daily_stop_all_rows AS e
  GROUP BY e.city, e.no, e.number
  UNION ALL
  SELECT
    f.city,
    f.no,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) // 604800000000
    ) AS number,
    NULL AS longest
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
daily_stop_all_running AS (
  SELECT
    c.city,
    c.no,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.city, c.no ORDER BY c.number NULLS LAST) AS next_number,
    MAX(c.longest) OVER (
      PARTITION BY c.city, c.no
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS longest
  FROM daily_stop_all_seen AS c
),

-- every cutoff, and daily as stop in (-∞, t], t being the cutoff
daily_stop_all AS (
  SELECT
    r.city,
    r.no,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '7 days' AS cutoff,
    r.longest
  FROM daily_stop_all_running AS r
  CROSS JOIN grid_run AS g
),

-- trips as start in (t - 7 days, t], t being the cutoff: each row once at each such t
trips_start_7d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 604800000000
          + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM trips_start AS e
  CROSS JOIN grid_run AS g
  WHERE e.city IS NOT NULL
    AND e.no IS NOT NULL
),

-- trips as start in (t - 7 days, t], t being the cutoff
trips_start_7d AS (
  SELECT e.city, e.no, e.cutoff, COUNT(*) AS "left"
  FROM trips_start_7d_rows AS e
  GROUP BY e.city, e.no, e.cutoff
),

-- seen in (t - 30 days, t], t being the cutoff: each row once at each such t
seen_30d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 2592000000000
          + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM seen_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.city IS NOT NULL
    AND e.no IS NOT NULL
),

-- seen in (t - 30 days, t], t being the cutoff
seen_30d AS (
  SELECT e.city, e.no, e.cutoff, COUNT(*) AS seen
  FROM seen_30d_rows AS e
  GROUP BY e.city, e.no, e.cutoff
),

-- trips in (-∞, t], t being the cutoff: each row, and the number of the first such t
trips_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
    ) AS number
  FROM trips_sides AS e
  CROSS JOIN grid_run AS g
  WHERE e.city IS NOT NULL
    AND e.no IS NOT NULL
    AND e.to_city = e.city
    AND e.no > 3
),

-- what the rows add that a cutoff is the first to see
trips_all_seen AS (
  SELECT e.city, e.no, e.number, COUNT(*) AS north
  FROM trips_all_rows AS e
  GROUP BY e.city, e.no, e.number
),

-- added up, and up to which cutoff they stay
trips_all_running AS (
  SELECT
    c.city,
    c.no,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.city, c.no ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.north) OVER (
      PARTITION BY c.city, c.no
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) > 0 AS north
  FROM trips_all_seen AS c
),

-- trips in (-∞, t], t being the cutoff
trips_all AS (
  SELECT
    r.city,
    r.no,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '7 days' AS cutoff,
    r.north
  FROM trips_all_running AS r
  CROSS JOIN grid_run AS g
),

-- what was known at each cutoff
features AS (
  SELECT
    c.city,
    c.no,
    c.cutoff,
    c.longest,
    COALESCE(s1."left", 0) AS "left",
    COALESCE(s2.seen, 0) AS seen,
    COALESCE(s3.north, FALSE) AS north
  FROM daily_stop_all AS c
  LEFT JOIN trips_start_7d AS s1
    ON s1.city = c.city
    AND s1.no = c.no
    AND s1.cutoff = c.cutoff
  LEFT JOIN seen_30d AS s2
    ON s2.city = c.city
    AND s2.no = c.no
    AND s2.cutoff = c.cutoff
  LEFT JOIN trips_all AS s3
    ON s3.city = c.city
    AND s3.no = c.no
    AND s3.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- trips in (t, t + 7 days], t being the cutoff: each row once at each such t
trips_next_7d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          - 604800000000
          + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM trips_sides AS e
  CROSS JOIN grid_run AS g
  WHERE e.city IS NOT NULL
    AND e.no IS NOT NULL
),

-- trips in (t, t + 7 days], t being the cutoff
trips_next_7d AS (
  SELECT e.city, e.no, e.cutoff, COUNT(*) AS label_1
  FROM trips_next_7d_rows AS e
  GROUP BY e.city, e.no, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, 0) > 100 AS label
  FROM mature AS v
  LEFT JOIN trips_next_7d AS s1
    ON s1.city = v.city
    AND s1.no = v.no
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
      OR e.cutoff >= p1.starts_at AND e.cutoff + INTERVAL '7 days' <= p2.starts_at
      OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.city, p.no, p.cutoff, p."left", p.longest, p.seen, p.north, p.label, p.split
FROM parts AS p
ORDER BY p.city NULLS LAST, p.no NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: busy.scoring.sql
-- The rows of `busy` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE busy_scoring AS
WITH
-- trips: its rows, times in UTC
trips_rows AS (
  SELECT
    from_city AS start_city,
    from_no AS start_no,
    to_city AS stop_city,
    to_no AS stop_no,
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    to_city
  FROM city.trips
  WHERE started_at IS NOT NULL
),

-- trips: its rows, whose they are on the side start
trips_start AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at, r.to_city
  FROM trips_rows AS r
),

-- trips: its rows, once for each that a side names
trips_sides AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at, r.to_city
  FROM trips_rows AS r
  UNION ALL
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at, r.to_city
  FROM trips_rows AS r
  WHERE NOT (r.start_city IS NOT DISTINCT FROM r.stop_city
      AND r.start_no IS NOT DISTINCT FROM r.stop_no)
),

-- repairs: its rows, times in UTC
repairs_rows AS (
  SELECT
    city,
    no,
    CASE WHEN TYPEOF(repaired_at) IN ('DATE', 'TIMESTAMP') THEN CAST(repaired_at AS TIMESTAMP) ELSE CAST(CAST(repaired_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM city.repairs
  WHERE repaired_at IS NOT NULL
),

-- trips: its rows, times in UTC
daily_trips AS (
  SELECT
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    from_city,
    from_no,
    to_city,
    to_no,
    minutes
  FROM city.trips
  WHERE started_at IS NOT NULL
),

-- daily: a row for each from_city, from_no, to_city, to_no
daily_rows AS (
  SELECT
    g.from_city AS start_city,
    g.from_no AS start_no,
    g.to_city AS stop_city,
    g.to_no AS stop_no,
    MAX(g.happened_at) AS happened_at,
    MAX(g.minutes) AS longest
  FROM daily_trips AS g
  GROUP BY g.from_city, g.from_no, g.to_city, g.to_no
),

-- daily: its rows, whose they are on the side stop
daily_stop AS (
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at, r.longest
  FROM daily_rows AS r
),

-- daily: its rows, once for each that a side names
daily_sides AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at, r.longest
  FROM daily_rows AS r
  UNION ALL
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at, r.longest
  FROM daily_rows AS r
  WHERE NOT (r.start_city IS NOT DISTINCT FROM r.stop_city
      AND r.start_no IS NOT DISTINCT FROM r.stop_no)
),

-- trips: its rows, times in UTC
seen_trips AS (
  SELECT
    from_city AS start_city,
    from_no AS start_no,
    to_city AS stop_city,
    to_no AS stop_no,
    CASE WHEN TYPEOF(started_at) IN ('DATE', 'TIMESTAMP') THEN CAST(started_at AS TIMESTAMP) ELSE CAST(CAST(started_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM city.trips
  WHERE started_at IS NOT NULL
),

-- trips: its rows, once for each that a side names
trips_sides_2 AS (
  SELECT r.start_city AS city, r.start_no AS no, r.happened_at
  FROM seen_trips AS r
  UNION ALL
  SELECT r.stop_city AS city, r.stop_no AS no, r.happened_at
  FROM seen_trips AS r
  WHERE NOT (r.start_city IS NOT DISTINCT FROM r.stop_city
      AND r.start_no IS NOT DISTINCT FROM r.stop_no)
),

-- repairs: its rows, times in UTC
seen_repairs AS (
  SELECT
    city,
    no,
    CASE WHEN TYPEOF(repaired_at) IN ('DATE', 'TIMESTAMP') THEN CAST(repaired_at AS TIMESTAMP) ELSE CAST(CAST(repaired_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM city.repairs
  WHERE repaired_at IS NOT NULL
),

-- seen: the rows of its parts
seen_rows AS (
  SELECT p.city, p.no, p.happened_at
  FROM trips_sides_2 AS p
  UNION ALL
  SELECT p.city, p.no, p.happened_at
  FROM seen_repairs AS p
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM trips_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM daily_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM seen_trips
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM seen_repairs
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every station, from its first row on
first_seen AS (
  SELECT e.city, e.no, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM trips_sides AS e
    UNION ALL
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM repairs_rows AS e
    UNION ALL
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM daily_sides AS e
    UNION ALL
    SELECT e.city, e.no, e.happened_at AS known_at
    FROM seen_rows AS e
  ) AS e
  WHERE e.city IS NOT NULL
    AND e.no IS NOT NULL
  GROUP BY e.city, e.no
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.city, f.no, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a station exists from its first row on
existing AS (
  SELECT c.city, c.no, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- trips as start in (t - 7 days, t], t being the cutoff
trips_start_7d AS (
  SELECT s.city, s.no, s.cutoff, COUNT(*) AS "left"
  FROM existing AS s
  JOIN trips_start AS e
    ON e.city = s.city
    AND e.no = s.no
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.city, s.no, s.cutoff
),

-- daily as stop in (-∞, t], t being the cutoff
daily_stop_all AS (
  SELECT s.city, s.no, s.cutoff, MAX(e.longest) AS longest
  FROM existing AS s
  JOIN daily_stop AS e
    ON e.city = s.city
    AND e.no = s.no
    AND e.happened_at <= s.cutoff
  GROUP BY s.city, s.no, s.cutoff
),

-- seen in (t - 30 days, t], t being the cutoff
seen_30d AS (
  SELECT s.city, s.no, s.cutoff, COUNT(*) AS seen
  FROM existing AS s
  JOIN seen_rows AS e
    ON e.city = s.city
    AND e.no = s.no
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  GROUP BY s.city, s.no, s.cutoff
),

-- trips in (-∞, t], t being the cutoff
trips_all AS (
  SELECT s.city, s.no, s.cutoff, COUNT(*) > 0 AS north
  FROM existing AS s
  JOIN trips_sides AS e
    ON e.city = s.city
    AND e.no = s.no
    AND e.happened_at <= s.cutoff
  WHERE e.to_city = e.city
    AND e.no > 3
  GROUP BY s.city, s.no, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.city,
    c.no,
    c.cutoff,
    COALESCE(s1."left", 0) AS "left",
    s2.longest,
    COALESCE(s3.seen, 0) AS seen,
    COALESCE(s4.north, FALSE) AS north
  FROM existing AS c
  LEFT JOIN trips_start_7d AS s1
    ON s1.city = c.city
    AND s1.no = c.no
    AND s1.cutoff = c.cutoff
  LEFT JOIN daily_stop_all AS s2
    ON s2.city = c.city
    AND s2.no = c.no
    AND s2.cutoff = c.cutoff
  LEFT JOIN seen_30d AS s3
    ON s3.city = c.city
    AND s3.no = c.no
    AND s3.cutoff = c.cutoff
  LEFT JOIN trips_all AS s4
    ON s4.city = c.city
    AND s4.no = c.no
    AND s4.cutoff = c.cutoff
)

SELECT
  v.city,
  v.no,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v."left",
  v.longest,
  v.seen,
  v.north
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.city NULLS LAST, v.no NULLS LAST, v.cutoff NULLS LAST;
