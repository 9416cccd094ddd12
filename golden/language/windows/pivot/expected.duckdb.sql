-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(orders) in next 7 days
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
    ) AS instant,
    amount,
    category,
    rank
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
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    CASE WHEN e.rank = 1 THEN e.amount END AS last_1_value,
    CASE WHEN e.rank = 1 THEN e.instant END AS last_1_passed,
    CASE WHEN e.rank = -1 THEN e.amount END AS last__1_value,
    CASE WHEN e.rank = -1 THEN e.instant END AS last__1_passed,
    CASE WHEN e.rank NOT IN (1, -1) THEN e.amount END AS last_other_value,
    CASE WHEN e.rank NOT IN (1, -1) THEN e.instant END AS last_other_passed,
    CASE WHEN e.rank IS NULL THEN e.amount END AS last_null_value,
    CASE WHEN e.rank IS NULL THEN e.instant END AS last_null_passed,
    e.amount > 0 AND e.category = 'tea' AS bought_tea_7d_mark,
    e.amount > 0 AND e.category = 'Cups' AS bought_cups_mark,
    e.amount > 0 AND e.category = 'Tea' AS bought_tea_2_mark,
    e.amount > 0 AND e.category NOT IN ('tea', 'Cups', 'Tea') AS bought_other_mark,
    e.amount > 0 AND e.category IS NULL AS bought_null_mark
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- of the rows of one instant, the value that counts
orders_instants AS (
  SELECT
    m.*,
    MAX(m.last_1_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last_1_at_instant,
    MAX(m.last__1_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last__1_at_instant,
    MAX(m.last_other_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last_other_at_instant,
    MAX(m.last_null_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last_null_at_instant
  FROM orders_marks AS m
),

-- what each row of orders could see up to its own instant; two counts to a number, each of fewer than 2^31 rows
orders_sums AS (
  SELECT
    m.customer_id,
    m.happened_at,
    COUNT(*) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 604800000000 FOLLOWING
    ) > 0 AS label_1,
    CASE
      WHEN MAX(m.last_1_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last_1_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last_1_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last_1,
    CASE
      WHEN MAX(m.last__1_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last__1_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last__1_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last__1,
    CASE
      WHEN MAX(m.last_other_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last_other_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last_other_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last_other,
    CASE
      WHEN MAX(m.last_null_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last_null_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last_null_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last_null,
    m.instant,
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_tea_7d_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_cups_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_tea_7d_and_bought_cups_7d,  -- bought_tea_7d below 2^31, bought_cups_7d above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_tea_2_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_other_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_tea_2_7d_and_bought_other_7d,  -- bought_tea_2_7d below 2^31, bought_other_7d above
    COUNT(CASE WHEN m.bought_null_mark THEN 1 END) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
    ) AS bought_null_7d_2,
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_cups_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_tea_2_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 2591999999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_cups_30d_and_bought_tea_2_30d,  -- bought_cups_30d below 2^31, bought_tea_2_30d above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_other_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_null_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 2591999999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_other_30d_and_bought_null_30d  -- bought_other_30d below 2^31, bought_null_30d above
  FROM orders_instants AS m
),

-- what each row of orders could see up to its own instant, window by window
orders_history AS (
  SELECT
    s.customer_id,
    s.happened_at,
    s.label_1,
    s.last_1,
    s.last__1,
    s.last_other,
    s.last_null,
    s.bought_tea_7d_and_bought_cups_7d % 2147483648 AS bought_tea_7d,
    s.bought_tea_7d_and_bought_cups_7d // 2147483648 AS bought_cups_7d,
    s.bought_tea_2_7d_and_bought_other_7d % 2147483648 AS bought_tea_2_7d,
    s.bought_tea_2_7d_and_bought_other_7d // 2147483648 AS bought_other_7d,
    s.bought_null_7d_2 AS bought_null_7d,
    s.bought_cups_30d_and_bought_tea_2_30d % 2147483648 AS bought_cups_30d,
    s.bought_cups_30d_and_bought_tea_2_30d // 2147483648 AS bought_tea_2_30d,
    s.bought_other_30d_and_bought_null_30d % 2147483648 AS bought_other_30d,
    s.bought_other_30d_and_bought_null_30d // 2147483648 AS bought_null_30d
  FROM orders_sums AS s
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.customer_id,
    e.happened_at AS cutoff,
    e.bought_tea_7d,
    e.bought_cups_7d,
    e.bought_tea_2_7d,
    e.bought_other_7d,
    e.bought_null_7d,
    e.bought_cups_30d,
    e.bought_tea_2_30d,
    e.bought_other_30d,
    e.bought_null_30d,
    e.last_1,
    e.last__1,
    e.last_other,
    e.last_null,
    e.label_1
  FROM orders_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    c.bought_tea_7d,
    c.bought_cups_7d,
    c.bought_tea_2_7d,
    c.bought_other_7d,
    c.bought_null_7d,
    c.bought_cups_30d,
    c.bought_tea_2_30d,
    c.bought_other_30d,
    c.bought_null_30d,
    COALESCE(c.last_1, 0) AS last_1,
    COALESCE(c.last__1, 0) AS last__1,
    COALESCE(c.last_other, 0) AS last_other,
    COALESCE(c.last_null, 0) AS last_null,
    c.label_1
  FROM cutoffs AS c
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.label_1 AS label
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

-- where the test part starts: the boundary nearest to 60 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 1
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 60) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT e.*, CASE WHEN e.cutoff >= p1.starts_at THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  CROSS JOIN test_start AS p1
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT
  p.customer_id,
  p.cutoff,
  p.bought_tea_7d,
  p.bought_cups_7d,
  p.bought_cups_30d,
  p.bought_tea_2_7d,
  p.bought_tea_2_30d,
  p.bought_other_7d,
  p.bought_other_30d,
  p.bought_null_7d,
  p.bought_null_30d,
  p.last_1,
  p.last__1,
  p.last_other,
  p.last_null,
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
    EPOCH_US(
      CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    amount,
    category,
    rank
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
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    CASE WHEN e.rank = 1 THEN e.amount END AS last_1_value,
    CASE WHEN e.rank = 1 THEN e.instant END AS last_1_passed,
    CASE WHEN e.rank = -1 THEN e.amount END AS last__1_value,
    CASE WHEN e.rank = -1 THEN e.instant END AS last__1_passed,
    CASE WHEN e.rank NOT IN (1, -1) THEN e.amount END AS last_other_value,
    CASE WHEN e.rank NOT IN (1, -1) THEN e.instant END AS last_other_passed,
    CASE WHEN e.rank IS NULL THEN e.amount END AS last_null_value,
    CASE WHEN e.rank IS NULL THEN e.instant END AS last_null_passed,
    e.amount > 0 AND e.category = 'tea' AS bought_tea_7d_mark,
    e.amount > 0 AND e.category = 'Cups' AS bought_cups_mark,
    e.amount > 0 AND e.category = 'Tea' AS bought_tea_2_mark,
    e.amount > 0 AND e.category NOT IN ('tea', 'Cups', 'Tea') AS bought_other_mark,
    e.amount > 0 AND e.category IS NULL AS bought_null_mark
  FROM orders_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- of the rows of one instant, the value that counts
orders_instants AS (
  SELECT
    m.*,
    MAX(m.last_1_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last_1_at_instant,
    MAX(m.last__1_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last__1_at_instant,
    MAX(m.last_other_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last_other_at_instant,
    MAX(m.last_null_value) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS last_null_at_instant
  FROM orders_marks AS m
),

-- what each row of orders could see up to its own instant; two counts to a number, each of fewer than 2^31 rows
orders_sums AS (
  SELECT
    m.customer_id,
    m.happened_at,
    CASE
      WHEN MAX(m.last_1_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last_1_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last_1_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last_1,
    CASE
      WHEN MAX(m.last__1_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last__1_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last__1_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last__1,
    CASE
      WHEN MAX(m.last_other_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last_other_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last_other_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last_other,
    CASE
      WHEN MAX(m.last_null_passed) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) = MAX(CASE WHEN m.last_null_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) THEN LAST_VALUE(m.last_null_at_instant IGNORE NULLS) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      )
    END AS last_null,
    m.instant,
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_tea_7d_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_cups_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_tea_7d_and_bought_cups_7d,  -- bought_tea_7d below 2^31, bought_cups_7d above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_tea_2_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_other_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_tea_2_7d_and_bought_other_7d,  -- bought_tea_2_7d below 2^31, bought_other_7d above
    COUNT(CASE WHEN m.bought_null_mark THEN 1 END) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
    ) AS bought_null_7d_2,
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_cups_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_tea_2_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 2591999999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_cups_30d_and_bought_tea_2_30d,  -- bought_cups_30d below 2^31, bought_tea_2_30d above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.bought_other_mark THEN 1 ELSE 0 END
          + CASE WHEN m.bought_null_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.customer_id
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN 2591999999999 PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS bought_other_30d_and_bought_null_30d  -- bought_other_30d below 2^31, bought_null_30d above
  FROM orders_instants AS m
),

-- what each row of orders could see up to its own instant, window by window
orders_history AS (
  SELECT
    s.customer_id,
    s.happened_at,
    s.last_1,
    s.last__1,
    s.last_other,
    s.last_null,
    s.bought_tea_7d_and_bought_cups_7d % 2147483648 AS bought_tea_7d,
    s.bought_tea_7d_and_bought_cups_7d // 2147483648 AS bought_cups_7d,
    s.bought_tea_2_7d_and_bought_other_7d % 2147483648 AS bought_tea_2_7d,
    s.bought_tea_2_7d_and_bought_other_7d // 2147483648 AS bought_other_7d,
    s.bought_null_7d_2 AS bought_null_7d,
    s.bought_cups_30d_and_bought_tea_2_30d % 2147483648 AS bought_cups_30d,
    s.bought_cups_30d_and_bought_tea_2_30d // 2147483648 AS bought_tea_2_30d,
    s.bought_other_30d_and_bought_null_30d % 2147483648 AS bought_other_30d,
    s.bought_other_30d_and_bought_null_30d // 2147483648 AS bought_null_30d
  FROM orders_sums AS s
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.customer_id,
    e.happened_at AS cutoff,
    e.bought_tea_7d,
    e.bought_cups_7d,
    e.bought_tea_2_7d,
    e.bought_other_7d,
    e.bought_null_7d,
    e.bought_cups_30d,
    e.bought_tea_2_30d,
    e.bought_other_30d,
    e.bought_null_30d,
    e.last_1,
    e.last__1,
    e.last_other,
    e.last_null
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
  SELECT
    c.customer_id,
    c.cutoff,
    c.bought_tea_7d,
    c.bought_cups_7d,
    c.bought_tea_2_7d,
    c.bought_other_7d,
    c.bought_null_7d,
    c.bought_cups_30d,
    c.bought_tea_2_30d,
    c.bought_other_30d,
    c.bought_null_30d,
    COALESCE(c.last_1, 0) AS last_1,
    COALESCE(c.last__1, 0) AS last__1,
    COALESCE(c.last_other, 0) AS last_other,
    COALESCE(c.last_null, 0) AS last_null
  FROM latest AS c
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.bought_tea_7d,
  v.bought_cups_7d,
  v.bought_cups_30d,
  v.bought_tea_2_7d,
  v.bought_tea_2_30d,
  v.bought_other_7d,
  v.bought_other_30d,
  v.bought_null_7d,
  v.bought_null_30d,
  v.last_1,
  v.last__1,
  v.last_other,
  v.last_null
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
