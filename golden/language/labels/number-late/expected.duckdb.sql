-- file: fee.training.sql
-- The training set of `fee`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: anchor.fee::number in next 30 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fee_training AS
WITH
-- shipments: its rows, times in UTC
shipments_rows AS (
  SELECT
    carrier_id,
    CASE WHEN TYPEOF(sent_at) IN ('DATE', 'TIMESTAMP') THEN CAST(sent_at AS TIMESTAMP) ELSE CAST(CAST(sent_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    fee,
    CASE WHEN TYPEOF(delivered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(delivered_at AS TIMESTAMP) ELSE CAST(CAST(delivered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS fee_known_at,
    weight
  FROM READ_CSV('data/shipments.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE sent_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM shipments_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.carrier_id,
    e.happened_at AS cutoff,
    e.weight AS anchor_weight,
    e.fee AS anchor_fee,
    e.fee_known_at AS anchor_fee_known_at
  FROM shipments_rows AS e
  WHERE e.carrier_id IS NOT NULL
),

-- what was known at each cutoff
features AS (
  SELECT c.carrier_id, c.cutoff, c.anchor_weight, c.anchor_fee, c.anchor_fee_known_at
  FROM cutoffs AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_weight AS weight
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '30 days' <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    COALESCE(
      CAST(CASE
        WHEN v.anchor_fee_known_at <= v.cutoff + INTERVAL '30 days' THEN v.anchor_fee
      END AS DOUBLE),
      CAST(0 AS DOUBLE)
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '30 days' <= p1.starts_at
)

SELECT p.carrier_id, p.cutoff, p.weight, p.label, p.split
FROM parts AS p
ORDER BY p.carrier_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: fee.scoring.sql
-- The rows of `fee` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE fee_scoring AS
WITH
-- shipments: its rows, times in UTC
shipments_rows AS (
  SELECT
    carrier_id,
    CASE WHEN TYPEOF(sent_at) IN ('DATE', 'TIMESTAMP') THEN CAST(sent_at AS TIMESTAMP) ELSE CAST(CAST(sent_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    fee,
    CASE WHEN TYPEOF(delivered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(delivered_at AS TIMESTAMP) ELSE CAST(CAST(delivered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS fee_known_at,
    weight
  FROM READ_CSV('data/shipments.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE sent_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM shipments_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.carrier_id,
    e.happened_at AS cutoff,
    e.weight AS anchor_weight,
    e.fee AS anchor_fee,
    e.fee_known_at AS anchor_fee_known_at
  FROM shipments_rows AS e
  WHERE e.carrier_id IS NOT NULL
),

-- the latest cutoff of each carrier
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.carrier_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_weight DESC NULLS LAST,
      c.anchor_fee DESC NULLS LAST,
      c.anchor_fee_known_at DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.carrier_id, c.cutoff, c.anchor_weight, c.anchor_fee, c.anchor_fee_known_at
  FROM latest AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_weight AS weight
  FROM features AS v
)

SELECT v.carrier_id, v.cutoff, r.as_of, v.cutoff + INTERVAL '30 days' > r.as_of AS open, v.weight
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.carrier_id NULLS LAST, v.cutoff NULLS LAST;
