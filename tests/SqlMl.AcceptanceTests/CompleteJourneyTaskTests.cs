namespace SqlMl.AcceptanceTests;

/// <summary>
/// Tasks in the style of a relational benchmark on a grocer's tables: each program beside the same task in SQL, written by hand from its definition. The data's last
/// transaction is at 2018-01-01 03:47:38, its last redemption on 2017-12-31: what says which cutoffs are mature.
/// </summary>
public sealed partial class CompleteJourneyTaskTests
{
    private static readonly (string Source, string File)[] Files =
    [
        ("transactions", "transactions_sample.parquet"), ("products", "products.parquet"), ("promotions", "promotions_sample.parquet"), ("redemptions", "coupon_redemptions.csv"), ("offers", "coupon_redemptions.csv"), ("coupons", "coupons.parquet"),
        ("mailings", "campaigns.csv"), ("campaigns", "campaign_descriptions.csv"), ("running", "campaign_descriptions.csv"), ("demographics", "demographics.csv"),
    ];

    [Fact]
    public void Households_that_were_active_and_fall_silent() => Check(
        """
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc }
        entity household
        var household.lines_30d = count(transactions) over 30 days
        predict silent for household {
          label    not exists(transactions) in next 30 days
          when     exists(transactions) over 60 days
          observe  every 30 days count 5
          train    xgboost
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2017-12-02' - INTERVAL 30 DAY * unnest([0, 1, 2, 3, 4]) AS cutoff)
        SELECT household_id, cutoff,
          NOT bool_or(ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY) AS label,
          count(*) FILTER (ts > cutoff - INTERVAL 30 DAY AND ts <= cutoff) AS lines_30d
        FROM raw.lines, cutoffs
        GROUP BY ALL
        HAVING bool_or(ts > cutoff - INTERVAL 60 DAY AND ts <= cutoff)
        """,
        8_000);

    [Fact]
    public void What_a_household_spends_on_own_brands() => Check(
        """
        source products     { file 'p.parquet'  key product_id  static }
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc  join products on product_id }
        entity household
        var household.meat_90d    = sum(transactions.sales_value where products.department in ('MEAT', 'MEAT-PCKGD', 'SEAFOOD')) over 90 days
        var household.unknown_90d = count(transactions where products.brand is null) over 90 days
        predict own_brands for household {
          label    sum(transactions.sales_value where products.brand = 'Private') in next 30 days
          observe  every 30 days aligned to '2017-04-01' from '2017-04-01'
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT unnest(generate_series(TIMESTAMP '2017-04-01', TIMESTAMP '2017-12-02', INTERVAL 30 DAY)) AS cutoff)
        SELECT household_id, cutoff,
          coalesce(sum(sales_value) FILTER (brand = 'Private' AND ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY), 0) AS label,
          coalesce(sum(sales_value) FILTER (department IN ('MEAT', 'MEAT-PCKGD', 'SEAFOOD') AND ts > cutoff - INTERVAL 90 DAY AND ts <= cutoff), 0) AS meat_90d,
          count(*) FILTER (brand IS NULL AND ts > cutoff - INTERVAL 90 DAY AND ts <= cutoff) AS unknown_90d
        FROM raw.lines LEFT JOIN raw.products USING (product_id), cutoffs
        GROUP BY ALL
        HAVING min(ts) <= cutoff
        """,
        15_000);

    [Fact]
    public void How_often_a_product_that_is_sold_at_all_is_sold() => Check(
        """
        source transactions { file 't.parquet'  entity product by product_id  time transaction_timestamp_utc }
        entity product
        var product.buyers_90d = count_distinct(transactions.household_id) over 90 days
        predict sales for product {
          label    count(transactions) in next 14 days
          given    exists(transactions) in next 14 days
          observe  at '2017-05-01', '2017-08-01', '2017-11-01'
          train    xgboost
        }
        """,
        """
        SELECT product_id, cutoff,
          count(*) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 14 DAY) AS label,
          count(DISTINCT household_id) FILTER (ts > cutoff - INTERVAL 90 DAY AND ts <= cutoff) AS buyers_90d
        FROM raw.lines, (VALUES (TIMESTAMP '2017-05-01'), ('2017-08-01'), ('2017-11-01')) AS cutoffs (cutoff)
        GROUP BY ALL
        HAVING min(ts) <= cutoff AND label > 0
        """,
        4_000);

