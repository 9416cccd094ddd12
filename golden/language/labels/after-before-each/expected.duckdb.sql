-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: (count(orders) > 3) after 2 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant
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

-- what each row of orders adds to each value
orders_marks AS (
  SELECT e.customer_id, e.instant, e.happened_at
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of orders could see before its own instant
orders_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    COUNT(*) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS orders,
    COUNT(*) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 172800000000 FOLLOWING
    ) AS label_1
  FROM orders_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff, e.orders, e.label_1
  FROM orders_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, c.orders, c.label_1
  FROM cutoffs AS c
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '2 days' <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 > 3 AS label
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

-- where the test part starts: the boundary nearest to 70 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 1
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 70) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT e.*, CASE WHEN e.cutoff >= p1.starts_at THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  CROSS JOIN test_start AS p1
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '2 days' <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.orders, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant
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

-- what each row of orders adds to each value
orders_marks AS (
  SELECT e.customer_id, e.instant, e.happened_at
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of orders could see before its own instant
orders_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    COUNT(*) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS orders
  FROM orders_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff, e.orders
  FROM orders_history AS e
),

-- the latest cutoff of each customer
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.customer_id ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, c.orders
  FROM latest AS c
)

SELECT v.customer_id, v.cutoff, r.as_of, v.cutoff + INTERVAL '2 days' > r.as_of AS open, v.orders
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
