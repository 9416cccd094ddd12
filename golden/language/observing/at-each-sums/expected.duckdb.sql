-- file: submits.training.sql
-- The training set of `submits`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(events where name = 'submit') in next 30 minutes
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE submits_training AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    name,
    CAST(amount AS DOUBLE) AS amount
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
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
    e.amount AS largest,
    CASE WHEN e.name = 'submit' THEN 1 END AS label_1,
    e.name = 'view' AS views_mark,
    CAST(e.amount AS DECIMAL(38, 9)) AS amount_mark,
    e.amount IS NOT NULL AS mean_mark,
    e.name AS names_value,
    CAST(CASE WHEN e.name <> 'click' THEN e.amount END AS DECIMAL(38, 9)) AS paid_mark,
    CASE WHEN e.amount > 1 THEN e.name END AS clicked_value,
    DATE_TRUNC('day', e.happened_at) AS days_value
  FROM events_rows AS e
  WHERE e.visitor IS NOT NULL
),

-- where runs of equal values begin and end
events_runs AS (
  SELECT
    m.*,
    m.names_value IS NOT NULL
      AND COALESCE(
        m.instant
          - LAG(m.instant) OVER (
            PARTITION BY m.visitor, m.names_value
            ORDER BY m.instant NULLS LAST
          ) > 3600000000,
        TRUE
      ) AS names_begins_1h,
    m.names_value IS NOT NULL
      AND COALESCE(
        LEAD(m.instant) OVER (PARTITION BY m.visitor, m.names_value ORDER BY m.instant NULLS LAST)
          - m.instant > 3600000000,
        TRUE
      ) AS names_ends_1h,
    m.names_value IS NOT NULL
      AND COALESCE(
        m.instant
          - LAG(m.instant) OVER (
            PARTITION BY m.visitor, m.names_value
            ORDER BY m.instant NULLS LAST
          ) > 7200000000,
        TRUE
      ) AS names_begins_2h,
    m.names_value IS NOT NULL
      AND COALESCE(
        LEAD(m.instant) OVER (PARTITION BY m.visitor, m.names_value ORDER BY m.instant NULLS LAST)
          - m.instant > 7200000000,
        TRUE
      ) AS names_ends_2h,
    m.clicked_value IS NOT NULL
      AND LAG(m.instant) OVER (
        PARTITION BY m.visitor, m.clicked_value
        ORDER BY m.instant NULLS LAST
      ) IS NULL AS clicked_begins,
    m.days_value IS NOT NULL
      AND COALESCE(
        m.instant
          - LAG(m.instant) OVER (
            PARTITION BY m.visitor, m.days_value
            ORDER BY m.instant NULLS LAST
          ) > 172800000000,
        TRUE
      ) AS days_begins_2d,
    m.days_value IS NOT NULL
      AND COALESCE(
        LEAD(m.instant) OVER (PARTITION BY m.visitor, m.days_value ORDER BY m.instant NULLS LAST)
          - m.instant > 172800000000,
        TRUE
      ) AS days_ends_2d
  FROM events_marks AS m
),

