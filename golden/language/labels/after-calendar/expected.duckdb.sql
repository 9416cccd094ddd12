-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: silent after 1 month
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-30 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-31 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-02-29 00:00:00' AS cutoff
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
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (t - 1 month, t], t being the cutoff
orders_1mo AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS orders, COUNT(*) > 0 AS silent_1
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '1 month'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.orders, 0) AS orders,
    COALESCE(s1.silent_1, FALSE) AS silent_1
  FROM existing AS c
  LEFT JOIN orders_1mo AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, NOT v.silent_1 AS silent
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '1 month' <= r.known_until
),

-- orders in (t + 1 month - 1 month, t + 1 month], t being the cutoff
orders_1mo_after_1mo AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS silent_after_1mo_1
  FROM mature AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff + INTERVAL '1 month'
    AND e.happened_at > s.cutoff + INTERVAL '1 month' - INTERVAL '1 month'
  GROUP BY s.customer_id, s.cutoff
),

-- what came after the cutoff
outcomes AS (
  SELECT v.*, COALESCE(s1.silent_after_1mo_1, FALSE) AS silent_after_1mo_1
  FROM mature AS v
  LEFT JOIN orders_1mo_after_1mo AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
),

-- values made from those above
outcomes_1 AS (
  SELECT v.*, NOT v.silent_after_1mo_1 AS silent_after_1mo
  FROM outcomes AS v
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.silent_after_1mo AS label
  FROM outcomes_1 AS v
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM labelled AS v
  WHERE v.label IS NOT NULL
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT
    e.*,
    CASE WHEN e.cutoff >= TIMESTAMP '2024-02-29 00:00:00' THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  WHERE e.cutoff >= TIMESTAMP '2024-02-29 00:00:00'
      OR e.cutoff + INTERVAL '1 month' <= TIMESTAMP '2024-02-29 00:00:00'
)

SELECT p.customer_id, p.cutoff, p.orders, p.silent, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.customer_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (t - 1 month, t], t being the cutoff
orders_1mo AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS orders, COUNT(*) > 0 AS silent_1
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '1 month'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.orders, 0) AS orders,
    COALESCE(s1.silent_1, FALSE) AS silent_1
  FROM existing AS c
  LEFT JOIN orders_1mo AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, NOT v.silent_1 AS silent
  FROM features AS v
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '1 month' > r.as_of AS open,
  v.orders,
  v.silent
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
