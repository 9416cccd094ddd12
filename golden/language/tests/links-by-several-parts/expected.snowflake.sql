-- file: clerk_sells.training.sql
-- The training set of `clerk_sells`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(sales) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE clerk_sells_training AS
WITH
-- sales: its rows, times in UTC
sales_rows AS (
  SELECT
    clerk_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(sold_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    store_id,
    place
  FROM shop.sales
  WHERE sold_at IS NOT NULL
),

-- counts: its rows, times in UTC
counts_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.counts
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM sales_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM counts_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every clerk, from its first row on
first_seen AS (
  SELECT e.clerk_id, MIN(e.happened_at) AS exists_from
  FROM sales_rows AS e
  WHERE e.clerk_id IS NOT NULL
  GROUP BY e.clerk_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    DATE_TRUNC('day', DATEADD('day', -7, r.known_until)) AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT DATEADD('day', 7 * CAST(n.value AS INT), b.anchor_instant) AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
    ) AS NUMBER(38, 0))
      - 1,
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
    ) AS NUMBER(38, 0))
      + 3
  )) AS n
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND DATEADD('day', 7, b.cutoff) <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- every cutoff, and sales in (-∞, t], t being the cutoff: each row, and the number of the first such t
shelf_link_store_id_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM sales_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.clerk_id IS NOT NULL
    AND e.store_id IS NOT NULL
    AND e.place IS NOT NULL
),

-- the last of the rows that a cutoff is the first to see
shelf_link_store_id_seen AS (
  SELECT e.clerk_id, e.number, e.store_id AS shelf_link_store_id
  FROM shelf_link_store_id_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.clerk_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- every cutoff, and sales in (-∞, t], t being the cutoff: each row, and the number of the first such t
shelf_link_place_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM sales_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.clerk_id IS NOT NULL
    AND e.store_id IS NOT NULL
    AND e.place IS NOT NULL
),