-- what each row of events could see up to its own instant, since the first row; two counts to a number, each of fewer than 2^31 rows
events_sums AS (
  SELECT
    m.visitor,
    m.happened_at,
    MAX(m.largest) OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 7199999999 PRECEDING AND CURRENT ROW
    ) AS largest,
    COUNT(m.label_1) OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 1 FOLLOWING AND 1800000000 FOLLOWING
    ) > 0 AS label_1,
    m.instant,
    COALESCE(
      SUM(m.amount_mark) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      0
    ) AS amount_so_far,
    COALESCE(
      SUM(m.paid_mark) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      0
    ) AS paid_so_far,
    COALESCE(
      CAST(SUM(
        CASE WHEN m.views_mark THEN 1 ELSE 0 END + CASE WHEN m.mean_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS views_and_mean_so_far,  -- views below 2^31, mean above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.names_begins_1h THEN 1 ELSE 0 END
          + CASE WHEN m.names_begins_2h THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS names_begins_1h_and_names_begins_2h_so_far,  -- names_begins_1h below 2^31, names_begins_2h above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.clicked_begins THEN 1 ELSE 0 END
          + CASE WHEN m.days_begins_2d THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS clicked_begins_and_days_begins_2d_so_far,  -- clicked_begins below 2^31, days_begins_2d above
    COALESCE(
      CAST(SUM(1 + CASE WHEN m.names_ends_1h THEN 2147483648 ELSE 0 END) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS share_and_names_ends_1h_so_far,  -- share below 2^31, names_ends_1h above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.paid_mark IS NOT NULL THEN 1 ELSE 0 END
          + CASE WHEN m.names_ends_2h THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS paid_and_names_ends_2h_so_far,  -- paid below 2^31, names_ends_2h above
    COUNT(CASE WHEN m.days_ends_2d THEN 1 END) OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS days_ends_2d_so_far
  FROM events_runs AS m
),

-- the same where each window begins
events_lookups AS (
  SELECT
    s.*,
    LAST_VALUE(
      STRUCT_PACK(
        amount_so_far := s.amount_so_far,
        views_and_mean_so_far := s.views_and_mean_so_far,
        share_and_names_ends_1h_so_far := s.share_and_names_ends_1h_so_far
      )
    ) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000000 PRECEDING
    ) AS ago_1h,
    LAST_VALUE(
      STRUCT_PACK(
        amount_so_far := s.amount_so_far,
        paid_so_far := s.paid_so_far,
        views_and_mean_so_far := s.views_and_mean_so_far,
        paid_and_names_ends_2h_so_far := s.paid_and_names_ends_2h_so_far
      )
    ) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 7200000000 PRECEDING
    ) AS ago_2h,
    LAST_VALUE(
      STRUCT_PACK(
        amount_so_far := s.amount_so_far,
        views_and_mean_so_far := s.views_and_mean_so_far,
        share_and_names_ends_1h_so_far := s.share_and_names_ends_1h_so_far
      )
    ) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 86400000000 PRECEDING
    ) AS ago_24h,
    LAST_VALUE(STRUCT_PACK(days_ends_2d_so_far := s.days_ends_2d_so_far)) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 172800000000 PRECEDING
    ) AS ago_2d
  FROM events_sums AS s
),

