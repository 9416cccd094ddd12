namespace SqlMl.Syntax.Tests;

/// <summary>Programs that together use every form of the language.</summary>
internal static class Corpus
{
    public const string Sources = """
        -- every clause of a source
        source orders {
          table    param orders_table
          entity   customer by customer_id::string as buyer, seller_id as seller
          entity   shop by location.shop_id
          ids      user_id, email = lower(email)
          time     to_timestamp(created / 1000) zone 'Europe/Paris'
          known at greatest(loaded_at, fixed_at) within 2 days
          delay    6 hours
          complete until as_of - 1 day
          key      order_id, line
          late     status, paid_at at updated_at
          late     rating
          planned
          join     products on product_id
          join     each lines as l on order_id = id, shop = l.shop
          where    channel <> 'test' and not (amount is null or amount < 0)
          column   amount_eur = amount * fx_rate
          order by seq.no
        }
        source profile { table crm.public.profile  entity customer by id  valid from valid_from to valid_to + 1 day }
        source country { file 'ref/country-*.csv'  static }
        source copy    { from orders  where status = 'it''s' }
        source `Odd "Name"` { table param.tables  static }
        source touch = union of web_events, app_events, calls
        source daily = group orders by customer_id, ordered_on { total = sum(amount) n = count(*) }
        source odd   = sql { snowflake 'select 1
          from t' duckdb 'select 1' }
        """;

    public const string Entities = """
        entity customer
        entity buyer from customers by customer_id, shop_id since signed.up_at
        entity user { id main_id from user_id, anonymous_id  ignore email in ('', 'none') at most 50 links stitch as of }
        entity account from accounts by id { stitch as of }
        """;

    public const string Vars = """
        var c.a = count(orders) over 7, 30, 90 days
        var c.b = sum(orders.amount where status = 'paid') over lookback default 0 "Paid \"in full\" \\"
        var c.d = revenue_90d / nullif(orders_90d, 0)
        var c.e = days since last(orders)
        var c.f = count(orders) by products.category top 10 over 90 days
        var c.g = count(orders) by channel in ('web', -1, null, true) over param lookback
        var c.h = count(orders) by channel
        var c.i = (count(a) / count(b)) over 7, 30 days ending 1 day ago
        var c.j = count(orders) over 30 days - count(orders) over 30 days ending 30 days ago
        var c.k = payload:device.class[0]['k']::string
        var c.l = case when a > 1 then 'x' when b then 'y' else 'z' end
        var c.m = case a when 1 then true end
        var c.n = raw { snowflake 'iff(a, 1, 0)' duckdb 'if(a, 1, 0)' }
        var c.o = cortex.classify(text, ['good', 'bad'])
        var c.p = not a and not not b or c between 1 + 1 and -2 and d not in (1, 2) or e ilike 'x%' and f is not null
        var c.q = count(games as home where goals >= 2 and rival is null)
        var c.r = count(* where days % 2 = 0) + now() * -1.5e-3
        var c.s = hours since last(label.time where at not between 1 and 2 and days = 3) default -1
        var c.t = count(orders) by channel top 3 over 7, 30 days
        var c.u = minutes until first(visits) in next 2 hours
        var c.v = x not like 'a' and (time = 3 days)
        param lookback = 90 days
        param events_table = 'a.b.c'
        import 'packages/*.sqlml' as shop
        import 'other.sqlml'
        cohort hot for c = p.percentile >= 90 and d > 100
        view v for c { all, p.score, p.percentile }
        view w for c { p.score }
        """;

    public const string Predictions = """
        predict p for c {
          label not exists(orders) in next 7, 30 days after 2 days default false "gone"
          var hour = hour_of(cutoff)
          when country = 'US' and is_payer
          given exists(results) in next 30 days
          observe every 7 days aligned to '2023-06-01' from '2023-01-01' until as_of - 30 days count 40
          until first(events where event_name = 'submit_form')
          sample 200000 rows
          allow immature
          require history 30 days
          using all, merchant.fraud_share, anchor.amount as amount except name, gender.x
          train xgboost { rounds 400 rate 0.1 shift -1 objective 'x' metric logloss verbose true }
          split by time 70 / 15 / 15
          retrain after 168 hours
          schedule score daily at '03:00'
          score only when key = 440
          output {
            score s "d"
            class c at best f1
            class at recall 0.8
            class d at 0.5
            band risk cut 0.2, 0.6
            holdout 10 %
            percentile
            decile dec
            raw r
            attribute next array "x"
            reasons top 3
            keep last 5 runs
          }
        }
        predict q for c { observe every step  observe at each k where a = 1 from '2024-01-01'  observe before each k until as_of + 1 day
          observe at '2024-01-01', '2024-02-01'  observe 24 hours before each k  observe 2 days after each k where b  observe 7 days after first(k where c) from '2024-01-01'
          label churned after 7 days  using auto depth 2 max 300  train best of logistic, xgboost by auc  split by entity 80 / 20 seed 1
          schedule score weekly  output { } }
        predict r for c { rank top 20 orders.article in next 90 days  using auto  train external 'm.zip' { map a = b c = d allow pickle }
          split random 80 / 20 seed 42 stratified  schedule score every 6 hours }
        predict s for c { label (x = 1) after 3 days  split at '2005-01-01', '2010-01-01'  train external 'm.zip'  schedule score daily  using a, b.c as d }
        predict t for c { label sum(o.x) in next 30 days repeated 12 times  split random 80 / 20  split by entity 1 / 1  train linear { } }
        test 'only the past' for p {
          rows k (a, b) (1, 'x'), (-2, null)
          rows label (time) ('2024-01-01')
          at '2024-01-31' entity 'c1', 2 expect y_7d = 2, label = false, tags = ['a', 'b']
        }
        """;

    public const string NamesThatAreKeywords = """
        SOURCE label { TABLE a.b entity time by class, order as at, until as from time time zone 'UTC' where at = 3 and score > 2 or label is null column over = days + 1 static order by order }
        entity from
        var time.x = first(label.first where first = 'first') by first top 3 over 7 days default 0
        var from.by = days
        var next.in_ = count(next) In Next 3 Days
        predict at for time { label label after 7 days when when_ observe at each each until as_of train best split at '2020-01-01' output { class depth at best best } }
        """;

    public static IReadOnlyList<string> All { get; } = [Sources, Entities, Vars, Predictions, NamesThatAreKeywords];
}