    [Fact]
    public void The_mean_line_of_a_store() => Check(
        """
        source transactions { file 't.parquet'  entity store by store_id  time transaction_timestamp_utc }
        entity store
        var store.mean_30d = avg(transactions.sales_value) over 30 days
        var store.silent   = days since last(transactions)
        predict mean_line for store {
          label    avg(transactions.sales_value) in next 30 days
          observe  every 30 days count 6
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2017-12-02' - INTERVAL 30 DAY * unnest([0, 1, 2, 3, 4, 5]) AS cutoff)
        SELECT store_id, cutoff,
          avg(sales_value) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY) AS label,
          avg(sales_value) FILTER (ts > cutoff - INTERVAL 30 DAY AND ts <= cutoff) AS mean_30d,
          date_diff('microsecond', max(ts) FILTER (ts <= cutoff), cutoff) / 86400e6 AS silent
        FROM raw.lines, cutoffs
        GROUP BY store_id, cutoff
        HAVING min(ts) <= cutoff AND label IS NOT NULL
        """,
        700);

    [Fact]
    public void A_households_smallest_basket() => Check(
        """
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc }
        source baskets = group transactions by household_id, basket_id { total = sum(sales_value) }
        entity household
        var household.largest_90d = max(baskets.total) over 90 days
        predict small_basket for household {
          label    min(baskets.total) in next 30 days <= 2
          observe  at '2017-06-01', '2017-09-01', '2017-12-01'
          train    xgboost
        }
        """,
        """
        WITH baskets AS (SELECT household_id, basket_id, sum(sales_value) AS total, max(ts) AS ts FROM raw.lines GROUP BY ALL)
        SELECT household_id, cutoff,
          round(min(total) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY), 6) <= 2 AS label,
          max(total) FILTER (ts > cutoff - INTERVAL 90 DAY AND ts <= cutoff) AS largest_90d
        FROM baskets, (VALUES (TIMESTAMP '2017-06-01'), ('2017-09-01'), ('2017-12-01')) AS cutoffs (cutoff)
        GROUP BY ALL
        HAVING min(ts) <= cutoff AND label IS NOT NULL
        """,
        4_000);

    [Fact]
    public void The_largest_basket_of_a_store() => Check(
        """
        source transactions { file 't.parquet'  entity store by store_id  time transaction_timestamp_utc }
        source baskets = group transactions by store_id, basket_id { total = sum(sales_value) }
        entity store
        var store.baskets_30d = count(baskets) over 30 days
        predict largest for store {
          label    max(baskets.total) in next 30 days
          when     exists(baskets) over 60 days
          observe  every 30 days count 4
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2017-12-02' - INTERVAL 30 DAY * unnest([0, 1, 2, 3]) AS cutoff),
        baskets AS (SELECT store_id, basket_id, sum(sales_value) AS total, max(ts) AS ts FROM raw.lines GROUP BY ALL)
        SELECT store_id, cutoff,
          max(total) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY) AS label,
          count(*) FILTER (ts > cutoff - INTERVAL 30 DAY AND ts <= cutoff) AS baskets_30d
        FROM baskets, cutoffs
        GROUP BY ALL
        HAVING bool_or(ts > cutoff - INTERVAL 60 DAY AND ts <= cutoff) AND label IS NOT NULL
        """,
        400);

