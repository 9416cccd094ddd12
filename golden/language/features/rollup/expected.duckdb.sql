-- file: pays.training.sql
-- The training set of `pays`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(invoices) in next 10 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE pays_training AS
WITH
-- members: its rows, times in UTC
members_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(joined_on) IN ('DATE', 'TIMESTAMP') THEN CAST(joined_on AS TIMESTAMP) ELSE CAST(CAST(joined_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(left_on) IN ('DATE', 'TIMESTAMP') THEN CAST(left_on AS TIMESTAMP) ELSE CAST(CAST(left_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE joined_on IS NOT NULL
),

-- members: its rows, times in UTC
events_members AS (
  SELECT
    user_id AS key_1,
    CASE WHEN TYPEOF(joined_on) IN ('DATE', 'TIMESTAMP') THEN CAST(joined_on AS TIMESTAMP) ELSE CAST(CAST(joined_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(left_on) IN ('DATE', 'TIMESTAMP') THEN CAST(left_on AS TIMESTAMP) ELSE CAST(CAST(left_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    account_id
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE joined_on IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    members.account_id,
    CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN r.loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        ORDER BY CASE
            WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
            WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
          END NULLS LAST,
          CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST
      ) AS row_of_source
    FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  ) AS r
  LEFT JOIN events_members AS members
    ON members.key_1 = r.user_id
    AND members.happened_at <= CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    AND (members.held_until IS NULL
      OR members.held_until > CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END)
  WHERE r."at" IS NOT NULL
    AND r.loaded_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.row_of_source
    ORDER BY members.happened_at DESC NULLS LAST, members.account_id DESC NULLS LAST
  ) = 1
),

-- invoices: its rows, times in UTC
invoices_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(issued_at) IN ('DATE', 'TIMESTAMP') THEN CAST(issued_at AS TIMESTAMP) ELSE CAST(CAST(issued_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/invoices.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE issued_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    FALSE AS is_in_label
  FROM events_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    TRUE AS is_in_label
  FROM invoices_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.account_id, e.happened_at AS known_at
    FROM members_rows AS e
    UNION ALL
    SELECT e.account_id, e.known_at
    FROM events_rows AS e
    UNION ALL
    SELECT e.account_id, e.happened_at AS known_at
    FROM invoices_rows AS e
  ) AS e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-15 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-02-10 00:00:00' AS cutoff
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
  SELECT f.account_id, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a account exists from its first row on
existing AS (
  SELECT c.account_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- members: its rows, times in UTC
members_rows_2 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF(joined_on) IN ('DATE', 'TIMESTAMP') THEN CAST(joined_on AS TIMESTAMP) ELSE CAST(CAST(joined_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(left_on) IN ('DATE', 'TIMESTAMP') THEN CAST(left_on AS TIMESTAMP) ELSE CAST(CAST(left_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    account_id
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE joined_on IS NOT NULL
),

-- events: its rows, times in UTC
events_rows_2 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    kind
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- each user that was ever named beside the account of a cutoff, once an instant
user_cutoffs AS (
  SELECT DISTINCT e.user_id, s.cutoff
  FROM existing AS s
  JOIN members_rows_2 AS e ON e.account_id = s.account_id
  WHERE e.user_id IS NOT NULL
),

-- members in (-∞, t], t being the cutoff: the row that last takes
account_link_row AS (
  SELECT s.user_id, s.cutoff, e.account_id AS account_link
  FROM user_cutoffs AS s
  JOIN members_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  WHERE e.account_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.account_id DESC NULLS LAST
  ) = 1
),

-- events in (t - 30 days, t], t being the cutoff
events_30d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS sessions_30d
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  GROUP BY s.user_id, s.cutoff
),

-- events in (-∞, t], t being the cutoff
events_all AS (
  SELECT s.user_id, s.cutoff, MAX(e.happened_at) AS seen_at
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.user_id, s.cutoff
),

-- events in (-∞, t], t being the cutoff: the row that last takes
last_kind_row AS (
  SELECT s.user_id, s.cutoff, e.kind AS last_kind
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.kind DESC NULLS LAST
  ) = 1
),

-- events in (t - 7 days, t], t being the cutoff
events_7d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS sessions_7d
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.user_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.user_id,
    c.cutoff,
    s1.account_link,
    COALESCE(s2.sessions_30d, 0) AS sessions_30d,
    s3.seen_at,
    s4.last_kind,
    COALESCE(s5.sessions_7d, 0) AS sessions_7d
  FROM user_cutoffs AS c
  LEFT JOIN account_link_row AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN events_30d AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN events_all AS s3
    ON s3.user_id = c.user_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN last_kind_row AS s4
    ON s4.user_id = c.user_id
    AND s4.cutoff = c.cutoff
  LEFT JOIN events_7d AS s5
    ON s5.user_id = c.user_id
    AND s5.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(v.sessions_7d AS DOUBLE) / NULLIF(CAST(NULLIF(v.sessions_30d, 0) AS DOUBLE), 0) AS share
  FROM features AS v
),

-- what was known of each user, beside the account that it belonged to
account_user AS (
  SELECT v.account_link AS account_id, v.cutoff, v.sessions_30d, v.last_kind, v.share, v.seen_at
  FROM derived_1 AS v
),

-- user: the members of each account at t, t being the cutoff
account_of_user AS (
  SELECT
    s.account_id,
    s.cutoff,
    COUNT(*) AS members,
    COUNT(CASE WHEN e.sessions_30d > 0 THEN 1 END) > 0 AS is_used,
    COUNT(CASE WHEN e.sessions_30d >= 2 THEN 1 END) AS power,
    CAST(SUM(CAST(e.sessions_30d AS DECIMAL(38, 9))) AS DOUBLE) AS sessions,
    MEDIAN(CAST(e.sessions_30d AS DOUBLE)) AS median,
    CAST(SUM(CAST(e.share AS DECIMAL(38, 9))) AS DOUBLE) / NULLIF(COUNT(e.share), 0) AS mean_share,
    COUNT(
      CASE
        WHEN CAST(DATE_DIFF('microsecond', e.seen_at, s.cutoff) AS DOUBLE) / 86400000000 > 3 THEN 1
      END
    ) AS silent,
    COUNT(CASE WHEN e.share > 0.5 THEN 1 END) AS per_member_1
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  GROUP BY s.account_id, s.cutoff
),

-- user: the members of each account at t, t being the cutoff: the row that max_by takes
best_row AS (
  SELECT s.account_id, s.cutoff, e.last_kind AS best
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  WHERE e.sessions_30d IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.account_id, s.cutoff
    ORDER BY e.sessions_30d DESC NULLS LAST, e.last_kind DESC NULLS LAST
  ) = 1
),

-- user: the members of each account at t, t being the cutoff: how often each value occurs
kinds_counts AS (
  SELECT s.account_id, s.cutoff, e.last_kind AS value, COUNT(*) AS frequency
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  WHERE e.last_kind IS NOT NULL
  GROUP BY s.account_id, s.cutoff, e.last_kind
),

-- the most frequent values
kinds_top AS (
  SELECT
    c.account_id,
    c.cutoff,
    LIST_SLICE(
      LIST(c.value ORDER BY c.frequency DESC NULLS LAST, c.value NULLS LAST),
      1, 2
    ) AS kinds
  FROM kinds_counts AS c
  GROUP BY c.account_id, c.cutoff
),

-- the most frequent value
usual_mode AS (
  SELECT c.account_id, c.cutoff, c.value AS usual
  FROM kinds_counts AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.account_id, c.cutoff
    ORDER BY c.frequency DESC NULLS LAST, c.value NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.account_id,
    c.cutoff,
    COALESCE(s1.members, 0) AS members,
    COALESCE(s1.is_used, FALSE) AS is_used,
    COALESCE(NULLIF(s1.power, 0), -1) AS power,
    COALESCE(s1.sessions, 0) AS sessions,
    s1.median,
    s1.mean_share,
    COALESCE(s1.silent, 0) AS silent,
    COALESCE(s1.per_member_1, 0) AS per_member_1,
    s2.best,
    s3.kinds,
    s4.usual
  FROM existing AS c
  LEFT JOIN account_of_user AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN best_row AS s2
    ON s2.account_id = c.account_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN kinds_top AS s3
    ON s3.account_id = c.account_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN usual_mode AS s4
    ON s4.account_id = c.account_id
    AND s4.cutoff = c.cutoff
),

-- values made from those above
derived_1_2 AS (
  SELECT
    v.*,
    CAST(v.per_member_1 AS DOUBLE) / NULLIF(CAST(NULLIF(v.members, 0) AS DOUBLE), 0) AS per_member
  FROM features_2 AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1_2 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '10 days' <= r.known_until
),

-- invoices in (t, t + 10 days], t being the cutoff
invoices_next_10d AS (
  SELECT s.account_id, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN invoices_rows AS e
    ON e.account_id = s.account_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '10 days'
  GROUP BY s.account_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN invoices_next_10d AS s1
    ON s1.account_id = v.account_id
    AND s1.cutoff = v.cutoff
),

-- a row without a label teaches nothing
examples AS (
  SELECT v.*
  FROM labelled AS v
  WHERE v.label IS NOT NULL
),

-- how a hash of seed, key and cutoff begins: 65536 buckets
hashed AS (
  SELECT
    e.*,
    SUBSTRING(
      MD5('0|' || CAST(e.account_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)),
      1,
      4
    ) AS bucket
  FROM examples AS e
),

-- rows a bucket
bucket_counts AS (
  SELECT e.bucket, COUNT(*) AS n
  FROM hashed AS e
  GROUP BY e.bucket
),

-- how many rows come before each bucket
ranked_buckets AS (
  SELECT
    b.bucket,
    b.n,
    SUM(b.n) OVER (ORDER BY b.bucket NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      - b.n AS rows_before,
    SUM(b.n) OVER () AS total
  FROM bucket_counts AS b
),

-- the parts that the first and the last row of each bucket fall into
buckets AS (
  SELECT
    b.bucket,
    b.rows_before,
    b.total,
    CASE WHEN b.rows_before * 100 < b.total * 50 THEN 'train' ELSE 'test' END AS first_part,
    CASE
      WHEN (b.rows_before + b.n - 1) * 100 < b.total * 50 THEN 'train'
      ELSE 'test'
    END AS last_part
  FROM ranked_buckets AS b
),

-- the parts: rows of a bucket that lies in two are ranked
parts AS (
  SELECT e.*, b.first_part AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part = b.last_part
  UNION ALL
  SELECT
    e.*,
    CASE
      WHEN (b.rows_before
        + ROW_NUMBER() OVER (
          PARTITION BY b.bucket
          ORDER BY MD5(
              '0|' || CAST(e.account_id AS VARCHAR) || '|' || CAST(EPOCH_US(e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.account_id NULLS LAST,
            e.cutoff NULLS LAST
        )
        - 1)
        * 100 < b.total * 50 THEN 'train'
      ELSE 'test'
    END AS split
  FROM hashed AS e
  JOIN buckets AS b ON b.bucket = e.bucket
  WHERE b.first_part <> b.last_part
)

SELECT
  p.account_id,
  p.cutoff,
  p.members,
  p.is_used,
  p.power,
  p.sessions,
  p.median,
  p.best,
  p.kinds,
  p.usual,
  p.mean_share,
  p.silent,
  p.per_member,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.account_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: pays.scoring.sql
-- The rows of `pays` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE pays_scoring AS
WITH
-- members: its rows, times in UTC
members_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(joined_on) IN ('DATE', 'TIMESTAMP') THEN CAST(joined_on AS TIMESTAMP) ELSE CAST(CAST(joined_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(left_on) IN ('DATE', 'TIMESTAMP') THEN CAST(left_on AS TIMESTAMP) ELSE CAST(CAST(left_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE joined_on IS NOT NULL
),

-- members: its rows, times in UTC
events_members AS (
  SELECT
    user_id AS key_1,
    CASE WHEN TYPEOF(joined_on) IN ('DATE', 'TIMESTAMP') THEN CAST(joined_on AS TIMESTAMP) ELSE CAST(CAST(joined_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(left_on) IN ('DATE', 'TIMESTAMP') THEN CAST(left_on AS TIMESTAMP) ELSE CAST(CAST(left_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    account_id
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE joined_on IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    members.account_id,
    CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(r.loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(r.loaded_at AS TIMESTAMP) ELSE CAST(CAST(r.loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN r.loaded_at IS NOT NULL THEN CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        ORDER BY CASE
            WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
            WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
          END NULLS LAST,
          CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END NULLS LAST
      ) AS row_of_source
    FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  ) AS r
  LEFT JOIN events_members AS members
    ON members.key_1 = r.user_id
    AND members.happened_at <= CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    AND (members.held_until IS NULL
      OR members.held_until > CASE WHEN TYPEOF(r."at") IN ('DATE', 'TIMESTAMP') THEN CAST(r."at" AS TIMESTAMP) ELSE CAST(CAST(r."at" AS TIMESTAMPTZ) AS TIMESTAMP) END)
  WHERE r."at" IS NOT NULL
    AND r.loaded_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.row_of_source
    ORDER BY members.happened_at DESC NULLS LAST, members.account_id DESC NULLS LAST
  ) = 1
),

-- invoices: its rows, times in UTC
invoices_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(issued_at) IN ('DATE', 'TIMESTAMP') THEN CAST(issued_at AS TIMESTAMP) ELSE CAST(CAST(issued_at AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/invoices.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE issued_at IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(known_at) AS last_known_at,
    FALSE AS is_in_label
  FROM events_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    MAX(happened_at) AS last_known_at,
    TRUE AS is_in_label
  FROM invoices_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(last_known_at) AS as_of,
    MIN(starts_at) AS starts_at,
    MIN(CASE WHEN is_in_label THEN ends_at END) AS known_until
  FROM source_ends
),

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.known_at) AS exists_from
  FROM (
    SELECT e.account_id, e.happened_at AS known_at
    FROM members_rows AS e
    UNION ALL
    SELECT e.account_id, e.known_at
    FROM events_rows AS e
    UNION ALL
    SELECT e.account_id, e.happened_at AS known_at
    FROM invoices_rows AS e
  ) AS e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.account_id, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a account exists from its first row on
existing AS (
  SELECT c.account_id, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- members: its rows, times in UTC
members_rows_2 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF(joined_on) IN ('DATE', 'TIMESTAMP') THEN CAST(joined_on AS TIMESTAMP) ELSE CAST(CAST(joined_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(left_on) IN ('DATE', 'TIMESTAMP') THEN CAST(left_on AS TIMESTAMP) ELSE CAST(CAST(left_on AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    account_id
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE joined_on IS NOT NULL
),

-- events: its rows, times in UTC
events_rows_2 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE
      WHEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END > CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END THEN CASE WHEN TYPEOF(loaded_at) IN ('DATE', 'TIMESTAMP') THEN CAST(loaded_at AS TIMESTAMP) ELSE CAST(CAST(loaded_at AS TIMESTAMPTZ) AS TIMESTAMP) END
      WHEN loaded_at IS NOT NULL THEN CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END
    END AS known_at,
    kind
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
    AND loaded_at IS NOT NULL
),

-- each user that was ever named beside the account of a cutoff, once an instant
user_cutoffs AS (
  SELECT DISTINCT e.user_id, s.cutoff
  FROM existing AS s
  JOIN members_rows_2 AS e ON e.account_id = s.account_id
  WHERE e.user_id IS NOT NULL
),

-- members in (-∞, t], t being the cutoff: the row that last takes
account_link_row AS (
  SELECT s.user_id, s.cutoff, e.account_id AS account_link
  FROM user_cutoffs AS s
  JOIN members_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
    AND (e.held_until IS NULL OR e.held_until > s.cutoff)
  WHERE e.account_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.account_id DESC NULLS LAST
  ) = 1
),

-- events in (t - 30 days, t], t being the cutoff
events_30d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS sessions_30d
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '30 days'
  GROUP BY s.user_id, s.cutoff
),

-- events in (-∞, t], t being the cutoff
events_all AS (
  SELECT s.user_id, s.cutoff, MAX(e.happened_at) AS seen_at
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  GROUP BY s.user_id, s.cutoff
),

-- events in (-∞, t], t being the cutoff: the row that last takes
last_kind_row AS (
  SELECT s.user_id, s.cutoff, e.kind AS last_kind
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.kind DESC NULLS LAST
  ) = 1
),

-- events in (t - 7 days, t], t being the cutoff
events_7d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS sessions_7d
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.known_at <= s.cutoff
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.user_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.user_id,
    c.cutoff,
    s1.account_link,
    COALESCE(s2.sessions_30d, 0) AS sessions_30d,
    s3.seen_at,
    s4.last_kind,
    COALESCE(s5.sessions_7d, 0) AS sessions_7d
  FROM user_cutoffs AS c
  LEFT JOIN account_link_row AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN events_30d AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN events_all AS s3
    ON s3.user_id = c.user_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN last_kind_row AS s4
    ON s4.user_id = c.user_id
    AND s4.cutoff = c.cutoff
  LEFT JOIN events_7d AS s5
    ON s5.user_id = c.user_id
    AND s5.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT
    v.*,
    CAST(v.sessions_7d AS DOUBLE) / NULLIF(CAST(NULLIF(v.sessions_30d, 0) AS DOUBLE), 0) AS share
  FROM features AS v
),

-- what was known of each user, beside the account that it belonged to
account_user AS (
  SELECT v.account_link AS account_id, v.cutoff, v.sessions_30d, v.last_kind, v.share, v.seen_at
  FROM derived_1 AS v
),

-- user: the members of each account at t, t being the cutoff
account_of_user AS (
  SELECT
    s.account_id,
    s.cutoff,
    COUNT(*) AS members,
    COUNT(CASE WHEN e.sessions_30d > 0 THEN 1 END) > 0 AS is_used,
    COUNT(CASE WHEN e.sessions_30d >= 2 THEN 1 END) AS power,
    CAST(SUM(CAST(e.sessions_30d AS DECIMAL(38, 9))) AS DOUBLE) AS sessions,
    MEDIAN(CAST(e.sessions_30d AS DOUBLE)) AS median,
    CAST(SUM(CAST(e.share AS DECIMAL(38, 9))) AS DOUBLE) / NULLIF(COUNT(e.share), 0) AS mean_share,
    COUNT(
      CASE
        WHEN CAST(DATE_DIFF('microsecond', e.seen_at, s.cutoff) AS DOUBLE) / 86400000000 > 3 THEN 1
      END
    ) AS silent,
    COUNT(CASE WHEN e.share > 0.5 THEN 1 END) AS per_member_1
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  GROUP BY s.account_id, s.cutoff
),

-- user: the members of each account at t, t being the cutoff: the row that max_by takes
best_row AS (
  SELECT s.account_id, s.cutoff, e.last_kind AS best
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  WHERE e.sessions_30d IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.account_id, s.cutoff
    ORDER BY e.sessions_30d DESC NULLS LAST, e.last_kind DESC NULLS LAST
  ) = 1
),

-- user: the members of each account at t, t being the cutoff: how often each value occurs
kinds_counts AS (
  SELECT s.account_id, s.cutoff, e.last_kind AS value, COUNT(*) AS frequency
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  WHERE e.last_kind IS NOT NULL
  GROUP BY s.account_id, s.cutoff, e.last_kind
),

-- the most frequent values
kinds_top AS (
  SELECT
    c.account_id,
    c.cutoff,
    LIST_SLICE(
      LIST(c.value ORDER BY c.frequency DESC NULLS LAST, c.value NULLS LAST),
      1, 2
    ) AS kinds
  FROM kinds_counts AS c
  GROUP BY c.account_id, c.cutoff
),

-- the most frequent value
usual_mode AS (
  SELECT c.account_id, c.cutoff, c.value AS usual
  FROM kinds_counts AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.account_id, c.cutoff
    ORDER BY c.frequency DESC NULLS LAST, c.value NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features_2 AS (
  SELECT
    c.account_id,
    c.cutoff,
    COALESCE(s1.members, 0) AS members,
    COALESCE(s1.is_used, FALSE) AS is_used,
    COALESCE(NULLIF(s1.power, 0), -1) AS power,
    COALESCE(s1.sessions, 0) AS sessions,
    s1.median,
    s1.mean_share,
    COALESCE(s1.silent, 0) AS silent,
    COALESCE(s1.per_member_1, 0) AS per_member_1,
    s2.best,
    s3.kinds,
    s4.usual
  FROM existing AS c
  LEFT JOIN account_of_user AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN best_row AS s2
    ON s2.account_id = c.account_id
    AND s2.cutoff = c.cutoff
  LEFT JOIN kinds_top AS s3
    ON s3.account_id = c.account_id
    AND s3.cutoff = c.cutoff
  LEFT JOIN usual_mode AS s4
    ON s4.account_id = c.account_id
    AND s4.cutoff = c.cutoff
),

-- values made from those above
derived_1_2 AS (
  SELECT
    v.*,
    CAST(v.per_member_1 AS DOUBLE) / NULLIF(CAST(NULLIF(v.members, 0) AS DOUBLE), 0) AS per_member
  FROM features_2 AS v
)

SELECT
  v.account_id,
  v.cutoff,
  r.as_of,
  v.cutoff + INTERVAL '10 days' > r.as_of AS open,
  v.members,
  v.is_used,
  v.power,
  v.sessions,
  v.median,
  v.best,
  v.kinds,
  v.usual,
  v.mean_share,
  v.silent,
  v.per_member
FROM derived_1_2 AS v
CROSS JOIN run AS r
ORDER BY v.account_id NULLS LAST, v.cutoff NULLS LAST;
