-- file: refund.training.sql
-- The training set of `refund`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(payments where amount < 0) in next 1 day
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE refund_training AS
WITH
-- cards: its rows, times in UTC
payments_cards AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(paid_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    merchant_id,
    CAST(amount AS FLOAT) AS amount
  FROM shop.public.cards
  WHERE paid_at IS NOT NULL
),

-- cash: its rows, times in UTC
payments_cash AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(paid_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(till AS VARCHAR) AS merchant_key,
    CAST(amount AS FLOAT) AS amount
  FROM shop.public.cash
  WHERE paid_at IS NOT NULL
),

-- payments: the rows of its parts
payments_rows AS (
  SELECT
    p.customer_id,
    p.happened_at,
    DATE_PART('epoch_microsecond', p.happened_at) AS instant,
    p.merchant_id AS merchant_key,
    p.amount
  FROM payments_cards AS p
  UNION ALL
  SELECT
    p.customer_id,
    p.happened_at,
    DATE_PART('epoch_microsecond', p.happened_at) AS instant,
    p.merchant_key,
    p.amount
  FROM payments_cash AS p
),

-- checks: its rows, times in UTC
checks_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(checked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.checks
  WHERE checked_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM payments_cards
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM payments_cash
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM checks_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN COUNT(CASE WHEN is_in_label AND ends_at IS NULL THEN 1 END) = 0 THEN MIN(
        CASE WHEN is_in_label THEN ends_at END
      )
    END AS known_until
  FROM source_ends
),

-- what each row of payments adds to each value
payments_marks AS (
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    e.amount AS anchor_amount,
    e.merchant_key AS anchor_merchant_key,
    CAST(e.amount AS NUMBER(38, 9)) AS paid,
    CASE WHEN e.amount < 0 THEN 1 END AS label_1
  FROM payments_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of payments could see up to its own instant
payments_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    m.anchor_amount,
    m.anchor_merchant_key,
    CAST(SUM(m.paid) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
    ) AS FLOAT) AS paid,
    COUNT(m.label_1) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 86400000000 FOLLOWING
    ) > 0 AS label_1
  FROM payments_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.customer_id,
    e.happened_at AS cutoff,
    e.anchor_amount,
    e.anchor_merchant_key,
    e.paid,
    e.label_1
  FROM payments_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(c.paid, 0) AS paid,
    c.anchor_amount,
    c.anchor_merchant_key,
    c.label_1
  FROM cutoffs AS c
),

-- checks: its rows, times in UTC
checks_rows_2 AS (
  SELECT
    merchant_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(checked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.checks
  WHERE checked_at IS NOT NULL
),

-- each merchant that a cutoff is linked to, once an instant
merchant_cutoffs AS (
  SELECT DISTINCT v.anchor_merchant_key AS merchant_id, v.cutoff
  FROM features AS v
  WHERE v.anchor_merchant_key IS NOT NULL
),

-- checks in (-∞, t], t being the cutoff
checks_all AS (
  SELECT s.merchant_id, s.cutoff, COUNT(*) AS checks
  FROM merchant_cutoffs AS s
  JOIN checks_rows_2 AS e
    ON e.merchant_id = s.merchant_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.merchant_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.merchant_id, c.cutoff, COALESCE(s1.checks, 0) AS checks
  FROM merchant_cutoffs AS c
  LEFT JOIN checks_all AS s1
    ON s1.merchant_id = c.merchant_id
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the merchant that each is linked to
with_merchant AS (
  SELECT v.*, l.checks AS merchant_checks
  FROM features AS v
  LEFT JOIN features_2 AS l
    ON l.merchant_id = v.anchor_merchant_key
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
  WHERE DATEADD('day', 1, v.cutoff) <= r.known_until
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
  WHERE e.cutoff >= p1.starts_at OR DATEADD('day', 1, e.cutoff) <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.paid, p.merchant_checks, p.amount, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: refund.scoring.sql
-- The rows of `refund` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE refund_scoring AS
WITH
-- cards: its rows, times in UTC
payments_cards AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(paid_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    merchant_id,
    CAST(amount AS FLOAT) AS amount
  FROM shop.public.cards
  WHERE paid_at IS NOT NULL
),

-- cash: its rows, times in UTC
payments_cash AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(paid_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(till AS VARCHAR) AS merchant_key,
    CAST(amount AS FLOAT) AS amount
  FROM shop.public.cash
  WHERE paid_at IS NOT NULL
),

-- payments: the rows of its parts
payments_rows AS (
  SELECT
    p.customer_id,
    p.happened_at,
    DATE_PART('epoch_microsecond', p.happened_at) AS instant,
    p.merchant_id AS merchant_key,
    p.amount
  FROM payments_cards AS p
  UNION ALL
  SELECT
    p.customer_id,
    p.happened_at,
    DATE_PART('epoch_microsecond', p.happened_at) AS instant,
    p.merchant_key,
    p.amount
  FROM payments_cash AS p
),

-- checks: its rows, times in UTC
checks_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(checked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.checks
  WHERE checked_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM payments_cards
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM payments_cash
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM checks_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN COUNT(CASE WHEN is_in_label AND ends_at IS NULL THEN 1 END) = 0 THEN MIN(
        CASE WHEN is_in_label THEN ends_at END
      )
    END AS known_until
  FROM source_ends
),

-- what each row of payments adds to each value
payments_marks AS (
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    e.amount AS anchor_amount,
    e.merchant_key AS anchor_merchant_key,
    CAST(e.amount AS NUMBER(38, 9)) AS paid
  FROM payments_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of payments could see up to its own instant
payments_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    m.anchor_amount,
    m.anchor_merchant_key,
    CAST(SUM(m.paid) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW
    ) AS FLOAT) AS paid
  FROM payments_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff, e.anchor_amount, e.anchor_merchant_key, e.paid
  FROM payments_history AS e
),

-- the latest cutoff of each customer
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.customer_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_amount DESC NULLS LAST,
      c.anchor_merchant_key DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(c.paid, 0) AS paid,
    c.anchor_amount,
    c.anchor_merchant_key
  FROM latest AS c
),

-- checks: its rows, times in UTC
checks_rows_2 AS (
  SELECT
    merchant_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(checked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.checks
  WHERE checked_at IS NOT NULL
),

-- each merchant that a cutoff is linked to, once an instant
merchant_cutoffs AS (
  SELECT DISTINCT v.anchor_merchant_key AS merchant_id, v.cutoff
  FROM features AS v
  WHERE v.anchor_merchant_key IS NOT NULL
),

-- checks in (-∞, t], t being the cutoff
checks_all AS (
  SELECT s.merchant_id, s.cutoff, COUNT(*) AS checks
  FROM merchant_cutoffs AS s
  JOIN checks_rows_2 AS e
    ON e.merchant_id = s.merchant_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.merchant_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.merchant_id, c.cutoff, COALESCE(s1.checks, 0) AS checks
  FROM merchant_cutoffs AS c
  LEFT JOIN checks_all AS s1
    ON s1.merchant_id = c.merchant_id
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the merchant that each is linked to
with_merchant AS (
  SELECT v.*, l.checks AS merchant_checks
  FROM features AS v
  LEFT JOIN features_2 AS l
    ON l.merchant_id = v.anchor_merchant_key
    AND l.cutoff = v.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount AS amount
  FROM with_merchant AS v
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 1, v.cutoff) > r.as_of AS open,
  v.paid,
  v.merchant_checks,
  v.amount
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
