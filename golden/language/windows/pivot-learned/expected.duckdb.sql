-- file: buys.pivots.sql
-- What the pivots of `buys` learn from its training rows: the values that have columns, by rank.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_pivots AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    CAST(amount AS DOUBLE) AS amount,
    category,
    rank
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-04 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-08 00:00:00' AS cutoff
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

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS n,
    CAST(SUM(
      CAST(CASE WHEN e.rank IS NULL THEN e.amount END AS DECIMAL(38, 9))
    ) AS DOUBLE) AS spent_null
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (t - 4 days, t], t being the cutoff
orders_4d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS bought_null_4d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '4 days'
  WHERE e.amount > 0
    AND e.category IS NULL
  GROUP BY s.customer_id, s.cutoff
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS bought_null_30d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  WHERE e.amount > 0
    AND e.category IS NULL
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.n, 0) AS n,
    COALESCE(s1.spent_null, -1) AS spent_null,
    COALESCE(s2.bought_null_4d, 0) AS bought_null_4d,
    COALESCE(s3.bought_null_30d, 0) AS bought_null_30d
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_4d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN orders_30d AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.n > 0 AS is_eligible
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
  WHERE v.cutoff + INTERVAL '3 days' <= r.known_until
),

-- orders in (t, t + 3 days], t being the cutoff
orders_next_3d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '3 days'
  GROUP BY s.customer_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_3d AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
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
    CASE WHEN e.cutoff >= TIMESTAMP '2024-01-15 00:00:00' THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  WHERE e.cutoff >= TIMESTAMP '2024-01-15 00:00:00'
      OR e.cutoff + INTERVAL '3 days' <= TIMESTAMP '2024-01-15 00:00:00'
),

-- the rows that are trained on: nothing is learned from the others
train_rows AS (
  SELECT p.*
  FROM parts AS p
  WHERE p.split = 'train'
),

-- each of their cutoffs once
train_cutoffs AS (
  SELECT DISTINCT t.customer_id, t.cutoff
  FROM train_rows AS t
),

-- the values of bought_4d that each cutoff sees
bought_4d_seen AS (
  SELECT DISTINCT s.customer_id, s.cutoff, CAST(e.category AS VARCHAR) AS value
  FROM train_cutoffs AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '4 days'
  WHERE e.amount > 0
    AND CAST(e.category AS VARCHAR) IS NOT NULL
),

-- how many training rows see each value
bought_4d_counted AS (
  SELECT o.value, COUNT(*) AS training_rows
  FROM train_rows AS t
  JOIN bought_4d_seen AS o
    ON o.customer_id = t.customer_id
    AND o.cutoff = t.cutoff
  GROUP BY o.value
),

-- the values of bought_30d that each cutoff sees
bought_30d_seen AS (
  SELECT DISTINCT s.customer_id, s.cutoff, CAST(e.category AS VARCHAR) AS value
  FROM train_cutoffs AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  WHERE e.amount > 0
    AND CAST(e.category AS VARCHAR) IS NOT NULL
),

-- how many training rows see each value
bought_30d_counted AS (
  SELECT o.value, COUNT(*) AS training_rows
  FROM train_rows AS t
  JOIN bought_30d_seen AS o
    ON o.customer_id = t.customer_id
    AND o.cutoff = t.cutoff
  GROUP BY o.value
),

-- the values of spent that each cutoff sees
spent_seen AS (
  SELECT DISTINCT s.customer_id, s.cutoff, CAST(e.rank AS VARCHAR) AS value
  FROM train_cutoffs AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  WHERE CAST(e.rank AS VARCHAR) IS NOT NULL
),

-- how many training rows see each value
spent_counted AS (
  SELECT o.value, COUNT(*) AS training_rows
  FROM train_rows AS t
  JOIN spent_seen AS o
    ON o.customer_id = t.customer_id
    AND o.cutoff = t.cutoff
  GROUP BY o.value
),

