-- file: increment.sources.sql
-- The sources that `increment` reads.
SET TimeZone = 'UTC';

WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account,
    CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    increment > 0 AS is_increment,
    "Group" AS "Group",
    minus
  FROM raw."Web Data"."order"
  WHERE start IS NOT NULL
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
    COUNT(CASE WHEN e.account IS NULL THEN 1 END) AS rows_without_key,
    0 AS rows_without_partner,
    MIN(e.happened_at) AS first_time,
    MAX(e.happened_at) AS last_time
  FROM (
    SELECT
      account,
      CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
    FROM raw."Web Data"."order"
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

-- file: increment.training.sql
-- The training set of `increment`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: exists(events) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE increment_training AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account,
    CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    increment > 0 AS is_increment,
    "Group" AS "Group",
    minus
  FROM raw."Web Data"."order"
  WHERE start IS NOT NULL
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
    e.account,
    e.instant,
    e.happened_at,
    CASE WHEN e.is_increment THEN 1 END AS issue,
    e.minus AS Mixed,
    e."Group" AS sample_value
  FROM events_rows AS e
  WHERE e.account IS NOT NULL
),

-- of the rows of one instant, the value that counts
events_instants AS (
  SELECT
    m.*,
    MAX(m.sample_value) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS sample_at_instant
  FROM events_marks AS m
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.account,
    m.happened_at,
    COUNT(m.issue) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS issue,
    MAX(m.Mixed) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS Mixed,
    COUNT(*) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 604800000000 FOLLOWING
    ) > 0 AS label_1,
    LAST_VALUE(m.sample_at_instant) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS sample
  FROM events_instants AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.account, e.happened_at AS cutoff, e.issue, e.sample, e.Mixed, e.label_1
  FROM events_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT c.account, c.cutoff, c.issue, c.sample, c.Mixed, c.label_1
  FROM cutoffs AS c
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
  SELECT v.*, v.label_1 AS label
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.account, p.cutoff, p.issue, p.sample, p.Mixed, p.label, p.split
FROM parts AS p
ORDER BY p.account NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: increment.counts.sql
-- How many rows of `increment` are left after each step.
SET TimeZone = 'UTC';

WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account,
    CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    increment > 0 AS is_increment,
    "Group" AS "Group",
    minus
  FROM raw."Web Data"."order"
  WHERE start IS NOT NULL
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
    e.account,
    e.instant,
    e.happened_at,
    CASE WHEN e.is_increment THEN 1 END AS issue,
    e.minus AS Mixed,
    e."Group" AS sample_value
  FROM events_rows AS e
  WHERE e.account IS NOT NULL
),

-- of the rows of one instant, the value that counts
events_instants AS (
  SELECT
    m.*,
    MAX(m.sample_value) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS sample_at_instant
  FROM events_marks AS m
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.account,
    m.happened_at,
    COUNT(m.issue) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS issue,
    MAX(m.Mixed) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS Mixed,
    COUNT(*) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 604800000000 FOLLOWING
    ) > 0 AS label_1,
    LAST_VALUE(m.sample_at_instant) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS sample
  FROM events_instants AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.account, e.happened_at AS cutoff, e.issue, e.sample, e.Mixed, e.label_1
  FROM events_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT c.account, c.cutoff, c.issue, c.sample, c.Mixed, c.label_1
  FROM cutoffs AS c
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
  SELECT v.*, v.label_1 AS label
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
),

-- rows left after each step
counted AS (
  SELECT 1 AS ordinal, 'cutoffs' AS step, COUNT(*) AS rows_left
  FROM cutoffs
  UNION ALL
  SELECT 2 AS ordinal, 'maturity' AS step, COUNT(*) AS rows_left
  FROM mature
  UNION ALL
  SELECT 3 AS ordinal, 'labels' AS step, COUNT(*) AS rows_left
  FROM examples
  UNION ALL
  SELECT 4 AS ordinal, 'split' AS step, COUNT(*) AS rows_left
  FROM parts
)

SELECT c.ordinal, c.step, c.rows_left
FROM counted AS c
ORDER BY c.ordinal NULLS LAST;

-- file: increment.scoring.sql
-- The rows of `increment` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE increment_scoring AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    account,
    CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(start) IN ('DATE', 'TIMESTAMP') THEN CAST(start AS TIMESTAMP) ELSE CAST(CAST(start AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    increment > 0 AS is_increment,
    "Group" AS "Group",
    minus
  FROM raw."Web Data"."order"
  WHERE start IS NOT NULL
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
    e.account,
    e.instant,
    e.happened_at,
    CASE WHEN e.is_increment THEN 1 END AS issue,
    e.minus AS Mixed,
    e."Group" AS sample_value
  FROM events_rows AS e
  WHERE e.account IS NOT NULL
),

-- of the rows of one instant, the value that counts
events_instants AS (
  SELECT
    m.*,
    MAX(m.sample_value) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS sample_at_instant
  FROM events_marks AS m
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.account,
    m.happened_at,
    COUNT(m.issue) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS issue,
    MAX(m.Mixed) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS Mixed,
    LAST_VALUE(m.sample_at_instant) OVER (
      PARTITION BY m.account
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS sample
  FROM events_instants AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.account, e.happened_at AS cutoff, e.issue, e.sample, e.Mixed
  FROM events_history AS e
),

-- the latest cutoff of each account
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.account ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.account, c.cutoff, c.issue, c.sample, c.Mixed
  FROM latest AS c
)

SELECT
  v.account,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.issue,
  v.sample,
  v.Mixed
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.account NULLS LAST, v.cutoff NULLS LAST;
