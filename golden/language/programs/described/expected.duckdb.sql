-- file: buys.sources.sql
-- The sources that `buys` reads.
SET TimeZone = 'UTC';

WITH
-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, category
  FROM READ_CSV('data/products.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(r.amount AS DOUBLE) AS amount,
    products.category AS products_category
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
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

-- products: its rows, which never change
orders_products_2 AS (
  SELECT product_id AS key_1, category
  FROM READ_CSV('data/products.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- each source that the model reads, rows that its `where` leaves out not counted
lines AS (
  SELECT
    1 AS ordinal,
    'profile' AS source,
    COUNT(*) AS row_count,
    0 AS rows_without_time,
    COUNT(CASE WHEN e.customer_id IS NULL THEN 1 END) AS rows_without_key,
    0 AS rows_without_partner,
    CAST(NULL AS TIMESTAMP) AS first_time,
    CAST(NULL AS TIMESTAMP) AS last_time
  FROM (
    SELECT customer_id
    FROM READ_CSV('data/profile.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  ) AS e
  UNION ALL
  SELECT
    2 AS ordinal,
    'orders' AS source,
    COUNT(*) AS row_count,
    COUNT(CASE WHEN e.happened_at IS NULL THEN 1 END) AS rows_without_time,
    COUNT(CASE WHEN e.customer_id IS NULL THEN 1 END) AS rows_without_key,
    COUNT(CASE WHEN e.lacks_partner THEN 1 END) AS rows_without_partner,
    MIN(e.happened_at) AS first_time,
    MAX(e.happened_at) AS last_time
  FROM (
    SELECT
      r.customer_id,
      CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
      products.key_1 IS NULL AS lacks_partner
    FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
    LEFT JOIN orders_products_2 AS products ON products.key_1 = r.product_id
  ) AS e
)

SELECT
  l.source,
  l.row_count,
  l.rows_without_time,
  l.rows_without_key,
  l.rows_without_partner,
  l.first_time,
  l.last_time,
  r.as_of
FROM lines AS l
CROSS JOIN run AS r
ORDER BY l.ordinal NULLS LAST;

-- file: buys.keys.sql
-- Keys under which `buys` reads one row and finds several: there must be none.
SET TimeZone = 'UTC';

WITH
-- profile: its rows, which never change
profile_rows AS (
  SELECT customer_id, country
  FROM READ_CSV('data/profile.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, category
  FROM READ_CSV('data/products.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- keys under which several rows lie
doubled AS (
  SELECT
    1 AS ordinal,
    'profile' AS source,
    CAST(NULL AS VARCHAR) AS joined,
    CAST(k.customer_id AS VARCHAR) AS key_text,
    k.row_count
  FROM (
    SELECT e.customer_id, COUNT(*) AS row_count
    FROM profile_rows AS e
    WHERE e.customer_id IS NOT NULL
    GROUP BY e.customer_id
  ) AS k
  WHERE k.row_count > 1
  UNION ALL
  SELECT
    2 AS ordinal,
    'orders' AS source,
    'products' AS joined,
    CAST(k.key_1 AS VARCHAR) AS key_text,
    k.row_count
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  JOIN (
    SELECT e.key_1, COUNT(*) AS row_count
    FROM orders_products AS e
    WHERE e.key_1 IS NOT NULL
    GROUP BY e.key_1
  ) AS k
    ON k.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
    AND k.row_count > 1
  GROUP BY k.key_1, k.row_count
)

SELECT
  d.source,
  d.joined,
  d.key_text,
  d.row_count,
  COUNT(*) OVER (PARTITION BY d.ordinal) AS keys_in_all
FROM doubled AS d
QUALIFY ROW_NUMBER() OVER (PARTITION BY d.ordinal ORDER BY d.key_text NULLS LAST) <= 5
ORDER BY d.ordinal NULLS LAST, d.key_text NULLS LAST;

-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(orders) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- profile: its rows, which never change
profile_rows AS (
  SELECT customer_id, country
  FROM READ_CSV('data/profile.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, category
  FROM READ_CSV('data/products.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(r.amount AS DOUBLE) AS amount,
    products.category AS products_category
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
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
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, TIMESTAMP '0001-01-01 00:00:00' AS known_at
    FROM profile_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-05 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-10 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-20 00:00:00' AS cutoff
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

-- profile, the same at every cutoff: the row that last takes
country_row AS (
  SELECT e.customer_id, e.country
  FROM profile_rows AS e
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.customer_id ORDER BY e.country DESC NULLS LAST) = 1
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT s.customer_id, s.cutoff, CAST(SUM(CAST(e.amount AS DECIMAL(38, 9))) AS DOUBLE) AS tea_30d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  WHERE e.products_category = 'tea'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, s1.country, COALESCE(s2.tea_30d, 0) AS tea_30d
  FROM existing AS c
  LEFT JOIN country_row AS s1 ON s1.customer_id = c.customer_id
  LEFT JOIN orders_30d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.country, p.tea_30d, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.counts.sql
-- How many rows of `buys` are left after each step.
SET TimeZone = 'UTC';

WITH
-- profile: its rows, which never change
profile_rows AS (
  SELECT customer_id, country
  FROM READ_CSV('data/profile.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, category
  FROM READ_CSV('data/products.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(r.amount AS DOUBLE) AS amount,
    products.category AS products_category
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
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
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, TIMESTAMP '0001-01-01 00:00:00' AS known_at
    FROM profile_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-05 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-10 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-20 00:00:00' AS cutoff
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

-- profile, the same at every cutoff: the row that last takes
country_row AS (
  SELECT e.customer_id, e.country
  FROM profile_rows AS e
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.customer_id ORDER BY e.country DESC NULLS LAST) = 1
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT s.customer_id, s.cutoff, CAST(SUM(CAST(e.amount AS DECIMAL(38, 9))) AS DOUBLE) AS tea_30d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  WHERE e.products_category = 'tea'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, s1.country, COALESCE(s2.tea_30d, 0) AS tea_30d
  FROM existing AS c
  LEFT JOIN country_row AS s1 ON s1.customer_id = c.customer_id
  LEFT JOIN orders_30d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
),

-- rows left after each step
counted AS (
  SELECT 1 AS ordinal, 'cutoffs' AS step, COUNT(*) AS rows_left
  FROM cutoffs
  UNION ALL
  SELECT 2 AS ordinal, 'existence' AS step, COUNT(*) AS rows_left
  FROM existing
  UNION ALL
  SELECT 3 AS ordinal, 'maturity' AS step, COUNT(*) AS rows_left
  FROM mature
  UNION ALL
  SELECT 4 AS ordinal, 'labels' AS step, COUNT(*) AS rows_left
  FROM examples
  UNION ALL
  SELECT 5 AS ordinal, 'split' AS step, COUNT(*) AS rows_left
  FROM parts
)

SELECT c.ordinal, c.step, c.rows_left
FROM counted AS c
ORDER BY c.ordinal NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- profile: its rows, which never change
profile_rows AS (
  SELECT customer_id, country
  FROM READ_CSV('data/profile.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, category
  FROM READ_CSV('data/products.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(r.amount AS DOUBLE) AS amount,
    products.category AS products_category
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
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
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, TIMESTAMP '0001-01-01 00:00:00' AS known_at
    FROM profile_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
  ) AS e
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

-- profile, the same at every cutoff: the row that last takes
country_row AS (
  SELECT e.customer_id, e.country
  FROM profile_rows AS e
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.customer_id ORDER BY e.country DESC NULLS LAST) = 1
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT s.customer_id, s.cutoff, CAST(SUM(CAST(e.amount AS DECIMAL(38, 9))) AS DOUBLE) AS tea_30d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  WHERE e.products_category = 'tea'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, s1.country, COALESCE(s2.tea_30d, 0) AS tea_30d
  FROM existing AS c
  LEFT JOIN country_row AS s1 ON s1.customer_id = c.customer_id
  LEFT JOIN orders_30d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.country,
  v.tea_30d
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
