-- file: returns.training.sql
-- The training set of `returns`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(visits) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_training AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    visitor_id,
    CASE WHEN TYPEOF(visited_at) IN ('DATE', 'TIMESTAMP') THEN CAST(visited_at AS TIMESTAMP) ELSE CAST(CAST(visited_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(visited_at) IN ('DATE', 'TIMESTAMP') THEN CAST(visited_at AS TIMESTAMP) ELSE CAST(CAST(visited_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    payload,
    JSON_EXTRACT_STRING(TRY_CAST(payload AS JSON), '/device/class') AS device,
    CAST(CAST(JSON_EXTRACT_STRING(TRY_CAST(payload AS JSON), '/cart/0/price') AS DOUBLE) AS DOUBLE) AS price
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE visited_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM visits_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of visits adds to each value
visits_marks AS (
  SELECT
    e.visitor_id,
    e.instant,
    e.happened_at,
    CASE
      WHEN JSON_EXTRACT_STRING(TRY_CAST(e.payload AS JSON), '/tags/1') = 'sale' THEN 1
    END AS tags,
    CAST(e.price AS DECIMAL(38, 9)) AS spent,
    e.device AS device_value,
    JSON_EXTRACT_STRING(TRY_CAST(e.payload AS JSON), '/op sys/name') AS os_value
  FROM visits_rows AS e
  WHERE e.visitor_id IS NOT NULL
),

-- of the rows of one instant, the value that counts
visits_instants AS (
  SELECT
    m.*,
    MAX(m.device_value) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS device_at_instant,
    MAX(m.os_value) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS os_at_instant
  FROM visits_marks AS m
),

-- what each row of visits could see up to its own instant
visits_history AS (
  SELECT
    m.visitor_id,
    m.happened_at,
    COUNT(m.tags) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS tags,
    CAST(SUM(m.spent) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 2591999999999 PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS spent,
    COUNT(*) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 604800000000 FOLLOWING
    ) > 0 AS label_1,
    LAST_VALUE(m.device_at_instant) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS device,
    LAST_VALUE(m.os_at_instant) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS os
  FROM visits_instants AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.visitor_id, e.happened_at AS cutoff, e.device, e.tags, e.os, e.spent, e.label_1
  FROM visits_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT
    c.visitor_id,
    c.cutoff,
    COALESCE(c.device, 'none') AS device,
    c.tags,
    c.os,
    COALESCE(c.spent, 0) AS spent,
    c.label_1
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

-- where the test part starts: the boundary nearest to 60 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 1
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 60) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT e.*, CASE WHEN e.cutoff >= p1.starts_at THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  CROSS JOIN test_start AS p1
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.visitor_id, p.cutoff, p.device, p.spent, p.tags, p.os, p.label, p.split
FROM parts AS p
ORDER BY p.visitor_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: returns.scoring.sql
-- The rows of `returns` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_scoring AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    visitor_id,
    CASE WHEN TYPEOF(visited_at) IN ('DATE', 'TIMESTAMP') THEN CAST(visited_at AS TIMESTAMP) ELSE CAST(CAST(visited_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(visited_at) IN ('DATE', 'TIMESTAMP') THEN CAST(visited_at AS TIMESTAMP) ELSE CAST(CAST(visited_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    payload,
    JSON_EXTRACT_STRING(TRY_CAST(payload AS JSON), '/device/class') AS device,
    CAST(CAST(JSON_EXTRACT_STRING(TRY_CAST(payload AS JSON), '/cart/0/price') AS DOUBLE) AS DOUBLE) AS price
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE visited_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM visits_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of visits adds to each value
visits_marks AS (
  SELECT
    e.visitor_id,
    e.instant,
    e.happened_at,
    CASE
      WHEN JSON_EXTRACT_STRING(TRY_CAST(e.payload AS JSON), '/tags/1') = 'sale' THEN 1
    END AS tags,
    CAST(e.price AS DECIMAL(38, 9)) AS spent,
    e.device AS device_value,
    JSON_EXTRACT_STRING(TRY_CAST(e.payload AS JSON), '/op sys/name') AS os_value
  FROM visits_rows AS e
  WHERE e.visitor_id IS NOT NULL
),

-- of the rows of one instant, the value that counts
visits_instants AS (
  SELECT
    m.*,
    MAX(m.device_value) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS device_at_instant,
    MAX(m.os_value) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS os_at_instant
  FROM visits_marks AS m
),

-- what each row of visits could see up to its own instant
visits_history AS (
  SELECT
    m.visitor_id,
    m.happened_at,
    COUNT(m.tags) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS tags,
    CAST(SUM(m.spent) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 2591999999999 PRECEDING AND CURRENT ROW
    ) AS DOUBLE) AS spent,
    LAST_VALUE(m.device_at_instant) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS device,
    LAST_VALUE(m.os_at_instant) OVER (
      PARTITION BY m.visitor_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS os
  FROM visits_instants AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.visitor_id, e.happened_at AS cutoff, e.device, e.tags, e.os, e.spent
  FROM visits_history AS e
),

-- the latest cutoff of each visitor
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.visitor_id ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.visitor_id,
    c.cutoff,
    COALESCE(c.device, 'none') AS device,
    c.tags,
    c.os,
    COALESCE(c.spent, 0) AS spent
  FROM latest AS c
)

SELECT
  v.visitor_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.device,
  v.spent,
  v.tags,
  v.os
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.visitor_id NULLS LAST, v.cutoff NULLS LAST;