    [Fact]
    public void The_share_of_discounts() => Check(
        """
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc }
        entity household
        var household.share_90d = (sum(transactions.retail_disc) / sum(transactions.sales_value)) over 90 days
        predict discounts for household {
          label    sum(transactions.retail_disc) in next 30 days / sum(transactions.sales_value) in next 30 days
          given    sum(transactions.retail_disc) in next 30 days > 0
          observe  every 30 days count 4
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2017-12-02' - INTERVAL 30 DAY * unnest([0, 1, 2, 3]) AS cutoff)
        SELECT household_id, cutoff,
          sum(retail_disc) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY) / nullif(sum(sales_value) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY), 0) AS label,
          sum(retail_disc) FILTER (ts > cutoff - INTERVAL 90 DAY AND ts <= cutoff) / nullif(sum(sales_value) FILTER (ts > cutoff - INTERVAL 90 DAY AND ts <= cutoff), 0) AS share_90d
        FROM raw.lines, cutoffs
        GROUP BY ALL
        HAVING min(ts) <= cutoff AND sum(retail_disc) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY) > 0 AND label IS NOT NULL
        """,
        4_800);

    [Fact]
    public void Campaigns_that_run_whether_or_not_anybody_has_redeemed() => Check(
        """
        source campaigns   { file 'c.csv'  static }
        source running     { file 'c.csv'  entity campaign by campaign_id  valid from start_date to end_date + 1 day }
        source redemptions { file 'r.csv'  entity campaign by campaign_id  time redemption_date }
        entity campaign from campaigns by campaign_id since start_date
        var campaign.so_far = count(redemptions)
        var campaign.kind   = campaigns.campaign_type
        predict redeemed for campaign {
          label    count_distinct(redemptions.household_id) in next 28 days
          when     running.campaign_type is not null
          observe  every 28 days from '2017-01-02'
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT unnest(generate_series(TIMESTAMP '2017-01-02', TIMESTAMP '2017-12-03', INTERVAL 28 DAY)) AS cutoff)
        SELECT c.campaign_id, cutoff,
          count(DISTINCT household_id) FILTER (redemption_date > cutoff AND redemption_date <= cutoff + INTERVAL 28 DAY) AS label,
          count(redemption_date) FILTER (redemption_date <= cutoff) AS so_far,
          campaign_type AS kind
        FROM raw.campaigns AS c CROSS JOIN cutoffs LEFT JOIN raw.redemptions AS r ON r.campaign_id = c.campaign_id
        WHERE start_date <= cutoff AND cutoff < end_date + INTERVAL 1 DAY
        GROUP BY ALL
        """,
        30);

    [Fact]
    public void Households_that_leave_no_trace_in_two_tables() => Check(
        """
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc }
        source redemptions  { file 'r.csv'  entity household by household_id  time redemption_date }
        source touches      = union of transactions, redemptions
        entity household
        var household.touches_30d  = count(touches) over 30 days
        var household.redeemed_30d = count(touches where part = 'redemptions') over 30 days
        predict gone for household {
          label    not exists(touches) in next 14 days
          when     exists(touches) over 30 days
          observe  every 14 days count 6
          train    xgboost
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2017-12-17' - INTERVAL 14 DAY * unnest([0, 1, 2, 3, 4, 5]) AS cutoff),
        touches AS (
          SELECT household_id, ts, false AS is_redemption FROM raw.lines UNION ALL SELECT household_id, redemption_date, true FROM raw.redemptions
        )
        SELECT household_id, cutoff,
          NOT bool_or(ts > cutoff AND ts <= cutoff + INTERVAL 14 DAY) AS label,
          count(*) FILTER (ts > cutoff - INTERVAL 30 DAY AND ts <= cutoff) AS touches_30d,
          count(*) FILTER (is_redemption AND ts > cutoff - INTERVAL 30 DAY AND ts <= cutoff) AS redeemed_30d
        FROM touches, cutoffs
        GROUP BY ALL
        HAVING touches_30d > 0
        """,
        8_000);

