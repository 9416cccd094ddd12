-- file: fraud.training.sql
-- The training set of `fraud`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: anchor.is_fraud in next 60 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fraud_training AS
WITH
-- tx: its rows, times in UTC
tx_rows AS (
  SELECT
    card_id,
    CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    tx_id,
    is_fraud,
    CASE WHEN TYPEOF(reported_at) IN ('DATE', 'TIMESTAMP') THEN CAST(reported_at AS TIMESTAMP) ELSE CAST(CAST(reported_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS is_fraud_known_at,
    amount,
    country
  FROM (
    SELECT *
    FROM READ_CSV('data/tx.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE ts IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY tx_id
      ORDER BY CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        tx_id NULLS LAST,
        is_fraud NULLS LAST,
        amount NULLS LAST,
        country NULLS LAST,
        card_id NULLS LAST
    ) = 1
      OR tx_id IS NULL
  ) AS r
  WHERE ts IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM tx_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of tx adds to each value
tx_marks AS (
  SELECT
    e.card_id,
    e.instant,
    e.happened_at,
    e.amount > 1 AS is_cutoff,
    e.country AS anchor_country,
    e.amount AS anchor_amount,
    e.is_fraud AS anchor_is_fraud,
    e.is_fraud_known_at AS anchor_is_fraud_known_at,
    e.tx_id AS anchor_tx_id
  FROM tx_rows AS e
  WHERE e.card_id IS NOT NULL
),

-- what each row of tx could see up to its own instant
tx_history AS (
  SELECT
    m.card_id,
    m.happened_at,
    m.is_cutoff,
    m.anchor_country,
    m.anchor_amount,
    m.anchor_is_fraud,
    m.anchor_is_fraud_known_at,
    m.anchor_tx_id,
    COUNT(*) OVER (
      PARTITION BY m.card_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 86399999999 PRECEDING AND CURRENT ROW
    ) AS tx
  FROM tx_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.card_id,
    e.happened_at AS cutoff,
    e.anchor_country,
    e.anchor_amount,
    e.anchor_is_fraud,
    e.anchor_is_fraud_known_at,
    e.anchor_tx_id,
    e.tx
  FROM tx_history AS e
  WHERE e.is_cutoff
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.card_id, c.cutoff, c.anchor_country
  FROM cutoffs AS c
),

-- tx in (-∞, t], t being the cutoff
tx_all AS (
  SELECT
    s.card_id,
    s.cutoff,
    s.anchor_country,
    COUNT(
      CASE WHEN CASE WHEN e.is_fraud_known_at <= s.cutoff THEN e.is_fraud END THEN 1 END
    ) AS known_frauds,
    COUNT(CASE WHEN e.country = s.anchor_country THEN 1 END) AS same_country
  FROM spine AS s
  JOIN tx_rows AS e
    ON e.card_id = s.card_id
    AND e.happened_at <= s.cutoff
  WHERE CASE WHEN e.is_fraud_known_at <= s.cutoff THEN e.is_fraud END
      OR e.country = s.anchor_country
  GROUP BY s.card_id, s.cutoff, s.anchor_country
),

-- what was known at each cutoff
features AS (
  SELECT
    c.card_id,
    c.cutoff,
    c.tx,
    c.anchor_country,
    c.anchor_amount,
    c.anchor_is_fraud,
    c.anchor_is_fraud_known_at,
    c.anchor_tx_id,
    COALESCE(s1.known_frauds, 0) AS known_frauds,
    COALESCE(s1.same_country, 0) AS same_country
  FROM cutoffs AS c
  LEFT JOIN tx_all AS s1
    ON s1.card_id = c.card_id
    AND s1.cutoff = c.cutoff
    AND s1.anchor_country IS NOT DISTINCT FROM c.anchor_country
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount AS amount, v.anchor_country AS country
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
    COALESCE(
      CASE
        WHEN v.anchor_is_fraud_known_at <= v.cutoff + INTERVAL '60 days' THEN v.anchor_is_fraud
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '60 days' <= p1.starts_at
)

SELECT
  p.card_id,
  p.anchor_tx_id AS tx_id,
  p.cutoff,
  p.tx,
  p.known_frauds,
  p.same_country,
  p.amount,
  p.country,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.card_id NULLS LAST, p.anchor_tx_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: fraud.scoring.sql
-- The rows of `fraud` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fraud_scoring AS
WITH
-- tx: its rows, times in UTC
tx_rows AS (
  SELECT
    card_id,
    CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    tx_id,
    is_fraud,
    CASE WHEN TYPEOF(reported_at) IN ('DATE', 'TIMESTAMP') THEN CAST(reported_at AS TIMESTAMP) ELSE CAST(CAST(reported_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS is_fraud_known_at,
    amount,
    country
  FROM (
    SELECT *
    FROM READ_CSV('data/tx.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE ts IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY tx_id
      ORDER BY CASE WHEN TYPEOF(ts) IN ('DATE', 'TIMESTAMP') THEN CAST(ts AS TIMESTAMP) ELSE CAST(CAST(ts AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        tx_id NULLS LAST,
        is_fraud NULLS LAST,
        amount NULLS LAST,
        country NULLS LAST,
        card_id NULLS LAST
    ) = 1
      OR tx_id IS NULL
  ) AS r
  WHERE ts IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM tx_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of tx adds to each value
tx_marks AS (
  SELECT
    e.card_id,
    e.instant,
    e.happened_at,
    e.amount > 1 AS is_cutoff,
    e.country AS anchor_country,
    e.amount AS anchor_amount,
    e.is_fraud AS anchor_is_fraud,
    e.is_fraud_known_at AS anchor_is_fraud_known_at,
    e.tx_id AS anchor_tx_id
  FROM tx_rows AS e
  WHERE e.card_id IS NOT NULL
),

-- what each row of tx could see up to its own instant
tx_history AS (
  SELECT
    m.card_id,
    m.happened_at,
    m.is_cutoff,
    m.anchor_country,
    m.anchor_amount,
    m.anchor_is_fraud,
    m.anchor_is_fraud_known_at,
    m.anchor_tx_id,
    COUNT(*) OVER (
      PARTITION BY m.card_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 86399999999 PRECEDING AND CURRENT ROW
    ) AS tx
  FROM tx_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.card_id,
    e.happened_at AS cutoff,
    e.anchor_country,
    e.anchor_amount,
    e.anchor_is_fraud,
    e.anchor_is_fraud_known_at,
    e.anchor_tx_id,
    e.tx
  FROM tx_history AS e
  WHERE e.is_cutoff
),

-- the latest cutoff of each card
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.card_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_tx_id DESC NULLS LAST,
      c.anchor_country DESC NULLS LAST,
      c.anchor_amount DESC NULLS LAST,
      c.anchor_is_fraud DESC NULLS LAST,
      c.anchor_is_fraud_known_at DESC NULLS LAST
  ) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.card_id, c.cutoff, c.anchor_country
  FROM latest AS c
),

-- tx in (-∞, t], t being the cutoff
tx_all AS (
  SELECT
    s.card_id,
    s.cutoff,
    s.anchor_country,
    COUNT(
      CASE WHEN CASE WHEN e.is_fraud_known_at <= s.cutoff THEN e.is_fraud END THEN 1 END
    ) AS known_frauds,
    COUNT(CASE WHEN e.country = s.anchor_country THEN 1 END) AS same_country
  FROM spine AS s
  JOIN tx_rows AS e
    ON e.card_id = s.card_id
    AND e.happened_at <= s.cutoff
  WHERE CASE WHEN e.is_fraud_known_at <= s.cutoff THEN e.is_fraud END
      OR e.country = s.anchor_country
  GROUP BY s.card_id, s.cutoff, s.anchor_country
),

-- what was known at each cutoff
features AS (
  SELECT
    c.card_id,
    c.cutoff,
    c.tx,
    c.anchor_country,
    c.anchor_amount,
    c.anchor_is_fraud,
    c.anchor_is_fraud_known_at,
    c.anchor_tx_id,
    COALESCE(s1.known_frauds, 0) AS known_frauds,
    COALESCE(s1.same_country, 0) AS same_country
  FROM latest AS c
  LEFT JOIN tx_all AS s1
    ON s1.card_id = c.card_id
    AND s1.cutoff = c.cutoff
    AND s1.anchor_country IS NOT DISTINCT FROM c.anchor_country
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount AS amount, v.anchor_country AS country
  FROM features AS v
)

SELECT
  v.card_id,
  v.anchor_tx_id AS tx_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '60 days' > r.as_of AS open,
  v.tx,
  v.known_frauds,
  v.same_country,
  v.amount,
  v.country
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.card_id NULLS LAST, v.anchor_tx_id NULLS LAST, v.cutoff NULLS LAST;
