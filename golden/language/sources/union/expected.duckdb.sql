-- file: comes_back.training.sql
-- The training set of `comes_back`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(touch) in next 1 day
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE comes_back_training AS
WITH
-- clicks: its rows, times in UTC
clicks_rows AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/clicks.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
),

-- calls: its rows, times in UTC
calls_rows AS (
  SELECT
    caller AS visitor,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END + INTERVAL '1 hour' AS known_at
  FROM READ_CSV('data/calls.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE called_at IS NOT NULL
),

-- clicks: its rows, times in UTC
touch_clicks AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    page
  FROM READ_CSV('data/clicks.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
),

-- calls: its rows, times in UTC
touch_calls AS (
  SELECT
    caller AS visitor,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END + INTERVAL '1 hour' AS known_at,
    'phone' AS page
  FROM READ_CSV('data/calls.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE called_at IS NOT NULL
),

-- touch: the rows of its parts
touch_rows AS (
  SELECT p.visitor, p.happened_at, p.happened_at AS known_at, 'clicks' AS part, p.page
  FROM touch_clicks AS p
  UNION ALL
  SELECT p.visitor, p.happened_at, p.known_at, 'calls' AS part, p.page
  FROM touch_calls AS p
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    TRUE AS is_in_label
  FROM touch_clicks
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM touch_calls
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN COUNT(CASE WHEN is_in_label AND ends_at IS NULL THEN 1 END) = 0 THEN MIN(ends_at)
    END AS known_until
  FROM source_ends
),

-- every visitor, from its first row on
first_seen AS (
  SELECT e.visitor, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.visitor, e.happened_at AS known_at
    FROM clicks_rows AS e
    UNION ALL
    SELECT e.visitor, e.known_at
    FROM calls_rows AS e
    UNION ALL
    SELECT e.visitor, e.known_at
    FROM touch_rows AS e
  ) AS e
  WHERE e.visitor IS NOT NULL
  GROUP BY e.visitor
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-02 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-03 00:00:00' AS cutoff
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
  SELECT f.visitor, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a visitor exists from its first row on
existing AS (
  SELECT c.visitor, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- touch in (-∞, t], t being the cutoff
touch_all AS (
  SELECT
    s.visitor,
    s.cutoff,
    COUNT(*) AS touches,
    COUNT(CASE WHEN e.part = 'calls' THEN 1 END) AS calls
  FROM existing AS s
  JOIN touch_rows AS e
    ON e.visitor = s.visitor
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.visitor, s.cutoff
),

-- touch in (-∞, t], t being the cutoff: the row that last takes
page_row AS (
  SELECT s.visitor, s.cutoff, e.page
  FROM existing AS s
  JOIN touch_rows AS e
    ON e.visitor = s.visitor
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.visitor, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.page DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.visitor,
    c.cutoff,
    COALESCE(s1.touches, 0) AS touches,
    COALESCE(s1.calls, 0) AS calls,
    s2.page
  FROM existing AS c
  LEFT JOIN touch_all AS s1
    ON s1.visitor = c.visitor
    AND s1.cutoff = c.cutoff
  LEFT JOIN page_row AS s2
    ON s2.visitor = c.visitor
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '1 day' <= r.known_until
),

-- touch in (t, t + 1 day], t being the cutoff
touch_next_1d AS (
  SELECT s.visitor, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN touch_rows AS e
    ON e.visitor = s.visitor
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '1 day'
  GROUP BY s.visitor, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN touch_next_1d AS s1
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '1 day' <= p1.starts_at
)

SELECT p.visitor, p.cutoff, p.touches, p.calls, p.page, p.label, p.split
FROM parts AS p
ORDER BY p.visitor NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: comes_back.scoring.sql
-- The rows of `comes_back` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE comes_back_scoring AS
WITH
-- clicks: its rows, times in UTC
clicks_rows AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/clicks.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
),

-- calls: its rows, times in UTC
calls_rows AS (
  SELECT
    caller AS visitor,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END + INTERVAL '1 hour' AS known_at
  FROM READ_CSV('data/calls.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE called_at IS NOT NULL
),

-- clicks: its rows, times in UTC
touch_clicks AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    page
  FROM READ_CSV('data/clicks.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
),

-- calls: its rows, times in UTC
touch_calls AS (
  SELECT
    caller AS visitor,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(called_at) IN ('DATE', 'TIMESTAMP') THEN CAST(called_at AS TIMESTAMP) ELSE CAST(CAST(called_at AS TIMESTAMPTZ) AS TIMESTAMP) END + INTERVAL '1 hour' AS known_at,
    'phone' AS page
  FROM READ_CSV('data/calls.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE called_at IS NOT NULL
),

-- touch: the rows of its parts
touch_rows AS (
  SELECT p.visitor, p.happened_at, p.happened_at AS known_at, 'clicks' AS part, p.page
  FROM touch_clicks AS p
  UNION ALL
  SELECT p.visitor, p.happened_at, p.known_at, 'calls' AS part, p.page
  FROM touch_calls AS p
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    TRUE AS is_in_label
  FROM touch_clicks
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM touch_calls
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN COUNT(CASE WHEN is_in_label AND ends_at IS NULL THEN 1 END) = 0 THEN MIN(ends_at)
    END AS known_until
  FROM source_ends
),

-- every visitor, from its first row on
first_seen AS (
  SELECT e.visitor, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.visitor, e.happened_at AS known_at
    FROM clicks_rows AS e
    UNION ALL
    SELECT e.visitor, e.known_at
    FROM calls_rows AS e
    UNION ALL
    SELECT e.visitor, e.known_at
    FROM touch_rows AS e
  ) AS e
  WHERE e.visitor IS NOT NULL
  GROUP BY e.visitor
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.visitor, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a visitor exists from its first row on
existing AS (
  SELECT c.visitor, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- touch in (-∞, t], t being the cutoff
touch_all AS (
  SELECT
    s.visitor,
    s.cutoff,
    COUNT(*) AS touches,
    COUNT(CASE WHEN e.part = 'calls' THEN 1 END) AS calls
  FROM existing AS s
  JOIN touch_rows AS e
    ON e.visitor = s.visitor
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.visitor, s.cutoff
),

-- touch in (-∞, t], t being the cutoff: the row that last takes
page_row AS (
  SELECT s.visitor, s.cutoff, e.page
  FROM existing AS s
  JOIN touch_rows AS e
    ON e.visitor = s.visitor
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.visitor, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.page DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.visitor,
    c.cutoff,
    COALESCE(s1.touches, 0) AS touches,
    COALESCE(s1.calls, 0) AS calls,
    s2.page
  FROM existing AS c
  LEFT JOIN touch_all AS s1
    ON s1.visitor = c.visitor
    AND s1.cutoff = c.cutoff
  LEFT JOIN page_row AS s2
    ON s2.visitor = c.visitor
    AND s2.cutoff = c.cutoff
)

SELECT
  v.visitor,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '1 day' > r.as_of AS open,
  v.touches,
  v.calls,
  v.page
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.visitor NULLS LAST, v.cutoff NULLS LAST;
