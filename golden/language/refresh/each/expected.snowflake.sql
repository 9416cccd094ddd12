-- file: signup.fingerprints.sql
-- The rows that `signup` reads, each day's in short: what changed since is seen by comparing.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE signup_fingerprints AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    kind
  FROM web.events
  WHERE happened_at IS NOT NULL
),

-- from its first such row on a visitor has no cutoff
stops AS (
  SELECT e.visitor_id, MIN(e.happened_at) AS stops_at
  FROM events_rows AS e
  WHERE e.kind = 'signup'
  GROUP BY e.visitor_id
),

-- each day's rows in short
fingerprints AS (
  SELECT
    1 AS part,
    DATE_TRUNC('day', e.happened_at) AS day,
    COUNT(*) AS row_count,
    HASH_AGG(e.visitor_id, e.happened_at, e.kind) AS fingerprint
  FROM events_rows AS e
  GROUP BY DATE_TRUNC('day', e.happened_at)
  UNION ALL
  SELECT
    2 AS part,
    DATE_TRUNC('day', e.stops_at) AS day,
    COUNT(*) AS row_count,
    HASH_AGG(e.visitor_id, e.stops_at) AS fingerprint
  FROM stops AS e
  GROUP BY DATE_TRUNC('day', e.stops_at)
)

SELECT w.part, w.day, w.row_count, w.fingerprint
FROM fingerprints AS w;

-- file: signup.limits.sql
-- The instants that decide which cutoffs of `signup` count.
ALTER SESSION SET TIMEZONE = 'UTC';

WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    kind
  FROM web.events
  WHERE happened_at IS NOT NULL
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

-- the instants that divide cutoffs
limits AS (
  SELECT 1 AS ordinal, r.known_until AS instant
  FROM run AS r
  UNION ALL
  SELECT 2 AS ordinal, DATEADD('day', -60, r.as_of) AS instant
  FROM run AS r
)

SELECT w.ordinal, w.instant
FROM limits AS w;

-- file: signup.examples.sql
-- The rows of `signup` before they are divided.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE signup_examples AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    kind
  FROM web.events
  WHERE happened_at IS NOT NULL
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

-- what each row of events adds to each value
events_marks AS (
  SELECT
    e.visitor_id,
    e.instant,
    e.happened_at,
    e.happened_at >= DATEADD('day', -60, r.as_of) AS is_cutoff,
    CASE WHEN e.kind = 'signup' THEN e.happened_at END AS stops_at,
    CASE WHEN e.kind = 'view' THEN 1 END AS views,
    CASE WHEN e.kind = 'signup' THEN 1 END AS label_1
  FROM events_rows AS e
  CROSS JOIN run AS r
  WHERE e.visitor_id IS NOT NULL
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.visitor_id,
    m.happened_at,
    m.is_cutoff,
    MIN(m.stops_at) OVER (PARTITION BY m.visitor_id) AS stops_at,
    COUNT(m.views) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 86400000000 PRECEDING AND 1 PRECEDING
    ) AS views,
    COUNT(m.label_1) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 86400000000 FOLLOWING
    ) > 0 AS label_1
  FROM events_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.visitor_id, e.happened_at AS cutoff, e.stops_at, e.views, e.label_1
  FROM events_history AS e
  WHERE e.is_cutoff
),

-- cutoffs before the visitor stopped
observed AS (
  SELECT c.visitor_id, c.cutoff, c.views, c.label_1
  FROM cutoffs AS c
  WHERE c.stops_at IS NULL OR c.cutoff < c.stops_at
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor_id, c.cutoff, c.views, c.label_1
  FROM observed AS c
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 1, v.cutoff) <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 AS label
  FROM mature AS v
)

SELECT v.visitor_id, v.cutoff, v.views, v.label
FROM labelled AS v;

-- file: signup.examples.sql
-- The rows of `signup` before they are divided, of some cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE signup_examples AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(happened_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    kind
  FROM web.events
  WHERE happened_at IS NOT NULL
),

-- events: the rows that a cutoff to be built may see
events_near AS (
  SELECT e.*
  FROM events_rows AS e
  WHERE e.happened_at >= '2024-03-03 00:00:00'::TIMESTAMP_NTZ
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

-- what each row of events adds to each value
events_marks AS (
  SELECT
    e.visitor_id,
    e.instant,
    e.happened_at,
    e.happened_at >= DATEADD('day', -60, r.as_of) AS is_cutoff,
    CASE WHEN e.kind = 'view' THEN 1 END AS views,
    CASE WHEN e.kind = 'signup' THEN 1 END AS label_1
  FROM events_near AS e
  CROSS JOIN run AS r
  WHERE e.visitor_id IS NOT NULL
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.visitor_id,
    m.happened_at,
    m.is_cutoff,
    COUNT(m.views) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 86400000000 PRECEDING AND 1 PRECEDING
    ) AS views,
    COUNT(m.label_1) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 86400000000 FOLLOWING
    ) > 0 AS label_1
  FROM events_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.visitor_id, e.happened_at AS cutoff, e.views, e.label_1
  FROM events_history AS e
  WHERE e.is_cutoff
),

-- the cutoffs that are built
asked_for AS (
  SELECT c.*
  FROM cutoffs AS c
  WHERE c.cutoff >= '2024-03-04 00:00:00'::TIMESTAMP_NTZ
      AND c.cutoff <= '2024-03-06 00:00:00'::TIMESTAMP_NTZ
      OR c.cutoff >= '2024-04-03 00:00:00'::TIMESTAMP_NTZ
),

-- from its first such row on a visitor has no cutoff
stops AS (
  SELECT e.visitor_id, MIN(e.happened_at) AS stops_at
  FROM events_rows AS e
  WHERE e.kind = 'signup'
  GROUP BY e.visitor_id
),

-- cutoffs before the visitor stopped
observed AS (
  SELECT c.visitor_id, c.cutoff, c.views, c.label_1
  FROM asked_for AS c
  LEFT JOIN stops AS u ON u.visitor_id = c.visitor_id
  WHERE u.stops_at IS NULL OR c.cutoff < u.stops_at
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor_id, c.cutoff, c.views, c.label_1
  FROM observed AS c
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 1, v.cutoff) <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 AS label
  FROM mature AS v
)

SELECT v.visitor_id, v.cutoff, v.views, v.label
FROM labelled AS v;

-- file: signup.division.sql
-- The training set of `signup`, from rows that were kept and rows that were built.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE signup_training AS
WITH
-- the rows as they were kept
held AS (
  SELECT h.*
  FROM signup_examples AS h
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM held AS v
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
      OR e.cutoff >= p1.starts_at AND DATEADD('day', 1, e.cutoff) <= p2.starts_at
      OR DATEADD('day', 1, e.cutoff) <= p1.starts_at
)

SELECT p.visitor_id, p.cutoff, p.views, p.label, p.split
FROM parts AS p
ORDER BY p.visitor_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;
