-- file: books.training.sql
-- The training set of `books`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(bookings) in next 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE books_training AS
WITH
-- bookings_query: its rows, times in UTC
bookings_bookings_query AS (
  SELECT
    status,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(closed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS closed_at,
    customer_id,
    booking_id,
    booked_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS loaded_at,
    room
  FROM (
  (SELECT * FROM shop.bookings
)
  ) AS r
),

-- prices: its rows, times in UTC
bookings_prices AS (
  SELECT
    room AS key_1,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(begins AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ends AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    CAST(price AS FLOAT) AS price
  FROM shop.prices
  WHERE begins IS NOT NULL
),

-- bookings: its rows, times in UTC
bookings_rows AS (
  SELECT
    r.customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CASE
      WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
      WHEN r.loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    END AS known_at,
    r.status AS bookings_query_status,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.closed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS bookings_query_status_known_at,
    prices.price AS prices_price
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        ORDER BY CASE
            WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
            WHEN loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
          END NULLS LAST,
          DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
          status NULLS LAST,
          closed_at NULLS LAST,
          customer_id NULLS LAST,
          booking_id NULLS LAST,
          booked_at NULLS LAST,
          loaded_at NULLS LAST,
          room NULLS LAST
      ) AS row_of_source
    FROM bookings_bookings_query
    WHERE booked_at IS NOT NULL
      AND loaded_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY booking_id
      ORDER BY CASE
          WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
          WHEN loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
        END NULLS LAST,
        DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        status NULLS LAST,
        closed_at NULLS LAST,
        customer_id NULLS LAST,
        booking_id NULLS LAST,
        booked_at NULLS LAST,
        loaded_at NULLS LAST,
        room NULLS LAST
    ) = 1
      OR booking_id IS NULL
  ) AS r
  LEFT JOIN bookings_prices AS prices
    ON prices.key_1 = r.room
    AND prices.happened_at <= DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    AND (prices.held_until IS NULL
      OR prices.held_until > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)))
  WHERE r.booked_at IS NOT NULL
    AND r.loaded_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.row_of_source
    ORDER BY prices.happened_at DESC NULLS LAST, prices.price DESC NULLS LAST
  ) = 1
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM bookings_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM bookings_rows AS e
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

-- every cutoff, and bookings in (-∞, t], t being the cutoff: each row, and the number of the first such t
bookings_all_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      CAST((DATEDIFF('microsecond', g.first_cutoff, e.known_at)
        + 604799999999
        - (DATEDIFF('microsecond', g.first_cutoff, e.known_at) + 604799999999) % 604800000000)
        / 604800000000 AS NUMBER(38, 0))
    ) AS number
  FROM bookings_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND DATEDIFF('microsecond', g.first_cutoff, e.known_at) IS NOT NULL
),

-- what the rows add that a cutoff is the first to see
bookings_all_seen AS (
  SELECT e.customer_id, e.number, SUM(CAST(e.prices_price AS NUMBER(38, 9))) AS paid
  FROM bookings_all_rows AS e
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
    NULL AS paid
  FROM first_seen AS f
  CROSS JOIN grid_run AS g
),

