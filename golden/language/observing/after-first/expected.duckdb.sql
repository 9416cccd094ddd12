-- file: submits.training.sql
-- The training set of `submits`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(events where name = 'submit') in next 30 minutes
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE submits_training AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    name
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
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

-- the first such row of each visitor
first_events AS (
  SELECT e.visitor, MIN(e.happened_at) AS first_at
  FROM events_rows AS e
  WHERE e.visitor IS NOT NULL
    AND e.name = 'view'
  GROUP BY e.visitor
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.visitor, f.first_at + INTERVAL '30 minutes' AS cutoff
  FROM first_events AS f
  CROSS JOIN run AS r
  WHERE f.first_at + INTERVAL '30 minutes' <= r.as_of
),

-- events in (-∞, t], t being the cutoff
events_all AS (
  SELECT s.visitor, s.cutoff, COUNT(*) AS views
  FROM cutoffs AS s
  JOIN events_rows AS e
    ON e.visitor = s.visitor
    AND e.happened_at <= s.cutoff
  WHERE e.name = 'view'
  GROUP BY s.visitor, s.cutoff
),

-- events in (t - 1 hour, t], t being the cutoff
events_1h AS (
  SELECT s.visitor, s.cutoff, COUNT(*) AS hour
  FROM cutoffs AS s
  JOIN events_rows AS e
    ON e.visitor = s.visitor
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '1 hour'
  GROUP BY s.visitor, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor, c.cutoff, COALESCE(s1.views, 0) AS views, COALESCE(s2.hour, 0) AS hour
  FROM cutoffs AS c
  LEFT JOIN events_all AS s1
    ON s1.visitor = c.visitor
    AND s1.cutoff = c.cutoff
  LEFT JOIN events_1h AS s2
    ON s2.visitor = c.visitor
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '30 minutes' <= r.known_until
),

-- events in (t, t + 30 minutes], t being the cutoff
events_next_30min AS (
  SELECT s.visitor, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN events_rows AS e
    ON e.visitor = s.visitor
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '30 minutes'
  WHERE e.name = 'submit'
  GROUP BY s.visitor, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN events_next_30min AS s1
    ON s1.visitor = v.visitor
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '30 minutes' <= p1.starts_at
)

SELECT p.visitor, p.cutoff, p.views, p.hour, p.label, p.split
FROM parts AS p
ORDER BY p.visitor NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: submits.scoring.sql
-- The rows of `submits` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE submits_scoring AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    name
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
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

-- the first such row of each visitor
first_events AS (
  SELECT e.visitor, MIN(e.happened_at) AS first_at
  FROM events_rows AS e
  WHERE e.visitor IS NOT NULL
    AND e.name = 'view'
  GROUP BY e.visitor
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.visitor, f.first_at + INTERVAL '30 minutes' AS cutoff
  FROM first_events AS f
  CROSS JOIN run AS r
  WHERE f.first_at + INTERVAL '30 minutes' <= r.as_of
),

-- the latest cutoff of each visitor
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.visitor ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- events in (-∞, t], t being the cutoff
events_all AS (
  SELECT s.visitor, s.cutoff, COUNT(*) AS views
  FROM latest AS s
  JOIN events_rows AS e
    ON e.visitor = s.visitor
    AND e.happened_at <= s.cutoff
  WHERE e.name = 'view'
  GROUP BY s.visitor, s.cutoff
),

-- events in (t - 1 hour, t], t being the cutoff
events_1h AS (
  SELECT s.visitor, s.cutoff, COUNT(*) AS hour
  FROM latest AS s
  JOIN events_rows AS e
    ON e.visitor = s.visitor
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '1 hour'
  GROUP BY s.visitor, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor, c.cutoff, COALESCE(s1.views, 0) AS views, COALESCE(s2.hour, 0) AS hour
  FROM latest AS c
  LEFT JOIN events_all AS s1
    ON s1.visitor = c.visitor
    AND s1.cutoff = c.cutoff
  LEFT JOIN events_1h AS s2
    ON s2.visitor = c.visitor
    AND s2.cutoff = c.cutoff
)

SELECT
  v.visitor,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '30 minutes' > r.as_of AS open,
  v.views,
  v.hour
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.visitor NULLS LAST, v.cutoff NULLS LAST;
