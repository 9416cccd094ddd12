-- file: buys.fingerprints.sql
-- The rows that `buys` reads, each day's in short: what changed since is seen by comparing.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_fingerprints AS
WITH
-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, kind
  FROM (
    SELECT *
    FROM shop.products
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY product_id
      ORDER BY kind NULLS LAST, product_id NULLS LAST
    ) = 1
      OR product_id IS NULL
  ) AS r
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN r.loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    products.kind AS products_kind
  FROM shop.orders AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
    AND r.loaded_at IS NOT NULL
),

-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(since) IN ('DATE', 'TIMESTAMP') THEN CAST(since AS TIMESTAMP) ELSE CAST(CAST(since AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(ended_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ended_at AS TIMESTAMP) ELSE CAST(CAST(ended_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    plan
  FROM shop.plans
  WHERE since IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM plans_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    TIMESTAMP '2024-01-01 00:00:00' AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT
    b.anchor_instant + UNNEST(RANGE(
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
      ) AS BIGINT)
        - 1,
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
      ) AS BIGINT)
        + 3
    )) * INTERVAL '7 days' AS cutoff,
    b.*
  FROM grid_bounds AS b
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff + INTERVAL '7 days' <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- each day's rows in short
fingerprints AS (
  SELECT
    1 AS part,
    DATE_TRUNC('day', e.happened_at) AS day,
    COUNT(*) AS row_count,
    SUM(HASH(HASH(
      e.customer_id,
      e.happened_at,
      e.known_at,
      e.products_kind
    ))::HUGEINT) AS fingerprint
  FROM orders_rows AS e
  GROUP BY DATE_TRUNC('day', e.happened_at)
  UNION ALL
  SELECT
    2 AS part,
    DATE_TRUNC('day', e.happened_at) AS day,
    COUNT(*) AS row_count,
    SUM(HASH(HASH(e.customer_id, e.happened_at, e.plan))::HUGEINT) AS fingerprint
  FROM plans_rows AS e
  GROUP BY DATE_TRUNC('day', e.happened_at)
  UNION ALL
  SELECT
    3 AS part,
    DATE_TRUNC(
      'day',
      CASE
        WHEN e.happened_at IS NOT NULL AND e.held_until IS NOT NULL THEN GREATEST(
          e.happened_at,
          e.held_until
        )
      END
    ) AS day,
    COUNT(*) AS row_count,
    SUM(HASH(HASH(e.customer_id, e.happened_at, e.plan, e.held_until))::HUGEINT) AS fingerprint
  FROM plans_rows AS e
  WHERE e.held_until IS NOT NULL
  GROUP BY
    DATE_TRUNC(
      'day',
      CASE
        WHEN e.happened_at IS NOT NULL AND e.held_until IS NOT NULL THEN GREATEST(
          e.happened_at,
          e.held_until
        )
      END
    )
  UNION ALL
  SELECT
    4 AS part,
    DATE_TRUNC('day', e.exists_from) AS day,
    COUNT(*) AS row_count,
    SUM(HASH(HASH(e.customer_id, e.exists_from))::HUGEINT) AS fingerprint
  FROM first_seen AS e
  GROUP BY DATE_TRUNC('day', e.exists_from)
  UNION ALL
  SELECT
    5 AS part,
    e.cutoff AS day,
    COUNT(*) AS row_count,
    SUM(HASH(HASH(e.cutoff))::HUGEINT) AS fingerprint
  FROM grid AS e
  GROUP BY e.cutoff
)

SELECT w.part, w.day, w.row_count, w.fingerprint
FROM fingerprints AS w;

-- file: buys.limits.sql
-- The instants that decide which cutoffs of `buys` count.
SET TimeZone = 'UTC';

WITH
-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, kind
  FROM (
    SELECT *
    FROM shop.products
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY product_id
      ORDER BY kind NULLS LAST, product_id NULLS LAST
    ) = 1
      OR product_id IS NULL
  ) AS r
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN r.loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    products.kind AS products_kind
  FROM shop.orders AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
    AND r.loaded_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- the instants that divide cutoffs
