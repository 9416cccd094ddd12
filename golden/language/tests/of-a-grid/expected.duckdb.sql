-- file: churn.training.sql
-- The training set of `churn`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: not exists(orders) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE churn_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    status,
    CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS status_known_at
  FROM shop.orders
  WHERE (channel IS NULL OR channel <> 'test')
    AND ordered_at IS NOT NULL
),

-- profile: its rows, which never change
profile_rows AS (
  SELECT customer_id, country
  FROM shop.profile
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
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, TIMESTAMP '0001-01-01 00:00:00' AS known_at
    FROM profile_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    TIMESTAMP '2024-03-01 00:00:00' AS first_instant,
    r.known_until AS last_instant,
    TIMESTAMP '2024-03-01 00:00:00' AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT
    b.anchor_instant + UNNEST(RANGE(
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
      ) AS BIGINT)
        - 1,
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
      ) AS BIGINT)
        + 3
    )) * INTERVAL '7 days' AS cutoff,
    b.*
  FROM grid_bounds AS b
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff + INTERVAL '7 days' <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (t - 7 days, t], t being the cutoff: each row once at each such t
orders_7d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 604800000000
          + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS orders_7d
  FROM orders_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS paid
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  WHERE CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'paid'
  GROUP BY s.customer_id, s.cutoff
),

-- profile, the same at every cutoff: the row that last takes
is_local_1_row AS (
  SELECT e.customer_id, e.country AS is_local_1
  FROM profile_rows AS e
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.customer_id ORDER BY e.country DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.orders_7d, 0) AS orders_7d,
    COALESCE(s2.paid, 0) AS paid,
    s3.is_local_1
  FROM existing AS c
  LEFT JOIN orders_7d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_all AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN is_local_1_row AS s3 ON s3.customer_id = c.customer_id
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.is_local_1 = 'DE' AS is_local, v.orders_7d > 0 AS is_eligible
  FROM features AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1 AS v
  WHERE v.is_eligible
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM eligible AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- orders in (t, t + 7 days], t being the cutoff: each row once at each such t
orders_next_7d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          - 604800000000
          + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM orders_next_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, NOT COALESCE(s1.label_1, FALSE) AS label
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

-- where the validation part starts: the boundary nearest to 60 of 100
validation_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 2
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 60) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- where the test part starts: the boundary nearest to 80 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  CROSS JOIN validation_start AS p
  WHERE c.position >= 2
    AND c.position <= c.cutoffs - 1
    AND c.position > p.position
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 80) NULLS LAST, c.cutoff NULLS LAST
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
      OR e.cutoff >= p1.starts_at AND e.cutoff + INTERVAL '7 days' <= p2.starts_at
      OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.orders_7d, p.paid, p.is_local, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: churn.scoring.sql
-- The rows of `churn` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE churn_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    status,
    CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS status_known_at
  FROM shop.orders
  WHERE (channel IS NULL OR channel <> 'test')
    AND ordered_at IS NOT NULL
),

-- profile: its rows, which never change
profile_rows AS (
  SELECT customer_id, country
  FROM shop.profile
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
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, TIMESTAMP '0001-01-01 00:00:00' AS known_at
    FROM profile_rows AS e
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

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS orders_7d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS paid
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  WHERE CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'paid'
  GROUP BY s.customer_id, s.cutoff
),

-- profile, the same at every cutoff: the row that last takes
is_local_1_row AS (
  SELECT e.customer_id, e.country AS is_local_1
  FROM profile_rows AS e
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.customer_id ORDER BY e.country DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.orders_7d, 0) AS orders_7d,
    COALESCE(s2.paid, 0) AS paid,
    s3.is_local_1
  FROM existing AS c
  LEFT JOIN orders_7d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_all AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN is_local_1_row AS s3 ON s3.customer_id = c.customer_id
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.is_local_1 = 'DE' AS is_local, v.orders_7d > 0 AS is_eligible
  FROM features AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1 AS v
  WHERE v.is_eligible
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.orders_7d,
  v.paid,
  v.is_local
FROM eligible AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;

-- file: test.1.sql
-- customer 'c1' at 2024-01-31, as `churn` sees it.
SET TimeZone = 'UTC';

