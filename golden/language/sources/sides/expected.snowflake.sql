-- file: wins_next.training.sql
-- The training set of `wins_next`: one row a cutoff, `t` being its instant.
-- Features see rows up to and including t; labels see rows after t.
-- Label: exists(games as home where home_goals > away_goals) in next 30 days
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE wins_next_training AS
WITH
-- games: its rows, times in UTC
games_rows AS (
  SELECT
    home AS home_team,
    away AS away_team,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    home,
    away,
    CAST(home_goals AS FLOAT) AS home_goals,
    CAST(away_goals AS FLOAT) AS away_goals
  FROM (
    SELECT *
    FROM shop.public.games
    WHERE played_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY game_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        home NULLS LAST,
        away NULLS LAST,
        home_goals NULLS LAST,
        away_goals NULLS LAST,
        home NULLS LAST,
        away NULLS LAST
    ) = 1
      OR game_id IS NULL
  ) AS r
  WHERE NOT is_friendly
    AND played_at IS NOT NULL
),

-- games: its rows, whose they are on the side home
games_home AS (
  SELECT r.home_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
),

-- games: its rows, whose they are on the side away
games_away AS (
  SELECT r.away_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
),

-- games: its rows, once for each that a side names
games_sides AS (
  SELECT r.home_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
  UNION ALL
  SELECT r.away_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
  WHERE NOT r.home_team IS NOT DISTINCT FROM r.away_team
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM games_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every team, from its first row on
first_seen AS (
  SELECT e.team, MIN(e.happened_at) AS exists_from
  FROM games_sides AS e
  WHERE e.team IS NOT NULL
  GROUP BY e.team
),

-- as written
stated AS (
  SELECT '2024-01-20 00:00:00'::TIMESTAMP_NTZ AS cutoff
  UNION ALL
  SELECT '2024-02-01 00:00:00'::TIMESTAMP_NTZ AS cutoff
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
  SELECT f.team, g.cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN instants AS g
),

-- a team exists from its first row on
existing AS (
  SELECT c.team, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- from its first such row on a team has no cutoff
stops AS (
  SELECT e.team, MIN(e.happened_at) AS stops_at
  FROM games_away AS e
  WHERE e.away_goals > 4
  GROUP BY e.team
),

-- cutoffs before the team stopped
observed AS (
  SELECT c.team, c.cutoff
  FROM existing AS c
  LEFT JOIN stops AS u ON u.team = c.team
  WHERE u.stops_at IS NULL OR c.cutoff < u.stops_at
),

-- games in (t - 30 days, t], t being the cutoff
games_30d AS (
  SELECT s.team, s.cutoff, COUNT(*) AS games
  FROM observed AS s
  JOIN games_sides AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  GROUP BY s.team, s.cutoff
),

-- games as home in (-∞, t], t being the cutoff
games_home_all AS (
  SELECT
    s.team,
    s.cutoff,
    COUNT(*) AS at_home,
    CAST(SUM(CAST(e.home_goals AS NUMBER(38, 9))) AS FLOAT) AS goals_1
  FROM observed AS s
  JOIN games_home AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
  GROUP BY s.team, s.cutoff
),

-- games as away in (-∞, t], t being the cutoff
games_away_all AS (
  SELECT s.team, s.cutoff, CAST(SUM(CAST(e.away_goals AS NUMBER(38, 9))) AS FLOAT) AS goals_2
  FROM observed AS s
  JOIN games_away AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
  GROUP BY s.team, s.cutoff
),

-- games in (-∞, t], t being the cutoff
games_all AS (
  SELECT s.team, s.cutoff, COUNT(*) AS wins
  FROM observed AS s
  JOIN games_sides AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
  WHERE e.home = e.team AND e.home_goals > e.away_goals
      OR e.away = e.team AND e.away_goals > e.home_goals
  GROUP BY s.team, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.team,
    c.cutoff,
    COALESCE(s1.games, 0) AS games,
    COALESCE(s2.at_home, 0) AS at_home,
    COALESCE(s2.goals_1, 0) AS goals_1,
    COALESCE(s3.goals_2, 0) AS goals_2,
    COALESCE(s4.wins, 0) AS wins
  FROM observed AS c
  LEFT JOIN games_30d AS s1
    ON s1.team = c.team
    AND s1.cutoff = c.cutoff
  LEFT JOIN games_home_all AS s2
    ON s2.team = c.team
    AND s2.cutoff = c.cutoff
  LEFT JOIN games_away_all AS s3
    ON s3.team = c.team
    AND s3.cutoff = c.cutoff
  LEFT JOIN games_all AS s4
    ON s4.team = c.team
    AND s4.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.goals_1 + v.goals_2 AS goals, v.team AS name
  FROM features AS v
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM derived_1 AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 30, v.cutoff) <= r.known_until
),

-- games as home in (t, t + 30 days], t being the cutoff
games_home_next_30d AS (
  SELECT s.team, s.cutoff, COUNT(*) > 0 AS label_1
  FROM mature AS s
  JOIN games_home AS e
    ON e.team = s.team
    AND e.happened_at > s.cutoff
    AND e.happened_at <= DATEADD('day', 30, s.cutoff)
  WHERE e.home_goals > e.away_goals
  GROUP BY s.team, s.cutoff
),

-- what came true after the cutoff
labelled AS (
  SELECT v.*, COALESCE(s1.label_1, FALSE) AS label
  FROM mature AS v
  LEFT JOIN games_home_next_30d AS s1
    ON s1.team = v.team
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
      MD5(
        '0|'
          || CAST(e.team AS VARCHAR)
          || '|'
          || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
      ),
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
              '0|'
                || CAST(e.team AS VARCHAR)
                || '|'
                || CAST(DATE_PART('epoch_microsecond', e.cutoff) AS VARCHAR)
            ) NULLS LAST,
            e.team NULLS LAST,
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

SELECT p.team, p.cutoff, p.games, p.at_home, p.goals, p.wins, p.name, p.label, p.split
FROM parts AS p
ORDER BY p.team NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: wins_next.scoring.sql
-- The rows of `wins_next` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows up to and including t; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE wins_next_scoring AS
WITH
-- games: its rows, times in UTC
games_rows AS (
  SELECT
    home AS home_team,
    away AS away_team,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    home,
    away,
    CAST(home_goals AS FLOAT) AS home_goals,
    CAST(away_goals AS FLOAT) AS away_goals
  FROM (
    SELECT *
    FROM shop.public.games
    WHERE played_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY game_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        home NULLS LAST,
        away NULLS LAST,
        home_goals NULLS LAST,
        away_goals NULLS LAST,
        home NULLS LAST,
        away NULLS LAST
    ) = 1
      OR game_id IS NULL
  ) AS r
  WHERE NOT is_friendly
    AND played_at IS NOT NULL
),