limits AS (
  SELECT 1 AS ordinal, r.known_until AS instant
  FROM run AS r
)

SELECT w.ordinal, w.instant
FROM limits AS w;

-- file: buys.examples.sql
-- The rows of `buys` before they are divided.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_examples AS
WITH
-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, kind
  FROM (
    SELECT *
    FROM shop.products
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY product_id
      ORDER BY kind NULLS LAST, product_id NULLS LAST
    ) = 1
      OR product_id IS NULL
  ) AS r
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN r.loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    products.kind AS products_kind
  FROM shop.orders AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
    AND r.loaded_at IS NOT NULL
),

-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(since) IN ('DATE', 'TIMESTAMP') THEN CAST(since AS TIMESTAMP) ELSE CAST(CAST(since AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(ended_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ended_at AS TIMESTAMP) ELSE CAST(CAST(ended_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    plan
  FROM shop.plans
  WHERE since IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM plans_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    TIMESTAMP '2024-01-01 00:00:00' AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT
    b.anchor_instant + UNNEST(RANGE(
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
      ) AS BIGINT)
        - 1,
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
      ) AS BIGINT)
        + 3
    )) * INTERVAL '7 days' AS cutoff,
    b.*
  FROM grid_bounds AS b
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff + INTERVAL '7 days' <= b.last_instant
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

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (t - 30 days, t], t being the cutoff: each row once at each such t
orders_30d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.known_at) + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 2592000000000
          + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND DATE_DIFF('microsecond', g.first_cutoff, e.known_at) IS NOT NULL
    AND e.products_kind = 'toy'
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS orders_toys
  FROM orders_30d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- plans in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
plan_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
    ) AS number,
    LEAST(
      g.cutoffs,
      COALESCE(
        (DATE_DIFF('microsecond', g.first_cutoff, e.held_until) + 604799999999) // 604800000000,
        g.cutoffs
      )
    ) AS until_number
  FROM plans_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- each row, and whether another holds at one of its cutoffs, too
plan_held AS (
  SELECT
    e.*,
    COALESCE(
      LEAD(e.number) OVER (PARTITION BY e.customer_id ORDER BY e.number NULLS LAST) < e.until_number
        OR MAX(e.until_number) OVER (
          PARTITION BY e.customer_id
          ORDER BY e.number NULLS LAST
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) > e.number,
      FALSE
    ) AS "overlaps"
  FROM plan_rows AS e
  WHERE e.number < e.until_number
),

-- those of which several hold, each once at each cutoff
plan_overlapping AS (
  SELECT e.*, g.first_cutoff + UNNEST(RANGE(e.number, e.until_number)) * INTERVAL '7 days' AS cutoff
  FROM plan_held AS e
  CROSS JOIN grid_run AS g
  WHERE e."overlaps"
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
plan_row AS (
  SELECT
    e.customer_id,
    g.first_cutoff + UNNEST(RANGE(e.number, e.until_number)) * INTERVAL '7 days' AS cutoff,
    e.plan
  FROM plan_held AS e
  CROSS JOIN grid_run AS g
  WHERE NOT e."overlaps"
  UNION ALL
  SELECT e.customer_id, e.cutoff, e.plan
  FROM plan_overlapping AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(s1.orders_toys, 0) AS orders_toys, s2.plan
  FROM existing AS c
  LEFT JOIN orders_30d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN plan_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- orders in (t, t + 7 days], t being the cutoff: each row once at each such t
orders_next_7d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          - 604800000000
          + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM orders_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM orders_next_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_7d AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
)

SELECT v.customer_id, v.cutoff, v.orders_toys, v.plan, v.label
FROM labelled AS v;

-- file: buys.examples.sql
-- The rows of `buys` before they are divided, of some cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_examples AS
WITH
-- products: its rows, which never change
orders_products AS (
  SELECT product_id AS key_1, kind
  FROM (
    SELECT *
    FROM shop.products
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY product_id
      ORDER BY kind NULLS LAST, product_id NULLS LAST
    ) = 1
      OR product_id IS NULL
  ) AS r
),

