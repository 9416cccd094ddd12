-- file: wins.training.sql
-- The training set of `wins`: one row a cutoff, `t` being its instant.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
-- Label: ((anchor.home_goals > anchor.away_goals) = (anchor.home = key)) in next 1 day
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE wins_training AS
WITH
-- games: its rows, times in UTC
games_rows AS (
  SELECT
    home AS home_team,
    away AS away_team,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    home,
    away,
    game_id,
    CAST(home_goals AS FLOAT) AS home_goals,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ended_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS home_goals_known_at,
    CAST(away_goals AS FLOAT) AS away_goals,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ended_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS away_goals_known_at
  FROM (
    SELECT *
    FROM shop.public.games
    WHERE played_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY game_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        home NULLS LAST,
        away NULLS LAST,
        game_id NULLS LAST,
        home_goals NULLS LAST,
        away_goals NULLS LAST,
        home NULLS LAST,
        away NULLS LAST
    ) = 1
      OR game_id IS NULL
  ) AS r
  WHERE played_at IS NOT NULL
),

-- games: its rows, whose they are on the side home
games_home AS (
  SELECT
    r.home_team AS team,
    r.happened_at,
    r.instant,
    r.home,
    r.away,
    r.game_id,
    r.home_goals,
    r.home_goals_known_at,
    r.away_goals,
    r.away_goals_known_at
  FROM games_rows AS r
),