-- games: its rows, whose they are on the side home
games_home AS (
  SELECT r.home_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
),

-- games: its rows, whose they are on the side away
games_away AS (
  SELECT r.away_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
),

-- games: its rows, once for each that a side names
games_sides AS (
  SELECT r.home_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
  UNION ALL
  SELECT r.away_team AS team, r.happened_at, r.home, r.away, r.home_goals, r.away_goals
  FROM games_rows AS r
  WHERE NOT r.home_team IS NOT DISTINCT FROM r.away_team
),

-- where each source begins and ends
source_ends AS (
  SELECT MIN(happened_at) AS starts_at, MAX(happened_at) AS ends_at, TRUE AS is_in_label
  FROM games_rows
),

-- as of the last known instant; labels are known until their sources end
run AS (
  SELECT MAX(ends_at) AS as_of, MIN(starts_at) AS starts_at, MIN(ends_at) AS known_until
  FROM source_ends
),

-- every team, from its first row on
first_seen AS (
  SELECT e.team, MIN(e.happened_at) AS exists_from
  FROM games_sides AS e
  WHERE e.team IS NOT NULL
  GROUP BY e.team
),

-- the cutoffs that are due
cutoffs AS (
  SELECT f.team, g.as_of AS cutoff, f.exists_from
  FROM first_seen AS f
  CROSS JOIN run AS g
),

