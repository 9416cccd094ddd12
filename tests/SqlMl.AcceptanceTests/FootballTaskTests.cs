namespace SqlMl.AcceptanceTests;

/// <summary>
/// Tasks on international football, where a team stands on two sides of a match: each program beside the same task in SQL, written by hand from its definition. Days only;
/// the last match and goal are on 2026-07-19. The text 'NA' stands for a scorer or a minute that nobody knows.
/// </summary>
public sealed class FootballTaskTests
{
    private static readonly (string Source, string File)[] Files =
    [
        ("matches", "football/results.csv"), ("goals", "football/goalscorers.csv"), ("shootouts", "football/shootouts.csv"), ("names", "football/former_names.csv"),
    ];

    [Fact]
    public void Who_wins_a_match_is_asked_before_it_and_learned_the_day_after() => Check(
        """
        source matches {
          file    'results.csv'
          entity  team by home_team as home, away_team as away
          time    date
          key     date, home_team, away_team
          column  ended_on = date + 1 day
          late    home_score, away_score at ended_on
        }
        entity team
        var team.matches_1y  = count(matches) over 1 year
        var team.at_home_1y  = count(matches as home where not neutral) over 1 year
        var team.scored_1y   = (sum(matches.home_score as home) + sum(matches.away_score as away)) over 1 year
        var team.wins_9y     = count(matches where (home_team = key and home_score > away_score) or (away_team = key and away_score > home_score)) over 9 years
        predict wins for team {
          observe  before each matches from '2018-01-01'
          label    ((anchor.home_score > anchor.away_score) = (anchor.home_team = key)) in next 1 day
          var      is_home = anchor.home_team = key
          var      met     = count(matches where home_team = anchor.home_team and away_team = anchor.away_team) over 9 years
          split    by entity 80 / 20
          train    logistic
        }
        """,
        """
        WITH sides AS (
          SELECT date::TIMESTAMP AS ts, home_team AS team, true AS is_home, home_score AS own, away_score AS other, * EXCLUDE (date) FROM raw.matches UNION ALL
          SELECT date, away_team, false, away_score, home_score, * EXCLUDE (date) FROM raw.matches
        )
        SELECT a.team, a.ts::DATE AS date, a.home_team, a.away_team, a.ts AS cutoff,
          (a.home_score > a.away_score) = a.is_home AS label,
          a.is_home,
          count(p.ts) FILTER (p.ts >= a.ts - INTERVAL 1 YEAR) AS matches_1y,
          count(p.ts) FILTER (p.ts >= a.ts - INTERVAL 1 YEAR AND p.is_home AND NOT p.neutral) AS at_home_1y,
          coalesce(sum(p.own) FILTER (p.ts >= a.ts - INTERVAL 1 YEAR AND p.ts < a.ts - INTERVAL 1 DAY), 0) AS scored_1y,
          count(*) FILTER (p.own > p.other AND p.ts < a.ts - INTERVAL 1 DAY) AS wins_9y,
          count(*) FILTER (p.home_team = a.home_team AND p.away_team = a.away_team) AS met
        FROM sides AS a LEFT JOIN sides AS p ON p.team = a.team AND p.ts < a.ts AND p.ts >= a.ts - INTERVAL 9 YEAR
        WHERE a.ts >= '2018-01-01' AND a.ts + INTERVAL 1 DAY <= '2026-07-19'
        GROUP BY ALL
        """,
        15_000);

    [Fact]
    public void Goals_of_a_team_that_plays_within_the_year() => Check(
        """
        source matches { file 'results.csv'  entity team by home_team as home, away_team as away  time date }
        entity team
        var team.played_1y    = count(matches) over 365 days
        var team.first_played = days since first(matches)
        predict goals for team {
          label    (sum(matches.home_score as home) + sum(matches.away_score as away)) in next 365 days
          given    exists(matches) in next 365 days
          observe  every 365 days count 12
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2025-07-19' - INTERVAL 365 DAY * unnest(range(12)) AS cutoff)
        SELECT team, cutoff,
          sum(own) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 365 DAY) AS label,
          count(*) FILTER (ts > cutoff - INTERVAL 365 DAY AND ts <= cutoff) AS played_1y,
          date_diff('day', min(ts), cutoff) AS first_played
        FROM raw.sides, cutoffs
        GROUP BY team, cutoff
        HAVING min(ts) <= cutoff AND label IS NOT NULL
        """,
        2_500);

    [Fact]
    public void Scorers_who_run_dry() => Check(
        """
        source goals { file 'goalscorers.csv'  entity player by scorer  time date  where scorer <> 'NA' and not own_goal }
        entity player
        var player.goals     = count(goals)
        var player.penalties = share(goals.penalty) over 730 days
        predict dry for player {
          label    not exists(goals) in next 365 days
          when     exists(goals) over 365 days
          observe  every 365 days count 10
          train    xgboost
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2025-07-19' - INTERVAL 365 DAY * unnest(range(10)) AS cutoff)
        SELECT scorer, cutoff,
          NOT bool_or(date > cutoff AND date <= cutoff + INTERVAL 365 DAY) AS label,
          count(*) FILTER (date <= cutoff) AS goals,
          avg(penalty::INTEGER) FILTER (date > cutoff - INTERVAL 730 DAY AND date <= cutoff) AS penalties
        FROM raw.goals, cutoffs
        WHERE scorer <> 'NA' AND NOT own_goal
        GROUP BY ALL
        HAVING bool_or(date > cutoff - INTERVAL 365 DAY AND date <= cutoff)
        """,
        5_000);