-- the last of the rows that a cutoff is the first to see
shelf_link_place_seen AS (
  SELECT e.clerk_id, e.number, e.place AS shelf_link_place
  FROM shelf_link_place_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.clerk_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- and the rows that are taken among them
sales_all_beside AS (
  SELECT c.clerk_id, c.number, c.shelf_link_store_id, p2.shelf_link_place, TRUE AS is_seen
  FROM shelf_link_store_id_seen AS c
  JOIN shelf_link_place_seen AS p2
    ON p2.clerk_id = c.clerk_id
    AND p2.number = c.number
  UNION ALL
  SELECT
    f.clerk_id,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS shelf_link_store_id,
    NULL AS shelf_link_place,
    NULL AS is_seen
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
sales_all_running AS (
  SELECT
    c.clerk_id,
    c.number,
    LEAD(c.number) OVER (
      PARTITION BY c.clerk_id
      ORDER BY c.number NULLS LAST, c.is_seen NULLS FIRST
    ) AS next_number,
    c.shelf_link_store_id,
    c.shelf_link_place
  FROM sales_all_beside AS c
),

-- every cutoff, and sales in (-∞, t], t being the cutoff
sales_all AS (
  SELECT
    r.clerk_id,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.shelf_link_store_id,
    r.shelf_link_place
  FROM sales_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- sales in (-∞, t], t being the cutoff: each row, and the number of the first such t
sales_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM sales_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.clerk_id IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
sales_all_seen AS (
  SELECT e.clerk_id, e.number, COUNT(*) AS sales
  FROM sales_all_rows AS e
  GROUP BY e.clerk_id, e.number
),

-- added up, and up to which cutoff they stay
sales_all_running_2 AS (
  SELECT
    c.clerk_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.clerk_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.sales) OVER (
      PARTITION BY c.clerk_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS sales
  FROM sales_all_seen AS c
),

-- sales in (-∞, t], t being the cutoff
sales_all_2 AS (
  SELECT r.clerk_id, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.sales
  FROM sales_all_running_2 AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- what was known at each cutoff
features AS (
  SELECT
    c.clerk_id,
    c.cutoff,
    c.shelf_link_store_id,
    c.shelf_link_place,
    COALESCE(s1.sales, 0) AS sales
  FROM sales_all AS c
  LEFT JOIN sales_all_2 AS s1
    ON s1.clerk_id = c.clerk_id
    AND s1.cutoff = c.cutoff
),

-- counts: its rows, times in UTC
counts_rows_2 AS (
  SELECT
    store AS store_id,
    no AS place,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(units AS FLOAT) AS units
  FROM shop.counts
  WHERE counted_at IS NOT NULL
),

-- each shelf that a cutoff is linked to, once an instant
shelf_cutoffs AS (
  SELECT DISTINCT v.shelf_link_store_id AS store_id, v.shelf_link_place AS place, v.cutoff
  FROM features AS v
  WHERE v.shelf_link_store_id IS NOT NULL
    AND v.shelf_link_place IS NOT NULL
),

-- counts in (-∞, t], t being the cutoff
counts_all AS (
  SELECT s.store_id, s.place, s.cutoff, CAST(SUM(CAST(e.units AS NUMBER(38, 9))) AS FLOAT) AS units
  FROM shelf_cutoffs AS s
  JOIN counts_rows_2 AS e
    ON e.store_id = s.store_id
    AND e.place = s.place
    AND e.happened_at <= s.cutoff
  GROUP BY s.store_id, s.place, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.store_id, c.place, c.cutoff, COALESCE(s1.units, 0) AS units
  FROM shelf_cutoffs AS c
  LEFT JOIN counts_all AS s1
    ON s1.store_id = c.store_id
    AND s1.place = c.place
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the shelf that each is linked to
with_shelf AS (
  SELECT v.*, l.units AS shelf_units
  FROM features AS v
  LEFT JOIN features_2 AS l
    ON l.store_id = v.shelf_link_store_id
    AND l.place = v.shelf_link_place
    AND l.cutoff = v.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.shelf_units + CAST(0 AS FLOAT) AS near
  FROM with_shelf AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- sales in (t, t + 7 days], t being the cutoff: each row once at each such t
sales_next_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM sales_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        - 604800000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) - 604800000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.clerk_id IS NOT NULL
),

-- sales in (t, t + 7 days], t being the cutoff
sales_next_7d AS (
  SELECT e.clerk_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM sales_next_7d_rows AS e
  GROUP BY e.clerk_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN sales_next_7d AS s1
    ON s1.clerk_id = v.clerk_id
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
      OR e.cutoff >= p1.starts_at AND DATEADD('day', 7, e.cutoff) <= p2.starts_at
      OR DATEADD('day', 7, e.cutoff) <= p1.starts_at
)

SELECT p.clerk_id, p.cutoff, p.sales, p.near, p.label, p.split
FROM parts AS p
ORDER BY p.clerk_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: clerk_sells.scoring.sql
-- The rows of `clerk_sells` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE clerk_sells_scoring AS
WITH
-- sales: its rows, times in UTC
sales_rows AS (
  SELECT
    clerk_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(sold_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    store_id,
    place
  FROM shop.sales
  WHERE sold_at IS NOT NULL
),

-- counts: its rows, times in UTC
counts_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.counts
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM sales_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM counts_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every clerk, from its first row on
first_seen AS (
  SELECT e.clerk_id, MIN(e.happened_at) AS exists_from
  FROM sales_rows AS e
  WHERE e.clerk_id IS NOT NULL
  GROUP BY e.clerk_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.clerk_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a clerk exists from its first row on
existing AS (
  SELECT c.clerk_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- sales in (-∞, t], t being the cutoff
sales_all AS (
  SELECT s.clerk_id, s.cutoff, COUNT(*) AS sales
  FROM existing AS s
  JOIN sales_rows AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.clerk_id, s.cutoff
),

-- sales in (-∞, t], t being the cutoff: the row that last takes
shelf_link_store_id_row AS (
  SELECT s.clerk_id, s.cutoff, e.store_id AS shelf_link_store_id
  FROM existing AS s
  JOIN sales_rows AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.clerk_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- sales in (-∞, t], t being the cutoff: the row that last takes
shelf_link_place_row AS (
  SELECT s.clerk_id, s.cutoff, e.place AS shelf_link_place
  FROM existing AS s
  JOIN sales_rows AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.clerk_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.clerk_id,
    c.cutoff,
    COALESCE(s1.sales, 0) AS sales,
    s2.shelf_link_store_id,
    s3.shelf_link_place
  FROM existing AS c
  LEFT JOIN sales_all AS s1
    ON s1.clerk_id = c.clerk_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN shelf_link_store_id_row AS s2
    ON s2.clerk_id = c.clerk_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN shelf_link_place_row AS s3
    ON s3.clerk_id = c.clerk_id
    AND s3.cutoff = c.cutoff
),

-- counts: its rows, times in UTC
counts_rows_2 AS (
  SELECT
    store AS store_id,
    no AS place,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(units AS FLOAT) AS units
  FROM shop.counts
  WHERE counted_at IS NOT NULL
),

-- each shelf that a cutoff is linked to, once an instant
shelf_cutoffs AS (
  SELECT DISTINCT v.shelf_link_store_id AS store_id, v.shelf_link_place AS place, v.cutoff
  FROM features AS v
  WHERE v.shelf_link_store_id IS NOT NULL
    AND v.shelf_link_place IS NOT NULL
),

-- counts in (-∞, t], t being the cutoff
counts_all AS (
  SELECT s.store_id, s.place, s.cutoff, CAST(SUM(CAST(e.units AS NUMBER(38, 9))) AS FLOAT) AS units
  FROM shelf_cutoffs AS s
  JOIN counts_rows_2 AS e
    ON e.store_id = s.store_id
    AND e.place = s.place
    AND e.happened_at <= s.cutoff
  GROUP BY s.store_id, s.place, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.store_id, c.place, c.cutoff, COALESCE(s1.units, 0) AS units
  FROM shelf_cutoffs AS c
  LEFT JOIN counts_all AS s1
    ON s1.store_id = c.store_id
    AND s1.place = c.place
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the shelf that each is linked to
with_shelf AS (
  SELECT v.*, l.units AS shelf_units
  FROM features AS v
  LEFT JOIN features_2 AS l
    ON l.store_id = v.shelf_link_store_id
    AND l.place = v.shelf_link_place
    AND l.cutoff = v.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.shelf_units + CAST(0 AS FLOAT) AS near
  FROM with_shelf AS v
)

SELECT v.clerk_id, v.cutoff, r.as_of, DATEADD('day', 7, v.cutoff) > r.as_of AS open, v.sales, v.near
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.clerk_id NULLS LAST, v.cutoff NULLS LAST;

-- file: shelf_sells.training.sql
-- The training set of `shelf_sells`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(sales) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE shelf_sells_training AS
WITH
-- sales: its rows, times in UTC
sales_rows AS (
  SELECT
    store_id,
    place,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(sold_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.sales
  WHERE sold_at IS NOT NULL
),

-- counts: its rows, times in UTC
counts_rows AS (
  SELECT
    store AS store_id,
    no AS place,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(units AS FLOAT) AS units
  FROM shop.counts
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM sales_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM counts_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every shelf, from its first row on
first_seen AS (
  SELECT e.store_id, e.place, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.store_id, e.place, e.happened_at AS known_at
    FROM sales_rows AS e
    UNION ALL
    SELECT e.store_id, e.place, e.happened_at AS known_at
    FROM counts_rows AS e
  ) AS e
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  GROUP BY e.store_id, e.place
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    DATE_TRUNC('day', DATEADD('day', -7, r.known_until)) AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT DATEADD('day', 7 * CAST(n.value AS INT), b.anchor_instant) AS cutoff, b.*
  FROM grid_bounds AS b
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
    ) AS NUMBER(38, 0))
      - 1,
    CAST(FLOOR(
      DATEDIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
    ) AS NUMBER(38, 0))
      + 3
  )) AS n
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND DATEADD('day', 7, b.cutoff) <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid AS g
),

-- every cutoff, and counts in (-∞, t], t being the cutoff: each row, and the number of the first such t
counts_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM counts_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
counts_all_seen AS (
  SELECT e.store_id, e.place, e.number, SUM(CAST(e.units AS NUMBER(38, 9))) AS units
  FROM counts_all_rows AS e
  GROUP BY e.store_id, e.place, e.number
  UNION ALL
  SELECT
    f.store_id,
    f.place,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS units
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
counts_all_running AS (
  SELECT
    c.store_id,
    c.place,
    c.number,
    LEAD(c.number) OVER (
      PARTITION BY c.store_id, c.place
      ORDER BY c.number NULLS LAST
    ) AS next_number,
    CAST(SUM(c.units) OVER (
      PARTITION BY c.store_id, c.place
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS FLOAT) AS units
  FROM counts_all_seen AS c
),

-- every cutoff, and counts in (-∞, t], t being the cutoff
counts_all AS (
  SELECT
    r.store_id,
    r.place,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.units
  FROM counts_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- sales: its rows, times in UTC
sales_rows_2 AS (
  SELECT
    clerk_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(sold_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    store_id,
    place
  FROM shop.sales
  WHERE sold_at IS NOT NULL
),

-- each clerk that was ever named beside the shelf of a cutoff, once an instant
clerk_cutoffs AS (
  SELECT DISTINCT e.clerk_id, s.cutoff
  FROM counts_all AS s
  JOIN sales_rows_2 AS e
    ON e.store_id = s.store_id
    AND e.place = s.place
  WHERE e.clerk_id IS NOT NULL
),

-- sales in (-∞, t], t being the cutoff
sales_all AS (
  SELECT s.clerk_id, s.cutoff, COUNT(*) AS sales
  FROM clerk_cutoffs AS s
  JOIN sales_rows_2 AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.clerk_id, s.cutoff
),

-- sales in (-∞, t], t being the cutoff: the row that last takes
shelf_link_store_id_row AS (
  SELECT s.clerk_id, s.cutoff, e.store_id AS shelf_link_store_id
  FROM clerk_cutoffs AS s
  JOIN sales_rows_2 AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.clerk_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- sales in (-∞, t], t being the cutoff: the row that last takes
shelf_link_place_row AS (
  SELECT s.clerk_id, s.cutoff, e.place AS shelf_link_place
  FROM clerk_cutoffs AS s
  JOIN sales_rows_2 AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.clerk_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.clerk_id,
    c.cutoff,
    COALESCE(s1.sales, 0) AS sales,
    s2.shelf_link_store_id,
    s3.shelf_link_place
  FROM clerk_cutoffs AS c
  LEFT JOIN sales_all AS s1
    ON s1.clerk_id = c.clerk_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN shelf_link_store_id_row AS s2
    ON s2.clerk_id = c.clerk_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN shelf_link_place_row AS s3
    ON s3.clerk_id = c.clerk_id
    AND s3.cutoff = c.cutoff
),

-- what was known of each clerk, beside the shelf that it belonged to
shelf_clerk AS (
  SELECT v.shelf_link_store_id AS store_id, v.shelf_link_place AS place, v.cutoff, v.sales
  FROM features AS v
),

-- clerk: the members of each shelf at t, t being the cutoff
shelf_of_clerk AS (
  SELECT s.store_id, s.place, s.cutoff, COUNT(*) AS clerks, MAX(e.sales) AS their_most
  FROM counts_all AS s
  JOIN shelf_clerk AS e
    ON e.store_id = s.store_id
    AND e.place = s.place
    AND e.cutoff = s.cutoff
  GROUP BY s.store_id, s.place, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.store_id,
    c.place,
    c.cutoff,
    COALESCE(c.units, 0) AS units,
    COALESCE(s1.clerks, 0) AS clerks,
    s1.their_most
  FROM counts_all AS c
  LEFT JOIN shelf_of_clerk AS s1
    ON s1.store_id = c.store_id
    AND s1.place = c.place
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features_2 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- sales in (t, t + 7 days], t being the cutoff: each row once at each such t
sales_next_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM sales_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        - 604800000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) - 604800000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
),

-- sales in (t, t + 7 days], t being the cutoff
sales_next_7d AS (
  SELECT e.store_id, e.place, e.cutoff, COUNT(*) > 0 AS label_1
  FROM sales_next_7d_rows AS e
  GROUP BY e.store_id, e.place, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN sales_next_7d AS s1
    ON s1.store_id = v.store_id
    AND s1.place = v.place
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
      OR e.cutoff >= p1.starts_at AND DATEADD('day', 7, e.cutoff) <= p2.starts_at
      OR DATEADD('day', 7, e.cutoff) <= p1.starts_at
)

SELECT p.store_id, p.place, p.cutoff, p.units, p.clerks, p.their_most, p.label, p.split
FROM parts AS p
ORDER BY p.store_id NULLS LAST, p.place NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: shelf_sells.scoring.sql
-- The rows of `shelf_sells` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE shelf_sells_scoring AS
WITH
-- sales: its rows, times in UTC
sales_rows AS (
  SELECT
    store_id,
    place,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(sold_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.sales
  WHERE sold_at IS NOT NULL
),

-- counts: its rows, times in UTC
counts_rows AS (
  SELECT
    store AS store_id,
    no AS place,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(counted_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(units AS FLOAT) AS units
  FROM shop.counts
  WHERE counted_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM sales_rows
  UNION ALL
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, FALSE AS is_in_label
  FROM counts_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(ends_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every shelf, from its first row on
first_seen AS (
  SELECT e.store_id, e.place, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.store_id, e.place, e.happened_at AS known_at
    FROM sales_rows AS e
    UNION ALL
    SELECT e.store_id, e.place, e.happened_at AS known_at
    FROM counts_rows AS e
  ) AS e
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  GROUP BY e.store_id, e.place
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.store_id, f.place, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a shelf exists from its first row on
existing AS (
  SELECT c.store_id, c.place, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- counts in (-∞, t], t being the cutoff
counts_all AS (
  SELECT s.store_id, s.place, s.cutoff, CAST(SUM(CAST(e.units AS NUMBER(38, 9))) AS FLOAT) AS units
  FROM existing AS s
  JOIN counts_rows AS e
    ON e.store_id = s.store_id
    AND e.place = s.place
    AND e.happened_at <= s.cutoff
  GROUP BY s.store_id, s.place, s.cutoff
),

-- sales: its rows, times in UTC
sales_rows_2 AS (
  SELECT
    clerk_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(sold_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    store_id,
    place
  FROM shop.sales
  WHERE sold_at IS NOT NULL
),

-- each clerk that was ever named beside the shelf of a cutoff, once an instant
clerk_cutoffs AS (
  SELECT DISTINCT e.clerk_id, s.cutoff
  FROM existing AS s
  JOIN sales_rows_2 AS e
    ON e.store_id = s.store_id
    AND e.place = s.place
  WHERE e.clerk_id IS NOT NULL
),

-- sales in (-∞, t], t being the cutoff
sales_all AS (
  SELECT s.clerk_id, s.cutoff, COUNT(*) AS sales
  FROM clerk_cutoffs AS s
  JOIN sales_rows_2 AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.clerk_id, s.cutoff
),

-- sales in (-∞, t], t being the cutoff: the row that last takes
shelf_link_store_id_row AS (
  SELECT s.clerk_id, s.cutoff, e.store_id AS shelf_link_store_id
  FROM clerk_cutoffs AS s
  JOIN sales_rows_2 AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.clerk_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- sales in (-∞, t], t being the cutoff: the row that last takes
shelf_link_place_row AS (
  SELECT s.clerk_id, s.cutoff, e.place AS shelf_link_place
  FROM clerk_cutoffs AS s
  JOIN sales_rows_2 AS e
    ON e.clerk_id = s.clerk_id
    AND e.happened_at <= s.cutoff
  WHERE e.store_id IS NOT NULL
    AND e.place IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.clerk_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.store_id DESC NULLS LAST, e.place DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.clerk_id,
    c.cutoff,
    COALESCE(s1.sales, 0) AS sales,
    s2.shelf_link_store_id,
    s3.shelf_link_place
  FROM clerk_cutoffs AS c
  LEFT JOIN sales_all AS s1
    ON s1.clerk_id = c.clerk_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN shelf_link_store_id_row AS s2
    ON s2.clerk_id = c.clerk_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN shelf_link_place_row AS s3
    ON s3.clerk_id = c.clerk_id
    AND s3.cutoff = c.cutoff
),

-- what was known of each clerk, beside the shelf that it belonged to
shelf_clerk AS (
  SELECT v.shelf_link_store_id AS store_id, v.shelf_link_place AS place, v.cutoff, v.sales
  FROM features AS v
),

-- clerk: the members of each shelf at t, t being the cutoff
shelf_of_clerk AS (
  SELECT s.store_id, s.place, s.cutoff, COUNT(*) AS clerks, MAX(e.sales) AS their_most
  FROM existing AS s
  JOIN shelf_clerk AS e
    ON e.store_id = s.store_id
    AND e.place = s.place
    AND e.cutoff = s.cutoff
  GROUP BY s.store_id, s.place, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.store_id,
    c.place,
    c.cutoff,
    COALESCE(s1.units, 0) AS units,
    COALESCE(s2.clerks, 0) AS clerks,
    s2.their_most
  FROM existing AS c
  LEFT JOIN counts_all AS s1
    ON s1.store_id = c.store_id
    AND s1.place = c.place
    AND s1.cutoff = c.cutoff
  LEFT JOIN shelf_of_clerk AS s2
    ON s2.store_id = c.store_id
    AND s2.place = c.place
    AND s2.cutoff = c.cutoff
)

SELECT
  v.store_id,
  v.place,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.units,
  v.clerks,
  v.their_most
FROM features_2 AS v
CROSS JOIN run AS r
ORDER BY v.store_id NULLS LAST, v.place NULLS LAST, v.cutoff NULLS LAST;