-- a team exists from its first row on
existing AS (
  SELECT c.team, c.cutoff
  FROM cutoffs AS c
  WHERE c.exists_from <= c.cutoff
),

-- from its first such row on a team has no cutoff
stops AS (
  SELECT e.team, MIN(e.happened_at) AS stops_at
  FROM games_away AS e
  WHERE e.away_goals > 4
  GROUP BY e.team
),

-- cutoffs before the team stopped
observed AS (
  SELECT c.team, c.cutoff
  FROM existing AS c
  LEFT JOIN stops AS u ON u.team = c.team
  WHERE u.stops_at IS NULL
),

-- games in (t - 30 days, t], t being the cutoff
games_30d AS (
  SELECT s.team, s.cutoff, COUNT(*) AS games
  FROM observed AS s
  JOIN games_sides AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
    AND e.happened_at > DATEADD('day', -30, s.cutoff)
  GROUP BY s.team, s.cutoff
),

-- games as home in (-∞, t], t being the cutoff
games_home_all AS (
  SELECT
    s.team,
    s.cutoff,
    COUNT(*) AS at_home,
    CAST(SUM(CAST(e.home_goals AS NUMBER(38, 9))) AS FLOAT) AS goals_1
  FROM observed AS s
  JOIN games_home AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
  GROUP BY s.team, s.cutoff
),

-- games as away in (-∞, t], t being the cutoff
games_away_all AS (
  SELECT s.team, s.cutoff, CAST(SUM(CAST(e.away_goals AS NUMBER(38, 9))) AS FLOAT) AS goals_2
  FROM observed AS s
  JOIN games_away AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
  GROUP BY s.team, s.cutoff
),

-- games in (-∞, t], t being the cutoff
games_all AS (
  SELECT s.team, s.cutoff, COUNT(*) AS wins
  FROM observed AS s
  JOIN games_sides AS e
    ON e.team = s.team
    AND e.happened_at <= s.cutoff
  WHERE e.home = e.team AND e.home_goals > e.away_goals
      OR e.away = e.team AND e.away_goals > e.home_goals
  GROUP BY s.team, s.cutoff
),

-- what was known at each cutoff
features AS (
  SELECT
    c.team,
    c.cutoff,
    COALESCE(s1.games, 0) AS games,
    COALESCE(s2.at_home, 0) AS at_home,
    COALESCE(s2.goals_1, 0) AS goals_1,
    COALESCE(s3.goals_2, 0) AS goals_2,
    COALESCE(s4.wins, 0) AS wins
  FROM observed AS c
  LEFT JOIN games_30d AS s1
    ON s1.team = c.team
    AND s1.cutoff = c.cutoff
  LEFT JOIN games_home_all AS s2
    ON s2.team = c.team
    AND s2.cutoff = c.cutoff
  LEFT JOIN games_away_all AS s3
    ON s3.team = c.team
    AND s3.cutoff = c.cutoff
  LEFT JOIN games_all AS s4
    ON s4.team = c.team
    AND s4.cutoff = c.cutoff
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.goals_1 + v.goals_2 AS goals, v.team AS name
  FROM features AS v
)

SELECT
  v.team,
  v.cutoff,
  r.as_of,
  DATEADD('day', 30, v.cutoff) > r.as_of AS open,
  v.games,
  v.at_home,
  v.goals,
  v.wins,
  v.name
FROM derived_1 AS v
CROSS JOIN run AS r
ORDER BY v.team NULLS LAST, v.cutoff NULLS LAST;
