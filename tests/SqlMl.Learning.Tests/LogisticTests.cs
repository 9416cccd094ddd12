using System.Globalization;
using System.Text.Json;

namespace SqlMl.Learning.Tests;

public class LogisticTests
{
    /// <summary>The figures are those of scikit-learn's default solver, which stops short; its exact solvers agree with the second case.</summary>
    [Theory]
    [InlineData("lbfgs", -0.1613583, -1.3244534, 1.3934684, -0.5756653)]
    [InlineData("newton", -0.1613441, -1.3243563, 1.3934362, -0.5756891)]
    public void The_tutorials_rows_give_scikit_learns_coefficients_to_one_in_a_million(
        string solver, double pageViews, double pricingViews, double customersViews, double intercept)
    {
        var rows = SharedData.Lines("snowplow/expected_training.csv").Skip(1).Select(line => line.Split(',')).ToArray();
        Assert.Equal(3539, rows.Length);
        NumericColumn Column(string name, int cell) => new(name, Array.ConvertAll(rows, cells => double.Parse(cells[cell], CultureInfo.InvariantCulture)));
        var model = Learner.Train(new TrainingRequest
        {
            Features = new FeatureTable([Column("num_page_views", 3), Column("num_pricing_views", 4), Column("num_customers_views", 5)]),
            Labels = Array.ConvertAll(rows, cells => cells[6] == "True"),
            Trainer = "logistic",
            Parameters = Synthetic.Set(("class_weight", "balanced"), ("scale", "none"), ("solver", solver)),
        });

        Assert.True(model.Converged);
        Assert.Equal(["num_page_views", "num_pricing_views", "num_customers_views"], model.Coefficients.Select(c => c.Name));
        Assert.Equal([pageViews, pricingViews, customersViews], model.Coefficients.Select(c => c.Value), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(intercept, model.Intercept!.Value, 1e-6);
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(15, 200)]
    public void Lbfgs_ends_where_scikit_learns_default_solver_does(int columns, double scale)
    {
        var (table, labels) = Synthetic.Numbers(400, columns, seed: 9);
        var filled = new FeatureTable(table.Columns.Cast<NumericColumn>().Select((column, index) =>
            new NumericColumn(column.Name, Array.ConvertAll(column.Values, value => (double.IsNaN(value) ? 0 : value) * (index % 2 == 0 ? 1 : scale)))));
        var model = Learner.Train(new TrainingRequest
        {
            Features = filled, Labels = labels, Trainer = "logistic", Parameters = Synthetic.Set(("solver", "lbfgs"), ("scale", "none"), ("max_iterations", "15")),
        });
        var reference = PythonReference.Run(
            """
            import numpy as np, warnings
            from sklearn.linear_model import LogisticRegression
            warnings.simplefilter('ignore')
            m = LogisticRegression(max_iter=15).fit(np.array(input['columns']).T, input['labels'])
            print(json.dumps(list(m.coef_[0]) + [m.intercept_[0]]))
            """,
            JsonSerializer.Serialize(new { columns = filled.Columns.Cast<NumericColumn>().Select(column => column.Values), labels })).Doubles();
        Assert.Equal(reference, model.Coefficients.Select(k => k.Value).Append(model.Intercept!.Value), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData("1", "none", "none")]
    [InlineData("0.05", "balanced", "standard")]
    [InlineData("30", "none", "standard")]
    public void A_tight_optimum_agrees_with_scikit_learn_to_one_in_a_hundred_million(string c, string classWeight, string scale)
    {
        var (table, labels) = Synthetic.Numbers(600, 6);
        var filled = new FeatureTable(table.Columns.Cast<NumericColumn>().Select(column =>
            new NumericColumn(column.Name, Array.ConvertAll(column.Values, value => double.IsNaN(value) ? 0.5 : value))));
        var model = Learner.Train(new TrainingRequest
        {
            Features = filled, Labels = labels, Trainer = "logistic",
            Parameters = Synthetic.Set(("c", c), ("class_weight", classWeight), ("scale", scale), ("tolerance", "1e-13")),
        });

        var reference = PythonReference.Run(
            """
            import numpy as np
            from sklearn.linear_model import LogisticRegression
            x = np.array(input['columns']).T
            s = x.std(axis=0) if input['scale'] == 'standard' else np.ones(x.shape[1])
            m = LogisticRegression(C=input['c'], class_weight=input['weight'], solver='newton-cholesky', tol=1e-12, max_iter=1000).fit((x - x.mean(axis=0) * (input['scale'] == 'standard')) / s, input['labels'])
            w = m.coef_[0] / s
            b = m.intercept_[0] - (w @ x.mean(axis=0) if input['scale'] == 'standard' else 0)
            print(json.dumps(list(w) + [b]))
            """,
            JsonSerializer.Serialize(new
            {
                columns = filled.Columns.Cast<NumericColumn>().Select(column => column.Values), labels, scale,
                c = double.Parse(c, CultureInfo.InvariantCulture), weight = classWeight == "none" ? null : classWeight,
            })).Doubles();
        Assert.Equal(7, reference.Length);
        foreach (var (ours, theirs) in model.Coefficients.Select(k => k.Value).Append(model.Intercept!.Value).Zip(reference))
            Assert.Equal(theirs, ours, 1e-8);
    }

    [Fact]
    public void Separable_and_collinear_columns_give_finite_coefficients_and_perfect_ranking()
    {
        var x = Enumerable.Range(0, 100).Select(i => (double)i).ToArray();
        var labels = Array.ConvertAll(x, value => value >= 50);
        var table = new FeatureTable([new NumericColumn("x", x), new NumericColumn("twice", Array.ConvertAll(x, v => 2 * v)), new NumericColumn("same", x), new NumericColumn("five", Array.ConvertAll(x, _ => 5.0))]);
        foreach (var c in (string[])["1", "1e12"])
        {
            foreach (var scale in (string[])["standard", "none"])
            {
                var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "logistic", Parameters = Synthetic.Set(("c", c), ("scale", scale)) });
                Assert.All(model.Coefficients, coefficient => Assert.True(double.IsFinite(coefficient.Value)));
                Assert.Equal(1.0, BinaryMetrics.Compute(labels, model.Predict(table), 0.5).Auc);
                Assert.Equal(model.Coefficients[0].Standardised, model.Coefficients[2].Standardised, 1e-4 * Math.Abs(model.Coefficients[0].Standardised) + 1e-9);
            }
        }
    }

