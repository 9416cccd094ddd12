using SqlMl.Language.Functions;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;

namespace SqlMl.Language.Tests;

public sealed class CatalogueTests
{
    [Fact]
    public void A_name_is_an_aggregate_a_function_or_a_clock_and_nothing_twice()
    {
        var names = AggregateCatalogue.All.Select(item => item.Name).Concat(ScalarFunctions.All.Select(item => item.Name))
            .Concat(ScalarFunctions.Clocks).Concat(ScalarFunctions.Chances).ToList();
        Assert.True(names.Count > 60);
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name => Assert.Equal(name.ToLowerInvariant(), name));
    }

    [Fact]
    public void Names_are_found_whatever_their_case()
    {
        Assert.Same(Aggregates.Sum, AggregateCatalogue.Find("SUM"));
        Assert.Equal("lower", ScalarFunctions.Find("Lower")!.Name);
        Assert.Null(AggregateCatalogue.Find("lower"));
        Assert.Null(ScalarFunctions.Find("sum"));
        Assert.Equal("xgboost", TrainerCatalogue.Find("XGBoost")!.Name);
        Assert.Null(TrainerCatalogue.Find("cortex"));
    }

    [Fact]
    public void Every_summary_is_a_sentence()
    {
        var summaries = AggregateCatalogue.All.Select(item => item.Summary).Concat(ScalarFunctions.All.Select(item => item.Summary))
            .Concat(TrainerCatalogue.All.Select(item => item.Summary)).Concat(TrainerCatalogue.All.SelectMany(item => item.Parameters).Select(item => item.Summary));
        Assert.All(summaries, summary => Assert.Matches(@"^\S.*\.$", summary));
    }

    [Fact]
    public void Every_function_can_be_given_as_many_arguments_as_it_requires()
    {
        foreach (var function in ScalarFunctions.All)
        {
            Assert.NotEmpty(function.Parameters);
            Assert.True(function.Repeats || function.Required <= function.Parameters.Length, function.Name);
            Assert.Equal(function.Parameters[^1], function.ParameterType(99));
        }
    }

    [Fact]
    public void The_number_of_arguments_is_said_in_words()
    {
        Assert.Equal("at least 1", ScalarFunctions.Find("coalesce")!.ArityWords);
        Assert.Equal("2", ScalarFunctions.Find("nullif")!.ArityWords);
        Assert.Equal("1 to 2", ScalarFunctions.Find("round")!.ArityWords);
    }

    [Theory]
    [InlineData("count", DataType.String, DataType.Integer)]
    [InlineData("exists", DataType.Instant, DataType.Boolean)]
    [InlineData("avg", DataType.Integer, DataType.Number)]
    [InlineData("min_by", DataType.String, DataType.String)]
    [InlineData("last", DataType.Instant, DataType.Instant)]
    [InlineData("mode", DataType.Integer, DataType.Integer)]
    [InlineData("top_values", DataType.Integer, DataType.Set)]
    [InlineData("share", DataType.Boolean, DataType.Number)]
    [InlineData("active_days", DataType.Instant, DataType.Integer)]
    public void An_aggregate_has_the_type_that_its_rule_gives(string name, DataType column, DataType result) =>
        Assert.Equal(result, AggregateCatalogue.Find(name)!.ResultType(column));

    [Fact]
    public void A_constant_of_an_aggregate_has_a_range_and_may_have_to_be_whole()
    {
        var (share, count) = (Aggregates.Quantile.Parameter!, Aggregates.TopValues.Parameter!);
        Assert.Equal("a number from 0 to 1", share.Words);
        Assert.Equal("a whole number from 1 to 1000", count.Words);
        Assert.Equal([true, true, false, false], new[] { 0m, 0.25m, 1.01m, -0.1m }.Select(share.Accepts));
        Assert.Equal([true, true, false, false, false], new[] { 1m, 1000m, 0m, 1001m, 1.5m }.Select(count.Accepts));
        Assert.All(AggregateCatalogue.All.Select(item => item.Parameter).OfType<AggregateParameter>(), item => Assert.True(item.Accepts(decimal.Parse(item.Example, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_clock_is_one_called_or_not_and_chance_where_it_is_called()
    {
        Assert.True(ScalarFunctions.IsClock("Current_Date"));
        Assert.False(ScalarFunctions.IsClock("uuid"));
        Assert.True(ScalarFunctions.ChangesFromRunToRun("UUID"));
        Assert.True(ScalarFunctions.ChangesFromRunToRun("now"));
        Assert.False(ScalarFunctions.ChangesFromRunToRun("hour_of"));
    }

    [Theory]
    [InlineData("xgboost", "depth", "6", "6")]
    [InlineData("xgboost", "depth", "16", "16")]
    [InlineData("xgboost", "depth", "17", null)]
    [InlineData("xgboost", "depth", "2.5", null)]
    [InlineData("xgboost", "eta", "0", null)]
    [InlineData("xgboost", "eta", "1e-3", "0.001")]
    [InlineData("xgboost", "lambda", "0", "0")]
    [InlineData("xgboost", "MAX_DEPTH", "3", "3")]
    [InlineData("logistic", "solver", "LBFGS", "lbfgs")]
    [InlineData("logistic", "solver", "sgd", null)]
    [InlineData("logistic", "c", "many", null)]
    public void A_parameter_takes_what_is_in_its_range_in_canonical_form(string trainer, string name, string value, string? accepted) =>
        Assert.Equal(accepted, TrainerCatalogue.Find(trainer)!.Find(name, LearningTask.BinaryClassification)!.Accept(value));

    [Fact]
    public void The_values_of_a_parameter_are_said_in_words()
    {
        var trainer = TrainerCatalogue.Find("xgboost")!;
        Assert.Equal("a whole number from 1 to 16", trainer.Find("depth", LearningTask.BinaryClassification)!.ValueWords);
        Assert.Equal("a number above 0 to 1", trainer.Find("eta", LearningTask.BinaryClassification)!.ValueWords);
        Assert.Equal("none or balanced", trainer.Find("class_weight", LearningTask.BinaryClassification)!.ValueWords);
        Assert.Null(trainer.Find("dept", LearningTask.BinaryClassification));
    }
}
