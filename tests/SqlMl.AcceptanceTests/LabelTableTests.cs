namespace SqlMl.AcceptanceTests;

/// <summary>Label tables that were computed independently, in SQL and in pandas, are reproduced row for row.</summary>
public sealed class LabelTableTests
{
    private const string Cdnow = """
        source transactions { file 'transactions.csv'  entity customer by customer_id  time date }
        entity customer
        var customer.orders_90d = count(transactions) over 90 days
        predict no_purchase_90d for customer {
          label   not exists(transactions) in next 90 days
          when    exists(transactions) over 90 days
          observe every 3 months aligned to '1997-04-01' from '1997-04-01'
          split   by time 60 / 40
          train   xgboost
        }
        """;

    private const string CompleteJourney = """
        source transactions { file 'transactions.parquet'  entity household by household_id  time transaction_timestamp_utc }
        entity household
        var household.visits_60d = count(transactions) over 60 days
        predict no_purchase_30d for household {
          label   not exists(transactions) in next 30 days
          when    exists(transactions) over 60 days
          observe at {0}
          split   by time 60 / 40
          train   xgboost
        }
        """;

    [Fact]
    public void Cdnow_customers_who_fall_silent()
    {
        var expected = SharedData.Require("cdnow/expected_labels.csv");
        CheckLabels(Cdnow, "cdnow/transactions.csv", expected, "no_purchase_90d", "customer_id", 40_933);
    }

    [Fact]
    public void Complete_journey_households_who_fall_silent()
    {
        var expected = SharedData.Require("completejourney/expected_labels.csv");
        var program = CompleteJourney.Replace("{0}", "'2017-04-01', '2017-06-01', '2017-08-01', '2017-10-01', '2017-12-01'", StringComparison.Ordinal);
        CheckLabels(program, "completejourney/transactions_sample.parquet", expected, "no_purchase_30d", "household_id", 9_284);
    }

    /// <summary>Compares in both directions. The cutoffs lie further apart than the horizon, so that the split by time purges nothing.</summary>
    private static void CheckLabels(string program, string data, string expected, string label, string key, long rows)
    {
        var model = SharedData.Compile(program, ("transactions", data));
        using var connection = SharedData.Build(model);
        var ours = $"SELECT {key}, cutoff, label FROM {model.TrainingTable}";
        var theirs = $"SELECT {key}, cutoff::TIMESTAMP AS cutoff, {label} = 1 AS label FROM read_csv('{expected}')";

        Assert.Equal(rows, connection.Scalar<long>($"SELECT COUNT(*) FROM ({ours})"));
        Assert.Equal(0, connection.Scalar<long>($"SELECT COUNT(*) FROM ({ours} EXCEPT ALL ({theirs}))"));
        Assert.Equal(0, connection.Scalar<long>($"SELECT COUNT(*) FROM ({theirs} EXCEPT ALL ({ours}))"));
    }
}