-- what each row of events could see up to its own instant, window by window
events_history AS (
  SELECT
    s.visitor,
    s.happened_at,
    s.largest,
    s.label_1,
    (s.views_and_mean_so_far - COALESCE(s.ago_1h.views_and_mean_so_far, 0))
      % 2147483648 AS views_1h,
    CAST(s.amount_so_far - COALESCE(s.ago_1h.amount_so_far, 0) AS DOUBLE) AS amount_1h,
    CAST(s.amount_so_far - COALESCE(s.ago_1h.amount_so_far, 0) AS DOUBLE)
      / NULLIF(
        (s.views_and_mean_so_far - COALESCE(s.ago_1h.views_and_mean_so_far, 0)) // 2147483648,
        0
      ) AS mean_1h,
    CAST((s.views_and_mean_so_far - COALESCE(s.ago_1h.views_and_mean_so_far, 0))
      % 2147483648 AS DOUBLE)
      / NULLIF(
        (s.share_and_names_ends_1h_so_far - COALESCE(s.ago_1h.share_and_names_ends_1h_so_far, 0))
          % 2147483648,
        0
      ) AS share_1h,
    s.names_begins_1h_and_names_begins_2h_so_far % 2147483648
      - COALESCE(s.ago_1h.share_and_names_ends_1h_so_far, 0) // 2147483648 AS names_1h,
    (s.views_and_mean_so_far - COALESCE(s.ago_2h.views_and_mean_so_far, 0))
      % 2147483648 AS views_2h,
    CAST(s.amount_so_far - COALESCE(s.ago_2h.amount_so_far, 0) AS DOUBLE) AS amount_2h,
    CAST(CASE
      WHEN (s.paid_and_names_ends_2h_so_far - COALESCE(s.ago_2h.paid_and_names_ends_2h_so_far, 0))
        % 2147483648 > 0 THEN s.paid_so_far - COALESCE(s.ago_2h.paid_so_far, 0)
    END AS DOUBLE) AS paid,
    CAST(s.amount_so_far - COALESCE(s.ago_2h.amount_so_far, 0) AS DOUBLE)
      / NULLIF(
        (s.views_and_mean_so_far - COALESCE(s.ago_2h.views_and_mean_so_far, 0)) // 2147483648,
        0
      ) AS mean_2h,
    s.names_begins_1h_and_names_begins_2h_so_far // 2147483648
      - COALESCE(s.ago_2h.paid_and_names_ends_2h_so_far, 0) // 2147483648 AS names_2h,
    (s.views_and_mean_so_far - COALESCE(s.ago_24h.views_and_mean_so_far, 0))
      % 2147483648 AS views_24h,
    CAST(s.amount_so_far - COALESCE(s.ago_24h.amount_so_far, 0) AS DOUBLE) AS amount_24h,
    CAST(s.amount_so_far - COALESCE(s.ago_24h.amount_so_far, 0) AS DOUBLE)
      / NULLIF(
        (s.views_and_mean_so_far - COALESCE(s.ago_24h.views_and_mean_so_far, 0)) // 2147483648,
        0
      ) AS mean_24h,
    CAST((s.views_and_mean_so_far - COALESCE(s.ago_24h.views_and_mean_so_far, 0))
      % 2147483648 AS DOUBLE)
      / NULLIF(
        (s.share_and_names_ends_1h_so_far - COALESCE(s.ago_24h.share_and_names_ends_1h_so_far, 0))
          % 2147483648,
        0
      ) AS share_24h,
    (COALESCE(s.ago_1h.views_and_mean_so_far, 0) - COALESCE(s.ago_2h.views_and_mean_so_far, 0))
      % 2147483648 AS earlier,
    s.clicked_begins_and_days_begins_2d_so_far % 2147483648 AS clicked,
    s.clicked_begins_and_days_begins_2d_so_far // 2147483648
      - COALESCE(s.ago_2d.days_ends_2d_so_far, 0) AS days
  FROM events_lookups AS s
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.visitor,
    e.happened_at AS cutoff,
    e.views_1h,
    e.amount_1h,
    e.mean_1h,
    e.share_1h,
    e.names_1h,
    e.views_2h,
    e.amount_2h,
    e.paid,
    e.mean_2h,
    e.names_2h,
    e.views_24h,
    e.amount_24h,
    e.mean_24h,
    e.share_24h,
    e.earlier,
    e.clicked,
    e.days,
    e.largest,
    e.label_1
  FROM events_history AS e
),

-- what was known at each cutoff
features AS (
  SELECT
    c.visitor,
    c.cutoff,
    c.views_1h,
    COALESCE(c.amount_1h, 0) AS amount_1h,
    c.mean_1h,
    c.share_1h,
    c.names_1h,
    c.views_2h,
    COALESCE(c.amount_2h, 0) AS amount_2h,
    COALESCE(c.paid, -1) AS paid,
    c.mean_2h,
    c.names_2h,
    c.views_24h,
    COALESCE(c.amount_24h, 0) AS amount_24h,
    c.mean_24h,
    c.share_24h,
    c.earlier,
    c.clicked,
    c.days,
    c.largest,
    c.label_1
  FROM cutoffs AS c
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '30 minutes' <= r.known_until
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
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '30 minutes' <= p1.starts_at
)

SELECT
  p.visitor,
  p.cutoff,
  p.views_1h,
  p.views_2h,
  p.views_24h,
  p.earlier,
  p.amount_1h,
  p.amount_2h,
  p.amount_24h,
  p.paid,
  p.mean_1h,
  p.mean_2h,
  p.mean_24h,
  p.share_1h,
  p.share_24h,
  p.names_1h,
  p.names_2h,
  p.clicked,
  p.days,
  p.largest,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.visitor NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: submits.scoring.sql