-- what is learned
learned AS (
  SELECT
    'bought_4d' AS pivot_name,
    ROW_NUMBER() OVER (ORDER BY c.training_rows DESC NULLS LAST, c.value NULLS LAST) AS ordinal,
    c.value,
    c.training_rows
  FROM bought_4d_counted AS c
  QUALIFY ROW_NUMBER() OVER (ORDER BY c.training_rows DESC NULLS LAST, c.value NULLS LAST) <= 2
  UNION ALL
  SELECT
    'bought_30d' AS pivot_name,
    ROW_NUMBER() OVER (ORDER BY c.training_rows DESC NULLS LAST, c.value NULLS LAST) AS ordinal,
    c.value,
    c.training_rows
  FROM bought_30d_counted AS c
  QUALIFY ROW_NUMBER() OVER (ORDER BY c.training_rows DESC NULLS LAST, c.value NULLS LAST) <= 2
  UNION ALL
  SELECT
    'spent' AS pivot_name,
    ROW_NUMBER() OVER (ORDER BY c.training_rows DESC NULLS LAST, c.value NULLS LAST) AS ordinal,
    c.value,
    c.training_rows
  FROM spent_counted AS c
  QUALIFY ROW_NUMBER() OVER (ORDER BY c.training_rows DESC NULLS LAST, c.value NULLS LAST) <= 1
)

SELECT l.pivot_name, l.ordinal, l.value, l.training_rows
FROM learned AS l
ORDER BY l.pivot_name NULLS LAST, l.ordinal NULLS LAST;

-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(orders) in next 3 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    CAST(amount AS DOUBLE) AS amount,
    category,
    rank
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-04 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-08 00:00:00' AS cutoff
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

-- the values that spent learned, by rank
spent_values AS (
  SELECT MAX(CASE WHEN l.ordinal = 1 THEN l.value END) AS value_1
  FROM buys_pivots AS l
  WHERE l.pivot_name = 'spent'
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS n,
    CAST(SUM(
      CAST(CASE
        WHEN CAST(e.rank AS VARCHAR) = spent_values.value_1 THEN e.amount
      END AS DECIMAL(38, 9))
    ) AS DOUBLE) AS spent_1,
    CAST(SUM(
      CAST(CASE
        WHEN e.rank IS NOT NULL
          AND (CAST(e.rank AS VARCHAR) <> spent_values.value_1
            OR spent_values.value_1 IS NULL) THEN e.amount
      END AS DECIMAL(38, 9))
    ) AS DOUBLE) AS spent_other,
    CAST(SUM(
      CAST(CASE WHEN e.rank IS NULL THEN e.amount END AS DECIMAL(38, 9))
    ) AS DOUBLE) AS spent_null
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  CROSS JOIN spent_values AS spent_values
  GROUP BY s.customer_id, s.cutoff
),

-- the values that bought_4d learned, by rank
bought_4d_values AS (
  SELECT
    MAX(CASE WHEN l.ordinal = 1 THEN l.value END) AS value_1,
    MAX(CASE WHEN l.ordinal = 2 THEN l.value END) AS value_2
  FROM buys_pivots AS l
  WHERE l.pivot_name = 'bought_4d'
),

-- orders in (t - 4 days, t], t being the cutoff
orders_4d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_4d_values.value_1 THEN 1 END
    ) AS bought_1_4d,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_4d_values.value_2 THEN 1 END
    ) AS bought_2_4d,
    COUNT(
      CASE
        WHEN e.amount > 0
          AND e.category IS NOT NULL
          AND (CAST(e.category AS VARCHAR) <> bought_4d_values.value_1
            OR bought_4d_values.value_1 IS NULL)
          AND (CAST(e.category AS VARCHAR) <> bought_4d_values.value_2
            OR bought_4d_values.value_2 IS NULL) THEN 1
      END
    ) AS bought_other_4d,
    COUNT(CASE WHEN e.amount > 0 AND e.category IS NULL THEN 1 END) AS bought_null_4d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '4 days'
  CROSS JOIN bought_4d_values AS bought_4d_values
  GROUP BY s.customer_id, s.cutoff
),

