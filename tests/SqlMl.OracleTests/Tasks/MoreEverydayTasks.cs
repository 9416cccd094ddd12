using System.Collections.Immutable;
using SqlMl.Testing.Programs;
using static SqlMl.OracleTests.Tasks.Meaning;

namespace SqlMl.OracleTests.Tasks;

/// <summary>Group (d) of the acceptance corpus: everyday tasks, the last five.</summary>
internal static class MoreEverydayTasks
{
    private const string Delivery =
        """
        source shipments { table log.shipments  entity carrier by carrier_id  time created_at  key shipment_id  late delivered_at at delivered_at }
        entity carrier
        var carrier.late_share = share(shipments.delivered_at > promised_at) over 30 days                       -- a shipment not yet delivered reads null
        predict late for carrier {
          observe at each shipments
          label   anchor.delivered_at > anchor.promised_at in next 60 days
          train   xgboost
        }
        predict eta for carrier { observe at each shipments  label days until anchor.delivered_at in next 60 days  train xgboost }
        """;

    private const string Maintenance =
        """
        source readings { table iot.readings  entity machine by machine_id  time ts }
        source failures { table iot.failures  entity machine by machine_id  time failed_at }
        source repairs  { table iot.repairs   entity machine by machine_id  time started_at }
        entity machine
        var machine.temp_mean  = avg(readings.temperature) over 1, 24, 168 hours
        var machine.temp_max   = max(readings.temperature) over 24 hours
        var machine.vib_sd     = stddev(readings.vibration) over 24 hours
        var machine.temp_trend = trend(readings.temperature) over 7 days
        var machine.temp_jump  = avg(readings.temperature) over 1 hour - avg(readings.temperature) over 1 hour ending 24 hours ago
        predict fails for machine {
          label   exists(failures) in next 7 days
          when    not exists(repairs) over 2 days and exists(readings) over 1 day
          observe every 1 day
          train   xgboost
        }
        """;

    private const string Value =
        """
        source orders { table shop.orders  entity customer by customer_id  time ordered_at }
        entity customer
        var customer.first_week = sum(orders.amount) over 7 days
        predict ltv_12m for customer { label sum(orders.amount) in next 12 months  observe 7 days after first(orders)  train xgboost }
        """;

    private const string Escalation =
        """
        source ticket_events { table zd.ticket_events  entity ticket by ticket_id  entity customer by requester_id  time created_at }
        entity ticket
        entity customer
        var ticket.messages = count(ticket_events)
        var customer.tickets_90d = count_distinct(ticket_events.ticket_id) over 90 days
        predict escalates for ticket {
          label   exists(ticket_events where type = 'escalated') in next 48 hours
          observe 1 hour after first(ticket_events where type = 'created')
          until   first(ticket_events where type = 'escalated')
          using   all, customer.tickets_90d
          train   xgboost
        }
        """;

    private const string Fraud =
        """
        source tx { table pay.transactions  entity card by card_id  entity merchant by merchant_id  time ts  key tx_id
                    late is_fraud at reported_at }
        entity card
        entity merchant
        var card.tx           = count(tx) over 1, 24 hours
        var card.spent        = sum(tx.amount) over 1, 24, 720 hours
        var card.known_frauds = count(tx where is_fraud) over 180 days
        var merchant.fraud_share = share(tx.is_fraud) over 90 days
        predict fraud for card {
          observe at each tx
          label   anchor.is_fraud in next 60 days default false
          using   all, merchant.fraud_share, anchor.amount, anchor.country
          train   xgboost
        }
        """;

    public static ImmutableArray<OracleTask> All { get; } =
    [
        new("d6", Delivery, LateOf),
        new("d6", Delivery, ArrivalOf),
        new("d7", Maintenance, MaintenanceOf),
        new("d8", Value, ValueOf),
        new("d9", Escalation, EscalationOf),
        new("d10", Fraud, FraudOf),
    ];

    private static OracleProgram LateOf(TaskRows rows) => Delivered(
        rows, Model("late", Compare(Anchor("delivered_at", Next(Days(60))), OracleOperator.Greater, Anchor("promised_at", Next(Days(60)))), AtEach("shipments")));

    private static OracleProgram ArrivalOf(TaskRows rows) => Delivered(
        rows, Model("eta", new ElapsedExpression(DurationUnit.Day, Anchor("delivered_at", Next(Days(60)))) { IsAhead = true }, AtEach("shipments")));

    private static OracleProgram Delivered(TaskRows rows, OracleModel model) => Program(
        "carrier", model, [Var("late_share", Take(AggregateKind.Share, "shipments.is_late", Over(Days(30))))],
        rows.Source("shipments", 90, """
            carrier_id text k1 k2 k3 4%
            created_at instant in 200d 4%
            shipment_id integer serial
            promised_at instant after created_at 20d 8%
            delivered_at instant after created_at 70d 15%
            """).Of("carrier_id", "created_at").Late("delivered_at", "delivered_at")
            .With("is_late", Compare(Column("delivered_at"), OracleOperator.Greater, Column("promised_at"))) with { UniqueBy = ["shipment_id"] });