WITH
-- orders: its rows, times in UTC, as known at the run's instant
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END <= TIMESTAMP '9999-12-31 00:00:00' THEN status
    END AS status,
    CASE WHEN TYPEOF(closed_at) IN ('DATE', 'TIMESTAMP') THEN CAST(closed_at AS TIMESTAMP) ELSE CAST(CAST(closed_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS status_known_at
  FROM (
    SELECT
      CAST('c1' AS VARCHAR) AS customer_id,
      CAST(TIMESTAMP '2024-01-20 00:00:00' AS TIMESTAMP) AS ordered_at,
      CAST(NULL AS VARCHAR) AS channel,
      CAST(TIMESTAMP '2024-01-22 00:00:00' AS TIMESTAMP) AS closed_at,
      CAST('paid' AS VARCHAR) AS status
    UNION ALL
    SELECT
      CAST('c1' AS VARCHAR) AS customer_id,
      CAST(TIMESTAMP '2024-01-30 00:00:00' AS TIMESTAMP) AS ordered_at,
      CAST(NULL AS VARCHAR) AS channel,
      CAST(TIMESTAMP '2024-02-02 00:00:00' AS TIMESTAMP) AS closed_at,
      CAST('paid' AS VARCHAR) AS status
    UNION ALL
    SELECT
      CAST('c1' AS VARCHAR) AS customer_id,
      CAST(TIMESTAMP '2024-02-01 00:00:00' AS TIMESTAMP) AS ordered_at,
      CAST(NULL AS VARCHAR) AS channel,
      CAST(NULL AS TIMESTAMP) AS closed_at,
      CAST(NULL AS VARCHAR) AS status
    UNION ALL
    SELECT
      CAST('c2' AS VARCHAR) AS customer_id,
      CAST(TIMESTAMP '2024-01-30 00:00:00' AS TIMESTAMP) AS ordered_at,
      CAST(NULL AS VARCHAR) AS channel,
      CAST(NULL AS TIMESTAMP) AS closed_at,
      CAST(NULL AS VARCHAR) AS status
    UNION ALL
    SELECT
      CAST('c1' AS VARCHAR) AS customer_id,
      CAST(TIMESTAMP '2024-01-30 00:00:00' AS TIMESTAMP) AS ordered_at,
      CAST('test' AS VARCHAR) AS channel,
      CAST(NULL AS TIMESTAMP) AS closed_at,
      CAST(NULL AS VARCHAR) AS status
  ) AS r
  WHERE (channel IS NULL OR channel <> 'test')
    AND ordered_at IS NOT NULL
    AND CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END <= TIMESTAMP '9999-12-31 00:00:00'
),

-- profile: its rows, which never change
profile_rows AS (
  SELECT customer_id, country
  FROM (
    SELECT CAST('c1' AS VARCHAR) AS customer_id, CAST('DE' AS VARCHAR) AS country
    UNION ALL
    SELECT CAST('c2' AS VARCHAR) AS customer_id, CAST('FR' AS VARCHAR) AS country
  ) AS r
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM orders_rows
),

-- as of the stated instant; labels are known until their sources end
run AS (
  SELECT
    TIMESTAMP '9999-12-31 00:00:00' AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, TIMESTAMP '0001-01-01 00:00:00' AS known_at
    FROM profile_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-31 00:00:00' AS cutoff
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

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS orders_7d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(
      CASE WHEN CASE WHEN e.status_known_at <= s.cutoff THEN e.status END = 'paid' THEN 1 END
    ) AS paid,
    MIN(e.happened_at) AS first_at
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- profile, the same at every cutoff: the row that last takes
is_local_1_row AS (
  SELECT e.customer_id, e.country AS is_local_1
  FROM profile_rows AS e
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.customer_id ORDER BY e.country DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.orders_7d, 0) AS orders_7d,
    COALESCE(s2.paid, 0) AS paid,
    s2.first_at,
    s3.is_local_1
  FROM existing AS c
  LEFT JOIN orders_7d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_all AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN is_local_1_row AS s3 ON s3.customer_id = c.customer_id
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.is_local_1 = 'DE' AS is_local, v.orders_7d > 0 AS is_eligible
  FROM features AS v
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM derived_1 AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.customer_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, NOT COALESCE(s1.label_1, FALSE) AS label
  FROM derived_1 AS v
  LEFT JOIN orders_next_7d AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
)

SELECT
  COALESCE(v.is_eligible, FALSE) AS is_eligible,
  TRUE AS is_given,
  v.orders_7d,
  v.paid,
  v.first_at,
  v.is_local,
  v.label
FROM labelled AS v
WHERE v.cutoff = TIMESTAMP '2024-01-31 00:00:00'
  AND CAST(v.customer_id AS VARCHAR) = 'c1';
