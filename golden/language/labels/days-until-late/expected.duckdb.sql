-- file: eta.training.sql
-- The training set of `eta`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: days until anchor.delivered_at in next 30 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE eta_training AS
WITH
-- shipments: its rows, times in UTC
shipments_rows AS (
  SELECT
    carrier_id,
    CASE WHEN TYPEOF(sent_at) IN ('DATE', 'TIMESTAMP') THEN CAST(sent_at AS TIMESTAMP) ELSE CAST(CAST(sent_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(sent_at) IN ('DATE', 'TIMESTAMP') THEN CAST(sent_at AS TIMESTAMP) ELSE CAST(CAST(sent_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    CASE WHEN TYPEOF(delivered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(delivered_at AS TIMESTAMP) ELSE CAST(CAST(delivered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS delivered_at,
    CASE WHEN TYPEOF(delivered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(delivered_at AS TIMESTAMP) ELSE CAST(CAST(delivered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS delivered_at_known_at,
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

-- what each row of shipments adds to each value
shipments_marks AS (
  SELECT
    e.carrier_id,
    e.instant,
    e.happened_at,
    e.weight AS anchor_weight,
    e.delivered_at AS anchor_delivered_at,
    e.delivered_at_known_at AS anchor_delivered_at_known_at
  FROM shipments_rows AS e
  WHERE e.carrier_id IS NOT NULL
),

-- what each row of shipments could see up to its own instant
shipments_history AS (
  SELECT
    m.carrier_id,
    m.happened_at,
    m.anchor_weight,
    m.anchor_delivered_at,
    m.anchor_delivered_at_known_at,
    COUNT(*) OVER (
      PARTITION BY m.carrier_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS sent
  FROM shipments_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.carrier_id,
    e.happened_at AS cutoff,
    e.anchor_weight,
    e.anchor_delivered_at,
    e.anchor_delivered_at_known_at,
    e.sent
  FROM shipments_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT
    c.carrier_id,
    c.cutoff,
    c.sent,
    c.anchor_weight,
    c.anchor_delivered_at,
    c.anchor_delivered_at_known_at
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
    CAST(DATE_DIFF(
      'microsecond',
      v.cutoff,
      CASE
        WHEN v.anchor_delivered_at_known_at <= v.cutoff + INTERVAL '30 days' THEN v.anchor_delivered_at
      END
    ) AS DOUBLE)
      / 86400000000 AS label
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

SELECT p.carrier_id, p.cutoff, p.sent, p.weight, p.label, p.split
FROM parts AS p
ORDER BY p.carrier_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: eta.scoring.sql
-- The rows of `eta` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE eta_scoring AS
WITH
-- shipments: its rows, times in UTC
shipments_rows AS (
  SELECT
    carrier_id,
    CASE WHEN TYPEOF(sent_at) IN ('DATE', 'TIMESTAMP') THEN CAST(sent_at AS TIMESTAMP) ELSE CAST(CAST(sent_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(sent_at) IN ('DATE', 'TIMESTAMP') THEN CAST(sent_at AS TIMESTAMP) ELSE CAST(CAST(sent_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    CASE WHEN TYPEOF(delivered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(delivered_at AS TIMESTAMP) ELSE CAST(CAST(delivered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS delivered_at,
    CASE WHEN TYPEOF(delivered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(delivered_at AS TIMESTAMP) ELSE CAST(CAST(delivered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS delivered_at_known_at,
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

-- what each row of shipments adds to each value
shipments_marks AS (
  SELECT
    e.carrier_id,
    e.instant,
    e.happened_at,
    e.weight AS anchor_weight,
    e.delivered_at AS anchor_delivered_at,
    e.delivered_at_known_at AS anchor_delivered_at_known_at
  FROM shipments_rows AS e
  WHERE e.carrier_id IS NOT NULL
),

-- what each row of shipments could see up to its own instant
shipments_history AS (
  SELECT
    m.carrier_id,
    m.happened_at,
    m.anchor_weight,
    m.anchor_delivered_at,
    m.anchor_delivered_at_known_at,
    COUNT(*) OVER (
      PARTITION BY m.carrier_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS sent
  FROM shipments_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.carrier_id,
    e.happened_at AS cutoff,
    e.anchor_weight,
    e.anchor_delivered_at,
    e.anchor_delivered_at_known_at,
    e.sent
  FROM shipments_history AS e
),

-- the latest cutoff of each carrier
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.carrier_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_weight DESC NULLS LAST,
      c.anchor_delivered_at DESC NULLS LAST,
      c.anchor_delivered_at_known_at DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.carrier_id,
    c.cutoff,
    c.sent,
    c.anchor_weight,
    c.anchor_delivered_at,
    c.anchor_delivered_at_known_at
  FROM latest AS c
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_weight AS weight
  FROM features AS v
)

SELECT
  v.carrier_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '30 days' > r.as_of AS open,
  v.sent,
  v.weight
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.carrier_id NULLS LAST, v.cutoff NULLS LAST;