-- games: its rows, once for each that a side names
games_sides AS (
  SELECT
    r.home_team AS team,
    r.happened_at,
    r.instant,
    r.home,
    r.away,
    r.game_id,
    r.home_goals,
    r.home_goals_known_at,
    r.away_goals,
    r.away_goals_known_at
  FROM games_rows AS r
  UNION ALL
  SELECT
    r.away_team AS team,
    r.happened_at,
    r.instant,
    r.home,
    r.away,
    r.game_id,
    r.home_goals,
    r.home_goals_known_at,
    r.away_goals,
    r.away_goals_known_at
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

-- what each row of games adds to each value
games_marks AS (
  SELECT
    e.team,
    e.instant,
    e.happened_at,
    e.home AS anchor_home,
    e.away AS anchor_away,
    e.home_goals AS anchor_home_goals,
    e.home_goals_known_at AS anchor_home_goals_known_at,
    e.away_goals AS anchor_away_goals,
    e.away_goals_known_at AS anchor_away_goals_known_at,
    e.game_id AS anchor_game_id
  FROM games_sides AS e
  WHERE e.team IS NOT NULL
),

-- what each row of games could see before its own instant
games_history AS (
  SELECT
    m.team,
    m.happened_at,
    m.anchor_home,
    m.anchor_away,
    m.anchor_home_goals,
    m.anchor_home_goals_known_at,
    m.anchor_away_goals,
    m.anchor_away_goals_known_at,
    m.anchor_game_id,
    COUNT(*) OVER (
      PARTITION BY m.team
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 5184000000000 PRECEDING AND 1 PRECEDING
    ) AS played
  FROM games_marks AS m
),

-- where the cutoffs lie
cutoffs AS (
  SELECT
    e.team,
    e.happened_at AS cutoff,
    e.anchor_home,
    e.anchor_away,
    e.anchor_home_goals,
    e.anchor_home_goals_known_at,
    e.anchor_away_goals,
    e.anchor_away_goals_known_at,
    e.anchor_game_id,
    e.played
  FROM games_history AS e
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.team, c.cutoff, c.anchor_away
  FROM cutoffs AS c
),

-- games as home in (-∞, t), t being the cutoff
games_home_all AS (
  SELECT
    s.team,
    s.cutoff,
    s.anchor_away,
    CAST(SUM(
      CAST(CASE WHEN e.home_goals_known_at < s.cutoff THEN e.home_goals END AS NUMBER(38, 9))
    ) AS FLOAT) AS scored,
    COUNT(CASE WHEN e.away = s.anchor_away THEN 1 END) AS met
  FROM spine AS s
  JOIN games_home AS e
    ON e.team = s.team
    AND e.happened_at < s.cutoff
  GROUP BY s.team, s.cutoff, s.anchor_away
),

-- what was known at each cutoff
features AS (
  SELECT
    c.team,
    c.cutoff,
    c.played,
    c.anchor_home,
    c.anchor_away,
    c.anchor_home_goals,
    c.anchor_home_goals_known_at,
    c.anchor_away_goals,
    c.anchor_away_goals_known_at,
    c.anchor_game_id,
    COALESCE(s1.scored, 0) AS scored,
    COALESCE(s1.met, 0) AS met
  FROM cutoffs AS c
  LEFT JOIN games_home_all AS s1
    ON s1.team = c.team
    AND s1.cutoff = c.cutoff
    AND s1.anchor_away IS NOT DISTINCT FROM c.anchor_away
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_home = v.team AS is_home, v.team AS team_name, v.team <> 'D' AS is_eligible
  FROM features AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1 AS v
  WHERE v.is_eligible
),

-- cutoffs whose label is known to the end
mature AS (
  SELECT v.*
  FROM eligible AS v
  CROSS JOIN run AS r
  WHERE DATEADD('day', 1, v.cutoff) <= r.known_until
),

-- what came true after the cutoff
labelled AS (
  SELECT
    v.*,
    (CASE
      WHEN v.anchor_home_goals_known_at <= DATEADD('day', 1, v.cutoff) THEN v.anchor_home_goals
    END > CASE
      WHEN v.anchor_away_goals_known_at <= DATEADD('day', 1, v.cutoff) THEN v.anchor_away_goals
    END) = (v.anchor_home = v.team) AS label
  FROM mature AS v
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
          || '|'
          || COALESCE(CAST(e.anchor_game_id AS VARCHAR), '')
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
                || '|'
                || COALESCE(CAST(e.anchor_game_id AS VARCHAR), '')
            ) NULLS LAST,
            e.team NULLS LAST,
            e.cutoff NULLS LAST,
            e.anchor_home NULLS LAST,
            e.anchor_away NULLS LAST,
            e.anchor_home_goals NULLS LAST,
            e.anchor_home_goals_known_at NULLS LAST,
            e.anchor_away_goals NULLS LAST,
            e.anchor_away_goals_known_at NULLS LAST,
            e.anchor_game_id NULLS LAST
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
  p.team,
  p.anchor_game_id AS game_id,
  p.cutoff,
  p.played,
  p.scored,
  p.is_home,
  p.met,
  p.team_name,
  p.label,
  p.split
FROM parts AS p
ORDER BY p.team NULLS LAST, p.anchor_game_id NULLS LAST, p.cutoff NULLS LAST, p.split NULLS LAST;

-- file: wins.scoring.sql
-- The rows of `wins` that are due for a score: the steps of its training set, at other cutoffs.
-- Features see rows before t, the row of the cutoff itself is not among them; labels see rows after t.
ALTER SESSION SET TIMEZONE = 'UTC';

CREATE OR REPLACE TABLE wins_scoring AS
WITH
-- games: its rows, times in UTC
games_rows AS (
  SELECT
    home AS home_team,
    away AS away_team,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS happened_at,
    DATE_PART(
      'epoch_microsecond',
      DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ))
    ) AS instant,
    home,
    away,
    game_id,
    CAST(home_goals AS FLOAT) AS home_goals,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ended_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS home_goals_known_at,
    CAST(away_goals AS FLOAT) AS away_goals,
    DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(ended_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) AS away_goals_known_at
  FROM (
    SELECT *
    FROM shop.public.games
    WHERE played_at IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY game_id
      ORDER BY DATE_TRUNC('microsecond', CAST(CONVERT_TIMEZONE('UTC', CAST(played_at AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)) NULLS LAST,
        home NULLS LAST,
        away NULLS LAST,
        game_id NULLS LAST,
        home_goals NULLS LAST,
        away_goals NULLS LAST,
        home NULLS LAST,
        away NULLS LAST
    ) = 1
      OR game_id IS NULL
  ) AS r
  WHERE played_at IS NOT NULL
),

-- games: its rows, whose they are on the side home
games_home AS (
  SELECT
    r.home_team AS team,
    r.happened_at,
    r.instant,
    r.home,
    r.away,
    r.game_id,
    r.home_goals,
    r.home_goals_known_at,
    r.away_goals,
    r.away_goals_known_at
  FROM games_rows AS r
),

