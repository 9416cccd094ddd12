namespace SqlMl.AcceptanceTests;

/// <summary>Labels that are numbers and classes, held row for row against SQL written by hand over the raw files.</summary>
public sealed class NumberAndClassLabelTests
{
    private const string Cdnow = """
        source transactions { file 'transactions.csv'  entity customer by customer_id  time date }
        entity customer
        var customer.orders_90d = count(transactions) over 90 days
        predict target for customer {
          label   {0}
          when    exists(transactions) over 90 days
          observe at '1997-04-01', '1997-07-01', '1997-10-01', '1998-01-01', '1998-04-01'
          split   by time 60 / 40
          train   {1}
        }
        """;

    private const string CompleteJourney = """
        source products { file 'products.parquet'  key product_id  static }
        source transactions { file 'transactions.parquet'  entity household by household_id  time transaction_timestamp_utc  join products on product_id }
        entity household
        var household.visits_60d = count(transactions) over 60 days
        predict target for household {
          label   {0}
          when    exists(transactions) over 60 days
          observe at '2017-04-01', '2017-06-01', '2017-08-01', '2017-10-01'
          split   by time 60 / 40
          train   xgboost
        }
        """;

    [Theory]
    [InlineData("sum(transactions.amount) in next 90 days", "coalesce(sum(amount), 0)", "linear")]
    [InlineData("avg(transactions.amount) in next 90 days", "avg(amount)", "xgboost")]
    [InlineData("min(transactions.amount::number) in next 90 days", "min(amount)", "xgboost")]
    [InlineData("count(transactions) in next 90 days", "count(id)", "xgboost")]
    [InlineData("sum(transactions.amount) in next 90 days / sum(transactions.quantity) in next 90 days", "sum(amount) / nullif(sum(quantity), 0)", "linear")]
    [InlineData("days until first(transactions) in next 90 days", "date_diff('second', min(cutoff), min(date::TIMESTAMP)) / 86400.0", "linear")]
    public void Cdnow_numbers(string label, string aggregate, string trainer)
    {
        var data = SharedData.Require("cdnow/transactions.csv");
        var program = Cdnow.Replace("{0}", label, StringComparison.Ordinal).Replace("{1}", trainer, StringComparison.Ordinal);
        var model = SharedData.Compile(program, ("transactions", "cdnow/transactions.csv"));
        using var connection = SharedData.Build(model);
        connection.Execute($"""
            CREATE TABLE rows AS SELECT row_number() OVER () AS id, * FROM read_csv('{data}');
            CREATE TABLE cutoffs AS SELECT unnest(['1997-04-01'::TIMESTAMP, '1997-07-01', '1997-10-01', '1998-01-01', '1998-04-01']) AS cutoff;
            CREATE TABLE theirs AS
            WITH due AS (
                SELECT DISTINCT customer_id, cutoff FROM rows, cutoffs WHERE date <= cutoff AND date > cutoff - INTERVAL 90 DAY
            ),
            labelled AS (
                SELECT d.customer_id, cutoff, {aggregate} AS label
                FROM due AS d LEFT JOIN rows AS r ON r.customer_id = d.customer_id AND r.date > cutoff AND r.date <= cutoff + INTERVAL 90 DAY
                GROUP BY ALL
            )
            SELECT * FROM labelled WHERE label IS NOT NULL;
            """);
        CheckRows(connection, $"SELECT customer_id, cutoff, label FROM {model.TrainingTable}", "customer_id", 3_000);
    }

    [Fact]
    public void Complete_journey_values_through_a_join()
    {
        using var connection = Build("sum(transactions.sales_value where products.department::string = 'PRODUCE') in next 30 days", out var table);
        Compare(connection, table, "SELECT household_id, cutoff, coalesce(sum(sales_value) FILTER (department = 'PRODUCE'), 0) AS label FROM ahead GROUP BY ALL", 5_000);
    }

    [Fact]
    public void Complete_journey_departments()
    {
        using var connection = Build("mode(transactions.products.department::string) in next 30 days", out var table);
        Compare(connection, table, """
            SELECT household_id, cutoff, department AS label
            FROM (SELECT household_id, cutoff, department, count(*) AS n FROM ahead WHERE department IS NOT NULL GROUP BY ALL)
            QUALIFY row_number() OVER (PARTITION BY household_id, cutoff ORDER BY n DESC, department) = 1
            """, 3_000);
    }

    private static DuckDb.DuckDbConnection Build(string label, out string table)
    {
        SharedData.Require("completejourney/products.parquet");
        var model = SharedData.Compile(
            CompleteJourney.Replace("{0}", label, StringComparison.Ordinal),
            ("transactions", "completejourney/transactions_sample.parquet"), ("products", "completejourney/products.parquet"));
        table = model.TrainingTable;
        return SharedData.Build(model);
    }

    private static void Compare(DuckDb.DuckDbConnection connection, string table, string labels, long atLeast)
    {
        var (rows, products) = (SharedData.Require("completejourney/transactions_sample.parquet"), SharedData.Require("completejourney/products.parquet"));
        connection.Execute($"""
            CREATE TABLE rows AS SELECT t.*, p.department FROM read_parquet('{rows}') AS t LEFT JOIN read_parquet('{products}') AS p USING (product_id);
            CREATE TABLE cutoffs AS SELECT unnest(['2017-04-01'::TIMESTAMP, '2017-06-01', '2017-08-01', '2017-10-01']) AS cutoff;
            CREATE TABLE theirs AS
            WITH due AS (
                SELECT DISTINCT household_id, cutoff FROM rows, cutoffs
                WHERE transaction_timestamp_utc <= cutoff AND transaction_timestamp_utc > cutoff - INTERVAL 60 DAY
            ),
            ahead AS (
                SELECT d.household_id, cutoff, r.sales_value, r.department
                FROM due AS d LEFT JOIN rows AS r
                  ON r.household_id = d.household_id AND transaction_timestamp_utc > cutoff AND transaction_timestamp_utc <= cutoff + INTERVAL 30 DAY
            )
            SELECT * FROM ({labels}) WHERE label IS NOT NULL;
            """);
        CheckRows(connection, $"SELECT household_id, cutoff, label FROM {table}", "household_id", atLeast);
    }

    /// <summary>Every row on both sides, numbers equal to nine digits. The cutoffs lie further apart than the horizon, so that nothing is purged.</summary>
    private static void CheckRows(DuckDb.DuckDbConnection connection, string ours, string key, long atLeast)
    {
        Assert.True(connection.Scalar<long>("SELECT count(*) FROM theirs") >= atLeast);
        Assert.Equal(connection.Scalar<long>("SELECT count(*) FROM theirs"), connection.Scalar<long>($"SELECT count(*) FROM ({ours})"));
        Assert.Equal(0, connection.Scalar<long>($"""
            SELECT count(*) FROM ({ours}) AS o FULL JOIN theirs AS t USING ({key}, cutoff)
            WHERE o.label IS NULL OR t.label IS NULL
               OR NOT coalesce(abs(try_cast(o.label AS DOUBLE) - try_cast(t.label AS DOUBLE)) <= 1e-9 * greatest(1, abs(try_cast(t.label AS DOUBLE))), o.label::VARCHAR = t.label::VARCHAR)
            """));
    }
}