    [Fact]
    public void Days_until_the_next_visit() => Check(
        """
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc }
        entity household
        var household.last_value = last(transactions.sales_value)
        var household.known      = days since first(transactions)
        predict next_visit for household {
          label    days until first(transactions) in next 60 days
          when     exists(transactions) over 90 days
          observe  at '2017-04-01', '2017-07-01', '2017-10-01'
          train    linear
        }
        """,
        """
        SELECT household_id, cutoff,
          date_diff('microsecond', cutoff, min(ts) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 60 DAY)) / 86400e6 AS label,
          max_by(sales_value, (ts, sales_value)) FILTER (ts <= cutoff) AS last_value,
          date_diff('microsecond', min(ts), cutoff) / 86400e6 AS known
        FROM raw.lines, (VALUES (TIMESTAMP '2017-04-01'), ('2017-07-01'), ('2017-10-01')) AS cutoffs (cutoff)
        GROUP BY household_id, cutoff
        HAVING bool_or(ts > cutoff - INTERVAL 90 DAY AND ts <= cutoff) AND label IS NOT NULL
        """,
        5_000);

    [Fact]
    public void The_department_of_the_next_line() => Check(
        """
        source products     { file 'p.parquet'  key product_id  static }
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc  join products on product_id }
        entity household
        var household.previous = last(transactions.products.department where products.department is not null)
        predict next_department for household {
          label    first(transactions.products.department::string where products.department is not null) in next 30 days
          observe  every 30 days count 3
          train    xgboost
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2017-12-02' - INTERVAL 30 DAY * unnest([0, 1, 2]) AS cutoff)
        SELECT household_id, cutoff,
          min_by(department, (ts, department)) FILTER (department IS NOT NULL AND ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY) AS label,
          max_by(department, (ts, department)) FILTER (department IS NOT NULL AND ts <= cutoff) AS previous
        FROM raw.lines LEFT JOIN raw.products USING (product_id), cutoffs
        GROUP BY ALL
        HAVING min(ts) <= cutoff AND label IS NOT NULL
        """,
        4_500);

    [Fact]
    public void Baskets_of_the_households_that_are_described() => Check(
        """
        source demographics { file 'd.csv'  static }
        source transactions { file 't.parquet'  entity household by household_id  time transaction_timestamp_utc }
        entity household from demographics by household_id
        var household.baskets_30d = count_distinct(transactions.basket_id) over 30 days
        var household.income      = demographics.income
        predict baskets for household {
          label    count_distinct(transactions.basket_id) in next 30 days
          observe  at '2017-01-02', '2017-06-01'
          split    at '2017-06-01'
          train    xgboost
        }
        """,
        """
        SELECT d.household_id, cutoff,
          count(DISTINCT basket_id) FILTER (ts > cutoff AND ts <= cutoff + INTERVAL 30 DAY) AS label,
          count(DISTINCT basket_id) FILTER (ts > cutoff - INTERVAL 30 DAY AND ts <= cutoff) AS baskets_30d,
          income
        FROM raw.demographics AS d LEFT JOIN raw.lines AS l ON l.household_id = d.household_id, (VALUES (TIMESTAMP '2017-01-02'), ('2017-06-01')) AS cutoffs (cutoff)
        GROUP BY ALL
        """,
        1_602);

    [Fact]
    public void Whether_a_mailing_is_answered() => Check(
        """
        source campaigns   { file 'c.csv'  key campaign_id  static }
        source mailings    { file 'm.csv'  key household_id, campaign_id  join campaigns on campaign_id  entity household by household_id  time campaigns.start_date }
        source redemptions { file 'r.csv'  entity household by household_id  time redemption_date }
        entity household
        var household.mailings_180d = count(mailings) over 180 days
        var household.answers       = count(redemptions)
        predict answered for household {
          label    exists(redemptions where campaign_id = anchor.campaign_id) in next 35 days
          observe  at each mailings from '2017-01-01'
          var      kind = anchor.campaigns.campaign_type
          split    by entity 80 / 20
          train    xgboost
        }
        """,
        """
        WITH mailings AS (SELECT household_id, campaign_id, start_date::TIMESTAMP AS cutoff, campaign_type AS kind FROM raw.mailings JOIN raw.campaigns USING (campaign_id))
        SELECT household_id, campaign_id, cutoff,
          EXISTS (
            FROM raw.redemptions AS r
            WHERE r.household_id = m.household_id AND r.campaign_id = m.campaign_id AND redemption_date > cutoff AND redemption_date <= cutoff + INTERVAL 35 DAY
          ) AS label,
          (SELECT count(*) FROM mailings AS p WHERE p.household_id = m.household_id AND p.cutoff <= m.cutoff AND p.cutoff > m.cutoff - INTERVAL 180 DAY) AS mailings_180d,
          (SELECT count(*) FROM raw.redemptions AS r WHERE r.household_id = m.household_id AND redemption_date <= cutoff) AS answers,
          kind
        FROM mailings AS m
        WHERE cutoff >= '2017-01-01' AND cutoff + INTERVAL 35 DAY <= '2017-12-31'
        """,
        4_000);

