-- file: billed.training.sql
-- The training set of `billed`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: (account.bills >= 2) after 7 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE billed_training AS
WITH
-- members: its rows, times in UTC
members_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_from AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_to AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    account_id
  FROM shop.public.members
  WHERE valid_from IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- bills: its rows, times in UTC
bills_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(billed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.bills
  WHERE billed_at IS NOT NULL
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
    FALSE AS is_in_label
  FROM events_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    TRUE AS happens,
    FALSE AS is_in_label
  FROM bills_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(CASE WHEN happens THEN ends_at END) AS as_of,
    MIN(starts_at) AS starts_at,
    MAX(CASE WHEN happens THEN ends_at END) AS known_until
  FROM source_ends
),

-- what each row of events adds to each value
events_marks AS (
  SELECT e.user_id, e.instant, e.happened_at
  FROM events_rows AS e
  WHERE e.user_id IS NOT NULL
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.user_id,
    m.happened_at,
    COUNT(*) OVER (
      PARTITION BY m.user_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604800000000 PRECEDING AND 1 PRECEDING
    ) AS events
  FROM events_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT e.user_id, e.happened_at AS cutoff, e.events
  FROM events_history AS e
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.user_id, c.cutoff
  FROM cutoffs AS c
),

-- members in (-∞, t), t being the cutoff: the row that last takes
account_link_row AS (
  SELECT s.user_id, s.cutoff, e.account_id AS account_link
  FROM spine AS s
  JOIN members_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at < s.cutoff
    AND (e.held_until IS NULL OR e.held_until >= s.cutoff)
  WHERE e.account_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.account_id DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, c.events, s1.account_link
  FROM cutoffs AS c
  LEFT JOIN account_link_row AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
),

-- bills: its rows, times in UTC
bills_rows_2 AS (
  SELECT
    account_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(billed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.bills
  WHERE billed_at IS NOT NULL
),

-- each account that a cutoff is linked to, once an instant
account_cutoffs AS (
  SELECT DISTINCT v.account_link AS account_id, v.cutoff
  FROM features AS v
  WHERE v.account_link IS NOT NULL
),

-- bills in (-∞, t), t being the cutoff
bills_all AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS bills
  FROM account_cutoffs AS s
  JOIN bills_rows_2 AS e
    ON e.account_id = s.account_id
    AND e.happened_at < s.cutoff
  GROUP BY s.account_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.account_id, c.cutoff, COALESCE(s1.bills, 0) AS bills
  FROM account_cutoffs AS c
  LEFT JOIN bills_all AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the account that each is linked to
with_account AS (
  SELECT v.*, l.bills AS account_bills
  FROM features AS v
  LEFT JOIN features_2 AS l
    ON l.account_id = v.account_link
    AND l.cutoff = v.cutoff
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM with_account AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 7, v.cutoff) <= r.known_until
),

-- each cutoff once
label_spine AS (
  SELECT DISTINCT c.user_id, c.cutoff
  FROM mature AS c
),

-- members in (-∞, t + 7 days], t being the cutoff: the row that last takes
account_link_2_row AS (
  SELECT s.user_id, s.cutoff, e.account_id AS account_link_2
  FROM label_spine AS s
  JOIN members_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at <= DATEADD('day', 7, s.cutoff)
    AND (e.held_until IS NULL OR e.held_until > DATEADD('day', 7, s.cutoff))
  WHERE e.account_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.account_id DESC NULLS LAST
  ) = 1
),

-- what came after the cutoff
outcomes AS (
  SELECT v.*, s1.account_link_2
  FROM mature AS v
  LEFT JOIN account_link_2_row AS s1
    ON s1.user_id = v.user_id
    AND s1.cutoff = v.cutoff
),

-- bills: its rows, times in UTC
bills_rows_3 AS (
  SELECT
    account_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(billed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.bills
  WHERE billed_at IS NOT NULL
),

-- each account that a cutoff is linked to, once an instant
account_cutoffs_2 AS (
  SELECT DISTINCT v.account_link_2 AS account_id, v.cutoff
  FROM outcomes AS v
  WHERE v.account_link_2 IS NOT NULL
),

-- bills in (-∞, t + 7 days], t being the cutoff
bills_all_after_7d AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS bills
  FROM account_cutoffs_2 AS s
  JOIN bills_rows_3 AS e
    ON e.account_id = s.account_id
    AND e.happened_at <= DATEADD('day', 7, s.cutoff)
  GROUP BY s.account_id, s.cutoff
),

-- what came true by 7 days after each cutoff
features_3 AS (
  SELECT c.account_id, c.cutoff, COALESCE(s1.bills, 0) AS bills
  FROM account_cutoffs_2 AS c
  LEFT JOIN bills_all_after_7d AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
),

