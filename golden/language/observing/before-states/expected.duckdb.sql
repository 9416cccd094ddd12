-- file: refund.training.sql
-- The training set of `refund`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: exists(payments where amount < 0) in next 10 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE refund_training AS
WITH
-- limits: its rows, times in UTC
payments_limits AS (
  SELECT
    tier AS key_1,
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    CAST(most AS DOUBLE) AS most
  FROM READ_CSV('data/limits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- payments: its rows, times in UTC
payments_rows AS (
  SELECT
    r.card_id,
    CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    r.payment_id,
    CAST(r.amount AS DOUBLE) AS amount,
    limits.most AS limits_most,
    limits_before.most AS limits_most_before
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        ORDER BY CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
          payment_id NULLS LAST,
          amount NULLS LAST,
          card_id NULLS LAST
      ) AS row_of_source
    FROM READ_CSV('data/payments.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE paid_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY payment_id
      ORDER BY CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        payment_id NULLS LAST,
        amount NULLS LAST,
        card_id NULLS LAST
    ) = 1
      OR payment_id IS NULL
  ) AS r
  LEFT JOIN payments_limits AS limits
    ON limits.key_1 = r.tier
    AND limits.happened_at <= CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    AND (limits.held_until IS NULL
      OR limits.held_until > CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END)
  LEFT JOIN payments_limits AS limits_before
    ON limits_before.key_1 = r.tier
    AND limits_before.happened_at < CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    AND (limits_before.held_until IS NULL
      OR limits_before.held_until >= CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END)
  WHERE r.paid_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.row_of_source
    ORDER BY limits.happened_at DESC NULLS LAST,
      limits.most DESC NULLS LAST,
      limits_before.happened_at DESC NULLS LAST,
      limits_before.most DESC NULLS LAST
  ) = 1
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM payments_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of payments adds to each value
payments_marks AS (
  SELECT
    e.card_id,
    e.instant,
    e.happened_at,
    e.limits_most AS anchor_limits_most,
    e.limits_most_before AS anchor_limits_most_before,
    e.amount AS anchor_amount,
    e.payment_id AS anchor_payment_id,
    CAST(e.amount AS DECIMAL(38, 9)) AS spent,
    CASE WHEN e.amount < 0 THEN 1 END AS label_1
  FROM payments_rows AS e
  WHERE e.card_id IS NOT NULL
),

-- what each row of payments could see before its own instant
payments_history AS (
  SELECT
    m.card_id,
    m.happened_at,
    m.anchor_limits_most,
    m.anchor_limits_most_before,
    m.anchor_amount,
    m.anchor_payment_id,
    CAST(SUM(m.spent) OVER (
      PARTITION BY m.card_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604800000000 PRECEDING AND 1 PRECEDING
    ) AS DOUBLE) AS spent,
    COUNT(m.label_1) OVER (
      PARTITION BY m.card_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 864000000000 FOLLOWING
    ) > 0 AS label_1
  FROM payments_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.card_id,
    e.happened_at AS cutoff,
    e.anchor_limits_most,
    e.anchor_limits_most_before,
    e.anchor_amount,
    e.anchor_payment_id,
    e.spent,
    e.label_1
  FROM payments_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT
    c.card_id,
    c.cutoff,
    COALESCE(c.spent, 0) AS spent,
    c.anchor_limits_most,
    c.anchor_limits_most_before,
    c.anchor_amount,
    c.anchor_payment_id,
    c.label_1
  FROM cutoffs AS c
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    v.anchor_limits_most_before AS tier_limit,
    v.anchor_amount > CAST(0.8 AS DOUBLE) * v.anchor_limits_most_before AS is_near,
    v.anchor_amount AS amount
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '10 days' <= r.known_until
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '10 days' <= p1.starts_at
)

SELECT
  p.card_id,
  p.anchor_payment_id AS payment_id,
  p.cutoff,
  p.spent,
  p.tier_limit,
  p.is_near,
  p.amount,
  p.label,
  p.split
FROM parts AS p
ORDER BY
  p.card_id NULLS LAST,
  p.anchor_payment_id NULLS LAST,
  p.cutoff NULLS LAST,
  p.split NULLS LAST;

