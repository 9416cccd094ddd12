-- file: sells.training.sql
-- The training set of `sells`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: exists(orders) in next 2 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE sells_training AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    shop_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    shop_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    order_id,
    channel
  FROM (
    SELECT *
    FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE ordered_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY order_id
      ORDER BY CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        order_id NULLS LAST,
        channel NULLS LAST,
        shop_id NULLS LAST
    ) = 1
      OR order_id IS NULL
  ) AS r
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    FALSE AS is_in_label
  FROM visits_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    TRUE AS is_in_label
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

-- what each row of orders adds to each value
orders_marks AS (
  SELECT
    e.shop_id,
    e.instant,
    e.happened_at,
    e.order_id AS anchor_order_id,
    e.channel AS anchor_channel
  FROM orders_rows AS e
  WHERE e.shop_id IS NOT NULL
),

-- what each row of orders could see before its own instant
orders_history AS (
  SELECT
    m.shop_id,
    m.happened_at,
    m.anchor_order_id,
    m.anchor_channel,
    COUNT(*) OVER (
      PARTITION BY m.shop_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 172800000000 FOLLOWING
    ) > 0 AS label_1
  FROM orders_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.shop_id, e.happened_at AS cutoff, e.anchor_order_id, e.anchor_channel, e.label_1
  FROM orders_history AS e
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.shop_id, c.cutoff, c.anchor_channel
  FROM cutoffs AS c
),

-- visits: its rows, times in UTC
visits_rows_2 AS (
  SELECT
    client_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    shop_id,
    channel
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- each client that was ever named beside the shop of a cutoff, once an instant
client_cutoffs AS (
  SELECT DISTINCT e.client_id, s.cutoff
  FROM spine AS s
  JOIN visits_rows_2 AS e ON e.shop_id = s.shop_id
  WHERE e.client_id IS NOT NULL
),

-- visits in (-∞, t), t being the cutoff
visits_all AS (
  SELECT s.client_id, s.cutoff, COUNT(*) AS visits
  FROM client_cutoffs AS s
  JOIN visits_rows_2 AS e
    ON e.client_id = s.client_id
    AND e.known_at < s.cutoff
    AND e.happened_at < s.cutoff
  GROUP BY s.client_id, s.cutoff
),

-- visits in (-∞, t), t being the cutoff: the row that last takes
shop_link_row AS (
  SELECT s.client_id, s.cutoff, e.shop_id AS shop_link
  FROM client_cutoffs AS s
  JOIN visits_rows_2 AS e
    ON e.client_id = s.client_id
    AND e.known_at < s.cutoff
    AND e.happened_at < s.cutoff
  WHERE e.shop_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.client_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.shop_id DESC NULLS LAST
  ) = 1
),

-- visits in (-∞, t), t being the cutoff: the row that last takes
channel_row AS (
  SELECT s.client_id, s.cutoff, e.channel
  FROM client_cutoffs AS s
  JOIN visits_rows_2 AS e
    ON e.client_id = s.client_id
    AND e.known_at < s.cutoff
    AND e.happened_at < s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.client_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.channel DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.client_id, c.cutoff, COALESCE(s1.visits, 0) AS visits, s2.shop_link, s3.channel
  FROM client_cutoffs AS c
  LEFT JOIN visits_all AS s1
    ON s1.client_id = c.client_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN shop_link_row AS s2
    ON s2.client_id = c.client_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN channel_row AS s3
    ON s3.client_id = c.client_id
    AND s3.cutoff = c.cutoff
),

-- what was known of each client, beside the shop that it belonged to
shop_client AS (
  SELECT v.shop_link AS shop_id, v.cutoff, v.visits, v.channel
  FROM features AS v
),

-- client: the members of each shop at t, t being the cutoff
shop_of_client AS (
  SELECT
    s.shop_id,
    s.cutoff,
    s.anchor_channel,
    CAST(SUM(CAST(e.visits AS DECIMAL(38, 9))) AS DOUBLE) AS visitors,
    COUNT(CASE WHEN e.channel = s.anchor_channel THEN 1 END) AS alike
  FROM spine AS s
  JOIN shop_client AS e
    ON e.shop_id = s.shop_id
    AND e.cutoff = s.cutoff
  GROUP BY s.shop_id, s.cutoff, s.anchor_channel
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.shop_id,
    c.cutoff,
    c.anchor_order_id,
    c.anchor_channel,
    c.label_1,
    COALESCE(s1.visitors, 0) AS visitors,
    COALESCE(s1.alike, 0) AS alike
  FROM cutoffs AS c
  LEFT JOIN shop_of_client AS s1
    ON s1.shop_id = c.shop_id
    AND s1.cutoff = c.cutoff
    AND s1.anchor_channel IS NOT DISTINCT FROM c.anchor_channel
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features_2 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '2 days' <= r.known_until
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

-- how a hash of seed, key and cutoff begins: 65536 buckets
hashed AS (
  SELECT
    e.*,
    SUBSTRING(
      MD5(
        '0|'
          || CAST(e.shop_id AS VARCHAR)
          || '|'
          || CAST(EPOCH_US(e.cutoff) AS VARCHAR)
          || '|'
          || COALESCE(CAST(e.anchor_order_id AS VARCHAR), '')
      ),
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
              '0|'
                || CAST(e.shop_id AS VARCHAR)
                || '|'
                || CAST(EPOCH_US(e.cutoff) AS VARCHAR)
                || '|'
                || COALESCE(CAST(e.anchor_order_id AS VARCHAR), '')
            ) NULLS LAST,
            e.shop_id NULLS LAST,
            e.cutoff NULLS LAST,
            e.anchor_order_id NULLS LAST,
            e.anchor_channel NULLS LAST
        )
        - 1)
        * 100 < b.total * 50 THEN 'train'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT p.shop_id, p.anchor_order_id AS order_id, p.cutoff, p.visitors, p.alike, p.label, p.split
