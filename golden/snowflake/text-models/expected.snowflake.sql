-- file: churn.sources.sql
-- The sources that `churn` reads.
ALTER SESSION SET TIMEZONE = 'UTC';

WITH
-- reviews: its rows, times in UTC
reviews_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(written_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(title) AS FLOAT) AS tone,
    text,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(text) AS FLOAT) AS "CORTEX_SENTIMENT(REVIEWS_TEXT)",
    CAST(AI_CLASSIFY(text, ['complaint', 'praise'])['labels'][0] AS VARCHAR) AS "CORTEX_CLASSIFY(TEXT, ['COMPLAINT', 'PRAISE'])",
    stars
  FROM shop.reviews
  WHERE written_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM reviews_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- each source that the model reads, rows that its `where` leaves out not counted
lines AS (
  SELECT
    1 AS ordinal,
    'reviews' AS source,
    COUNT(*) AS row_count,
    COUNT(CASE WHEN e.happened_at IS NULL THEN 1 END) AS rows_without_time,
    COUNT(CASE WHEN e.customer_id IS NULL THEN 1 END) AS rows_without_key,
    0 AS rows_without_partner,
    MIN(e.happened_at) AS first_time,
    MAX(e.happened_at) AS last_time
  FROM (
    SELECT
      customer_id,
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(written_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
    FROM shop.reviews
  ) AS e
)

SELECT
  l.source,
  l.row_count,
  l.rows_without_time,
  l.rows_without_key,
  l.rows_without_partner,
  l.first_time,
  l.last_time,
  r.as_of
FROM lines AS l
CROSS JOIN run AS r
ORDER BY l.ordinal NULLS LAST;

-- file: churn.training.sql
-- The training set of `churn`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: not exists(reviews) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE churn_training AS
WITH
-- reviews: its rows, times in UTC
reviews_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(written_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(title) AS FLOAT) AS tone,
    text,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(text) AS FLOAT) AS "CORTEX_SENTIMENT(REVIEWS_TEXT)",
    CAST(AI_CLASSIFY(text, ['complaint', 'praise'])['labels'][0] AS VARCHAR) AS "CORTEX_CLASSIFY(TEXT, ['COMPLAINT', 'PRAISE'])",
    stars
  FROM shop.reviews
  WHERE written_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM reviews_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM reviews_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
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

-- every cutoff, and reviews in (-∞, t], t being the cutoff: each row, and the number of the first such t
reviews_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e."CORTEX_CLASSIFY(TEXT, ['COMPLAINT', 'PRAISE'])" = 'complaint'
),

-- what the rows add that a cutoff is the first to see
reviews_all_seen AS (
  SELECT e.customer_id, e.number, COUNT(*) AS complains
  FROM reviews_all_rows AS e
  GROUP BY e.customer_id, e.number
  UNION ALL
  SELECT
    f.customer_id,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS complains
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
reviews_all_running AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.complains) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS complains
  FROM reviews_all_seen AS c
),

-- every cutoff, and reviews in (-∞, t], t being the cutoff
reviews_all AS (
  SELECT
    r.customer_id,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.complains
  FROM reviews_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- reviews in (t - 30 days, t], t being the cutoff: each row once at each such t
reviews_30d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 2592000000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 2592000000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t - 30 days, t], t being the cutoff
reviews_30d AS (
  SELECT
    e.customer_id,
    e.cutoff,
    COUNT(*) AS reviews,
    CAST(SUM(CAST(e."CORTEX_SENTIMENT(REVIEWS_TEXT)" AS NUMBER(38, 9))) AS FLOAT)
      / NULLIF(COUNT(e."CORTEX_SENTIMENT(REVIEWS_TEXT)"), 0) AS mood_30d
  FROM reviews_30d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- reviews in (t - 30 days, t], t being the cutoff: each row once at each such t
reviews_30d_rows_2 AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 2592000000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 2592000000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t - 30 days, t], t being the cutoff: the row that last takes
last_text_1_row AS (
  SELECT e.customer_id, e.cutoff, e.text AS last_text_1
  FROM reviews_30d_rows_2 AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.text DESC NULLS LAST
  ) = 1
),

