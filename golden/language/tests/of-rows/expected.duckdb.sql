-- file: fraud.training.sql
-- The training set of `fraud`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: anchor.is_fraud = true in next 60 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fraud_training AS
WITH
-- payments: its rows, times in UTC
payments_rows AS (
  SELECT
    country,
    card_no,
    CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    payment_id,
    is_fraud,
    CASE WHEN TYPEOF(known_at) IN ('DATE', 'TIMESTAMP') THEN CAST(known_at AS TIMESTAMP) ELSE CAST(CAST(known_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS is_fraud_known_at,
    CAST(amount AS DOUBLE) AS amount
  FROM (
    SELECT *
    FROM bank.payments
    WHERE paid_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY payment_id
      ORDER BY CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        payment_id NULLS LAST,
        is_fraud NULLS LAST,
        amount NULLS LAST,
        country NULLS LAST,
        card_no NULLS LAST
    ) = 1
      OR payment_id IS NULL
  ) AS r
  WHERE paid_at IS NOT NULL
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
    e.country,
    e.card_no,
    e.instant,
    e.happened_at,
    e.amount > 1 AS is_cutoff,
    e.amount AS anchor_amount,
    e.is_fraud AS anchor_is_fraud,
    e.is_fraud_known_at AS anchor_is_fraud_known_at,
    e.payment_id AS anchor_payment_id,
    CAST(e.amount AS DECIMAL(38, 9)) AS before
  FROM payments_rows AS e
  WHERE e.country IS NOT NULL
    AND e.card_no IS NOT NULL
),

-- what each row of payments could see before its own instant
payments_history AS (
  SELECT
    m.country,
    m.card_no,
    m.happened_at,
    m.is_cutoff,
    m.anchor_amount,
    m.anchor_is_fraud,
    m.anchor_is_fraud_known_at,
    m.anchor_payment_id,
    CAST(SUM(m.before) OVER (
      PARTITION BY m.country, m.card_no
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS DOUBLE) AS before,
    COUNT(*) OVER (
      PARTITION BY m.country, m.card_no
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 5184000000000 FOLLOWING
    ) > 0 AS given_1
  FROM payments_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.country,
    e.card_no,
    e.happened_at AS cutoff,
    e.anchor_amount,
    e.anchor_is_fraud,
    e.anchor_is_fraud_known_at,
    e.anchor_payment_id,
    e.before,
    e.given_1
  FROM payments_history AS e
  WHERE e.is_cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.country,
    c.card_no,
    c.cutoff,
    COALESCE(c.before, 0) AS before,
    c.anchor_amount,
    c.anchor_is_fraud,
    c.anchor_is_fraud_known_at,
    c.anchor_payment_id,
    c.given_1
  FROM cutoffs AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount / NULLIF(NULLIF(v.before, CAST(0 AS DOUBLE)), 0) AS jump
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '60 days' <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    CASE
      WHEN v.anchor_is_fraud_known_at <= v.cutoff + INTERVAL '60 days' THEN v.anchor_is_fraud
    END = TRUE AS label,
    v.given_1 AS is_given
  FROM mature AS v
),

-- the population, chosen by what came after the cutoff
given AS (
  SELECT v.*
  FROM labelled AS v
  WHERE v.is_given
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM given AS v
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
      OR e.cutoff >= p1.starts_at AND e.cutoff + INTERVAL '60 days' <= p2.starts_at
      OR e.cutoff + INTERVAL '60 days' <= p1.starts_at
)

SELECT
  p.country,
  p.card_no,
  p.anchor_payment_id AS payment_id,
  p.cutoff,
  p.before,
  p.jump,
  p.label,
  p.split
FROM parts AS p
ORDER BY
  p.country NULLS LAST,
  p.card_no NULLS LAST,
  p.anchor_payment_id NULLS LAST,
  p.cutoff NULLS LAST,
  p.split NULLS LAST;

-- file: fraud.scoring.sql
-- The rows of `fraud` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fraud_scoring AS
WITH
-- payments: its rows, times in UTC
payments_rows AS (
  SELECT
    country,
    card_no,
    CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    payment_id,
    is_fraud,
    CASE WHEN TYPEOF(known_at) IN ('DATE', 'TIMESTAMP') THEN CAST(known_at AS TIMESTAMP) ELSE CAST(CAST(known_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS is_fraud_known_at,
    CAST(amount AS DOUBLE) AS amount
  FROM (
    SELECT *
    FROM bank.payments
    WHERE paid_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY payment_id
      ORDER BY CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        payment_id NULLS LAST,
        is_fraud NULLS LAST,
        amount NULLS LAST,
        country NULLS LAST,
        card_no NULLS LAST
    ) = 1
      OR payment_id IS NULL
  ) AS r
  WHERE paid_at IS NOT NULL
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
    e.country,
    e.card_no,
    e.instant,
    e.happened_at,
    e.amount > 1 AS is_cutoff,
    e.amount AS anchor_amount,
    e.is_fraud AS anchor_is_fraud,
    e.is_fraud_known_at AS anchor_is_fraud_known_at,
    e.payment_id AS anchor_payment_id,
    CAST(e.amount AS DECIMAL(38, 9)) AS before
  FROM payments_rows AS e
  WHERE e.country IS NOT NULL
    AND e.card_no IS NOT NULL
),

-- what each row of payments could see before its own instant
payments_history AS (
  SELECT
    m.country,
    m.card_no,
    m.happened_at,
    m.is_cutoff,
    m.anchor_amount,
    m.anchor_is_fraud,
    m.anchor_is_fraud_known_at,
    m.anchor_payment_id,
    CAST(SUM(m.before) OVER (
      PARTITION BY m.country, m.card_no
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS DOUBLE) AS before
  FROM payments_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.country,
    e.card_no,
    e.happened_at AS cutoff,
    e.anchor_amount,
    e.anchor_is_fraud,
    e.anchor_is_fraud_known_at,
    e.anchor_payment_id,
    e.before
  FROM payments_history AS e
  WHERE e.is_cutoff
),

-- the latest cutoff of each card
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.country, c.card_no
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_payment_id DESC NULLS LAST,
      c.anchor_amount DESC NULLS LAST,
      c.anchor_is_fraud DESC NULLS LAST,
      c.anchor_is_fraud_known_at DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.country,
    c.card_no,
    c.cutoff,
    COALESCE(c.before, 0) AS before,
    c.anchor_amount,
    c.anchor_is_fraud,
    c.anchor_is_fraud_known_at,
    c.anchor_payment_id
  FROM latest AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount / NULLIF(NULLIF(v.before, CAST(0 AS DOUBLE)), 0) AS jump
  FROM features AS v
)

SELECT
  v.country,
  v.card_no,
  v.anchor_payment_id AS payment_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '60 days' > r.as_of AS open,
  v.before,
  v.jump
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY
  v.country NULLS LAST,
  v.card_no NULLS LAST,
  v.anchor_payment_id NULLS LAST,
  v.cutoff NULLS LAST;

-- file: test.1.sql
-- card 'DE', '7' at 2024-01-05 10:00:00, as `fraud` sees it.
SET TimeZone = 'UTC';

WITH
-- payments: its rows, times in UTC, as known at the run's instant
payments_rows AS (
  SELECT
    country,
    card_no,
    CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    payment_id,
    CASE
      WHEN CASE WHEN TYPEOF(known_at) IN ('DATE', 'TIMESTAMP') THEN CAST(known_at AS TIMESTAMP) ELSE CAST(CAST(known_at AS TIMESTAMPTZ) AS TIMESTAMP) END <= TIMESTAMP '9999-12-31 00:00:00' THEN is_fraud
    END AS is_fraud,
    CASE WHEN TYPEOF(known_at) IN ('DATE', 'TIMESTAMP') THEN CAST(known_at AS TIMESTAMP) ELSE CAST(CAST(known_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS is_fraud_known_at,
    CAST(amount AS DOUBLE) AS amount
  FROM (
    SELECT *
    FROM (
      SELECT
        CAST('DE' AS VARCHAR) AS country,
        CAST(7 AS BIGINT) AS card_no,
        CAST(TIMESTAMP '2024-01-01 00:00:00' AS TIMESTAMP) AS paid_at,
        CAST(1 AS BIGINT) AS payment_id,
        CAST(TIMESTAMP '2024-01-02 00:00:00' AS TIMESTAMP) AS known_at,
        CAST(FALSE AS BOOLEAN) AS is_fraud,
        CAST(10 AS DOUBLE) AS amount
      UNION ALL
      SELECT
        CAST('DE' AS VARCHAR) AS country,
        CAST(7 AS BIGINT) AS card_no,
        CAST(TIMESTAMP '2024-01-05 10:00:00' AS TIMESTAMP) AS paid_at,
        CAST(2 AS BIGINT) AS payment_id,
        CAST(TIMESTAMP '2024-02-05 00:00:00' AS TIMESTAMP) AS known_at,
        CAST(TRUE AS BOOLEAN) AS is_fraud,
        CAST(90 AS DOUBLE) AS amount
      UNION ALL
      SELECT
        CAST('FR' AS VARCHAR) AS country,
        CAST(7 AS BIGINT) AS card_no,
        CAST(TIMESTAMP '2024-01-05 10:00:00' AS TIMESTAMP) AS paid_at,
        CAST(3 AS BIGINT) AS payment_id,
        CAST(TIMESTAMP '2024-02-05 00:00:00' AS TIMESTAMP) AS known_at,
        CAST(TRUE AS BOOLEAN) AS is_fraud,
        CAST(50 AS DOUBLE) AS amount
      UNION ALL
      SELECT
        CAST('DE' AS VARCHAR) AS country,
        CAST(7 AS BIGINT) AS card_no,
        CAST(TIMESTAMP '2024-01-25 00:00:00' AS TIMESTAMP) AS paid_at,
        CAST(4 AS BIGINT) AS payment_id,
        CAST(NULL AS TIMESTAMP) AS known_at,
        CAST(FALSE AS BOOLEAN) AS is_fraud,
        CAST(5 AS DOUBLE) AS amount
    ) AS r
    WHERE paid_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY payment_id
      ORDER BY CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        payment_id NULLS LAST,
        is_fraud NULLS LAST,
        amount NULLS LAST,
        country NULLS LAST,
        card_no NULLS LAST
    ) = 1
      OR payment_id IS NULL
  ) AS r
  WHERE paid_at IS NOT NULL
    AND CASE WHEN TYPEOF(paid_at) IN ('DATE', 'TIMESTAMP') THEN CAST(paid_at AS TIMESTAMP) ELSE CAST(CAST(paid_at AS TIMESTAMPTZ) AS TIMESTAMP) END <= TIMESTAMP '9999-12-31 00:00:00'
),

-- what each row of payments adds to each value
payments_marks AS (
  SELECT
    e.country,
    e.card_no,
    e.instant,
    e.happened_at,
    e.amount > 1 AS is_cutoff,
    e.amount AS anchor_amount,
    e.is_fraud AS anchor_is_fraud,
    e.is_fraud_known_at AS anchor_is_fraud_known_at,
    e.payment_id AS anchor_payment_id,
    CAST(e.amount AS DECIMAL(38, 9)) AS before
  FROM payments_rows AS e
  WHERE e.country IS NOT NULL
    AND e.card_no IS NOT NULL
),

-- what each row of payments could see before its own instant
payments_history AS (
  SELECT
    m.country,
    m.card_no,
    m.happened_at,
    m.is_cutoff,
    m.anchor_amount,
    m.anchor_is_fraud,
    m.anchor_is_fraud_known_at,
    m.anchor_payment_id,
    CAST(SUM(m.before) OVER (
      PARTITION BY m.country, m.card_no
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS DOUBLE) AS before,
    COUNT(*) OVER (
      PARTITION BY m.country, m.card_no
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 5184000000000 FOLLOWING
    ) > 0 AS given_1
  FROM payments_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.country,
    e.card_no,
    e.happened_at AS cutoff,
    e.anchor_amount,
    e.anchor_is_fraud,
    e.anchor_is_fraud_known_at,
    e.anchor_payment_id,
    e.before,
    e.given_1
  FROM payments_history AS e
  WHERE e.is_cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.country,
    c.card_no,
    c.cutoff,
    COALESCE(c.before, 0) AS before,
    c.anchor_amount,
    c.anchor_is_fraud,
    c.anchor_is_fraud_known_at,
    c.anchor_payment_id,
    c.given_1
  FROM cutoffs AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount / NULLIF(NULLIF(v.before, CAST(0 AS DOUBLE)), 0) AS jump
  FROM features AS v
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    CASE
      WHEN v.anchor_is_fraud_known_at <= v.cutoff + INTERVAL '60 days' THEN v.anchor_is_fraud
    END = TRUE AS label,
    v.given_1 AS is_given
  FROM derived_1 AS v
)

SELECT TRUE AS is_eligible, COALESCE(v.is_given, FALSE) AS is_given, v.before, v.jump, v.label
FROM labelled AS v
WHERE v.cutoff = TIMESTAMP '2024-01-05 10:00:00'
  AND CAST(v.country AS VARCHAR) = 'DE'
  AND CAST(v.card_no AS VARCHAR) = '7';
