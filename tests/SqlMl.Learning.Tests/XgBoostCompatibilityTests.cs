using System.Text.Json;
using System.Text.Json.Nodes;

namespace SqlMl.Learning.Tests;

/// <summary>The model files of the real xgboost and ours are one format: each predicts what the other does.</summary>
public class XgBoostCompatibilityTests
{
    /// <summary>Gaps as null: JSON has no NaN.</summary>
    private static string Input(TrainedModel model, FeatureTable table, object? more = null) => JsonSerializer.Serialize(new
    {
        names = model.Encoder.Columns.Select(column => column.Name),
        columns = model.Encoder.Encode(table).Columns.Select(column => column.Select(value => double.IsNaN(value) ? (double?)null : value)),
        more,
    });

    private const string Matrix =
        """
        import numpy as np, xgboost as xgb
        x = np.array(input['columns'], dtype=float).T
        d = xgb.DMatrix(x, feature_names=input['names'])

        """;

    [Fact]
    public void Real_xgboost_loads_our_file_and_predicts_the_same()
    {
        var (table, labels) = Synthetic.Mixed(1_000);
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "xgboost", Parameters = Synthetic.Set(("rounds", "60"), ("depth", "5")) });
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Synthetic.SavedTrees(model));
            var answer = PythonReference.Run(
                Matrix +
                """
                b = xgb.Booster(model_file=sys.argv[2])
                print(json.dumps(dict(p=b.predict(d).tolist(), m=b.predict(d, output_margin=True).tolist(), n=b.num_boosted_rounds(), names=b.feature_names,
                    gain=b.get_score(importance_type='total_gain'))))
                """, Input(model, table), file);
            Assert.Equal(60, answer.GetProperty("n").GetInt32());
            Assert.Equal(model.Encoder.Columns.Select(column => column.Name), answer.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
            Assert.Equal(answer.GetProperty("p").Doubles(), model.Predict(table), (a, b) => Math.Abs(a - b) < 1e-6);
            Assert.Equal(answer.GetProperty("m").Doubles(), model.PredictMargins(table), (a, b) => Math.Abs(a - b) < 1e-6);
            foreach (var column in model.ColumnImportance.Where(column => column.Value > 0))
                Assert.Equal(answer.GetProperty("gain").GetProperty(column.Feature).GetDouble(), column.Value, 1e-4 * column.Value);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_file_of_the_real_xgboost_predicts_the_same_here()
    {
        var (table, labels) = Synthetic.Numbers(1_500, 7);
        var ours = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "xgboost", Parameters = Synthetic.Set(("rounds", "1")) });
        var file = Path.GetTempFileName();
        try
        {
            var answer = PythonReference.Run(
                Matrix +
                """
                d.set_label(np.array(input['more'], dtype=float))
                b = xgb.train(dict(objective='binary:logistic', max_depth=5, eta=0.2, gamma=1.5, base_score=0.37, tree_method='hist'), d, 40)
                b.save_model(sys.argv[2] + '.json')
                import os; os.replace(sys.argv[2] + '.json', sys.argv[2])
                print(json.dumps(b.predict(d).tolist()))
                """, Input(ours, table, labels), file).Doubles();
            using var stream = File.OpenRead(file);
            var model = TrainedModel.LoadXgBoost(stream);
            Assert.Equal(40, model.TreeCount);
            Assert.Equal(answer, model.Predict(table), (a, b) => Math.Abs(a - b) < 1e-6);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Numbers_and_classes_go_both_ways()
    {
        var (table, values) = Synthetic.Values(1_000);
        var (_, classes) = Synthetic.Classes(1_000);
        foreach (var labels in (LabelColumn[])[new NumberLabels(values), new ClassLabels(classes)])
        {
            var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "xgboost", Parameters = Synthetic.Set(("rounds", "20")) });
            double[] Of(TrainedModel some, FeatureTable rows) => labels is NumberLabels ? some.Predict(rows) : [.. some.PredictClasses(rows).SelectMany(row => row)];
            var isNumber = labels is NumberLabels;
            var file = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(file, Synthetic.SavedTrees(model));
                var answer = PythonReference.Run(
                    Matrix +
                    """
                    y = np.array(input['more']['y'], dtype=float)
                    ours = xgb.Booster(model_file=sys.argv[2]).predict(d).reshape(-1).tolist()
                    d.set_label(y)
                    goal = dict(objective='reg:squarederror', base_score=float(y.mean())) if input['more']['number'] else dict(objective='multi:softprob', num_class=3)
                    b = xgb.train(dict(goal, max_depth=4, eta=0.2, tree_method='hist'), d, 20)
                    b.save_model(sys.argv[2] + '.json')
                    import os; os.replace(sys.argv[2] + '.json', sys.argv[2])
                    print(json.dumps(dict(ours=ours, theirs=b.predict(d).reshape(-1).tolist())))
                    """, Input(model, table, new { y = Targets.Of(labels, model.Classes).Values, number = isNumber }), file);
                Assert.Equal(answer.GetProperty("ours").Doubles(), Of(model, table), (a, b) => Math.Abs(a - b) < 1e-4);
                using var stream = File.OpenRead(file);
                var theirs = TrainedModel.LoadXgBoost(stream);
                var encoded = new FeatureTable(model.Encoder.Columns.Zip(model.Encoder.Encode(table).Columns, (column, numbers) => new NumericColumn(column.Name, numbers)));
                Assert.Equal(answer.GetProperty("theirs").Doubles(), Of(theirs, encoded), (a, b) => Math.Abs(a - b) < 1e-4);
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    [Fact]
    public void Ours_is_as_good_as_the_real_one_on_fresh_rows()
    {
        var (table, labels) = Synthetic.Numbers(8_000, 9, seed: 5);
        int[] train = [.. Enumerable.Range(0, 4_000)], test = [.. Enumerable.Range(4_000, 4_000)];
        var model = Learner.Train(new TrainingRequest
        {
            Features = table.Rows(train), Labels = labels[..4_000], Trainer = "xgboost",
            Parameters = Synthetic.Set(("rounds", "100"), ("eta", "0.1"), ("subsample", "1"), ("colsample", "1"), ("lambda", "1"), ("min_child_weight", "1")),
        });
        var answer = PythonReference.Run(
            Matrix +
            """
            y = np.array(input['more'], dtype=float)
            b = xgb.train(dict(objective='binary:logistic', max_depth=4, eta=0.1, base_score=float(y[:4000].mean()), tree_method='hist', reg_lambda=1),
                xgb.DMatrix(x[:4000], label=y[:4000]), 100)
            print(json.dumps(b.predict(xgb.DMatrix(x[4000:])).tolist()))
            """, Input(model, table, labels)).Doubles();
        var ours = BinaryMetrics.Compute(labels.AsSpan(4_000), model.Predict(table.Rows(test)), 0.5);
        var theirs = BinaryMetrics.Compute(labels.AsSpan(4_000), answer, 0.5);
        Assert.Equal(theirs.LogLoss, ours.LogLoss, 0.01);
        Assert.Equal(theirs.Auc!.Value, ours.Auc!.Value, 0.01);
        Assert.True(ours.Auc > 0.8);
    }

    [Fact]
    public void Damaged_and_foreign_files_are_refused_with_the_reason()
    {
        var (table, labels) = Synthetic.Numbers(200, 3);
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "xgboost", Parameters = Synthetic.Set(("rounds", "2")) });
        string Refused(Action<JsonNode> damage)
        {
            var file = JsonNode.Parse(Synthetic.Saved(model))!;
            damage(file);
            var failure = Assert.Throws<LearningException>(() => Synthetic.Loaded(System.Text.Encoding.UTF8.GetBytes(file.ToJsonString())));
            Assert.Equal(LearningFailure.ModelFormat, failure.Failure);
            return failure.Message;
        }

        static JsonNode Tree(JsonNode file) => file["model"]!["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!;
        Assert.EndsWith(
            "its objective is `rank:pairwise`, supported are `binary:logistic`, `reg:squarederror`, `multi:softprob`",
            Refused(file => file["model"]!["learner"]!["objective"]!["name"] = "rank:pairwise"), StringComparison.Ordinal);
        Assert.EndsWith(
            "the trees predict a label that is a number, which the file does not say", Refused(file => file["model"]!["learner"]!["objective"]!["name"] = "reg:squarederror"), StringComparison.Ordinal);
        Assert.Contains("one a class and round", Refused(file => file["model"]!["learner"]!["gradient_booster"]!["model"]!["tree_info"]![1] = 1), StringComparison.Ordinal);
        Assert.Contains("task is `ranking`", Refused(file => file["task"] = "ranking"), StringComparison.Ordinal);
        Assert.Contains("categories", Refused(file => Tree(file)["split_type"]![0] = 1), StringComparison.Ordinal);
        Assert.Contains("proper node 0", Refused(file => Tree(file)["left_children"]![0] = 0), StringComparison.Ordinal);
        Assert.Contains("proper node 999", Refused(file => Tree(file)["right_children"]![0] = 999), StringComparison.Ordinal);
        Assert.Contains("column 77 of 3", Refused(file => Tree(file)["split_indices"]![0] = 77), StringComparison.Ordinal);
        Assert.Contains("differ in length", Refused(file => Tree(file)["default_left"] = new JsonArray()), StringComparison.Ordinal);
        Assert.Contains("version 2", Refused(file => file["version"] = 2), StringComparison.Ordinal);
        Assert.Contains("trainer `forest`", Refused(file => file["trainer"] = "forest"), StringComparison.Ordinal);
        Refused(file => file.AsObject().Remove("features"));
        Refused(file => file["format"] = "zip");
        Assert.Equal(LearningFailure.ModelFormat, Assert.Throws<LearningException>(() => Synthetic.Loaded("{\"format\""u8.ToArray())).Failure);
        Assert.Equal(LearningFailure.ModelFormat, Assert.Throws<LearningException>(() => Synthetic.Loaded("[]"u8.ToArray())).Failure);
        Assert.Equal(LearningFailure.ModelFormat, Assert.Throws<LearningException>(() => TrainedModel.LoadXgBoost(new MemoryStream("{}"u8.ToArray()))).Failure);
    }
}