-- beside them what was true, 7 days after the cutoff, of the account that each is linked to
with_account_2 AS (
  SELECT v.*, l.bills AS account_bills_after_7d
  FROM outcomes AS v
  LEFT JOIN features_3 AS l
    ON l.account_id = v.account_link_2
    AND l.cutoff = v.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, v.account_bills_after_7d >= 2 AS label
  FROM with_account_2 AS v
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
  WHERE e.cutoff >= p1.starts_at OR DATEADD('day', 7, e.cutoff) <= p1.starts_at
)

SELECT p.user_id, p.cutoff, p.events, p.account_bills, p.label, p.split
FROM parts AS p
ORDER BY p.user_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: billed.scoring.sql
-- The rows of `billed` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE billed_scoring AS
WITH
-- members: its rows, times in UTC
members_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_from AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(valid_to AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS held_until,
    account_id
  FROM shop.public.members
  WHERE valid_from IS NOT NULL
),

-- events: its rows, times in UTC
events_rows AS (
  SELECT
    user_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant
  FROM shop.public.events
  WHERE at IS NOT NULL
),

-- bills: its rows, times in UTC
bills_rows AS (
  SELECT
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(billed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.bills
  WHERE billed_at IS NOT NULL
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
    FALSE AS is_in_label
  FROM events_rows
  UNION ALL
  SELECT
    MIN(happened_at) AS starts_at,
    MAX(happened_at) AS ends_at,
    TRUE AS happens,
    FALSE AS is_in_label
  FROM bills_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT
    MAX(CASE WHEN happens THEN ends_at END) AS as_of,
    MIN(starts_at) AS starts_at,
    MAX(CASE WHEN happens THEN ends_at END) AS known_until
  FROM source_ends
),

-- what each row of events adds to each value
events_marks AS (
  SELECT e.user_id, e.instant, e.happened_at
  FROM events_rows AS e
  WHERE e.user_id IS NOT NULL
),

-- what each row of events could see before its own instant
events_history AS (
  SELECT
    m.user_id,
    m.happened_at,
    COUNT(*) OVER (
      PARTITION BY m.user_id
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 604800000000 PRECEDING AND 1 PRECEDING
    ) AS events
  FROM events_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT e.user_id, e.happened_at AS cutoff, e.events
  FROM events_history AS e
),

-- the latest cutoff of each user
latest AS (
  SELECT c.*
  FROM cutoffs AS c
  QUALIFY ROW_NUMBER() OVER (PARTITION BY c.user_id ORDER BY c.cutoff DESC NULLS LAST) = 1
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.user_id, c.cutoff
  FROM latest AS c
),

-- members in (-∞, t), t being the cutoff: the row that last takes
account_link_row AS (
  SELECT s.user_id, s.cutoff, e.account_id AS account_link
  FROM spine AS s
  JOIN members_rows AS e
    ON e.user_id = s.user_id
    AND e.happened_at < s.cutoff
    AND (e.held_until IS NULL OR e.held_until >= s.cutoff)
  WHERE e.account_id IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.user_id, s.cutoff
    ORDER BY e.happened_at DESC NULLS LAST, e.account_id DESC NULLS LAST
  ) = 1
),

-- what was known at each cutoff
features AS (
  SELECT c.user_id, c.cutoff, c.events, s1.account_link
  FROM latest AS c
  LEFT JOIN account_link_row AS s1
    ON s1.user_id = c.user_id
    AND s1.cutoff = c.cutoff
),

-- bills: its rows, times in UTC
bills_rows_2 AS (
  SELECT
    account_id,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(billed_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at
  FROM shop.public.bills
  WHERE billed_at IS NOT NULL
),

-- each account that a cutoff is linked to, once an instant
account_cutoffs AS (
  SELECT DISTINCT v.account_link AS account_id, v.cutoff
  FROM features AS v
  WHERE v.account_link IS NOT NULL
),

-- bills in (-∞, t), t being the cutoff
bills_all AS (
  SELECT s.account_id, s.cutoff, COUNT(*) AS bills
  FROM account_cutoffs AS s
  JOIN bills_rows_2 AS e
    ON e.account_id = s.account_id
    AND e.happened_at < s.cutoff
  GROUP BY s.account_id, s.cutoff
),

-- what was known at each cutoff
features_2 AS (
  SELECT c.account_id, c.cutoff, COALESCE(s1.bills, 0) AS bills
  FROM account_cutoffs AS c
  LEFT JOIN bills_all AS s1
    ON s1.account_id = c.account_id
    AND s1.cutoff = c.cutoff
),

-- beside them what was known of the account that each is linked to
with_account AS (
  SELECT v.*, l.bills AS account_bills
  FROM features AS v
  LEFT JOIN features_2 AS l
    ON l.account_id = v.account_link
    AND l.cutoff = v.cutoff
)

SELECT
  v.user_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 7, v.cutoff) > r.as_of AS open,
  v.events,
  v.account_bills
FROM with_account AS v
CROSS JOIN run AS r
ORDER BY v.user_id NULLS LAST, v.cutoff NULLS LAST;
