-- file: likes.training.sql
-- The training set of `likes`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: anchor.rating >= 4
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE likes_training AS
WITH
-- reviews: its rows, times in UTC
reviews_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(review_time) IN ('DATE', 'TIMESTAMP') THEN CAST(review_time AS TIMESTAMP) ELSE CAST(CAST(review_time AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(review_time) IN ('DATE', 'TIMESTAMP') THEN CAST(review_time AS TIMESTAMP) ELSE CAST(CAST(review_time AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    review_id,
    rating
  FROM (
    SELECT *
    FROM shop.reviews
    WHERE review_time IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY review_id
      ORDER BY CASE WHEN TYPEOF(review_time) IN ('DATE', 'TIMESTAMP') THEN CAST(review_time AS TIMESTAMP) ELSE CAST(CAST(review_time AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        review_id NULLS LAST,
        rating NULLS LAST,
        customer_id NULLS LAST
    ) = 1
      OR review_id IS NULL
  ) AS r
  WHERE review_time IS NOT NULL
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

-- what each row of reviews adds to each value
reviews_marks AS (
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    e.rating AS anchor_rating,
    e.review_id AS anchor_review_id
  FROM reviews_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of reviews could see up to its own instant
reviews_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    m.anchor_rating,
    m.anchor_review_id,
    COUNT(*) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS reviews
  FROM reviews_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff, e.anchor_rating, e.anchor_review_id, e.reviews
  FROM reviews_history AS e
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.customer_id, c.cutoff
  FROM cutoffs AS c
),

-- reviews in (-∞, t], t being the cutoff
reviews_all AS (
  SELECT s.customer_id, s.cutoff, COUNT(CASE WHEN FALSE THEN e.rating END) AS rated
  FROM spine AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    c.reviews,
    c.anchor_rating,
    c.anchor_review_id,
    COALESCE(s1.rated, 0) AS rated
  FROM cutoffs AS c
  LEFT JOIN reviews_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.anchor_rating >= 4 AS label
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
      OR e.cutoff >= p1.starts_at AND e.cutoff <= p2.starts_at
      OR e.cutoff <= p1.starts_at
)

SELECT
  p.customer_id,
  p.anchor_review_id AS review_id,
  p.cutoff,
  p.reviews,
  p.rated,
  p.label,
  p.split
FROM parts AS p
ORDER BY
  p.customer_id NULLS LAST,
  p.anchor_review_id NULLS LAST,
  p.cutoff NULLS LAST,
  p.split NULLS LAST;

-- file: likes.scoring.sql
-- The rows of `likes` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE likes_scoring AS
WITH
-- reviews: its rows, times in UTC
reviews_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(review_time) IN ('DATE', 'TIMESTAMP') THEN CAST(review_time AS TIMESTAMP) ELSE CAST(CAST(review_time AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF(review_time) IN ('DATE', 'TIMESTAMP') THEN CAST(review_time AS TIMESTAMP) ELSE CAST(CAST(review_time AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    review_id,
    rating
  FROM (
    SELECT *
    FROM shop.reviews
    WHERE review_time IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY review_id
      ORDER BY CASE WHEN TYPEOF(review_time) IN ('DATE', 'TIMESTAMP') THEN CAST(review_time AS TIMESTAMP) ELSE CAST(CAST(review_time AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        review_id NULLS LAST,
        rating NULLS LAST,
        customer_id NULLS LAST
    ) = 1
      OR review_id IS NULL
  ) AS r
  WHERE review_time IS NOT NULL
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

-- what each row of reviews adds to each value
reviews_marks AS (
  SELECT
    e.customer_id,
    e.instant,
    e.happened_at,
    e.rating AS anchor_rating,
    e.review_id AS anchor_review_id
  FROM reviews_rows AS e
  WHERE e.customer_id IS NOT NULL
),

-- what each row of reviews could see up to its own instant
reviews_history AS (
  SELECT
    m.customer_id,
    m.happened_at,
    m.anchor_rating,
    m.anchor_review_id,
    COUNT(*) OVER (
      PARTITION BY m.customer_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS reviews
  FROM reviews_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.customer_id, e.happened_at AS cutoff, e.anchor_rating, e.anchor_review_id, e.reviews
  FROM reviews_history AS e
),

-- the latest cutoff of each customer
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.customer_id
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_review_id DESC NULLS LAST,
      c.anchor_rating DESC NULLS LAST
  ) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.customer_id, c.cutoff
  FROM latest AS c
),

-- reviews in (-∞, t], t being the cutoff
reviews_all AS (
  SELECT s.customer_id, s.cutoff, COUNT(CASE WHEN FALSE THEN e.rating END) AS rated
  FROM spine AS s
  JOIN reviews_rows AS e
    ON e.customer_id = s.customer_id
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.customer_id,
    c.cutoff,
    c.reviews,
    c.anchor_rating,
    c.anchor_review_id,
    COALESCE(s1.rated, 0) AS rated
  FROM latest AS c
  LEFT JOIN reviews_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.anchor_review_id AS review_id,
  v.cutoff,
  r.as_of,
  v.cutoff > r.as_of AS open,
  v.reviews,
  v.rated
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.anchor_review_id NULLS LAST, v.cutoff NULLS LAST;