    [Fact]
    public void The_mean_minute_of_a_teams_goals() => Check(
        """
        source goals { file 'goalscorers.csv'  entity team by team  time date  column at_minute = nullif(minute, 'NA')::number }
        entity team
        var team.earliest_2y = min(goals.at_minute) over 24 months
        var team.unknown     = count(goals where minute = 'NA')
        predict mean_minute for team {
          label    avg(goals.at_minute) in next 12 months
          observe  every 12 months aligned to '2000-01-01' from '2000-01-01'
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT unnest(generate_series(TIMESTAMP '2000-01-01', TIMESTAMP '2025-07-19', INTERVAL 1 YEAR)) AS cutoff)
        SELECT team, cutoff,
          avg(try_cast(minute AS INTEGER)) FILTER (date > cutoff AND date <= cutoff + INTERVAL 1 YEAR) AS label,
          min(try_cast(minute AS INTEGER)) FILTER (date > cutoff - INTERVAL 2 YEAR AND date <= cutoff) AS earliest_2y,
          count(*) FILTER (date <= cutoff AND minute = 'NA') AS unknown
        FROM raw.goals, cutoffs
        GROUP BY ALL
        HAVING min(date) <= cutoff AND label IS NOT NULL
        """,
        3_000);

    [Fact]
    public void Who_plays_at_the_next_world_cup() => Check(
        """
        source matches { file 'results.csv'  entity team by home_team as home, away_team as away  time date }
        entity team
        var team.cups_so_far   = count(matches where tournament = 'FIFA World Cup')
        var team.qualifying_2y = count(matches where tournament = 'FIFA World Cup qualification') over 2 years
        predict qualifies for team {
          label    exists(matches where tournament = 'FIFA World Cup') in next 1 year
          when     exists(matches) over 4 years
          observe  at '1998-01-01', '2002-01-01', '2006-01-01', '2010-01-01', '2014-01-01', '2018-01-01', '2022-01-01'
          split    at '2014-01-01', '2018-01-01'
          train    xgboost
        }
        """,
        """
        WITH cutoffs AS (SELECT unnest(generate_series(TIMESTAMP '1998-01-01', TIMESTAMP '2022-01-01', INTERVAL 4 YEAR)) AS cutoff)
        SELECT team, cutoff,
          bool_or(tournament = 'FIFA World Cup' AND ts > cutoff AND ts <= cutoff + INTERVAL 1 YEAR) AS label,
          count(*) FILTER (tournament = 'FIFA World Cup' AND ts <= cutoff) AS cups_so_far,
          count(*) FILTER (tournament = 'FIFA World Cup qualification' AND ts > cutoff - INTERVAL 2 YEAR AND ts <= cutoff) AS qualifying_2y
        FROM raw.sides, cutoffs
        GROUP BY ALL
        HAVING bool_or(ts > cutoff - INTERVAL 4 YEAR AND ts <= cutoff)
        """,
        1_400);

    [Fact]
    public void The_last_tournament_of_the_half_year() => Check(
        """
        source matches { file 'results.csv'  entity team by home_team as home, away_team as away  time date }
        entity team
        var team.usual_2y = mode(matches.tournament) over 730 days
        predict tournament for team {
          label    last(matches.tournament::string) in next 180 days
          when     exists(matches) over 365 days
          observe  every 180 days count 6
          train    xgboost
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2026-01-20' - INTERVAL 180 DAY * unnest(range(6)) AS cutoff),
        frequencies AS (
          SELECT team, cutoff, tournament, count(*) AS frequency FROM raw.sides, cutoffs WHERE ts > cutoff - INTERVAL 730 DAY AND ts <= cutoff GROUP BY ALL
        ),
        usual AS (SELECT team, cutoff, min_by(tournament, (-frequency, tournament)) AS usual_2y FROM frequencies GROUP BY ALL)
        SELECT team, cutoff,
          max_by(tournament, (ts, tournament)) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 180 DAY) AS label,
          any_value(usual_2y) AS usual_2y
        FROM raw.sides JOIN usual USING (team)
        GROUP BY ALL
        HAVING bool_or(ts > cutoff - INTERVAL 365 DAY AND ts <= cutoff) AND label IS NOT NULL
        """,
        1_000);

