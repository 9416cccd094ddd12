using System.Collections.Immutable;
using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.Tasks.Meaning;

namespace SqlMl.OracleTests.Tasks;

/// <summary>Group (d) of the acceptance corpus: everyday tasks, the first five.</summary>
internal static class EverydayTasks
{
    private const string Health =
        """
        source members { table crm.users  entity user by user_id  entity account by account_id  valid from valid_from to valid_to }
        source events  { table app.events  entity user by user_id  join members on user_id  entity account by members.account_id  time ts }
        source invoices { table bill.invoices  entity account by account_id  time issued_at  late paid_at at paid_at }
        entity user
        entity account
        var user.sessions        = count_distinct(events.session_id) over 7, 30 days
        var account.active_users = count_distinct(events.user_id) over 7, 30 days
        var account.power_users  = count(user where sessions_30d >= 10)
        var account.median_sessions = median(user.sessions_30d)
        predict health for account { label not exists(events) in next 30 days  when active_users_30d >= 1  observe every 7 days  train xgboost }
        """;

    private const string Trial =
        """
        source subs   { table app.subscriptions  entity user by user_id  time changed_at }
        source usage  { table app.events  entity user by user_id  time ts }
        entity user
        var user.events_since_start = count(usage)
        var user.active = active_days(usage) over 1, 3, 7 days
        predict converts for user {
          label   exists(subs where status = 'paid') in next 14 days
          when    not exists(subs where status = 'paid')
          observe 7 days after first(subs where status = 'trial')
          train   xgboost
        }
        """;

    private const string NextBest =
        """
        source orders { table shop.orders  entity customer by customer_id  time ordered_at  join products on product_id }
        source products { table shop.products  static }
        entity customer
        var customer.by_category = count(orders) by category top 10 over 90 days
        predict next_category for customer {
          label   first(orders.products.category) in next 30 days
          when    exists(orders) over 180 days
          observe every 30 days
          train   xgboost
          output  { class next_category  reasons top 3 }
        }
        """;

    private const string Credit =
        """
        source loans    { table bank.loans     entity borrower by borrower_id  time granted_at  key loan_id }
        source payments { table bank.payments  entity borrower by borrower_id  time due_at  late paid_at, days_past_due at updated_at }
        entity borrower
        var borrower.loans_before = count(loans) over 5 years
        var borrower.worst_dpd    = max(payments.days_past_due) over 24 months
        predict default_12m for borrower {
          label   exists(payments where loan_id = anchor.loan_id and days_past_due >= 90) in next 12 months
          observe at each loans
          var     amount = anchor.amount
          train   xgboost
        }
        """;

    private const string NoShow =
        """
        source appointments { table clinic.appointments  entity patient by patient_id  time starts_at  known at booked_at  key appointment_id
                              late status at closed_at }
        entity patient
        var patient.no_shows = count(appointments where status = 'no_show') over 2 years
        predict no_show for patient {
          observe 24 hours before each appointments
          label   anchor.status = 'no_show' in next 7 days
          var     lead_days = days_between(anchor.booked_at, anchor.starts_at)
          train   xgboost
        }
        """;

    public static ImmutableArray<OracleTask> All { get; } =
    [
        // What aggregates members is held by OracleRollupTests; the oracle of programs has no members.
        new("d1", Health, HealthOf)
        {
            Changes =
            [
                ("var account.power_users  = count(user where sessions_30d >= 10)\n", ""),
                ("var account.median_sessions = median(user.sessions_30d)\n", ""),
            ],
        },
        new("d2", Trial, TrialOf),
        // Nothing says the type of the category (rule 59). The oracle of programs learns no values: the pivot lists them.
        new("d3", NextBest, NextBestOf)
        {
            Refused = ["SML3012"],
            Changes = [("by category top 10", "by products.category in ('shoes', 'hats')"), ("first(orders.products.category)", "first(orders.products.category::string)")],
        },
        new("d4", Credit, CreditOf),
        new("d5", NoShow, NoShowOf),
    ];

    private static OracleProgram HealthOf(TaskRows rows) => Program(
        "account",
        Model("health", Not(Exists("events", window: Next(Days(30)))), Every(Days(7))) with { When = Compare(Read("active_users_30d"), OracleOperator.GreaterOrEqual, Constant(1m)) },
        [Family("active_users", Take(AggregateKind.CountDistinct, "events.user_id"), DurationUnit.Day, 7, 30)],
        rows.Source("members", 14, """
            user_id text u1 u2 u3 u4 u5 u6
            account_id text a1 a2 a3 5%
            valid_from instant in 90d
            valid_to instant after valid_from 60d 30%
            """).WithoutTies("user_id", "valid_from") with { Keys = ["account_id"], Valid = new("valid_from", "valid_to") },
        rows.Source("events", 70, """
            user_id text u1 u2 u3 u4 u5 u6 u7 4%
            ts instant in 150d 4%
            session_id text s1 s2 s3
            """).Of("members.account_id", "ts") with { Joins = [new JoinClause("members", null, [new JoinKey("user_id", "user_id")])] },
        rows.Source("invoices", 6, """
            account_id text a1 a2 a4
            issued_at instant in 120d
            paid_at instant after issued_at 30d 30%
            """).Of("account_id", "issued_at").Late("paid_at", "paid_at"));

