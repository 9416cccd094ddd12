-- file: counts.training.sql
-- The training set of `counts`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(stock) in next 1 day
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE counts_training AS
WITH
-- stock: its rows, times in UTC
stock_rows AS (
  SELECT
    shop,
    CASE WHEN REGEXP_MATCHES(CAST(counted_at AS VARCHAR), '[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)$') THEN CASE WHEN TYPEOF(counted_at) IN ('DATE', 'TIMESTAMP') THEN CAST(counted_at AS TIMESTAMP) ELSE CAST(CAST(counted_at AS TIMESTAMPTZ) AS TIMESTAMP) END ELSE TIMEZONE('UTC', TIMEZONE('Europe/Paris', CAST(counted_at AS TIMESTAMP))) END AS happened_at,
    CASE WHEN REGEXP_MATCHES(CAST(counted_at AS VARCHAR), '[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)$') THEN CASE WHEN TYPEOF(counted_at) IN ('DATE', 'TIMESTAMP') THEN CAST(counted_at AS TIMESTAMP) ELSE CAST(CAST(counted_at AS TIMESTAMPTZ) AS TIMESTAMP) END ELSE TIMEZONE('UTC', TIMEZONE('Europe/Paris', CAST(counted_at AS TIMESTAMP))) END AS counted_at
  FROM READ_CSV('data/stock.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE counted_at IS NOT NULL
),

-- returns: its rows, times in UTC
returns_rows AS (
  SELECT
    shop,
    CASE WHEN REGEXP_MATCHES(CAST(returned_at AS VARCHAR), '[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)$') THEN CASE WHEN TYPEOF(returned_at) IN ('DATE', 'TIMESTAMP') THEN CAST(returned_at AS TIMESTAMP) ELSE CAST(CAST(returned_at AS TIMESTAMPTZ) AS TIMESTAMP) END ELSE TIMEZONE('UTC', TIMEZONE('Europe/Paris', CAST(returned_at AS TIMESTAMP))) END AS happened_at
  FROM READ_CSV('data/returns.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE returned_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM stock_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM returns_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every shop, from its first row on
first_seen AS (
  SELECT e.shop, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.shop, e.happened_at AS known_at
    FROM stock_rows AS e
    UNION ALL
    SELECT e.shop, e.happened_at AS known_at
    FROM returns_rows AS e
  ) AS e
  WHERE e.shop IS NOT NULL
  GROUP BY e.shop
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-03-31 02:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-10-27 02:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-10-28 00:00:00' AS cutoff
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
  SELECT f.shop, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a shop exists from its first row on
existing AS (
  SELECT c.shop, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- stock in (-∞, t], t being the cutoff
stock_all AS (
  SELECT
    s.shop,
    s.cutoff,
    MAX(e.happened_at) AS hours_1,
    COUNT(DISTINCT DATE_TRUNC(
      'day',
      TIMEZONE('Europe/Paris', TIMEZONE('UTC', e.happened_at))
    )) AS days,
    MIN(e.counted_at) AS is_new_1
  FROM existing AS s
  JOIN stock_rows AS e
    ON e.shop = s.shop
    AND e.happened_at <= s.cutoff
  GROUP BY s.shop, s.cutoff
),

-- returns in (-∞, t], t being the cutoff
returns_all AS (
  SELECT s.shop, s.cutoff, MAX(e.happened_at) AS return_1
  FROM existing AS s
  JOIN returns_rows AS e
    ON e.shop = s.shop
    AND e.happened_at <= s.cutoff
  GROUP BY s.shop, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.shop, c.cutoff, s1.hours_1, COALESCE(s1.days, 0) AS days, s1.is_new_1, s2.return_1
  FROM existing AS c
  LEFT JOIN stock_all AS s1
    ON s1.shop = c.shop
    AND s1.cutoff = c.cutoff
  LEFT JOIN returns_all AS s2
    ON s2.shop = c.shop
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATE_DIFF('microsecond', v.hours_1, v.cutoff) AS DOUBLE) / 3600000000 AS hours,
    CAST(DATE_DIFF('microsecond', v.return_1, v.cutoff) AS DOUBLE) / 60000000 AS return,
    v.is_new_1 > TIMESTAMP '2024-10-26 22:00:00' AS is_new
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '1 day' <= r.known_until
),

-- stock in (t, t + 1 day], t being the cutoff
stock_next_1d AS (
  SELECT s.shop, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN stock_rows AS e
    ON e.shop = s.shop
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '1 day'
  GROUP BY s.shop, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN stock_next_1d AS s1
    ON s1.shop = v.shop
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

SELECT p.shop, p.cutoff, p.hours, p.days, p.return, p.is_new, p.label, p.split
FROM parts AS p
ORDER BY p.shop NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: counts.scoring.sql
-- The rows of `counts` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE counts_scoring AS
WITH
-- stock: its rows, times in UTC
stock_rows AS (
  SELECT
    shop,
    CASE WHEN REGEXP_MATCHES(CAST(counted_at AS VARCHAR), '[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)$') THEN CASE WHEN TYPEOF(counted_at) IN ('DATE', 'TIMESTAMP') THEN CAST(counted_at AS TIMESTAMP) ELSE CAST(CAST(counted_at AS TIMESTAMPTZ) AS TIMESTAMP) END ELSE TIMEZONE('UTC', TIMEZONE('Europe/Paris', CAST(counted_at AS TIMESTAMP))) END AS happened_at,
    CASE WHEN REGEXP_MATCHES(CAST(counted_at AS VARCHAR), '[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)$') THEN CASE WHEN TYPEOF(counted_at) IN ('DATE', 'TIMESTAMP') THEN CAST(counted_at AS TIMESTAMP) ELSE CAST(CAST(counted_at AS TIMESTAMPTZ) AS TIMESTAMP) END ELSE TIMEZONE('UTC', TIMEZONE('Europe/Paris', CAST(counted_at AS TIMESTAMP))) END AS counted_at
  FROM READ_CSV('data/stock.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE counted_at IS NOT NULL
),

-- returns: its rows, times in UTC
returns_rows AS (
  SELECT
    shop,
    CASE WHEN REGEXP_MATCHES(CAST(returned_at AS VARCHAR), '[T ][0-9:.]+ ?([Zz]|[+-][0-9:]+)$') THEN CASE WHEN TYPEOF(returned_at) IN ('DATE', 'TIMESTAMP') THEN CAST(returned_at AS TIMESTAMP) ELSE CAST(CAST(returned_at AS TIMESTAMPTZ) AS TIMESTAMP) END ELSE TIMEZONE('UTC', TIMEZONE('Europe/Paris', CAST(returned_at AS TIMESTAMP))) END AS happened_at
  FROM READ_CSV('data/returns.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE returned_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM stock_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM returns_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every shop, from its first row on
first_seen AS (
  SELECT e.shop, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.shop, e.happened_at AS known_at
    FROM stock_rows AS e
    UNION ALL
    SELECT e.shop, e.happened_at AS known_at
    FROM returns_rows AS e
  ) AS e
  WHERE e.shop IS NOT NULL
  GROUP BY e.shop
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.shop, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a shop exists from its first row on
existing AS (
  SELECT c.shop, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- stock in (-∞, t], t being the cutoff
stock_all AS (
  SELECT
    s.shop,
    s.cutoff,
    MAX(e.happened_at) AS hours_1,
    COUNT(DISTINCT DATE_TRUNC(
      'day',
      TIMEZONE('Europe/Paris', TIMEZONE('UTC', e.happened_at))
    )) AS days,
    MIN(e.counted_at) AS is_new_1
  FROM existing AS s
  JOIN stock_rows AS e
    ON e.shop = s.shop
    AND e.happened_at <= s.cutoff
  GROUP BY s.shop, s.cutoff
),

-- returns in (-∞, t], t being the cutoff
returns_all AS (
  SELECT s.shop, s.cutoff, MAX(e.happened_at) AS return_1
  FROM existing AS s
  JOIN returns_rows AS e
    ON e.shop = s.shop
    AND e.happened_at <= s.cutoff
  GROUP BY s.shop, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.shop, c.cutoff, s1.hours_1, COALESCE(s1.days, 0) AS days, s1.is_new_1, s2.return_1
  FROM existing AS c
  LEFT JOIN stock_all AS s1
    ON s1.shop = c.shop
    AND s1.cutoff = c.cutoff
  LEFT JOIN returns_all AS s2
    ON s2.shop = c.shop
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATE_DIFF('microsecond', v.hours_1, v.cutoff) AS DOUBLE) / 3600000000 AS hours,
    CAST(DATE_DIFF('microsecond', v.return_1, v.cutoff) AS DOUBLE) / 60000000 AS return,
    v.is_new_1 > TIMESTAMP '2024-10-26 22:00:00' AS is_new
  FROM features AS v
)

SELECT
  v.shop,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '1 day' > r.as_of AS open,
  v.hours,
  v.days,
  v.return,
  v.is_new
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.shop NULLS LAST, v.cutoff NULLS LAST;
