namespace SqlMl.AcceptanceTests;

/// <summary>The task that multiplies rows on purpose: a coupon is good for many products.</summary>
public sealed partial class CompleteJourneyTaskTests
{
    [Fact]
    public void How_many_products_the_redeemed_coupons_are_good_for() => Check(
        """
        source coupons     { file 'k.parquet'  static }
        source redemptions { file 'r.csv'  entity household by household_id  time redemption_date }
        source offers      { file 'r.csv'  entity household by household_id  time redemption_date  column campaign = campaign_id  join each coupons on coupon_upc }
        entity household
        var household.redeemed  = count(redemptions)
        var household.offers    = count(offers where coupons.campaign_id = campaign)
        var household.products  = count_distinct(offers.coupons.product_id where coupons.campaign_id = campaign) over 60 days
        predict products for household {
          label    count_distinct(offers.coupons.product_id where coupons.campaign_id = campaign) in next 60 days
          when     exists(redemptions)
          observe  every 60 days count 4
          train    linear
        }
        """,
        """
        WITH cutoffs AS (SELECT TIMESTAMP '2017-11-01' - INTERVAL 60 DAY * unnest([0, 1, 2, 3]) AS cutoff),
        offers AS (
          SELECT household_id, redemption_date, product_id FROM raw.redemptions AS r JOIN raw.coupons AS k ON k.coupon_upc = r.coupon_upc AND k.campaign_id = r.campaign_id
        )
        SELECT r.household_id, cutoff,
          (SELECT count(DISTINCT product_id) FROM offers AS o WHERE o.household_id = r.household_id AND redemption_date > cutoff AND redemption_date <= cutoff + INTERVAL 60 DAY) AS label,
          count(*) AS redeemed,
          (SELECT count(*) FROM offers AS o WHERE o.household_id = r.household_id AND redemption_date <= cutoff) AS offers,
          (SELECT count(DISTINCT product_id) FROM offers AS o WHERE o.household_id = r.household_id AND redemption_date > cutoff - INTERVAL 60 DAY AND redemption_date <= cutoff) AS products
        FROM raw.redemptions AS r, cutoffs
        WHERE redemption_date <= cutoff
        GROUP BY ALL
        """,
        300);
}