-- orders: its rows, times in UTC
orders_rows AS (
  SELECT
    r.customer_id,
    CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN r.loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(r.ordered_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.ordered_at AS TIMESTAMP) ELSE CAST(CAST(r.ordered_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    products.kind AS products_kind
  FROM shop.orders AS r
  LEFT JOIN orders_products AS products ON products.key_1 = r.product_id
  WHERE r.ordered_at IS NOT NULL
    AND r.loaded_at IS NOT NULL
),

-- orders: the rows that a cutoff to be built may see
orders_near AS (
  SELECT e.*
  FROM orders_rows AS e
  WHERE e.happened_at >= TIMESTAMP '2024-02-03 00:00:00'
),

-- plans: its rows, times in UTC
plans_rows AS (
  SELECT
    customer_id,
    CASE WHEN TYPEOF(since) IN ('DATE', 'TIMESTAMP') THEN CAST(since AS TIMESTAMP) ELSE CAST(CAST(since AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(ended_at) IN ('DATE', 'TIMESTAMP') THEN CAST(ended_at AS TIMESTAMP) ELSE CAST(CAST(ended_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    plan
  FROM shop.plans
  WHERE since IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM orders_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every customer, from its first row on
first_seen AS (
  SELECT e.customer_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.customer_id, e.known_at
    FROM orders_rows AS e
    UNION ALL
    SELECT e.customer_id, e.happened_at AS known_at
    FROM plans_rows AS e
  ) AS e
  WHERE e.customer_id IS NOT NULL
  GROUP BY e.customer_id
),

-- the first and last instant that may be on the grid, and one that it passes through
grid_bounds AS (
  SELECT
    r.starts_at AS first_instant,
    r.known_until AS last_instant,
    TIMESTAMP '2024-01-01 00:00:00' AS anchor_instant,
    r.as_of
  FROM run AS r
),

-- every 7 days, a little beyond both ends
grid_instants AS (
  SELECT
    b.anchor_instant + UNNEST(RANGE(
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.first_instant) / 604800000000
      ) AS BIGINT)
        - 1,
      CAST(FLOOR(
        DATE_DIFF('microsecond', b.anchor_instant, b.last_instant) / 604800000000
      ) AS BIGINT)
        + 3
    )) * INTERVAL '7 days' AS cutoff,
    b.*
  FROM grid_bounds AS b
),

-- those between the ends
grid AS (
  SELECT b.cutoff
  FROM grid_instants AS b
  WHERE b.cutoff >= b.first_instant
    AND b.cutoff + INTERVAL '7 days' <= b.last_instant
    AND b.cutoff <= b.as_of
),

-- the stretch of the grid that is built
grid_asked_for AS (
  SELECT g.*
  FROM grid AS g
  WHERE g.cutoff >= TIMESTAMP '2024-03-04 00:00:00'
),

-- the first cutoff, whose number is 0, and how many there are
grid_run AS (
  SELECT MIN(g.cutoff) AS first_cutoff, COUNT(*) AS cutoffs
  FROM grid_asked_for AS g
),

-- where the cutoffs lie
cutoffs AS (
  SELECT f.customer_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN grid_asked_for AS g
),

-- the cutoffs that are built
asked_for AS (
  SELECT c.*
  FROM cutoffs AS c
  WHERE c.cutoff >= TIMESTAMP '2024-03-04 00:00:00' AND c.cutoff <= TIMESTAMP '2024-03-06 00:00:00'
      OR c.cutoff >= TIMESTAMP '2024-04-03 00:00:00'
),

-- a customer exists from its first row on
existing AS (
  SELECT c.customer_id, c.cutoff
  FROM asked_for AS c
  WHERE c.exists_from <= c.cutoff
),

-- orders in (t - 30 days, t], t being the cutoff: each row once at each such t
orders_30d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.known_at) + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          + 2592000000000
          + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM orders_near AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
    AND DATE_DIFF('microsecond', g.first_cutoff, e.known_at) IS NOT NULL
    AND e.products_kind = 'toy'
),

-- orders in (t - 30 days, t], t being the cutoff
orders_30d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) AS orders_toys
  FROM orders_30d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- plans in (-∞, t], t being the cutoff: each row, and the numbers of the first such t and of the first behind them
