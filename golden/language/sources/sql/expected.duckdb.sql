-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(events) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- odd: its rows, times in UTC
events_odd AS (
  SELECT flatten_me, customer_id, t
  FROM (
  (select customer_id, t, flatten_me from odd
)
  ) AS r
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.t) IN ('DATE', 'TIMESTAMP') THEN CAST(r.t AS TIMESTAMP) ELSE CAST(CAST(r.t AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    r.flatten_me AS odd_flatten_me
  FROM events_odd AS r
  WHERE r.t IS NOT NULL
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

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM events_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
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

-- where the cutoffs lie
cutoffs AS (
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- events in (t - 7 days, t], t being the cutoff: each row once at each such t
events_7d_rows AS (
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
  FROM events_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e.odd_flatten_me = 'x'
),

-- events in (t - 7 days, t], t being the cutoff
events_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS events
  FROM events_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(s1.events, 0) AS events
  FROM existing AS c
  LEFT JOIN events_7d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- events in (t, t + 7 days], t being the cutoff: each row once at each such t
events_next_7d_rows AS (
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
  FROM events_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- events in (t, t + 7 days], t being the cutoff
events_next_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM events_next_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN events_next_7d AS s1
    ON s1.customer_id = v.customer_id
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

SELECT p.customer_id, p.cutoff, p.events, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- odd: its rows, times in UTC
events_odd AS (
  SELECT flatten_me, customer_id, t
  FROM (
  (select customer_id, t, flatten_me from odd
)
  ) AS r
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.t) IN ('DATE', 'TIMESTAMP') THEN CAST(r.t AS TIMESTAMP) ELSE CAST(CAST(r.t AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    r.flatten_me AS odd_flatten_me
  FROM events_odd AS r
  WHERE r.t IS NOT NULL
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

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM events_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.customer_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- events in (t - 7 days, t], t being the cutoff
events_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS events
  FROM existing AS s
  JOIN events_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  WHERE e.odd_flatten_me = 'x'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(s1.events, 0) AS events
  FROM existing AS c
  LEFT JOIN events_7d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
)

SELECT v.customer_id, v.cutoff, r.as_of, v.cutoff + INTERVAL '7 days' > r.as_of AS open, v.events
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