-- The rows of `submits` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE submits_scoring AS
WITH
-- events: its rows, times in UTC
events_rows AS (
  SELECT
    visitor,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    EPOCH_US(
      CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    ) AS instant,
    name,
    CAST(amount AS DOUBLE) AS amount
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
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
    e.amount AS largest,
    e.name = 'view' AS views_mark,
    CAST(e.amount AS DECIMAL(38, 9)) AS amount_mark,
    e.amount IS NOT NULL AS mean_mark,
    e.name AS names_value,
    CAST(CASE WHEN e.name <> 'click' THEN e.amount END AS DECIMAL(38, 9)) AS paid_mark,
    CASE WHEN e.amount > 1 THEN e.name END AS clicked_value,
    DATE_TRUNC('day', e.happened_at) AS days_value
  FROM events_rows AS e
  WHERE e.visitor IS NOT NULL
),

-- where runs of equal values begin and end
events_runs AS (
  SELECT
    m.*,
    m.names_value IS NOT NULL
      AND COALESCE(
        m.instant
          - LAG(m.instant) OVER (
            PARTITION BY m.visitor, m.names_value
            ORDER BY m.instant NULLS LAST
          ) > 3600000000,
        TRUE
      ) AS names_begins_1h,
    m.names_value IS NOT NULL
      AND COALESCE(
        LEAD(m.instant) OVER (PARTITION BY m.visitor, m.names_value ORDER BY m.instant NULLS LAST)
          - m.instant > 3600000000,
        TRUE
      ) AS names_ends_1h,
    m.names_value IS NOT NULL
      AND COALESCE(
        m.instant
          - LAG(m.instant) OVER (
            PARTITION BY m.visitor, m.names_value
            ORDER BY m.instant NULLS LAST
          ) > 7200000000,
        TRUE
      ) AS names_begins_2h,
    m.names_value IS NOT NULL
      AND COALESCE(
        LEAD(m.instant) OVER (PARTITION BY m.visitor, m.names_value ORDER BY m.instant NULLS LAST)
          - m.instant > 7200000000,
        TRUE
      ) AS names_ends_2h,
    m.clicked_value IS NOT NULL
      AND LAG(m.instant) OVER (
        PARTITION BY m.visitor, m.clicked_value
        ORDER BY m.instant NULLS LAST
      ) IS NULL AS clicked_begins,
    m.days_value IS NOT NULL
      AND COALESCE(
        m.instant
          - LAG(m.instant) OVER (
            PARTITION BY m.visitor, m.days_value
            ORDER BY m.instant NULLS LAST
          ) > 172800000000,
        TRUE
      ) AS days_begins_2d,
    m.days_value IS NOT NULL
      AND COALESCE(
        LEAD(m.instant) OVER (PARTITION BY m.visitor, m.days_value ORDER BY m.instant NULLS LAST)
          - m.instant > 172800000000,
        TRUE
      ) AS days_ends_2d
  FROM events_marks AS m
),