    [Fact]
    public void Whether_a_promoted_product_is_sold_in_its_store() => Check(
        """
        source transactions { file 't.parquet'  entity item by store_id, product_id  time transaction_timestamp_utc }
        source promotions   { file 'o.parquet'  entity item by store_id, product_id  time to_timestamp(1482710400 + (week - 1) * 604800) }
        entity item
        var item.promoted_4w = count(promotions) over 4 weeks
        var item.sold_4w     = sum(transactions.quantity) over 4 weeks
        predict sold for item {
          label    exists(transactions) in next 1 week
          when     exists(promotions where mailer_location <> '0') over 1 week
          observe  at '2017-05-01', '2017-09-04'
          split    by time 50 / 50
          train    logistic
        }
        """,
        """
        WITH cutoffs (cutoff) AS (VALUES (TIMESTAMP '2017-05-01'), ('2017-09-04')),
        promotions AS (SELECT *, DATE '2016-12-26' + 7 * (week - 1) AS begins FROM raw.promotions),
        promoted AS (
          SELECT store_id, product_id, cutoff, count(*) AS promoted_4w
          FROM promotions, cutoffs
          WHERE begins <= cutoff AND begins > cutoff - INTERVAL 28 DAY GROUP BY ALL
          HAVING bool_or(begins > cutoff - INTERVAL 7 DAY AND mailer_location <> '0')
        )
        SELECT p.store_id, p.product_id, cutoff,
          coalesce(bool_or(ts > cutoff AND ts <= cutoff + INTERVAL 7 DAY), false) AS label, promoted_4w,
          coalesce(sum(quantity) FILTER (ts > cutoff - INTERVAL 28 DAY AND ts <= cutoff), 0) AS sold_4w
        FROM promoted AS p LEFT JOIN raw.lines AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
        GROUP BY ALL
        """,
        3_000);

    private static void Check(string program, string query, long atLeast) => HandTask.Check(
        program, query,
        $"""
        CREATE VIEW raw.lines AS SELECT transaction_timestamp_utc AS ts, * FROM read_parquet('{Path("transactions_sample.parquet")}');
        CREATE VIEW raw.products AS FROM read_parquet('{Path("products.parquet")}');
        CREATE VIEW raw.promotions AS FROM read_parquet('{Path("promotions_sample.parquet")}'); CREATE VIEW raw.coupons AS FROM read_parquet('{Path("coupons.parquet")}');
        CREATE VIEW raw.redemptions AS FROM read_csv('{Path("coupon_redemptions.csv")}');
        CREATE VIEW raw.mailings AS FROM read_csv('{Path("campaigns.csv")}');
        CREATE VIEW raw.campaigns AS FROM read_csv('{Path("campaign_descriptions.csv")}');
        CREATE VIEW raw.demographics AS FROM read_csv('{Path("demographics.csv")}')
        """,
        atLeast, [.. from file in Files where program.Contains($"source {file.Source} ", StringComparison.Ordinal) select (file.Source, $"completejourney/{file.File}")]);

    private static string Path(string file) => SharedData.Require($"completejourney/{file}");
}
