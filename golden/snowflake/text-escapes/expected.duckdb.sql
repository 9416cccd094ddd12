-- file: returns.sources.sql
-- The sources that `returns` reads.
SET TimeZone = 'UTC';

WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(happened) IN ('DATE', 'TIMESTAMP') THEN CAST(happened AS TIMESTAMP) ELSE CAST(CAST(happened AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    path
  FROM raw.web.events
  WHERE happened IS NOT NULL
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

-- each source that the model reads, rows that its `where` leaves out not counted
lines AS (
  SELECT
    1 AS ordinal,
    'events' AS source,
    COUNT(*) AS row_count,
    COUNT(CASE WHEN e.happened_at IS NULL THEN 1 END) AS rows_without_time,
    COUNT(CASE WHEN e.account_id IS NULL THEN 1 END) AS rows_without_key,
    0 AS rows_without_partner,
    MIN(e.happened_at) AS first_time,
    MAX(e.happened_at) AS last_time
  FROM (
    SELECT
      account_id,
      CASE WHEN TYPEOF(happened) IN ('DATE', 'TIMESTAMP') THEN CAST(happened AS TIMESTAMP) ELSE CAST(CAST(happened AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
    FROM raw.web.events
  ) AS e
)

SELECT
  l.source,
  l.row_count,
  l.rows_without_time,
  l.rows_without_key,
  l.rows_without_partner,
  l.first_time,
  l.last_time,
  r.as_of
FROM lines AS l
CROSS JOIN run AS r
ORDER BY l.ordinal NULLS LAST;

-- file: returns.training.sql
-- The training set of `returns`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(events) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_training AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(happened) IN ('DATE', 'TIMESTAMP') THEN CAST(happened AS TIMESTAMP) ELSE CAST(CAST(happened AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    path
  FROM raw.web.events
  WHERE happened IS NOT NULL
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

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.happened_at) AS exists_from
  FROM events_rows AS e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
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

-- every cutoff, and events in (-∞, t], t being the cutoff: each row, and the number of the first such t
events_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
    ) AS number
  FROM events_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.account_id IS NOT NULL
    AND (e.path = 'C:\new\table' OR e.path IN ('it''s', '\''') OR e.path LIKE '100\%')
),

-- what the rows add that a cutoff is the first to see
events_all_seen AS (
  SELECT
    e.account_id,
    e.number,
    COUNT(CASE WHEN e.path = 'C:\new\table' THEN 1 END) AS paths,
    COUNT(CASE WHEN e.path IN ('it''s', '\''') THEN 1 END) AS quotes,
    COUNT(CASE WHEN e.path LIKE '100\%' THEN 1 END) AS shares
  FROM events_all_rows AS e
  GROUP BY e.account_id, e.number
  UNION ALL
  SELECT
    f.account_id,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) // 604800000000
    ) AS number,
    NULL AS paths,
    NULL AS quotes,
    NULL AS shares
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
events_all_running AS (
  SELECT
    c.account_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.account_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.paths) OVER (
      PARTITION BY c.account_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS paths,
    CAST(SUM(c.quotes) OVER (
      PARTITION BY c.account_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS quotes,
    CAST(SUM(c.shares) OVER (
      PARTITION BY c.account_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS shares
  FROM events_all_seen AS c
),

-- every cutoff, and events in (-∞, t], t being the cutoff
events_all AS (
  SELECT
    r.account_id,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '7 days' AS cutoff,
    r.paths,
    r.quotes,
    r.shares
  FROM events_all_running AS r
  CROSS JOIN grid_run AS g
),

-- what was known at each cutoff
features AS (
  SELECT
    c.account_id,
    c.cutoff,
    COALESCE(c.paths, 0) AS paths,
    COALESCE(c.quotes, 0) AS quotes,
    COALESCE(c.shares, 0) AS shares
  FROM events_all AS c
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
  WHERE e.account_id IS NOT NULL
),

-- events in (t, t + 7 days], t being the cutoff
events_next_7d AS (
  SELECT e.account_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM events_next_7d_rows AS e
  GROUP BY e.account_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN events_next_7d AS s1
    ON s1.account_id = v.account_id
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

SELECT p.account_id, p.cutoff, p.paths, p.quotes, p.shares, p.label, p.split
FROM parts AS p
ORDER BY p.account_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: returns.counts.sql
-- How many rows of `returns` are left after each step.
SET TimeZone = 'UTC';

WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(happened) IN ('DATE', 'TIMESTAMP') THEN CAST(happened AS TIMESTAMP) ELSE CAST(CAST(happened AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    path
  FROM raw.web.events
  WHERE happened IS NOT NULL
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

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.happened_at) AS exists_from
  FROM events_rows AS e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
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
  SELECT f.account_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid AS g
),

-- every cutoff, and events in (-∞, t], t being the cutoff: each row, and the number of the first such t
events_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
    ) AS number
  FROM events_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.account_id IS NOT NULL
    AND (e.path = 'C:\new\table' OR e.path IN ('it''s', '\''') OR e.path LIKE '100\%')
),

-- what the rows add that a cutoff is the first to see
events_all_seen AS (
  SELECT
    e.account_id,
    e.number,
    COUNT(CASE WHEN e.path = 'C:\new\table' THEN 1 END) AS paths,
    COUNT(CASE WHEN e.path IN ('it''s', '\''') THEN 1 END) AS quotes,
    COUNT(CASE WHEN e.path LIKE '100\%' THEN 1 END) AS shares
  FROM events_all_rows AS e
  GROUP BY e.account_id, e.number
  UNION ALL
  SELECT
    f.account_id,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) // 604800000000
    ) AS number,
    NULL AS paths,
    NULL AS quotes,
    NULL AS shares
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
events_all_running AS (
  SELECT
    c.account_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.account_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.paths) OVER (
      PARTITION BY c.account_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS paths,
    CAST(SUM(c.quotes) OVER (
      PARTITION BY c.account_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS quotes,
    CAST(SUM(c.shares) OVER (
      PARTITION BY c.account_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS shares
  FROM events_all_seen AS c
),

-- every cutoff, and events in (-∞, t], t being the cutoff
events_all AS (
  SELECT
    r.account_id,
    g.first_cutoff + UNNEST(RANGE(
      r.number,
      LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
    )) * INTERVAL '7 days' AS cutoff,
    r.paths,
    r.quotes,
    r.shares
  FROM events_all_running AS r
  CROSS JOIN grid_run AS g
),

-- what was known at each cutoff
features AS (
  SELECT
    c.account_id,
    c.cutoff,
    COALESCE(c.paths, 0) AS paths,
    COALESCE(c.quotes, 0) AS quotes,
    COALESCE(c.shares, 0) AS shares
  FROM events_all AS c
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
  WHERE e.account_id IS NOT NULL
),

-- events in (t, t + 7 days], t being the cutoff
events_next_7d AS (
  SELECT e.account_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM events_next_7d_rows AS e
  GROUP BY e.account_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN events_next_7d AS s1
    ON s1.account_id = v.account_id
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
),

-- rows left after each step
counted AS (
  SELECT 1 AS ordinal, 'cutoffs' AS step, COUNT(*) AS rows_left
  FROM cutoffs
  UNION ALL
  SELECT 2 AS ordinal, 'existence' AS step, COUNT(*) AS rows_left
  FROM events_all
  UNION ALL
  SELECT 3 AS ordinal, 'maturity' AS step, COUNT(*) AS rows_left
  FROM mature
  UNION ALL
  SELECT 4 AS ordinal, 'labels' AS step, COUNT(*) AS rows_left
  FROM examples
  UNION ALL
  SELECT 5 AS ordinal, 'split' AS step, COUNT(*) AS rows_left
  FROM parts
)

SELECT c.ordinal, c.step, c.rows_left
FROM counted AS c
ORDER BY c.ordinal NULLS LAST;

-- file: returns.scoring.sql
-- The rows of `returns` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_scoring AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(happened) IN ('DATE', 'TIMESTAMP') THEN CAST(happened AS TIMESTAMP) ELSE CAST(CAST(happened AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    path
  FROM raw.web.events
  WHERE happened IS NOT NULL
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

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.happened_at) AS exists_from
  FROM events_rows AS e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.account_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a account exists from its first row on
existing AS (
  SELECT c.account_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- events in (-∞, t], t being the cutoff
events_all AS (
  SELECT
    s.account_id,
    s.cutoff,
    COUNT(CASE WHEN e.path = 'C:\new\table' THEN 1 END) AS paths,
    COUNT(CASE WHEN e.path IN ('it''s', '\''') THEN 1 END) AS quotes,
    COUNT(CASE WHEN e.path LIKE '100\%' THEN 1 END) AS shares
  FROM existing AS s
  JOIN events_rows AS e
    ON e.account_id = s.account_id
    AND e.happened_at <= s.cutoff
  WHERE e.path = 'C:\new\table' OR e.path IN ('it''s', '\''') OR e.path LIKE '100\%'
  GROUP BY s.account_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.account_id,
    c.cutoff,
    COALESCE(s1.paths, 0) AS paths,
    COALESCE(s1.quotes, 0) AS quotes,
    COALESCE(s1.shares, 0) AS shares
  FROM existing AS c
  LEFT JOIN events_all AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
)

SELECT
  v.account_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.paths,
  v.quotes,
  v.shares
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.account_id NULLS LAST, v.cutoff NULLS LAST;
