-- file: answered.training.sql
-- The training set of `answered`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(tickets) in next 5 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE answered_training AS
WITH
-- tickets: its rows, times in UTC
tickets_rows AS (
  SELECT
    ticket_id,
    CASE WHEN TYPEOF(created_at) IN ('DATE', 'TIMESTAMP') THEN CAST(created_at AS TIMESTAMP) ELSE CAST(CAST(created_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(created_at) IN ('DATE', 'TIMESTAMP') THEN CAST(created_at AS TIMESTAMP) ELSE CAST(CAST(created_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(created_at) IN ('DATE', 'TIMESTAMP') THEN CAST(created_at AS TIMESTAMP) ELSE CAST(CAST(created_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    requester_id
  FROM READ_CSV('data/tickets.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE created_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM tickets_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    FALSE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every ticket, from its first row on
first_seen AS (
  SELECT e.ticket_id, MIN(e.known_at) AS exists_from
  FROM tickets_rows AS e
  WHERE e.ticket_id IS NOT NULL
  GROUP BY e.ticket_id
),

-- as written
stated AS (
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
  SELECT f.ticket_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a ticket exists from its first row on
existing AS (
  SELECT c.ticket_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- tickets in (-∞, t], t being the cutoff
tickets_all AS (
  SELECT s.ticket_id, s.cutoff, COUNT(*) AS messages
  FROM existing AS s
  JOIN tickets_rows AS e
    ON e.ticket_id = s.ticket_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.ticket_id, s.cutoff
),

-- tickets in (-∞, t], t being the cutoff: the row that last takes
customer_link_row AS (
  SELECT s.ticket_id, s.cutoff, e.requester_id AS customer_link
  FROM existing AS s
  JOIN tickets_rows AS e
    ON e.ticket_id = s.ticket_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  WHERE e.requester_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.ticket_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.requester_id DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.ticket_id, c.cutoff, COALESCE(s1.messages, 0) AS messages, s2.customer_link
  FROM existing AS c
  LEFT JOIN tickets_all AS s1
    ON s1.ticket_id = c.ticket_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN customer_link_row AS s2
    ON s2.ticket_id = c.ticket_id
    AND s2.cutoff = c.cutoff
),

-- orders: its rows, times in UTC
orders_rows_2 AS (
  SELECT
    customer_id AS requester_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(amount AS DOUBLE) AS amount
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- each customer that a cutoff is linked to, once an instant
customer_cutoffs AS (
  SELECT DISTINCT v.customer_link AS requester_id, v.cutoff
  FROM features AS v
  WHERE v.customer_link IS NOT NULL
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT
    s.requester_id,
    s.cutoff,
    CAST(SUM(CAST(e.amount AS DECIMAL(38, 9))) AS DOUBLE) AS spent,
    COUNT(*) AS orders_30d
  FROM customer_cutoffs AS s
  JOIN orders_rows_2 AS e
    ON e.requester_id = s.requester_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  GROUP BY s.requester_id, s.cutoff
),

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.requester_id, s.cutoff, COUNT(*) AS orders_7d
  FROM customer_cutoffs AS s
  JOIN orders_rows_2 AS e
    ON e.requester_id = s.requester_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.requester_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.requester_id,
    c.cutoff,
    COALESCE(s1.spent, 0) AS spent,
    COALESCE(s1.orders_30d, 0) AS orders_30d,
    COALESCE(s2.orders_7d, 0) AS orders_7d
  FROM customer_cutoffs AS c
  LEFT JOIN orders_30d AS s1
    ON s1.requester_id = c.requester_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_7d AS s2
    ON s2.requester_id = c.requester_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.spent / NULLIF(CAST(NULLIF(v.orders_30d, 0) AS DOUBLE), 0) AS mean
  FROM features_2 AS v
),

-- beside them what was known of the customer that each is linked to
with_customer AS (
  SELECT
    v.*,
    l.spent AS customer_spent,
    l.orders_7d AS customer_orders_7d,
    l.orders_30d AS customer_orders_30d,
    l.mean AS order_size
  FROM features AS v
  LEFT JOIN derived_1 AS l
    ON l.requester_id = v.customer_link
    AND l.cutoff = v.cutoff
),

-- values made from those above
derived_1_2 AS (
  SELECT
    v.*,
    v.customer_spent > 10 AND v.messages > 1 AS is_valued,
    v.customer_orders_30d > 0 OR v.customer_orders_30d IS NULL AS is_eligible
  FROM with_customer AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1_2 AS v
  WHERE v.is_eligible
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM eligible AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '5 days' <= r.known_until
),

-- tickets in (t, t + 5 days], t being the cutoff
tickets_next_5d AS (
  SELECT s.ticket_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN tickets_rows AS e
    ON e.ticket_id = s.ticket_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '5 days'
  GROUP BY s.ticket_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN tickets_next_5d AS s1
    ON s1.ticket_id = v.ticket_id
    AND s1.cutoff = v.cutoff
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM labelled AS v
  WHERE v.label IS NOT NULL
),

-- how a hash of seed, key and cutoff begins: 65536 buckets
hashed AS (
  SELECT
    e.*,
    SUBSTRING(
      MD5('0|' || CAST(e.ticket_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)),
      1,
      4
    ) AS bucket
  FROM examples AS e
),

-- rows a bucket
bucket_counts AS (
  SELECT e.bucket, COUNT(*) AS n
  FROM hashed AS e
  GROUP BY e.bucket
),

-- how many rows come before each bucket
ranked_buckets AS (
  SELECT
    b.bucket,
    b.n,
    SUM(b.n) OVER (ORDER BY b.bucket NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      - b.n AS rows_before,
    SUM(b.n) OVER () AS total
  FROM bucket_counts AS b
),

-- the parts that the first and the last row of each bucket fall into
buckets AS (
  SELECT
    b.bucket,
    b.rows_before,
    b.total,
    CASE WHEN b.rows_before * 100 < b.total * 50 THEN 'train' ELSE 'test' END AS first_part,
    CASE
      WHEN (b.rows_before + b.n - 1) * 100 < b.total * 50 THEN 'train'
      ELSE 'test'
    END AS last_part
  FROM ranked_buckets AS b
),

-- the parts: rows of a bucket that lies in two are ranked
parts AS (
  SELECT e.*, b.first_part AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part = b.last_part
  UNION ALL
  SELECT
    e.*,
    CASE
      WHEN (b.rows_before
        + ROW_NUMBER() OVER (
          PARTITION BY b.bucket
          ORDER BY MD5(
              '0|' || CAST(e.ticket_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.ticket_id NULLS LAST,
            e.cutoff NULLS LAST
        )
        - 1)
        * 100 < b.total * 50 THEN 'train'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT
  p.ticket_id,
  p.cutoff,
  p.messages,
  p.is_valued,
  p.customer_orders_7d,
  p.customer_orders_30d,
  p.order_size,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.ticket_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: answered.scoring.sql
-- The rows of `answered` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE answered_scoring AS
WITH
-- tickets: its rows, times in UTC
tickets_rows AS (
  SELECT
    ticket_id,
    CASE WHEN TYPEOF(created_at) IN ('DATE', 'TIMESTAMP') THEN CAST(created_at AS TIMESTAMP) ELSE CAST(CAST(created_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(created_at) IN ('DATE', 'TIMESTAMP') THEN CAST(created_at AS TIMESTAMP) ELSE CAST(CAST(created_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(created_at) IN ('DATE', 'TIMESTAMP') THEN CAST(created_at AS TIMESTAMP) ELSE CAST(CAST(created_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    requester_id
  FROM READ_CSV('data/tickets.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE created_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM tickets_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    FALSE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every ticket, from its first row on
first_seen AS (
  SELECT e.ticket_id, MIN(e.known_at) AS exists_from
  FROM tickets_rows AS e
  WHERE e.ticket_id IS NOT NULL
  GROUP BY e.ticket_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.ticket_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a ticket exists from its first row on
existing AS (
  SELECT c.ticket_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- tickets in (-∞, t], t being the cutoff
tickets_all AS (
  SELECT s.ticket_id, s.cutoff, COUNT(*) AS messages
  FROM existing AS s
  JOIN tickets_rows AS e
    ON e.ticket_id = s.ticket_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.ticket_id, s.cutoff
),

-- tickets in (-∞, t], t being the cutoff: the row that last takes
customer_link_row AS (
  SELECT s.ticket_id, s.cutoff, e.requester_id AS customer_link
  FROM existing AS s
  JOIN tickets_rows AS e
    ON e.ticket_id = s.ticket_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  WHERE e.requester_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.ticket_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.requester_id DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.ticket_id, c.cutoff, COALESCE(s1.messages, 0) AS messages, s2.customer_link
  FROM existing AS c
  LEFT JOIN tickets_all AS s1
    ON s1.ticket_id = c.ticket_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN customer_link_row AS s2
    ON s2.ticket_id = c.ticket_id
    AND s2.cutoff = c.cutoff
),

-- orders: its rows, times in UTC
orders_rows_2 AS (
  SELECT
    customer_id AS requester_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CAST(amount AS DOUBLE) AS amount
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- each customer that a cutoff is linked to, once an instant
customer_cutoffs AS (
  SELECT DISTINCT v.customer_link AS requester_id, v.cutoff
  FROM features AS v
  WHERE v.customer_link IS NOT NULL
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT
    s.requester_id,
    s.cutoff,
    CAST(SUM(CAST(e.amount AS DECIMAL(38, 9))) AS DOUBLE) AS spent,
    COUNT(*) AS orders_30d
  FROM customer_cutoffs AS s
  JOIN orders_rows_2 AS e
    ON e.requester_id = s.requester_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  GROUP BY s.requester_id, s.cutoff
),

-- orders in (t - 7 days, t], t being the cutoff
orders_7d AS (
  SELECT s.requester_id, s.cutoff, COUNT(*) AS orders_7d
  FROM customer_cutoffs AS s
  JOIN orders_rows_2 AS e
    ON e.requester_id = s.requester_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.requester_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.requester_id,
    c.cutoff,
    COALESCE(s1.spent, 0) AS spent,
    COALESCE(s1.orders_30d, 0) AS orders_30d,
    COALESCE(s2.orders_7d, 0) AS orders_7d
  FROM customer_cutoffs AS c
  LEFT JOIN orders_30d AS s1
    ON s1.requester_id = c.requester_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN orders_7d AS s2
    ON s2.requester_id = c.requester_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.spent / NULLIF(CAST(NULLIF(v.orders_30d, 0) AS DOUBLE), 0) AS mean
  FROM features_2 AS v
),

-- beside them what was known of the customer that each is linked to
with_customer AS (
  SELECT
    v.*,
    l.spent AS customer_spent,
    l.orders_7d AS customer_orders_7d,
    l.orders_30d AS customer_orders_30d,
    l.mean AS order_size
  FROM features AS v
  LEFT JOIN derived_1 AS l
    ON l.requester_id = v.customer_link
    AND l.cutoff = v.cutoff
),

-- values made from those above
derived_1_2 AS (
  SELECT
    v.*,
    v.customer_spent > 10 AND v.messages > 1 AS is_valued,
    v.customer_orders_30d > 0 OR v.customer_orders_30d IS NULL AS is_eligible
  FROM with_customer AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1_2 AS v
  WHERE v.is_eligible
)

SELECT
  v.ticket_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '5 days' > r.as_of AS open,
  v.messages,
  v.is_valued,
  v.customer_orders_7d,
  v.customer_orders_30d,
  v.order_size
FROM eligible AS v
CROSS JOIN run AS r
ORDER BY v.ticket_id NULLS LAST, v.cutoff NULLS LAST;
