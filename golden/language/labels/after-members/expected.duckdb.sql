-- file: grows.training.sql
-- The training set of `grows`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: (count(user where events >= 2) > 0) after 7 days
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE grows_training AS
WITH
-- members: its rows, times in UTC
members_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    FALSE AS happens,
    FALSE AS is_in_label
  FROM members_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    TRUE AS happens,
    TRUE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(CASE WHEN happens THEN ends_at END) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MIN(CASE WHEN is_in_label THEN ends_at END) IS NOT NULL AND MAX(
        CASE WHEN happens THEN ends_at END
      ) IS NOT NULL THEN LEAST(
        MIN(CASE WHEN is_in_label THEN ends_at END),
        MAX(CASE WHEN happens THEN ends_at END)
      )
    END AS known_until
  FROM source_ends
),

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.happened_at) AS exists_from
  FROM members_rows AS e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
),

-- as written
stated AS (
  SELECT TIMESTAMP '2024-01-08 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-15 00:00:00' AS cutoff
  UNION ALL
  SELECT TIMESTAMP '2024-01-20 00:00:00' AS cutoff
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
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    account_id
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- events: its rows, times in UTC
events_rows_2 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
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

-- events in (t - 7 days, t], t being the cutoff
events_7d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS events
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.user_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, s1.account_link, COALESCE(s2.events, 0) AS events
  FROM user_cutoffs AS c
  LEFT JOIN account_link_row AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN events_7d AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
),

-- what was known of each user, beside the account that it belonged to
account_user AS (
  SELECT v.account_link AS account_id, v.cutoff, v.events
  FROM features AS v
),

-- user: the members of each account at t, t being the cutoff
account_of_user AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS active
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  WHERE e.events >= 2
  GROUP BY s.account_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.account_id, c.cutoff, COALESCE(s1.active, 0) AS active
  FROM existing AS c
  LEFT JOIN account_of_user AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM features_2 AS v
  CROSS JOIN run AS r
  WHERE v.cutoff + INTERVAL '7 days' <= r.known_until
),

-- members: its rows, times in UTC
members_rows_3 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    account_id
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- events: its rows, times in UTC
events_rows_3 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
),

-- each user that was ever named beside the account of a cutoff, once an instant
user_cutoffs_2 AS (
  SELECT DISTINCT e.user_id, s.cutoff
  FROM mature AS s
  JOIN members_rows_3 AS e ON e.account_id = s.account_id
  WHERE e.user_id IS NOT NULL
),

-- members in (-∞, t + 7 days], t being the cutoff: the row that last takes
account_link_row_2 AS (
  SELECT s.user_id, s.cutoff, e.account_id AS account_link
  FROM user_cutoffs_2 AS s
  JOIN members_rows_3 AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
    AND (e.held_until IS NULL OR e.held_until > s.cutoff + INTERVAL '7 days')
  WHERE e.account_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.account_id DESC NULLS LAST
  ) = 1
),

-- events in (t, t + 7 days], t being the cutoff
events_next_7d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS events
  FROM user_cutoffs_2 AS s
  JOIN events_rows_3 AS e
    ON e.user_id = s.user_id
    AND e.happened_at > s.cutoff
    AND e.happened_at <= s.cutoff + INTERVAL '7 days'
  GROUP BY s.user_id, s.cutoff
),

-- what came true by 7 days after each cutoff
features_3 AS (
  SELECT c.user_id, c.cutoff, s1.account_link, COALESCE(s2.events, 0) AS events
  FROM user_cutoffs_2 AS c
  LEFT JOIN account_link_row_2 AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN events_next_7d AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
),

-- what was true, 7 days after the cutoff, of each user, beside the account that it belonged to
account_user_2 AS (
  SELECT v.account_link AS account_id, v.cutoff, v.events
  FROM features_3 AS v
),

-- user: the members of each account at t + 7 days, t being the cutoff
account_of_user_2 AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS label_1
  FROM mature AS s
  JOIN account_user_2 AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  WHERE e.events >= 2
  GROUP BY s.account_id, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, 0) > 0 AS label
  FROM mature AS v
  LEFT JOIN account_of_user_2 AS s1
    ON s1.account_id = v.account_id
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

