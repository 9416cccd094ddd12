-- file: downgrades.training.sql
-- The training set of `downgrades`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: (plans.plan = 'free') after 5 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE downgrades_training AS
WITH
-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    plan
  FROM READ_CSV('data/plans.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- logins: its rows, times in UTC
logins_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(logged_in_at) IN ('DATE', 'TIMESTAMP') THEN CAST(logged_in_at AS TIMESTAMP) ELSE CAST(CAST(logged_in_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/logins.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE logged_in_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    FALSE AS happens,
    TRUE AS is_in_label
  FROM plans_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    TRUE AS happens,
    FALSE AS is_in_label
  FROM logins_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(CASE WHEN happens THEN ends_at END) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MIN(CASE WHEN is_in_label THEN ends_at END) IS NOT NULL AND MAX(
        CASE WHEN happens THEN ends_at END
      ) IS NOT NULL THEN LEAST(
        MIN(CASE WHEN is_in_label THEN ends_at END),
        MAX(CASE WHEN happens THEN ends_at END)
      )
    END AS known_until
  FROM source_ends
),

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.account_id, e.happened_at AS known_at
    FROM plans_rows AS e
    UNION ALL
    SELECT e.account_id, e.happened_at AS known_at
    FROM logins_rows AS e
  ) AS e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-05 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-10 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-15 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-18 00:00:00' AS cutoff
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
  SELECT f.account_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a account exists from its first row on
existing AS (
  SELECT c.account_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
plan_row AS (
  SELECT s.account_id, s.cutoff, e.plan
  FROM existing AS s
  JOIN plans_rows AS e
    ON e.account_id = s.account_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.account_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- logins in (t - 7 days, t], t being the cutoff
logins_7d AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS logins
  FROM existing AS s
  JOIN logins_rows AS e
    ON e.account_id = s.account_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.account_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.account_id, c.cutoff, s1.plan, COALESCE(s2.logins, 0) AS logins
  FROM existing AS c
  LEFT JOIN plan_row AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN logins_7d AS s2
    ON s2.account_id = c.account_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '5 days' <= r.known_until
),

-- plans in (-∞, t + 5 days], t being the cutoff: the row that last takes
label_1_row AS (
  SELECT s.account_id, s.cutoff, e.plan AS label_1
  FROM mature AS s
  JOIN plans_rows AS e
    ON e.account_id = s.account_id
    AND e.happened_at <= s.cutoff + INTERVAL '5 days'
    AND (e.held_until IS NULL OR e.held_until > s.cutoff + INTERVAL '5 days')
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.account_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, s1.label_1 = 'free' AS label
  FROM mature AS v
  LEFT JOIN label_1_row AS s1
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '5 days' <= p1.starts_at
)

SELECT p.account_id, p.cutoff, p.plan, p.logins, p.label, p.split
FROM parts AS p
ORDER BY p.account_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: downgrades.scoring.sql
-- The rows of `downgrades` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE downgrades_scoring AS
WITH
-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    plan
  FROM READ_CSV('data/plans.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- logins: its rows, times in UTC
logins_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(logged_in_at) IN ('DATE', 'TIMESTAMP') THEN CAST(logged_in_at AS TIMESTAMP) ELSE CAST(CAST(logged_in_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/logins.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE logged_in_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    FALSE AS happens,
    TRUE AS is_in_label
  FROM plans_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    TRUE AS happens,
    FALSE AS is_in_label
  FROM logins_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(CASE WHEN happens THEN ends_at END) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MIN(CASE WHEN is_in_label THEN ends_at END) IS NOT NULL AND MAX(
        CASE WHEN happens THEN ends_at END
      ) IS NOT NULL THEN LEAST(
        MIN(CASE WHEN is_in_label THEN ends_at END),
        MAX(CASE WHEN happens THEN ends_at END)
      )
    END AS known_until
  FROM source_ends
),

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.account_id, e.happened_at AS known_at
    FROM plans_rows AS e
    UNION ALL
    SELECT e.account_id, e.happened_at AS known_at
    FROM logins_rows AS e
  ) AS e
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

-- plans in (-∞, t], t being the cutoff: the row that last takes
plan_row AS (
  SELECT s.account_id, s.cutoff, e.plan
  FROM existing AS s
  JOIN plans_rows AS e
    ON e.account_id = s.account_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.account_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- logins in (t - 7 days, t], t being the cutoff
logins_7d AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS logins
  FROM existing AS s
  JOIN logins_rows AS e
    ON e.account_id = s.account_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.account_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.account_id, c.cutoff, s1.plan, COALESCE(s2.logins, 0) AS logins
  FROM existing AS c
  LEFT JOIN plan_row AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN logins_7d AS s2
    ON s2.account_id = c.account_id
    AND s2.cutoff = c.cutoff
)

SELECT
  v.account_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '5 days' > r.as_of AS open,
  v.plan,
  v.logins
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.account_id NULLS LAST, v.cutoff NULLS LAST;
