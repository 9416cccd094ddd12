-- file: sells_out.training.sql
-- The training set of `sells_out`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(counts where pieces = 0) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE sells_out_training AS
WITH
-- counts: its rows, times in UTC
counts_rows AS (
  SELECT
    store_id,
    sku,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    pieces
  FROM shop.public.counts
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM counts_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every item, from its first row on
first_seen AS (
  SELECT e.store_id, e.sku, MIN(e.happened_at) AS exists_from
  FROM counts_rows AS e
  WHERE e.store_id IS NOT NULL
    AND e.sku IS NOT NULL
  GROUP BY e.store_id, e.sku
),

-- as written
stated AS (
  SELECT '2024-01-08 00:00:00'::TIMESTAMP_NTZ AS cutoff
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
  SELECT f.store_id, f.sku, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a item exists from its first row on
existing AS (
  SELECT c.store_id, c.sku, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- counts in (-∞, t], t being the cutoff
counts_all AS (
  SELECT s.store_id, s.sku, s.cutoff, COUNT(*) AS counts
  FROM existing AS s
  JOIN counts_rows AS e
    ON e.store_id = s.store_id
    AND e.sku = s.sku
    AND e.happened_at <= s.cutoff
  GROUP BY s.store_id, s.sku, s.cutoff
),

-- counts in (-∞, t], t being the cutoff: the row that last takes
stock_row AS (
  SELECT s.store_id, s.sku, s.cutoff, e.pieces AS stock
  FROM existing AS s
  JOIN counts_rows AS e
    ON e.store_id = s.store_id
    AND e.sku = s.sku
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.store_id, s.sku, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.pieces DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.store_id, c.sku, c.cutoff, COALESCE(s1.counts, 0) AS counts, s2.stock
  FROM existing AS c
  LEFT JOIN counts_all AS s1
    ON s1.store_id = c.store_id
    AND s1.sku = c.sku
    AND s1.cutoff = c.cutoff
  LEFT JOIN stock_row AS s2
    ON s2.store_id = c.store_id
    AND s2.sku = c.sku
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- counts in (t, t + 7 days], t being the cutoff
counts_next_7d AS (
  SELECT s.store_id, s.sku, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN counts_rows AS e
    ON e.store_id = s.store_id
    AND e.sku = s.sku
    AND e.happened_at > s.cutoff
    AND e.happened_at <= DATEADD('day', 7, s.cutoff)
  WHERE e.pieces = 0
  GROUP BY s.store_id, s.sku, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN counts_next_7d AS s1
    ON s1.store_id = v.store_id
    AND s1.sku = v.sku
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

SELECT p.store_id, p.sku, p.cutoff, p.stock, p.counts, p.label, p.split
FROM parts AS p
ORDER BY p.store_id NULLS LAST, p.sku NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: sells_out.scoring.sql
-- The rows of `sells_out` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE sells_out_scoring AS
WITH
-- counts: its rows, times in UTC
counts_rows AS (
  SELECT
    store_id,
    sku,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    pieces
  FROM shop.public.counts
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM counts_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every item, from its first row on
first_seen AS (
  SELECT e.store_id, e.sku, MIN(e.happened_at) AS exists_from
  FROM counts_rows AS e
  WHERE e.store_id IS NOT NULL
    AND e.sku IS NOT NULL
  GROUP BY e.store_id, e.sku
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.store_id, f.sku, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a item exists from its first row on
existing AS (
  SELECT c.store_id, c.sku, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- counts in (-∞, t], t being the cutoff
counts_all AS (
  SELECT s.store_id, s.sku, s.cutoff, COUNT(*) AS counts
  FROM existing AS s
  JOIN counts_rows AS e
    ON e.store_id = s.store_id
    AND e.sku = s.sku
    AND e.happened_at <= s.cutoff
  GROUP BY s.store_id, s.sku, s.cutoff
),

-- counts in (-∞, t], t being the cutoff: the row that last takes
stock_row AS (
  SELECT s.store_id, s.sku, s.cutoff, e.pieces AS stock
  FROM existing AS s
  JOIN counts_rows AS e
    ON e.store_id = s.store_id
    AND e.sku = s.sku
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.store_id, s.sku, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.pieces DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.store_id, c.sku, c.cutoff, COALESCE(s1.counts, 0) AS counts, s2.stock
  FROM existing AS c
  LEFT JOIN counts_all AS s1
    ON s1.store_id = c.store_id
    AND s1.sku = c.sku
    AND s1.cutoff = c.cutoff
  LEFT JOIN stock_row AS s2
    ON s2.store_id = c.store_id
    AND s2.sku = c.sku
    AND s2.cutoff = c.cutoff
)

SELECT
  v.store_id,
  v.sku,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.stock,
  v.counts
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.store_id NULLS LAST, v.sku NULLS LAST, v.cutoff NULLS LAST;
