using System.Security.Cryptography;
using SqlMl.Compiler;
using SqlMl.DuckDb;
using SqlMl.Learning;

namespace SqlMl.AcceptanceTests;

/// <summary>Boosted trees on the cdnow task, with features said in the language: as good as the peers on the last cutoff, and reproducible.</summary>
public sealed class CdnowModelTests
{
    private const string Program = """
        source transactions { file 'transactions.csv'  entity customer by customer_id  time date }
        entity customer
        var customer.orders       = count(transactions) over 30, 60, 90, 180, 365 days
        var customer.orders_all   = count(transactions)
        var customer.spent        = sum(transactions.amount) over 90, 180, 365 days
        var customer.spent_all    = sum(transactions.amount)
        var customer.units_all    = sum(transactions.quantity)
        var customer.days_active  = count_distinct(transactions.date)
        var customer.recency      = days since last(transactions)
        var customer.tenure       = days since first(transactions)
        var customer.mean_gap     = (tenure - recency) / (days_active - 1)
        var customer.overdue      = recency / mean_gap
        var customer.life_share   = (tenure - recency) / tenure
        var customer.mean_amount  = avg(transactions.amount)
        var customer.max_amount   = max(transactions.amount)
        predict no_purchase_90d for customer {
          label   not exists(transactions) in next 90 days
          when    exists(transactions) over 90 days
          observe every 3 months aligned to '1997-04-01' from '1997-04-01'
          split   by time 80 / 10 / 10
          train   xgboost { rounds 400  depth 4  eta 0.05  subsample 0.7  colsample 0.4  lambda 20  min_child_weight 20  early_stopping 40  seed 1 }
        }
        """;

    [Fact]
    public void Boosted_trees_reach_the_peers_on_the_last_cutoff_and_give_the_same_bytes_twice()
    {
        SharedData.Require("cdnow/transactions.csv");
        var model = SharedData.Compile(Program, ("transactions", "cdnow/transactions.csv"));
        using var connection = SharedData.Build(model);
        Assert.Equal(["1998-04-01"], connection.Query($"SELECT DISTINCT strftime(cutoff, '%Y-%m-%d') FROM {model.TrainingTable} WHERE split = 'test'").ReadRows().Select(row => (string)row[0]!));

        var (first, auc) = Train(connection, model);
        var (second, _) = Train(connection, model);

        // Peers on the same rows with simple counts, sums, recency and tenure: XGBoost 0.724, logistic 0.723.
        TestContext.Current.TestOutputHelper?.WriteLine($"test AUC {auc:0.0000} (peers: XGBoost 0.724, logistic 0.723)");
        Assert.True(auc >= 0.715, $"test AUC {auc:0.0000}");
        Assert.Equal(first, second);
    }

    private static (string Hash, double Auc) Train(DuckDbConnection connection, CompiledModel model)
    {
        var table = connection.Query($"SELECT * FROM {model.TrainingTable}").ReadColumns();
        var parts = table.Texts("split").Select(part => part switch { "train" => RowPart.Train, "validation" => RowPart.Validation, _ => RowPart.Test }).ToArray();
        var labels = table.Numbers("label").Select(value => value > 0).ToArray();
        var features = new FeatureTable(model.Features.Select(feature => new NumericColumn(feature.Name, table.Numbers(feature.Name))));
        var trained = Learner.Train(new TrainingRequest
        {
            Features = features,
            Labels = labels,
            Parts = parts,
            Trainer = model.Trainer.Name,
            Parameters = model.Trainer.Parameters,
            RefitOnValidation = true,
        });
        var test = Enumerable.Range(0, parts.Length).Where(row => parts[row] == RowPart.Test).ToArray();
        var scores = trained.Predict(features.Rows(test));
        var metrics = BinaryMetrics.Compute(test.Select(row => labels[row]).ToArray(), scores, 0.5);
        using var bytes = new MemoryStream();
        trained.Save(bytes);
        return (Convert.ToHexString(SHA256.HashData(bytes.ToArray())), metrics.Auc!.Value);
    }
}