-- reviews in (t - 7 days, t], t being the cutoff: each row once at each such t
reviews_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604800000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604800000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t - 7 days, t], t being the cutoff
reviews_7d AS (
  SELECT
    e.customer_id,
    e.cutoff,
    CAST(SUM(CAST(e."CORTEX_SENTIMENT(REVIEWS_TEXT)" AS NUMBER(38, 9))) AS FLOAT)
      / NULLIF(COUNT(e."CORTEX_SENTIMENT(REVIEWS_TEXT)"), 0) AS mood_7d
  FROM reviews_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- reviews in (-∞, t], t being the cutoff: each row, and the number of the first such t
last_tone_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- the last of the rows that a cutoff is the first to see
last_tone_seen AS (
  SELECT e.customer_id, e.number, e.tone AS last_tone
  FROM last_tone_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, e.tone DESC NULLS LAST
  ) = 1
),

-- up to which cutoff it stays
last_tone_until AS (
  SELECT
    c.*,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number
  FROM last_tone_seen AS c
),

-- reviews in (-∞, t], t being the cutoff: the row that last takes
last_tone_row AS (
  SELECT
    r.customer_id,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.last_tone
  FROM last_tone_until AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- reviews in (-∞, t], t being the cutoff: each row once at each such t
reviews_all_rows_2 AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
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
  WHERE e.customer_id IS NOT NULL
    AND e.stars IS NOT NULL
),

-- reviews in (-∞, t], t being the cutoff: the row that max_by takes
best_1_row AS (
  SELECT e.customer_id, e.cutoff, e.text AS best_1
  FROM reviews_all_rows_2 AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.stars DESC NULLS LAST, e.text DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(c.complains, 0) AS complains,
    COALESCE(s1.reviews, 0) AS reviews,
    s1.mood_30d,
    s2.last_text_1,
    s3.mood_7d,
    s4.last_tone,
    s5.best_1
  FROM reviews_all AS c
  LEFT JOIN reviews_30d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN last_text_1_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN reviews_7d AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN last_tone_row AS s4
    ON s4.customer_id = c.customer_id
    AND s4.cutoff = c.cutoff
  LEFT JOIN best_1_row AS s5
    ON s5.customer_id = c.customer_id
    AND s5.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CASE
      WHEN v.last_text_1 IS NOT NULL THEN AI_EMBED('snowflake-arctic-embed-l-v2.0', v.last_text_1)
    END AS last_text,
    CASE
      WHEN LOWER(v.best_1) IS NOT NULL THEN AI_EMBED(
        'snowflake-arctic-embed-l-v2.0',
        LOWER(v.best_1)
      )
    END AS best
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- reviews in (t, t + 7 days], t being the cutoff: each row once at each such t
reviews_next_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
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
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t, t + 7 days], t being the cutoff
reviews_next_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM reviews_next_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, NOT COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN reviews_next_7d AS s1
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

SELECT
  p.customer_id,
  p.cutoff,
  p.reviews,
  p.mood_7d,
  p.mood_30d,
  p.complains,
  p.last_tone,
  p.last_text,
  p.best,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: churn.counts.sql
-- How many rows of `churn` are left after each step.
ALTER SESSION SET TIMEZONE = 'UTC';

WITH
-- reviews: its rows, times in UTC
reviews_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(written_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(title) AS FLOAT) AS tone,
    text,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(text) AS FLOAT) AS "CORTEX_SENTIMENT(REVIEWS_TEXT)",
    CAST(AI_CLASSIFY(text, ['complaint', 'praise'])['labels'][0] AS VARCHAR) AS "CORTEX_CLASSIFY(TEXT, ['COMPLAINT', 'PRAISE'])",
    stars
  FROM shop.reviews
  WHERE written_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM reviews_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM reviews_rows AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
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

-- where the cutoffs lie
cutoffs AS (
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid AS g
),

-- every cutoff, and reviews in (-∞, t], t being the cutoff: each row, and the number of the first such t
reviews_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND e."CORTEX_CLASSIFY(TEXT, ['COMPLAINT', 'PRAISE'])" = 'complaint'
),

-- what the rows add that a cutoff is the first to see
reviews_all_seen AS (
  SELECT e.customer_id, e.number, COUNT(*) AS complains
  FROM reviews_all_rows AS e
  GROUP BY e.customer_id, e.number
  UNION ALL
  SELECT
    f.customer_id,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, f.exists_from)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, f.exists_from) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number,
    NULL AS complains
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
reviews_all_running AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.complains) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS NUMBER(38, 0)) AS complains
  FROM reviews_all_seen AS c
),