-- where the test part starts: the boundary nearest to 60 of 100
test_start AS (
  SELECT c.cutoff AS starts_at, c.position
  FROM ranked_cutoffs AS c
  WHERE c.position >= 1
    AND c.position <= c.cutoffs - 1
  QUALIFY ROW_NUMBER() OVER (
    ORDER BY ABS(c.rows_before * 100 - c.total * 60) NULLS LAST, c.cutoff NULLS LAST
  ) = 1
),

-- the parts, purged: no label window reaches into the next part
parts AS (
  SELECT e.*, CASE WHEN e.cutoff >= p1.starts_at THEN 'test' ELSE 'train' END AS split
  FROM examples AS e
  CROSS JOIN test_start AS p1
  WHERE e.cutoff >= p1.starts_at OR e.cutoff + INTERVAL '7 days' <= p1.starts_at
)

SELECT p.account_id, p.cutoff, p.active, p.label, p.split
FROM parts AS p
ORDER BY p.account_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: grows.scoring.sql
-- The rows of `grows` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
SET TimeZone = 'UTC';

CREATE OR REPLACE TABLE grows_scoring AS
WITH
-- members: its rows, times in UTC
members_rows AS (
  SELECT
    account_id,
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
),

-- where each source begins and ends
source_ends AS (
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    FALSE AS happens,
    FALSE AS is_in_label
  FROM members_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    TRUE AS happens,
    TRUE AS is_in_label
  FROM events_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(CASE WHEN happens THEN ends_at END) AS as_of,
    MIN(starts_at) AS starts_at,
    CASE
      WHEN MIN(CASE WHEN is_in_label THEN ends_at END) IS NOT NULL AND MAX(
        CASE WHEN happens THEN ends_at END
      ) IS NOT NULL THEN LEAST(
        MIN(CASE WHEN is_in_label THEN ends_at END),
        MAX(CASE WHEN happens THEN ends_at END)
      )
    END AS known_until
  FROM source_ends
),

-- every account, from its first row on
first_seen AS (
  SELECT e.account_id, MIN(e.happened_at) AS exists_from
  FROM members_rows AS e
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
    CASE WHEN TYPEOF(valid_from) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_from AS TIMESTAMP) ELSE CAST(CAST(valid_from AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at,
    CASE WHEN TYPEOF(valid_to) IN ('DATE', 'TIMESTAMP') THEN CAST(valid_to AS TIMESTAMP) ELSE CAST(CAST(valid_to AS TIMESTAMPTZ) AS TIMESTAMP) END AS held_until,
    account_id
  FROM READ_CSV('data/members.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE valid_from IS NOT NULL
),

-- events: its rows, times in UTC
events_rows_2 AS (
  SELECT
    user_id,
    CASE WHEN TYPEOF("at") IN ('DATE', 'TIMESTAMP') THEN CAST("at" AS TIMESTAMP) ELSE CAST(CAST("at" AS TIMESTAMPTZ) AS TIMESTAMP) END AS happened_at
  FROM READ_CSV('data/events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', sample_size = -1)
  WHERE "at" IS NOT NULL
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

-- events in (t - 7 days, t], t being the cutoff
events_7d AS (
  SELECT s.user_id, s.cutoff, COUNT(*) AS events
  FROM user_cutoffs AS s
  JOIN events_rows_2 AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= s.cutoff
    AND e.happened_at > s.cutoff - INTERVAL '7 days'
  GROUP BY s.user_id, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, s1.account_link, COALESCE(s2.events, 0) AS events
  FROM user_cutoffs AS c
  LEFT JOIN account_link_row AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
  LEFT JOIN events_7d AS s2
    ON s2.user_id = c.user_id
    AND s2.cutoff = c.cutoff
),

-- what was known of each user, beside the account that it belonged to
account_user AS (
  SELECT v.account_link AS account_id, v.cutoff, v.events
  FROM features AS v
),

-- user: the members of each account at t, t being the cutoff
account_of_user AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS active
  FROM existing AS s
  JOIN account_user AS e
    ON e.account_id = s.account_id
    AND e.cutoff = s.cutoff
  WHERE e.events >= 2
  GROUP BY s.account_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.account_id, c.cutoff, COALESCE(s1.active, 0) AS active
  FROM existing AS c
  LEFT JOIN account_of_user AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
)

SELECT v.account_id, v.cutoff, r.as_of, v.cutoff + INTERVAL '7 days' > r.as_of AS open, v.active
FROM features_2 AS v
CROSS JOIN run AS r
ORDER BY v.account_id NULLS LAST, v.cutoff NULLS LAST;