FROM parts AS p
ORDER BY
  p.shop_id NULLS LAST,
  p.anchor_order_id NULLS LAST,
  p.cutoff NULLS LAST,
  p.split NULLS LAST;

-- file: sells.scoring.sql
-- The rows of `sells` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE sells_scoring AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    shop_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    shop_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    order_id,
    channel
  FROM (
    SELECT *
    FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE ordered_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY order_id
      ORDER BY CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        order_id NULLS LAST,
        channel NULLS LAST,
        shop_id NULLS LAST
    ) = 1
      OR order_id IS NULL
  ) AS r
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    FALSE AS is_in_label
  FROM visits_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    TRUE AS is_in_label
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

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.shop_id,
    e.happened_at AS cutoff,
    e.order_id AS anchor_order_id,
    e.channel AS anchor_channel
  FROM orders_rows AS e
  WHERE e.shop_id IS NOT NULL
),

-- the latest cutoff of each shop
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.shop_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_order_id DESC NULLS LAST,
      c.anchor_channel DESC NULLS LAST
  ) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.shop_id, c.cutoff, c.anchor_channel
  FROM latest AS c
),

-- visits: its rows, times in UTC
visits_rows_2 AS (
  SELECT
    client_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    shop_id,
    channel
  FROM READ_CSV('data/visits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- each client that was ever named beside the shop of a cutoff, once an instant
client_cutoffs AS (
  SELECT DISTINCT e.client_id, s.cutoff
  FROM spine AS s
  JOIN visits_rows_2 AS e ON e.shop_id = s.shop_id
  WHERE e.client_id IS NOT NULL
),

-- visits in (-∞, t), t being the cutoff
visits_all AS (
  SELECT s.client_id, s.cutoff, COUNT(*) AS visits
  FROM client_cutoffs AS s
  JOIN visits_rows_2 AS e
    ON e.client_id = s.client_id
    AND e.known_at < s.cutoff
    AND e.happened_at < s.cutoff
  GROUP BY s.client_id, s.cutoff
),

-- visits in (-∞, t), t being the cutoff: the row that last takes
shop_link_row AS (
  SELECT s.client_id, s.cutoff, e.shop_id AS shop_link
  FROM client_cutoffs AS s
  JOIN visits_rows_2 AS e
    ON e.client_id = s.client_id
    AND e.known_at < s.cutoff
    AND e.happened_at < s.cutoff
  WHERE e.shop_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.client_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.shop_id DESC NULLS LAST
  ) = 1
),

-- visits in (-∞, t), t being the cutoff: the row that last takes
channel_row AS (
  SELECT s.client_id, s.cutoff, e.channel
  FROM client_cutoffs AS s
  JOIN visits_rows_2 AS e
    ON e.client_id = s.client_id
    AND e.known_at < s.cutoff
    AND e.happened_at < s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.client_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.channel DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.client_id, c.cutoff, COALESCE(s1.visits, 0) AS visits, s2.shop_link, s3.channel
  FROM client_cutoffs AS c
  LEFT JOIN visits_all AS s1
    ON s1.client_id = c.client_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN shop_link_row AS s2
    ON s2.client_id = c.client_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN channel_row AS s3
    ON s3.client_id = c.client_id
    AND s3.cutoff = c.cutoff
),

-- what was known of each client, beside the shop that it belonged to
shop_client AS (
  SELECT v.shop_link AS shop_id, v.cutoff, v.visits, v.channel
  FROM features AS v
),

-- client: the members of each shop at t, t being the cutoff
shop_of_client AS (
  SELECT
    s.shop_id,
    s.cutoff,
    s.anchor_channel,
    CAST(SUM(CAST(e.visits AS DECIMAL(38, 9))) AS DOUBLE) AS visitors,
    COUNT(CASE WHEN e.channel = s.anchor_channel THEN 1 END) AS alike
  FROM spine AS s
  JOIN shop_client AS e
    ON e.shop_id = s.shop_id
    AND e.cutoff = s.cutoff
  GROUP BY s.shop_id, s.cutoff, s.anchor_channel
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.shop_id,
    c.cutoff,
    c.anchor_order_id,
    c.anchor_channel,
    COALESCE(s1.visitors, 0) AS visitors,
    COALESCE(s1.alike, 0) AS alike
  FROM latest AS c
  LEFT JOIN shop_of_client AS s1
    ON s1.shop_id = c.shop_id
    AND s1.cutoff = c.cutoff
    AND s1.anchor_channel IS NOT DISTINCT FROM c.anchor_channel
)

SELECT
  v.shop_id,
  v.anchor_order_id AS order_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '2 days' > r.as_of AS open,
  v.visitors,
  v.alike
FROM features_2 AS v
CROSS JOIN run AS r
ORDER BY v.shop_id NULLS LAST, v.anchor_order_id NULLS LAST, v.cutoff NULLS LAST;
