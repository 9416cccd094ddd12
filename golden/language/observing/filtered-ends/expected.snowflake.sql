-- file: submits.training.sql
-- The training set of `submits`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: exists(events where name = 'submit') in next 30 minutes
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE submits_training AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    name,
    price
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of events adds to each value
events_marks AS (
  SELECT
    e.visitor,
    e.instant,
    e.happened_at,
    CASE WHEN e.name = 'submit' THEN 1 END AS label_1,
    CASE WHEN e.name IS NOT NULL THEN e.name END AS seen_value,
    CASE WHEN e.price > 0 THEN e.name END AS bought_value,
    CASE WHEN e.price > 0 THEN e.instant END AS bought_passed,
    CASE WHEN e.name = 'buy' AND e.price IS NOT NULL THEN e.price END AS amount_value
  FROM events_rows AS e
  WHERE e.visitor IS NOT NULL
),

-- of the rows of one instant, the value that counts
events_instants AS (
  SELECT
    m.*,
    FIRST_VALUE(m.seen_value) OVER (
      PARTITION BY m.visitor, m.instant
      ORDER BY CASE WHEN m.seen_value IS NOT NULL THEN 1 END NULLS LAST, m.seen_value NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS seen_at_instant,
    FIRST_VALUE(m.bought_value) OVER (
      PARTITION BY m.visitor, m.instant
      ORDER BY CASE WHEN m.bought_passed IS NOT NULL THEN 1 END NULLS LAST,
        m.bought_value DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS bought_at_instant,
    FIRST_VALUE(m.amount_value) OVER (
      PARTITION BY m.visitor, m.instant
      ORDER BY CASE WHEN m.amount_value IS NOT NULL THEN 1 END NULLS LAST, m.amount_value NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS amount_at_instant
  FROM events_marks AS m
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.visitor,
    m.happened_at,
    COUNT(m.label_1) OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 1800000000 FOLLOWING
    ) > 0 AS label_1,
    FIRST_VALUE(m.seen_at_instant) IGNORE NULLS OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 3600000000 PRECEDING AND 1 PRECEDING
    ) AS seen,
    CASE
      WHEN MAX(m.bought_passed) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) = MAX(CASE WHEN m.bought_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) THEN LAST_VALUE(m.bought_at_instant) IGNORE NULLS OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      )
    END AS bought,
    FIRST_VALUE(m.amount_at_instant) IGNORE NULLS OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS amount
  FROM events_instants AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.visitor, e.happened_at AS cutoff, e.seen, e.bought, e.amount, e.label_1
  FROM events_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor, c.cutoff, COALESCE(c.seen, 'none') AS seen, c.bought, c.amount, c.label_1
  FROM cutoffs AS c
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('minute', 30, v.cutoff) <= r.known_until
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
  WHERE e.cutoff >= p1.starts_at OR DATEADD('minute', 30, e.cutoff) <= p1.starts_at
)

SELECT p.visitor, p.cutoff, p.seen, p.bought, p.amount, p.label, p.split
FROM parts AS p
ORDER BY p.visitor NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: submits.scoring.sql
-- The rows of `submits` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE submits_scoring AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    name,
    price
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- what each row of events adds to each value
events_marks AS (
  SELECT
    e.visitor,
    e.instant,
    e.happened_at,
    CASE WHEN e.name IS NOT NULL THEN e.name END AS seen_value,
    CASE WHEN e.price > 0 THEN e.name END AS bought_value,
    CASE WHEN e.price > 0 THEN e.instant END AS bought_passed,
    CASE WHEN e.name = 'buy' AND e.price IS NOT NULL THEN e.price END AS amount_value
  FROM events_rows AS e
  WHERE e.visitor IS NOT NULL
),

-- of the rows of one instant, the value that counts
events_instants AS (
  SELECT
    m.*,
    FIRST_VALUE(m.seen_value) OVER (
      PARTITION BY m.visitor, m.instant
      ORDER BY CASE WHEN m.seen_value IS NOT NULL THEN 1 END NULLS LAST, m.seen_value NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS seen_at_instant,
    FIRST_VALUE(m.bought_value) OVER (
      PARTITION BY m.visitor, m.instant
      ORDER BY CASE WHEN m.bought_passed IS NOT NULL THEN 1 END NULLS LAST,
        m.bought_value DESC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS bought_at_instant,
    FIRST_VALUE(m.amount_value) OVER (
      PARTITION BY m.visitor, m.instant
      ORDER BY CASE WHEN m.amount_value IS NOT NULL THEN 1 END NULLS LAST, m.amount_value NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS amount_at_instant
  FROM events_marks AS m
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.visitor,
    m.happened_at,
    FIRST_VALUE(m.seen_at_instant) IGNORE NULLS OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 3600000000 PRECEDING AND 1 PRECEDING
    ) AS seen,
    CASE
      WHEN MAX(m.bought_passed) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) = MAX(CASE WHEN m.bought_at_instant IS NOT NULL THEN m.instant END) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) THEN LAST_VALUE(m.bought_at_instant) IGNORE NULLS OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      )
    END AS bought,
    FIRST_VALUE(m.amount_at_instant) IGNORE NULLS OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS amount
  FROM events_instants AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.visitor, e.happened_at AS cutoff, e.seen, e.bought, e.amount
  FROM events_history AS e
),

-- the latest cutoff of each visitor
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.visitor ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor, c.cutoff, COALESCE(c.seen, 'none') AS seen, c.bought, c.amount
  FROM latest AS c
)

SELECT
  v.visitor,
  v.cutoff,
  r.as_of,
  DATEADD('minute', 30, v.cutoff) > r.as_of AS open,
  v.seen,
  v.bought,
  v.amount
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.visitor NULLS LAST, v.cutoff NULLS LAST;