    private static OracleProgram MaintenanceOf(TaskRows rows)
    {
        var mean = Take(AggregateKind.Avg, "readings.temperature");
        return Program(
            "machine",
            Model("fails", Exists("failures", window: Next(Days(7))), Every(Days(1))) with
            {
                When = And(Not(Exists("repairs", window: Over(Days(2)))), Exists("readings", window: Over(Days(1)))),
            },
            [
                Family("temp_mean", mean, DurationUnit.Hour, 1, 24, 168),
                Var("temp_max", Take(AggregateKind.Max, "readings.temperature", Over(Hours(24)))),
                Var("vib_sd", Take(AggregateKind.Stddev, "readings.vibration", Over(Hours(24)))),
                Var("temp_trend", Take(AggregateKind.Trend, "readings.temperature", Over(Days(7)))),
                Var("temp_jump", Compare(mean with { Window = Over(Hours(1)) }, OracleOperator.Subtract, mean with { Window = Over(Hours(1), Hours(24)) })),
            ],
            rows.Source("readings", 120, """
                machine_id text m1 m2 m3 4%
                ts instant in 40d 3%
                temperature number 20.25 30.5 41 55.75 -3 10%
                vibration number 0.25 1.5 2 7 10%
                """).Of("machine_id", "ts"),
            rows.Source("failures", 12, """
                machine_id text m1 m2 m3
                failed_at instant in 45d
                """).Of("machine_id", "failed_at"),
            rows.Source("repairs", 8, """
                machine_id text m1 m2 m3
                started_at instant in 40d
                """).Of("machine_id", "started_at"));
    }

    private static OracleProgram ValueOf(TaskRows rows) => Program(
        "customer",
        Model("ltv_12m", Take(AggregateKind.Sum, "orders.amount", Next(Months(12))), AfterFirst(Days(7), "orders")),
        [Var("first_week", Take(AggregateKind.Sum, "orders.amount", Over(Days(7))))],
        rows.Source("orders", 60, """
            customer_id text c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 c13 c14 c15 c16 c17 c18 c19 c20 c21 c22 c23 c24 c25 c26 c27 c28 c29 c30 4%
            ordered_at instant in 1500d 3%
            amount number 10 12.5 0.75 -4 99 10%
            """).Of("customer_id", "ordered_at"));

    private static OracleProgram EscalationOf(TaskRows rows) => Program(
        "ticket",
        Model("escalates", Exists("ticket_events", Is("type", "escalated"), Next(Hours(48))), AfterFirst(Hours(1), "ticket_events", Is("type", "created"))) with
        {
            Until = new RowSelection("ticket_events", Is("type", "escalated")),
            Vars = [Var("customer_tickets_90d", new LinkedExpression("customer", "tickets_90d"))],
        },
        [Var("messages", Count("ticket_events"))],
        rows.Source("ticket_events", 100, """
            ticket_id integer 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 4%
            requester_id text r1 r2 r3 10%
            created_at instant in 30d 3%
            type text created created message escalated 5%
            """).Of("ticket_id", "created_at") with { OtherKeys = ["requester_id"] }) with
    {
        Other = new OtherEntity("customer", [Var("tickets_90d", Take(AggregateKind.CountDistinct, "ticket_events.ticket_id", Over(Days(90))))]),
    };

    private static OracleProgram FraudOf(TaskRows rows) => Program(
        "card",
        Model("fraud", Anchor("is_fraud", Next(Days(60))), AtEach("tx")) with
        {
            LabelDefault = Constant(false),
            Vars =
            [
                Var("merchant_fraud_share", new LinkedExpression("merchant", "fraud_share")),
                Var("amount", Anchor("amount")),
                Var("country", Anchor("country")),
            ],
        },
        [
            Family("tx", Count("tx"), DurationUnit.Hour, 1, 24),
            Family("spent", Take(AggregateKind.Sum, "tx.amount"), DurationUnit.Hour, 1, 24, 720),
            Var("known_frauds", Count("tx", Column("is_fraud"), Over(Days(180)))),
        ],
        rows.Source("tx", 90, """
            card_id text c1 c2 c3 4%
            merchant_id text m1 m2 m3 6%
            ts instant in 150d 3%
            tx_id integer serial
            is_fraud boolean 25%
            reported_at instant after ts 70d 15%
            amount number 10 20.5 0.25 1000 8%
            country text FR US 8%
            """).Of("card_id", "ts").Late("reported_at", "is_fraud") with { UniqueBy = ["tx_id"], OtherKeys = ["merchant_id"] }) with
    {
        Other = new OtherEntity("merchant", [Var("fraud_share", Take(AggregateKind.Share, "tx.is_fraud", Over(Days(90))))]),
    };
}
