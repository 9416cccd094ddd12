using System.Globalization;
using LanguageCatalogue = SqlMl.Language.Trainers.TrainerCatalogue;
using LearningCatalogue = SqlMl.Learning.TrainerCatalogue;

namespace SqlMl.Compiler.Tests;

/// <summary>What the language lets a program say about a trainer is what the local engine understands.</summary>
public sealed class TrainerCatalogueTests
{
    [Fact]
    public void Both_catalogues_have_the_same_trainers() =>
        Assert.Equal(LearningCatalogue.Definitions.Select(trainer => trainer.Name), LanguageCatalogue.All.Select(trainer => trainer.Name));

    [Fact]
    public void Both_catalogues_have_the_same_parameters_with_the_same_values()
    {
        foreach (var (language, learning) in LanguageCatalogue.All.Zip(LearningCatalogue.Definitions))
        {
            var told = language.Parameters.Where(parameter => !parameter.IsForReadersOnly).ToList();
            Assert.Equal(learning.Parameters.Select(parameter => parameter.Name), told.Select(parameter => parameter.Name));
            foreach (var (mine, engine) in told.Zip(learning.Parameters))
            {
                Assert.Equal(engine.Aliases, mine.Aliases);
                Assert.Equal(engine.Words, mine.Words);
                Assert.Equal(engine.IsWhole, mine.IsWhole);
                Assert.Equal(engine.AboveMinimum, mine.IsAboveMinimum);
                if (engine.Words.Length > 0) continue;
                Assert.Equal(engine.Minimum, (double)mine.Minimum!);
                Assert.Equal(engine.Maximum, (double)mine.Maximum!);
                var stated = double.Parse(engine.Default, CultureInfo.InvariantCulture);
                Assert.NotNull(mine.Accept(stated.ToString(CultureInfo.InvariantCulture)));
            }
        }
    }

    [Fact]
    public void Both_catalogues_learn_the_same_labels()
    {
        foreach (var (language, learning) in LanguageCatalogue.All.Zip(LearningCatalogue.Definitions)) Assert.Equal(learning.Tasks, language.Tasks);
    }

    [Fact]
    public void A_default_stated_in_a_summary_is_the_engines()
    {
        var examined = 0;
        foreach (var (language, learning) in LanguageCatalogue.All.Zip(LearningCatalogue.Definitions))
        {
            foreach (var mine in language.Parameters.Where(parameter => !parameter.IsForReadersOnly && parameter.Summary.Contains(';', StringComparison.Ordinal)))
            {
                examined++;
                Assert.EndsWith($"; {learning.Find(mine.Name)!.Default}.", mine.Summary, StringComparison.Ordinal);
            }
        }
        Assert.True(examined > 15, $"only {examined} defaults found");
    }

    [Fact]
    public void Aliases_reach_the_engine_under_the_parameters_own_names()
    {
        var program = Programs.Compile(Programs.Orders + """
            var customer.n = count(orders)
            predict p for customer {
              label   exists(orders) in next 7 days
              observe every 7 days
              train   xgboost { N_Estimators 50  max_depth 3  learning_rate 1e-1  eval_metric LogLoss  class_weight Balanced }
            }
            """);
        var parameters = Assert.Single(program.Models).Trainer.Parameters;
        Assert.Equal(["rounds=50", "depth=3", "eta=0.1", "class_weight=balanced"], parameters.Select(item => $"{item.Key}={item.Value}"));
    }
}
