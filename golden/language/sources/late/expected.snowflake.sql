-- file: defaults_again.training.sql
-- The training set of `defaults_again`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(loans where is_bad) in next 10 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE defaults_again_training AS
WITH
-- loans: its rows, times in UTC
loans_rows AS (
  SELECT
    borrower_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(granted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    status,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(closed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS status_known_at,
    remark
  FROM shop.public.loans
  WHERE granted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM loans_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every borrower, from its first row on
first_seen AS (
  SELECT e.borrower_id, MIN(e.happened_at) AS exists_from
  FROM loans_rows AS e
  WHERE e.borrower_id IS NOT NULL
  GROUP BY e.borrower_id
),

-- as written
stated AS (
  SELECT '2024-01-05 00:00:00'::TIMESTAMP_NTZ AS cutoff
  UNION ALL
  SELECT '2024-01-15 00:00:00'::TIMESTAMP_NTZ AS cutoff
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
  SELECT f.borrower_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a borrower exists from its first row on
existing AS (
  SELECT c.borrower_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- loans in (-∞, t], t being the cutoff
loans_all AS (
  SELECT
    s.borrower_id,
    s.cutoff,
    COUNT(
      CASE WHEN CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'default' THEN 1 END
    ) AS defaults,
    COUNT(
      CASE WHEN CASE WHEN e.status_known_at <= s.cutoff THEN e.status END IS NULL THEN 1 END
    ) AS unpaid,
    COUNT(CASE WHEN FALSE THEN e.remark END) AS remarks
  FROM existing AS s
  JOIN loans_rows AS e
    ON e.borrower_id = s.borrower_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.borrower_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.borrower_id,
    c.cutoff,
    COALESCE(s1.defaults, 0) AS defaults,
    COALESCE(s1.unpaid, 0) AS unpaid,
    COALESCE(s1.remarks, 0) AS remarks
  FROM existing AS c
  LEFT JOIN loans_all AS s1
    ON s1.borrower_id = c.borrower_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 10, v.cutoff) <= r.known_until
),

-- loans in (t, t + 10 days], t being the cutoff
loans_next_10d AS (
  SELECT s.borrower_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN loans_rows AS e
    ON e.borrower_id = s.borrower_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= DATEADD('day', 10, s.cutoff)
  WHERE CASE WHEN e.status_known_at <= DATEADD('day', 10, s.cutoff) THEN e.status END = 'default'
  GROUP BY s.borrower_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN loans_next_10d AS s1
    ON s1.borrower_id = v.borrower_id
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
  WHERE e.cutoff >= p1.starts_at OR DATEADD('day', 10, e.cutoff) <= p1.starts_at
)

SELECT p.borrower_id, p.cutoff, p.defaults, p.unpaid, p.remarks, p.label, p.split
FROM parts AS p
ORDER BY p.borrower_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: defaults_again.scoring.sql
-- The rows of `defaults_again` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE defaults_again_scoring AS
WITH
-- loans: its rows, times in UTC
loans_rows AS (
  SELECT
    borrower_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(granted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    status,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(closed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS status_known_at,
    remark
  FROM shop.public.loans
  WHERE granted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM loans_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every borrower, from its first row on
first_seen AS (
  SELECT e.borrower_id, MIN(e.happened_at) AS exists_from
  FROM loans_rows AS e
  WHERE e.borrower_id IS NOT NULL
  GROUP BY e.borrower_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.borrower_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a borrower exists from its first row on
existing AS (
  SELECT c.borrower_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- loans in (-∞, t], t being the cutoff
loans_all AS (
  SELECT
    s.borrower_id,
    s.cutoff,
    COUNT(
      CASE WHEN CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'default' THEN 1 END
    ) AS defaults,
    COUNT(
      CASE WHEN CASE WHEN e.status_known_at <= s.cutoff THEN e.status END IS NULL THEN 1 END
    ) AS unpaid,
    COUNT(CASE WHEN FALSE THEN e.remark END) AS remarks
  FROM existing AS s
  JOIN loans_rows AS e
    ON e.borrower_id = s.borrower_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.borrower_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.borrower_id,
    c.cutoff,
    COALESCE(s1.defaults, 0) AS defaults,
    COALESCE(s1.unpaid, 0) AS unpaid,
    COALESCE(s1.remarks, 0) AS remarks
  FROM existing AS c
  LEFT JOIN loans_all AS s1
    ON s1.borrower_id = c.borrower_id
    AND s1.cutoff = c.cutoff
)

SELECT
  v.borrower_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 10, v.cutoff) > r.as_of AS open,
  v.defaults,
  v.unpaid,
  v.remarks
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.borrower_id NULLS LAST, v.cutoff NULLS LAST;
