-- file: fraud.training.sql
-- The training set of `fraud`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: anchor.is_fraud in next 30 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE fraud_training AS
WITH
-- tx: its rows, times in UTC
tx_rows AS (
  SELECT
    card_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    merchant_id,
    tx_id,
    is_fraud,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS is_fraud_known_at,
    amount
  FROM (
    SELECT *
    FROM shop.public.tx
    WHERE ts IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY tx_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        merchant_id NULLS LAST,
        tx_id NULLS LAST,
        is_fraud NULLS LAST,
        amount NULLS LAST,
        card_id NULLS LAST
    ) = 1
      OR tx_id IS NULL
  ) AS r
  WHERE ts IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM tx_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- what each row of tx adds to each value
tx_marks AS (
  SELECT
    e.card_id,
    e.instant,
    e.happened_at,
    e.amount AS anchor_amount,
    e.is_fraud AS anchor_is_fraud,
    e.is_fraud_known_at AS anchor_is_fraud_known_at,
    e.tx_id AS anchor_tx_id,
    e.merchant_id AS anchor_merchant_id
  FROM tx_rows AS e
  WHERE e.card_id IS NOT NULL
),

-- what each row of tx could see before its own instant
tx_history AS (
  SELECT
    m.card_id,
    m.happened_at,
    m.anchor_amount,
    m.anchor_is_fraud,
    m.anchor_is_fraud_known_at,
    m.anchor_tx_id,
    m.anchor_merchant_id,
    COUNT(*) OVER (
      PARTITION BY m.card_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 86400000000 PRECEDING AND 1 PRECEDING
    ) AS tx
  FROM tx_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.card_id,
    e.happened_at AS cutoff,
    e.anchor_amount,
    e.anchor_is_fraud,
    e.anchor_is_fraud_known_at,
    e.anchor_tx_id,
    e.anchor_merchant_id,
    e.tx
  FROM tx_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT
    c.card_id,
    c.cutoff,
    c.tx,
    c.anchor_amount,
    c.anchor_is_fraud,
    c.anchor_is_fraud_known_at,
    c.anchor_tx_id,
    c.anchor_merchant_id
  FROM cutoffs AS c
),

-- tx: its rows, times in UTC
tx_rows_2 AS (
  SELECT
    merchant_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    is_fraud,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS is_fraud_known_at
  FROM (
    SELECT *
    FROM shop.public.tx
    WHERE ts IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY tx_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        is_fraud NULLS LAST,
        merchant_id NULLS LAST
    ) = 1
      OR tx_id IS NULL
  ) AS r
  WHERE ts IS NOT NULL
),

-- shops: its rows, times in UTC
shops_rows_2 AS (
  SELECT
    merchant_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_from AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_to AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    city_id
  FROM shop.public.shops
  WHERE valid_from IS NOT NULL
),

-- each merchant that a cutoff is linked to, once an instant
merchant_cutoffs AS (
  SELECT DISTINCT v.anchor_merchant_id AS merchant_id, v.cutoff
  FROM features AS v
  WHERE v.anchor_merchant_id IS NOT NULL
),

-- tx in [t - 90 days, t), t being the cutoff
tx_90d AS (
  SELECT
    s.merchant_id,
    s.cutoff,
    CAST(COUNT(
      CASE WHEN CASE WHEN e.is_fraud_known_at < s.cutoff THEN e.is_fraud END THEN 1 END
    ) AS FLOAT)
      / NULLIF(COUNT(*), 0) AS fraud_share
  FROM merchant_cutoffs AS s
  JOIN tx_rows_2 AS e
    ON e.merchant_id = s.merchant_id
    AND e.happened_at < s.cutoff
    AND e.happened_at >= DATEADD('day', -90, s.cutoff)
  GROUP BY s.merchant_id, s.cutoff
),

-- shops in (-∞, t), t being the cutoff: the row that last takes
city_link_row AS (
  SELECT s.merchant_id, s.cutoff, e.city_id AS city_link
  FROM merchant_cutoffs AS s
  JOIN shops_rows_2 AS e
    ON e.merchant_id = s.merchant_id
    AND e.happened_at < s.cutoff
    AND (e.held_until IS NULL OR e.held_until >= s.cutoff)
  WHERE e.city_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.merchant_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.city_id DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.merchant_id, c.cutoff, s1.fraud_share, s2.city_link
  FROM merchant_cutoffs AS c
  LEFT JOIN tx_90d AS s1
    ON s1.merchant_id = c.merchant_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN city_link_row AS s2
    ON s2.merchant_id = c.merchant_id
    AND s2.cutoff = c.cutoff
),