-- the values that bought_30d learned, by rank
bought_30d_values AS (
  SELECT
    MAX(CASE WHEN l.ordinal = 1 THEN l.value END) AS value_1,
    MAX(CASE WHEN l.ordinal = 2 THEN l.value END) AS value_2
  FROM buys_pivots AS l
  WHERE l.pivot_name = 'bought_30d'
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_30d_values.value_1 THEN 1 END
    ) AS bought_1_30d,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_30d_values.value_2 THEN 1 END
    ) AS bought_2_30d,
    COUNT(
      CASE
        WHEN e.amount > 0
          AND e.category IS NOT NULL
          AND (CAST(e.category AS VARCHAR) <> bought_30d_values.value_1
            OR bought_30d_values.value_1 IS NULL)
          AND (CAST(e.category AS VARCHAR) <> bought_30d_values.value_2
            OR bought_30d_values.value_2 IS NULL) THEN 1
      END
    ) AS bought_other_30d,
    COUNT(CASE WHEN e.amount > 0 AND e.category IS NULL THEN 1 END) AS bought_null_30d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  CROSS JOIN bought_30d_values AS bought_30d_values
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.n, 0) AS n,
    COALESCE(s1.spent_1, -1) AS spent_1,
    COALESCE(s1.spent_other, -1) AS spent_other,
    COALESCE(s1.spent_null, -1) AS spent_null,
    COALESCE(s2.bought_1_4d, 0) AS bought_1_4d,
    COALESCE(s2.bought_2_4d, 0) AS bought_2_4d,
    COALESCE(s2.bought_other_4d, 0) AS bought_other_4d,
    COALESCE(s2.bought_null_4d, 0) AS bought_null_4d,
    COALESCE(s3.bought_1_30d, 0) AS bought_1_30d,
    COALESCE(s3.bought_2_30d, 0) AS bought_2_30d,
    COALESCE(s3.bought_other_30d, 0) AS bought_other_30d,
    COALESCE(s3.bought_null_30d, 0) AS bought_null_30d
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_4d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN orders_30d AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.n > 0 AS is_eligible
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
  WHERE v.cutoff + INTERVAL '3 days' <= r.known_until
),

-- orders in (t, t + 3 days], t being the cutoff
orders_next_3d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '3 days'
  GROUP BY s.customer_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_3d AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
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
    CASE WHEN e.cutoff >= TIMESTAMP '2024-01-15 00:00:00' THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  WHERE e.cutoff >= TIMESTAMP '2024-01-15 00:00:00'
      OR e.cutoff + INTERVAL '3 days' <= TIMESTAMP '2024-01-15 00:00:00'
)

SELECT
  p.customer_id,
  p.cutoff,
  p.n,
  p.bought_1_4d,
  p.bought_2_4d,
  p.bought_other_4d,
  p.bought_null_4d,
  p.bought_1_30d,
  p.bought_2_30d,
  p.bought_other_30d,
  p.bought_null_30d,
  p.spent_1,
  p.spent_other,
  p.spent_null,
  p.label,
  p.split
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
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    CAST(amount AS DOUBLE) AS amount,
    category,
    rank
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
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

-- the values that spent learned, by rank
spent_values AS (
  SELECT MAX(CASE WHEN l.ordinal = 1 THEN l.value END) AS value_1
  FROM buys_pivots AS l
  WHERE l.pivot_name = 'spent'
),

-- orders in (-∞, t], t being the cutoff
orders_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS n,
    CAST(SUM(
      CAST(CASE
        WHEN CAST(e.rank AS VARCHAR) = spent_values.value_1 THEN e.amount
      END AS DECIMAL(38, 9))
    ) AS DOUBLE) AS spent_1,
    CAST(SUM(
      CAST(CASE
        WHEN e.rank IS NOT NULL
          AND (CAST(e.rank AS VARCHAR) <> spent_values.value_1
            OR spent_values.value_1 IS NULL) THEN e.amount
      END AS DECIMAL(38, 9))
    ) AS DOUBLE) AS spent_other,
    CAST(SUM(
      CAST(CASE WHEN e.rank IS NULL THEN e.amount END AS DECIMAL(38, 9))
    ) AS DOUBLE) AS spent_null
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  CROSS JOIN spent_values AS spent_values
  GROUP BY s.customer_id, s.cutoff
),

