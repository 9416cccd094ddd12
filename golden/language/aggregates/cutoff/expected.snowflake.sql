-- file: takes.training.sql
-- The training set of `takes`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(offers where days since expires_at < 0) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE takes_training AS
WITH
-- offers: its rows, times in UTC
offers_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(made_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(expires_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS expires_at,
    CAST(amount AS FLOAT) AS amount,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(seen_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS seen_at
  FROM shop.public.offers
  WHERE made_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM offers_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff
  FROM offers_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.customer_id, c.cutoff
  FROM cutoffs AS c
),

-- offers in (-∞, t], t being the cutoff
offers_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(CASE WHEN e.expires_at > s.cutoff THEN 1 END) AS running,
    CAST(SUM(
      CAST(CASE
        WHEN CAST(DATEDIFF('microsecond', e.seen_at, s.cutoff) AS FLOAT)
          / 3600000000 < 48 THEN e.amount
      END AS NUMBER(38, 9))
    ) AS FLOAT) AS seen,
    MIN(
      e.amount * (CAST(DATEDIFF('microsecond', s.cutoff, e.expires_at) AS FLOAT) / 86400000000)
    ) AS shortest
  FROM spine AS s
  JOIN offers_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- offers in (t - 30 days, t], t being the cutoff
offers_30d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS urgent
  FROM spine AS s
  JOIN offers_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  WHERE CAST(DATEDIFF('microsecond', s.cutoff, e.expires_at) AS FLOAT) / 86400000000 BETWEEN 0 AND 2
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.running, 0) AS running,
    COALESCE(s1.seen, 0) AS seen,
    s1.shortest,
    COALESCE(s2.urgent, 0) AS urgent
  FROM cutoffs AS c
  LEFT JOIN offers_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN offers_30d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- each cutoff once
label_spine AS (
  SELECT DISTINCT c.customer_id, c.cutoff
  FROM mature AS c
),

-- offers in (t, t + 7 days], t being the cutoff
offers_next_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM label_spine AS s
  JOIN offers_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= DATEADD('day', 7, s.cutoff)
  WHERE CAST(DATEDIFF('microsecond', e.expires_at, s.cutoff) AS FLOAT) / 86400000000 < 0
  GROUP BY s.customer_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN offers_next_7d AS s1
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
  WHERE e.cutoff >= p1.starts_at OR DATEADD('day', 7, e.cutoff) <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.running, p.urgent, p.seen, p.shortest, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: takes.scoring.sql
-- The rows of `takes` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE takes_scoring AS
WITH
-- offers: its rows, times in UTC
offers_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(made_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(expires_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS expires_at,
    CAST(amount AS FLOAT) AS amount,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(seen_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS seen_at
  FROM shop.public.offers
  WHERE made_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM offers_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff
  FROM offers_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- the latest cutoff of each customer
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.customer_id ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.customer_id, c.cutoff
  FROM latest AS c
),

-- offers in (-∞, t], t being the cutoff
offers_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(CASE WHEN e.expires_at > s.cutoff THEN 1 END) AS running,
    CAST(SUM(
      CAST(CASE
        WHEN CAST(DATEDIFF('microsecond', e.seen_at, s.cutoff) AS FLOAT)
          / 3600000000 < 48 THEN e.amount
      END AS NUMBER(38, 9))
    ) AS FLOAT) AS seen,
    MIN(
      e.amount * (CAST(DATEDIFF('microsecond', s.cutoff, e.expires_at) AS FLOAT) / 86400000000)
    ) AS shortest
  FROM spine AS s
  JOIN offers_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- offers in (t - 30 days, t], t being the cutoff
offers_30d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS urgent
  FROM spine AS s
  JOIN offers_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  WHERE CAST(DATEDIFF('microsecond', s.cutoff, e.expires_at) AS FLOAT) / 86400000000 BETWEEN 0 AND 2
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.running, 0) AS running,
    COALESCE(s1.seen, 0) AS seen,
    s1.shortest,
    COALESCE(s2.urgent, 0) AS urgent
  FROM latest AS c
  LEFT JOIN offers_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN offers_30d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.running,
  v.urgent,
  v.seen,
  v.shortest
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
