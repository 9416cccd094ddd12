-- file: leaving.training.sql
-- The training set of `leaving`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: not exists(shop.orders) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE leaving_training AS
WITH
-- shop_products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, category
  FROM shop.products
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.buyer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    products.category AS products_category,
    r.amount
  FROM wholesale.orders AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
),

-- shop_orders: its rows, times in UTC
shop_orders_rows AS (
  SELECT
    customer_id AS buyer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(amount AS FLOAT) AS amount
  FROM shop.orders
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM orders_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM shop_orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every shop_customer, from its first row on
first_seen AS (
  SELECT e.buyer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.buyer_id, e.happened_at AS known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.buyer_id, e.happened_at AS known_at
    FROM shop_orders_rows AS e
  ) AS e
  WHERE e.buyer_id IS NOT NULL
  GROUP BY e.buyer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    DATE_TRUNC('day', DATEADD('day', -7, r.known_until)) AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT DATEADD('day', 7 * CAST(n.value AS INT), b.anchor_instant) AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
    ) AS NUMBER(38, 0))
      - 1,
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
    ) AS NUMBER(38, 0))
      + 3
  )) AS n
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND DATEADD('day', 7, b.cutoff) <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- every cutoff, and orders in (-∞, t], t being the cutoff: each row, and the number of the first such t
orders_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.buyer_id IS NOT NULL
    AND e.products_category = 'tea'
    AND e.amount > 10
),

-- what the rows add that a cutoff is the first to see
orders_all_seen AS (
  SELECT e.buyer_id, e.number, COUNT(*) AS orders
  FROM orders_all_rows AS e
  GROUP BY e.buyer_id, e.number
  UNION ALL
  SELECT
    f.buyer_id,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS orders
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
orders_all_running AS (
  SELECT
    c.buyer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.buyer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.orders) OVER (
      PARTITION BY c.buyer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS orders
  FROM orders_all_seen AS c
),

-- every cutoff, and orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT r.buyer_id, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.orders
  FROM orders_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- shop_orders in (t - 30 days, t], t being the cutoff: each row once at each such t
shop_orders_30d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM shop_orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 2592000000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 2592000000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.buyer_id IS NOT NULL
),

-- shop_orders in (t - 30 days, t], t being the cutoff
shop_orders_30d AS (
  SELECT e.buyer_id, e.cutoff, CAST(SUM(CAST(e.amount AS NUMBER(38, 9))) AS FLOAT) AS shop_revenue
  FROM shop_orders_30d_rows AS e
  GROUP BY e.buyer_id, e.cutoff
),

-- shop_orders in (-∞, t], t being the cutoff: each row, and the number of the first such t
shop_orders_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM shop_orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.buyer_id IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
shop_orders_all_seen AS (
  SELECT e.buyer_id, e.number, COUNT(*) AS sums_1
  FROM shop_orders_all_rows AS e
  GROUP BY e.buyer_id, e.number
),

-- added up, and up to which cutoff they stay
shop_orders_all_running AS (
  SELECT
    c.buyer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.buyer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.sums_1) OVER (
      PARTITION BY c.buyer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS sums_1
  FROM shop_orders_all_seen AS c
),

-- shop_orders in (-∞, t], t being the cutoff
shop_orders_all AS (
  SELECT r.buyer_id, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.sums_1
  FROM shop_orders_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- what was known at each cutoff
features AS (
  SELECT
    c.buyer_id,
    c.cutoff,
    COALESCE(c.orders, 0) AS orders,
    COALESCE(s1.shop_revenue, 0) AS shop_revenue,
    COALESCE(s2.sums_1, 0) AS sums_1
  FROM orders_all AS c
  LEFT JOIN shop_orders_30d AS s1
    ON s1.buyer_id = c.buyer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN shop_orders_all AS s2
    ON s2.buyer_id = c.buyer_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.shop_revenue + CAST(v.orders AS FLOAT) + CAST(v.sums_1 AS FLOAT) AS sums
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- shop_orders in (t, t + 7 days], t being the cutoff: each row once at each such t
shop_orders_next_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM shop_orders_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        - 604800000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) - 604800000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.buyer_id IS NOT NULL
),