    [Fact]
    public void Days_until_a_team_plays_again_and_what_it_was_called_then() => Check(
        """
        source matches { file 'results.csv'  entity team by home_team as home, away_team as away  time date }
        source names   { file 'former_names.csv'  entity team by current  valid from start_date to end_date + 1 day }
        entity team
        var team.name   = names.former default 'as today'
        var team.played = count(matches)
        predict next_match for team {
          label    days until first(matches) in next 365 days
          observe  every 5 years aligned to '1950-01-01' from '1950-01-01' until '2000-01-01'
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT unnest(generate_series(TIMESTAMP '1950-01-01', TIMESTAMP '1995-01-01', INTERVAL 5 YEAR)) AS cutoff)
        SELECT team AS current, cutoff,
          date_diff('day', cutoff, min(ts) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 365 DAY)) AS label,
          coalesce(any_value(former), 'as today') AS name,
          count(DISTINCT (ts, home_team, away_team, n)) FILTER (ts <= cutoff) AS played
        FROM raw.sides CROSS JOIN cutoffs LEFT JOIN raw.names AS n ON n.current = team AND start_date <= cutoff AND cutoff < end_date + INTERVAL 1 DAY
        GROUP BY team, cutoff
        HAVING min(ts) <= cutoff AND label IS NOT NULL
        """,
        1_100);

    [Fact]
    public void Moments_from_two_tables() => Check(
        """
        source goals     { file 'goalscorers.csv'  entity team by team  time date }
        source shootouts { file 'shootouts.csv'  entity team by winner  time date  complete until as_of }
        source moments   = union of goals, shootouts
        entity team
        var team.penalties_10y = count(moments where penalty) over 3650 days
        var team.shootouts     = count(moments where part = 'shootouts')
        predict moments for team {
          label    count(moments) in next 365 days
          when     exists(moments) over 730 days
          observe  every 365 days count 8
          train    xgboost
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2025-07-19' - INTERVAL 365 DAY * unnest(range(8)) AS cutoff),
        moments AS (SELECT team, date, penalty, false AS is_shootout FROM raw.goals UNION ALL SELECT winner, date, NULL, true FROM raw.shootouts)
        SELECT team, cutoff,
          count(*) FILTER (date > cutoff AND date <= cutoff + INTERVAL 365 DAY) AS label,
          count(*) FILTER (penalty AND date > cutoff - INTERVAL 3650 DAY AND date <= cutoff) AS penalties_10y,
          count(*) FILTER (is_shootout AND date <= cutoff) AS shootouts
        FROM moments, cutoffs
        GROUP BY ALL
        HAVING bool_or(date > cutoff - INTERVAL 730 DAY AND date <= cutoff)
        """,
        1_200);

    [Fact]
    public void Goals_at_the_world_cup_through_two_joins() => Check(
        """
        source names   { file 'former_names.csv'  valid from start_date to end_date + 1 day }
        source matches { file 'results.csv'  time date  key date, home_team, away_team  join names on country = former }
        source goals   { file 'goalscorers.csv'  entity team by team  time date  join matches on date, home_team, away_team }
        entity team
        var team.cup_goals = count(goals where matches.tournament = 'FIFA World Cup')
        var team.renamed   = count(goals where matches.names.current is not null)
        predict cup_goals_ahead for team {
          label    count(goals where matches.tournament = 'FIFA World Cup') in next 365 days
          given    exists(goals) in next 365 days
          observe  every 4 years aligned to '1930-01-01' from '1950-01-01' until '2000-01-01'
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT unnest(generate_series(TIMESTAMP '1950-01-01', TIMESTAMP '1998-01-01', INTERVAL 4 YEAR)) AS cutoff),
        goals AS (
          SELECT team, date, tournament = 'FIFA World Cup' AS is_cup,
            EXISTS (FROM raw.names WHERE former = country AND start_date <= date AND date <= end_date) AS is_renamed
          FROM raw.goals JOIN raw.matches USING (date, home_team, away_team)
        )
        SELECT team, cutoff,
          count(*) FILTER (is_cup AND date > cutoff AND date <= cutoff + INTERVAL 365 DAY) AS label,
          count(*) FILTER (is_cup AND date <= cutoff) AS cup_goals,
          count(*) FILTER (is_renamed AND date <= cutoff) AS renamed
        FROM goals, cutoffs
        GROUP BY ALL
        HAVING min(date) <= cutoff AND bool_or(date > cutoff AND date <= cutoff + INTERVAL 365 DAY)
        """,
        500);

    private static void Check(string program, string query, long atLeast) => HandTask.Check(
        program, query,
        $"""
        CREATE TABLE raw.matches AS SELECT row_number() OVER () AS n, * FROM read_csv('{Path("results.csv")}');
        CREATE VIEW raw.goals AS FROM read_csv('{Path("goalscorers.csv")}');
        CREATE VIEW raw.shootouts AS FROM read_csv('{Path("shootouts.csv")}');
        CREATE VIEW raw.names AS FROM read_csv('{Path("former_names.csv")}');
        CREATE VIEW raw.sides AS
          SELECT home_team AS team, home_score AS own, date::TIMESTAMP AS ts, * FROM raw.matches UNION ALL
          SELECT away_team, away_score, date::TIMESTAMP, * FROM raw.matches
        """,
        atLeast, [.. Files.Where(file => program.Contains($"source {file.Source} ", StringComparison.Ordinal))]);

    private static string Path(string file) => SharedData.Require($"football/{file}");
}