-- file: refund.scoring.sql
-- The rows of `refund` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE refund_scoring AS
WITH
-- limits: its rows, times in UTC
payments_limits AS (
  SELECT
    tier AS key_1,
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    CAST(most AS DOUBLE) AS most
  FROM READ_CSV('data/limits.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- payments: its rows, times in UTC
payments_rows AS (
  SELECT
    r.card_id,
    CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    r.payment_id,
    CAST(r.amount AS DOUBLE) AS amount,
    limits.most AS limits_most,
    limits_before.most AS limits_most_before
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        ORDER BY CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
          payment_id NULLS LAST,
          amount NULLS LAST,
          card_id NULLS LAST
      ) AS row_of_source
    FROM READ_CSV('data/payments.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE paid_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY payment_id
      ORDER BY CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        payment_id NULLS LAST,
        amount NULLS LAST,
        card_id NULLS LAST
    ) = 1
      OR payment_id IS NULL
  ) AS r
  LEFT JOIN payments_limits AS limits
    ON limits.key_1 = r.tier
    AND limits.happened_at <= CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    AND (limits.held_until IS NULL
      OR limits.held_until > CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END)
  LEFT JOIN payments_limits AS limits_before
    ON limits_before.key_1 = r.tier
    AND limits_before.happened_at < CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    AND (limits_before.held_until IS NULL
      OR limits_before.held_until >= CASE WHEN TYPEOF(r.paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.paid_at AS TIMESTAMP) ELSE CAST(CAST(r.paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END)
  WHERE r.paid_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.row_of_source
    ORDER BY limits.happened_at DESC NULLS LAST,
      limits.most DESC NULLS LAST,
      limits_before.happened_at DESC NULLS LAST,
      limits_before.most DESC NULLS LAST
  ) = 1
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM payments_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of payments adds to each value
payments_marks AS (
  SELECT
    e.card_id,
    e.instant,
    e.happened_at,
    e.limits_most AS anchor_limits_most,
    e.limits_most_before AS anchor_limits_most_before,
    e.amount AS anchor_amount,
    e.payment_id AS anchor_payment_id,
    CAST(e.amount AS DECIMAL(38, 9)) AS spent
  FROM payments_rows AS e
  WHERE e.card_id IS NOT NULL
),

-- what each row of payments could see before its own instant
payments_history AS (
  SELECT
    m.card_id,
    m.happened_at,
    m.anchor_limits_most,
    m.anchor_limits_most_before,
    m.anchor_amount,
    m.anchor_payment_id,
    CAST(SUM(m.spent) OVER (
      PARTITION BY m.card_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604800000000 PRECEDING AND 1 PRECEDING
    ) AS DOUBLE) AS spent
  FROM payments_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.card_id,
    e.happened_at AS cutoff,
    e.anchor_limits_most,
    e.anchor_limits_most_before,
    e.anchor_amount,
    e.anchor_payment_id,
    e.spent
  FROM payments_history AS e
),

-- the latest cutoff of each card
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.card_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_payment_id DESC NULLS LAST,
      c.anchor_limits_most DESC NULLS LAST,
      c.anchor_limits_most_before DESC NULLS LAST,
      c.anchor_amount DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.card_id,
    c.cutoff,
    COALESCE(c.spent, 0) AS spent,
    c.anchor_limits_most,
    c.anchor_limits_most_before,
    c.anchor_amount,
    c.anchor_payment_id
  FROM latest AS c
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    v.anchor_limits_most_before AS tier_limit,
    v.anchor_amount > CAST(0.8 AS DOUBLE) * v.anchor_limits_most_before AS is_near,
    v.anchor_amount AS amount
  FROM features AS v
)

SELECT
  v.card_id,
  v.anchor_payment_id AS payment_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '10 days' > r.as_of AS open,
  v.spent,
  v.tier_limit,
  v.is_near,
  v.amount
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.card_id NULLS LAST, v.anchor_payment_id NULLS LAST, v.cutoff NULLS LAST;
