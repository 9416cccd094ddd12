-- file: pays_late.training.sql
-- The training set of `pays_late`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: anchor.days_past_due > 30 in next 3 months
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE pays_late_training AS
WITH
-- payments: its rows, times in UTC
payments_rows AS (
  SELECT
    borrower_id,
    CASE WHEN TYPEOF(due_at) IN ('DATE', 'TIMESTAMP') THEN CAST(due_at AS TIMESTAMP) ELSE CAST(CAST(due_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    days_past_due,
    CASE WHEN TYPEOF(updated_at) IN ('DATE', 'TIMESTAMP') THEN CAST(updated_at AS TIMESTAMP) ELSE CAST(CAST(updated_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS days_past_due_known_at,
    amount
  FROM bank.payments
  WHERE due_at IS NOT NULL
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

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.borrower_id,
    e.happened_at AS cutoff,
    e.amount AS anchor_amount,
    e.days_past_due AS anchor_days_past_due,
    e.days_past_due_known_at AS anchor_days_past_due_known_at
  FROM payments_rows AS e
  WHERE e.borrower_id IS NOT NULL
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.borrower_id, c.cutoff
  FROM cutoffs AS c
),

-- payments in [t - 24 months, t), t being the cutoff
payments_24mo AS (
  SELECT
    s.borrower_id,
    s.cutoff,
    MAX(CASE WHEN e.days_past_due_known_at < s.cutoff THEN e.days_past_due END) AS worst
  FROM spine AS s
  JOIN payments_rows AS e
    ON e.borrower_id = s.borrower_id
    AND e.happened_at < s.cutoff
    AND e.happened_at >= s.cutoff - INTERVAL '24 months'
  GROUP BY s.borrower_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.borrower_id,
    c.cutoff,
    c.anchor_amount,
    c.anchor_days_past_due,
    c.anchor_days_past_due_known_at,
    s1.worst
  FROM cutoffs AS c
  LEFT JOIN payments_24mo AS s1
    ON s1.borrower_id = c.borrower_id
    AND s1.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount AS amount
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '3 months' <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    CASE
      WHEN v.anchor_days_past_due_known_at <= v.cutoff + INTERVAL '3 months' THEN v.anchor_days_past_due
    END > 30 AS label
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

-- where the validation part starts: the boundary nearest to 70 of 100
validation_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 2
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 70) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- where the test part starts: the boundary nearest to 85 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  CROSS JOIN validation_start AS p
  WHERE c.position >= 2
    AND c.position <= c.cutoffs - 1
    AND c.position > p.position
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 85) NULLS LAST, c.cutoff NULLS LAST
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
      OR e.cutoff >= p1.starts_at AND e.cutoff + INTERVAL '3 months' <= p2.starts_at
      OR e.cutoff + INTERVAL '3 months' <= p1.starts_at
)

SELECT p.borrower_id, p.cutoff, p.worst, p.amount, p.label, p.split
FROM parts AS p
ORDER BY p.borrower_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: pays_late.scoring.sql
-- The rows of `pays_late` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE pays_late_scoring AS
WITH
-- payments: its rows, times in UTC
payments_rows AS (
  SELECT
    borrower_id,
    CASE WHEN TYPEOF(due_at) IN ('DATE', 'TIMESTAMP') THEN CAST(due_at AS TIMESTAMP) ELSE CAST(CAST(due_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    days_past_due,
    CASE WHEN TYPEOF(updated_at) IN ('DATE', 'TIMESTAMP') THEN CAST(updated_at AS TIMESTAMP) ELSE CAST(CAST(updated_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS days_past_due_known_at,
    amount
  FROM bank.payments
  WHERE due_at IS NOT NULL
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

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.borrower_id,
    e.happened_at AS cutoff,
    e.amount AS anchor_amount,
    e.days_past_due AS anchor_days_past_due,
    e.days_past_due_known_at AS anchor_days_past_due_known_at
  FROM payments_rows AS e
  WHERE e.borrower_id IS NOT NULL
),

-- the latest cutoff of each borrower
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.borrower_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_amount DESC NULLS LAST,
      c.anchor_days_past_due DESC NULLS LAST,
      c.anchor_days_past_due_known_at DESC NULLS LAST
  ) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.borrower_id, c.cutoff
  FROM latest AS c
),

-- payments in [t - 24 months, t), t being the cutoff
payments_24mo AS (
  SELECT
    s.borrower_id,
    s.cutoff,
    MAX(CASE WHEN e.days_past_due_known_at < s.cutoff THEN e.days_past_due END) AS worst
  FROM spine AS s
  JOIN payments_rows AS e
    ON e.borrower_id = s.borrower_id
    AND e.happened_at < s.cutoff
    AND e.happened_at >= s.cutoff - INTERVAL '24 months'
  GROUP BY s.borrower_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.borrower_id,
    c.cutoff,
    c.anchor_amount,
    c.anchor_days_past_due,
    c.anchor_days_past_due_known_at,
    s1.worst
  FROM latest AS c
  LEFT JOIN payments_24mo AS s1
    ON s1.borrower_id = c.borrower_id
    AND s1.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_amount AS amount
  FROM features AS v
)

SELECT
  v.borrower_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '3 months' > r.as_of AS open,
  v.worst,
  v.amount
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.borrower_id NULLS LAST, v.cutoff NULLS LAST;
