-- file: buys.training.sql
-- The training set of `buys`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(orders) in next 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    value,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    channel,
    CAST(amount AS DOUBLE) AS amount
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.value, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.value IS NOT NULL
  GROUP BY e.value
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-08 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-15 00:00:00' AS cutoff
),

-- the stated instants
instants AS (
  SELECT i.cutoff
  FROM stated AS i
  CROSS JOIN run AS r
  WHERE i.cutoff <= r.as_of
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.value, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.value, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (-∞, t], t being the cutoff: how often each value occurs
frequency_counts AS (
  SELECT s.value, s.cutoff, e.channel AS value_2, COUNT(*) AS frequency_2
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.value = s.value
    AND e.happened_at <= s.cutoff
  WHERE e.channel IS NOT NULL
  GROUP BY s.value, s.cutoff, e.channel
),

-- the most frequent value
frequency_mode AS (
  SELECT c.value, c.cutoff, c.value_2 AS frequency
  FROM frequency_counts AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.value, c.cutoff
    ORDER BY c.frequency_2 DESC NULLS LAST, c.value_2 NULLS LAST
  ) = 1
),

-- orders in (-∞, t], t being the cutoff: the time since the row before, in microseconds
elapsed_gaps AS (
  SELECT
    s.value,
    s.cutoff,
    DATE_DIFF(
      'microsecond',
      LAG(e.happened_at) OVER (PARTITION BY s.value, s.cutoff ORDER BY e.happened_at NULLS LAST),
      e.happened_at
    ) AS elapsed_2
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.value = s.value
    AND e.happened_at <= s.cutoff
),

-- the longest of them, in days
elapsed_longest AS (
  SELECT g.value, g.cutoff, CAST(MAX(g.elapsed_2) AS DOUBLE) / 86400000000 AS elapsed
  FROM elapsed_gaps AS g
  GROUP BY g.value, g.cutoff
),

-- orders in (-∞, t], t being the cutoff: values, and the time since the first in microseconds
slope_points AS (
  SELECT
    s.value,
    s.cutoff,
    CAST(DATE_DIFF(
      'microsecond',
      MIN(e.happened_at) OVER (PARTITION BY s.value, s.cutoff),
      e.happened_at
    ) AS DECIMAL(38, 0)) AS elapsed_2,
    CAST(e.amount AS DECIMAL(38, 9)) AS value_2
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.value = s.value
    AND e.happened_at <= s.cutoff
  WHERE e.amount IS NOT NULL
),

-- the slope of the line through them, a day
slope_slope AS (
  SELECT
    p.value,
    p.cutoff,
    86400000000
      * (COUNT(*) * CAST(SUM(p.elapsed_2 * p.value_2) AS DOUBLE)
        - CAST(SUM(p.elapsed_2) AS DOUBLE) * CAST(SUM(p.value_2) AS DOUBLE))
      / NULLIF(
        COUNT(*) * CAST(SUM(p.elapsed_2 * p.elapsed_2) AS DOUBLE)
          - CAST(SUM(p.elapsed_2) AS DOUBLE) * CAST(SUM(p.elapsed_2) AS DOUBLE),
        0
      ) AS slope
  FROM slope_points AS p
  GROUP BY p.value, p.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.value, c.cutoff, s1.frequency, s2.elapsed, s3.slope
  FROM existing AS c
  LEFT JOIN frequency_mode AS s1
    ON s1.value = c.value
    AND s1.cutoff = c.cutoff
  LEFT JOIN elapsed_longest AS s2
    ON s2.value = c.value
    AND s2.cutoff = c.cutoff
  LEFT JOIN slope_slope AS s3
    ON s3.value = c.value
    AND s3.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT s.value, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN orders_rows AS e
    ON e.value = s.value
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.value, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_7d AS s1
    ON s1.value = v.value
    AND s1.cutoff = v.cutoff
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.value, p.cutoff, p.frequency, p.elapsed, p.slope, p.label, p.split
FROM parts AS p
ORDER BY p.value NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: buys.scoring.sql
-- The rows of `buys` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    value,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    channel,
    CAST(amount AS DOUBLE) AS amount
  FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE ordered_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.value, MIN(e.happened_at) AS exists_from
  FROM orders_rows AS e
  WHERE e.value IS NOT NULL
  GROUP BY e.value
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.value, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.value, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (-∞, t], t being the cutoff: how often each value occurs
frequency_counts AS (
  SELECT s.value, s.cutoff, e.channel AS value_2, COUNT(*) AS frequency_2
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.value = s.value
    AND e.happened_at <= s.cutoff
  WHERE e.channel IS NOT NULL
  GROUP BY s.value, s.cutoff, e.channel
),

-- the most frequent value
frequency_mode AS (
  SELECT c.value, c.cutoff, c.value_2 AS frequency
  FROM frequency_counts AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.value, c.cutoff
    ORDER BY c.frequency_2 DESC NULLS LAST, c.value_2 NULLS LAST
  ) = 1
),

