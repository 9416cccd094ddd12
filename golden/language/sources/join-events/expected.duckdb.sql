-- file: returns_again.training.sql
-- The training set of `returns_again`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(lines where returns.reason = 'late') in next 10 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_again_training AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM (
    SELECT *
    FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE ordered_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY order_id
      ORDER BY CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        customer_id NULLS LAST
    ) = 1
      OR order_id IS NULL
  ) AS r
  WHERE ordered_at IS NOT NULL
),

-- returns: its rows, times in UTC
returns_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(returned_at) IN ('DATE', 'TIMESTAMP') THEN CAST(returned_at AS TIMESTAMP) ELSE CAST(CAST(returned_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/returns.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE returned_at IS NOT NULL
),

-- returns: its rows, times in UTC
lines_returns AS (
  SELECT
    order_id AS key_1,
    CASE WHEN TYPEOF(returned_at) IN ('DATE', 'TIMESTAMP') THEN CAST(returned_at AS TIMESTAMP) ELSE CAST(CAST(returned_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    reason
  FROM READ_CSV('data/returns.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE returned_at IS NOT NULL
),

-- lines: its rows, times in UTC
lines_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.added_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.added_at AS TIMESTAMP) ELSE CAST(CAST(r.added_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    returns.reason AS returns_reason,
    returns.happened_at AS returns_reason_known_at
  FROM READ_CSV('data/lines.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
  LEFT JOIN lines_returns AS returns ON returns.key_1 = r.order_id
  WHERE r.added_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM lines_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM returns_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM lines_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-05 00:00:00' AS cutoff
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
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- lines in (-∞, t], t being the cutoff
lines_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS lines,
    COUNT(
      CASE
        WHEN CASE
          WHEN e.returns_reason_known_at <= s.cutoff THEN e.returns_reason
        END IS NOT NULL THEN 1
      END
    ) AS returned
  FROM existing AS s
  JOIN lines_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- lines in (-∞, t], t being the cutoff: the row that last takes
reasons_row AS (
  SELECT
    s.customer_id,
    s.cutoff,
    CASE WHEN e.returns_reason_known_at <= s.cutoff THEN e.returns_reason END AS reasons
  FROM existing AS s
  JOIN lines_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST,
      CASE WHEN e.returns_reason_known_at <= s.cutoff THEN e.returns_reason END DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.lines, 0) AS lines,
    COALESCE(s1.returned, 0) AS returned,
    s2.reasons
  FROM existing AS c
  LEFT JOIN lines_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN reasons_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '10 days' <= r.known_until
),

-- lines in (t, t + 10 days], t being the cutoff
lines_next_10d AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN lines_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '10 days'
  WHERE CASE
      WHEN e.returns_reason_known_at <= s.cutoff + INTERVAL '10 days' THEN e.returns_reason
    END = 'late'
  GROUP BY s.customer_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN lines_next_10d AS s1
    ON s1.customer_id = v.customer_id
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '10 days' <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.lines, p.returned, p.reasons, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: returns_again.scoring.sql
-- The rows of `returns_again` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE returns_again_scoring AS
WITH
-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM (
    SELECT *
    FROM READ_CSV('data/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE ordered_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY order_id
      ORDER BY CASE WHEN TYPEOF(ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ordered_at AS TIMESTAMP) ELSE CAST(CAST(ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        customer_id NULLS LAST
    ) = 1
      OR order_id IS NULL
  ) AS r
  WHERE ordered_at IS NOT NULL
),

-- returns: its rows, times in UTC
returns_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(returned_at) IN ('DATE', 'TIMESTAMP') THEN CAST(returned_at AS TIMESTAMP) ELSE CAST(CAST(returned_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/returns.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE returned_at IS NOT NULL
),

-- returns: its rows, times in UTC
lines_returns AS (
  SELECT
    order_id AS key_1,
    CASE WHEN TYPEOF(returned_at) IN ('DATE', 'TIMESTAMP') THEN CAST(returned_at AS TIMESTAMP) ELSE CAST(CAST(returned_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    reason
  FROM READ_CSV('data/returns.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE returned_at IS NOT NULL
),

-- lines: its rows, times in UTC
lines_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.added_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.added_at AS TIMESTAMP) ELSE CAST(CAST(r.added_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    returns.reason AS returns_reason,
    returns.happened_at AS returns_reason_known_at
  FROM READ_CSV('data/lines.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1) AS r
  LEFT JOIN lines_returns AS returns ON returns.key_1 = r.order_id
  WHERE r.added_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM lines_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.happened_at AS known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM returns_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM lines_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.customer_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- lines in (-∞, t], t being the cutoff
lines_all AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS lines,
    COUNT(
      CASE
        WHEN CASE
          WHEN e.returns_reason_known_at <= s.cutoff THEN e.returns_reason
        END IS NOT NULL THEN 1
      END
    ) AS returned
  FROM existing AS s
  JOIN lines_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- lines in (-∞, t], t being the cutoff: the row that last takes
reasons_row AS (
  SELECT
    s.customer_id,
    s.cutoff,
    CASE WHEN e.returns_reason_known_at <= s.cutoff THEN e.returns_reason END AS reasons
  FROM existing AS s
  JOIN lines_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST,
      CASE WHEN e.returns_reason_known_at <= s.cutoff THEN e.returns_reason END DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.lines, 0) AS lines,
    COALESCE(s1.returned, 0) AS returned,
    s2.reasons
  FROM existing AS c
  LEFT JOIN lines_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN reasons_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '10 days' > r.as_of AS open,
  v.lines,
  v.returned,
  v.reasons
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