-- games: its rows, once for each that a side names
games_sides AS (
  SELECT
    r.home_team AS team,
    r.happened_at,
    r.instant,
    r.home,
    r.away,
    r.game_id,
    r.home_goals,
    r.home_goals_known_at,
    r.away_goals,
    r.away_goals_known_at
  FROM games_rows AS r
  UNION ALL
  SELECT
    r.away_team AS team,
    r.happened_at,
    r.instant,
    r.home,
    r.away,
    r.game_id,
    r.home_goals,
    r.home_goals_known_at,
    r.away_goals,
    r.away_goals_known_at
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

-- what each row of games adds to each value
games_marks AS (
  SELECT
    e.team,
    e.instant,
    e.happened_at,
    e.home AS anchor_home,
    e.away AS anchor_away,
    e.home_goals AS anchor_home_goals,
    e.home_goals_known_at AS anchor_home_goals_known_at,
    e.away_goals AS anchor_away_goals,
    e.away_goals_known_at AS anchor_away_goals_known_at,
    e.game_id AS anchor_game_id
  FROM games_sides AS e
  WHERE e.team IS NOT NULL
),

-- what each row of games could see before its own instant
games_history AS (
  SELECT
    m.team,
    m.happened_at,
    m.anchor_home,
    m.anchor_away,
    m.anchor_home_goals,
    m.anchor_home_goals_known_at,
    m.anchor_away_goals,
    m.anchor_away_goals_known_at,
    m.anchor_game_id,
    COUNT(*) OVER (
      PARTITION BY m.team
      ORDER BY m.instant NULLS LAST
      RANGE BETWEEN 5184000000000 PRECEDING AND 1 PRECEDING
    ) AS played
  FROM games_marks AS m
),

-- the cutoffs that are due
cutoffs AS (
  SELECT
    e.team,
    e.happened_at AS cutoff,
    e.anchor_home,
    e.anchor_away,
    e.anchor_home_goals,
    e.anchor_home_goals_known_at,
    e.anchor_away_goals,
    e.anchor_away_goals_known_at,
    e.anchor_game_id,
    e.played
  FROM games_history AS e
),

-- each cutoff once
spine AS (
  SELECT DISTINCT c.team, c.cutoff, c.anchor_away
  FROM cutoffs AS c
),

-- games as home in (-∞, t), t being the cutoff
games_home_all AS (
  SELECT
    s.team,
    s.cutoff,
    s.anchor_away,
    CAST(SUM(
      CAST(CASE WHEN e.home_goals_known_at < s.cutoff THEN e.home_goals END AS NUMBER(38, 9))
    ) AS FLOAT) AS scored,
    COUNT(CASE WHEN e.away = s.anchor_away THEN 1 END) AS met
  FROM spine AS s
  JOIN games_home AS e
    ON e.team = s.team
    AND e.happened_at < s.cutoff
  GROUP BY s.team, s.cutoff, s.anchor_away
),

-- what was known at each cutoff
features AS (
  SELECT
    c.team,
    c.cutoff,
    c.played,
    c.anchor_home,
    c.anchor_away,
    c.anchor_home_goals,
    c.anchor_home_goals_known_at,
    c.anchor_away_goals,
    c.anchor_away_goals_known_at,
    c.anchor_game_id,
    COALESCE(s1.scored, 0) AS scored,
    COALESCE(s1.met, 0) AS met
  FROM cutoffs AS c
  LEFT JOIN games_home_all AS s1
    ON s1.team = c.team
    AND s1.cutoff = c.cutoff
    AND s1.anchor_away IS NOT DISTINCT FROM c.anchor_away
),

-- values made from those above
derived_1 AS (
  SELECT v.*, v.anchor_home = v.team AS is_home, v.team AS team_name, v.team <> 'D' AS is_eligible
  FROM features AS v
),

-- who is eligible at the cutoff
eligible AS (
  SELECT v.*
  FROM derived_1 AS v
  WHERE v.is_eligible
),

-- the latest cutoff of each team
latest AS (
  SELECT c.*
  FROM eligible AS c
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.team
    ORDER BY c.cutoff DESC NULLS LAST,
      c.anchor_game_id DESC NULLS LAST,
      c.anchor_home DESC NULLS LAST,
      c.anchor_away DESC NULLS LAST,
      c.anchor_home_goals DESC NULLS LAST,
      c.anchor_home_goals_known_at DESC NULLS LAST,
      c.anchor_away_goals DESC NULLS LAST,
      c.anchor_away_goals_known_at DESC NULLS LAST
  ) = 1
)

SELECT
  v.team,
  v.anchor_game_id AS game_id,
  v.cutoff,
  r.as_of,
  DATEADD('day', 1, v.cutoff) > r.as_of AS open,
  v.played,
  v.scored,
  v.is_home,
  v.met,
  v.team_name
FROM latest AS v
CROSS JOIN run AS r
ORDER BY v.team NULLS LAST, v.anchor_game_id NULLS LAST, v.cutoff NULLS LAST;