-- orders in (-∞, t], t being the cutoff: the time since the row before, in microseconds
elapsed_gaps AS (
  SELECT
    s.value,
    s.cutoff,
    DATE_DIFF(
      'microsecond',
      LAG(e.happened_at) OVER (PARTITION BY s.value, s.cutoff ORDER BY e.happened_at NULLS LAST),
      e.happened_at
    ) AS elapsed_2
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.value = s.value
    AND e.happened_at <= s.cutoff
),

-- the longest of them, in days
elapsed_longest AS (
  SELECT g.value, g.cutoff, CAST(MAX(g.elapsed_2) AS DOUBLE) / 86400000000 AS elapsed
  FROM elapsed_gaps AS g
  GROUP BY g.value, g.cutoff
),

-- orders in (-∞, t], t being the cutoff: values, and the time since the first in microseconds
slope_points AS (
  SELECT
    s.value,
    s.cutoff,
    CAST(DATE_DIFF(
      'microsecond',
      MIN(e.happened_at) OVER (PARTITION BY s.value, s.cutoff),
      e.happened_at
    ) AS DECIMAL(38, 0)) AS elapsed_2,
    CAST(e.amount AS DECIMAL(38, 9)) AS value_2
  FROM existing AS s
  JOIN orders_rows AS e
    ON e.value = s.value
    AND e.happened_at <= s.cutoff
  WHERE e.amount IS NOT NULL
),

-- the slope of the line through them, a day
slope_slope AS (
  SELECT
    p.value,
    p.cutoff,
    86400000000
      * (COUNT(*) * CAST(SUM(p.elapsed_2 * p.value_2) AS DOUBLE)
        - CAST(SUM(p.elapsed_2) AS DOUBLE) * CAST(SUM(p.value_2) AS DOUBLE))
      / NULLIF(
        COUNT(*) * CAST(SUM(p.elapsed_2 * p.elapsed_2) AS DOUBLE)
          - CAST(SUM(p.elapsed_2) AS DOUBLE) * CAST(SUM(p.elapsed_2) AS DOUBLE),
        0
      ) AS slope
  FROM slope_points AS p
  GROUP BY p.value, p.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.value, c.cutoff, s1.frequency, s2.elapsed, s3.slope
  FROM existing AS c
  LEFT JOIN frequency_mode AS s1
    ON s1.value = c.value
    AND s1.cutoff = c.cutoff
  LEFT JOIN elapsed_longest AS s2
    ON s2.value = c.value
    AND s2.cutoff = c.cutoff
  LEFT JOIN slope_slope AS s3
    ON s3.value = c.value
    AND s3.cutoff = c.cutoff
)

SELECT
  v.value,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '7 days' > r.as_of AS open,
  v.frequency,
  v.elapsed,
  v.slope
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.value NULLS LAST, v.cutoff NULLS LAST;