-- shop_orders in (t, t + 7 days], t being the cutoff
shop_orders_next_7d AS (
  SELECT e.buyer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM shop_orders_next_7d_rows AS e
  GROUP BY e.buyer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, NOT COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN shop_orders_next_7d AS s1
    ON s1.buyer_id = v.buyer_id
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

-- where the validation part starts: the boundary nearest to 70 of 100
validation_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 2
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 70) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- where the test part starts: the boundary nearest to 85 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  CROSS JOIN validation_start AS p
  WHERE c.position >= 2
    AND c.position <= c.cutoffs - 1
    AND c.position > p.position
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 85) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT
    e.*,
    CASE
      WHEN e.cutoff >= p2.starts_at THEN 'test'
      WHEN e.cutoff >= p1.starts_at THEN 'validation'
      ELSE 'train'
    END AS split
  FROM examples AS e
  CROSS JOIN validation_start AS p1
  CROSS JOIN test_start AS p2
  WHERE e.cutoff >= p2.starts_at
      OR e.cutoff >= p1.starts_at AND DATEADD('day', 7, e.cutoff) <= p2.starts_at
      OR DATEADD('day', 7, e.cutoff) <= p1.starts_at
)

SELECT p.buyer_id, p.cutoff, p.orders, p.sums, p.shop_revenue, p.label, p.split
FROM parts AS p
ORDER BY p.buyer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: leaving.scoring.sql
-- The rows of `leaving` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE leaving_scoring AS
WITH
-- shop_products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, category
  FROM shop.products
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.buyer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    products.category AS products_category,
    r.amount
  FROM wholesale.orders AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
),

-- shop_orders: its rows, times in UTC
shop_orders_rows AS (
  SELECT
    customer_id AS buyer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ordered_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(amount AS FLOAT) AS amount
  FROM shop.orders
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM orders_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM shop_orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every shop_customer, from its first row on
first_seen AS (
  SELECT e.buyer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.buyer_id, e.happened_at AS known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.buyer_id, e.happened_at AS known_at
    FROM shop_orders_rows AS e
  ) AS e
  WHERE e.buyer_id IS NOT NULL
  GROUP BY e.buyer_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.buyer_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a shop_customer exists from its first row on
existing AS (
  SELECT c.buyer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT s.buyer_id, s.cutoff, COUNT(*) AS orders
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.buyer_id = s.buyer_id
    AND e.happened_at <= s.cutoff
  WHERE e.products_category = 'tea'
    AND e.amount > 10
  GROUP BY s.buyer_id, s.cutoff
),

-- shop_orders in (t - 30 days, t], t being the cutoff
shop_orders_30d AS (
  SELECT s.buyer_id, s.cutoff, CAST(SUM(CAST(e.amount AS NUMBER(38, 9))) AS FLOAT) AS shop_revenue
  FROM existing AS s
  JOIN shop_orders_rows AS e
    ON e.buyer_id = s.buyer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  GROUP BY s.buyer_id, s.cutoff
),

-- shop_orders in (-∞, t], t being the cutoff
shop_orders_all AS (
  SELECT s.buyer_id, s.cutoff, COUNT(*) AS sums_1
  FROM existing AS s
  JOIN shop_orders_rows AS e
    ON e.buyer_id = s.buyer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.buyer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.buyer_id,
    c.cutoff,
    COALESCE(s1.orders, 0) AS orders,
    COALESCE(s2.shop_revenue, 0) AS shop_revenue,
    COALESCE(s3.sums_1, 0) AS sums_1
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.buyer_id = c.buyer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN shop_orders_30d AS s2
    ON s2.buyer_id = c.buyer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN shop_orders_all AS s3
    ON s3.buyer_id = c.buyer_id
    AND s3.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.shop_revenue + CAST(v.orders AS FLOAT) + CAST(v.sums_1 AS FLOAT) AS sums
  FROM features AS v
)

SELECT
  v.buyer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.orders,
  v.sums,
  v.shop_revenue
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.buyer_id NULLS LAST, v.cutoff NULLS LAST;
