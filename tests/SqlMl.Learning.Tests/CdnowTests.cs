namespace SqlMl.Learning.Tests;

public class CdnowTests
{
    [Fact]
    public void Boosted_trees_reach_the_peers_on_the_last_cutoff_and_give_the_same_bytes_on_one_and_two_threads()
    {
        var (table, labels, cutoffs) = CdnowFeatures.Build();
        var test = new DateOnly(1998, 4, 1);
        var validation = new DateOnly(1997, 10, 1);
        Assert.Equal(40_933, labels.Length);
        Assert.Equal(3_808, cutoffs.Count(cutoff => cutoff == test));

        // Windows are 90 days: those of 1997-04-01 and 1997-07-01 end by the validation cutoff, its own by 1997-12-30, before the test cutoff.
        RowPart[] parts = [.. cutoffs.Select(cutoff => cutoff < validation ? RowPart.Train : cutoff < test ? RowPart.Validation : RowPart.Test)];
        TrainingRequest Request(string threads) => new()
        {
            Features = table, Labels = labels, Parts = parts, Trainer = "xgboost", Seed = 42, RefitOnValidation = true,
            Parameters = Synthetic.Set(("threads", threads), ("colsample", "0.4"), ("lambda", "20"), ("min_child_weight", "20")),
        };

        var model = Learner.Train(Request("2"));
        var rows = Request("2").RowsOf(RowPart.Test);
        var metrics = BinaryMetrics.Compute([.. rows.Select(row => labels[row])], model.Predict(table.Rows(rows.AsSpan())), model.OperatingPoint.Threshold);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"cdnow: test AUC {metrics.Auc:F4} (peer xgboost 0.724, logistic 0.723), validation AUC {model.ValidationMetrics!.Auc:F4}, {model.TreeCount} trees");
        Assert.True(metrics.Auc >= 0.715, $"test AUC {metrics.Auc}");

        var again = Synthetic.Saved(model);
        Assert.Equal(again, Synthetic.Saved(Learner.Train(Request("2"))));
        Assert.Equal(again, Synthetic.Saved(Learner.Train(Request("1"))));
    }
}
