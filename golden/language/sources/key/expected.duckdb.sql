-- file: comes_back.training.sql
-- The training set of `comes_back`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(events) in next 1 day
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE comes_back_training AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    event_id,
    kind
  FROM (
    SELECT *
    FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE happened_at IS NOT NULL
      AND loaded_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY event_id
      ORDER BY CASE
          WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
          WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END
        END NULLS LAST,
        CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        event_id NULLS LAST,
        kind NULLS LAST,
        visitor_id NULLS LAST
    ) = 1
      OR event_id IS NULL
  ) AS r
  WHERE kind <> 'noise'
    AND happened_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every visitor, from its first row on
first_seen AS (
  SELECT e.visitor_id, MIN(e.known_at) AS exists_from
  FROM events_rows AS e
  WHERE e.visitor_id IS NOT NULL
  GROUP BY e.visitor_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-02 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-03 00:00:00' AS cutoff
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
  SELECT f.visitor_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a visitor exists from its first row on
existing AS (
  SELECT c.visitor_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- events in (-∞, t], t being the cutoff
events_all AS (
  SELECT s.visitor_id, s.cutoff, COUNT(*) AS events
  FROM existing AS s
  JOIN events_rows AS e
    ON e.visitor_id = s.visitor_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.visitor_id, s.cutoff
),

-- events in (-∞, t], t being the cutoff: the row that last takes
last_kind_row AS (
  SELECT s.visitor_id, s.cutoff, e.kind AS last_kind
  FROM existing AS s
  JOIN events_rows AS e
    ON e.visitor_id = s.visitor_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.visitor_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.event_id DESC NULLS LAST, e.kind DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor_id, c.cutoff, COALESCE(s1.events, 0) AS events, s2.last_kind
  FROM existing AS c
  LEFT JOIN events_all AS s1
    ON s1.visitor_id = c.visitor_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN last_kind_row AS s2
    ON s2.visitor_id = c.visitor_id
    AND s2.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '1 day' <= r.known_until
),

-- events in (t, t + 1 day], t being the cutoff
events_next_1d AS (
  SELECT s.visitor_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN events_rows AS e
    ON e.visitor_id = s.visitor_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '1 day'
  GROUP BY s.visitor_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN events_next_1d AS s1
    ON s1.visitor_id = v.visitor_id
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '1 day' <= p1.starts_at
)

SELECT p.visitor_id, p.cutoff, p.events, p.last_kind, p.label, p.split
FROM parts AS p
ORDER BY p.visitor_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: comes_back.scoring.sql
-- The rows of `comes_back` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE comes_back_scoring AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor_id,
    CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    event_id,
    kind
  FROM (
    SELECT *
    FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
    WHERE happened_at IS NOT NULL
      AND loaded_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY event_id
      ORDER BY CASE
          WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
          WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END
        END NULLS LAST,
        CASE WHEN TYPEOF(happened_at) IN ('DATE', 'TIMESTAMP') THEN CAST(happened_at AS TIMESTAMP) ELSE CAST(CAST(happened_at AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST,
        event_id NULLS LAST,
        kind NULLS LAST,
        visitor_id NULLS LAST
    ) = 1
      OR event_id IS NULL
  ) AS r
  WHERE kind <> 'noise'
    AND happened_at IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    TRUE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(last_known_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every visitor, from its first row on
first_seen AS (
  SELECT e.visitor_id, MIN(e.known_at) AS exists_from
  FROM events_rows AS e
  WHERE e.visitor_id IS NOT NULL
  GROUP BY e.visitor_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.visitor_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a visitor exists from its first row on
existing AS (
  SELECT c.visitor_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- events in (-∞, t], t being the cutoff
events_all AS (
  SELECT s.visitor_id, s.cutoff, COUNT(*) AS events
  FROM existing AS s
  JOIN events_rows AS e
    ON e.visitor_id = s.visitor_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.visitor_id, s.cutoff
),

-- events in (-∞, t], t being the cutoff: the row that last takes
last_kind_row AS (
  SELECT s.visitor_id, s.cutoff, e.kind AS last_kind
  FROM existing AS s
  JOIN events_rows AS e
    ON e.visitor_id = s.visitor_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.visitor_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.event_id DESC NULLS LAST, e.kind DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.visitor_id, c.cutoff, COALESCE(s1.events, 0) AS events, s2.last_kind
  FROM existing AS c
  LEFT JOIN events_all AS s1
    ON s1.visitor_id = c.visitor_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN last_kind_row AS s2
    ON s2.visitor_id = c.visitor_id
    AND s2.cutoff = c.cutoff
)

SELECT
  v.visitor_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '1 day' > r.as_of AS open,
  v.events,
  v.last_kind
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.visitor_id NULLS LAST, v.cutoff NULLS LAST;