-- added up, and up to which cutoff they stay
bookings_all_running AS (
  SELECT
    c.customer_id,
    c.number,
    LEAD(c.number) OVER (PARTITION BY c.customer_id ORDER BY c.number NULLS LAST) AS next_number,
    CAST(SUM(c.paid) OVER (
      PARTITION BY c.customer_id
      ORDER BY c.number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS FLOAT) AS paid
  FROM bookings_all_seen AS c
),

-- every cutoff, and bookings in (-∞, t], t being the cutoff
bookings_all AS (
  SELECT r.customer_id, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff, r.paid
  FROM bookings_all_running AS r
  CROSS JOIN grid_run AS g
  CROSS JOIN LATERAL FLATTEN(input => ARRAY_GENERATE_RANGE(
    r.number,
    LEAST(g.cutoffs, COALESCE(r.next_number, g.cutoffs))
  )) AS n
),

-- bookings in (-∞, t], t being the cutoff
bookings_all_2 AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS no_shows
  FROM bookings_all AS s
  JOIN bookings_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  WHERE CASE
      WHEN e.bookings_query_status_known_at <= s.cutoff THEN e.bookings_query_status
    END = 'no_show'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(c.paid, 0) AS paid, COALESCE(s1.no_shows, 0) AS no_shows
  FROM bookings_all AS c
  LEFT JOIN bookings_all_2 AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- bookings in (t, t + 7 days], t being the cutoff: each row once at each such t
bookings_next_7d_rows AS (
  SELECT e.*, DATEADD('day', 7 * CAST(n.value AS INT), g.first_cutoff) AS cutoff
  FROM bookings_rows AS e
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

-- bookings in (t, t + 7 days], t being the cutoff
bookings_next_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM bookings_next_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN bookings_next_7d AS s1
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

SELECT p.customer_id, p.cutoff, p.paid, p.no_shows, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: books.scoring.sql
-- The rows of `books` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE books_scoring AS
WITH
-- bookings_query: its rows, times in UTC
bookings_bookings_query AS (
  SELECT
    status,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(closed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS closed_at,
    customer_id,
    booking_id,
    booked_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS loaded_at,
    room
  FROM (
  (SELECT * FROM shop.bookings
)
  ) AS r
),

-- prices: its rows, times in UTC
bookings_prices AS (
  SELECT
    room AS key_1,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(begins AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ends AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    CAST(price AS FLOAT) AS price
  FROM shop.prices
  WHERE begins IS NOT NULL
),

-- bookings: its rows, times in UTC
bookings_rows AS (
  SELECT
    r.customer_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    CASE
      WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
      WHEN r.loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    END AS known_at,
    r.status AS bookings_query_status,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.closed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS bookings_query_status_known_at,
    prices.price AS prices_price
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        ORDER BY CASE
            WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
            WHEN loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
          END NULLS LAST,
          DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
          status NULLS LAST,
          closed_at NULLS LAST,
          customer_id NULLS LAST,
          booking_id NULLS LAST,
          booked_at NULLS LAST,
          loaded_at NULLS LAST,
          room NULLS LAST
      ) AS row_of_source
    FROM bookings_bookings_query
    WHERE booked_at IS NOT NULL
      AND loaded_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY booking_id
      ORDER BY CASE
          WHEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(loaded_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
          WHEN loaded_at IS NOT NULL THEN DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
        END NULLS LAST,
        DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        status NULLS LAST,
        closed_at NULLS LAST,
        customer_id NULLS LAST,
        booking_id NULLS LAST,
        booked_at NULLS LAST,
        loaded_at NULLS LAST,
        room NULLS LAST
    ) = 1
      OR booking_id IS NULL
  ) AS r
  LEFT JOIN bookings_prices AS prices
    ON prices.key_1 = r.room
    AND prices.happened_at <= DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    AND (prices.held_until IS NULL
      OR prices.held_until > DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(r.booked_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)))
  WHERE r.booked_at IS NOT NULL
    AND r.loaded_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.row_of_source
    ORDER BY prices.happened_at DESC NULLS LAST, prices.price DESC NULLS LAST
  ) = 1
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM bookings_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM bookings_rows AS e
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

-- bookings in (-∞, t], t being the cutoff
bookings_all AS (
  SELECT s.customer_id, s.cutoff, CAST(SUM(CAST(e.prices_price AS NUMBER(38, 9))) AS FLOAT) AS paid
  FROM existing AS s
  JOIN bookings_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.customer_id, s.cutoff
),

-- bookings in (-∞, t], t being the cutoff
bookings_all_2 AS (
  SELECT s.customer_id, s.cutoff, COUNT(*) AS no_shows
  FROM existing AS s
  JOIN bookings_rows AS e
    ON e.customer_id = s.customer_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  WHERE CASE
      WHEN e.bookings_query_status_known_at <= s.cutoff THEN e.bookings_query_status
    END = 'no_show'
  GROUP BY s.customer_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(s1.paid, 0) AS paid, COALESCE(s2.no_shows, 0) AS no_shows
  FROM existing AS c
  LEFT JOIN bookings_all AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN bookings_all_2 AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
)

SELECT
  v.customer_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.paid,
  v.no_shows
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.customer_id NULLS LAST, v.cutoff NULLS LAST;