-- the values that bought_4d learned, by rank
bought_4d_values AS (
  SELECT
    MAX(CASE WHEN l.ordinal = 1 THEN l.value END) AS value_1,
    MAX(CASE WHEN l.ordinal = 2 THEN l.value END) AS value_2
  FROM buys_pivots AS l
  WHERE l.pivot_name = 'bought_4d'
),

-- orders in (t - 4 days, t], t being the cutoff
orders_4d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_4d_values.value_1 THEN 1 END
    ) AS bought_1_4d,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_4d_values.value_2 THEN 1 END
    ) AS bought_2_4d,
    COUNT(
      CASE
        WHEN e.amount > 0
          AND e.category IS NOT NULL
          AND (CAST(e.category AS VARCHAR) <> bought_4d_values.value_1
            OR bought_4d_values.value_1 IS NULL)
          AND (CAST(e.category AS VARCHAR) <> bought_4d_values.value_2
            OR bought_4d_values.value_2 IS NULL) THEN 1
      END
    ) AS bought_other_4d,
    COUNT(CASE WHEN e.amount > 0 AND e.category IS NULL THEN 1 END) AS bought_null_4d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '4 days'
  CROSS JOIN bought_4d_values AS bought_4d_values
  GROUP BY s.customer_id, s.cutoff
),

-- the values that bought_30d learned, by rank
bought_30d_values AS (
  SELECT
    MAX(CASE WHEN l.ordinal = 1 THEN l.value END) AS value_1,
    MAX(CASE WHEN l.ordinal = 2 THEN l.value END) AS value_2
  FROM buys_pivots AS l
  WHERE l.pivot_name = 'bought_30d'
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_30d_values.value_1 THEN 1 END
    ) AS bought_1_30d,
    COUNT(
      CASE WHEN e.amount > 0 AND CAST(e.category AS VARCHAR) = bought_30d_values.value_2 THEN 1 END
    ) AS bought_2_30d,
    COUNT(
      CASE
        WHEN e.amount > 0
          AND e.category IS NOT NULL
          AND (CAST(e.category AS VARCHAR) <> bought_30d_values.value_1
            OR bought_30d_values.value_1 IS NULL)
          AND (CAST(e.category AS VARCHAR) <> bought_30d_values.value_2
            OR bought_30d_values.value_2 IS NULL) THEN 1
      END
    ) AS bought_other_30d,
    COUNT(CASE WHEN e.amount > 0 AND e.category IS NULL THEN 1 END) AS bought_null_30d
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  CROSS JOIN bought_30d_values AS bought_30d_values
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.n, 0) AS n,
    COALESCE(s1.spent_1, -1) AS spent_1,
    COALESCE(s1.spent_other, -1) AS spent_other,
    COALESCE(s1.spent_null, -1) AS spent_null,
    COALESCE(s2.bought_1_4d, 0) AS bought_1_4d,
    COALESCE(s2.bought_2_4d, 0) AS bought_2_4d,
    COALESCE(s2.bought_other_4d, 0) AS bought_other_4d,
    COALESCE(s2.bought_null_4d, 0) AS bought_null_4d,
    COALESCE(s3.bought_1_30d, 0) AS bought_1_30d,
    COALESCE(s3.bought_2_30d, 0) AS bought_2_30d,
    COALESCE(s3.bought_other_30d, 0) AS bought_other_30d,
    COALESCE(s3.bought_null_30d, 0) AS bought_null_30d
  FROM existing AS c
  LEFT JOIN orders_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_4d AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN orders_30d AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.n > 0 AS is_eligible
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
  v.cutoff + INTERVAL '3 days' > r.as_of AS open,
  v.n,
  v.bought_1_4d,
  v.bought_2_4d,
  v.bought_other_4d,
  v.bought_null_4d,
  v.bought_1_30d,
  v.bought_2_30d,
  v.bought_other_30d,
  v.bought_null_30d,
  v.spent_1,
  v.spent_other,
  v.spent_null
FROM eligible AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