-- what each row of events could see up to its own instant, since the first row; two counts to a number, each of fewer than 2^31 rows
events_sums AS (
  SELECT
    m.visitor,
    m.happened_at,
    MAX(m.largest) OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 7199999999 PRECEDING AND CURRENT ROW
    ) AS largest,
    m.instant,
    COALESCE(
      SUM(m.amount_mark) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      0
    ) AS amount_so_far,
    COALESCE(
      SUM(m.paid_mark) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ),
      0
    ) AS paid_so_far,
    COALESCE(
      CAST(SUM(
        CASE WHEN m.views_mark THEN 1 ELSE 0 END + CASE WHEN m.mean_mark THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS views_and_mean_so_far,  -- views below 2^31, mean above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.names_begins_1h THEN 1 ELSE 0 END
          + CASE WHEN m.names_begins_2h THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS names_begins_1h_and_names_begins_2h_so_far,  -- names_begins_1h below 2^31, names_begins_2h above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.clicked_begins THEN 1 ELSE 0 END
          + CASE WHEN m.days_begins_2d THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS clicked_begins_and_days_begins_2d_so_far,  -- clicked_begins below 2^31, days_begins_2d above
    COALESCE(
      CAST(SUM(1 + CASE WHEN m.names_ends_1h THEN 2147483648 ELSE 0 END) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS share_and_names_ends_1h_so_far,  -- share below 2^31, names_ends_1h above
    COALESCE(
      CAST(SUM(
        CASE WHEN m.paid_mark IS NOT NULL THEN 1 ELSE 0 END
          + CASE WHEN m.names_ends_2h THEN 2147483648 ELSE 0 END
      ) OVER (
        PARTITION BY m.visitor
        ORDER BY m.instant NULLS LAST
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT),
      0
    ) AS paid_and_names_ends_2h_so_far,  -- paid below 2^31, names_ends_2h above
    COUNT(CASE WHEN m.days_ends_2d THEN 1 END) OVER (
      PARTITION BY m.visitor
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS days_ends_2d_so_far
  FROM events_runs AS m
),

-- the same where each window begins
events_lookups AS (
  SELECT
    s.*,
    LAST_VALUE(
      STRUCT_PACK(
        amount_so_far := s.amount_so_far,
        views_and_mean_so_far := s.views_and_mean_so_far,
        share_and_names_ends_1h_so_far := s.share_and_names_ends_1h_so_far
      )
    ) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000000 PRECEDING
    ) AS ago_1h,
    LAST_VALUE(
      STRUCT_PACK(
        amount_so_far := s.amount_so_far,
        paid_so_far := s.paid_so_far,
        views_and_mean_so_far := s.views_and_mean_so_far,
        paid_and_names_ends_2h_so_far := s.paid_and_names_ends_2h_so_far
      )
    ) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 7200000000 PRECEDING
    ) AS ago_2h,
    LAST_VALUE(
      STRUCT_PACK(
        amount_so_far := s.amount_so_far,
        views_and_mean_so_far := s.views_and_mean_so_far,
        share_and_names_ends_1h_so_far := s.share_and_names_ends_1h_so_far
      )
    ) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 86400000000 PRECEDING
    ) AS ago_24h,
    LAST_VALUE(STRUCT_PACK(days_ends_2d_so_far := s.days_ends_2d_so_far)) OVER (
      PARTITION BY s.visitor
      ORDER BY s.instant NULLS LAST
      RANGE BETWEEN UNBOUNDED PRECEDING AND 172800000000 PRECEDING
    ) AS ago_2d
  FROM events_sums AS s
),

-- what each row of events could see up to its own instant, window by window
events_history AS (
  SELECT
    s.visitor,
    s.happened_at,
    s.largest,
    (s.views_and_mean_so_far - COALESCE(s.ago_1h.views_and_mean_so_far, 0))
      % 2147483648 AS views_1h,
    CAST(s.amount_so_far - COALESCE(s.ago_1h.amount_so_far, 0) AS DOUBLE) AS amount_1h,
    CAST(s.amount_so_far - COALESCE(s.ago_1h.amount_so_far, 0) AS DOUBLE)
      / NULLIF(
        (s.views_and_mean_so_far - COALESCE(s.ago_1h.views_and_mean_so_far, 0)) // 2147483648,
        0
      ) AS mean_1h,
    CAST((s.views_and_mean_so_far - COALESCE(s.ago_1h.views_and_mean_so_far, 0))
      % 2147483648 AS DOUBLE)
      / NULLIF(
        (s.share_and_names_ends_1h_so_far - COALESCE(s.ago_1h.share_and_names_ends_1h_so_far, 0))
          % 2147483648,
        0
      ) AS share_1h,
    s.names_begins_1h_and_names_begins_2h_so_far % 2147483648
      - COALESCE(s.ago_1h.share_and_names_ends_1h_so_far, 0) // 2147483648 AS names_1h,
    (s.views_and_mean_so_far - COALESCE(s.ago_2h.views_and_mean_so_far, 0))
      % 2147483648 AS views_2h,
    CAST(s.amount_so_far - COALESCE(s.ago_2h.amount_so_far, 0) AS DOUBLE) AS amount_2h,
    CAST(CASE
      WHEN (s.paid_and_names_ends_2h_so_far - COALESCE(s.ago_2h.paid_and_names_ends_2h_so_far, 0))
        % 2147483648 > 0 THEN s.paid_so_far - COALESCE(s.ago_2h.paid_so_far, 0)
    END AS DOUBLE) AS paid,
    CAST(s.amount_so_far - COALESCE(s.ago_2h.amount_so_far, 0) AS DOUBLE)
      / NULLIF(
        (s.views_and_mean_so_far - COALESCE(s.ago_2h.views_and_mean_so_far, 0)) // 2147483648,
        0
      ) AS mean_2h,
    s.names_begins_1h_and_names_begins_2h_so_far // 2147483648
      - COALESCE(s.ago_2h.paid_and_names_ends_2h_so_far, 0) // 2147483648 AS names_2h,
    (s.views_and_mean_so_far - COALESCE(s.ago_24h.views_and_mean_so_far, 0))
      % 2147483648 AS views_24h,
    CAST(s.amount_so_far - COALESCE(s.ago_24h.amount_so_far, 0) AS DOUBLE) AS amount_24h,
    CAST(s.amount_so_far - COALESCE(s.ago_24h.amount_so_far, 0) AS DOUBLE)
      / NULLIF(
        (s.views_and_mean_so_far - COALESCE(s.ago_24h.views_and_mean_so_far, 0)) // 2147483648,
        0
      ) AS mean_24h,
    CAST((s.views_and_mean_so_far - COALESCE(s.ago_24h.views_and_mean_so_far, 0))
      % 2147483648 AS DOUBLE)
      / NULLIF(
        (s.share_and_names_ends_1h_so_far - COALESCE(s.ago_24h.share_and_names_ends_1h_so_far, 0))
          % 2147483648,
        0
      ) AS share_24h,
    (COALESCE(s.ago_1h.views_and_mean_so_far, 0) - COALESCE(s.ago_2h.views_and_mean_so_far, 0))
      % 2147483648 AS earlier,
    s.clicked_begins_and_days_begins_2d_so_far % 2147483648 AS clicked,
    s.clicked_begins_and_days_begins_2d_so_far // 2147483648
      - COALESCE(s.ago_2d.days_ends_2d_so_far, 0) AS days
  FROM events_lookups AS s
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.visitor,
    e.happened_at AS cutoff,
    e.views_1h,
    e.amount_1h,
    e.mean_1h,
    e.share_1h,
    e.names_1h,
    e.views_2h,
    e.amount_2h,
    e.paid,
    e.mean_2h,
    e.names_2h,
    e.views_24h,
    e.amount_24h,
    e.mean_24h,
    e.share_24h,
    e.earlier,
    e.clicked,
    e.days,
    e.largest
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
  SELECT
    c.visitor,
    c.cutoff,
    c.views_1h,
    COALESCE(c.amount_1h, 0) AS amount_1h,
    c.mean_1h,
    c.share_1h,
    c.names_1h,
    c.views_2h,
    COALESCE(c.amount_2h, 0) AS amount_2h,
    COALESCE(c.paid, -1) AS paid,
    c.mean_2h,
    c.names_2h,
    c.views_24h,
    COALESCE(c.amount_24h, 0) AS amount_24h,
    c.mean_24h,
    c.share_24h,
    c.earlier,
    c.clicked,
    c.days,
    c.largest
  FROM latest AS c
)

SELECT
  v.visitor,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '30 minutes' > r.as_of AS open,
  v.views_1h,
  v.views_2h,
  v.views_24h,
  v.earlier,
  v.amount_1h,
  v.amount_2h,
  v.amount_24h,
  v.paid,
  v.mean_1h,
  v.mean_2h,
  v.mean_24h,
  v.share_1h,
  v.share_24h,
  v.names_1h,
  v.names_2h,
  v.clicked,
  v.days,
  v.largest
FROM features AS v
CROSS JOIN run AS r
ORDER BY v.visitor NULLS LAST, v.cutoff NULLS LAST;
