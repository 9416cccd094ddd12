-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(orders) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    channel,
    amount
  FROM shop.public.orders
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

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    MAX(e.happened_at) AS days_1,
    MAX(CASE WHEN e.channel = 'shop' THEN e.happened_at END) AS hours_1,
    MIN(e.happened_at) AS known_1
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.customer_id, s.cutoff, MAX(e.happened_at) AS minutes_1
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -7, s.cutoff)
  WHERE e.amount >= 20
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, s1.days_1, s1.hours_1, s1.known_1, s2.minutes_1
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_7d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATEDIFF('microsecond', v.days_1, v.cutoff) AS FLOAT) / 86400000000 AS days,
    CAST(DATEDIFF('microsecond', v.hours_1, v.cutoff) AS FLOAT) / 3600000000 AS hours,
    CAST(DATEDIFF('microsecond', v.minutes_1, v.cutoff) AS FLOAT) / 60000000 AS minutes,
    CAST(DATEDIFF('microsecond', v.known_1, v.cutoff) AS FLOAT) / 604800000000 AS known
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= DATEADD('day', 7, s.cutoff)
  GROUP BY s.customer_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_7d AS s1
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

SELECT p.customer_id, p.cutoff, p.days, p.hours, p.minutes, p.known, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    channel,
    amount
  FROM shop.public.orders
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

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    MAX(e.happened_at) AS days_1,
    MAX(CASE WHEN e.channel = 'shop' THEN e.happened_at END) AS hours_1,
    MIN(e.happened_at) AS known_1
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.customer_id, s.cutoff, MAX(e.happened_at) AS minutes_1
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -7, s.cutoff)
  WHERE e.amount >= 20
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, s1.days_1, s1.hours_1, s1.known_1, s2.minutes_1
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_7d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(DATEDIFF('microsecond', v.days_1, v.cutoff) AS FLOAT) / 86400000000 AS days,
    CAST(DATEDIFF('microsecond', v.hours_1, v.cutoff) AS FLOAT) / 3600000000 AS hours,
    CAST(DATEDIFF('microsecond', v.minutes_1, v.cutoff) AS FLOAT) / 60000000 AS minutes,
    CAST(DATEDIFF('microsecond', v.known_1, v.cutoff) AS FLOAT) / 604800000000 AS known
  FROM features AS v
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.days,
  v.hours,
  v.minutes,
  v.known
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