    private static OracleProgram TrialOf(TaskRows rows) => Program(
        "user",
        Model("converts", Exists("subs", Is("status", "paid"), Next(Days(14))), AfterFirst(Days(7), "subs", Is("status", "trial"))) with
        {
            When = Not(Exists("subs", Is("status", "paid"))),
        },
        [
            Var("events_since_start", Count("usage")),
            Family("active", new AggregateExpression(AggregateKind.ActiveDays, "usage", null, null, null, null), DurationUnit.Day, 1, 3, 7),
        ],
        rows.Source("subs", 90, """
            user_id integer 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 4%
            changed_at instant in 90d 4%
            status text trial trial trial paid left 8%
            """).Of("user_id", "changed_at"),
        rows.Source("usage", 60, """
            user_id integer 1 2 3 4 5 6 7 8 9 10 11 13 4%
            ts instant in 90d 4%
            """).Of("user_id", "ts"));

    private static OracleProgram NextBestOf(TaskRows rows)
    {
        OracleVar Pivot(string name, OracleExpression where) => Var($"by_category_{name}", Count("orders", where, Over(Days(90))));
        return Program(
            "customer",
            Model("next_category", Take(AggregateKind.First, "orders.products.category", Next(Days(30))), Every(Days(30))) with { When = Exists("orders", window: Over(Days(180))) },
            [
                Pivot("shoes", Is("products.category", "shoes")),
                Pivot("hats", Is("products.category", "hats")),
                Pivot("other", new InExpression(Column("products.category"), [Constant("shoes"), Constant("hats")], true)),
                Pivot("null", IsNull("products.category")),
            ],
            rows.Source("orders", 60, """
                customer_id text c1 c2 c3 4%
                ordered_at instant in 200d 4%
                product_id integer 1 2 3 4 5 6 7 10%
                """).Of("customer_id", "ordered_at") with { Joins = [new JoinClause("products", null, [new JoinKey("product_id", "product_id")])] },
            Products());
    }

    /// <summary>One row a product, one without a category; orders also name one that is not here.</summary>
    private static OracleSource Products()
    {
        ImmutableArray<string?> categories = ["shoes", "hats", "hats", "Shoes", null, "bags"];
        return new OracleSource(
            "products", new OracleTable(
                [new("product_id", ColumnType.Integer), new("category", ColumnType.Text)],
                [.. categories.Select((category, i) => (ImmutableArray<object?>)[(decimal)(i + 1), category])]),
            IsParquet: true, [], null, null, []) { IsStatic = true };
    }

    private static OracleProgram CreditOf(TaskRows rows)
    {
        var isSameLoan = Compare(Column("loan_id"), OracleOperator.Equal, Anchor("loan_id"));
        return Program(
            "borrower",
            Model("default_12m", Exists("payments", And(isSameLoan, Compare(Column("days_past_due"), OracleOperator.GreaterOrEqual, Constant(90m))), Next(Months(12))), AtEach("loans")) with
            {
                Vars = [Var("amount", Anchor("amount"))],
            },
            [
                Var("loans_before", Count("loans", window: Over(Years(5)))),
                Var("worst_dpd", Take(AggregateKind.Max, "payments.days_past_due", Over(Months(24)))),
            ],
            rows.Source("loans", 30, """
                borrower_id text b1 b2 b3 b4 4%
                granted_at instant in 700d
                loan_id integer serial
                amount number 100 250.5 1000 10%
                """).Of("borrower_id", "granted_at") with { UniqueBy = ["loan_id"] },
            rows.Source("payments", 90, """
                borrower_id text b1 b2 b3 b4 4%
                due_at instant in 1000d
                loan_id integer 0 1 2 3 4 5 6 7 8 9 10 12 14 16 18 20 5%
                paid_at instant after due_at 120d 20%
                days_past_due number 0 30 90 120 150 15%
                updated_at instant after due_at 200d 15%
                """).Of("borrower_id", "due_at").Late("updated_at", "paid_at", "days_past_due"));
    }

    private static OracleProgram NoShowOf(TaskRows rows) => Program(
        "patient",
        Model("no_show", Compare(Anchor("status", Next(Days(7))), OracleOperator.Equal, Constant("no_show")),
            new OffsetEachObservation(Hours(24), true, new RowSelection("appointments", null), null, null)) with
        {
            Vars = [Var("lead_days", new CallExpression("days_between", [Anchor("booked_at"), Anchor("starts_at")]))],
        },
        [Var("no_shows", Count("appointments", Is("status", "no_show"), Over(Years(2))))],
        rows.Source("appointments", 70, """
            patient_id text p1 p2 p3 p4 4%
            booked_at instant in 120d 4%
            starts_at instant after booked_at 14d 4%
            appointment_id integer serial
            status text no_show came no_show came moved 10%
            closed_at instant after starts_at 8d 15%
            """).Of("patient_id", "starts_at").Late("closed_at", "status") with
        {
            KnownAt = new KnownAtClause("booked_at", null), IsPlanned = true, UniqueBy = ["appointment_id"],
        });
}
