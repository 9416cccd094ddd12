-- file: back.training.sql
-- The training set of `back`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(visits) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE back_training AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    page,
    tags
  FROM web.visits
  WHERE at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM visits_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every user, from its first row on
first_seen AS (
  SELECT e.user_id, MIN(e.happened_at) AS exists_from
  FROM visits_rows AS e
  WHERE e.user_id IS NOT NULL
  GROUP BY e.user_id
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

-- every cutoff, and visits in (-∞, t], t being the cutoff: each row, and the number of the first such t
visits_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM visits_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.user_id IS NOT NULL
    AND CAST(CAST(e.tags[1] AS VARCHAR) AS VARCHAR) = 'sale'
),

-- what the rows add that a cutoff is the first to see
visits_all_seen AS (
  SELECT e.user_id, e.number, COUNT(*) AS in_second
  FROM visits_all_rows AS e
  GROUP BY e.user_id, e.number
  UNION ALL
  SELECT
    f.user_id,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS in_second
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
visits_all_running AS (
  SELECT
    c.user_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.user_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.in_second) OVER (
      PARTITION BY c.user_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS in_second
  FROM visits_all_seen AS c
),

-- every cutoff, and visits in (-∞, t], t being the cutoff
visits_all AS (
  SELECT r.user_id, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.in_second
  FROM visits_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- visits in (-∞, t], t being the cutoff: each row once at each such t
visits_all_rows_2 AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM visits_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    g.cutoffs
  )) AS n
  WHERE e.user_id IS NOT NULL
    AND e.page IS NOT NULL
),

-- visits in (-∞, t], t being the cutoff: how often each value occurs
pages_counts AS (
  SELECT e.user_id, e.cutoff, e.page AS value, COUNT(*) AS frequency
  FROM visits_all_rows_2 AS e
  GROUP BY e.user_id, e.cutoff, e.page
),

-- the most frequent values
pages_top AS (
  SELECT
    c.user_id,
    c.cutoff,
    ARRAY_SLICE(
      ARRAY_AGG(c.value) WITHIN GROUP (ORDER BY c.frequency DESC NULLS LAST, c.value NULLS LAST),
      0, 2
    ) AS pages
  FROM pages_counts AS c
  GROUP BY c.user_id, c.cutoff
),

-- visits in (-∞, t], t being the cutoff: each row, and the number of the first such t
first_tag_1_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM visits_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.user_id IS NOT NULL
),

-- the last of the rows that a cutoff is the first to see
first_tag_1_seen AS (
  SELECT e.user_id, e.number, CAST(e.tags[0] AS VARCHAR) AS first_tag_1
  FROM first_tag_1_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.user_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, CAST(e.tags[0] AS VARCHAR) DESC NULLS LAST
  ) = 1
),

-- up to which cutoff it stays
first_tag_1_until AS (
  SELECT
    c.*,
    LEAD(c.number) OVER (PARTITION BY c.user_id ORDER BY c.number NULLS LAST) AS next_number
  FROM first_tag_1_seen AS c
),

-- visits in (-∞, t], t being the cutoff: the row that last takes
first_tag_1_row AS (
  SELECT
    r.user_id,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.first_tag_1
  FROM first_tag_1_until AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, COALESCE(c.in_second, 0) AS in_second, s1.pages, s2.first_tag_1
  FROM visits_all AS c
  LEFT JOIN pages_top AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN first_tag_1_row AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, CAST(v.first_tag_1 AS VARCHAR) AS first_tag
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- visits in (t, t + 7 days], t being the cutoff: each row once at each such t
visits_next_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM visits_rows AS e
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
  WHERE e.user_id IS NOT NULL
),

-- visits in (t, t + 7 days], t being the cutoff
visits_next_7d AS (
  SELECT e.user_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM visits_next_7d_rows AS e
  GROUP BY e.user_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN visits_next_7d AS s1
    ON s1.user_id = v.user_id
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

SELECT p.user_id, p.cutoff, p.pages, p.first_tag, p.in_second, p.label, p.split
FROM parts AS p
ORDER BY p.user_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: back.scoring.sql
-- The rows of `back` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE back_scoring AS
WITH
-- visits: its rows, times in UTC
visits_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    page,
    tags
  FROM web.visits
  WHERE at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM visits_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every user, from its first row on
first_seen AS (
  SELECT e.user_id, MIN(e.happened_at) AS exists_from
  FROM visits_rows AS e
  WHERE e.user_id IS NOT NULL
  GROUP BY e.user_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.user_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a user exists from its first row on
existing AS (
  SELECT c.user_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- visits in (-∞, t], t being the cutoff: how often each value occurs
pages_counts AS (
  SELECT s.user_id, s.cutoff, e.page AS value, COUNT(*) AS frequency
  FROM existing AS s
  JOIN visits_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
  WHERE e.page IS NOT NULL
  GROUP BY s.user_id, s.cutoff, e.page
),

-- the most frequent values
pages_top AS (
  SELECT
    c.user_id,
    c.cutoff,
    ARRAY_SLICE(
      ARRAY_AGG(c.value) WITHIN GROUP (ORDER BY c.frequency DESC NULLS LAST, c.value NULLS LAST),
      0, 2
    ) AS pages
  FROM pages_counts AS c
  GROUP BY c.user_id, c.cutoff
),

-- visits in (-∞, t], t being the cutoff
visits_all AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS in_second
  FROM existing AS s
  JOIN visits_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
  WHERE CAST(CAST(e.tags[1] AS VARCHAR) AS VARCHAR) = 'sale'
  GROUP BY s.user_id, s.cutoff
),

-- visits in (-∞, t], t being the cutoff: the row that last takes
first_tag_1_row AS (
  SELECT s.user_id, s.cutoff, CAST(e.tags[0] AS VARCHAR) AS first_tag_1
  FROM existing AS s
  JOIN visits_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, CAST(e.tags[0] AS VARCHAR) DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, s1.pages, COALESCE(s2.in_second, 0) AS in_second, s3.first_tag_1
  FROM existing AS c
  LEFT JOIN pages_top AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN visits_all AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN first_tag_1_row AS s3
    ON s3.user_id = c.user_id
    AND s3.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, CAST(v.first_tag_1 AS VARCHAR) AS first_tag
  FROM features AS v
)

SELECT
  v.user_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.pages,
  v.first_tag,
  v.in_second
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.user_id NULLS LAST, v.cutoff NULLS LAST;