plan_rows AS (
  SELECT
    e.*,
    GREATEST(
      0,
      (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
    ) AS number,
    LEAST(
      g.cutoffs,
      COALESCE(
        (DATE_DIFF('microsecond', g.first_cutoff, e.held_until) + 604799999999) // 604800000000,
        g.cutoffs
      )
    ) AS until_number
  FROM plans_rows AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- each row, and whether another holds at one of its cutoffs, too
plan_held AS (
  SELECT
    e.*,
    COALESCE(
      LEAD(e.number) OVER (PARTITION BY e.customer_id ORDER BY e.number NULLS LAST) < e.until_number
        OR MAX(e.until_number) OVER (
          PARTITION BY e.customer_id
          ORDER BY e.number NULLS LAST
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) > e.number,
      FALSE
    ) AS "overlaps"
  FROM plan_rows AS e
  WHERE e.number < e.until_number
),

-- those of which several hold, each once at each cutoff
plan_overlapping AS (
  SELECT e.*, g.first_cutoff + UNNEST(RANGE(e.number, e.until_number)) * INTERVAL '7 days' AS cutoff
  FROM plan_held AS e
  CROSS JOIN grid_run AS g
  WHERE e."overlaps"
),

-- plans in (-∞, t], t being the cutoff: the row that last takes
plan_row AS (
  SELECT
    e.customer_id,
    g.first_cutoff + UNNEST(RANGE(e.number, e.until_number)) * INTERVAL '7 days' AS cutoff,
    e.plan
  FROM plan_held AS e
  CROSS JOIN grid_run AS g
  WHERE NOT e."overlaps"
  UNION ALL
  SELECT e.customer_id, e.cutoff, e.plan
  FROM plan_overlapping AS e
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY e.customer_id, e.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.plan DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.customer_id, c.cutoff, COALESCE(s1.orders_toys, 0) AS orders_toys, s2.plan
  FROM existing AS c
  LEFT JOIN orders_30d AS s1
    ON s1.customer_id = c.customer_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN plan_row AS s2
    ON s2.customer_id = c.customer_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- orders in (t, t + 7 days], t being the cutoff: each row once at each such t
orders_next_7d_rows AS (
  SELECT
    e.*,
    g.first_cutoff + UNNEST(RANGE(
      GREATEST(
        0,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at)
          - 604800000000
          + 604799999999) // 604800000000
      ),
      LEAST(
        g.cutoffs,
        (DATE_DIFF('microsecond', g.first_cutoff, e.happened_at) + 604799999999) // 604800000000
      )
    )) * INTERVAL '7 days' AS cutoff
  FROM orders_near AS e
  CROSS JOIN grid_run AS g
  WHERE e.customer_id IS NOT NULL
),

-- orders in (t, t + 7 days], t being the cutoff
orders_next_7d AS (
  SELECT e.customer_id, e.cutoff, COUNT(*) > 0 AS label_1
  FROM orders_next_7d_rows AS e
  GROUP BY e.customer_id, e.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN orders_next_7d AS s1
    ON s1.customer_id = v.customer_id
    AND s1.cutoff = v.cutoff
)

SELECT v.customer_id, v.cutoff, v.orders_toys, v.plan, v.label
FROM labelled AS v;

-- file: buys.division.sql
-- The training set of `buys`, from rows that were kept and rows that were built.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE buys_training AS
WITH
-- the rows as they were kept
held AS (
  SELECT h.*
  FROM buys_examples AS h
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM held AS v
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
      OR e.cutoff >= p1.starts_at AND e.cutoff + INTERVAL '7 days' <= p2.starts_at
      OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.customer_id, p.cutoff, p.orders_toys, p.plan, p.label, p.split
FROM parts AS p
ORDER BY p.customer_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;