    [Fact]
    public void A_missing_value_counts_as_the_training_mean_plus_what_missingness_itself_says()
    {
        var random = new Random(3);
        var x = Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? double.NaN : random.NextDouble()).ToArray();
        var labels = x.Select(value => random.NextDouble() < (double.IsNaN(value) ? 0.9 : 0.2)).ToArray();
        var table = new FeatureTable([new NumericColumn("x", x)]);
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Trainer = "logistic", Parameters = Synthetic.Set(("scale", "none"), ("c", "100")) });

        Assert.Equal(["x", "x is missing"], model.Coefficients.Select(coefficient => coefficient.Name));
        var mean = x.Where(value => !double.IsNaN(value)).Average();
        var margins = model.PredictMargins(new FeatureTable([new NumericColumn("x", [double.NaN, mean, double.PositiveInfinity])]));
        Assert.Equal(model.Coefficients[1].Value, margins[0] - margins[1], 1e-9);
        Assert.Equal(margins[0], margins[2]);
        Assert.True(model.Coefficients[1].Value > 2);
        Assert.Equal("x", Assert.Single(model.Importance).Feature);
    }

    [Fact]
    public void A_saved_model_reads_back_to_the_same_bytes_and_predictions()
    {
        var (table, labels) = Synthetic.Mixed(300);
        var model = Learner.Train(new TrainingRequest { Features = table, Labels = labels, Parts = Synthetic.Parts(300), Trainer = "logistic", PositiveLabel = "buys" });
        var file = Synthetic.Saved(model);
        var loaded = Synthetic.Loaded(file);
        Assert.Equal(file, Synthetic.Saved(loaded));
        Assert.Equal(model.Predict(table), loaded.Predict(table));
        Assert.Equal(model.OperatingPoint, loaded.OperatingPoint);
        Assert.Equal("buys", loaded.PositiveLabel);
        Assert.Null(loaded.TreeCount);
    }
}