-- events: its rows, times in UTC
events_rows_3 AS (
  SELECT
    city_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- each city that a cutoff is linked to, once an instant
city_cutoffs AS (
  SELECT DISTINCT v.city_link AS city_id, v.cutoff
  FROM features_2 AS v
  WHERE v.city_link IS NOT NULL
),

-- events in (-∞, t), t being the cutoff
events_all AS (
  SELECT s.city_id, s.cutoff, COUNT(*) AS events
  FROM city_cutoffs AS s
  JOIN events_rows_3 AS e
    ON e.city_id = s.city_id
    AND e.happened_at < s.cutoff
  GROUP BY s.city_id, s.cutoff
),

-- what was known at each cutoff
features_3 AS (
  SELECT c.city_id, c.cutoff, COALESCE(s1.events, 0) AS events
  FROM city_cutoffs AS c
  LEFT JOIN events_all AS s1
    ON s1.city_id = c.city_id
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the city that each is linked to
with_city AS (
  SELECT v.*, l.events
  FROM features_2 AS v
  LEFT JOIN features_3 AS l
    ON l.city_id = v.city_link
    AND l.cutoff = v.cutoff
),

-- beside them what was known of the merchant that each is linked to
with_merchant AS (
  SELECT v.*, l.fraud_share AS merchant_fraud_share, l.events AS merchant_events
  FROM features AS v
  LEFT JOIN with_city AS l
    ON l.merchant_id = v.anchor_merchant_id
    AND l.cutoff = v.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount AS amount
  FROM with_merchant AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 30, v.cutoff) <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    COALESCE(
      CASE
        WHEN v.anchor_is_fraud_known_at <= DATEADD('day', 30, v.cutoff) THEN v.anchor_is_fraud
      END,
      FALSE
    ) AS label
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
          || CAST(e.card_id AS VARCHAR)
          || '|'
          || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
          || '|'
          || COALESCE(CAST(e.anchor_tx_id AS VARCHAR), '')
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
                || CAST(e.card_id AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
                || '|'
                || COALESCE(CAST(e.anchor_tx_id AS VARCHAR), '')
            ) NULLS LAST,
            e.card_id NULLS LAST,
            e.cutoff NULLS LAST,
            e.anchor_amount NULLS LAST,
            e.anchor_is_fraud NULLS LAST,
            e.anchor_is_fraud_known_at NULLS LAST,
            e.anchor_tx_id NULLS LAST,
            e.anchor_merchant_id NULLS LAST
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
  p.card_id,
  p.anchor_tx_id AS tx_id,
  p.cutoff,
  p.tx,
  p.merchant_fraud_share,
  p.merchant_events,
  p.amount,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.card_id NULLS LAST, p.anchor_tx_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: fraud.scoring.sql
-- The rows of `fraud` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE fraud_scoring AS
WITH
-- tx: its rows, times in UTC
tx_rows AS (
  SELECT
    card_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    merchant_id,
    tx_id,
    is_fraud,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS is_fraud_known_at,
    amount
  FROM (
    SELECT *
    FROM shop.public.tx
    WHERE ts IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY tx_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        merchant_id NULLS LAST,
        tx_id NULLS LAST,
        is_fraud NULLS LAST,
        amount NULLS LAST,
        card_id NULLS LAST
    ) = 1
      OR tx_id IS NULL
  ) AS r
  WHERE ts IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM tx_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- what each row of tx adds to each value
tx_marks AS (
  SELECT
    e.card_id,
    e.instant,
    e.happened_at,
    e.amount AS anchor_amount,
    e.is_fraud AS anchor_is_fraud,
    e.is_fraud_known_at AS anchor_is_fraud_known_at,
    e.tx_id AS anchor_tx_id,
    e.merchant_id AS anchor_merchant_id
  FROM tx_rows AS e
  WHERE e.card_id IS NOT NULL
),

-- what each row of tx could see before its own instant
tx_history AS (
  SELECT
    m.card_id,
    m.happened_at,
    m.anchor_amount,
    m.anchor_is_fraud,
    m.anchor_is_fraud_known_at,
    m.anchor_tx_id,
    m.anchor_merchant_id,
    COUNT(*) OVER (
      PARTITION BY m.card_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 86400000000 PRECEDING AND 1 PRECEDING
    ) AS tx
  FROM tx_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.card_id,
    e.happened_at AS cutoff,
    e.anchor_amount,
    e.anchor_is_fraud,
    e.anchor_is_fraud_known_at,
    e.anchor_tx_id,
    e.anchor_merchant_id,
    e.tx
  FROM tx_history AS e
),

-- the latest cutoff of each card
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.card_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_tx_id DESC NULLS LAST,
      c.anchor_amount DESC NULLS LAST,
      c.anchor_is_fraud DESC NULLS LAST,
      c.anchor_is_fraud_known_at DESC NULLS LAST,
      c.anchor_merchant_id DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.card_id,
    c.cutoff,
    c.tx,
    c.anchor_amount,
    c.anchor_is_fraud,
    c.anchor_is_fraud_known_at,
    c.anchor_tx_id,
    c.anchor_merchant_id
  FROM latest AS c
),

-- tx: its rows, times in UTC
tx_rows_2 AS (
  SELECT
    merchant_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    is_fraud,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(reported_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS is_fraud_known_at
  FROM (
    SELECT *
    FROM shop.public.tx
    WHERE ts IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY tx_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ts AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        is_fraud NULLS LAST,
        merchant_id NULLS LAST
    ) = 1
      OR tx_id IS NULL
  ) AS r
  WHERE ts IS NOT NULL
),

-- shops: its rows, times in UTC
shops_rows_2 AS (
  SELECT
    merchant_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_from AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_to AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    city_id
  FROM shop.public.shops
  WHERE valid_from IS NOT NULL
),

-- each merchant that a cutoff is linked to, once an instant
merchant_cutoffs AS (
  SELECT DISTINCT v.anchor_merchant_id AS merchant_id, v.cutoff
  FROM features AS v
  WHERE v.anchor_merchant_id IS NOT NULL
),

-- tx in [t - 90 days, t), t being the cutoff
tx_90d AS (
  SELECT
    s.merchant_id,
    s.cutoff,
    CAST(COUNT(
      CASE WHEN CASE WHEN e.is_fraud_known_at < s.cutoff THEN e.is_fraud END THEN 1 END
    ) AS FLOAT)
      / NULLIF(COUNT(*), 0) AS fraud_share
  FROM merchant_cutoffs AS s
  JOIN tx_rows_2 AS e
    ON e.merchant_id = s.merchant_id
    AND e.happened_at < s.cutoff
    AND e.happened_at >= DATEADD('day', -90, s.cutoff)
  GROUP BY s.merchant_id, s.cutoff
),

-- shops in (-∞, t), t being the cutoff: the row that last takes
city_link_row AS (
  SELECT s.merchant_id, s.cutoff, e.city_id AS city_link
  FROM merchant_cutoffs AS s
  JOIN shops_rows_2 AS e
    ON e.merchant_id = s.merchant_id
    AND e.happened_at < s.cutoff
    AND (e.held_until IS NULL OR e.held_until >= s.cutoff)
  WHERE e.city_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.merchant_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.city_id DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.merchant_id, c.cutoff, s1.fraud_share, s2.city_link
  FROM merchant_cutoffs AS c
  LEFT JOIN tx_90d AS s1
    ON s1.merchant_id = c.merchant_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN city_link_row AS s2
    ON s2.merchant_id = c.merchant_id
    AND s2.cutoff = c.cutoff
),

-- events: its rows, times in UTC
events_rows_3 AS (
  SELECT
    city_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- each city that a cutoff is linked to, once an instant
city_cutoffs AS (
  SELECT DISTINCT v.city_link AS city_id, v.cutoff
  FROM features_2 AS v
  WHERE v.city_link IS NOT NULL
),

-- events in (-∞, t), t being the cutoff
events_all AS (
  SELECT s.city_id, s.cutoff, COUNT(*) AS events
  FROM city_cutoffs AS s
  JOIN events_rows_3 AS e
    ON e.city_id = s.city_id
    AND e.happened_at < s.cutoff
  GROUP BY s.city_id, s.cutoff
),

-- what was known at each cutoff
features_3 AS (
  SELECT c.city_id, c.cutoff, COALESCE(s1.events, 0) AS events
  FROM city_cutoffs AS c
  LEFT JOIN events_all AS s1
    ON s1.city_id = c.city_id
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the city that each is linked to
with_city AS (
  SELECT v.*, l.events
  FROM features_2 AS v
  LEFT JOIN features_3 AS l
    ON l.city_id = v.city_link
    AND l.cutoff = v.cutoff
),

-- beside them what was known of the merchant that each is linked to
with_merchant AS (
  SELECT v.*, l.fraud_share AS merchant_fraud_share, l.events AS merchant_events
  FROM features AS v
  LEFT JOIN with_city AS l
    ON l.merchant_id = v.anchor_merchant_id
    AND l.cutoff = v.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount AS amount
  FROM with_merchant AS v
)

SELECT
  v.card_id,
  v.anchor_tx_id AS tx_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 30, v.cutoff) > r.as_of AS open,
  v.tx,
  v.merchant_fraud_share,
  v.merchant_events,
  v.amount
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.card_id NULLS LAST, v.anchor_tx_id NULLS LAST, v.cutoff NULLS LAST;