-- every cutoff, and reviews in (-∞, t], t being the cutoff
reviews_all AS (
  SELECT
    r.customer_id,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.complains
  FROM reviews_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- reviews in (t - 30 days, t], t being the cutoff: each row once at each such t
reviews_30d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 2592000000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 2592000000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t - 30 days, t], t being the cutoff
reviews_30d AS (
  SELECT
    e.customer_id,
    e.cutoff,
    COUNT(*) AS reviews,
    CAST(SUM(CAST(e."CORTEX_SENTIMENT(REVIEWS_TEXT)" AS NUMBER(38, 9))) AS FLOAT)
      / NULLIF(COUNT(e."CORTEX_SENTIMENT(REVIEWS_TEXT)"), 0) AS mood_30d
  FROM reviews_30d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- reviews in (t - 30 days, t], t being the cutoff: each row once at each such t
reviews_30d_rows_2 AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 2592000000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 2592000000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t - 30 days, t], t being the cutoff: the row that last takes
last_text_1_row AS (
  SELECT e.customer_id, e.cutoff, e.text AS last_text_1
  FROM reviews_30d_rows_2 AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.text DESC NULLS LAST
  ) = 1
),

-- reviews in (t - 7 days, t], t being the cutoff: each row once at each such t
reviews_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ),
    LEAST(
      g.cutoffs,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604800000000
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604800000000 + 604799999999)
          % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    )
  )) AS n
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t - 7 days, t], t being the cutoff
reviews_7d AS (
  SELECT
    e.customer_id,
    e.cutoff,
    CAST(SUM(CAST(e."CORTEX_SENTIMENT(REVIEWS_TEXT)" AS NUMBER(38, 9))) AS FLOAT)
      / NULLIF(COUNT(e."CORTEX_SENTIMENT(REVIEWS_TEXT)"), 0) AS mood_7d
  FROM reviews_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- reviews in (-∞, t], t being the cutoff: each row, and the number of the first such t
last_tone_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.happened_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM reviews_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- the last of the rows that a cutoff is the first to see
last_tone_seen AS (
  SELECT e.customer_id, e.number, e.tone AS last_tone
  FROM last_tone_rows AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.number
    ORDER BY e.happened_at DESC NULLS LAST, e.tone DESC NULLS LAST
  ) = 1
),

-- up to which cutoff it stays
last_tone_until AS (
  SELECT
    c.*,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number
  FROM last_tone_seen AS c
),

-- reviews in (-∞, t], t being the cutoff: the row that last takes
last_tone_row AS (
  SELECT
    r.customer_id,
    DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff,
    r.last_tone
  FROM last_tone_until AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- reviews in (-∞, t], t being the cutoff: each row once at each such t
reviews_all_rows_2 AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
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
  WHERE e.customer_id IS NOT NULL
    AND e.stars IS NOT NULL
),

-- reviews in (-∞, t], t being the cutoff: the row that max_by takes
best_1_row AS (
  SELECT e.customer_id, e.cutoff, e.text AS best_1
  FROM reviews_all_rows_2 AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.stars DESC NULLS LAST, e.text DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(c.complains, 0) AS complains,
    COALESCE(s1.reviews, 0) AS reviews,
    s1.mood_30d,
    s2.last_text_1,
    s3.mood_7d,
    s4.last_tone,
    s5.best_1
  FROM reviews_all AS c
  LEFT JOIN reviews_30d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN last_text_1_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN reviews_7d AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN last_tone_row AS s4
    ON s4.customer_id = c.customer_id
    AND s4.cutoff = c.cutoff
  LEFT JOIN best_1_row AS s5
    ON s5.customer_id = c.customer_id
    AND s5.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CASE
      WHEN v.last_text_1 IS NOT NULL THEN AI_EMBED('snowflake-arctic-embed-l-v2.0', v.last_text_1)
    END AS last_text,
    CASE
      WHEN LOWER(v.best_1) IS NOT NULL THEN AI_EMBED(
        'snowflake-arctic-embed-l-v2.0',
        LOWER(v.best_1)
      )
    END AS best
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- reviews in (t, t + 7 days], t being the cutoff: each row once at each such t
reviews_next_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM reviews_rows AS e
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
  WHERE e.customer_id IS NOT NULL
),

-- reviews in (t, t + 7 days], t being the cutoff
reviews_next_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM reviews_next_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, NOT COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN reviews_next_7d AS s1
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
),

-- rows left after each step
counted AS (
  SELECT 1 AS ordinal, 'cutoffs' AS step, COUNT(*) AS rows_left
  FROM cutoffs
  UNION ALL
  SELECT 2 AS ordinal, 'existence' AS step, COUNT(*) AS rows_left
  FROM reviews_all
  UNION ALL
  SELECT 3 AS ordinal, 'maturity' AS step, COUNT(*) AS rows_left
  FROM mature
  UNION ALL
  SELECT 4 AS ordinal, 'labels' AS step, COUNT(*) AS rows_left
  FROM examples
  UNION ALL
  SELECT 5 AS ordinal, 'split' AS step, COUNT(*) AS rows_left
  FROM parts
)

SELECT c.ordinal, c.step, c.rows_left
FROM counted AS c
ORDER BY c.ordinal NULLS LAST;

-- file: churn.scoring.sql
-- The rows of `churn` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE churn_scoring AS
WITH
-- reviews: its rows, times in UTC
reviews_rows AS (
  SELECT
    customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(written_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(title) AS FLOAT) AS tone,
    text,
    CAST(SNOWFLAKE.CORTEX.SENTIMENT(text) AS FLOAT) AS "CORTEX_SENTIMENT(REVIEWS_TEXT)",
    CAST(AI_CLASSIFY(text, ['complaint', 'praise'])['labels'][0] AS VARCHAR) AS "CORTEX_CLASSIFY(TEXT, ['COMPLAINT', 'PRAISE'])",
    stars
  FROM shop.reviews
  WHERE written_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM reviews_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.happened_at) AS exists_from
  FROM reviews_rows AS e
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

-- reviews in (t - 30 days, t], t being the cutoff
reviews_30d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    COUNT(*) AS reviews,
    CAST(SUM(CAST(e."CORTEX_SENTIMENT(REVIEWS_TEXT)" AS NUMBER(38, 9))) AS FLOAT)
      / NULLIF(COUNT(e."CORTEX_SENTIMENT(REVIEWS_TEXT)"), 0) AS mood_30d
  FROM existing AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  GROUP BY s.customer_id, s.cutoff
),

-- reviews in (t - 30 days, t], t being the cutoff: the row that last takes
last_text_1_row AS (
  SELECT s.customer_id, s.cutoff, e.text AS last_text_1
  FROM existing AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.text DESC NULLS LAST
  ) = 1
),

-- reviews in (t - 7 days, t], t being the cutoff
reviews_7d AS (
  SELECT
    s.customer_id,
    s.cutoff,
    CAST(SUM(CAST(e."CORTEX_SENTIMENT(REVIEWS_TEXT)" AS NUMBER(38, 9))) AS FLOAT)
      / NULLIF(COUNT(e."CORTEX_SENTIMENT(REVIEWS_TEXT)"), 0) AS mood_7d
  FROM existing AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -7, s.cutoff)
  GROUP BY s.customer_id, s.cutoff
),

-- reviews in (-∞, t], t being the cutoff
reviews_all AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS complains
  FROM existing AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  WHERE e."CORTEX_CLASSIFY(TEXT, ['COMPLAINT', 'PRAISE'])" = 'complaint'
  GROUP BY s.customer_id, s.cutoff
),

-- reviews in (-∞, t], t being the cutoff: the row that last takes
last_tone_row AS (
  SELECT s.customer_id, s.cutoff, e.tone AS last_tone
  FROM existing AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.tone DESC NULLS LAST
  ) = 1
),

-- reviews in (-∞, t], t being the cutoff: the row that max_by takes
best_1_row AS (
  SELECT s.customer_id, s.cutoff, e.text AS best_1
  FROM existing AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  WHERE e.stars IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id, s.cutoff
    ORDER BY e.stars DESC NULLS LAST, e.text DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    COALESCE(s1.reviews, 0) AS reviews,
    s1.mood_30d,
    s2.last_text_1,
    s3.mood_7d,
    COALESCE(s4.complains, 0) AS complains,
    s5.last_tone,
    s6.best_1
  FROM existing AS c
  LEFT JOIN reviews_30d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN last_text_1_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN reviews_7d AS s3
    ON s3.customer_id = c.customer_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN reviews_all AS s4
    ON s4.customer_id = c.customer_id
    AND s4.cutoff = c.cutoff
  LEFT JOIN last_tone_row AS s5
    ON s5.customer_id = c.customer_id
    AND s5.cutoff = c.cutoff
  LEFT JOIN best_1_row AS s6
    ON s6.customer_id = c.customer_id
    AND s6.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CASE
      WHEN v.last_text_1 IS NOT NULL THEN AI_EMBED('snowflake-arctic-embed-l-v2.0', v.last_text_1)
    END AS last_text,
    CASE
      WHEN LOWER(v.best_1) IS NOT NULL THEN AI_EMBED(
        'snowflake-arctic-embed-l-v2.0',
        LOWER(v.best_1)
      )
    END AS best
  FROM features AS v
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.reviews,
  v.mood_7d,
  v.mood_30d,
  v.complains,
  v.last_tone,
  v.last_text,
  v.best
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
