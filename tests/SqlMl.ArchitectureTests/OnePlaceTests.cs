using System.Text.RegularExpressions;
using SqlMl.Compiler;
using SqlMl.Language.Functions;

namespace SqlMl.ArchitectureTests;

/// <summary>The table "add one thing, one place" of CONTRIBUTING.md: what was added is complete, or a test names what is missing.</summary>
public sealed partial class OnePlaceTests
{
    [Fact]
    public void Every_aggregate_has_a_file_of_its_own()
    {
        var files = Repository.HandWrittenCode.Where(file => file.Path.StartsWith("src/SqlMl.Language/Functions/Aggregates/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 10);
        Assert.Equal(AggregateCatalogue.All.Length, files.Count);
        foreach (var aggregate in AggregateCatalogue.All) Assert.Single(files, file => file.Text.Contains($"\"{aggregate.Name}\",", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_optimizer_pass_has_a_file_of_its_own()
    {
        var files = Repository.HandWrittenCode.Where(file => file.Path.StartsWith("src/SqlMl.Optimizer/Passes/", StringComparison.Ordinal)).ToList();
        Assert.True(SqlMlCompiler.Passes.Length > 2);
        Assert.Equal(SqlMlCompiler.Passes.Length, files.Count);
        foreach (var pass in SqlMlCompiler.Passes) Assert.Single(files, file => file.Text.Contains($"Name => \"{pass}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_dialect_has_a_folder_of_its_own()
    {
        var folders = Directory.EnumerateDirectories(Repository.FullPath("src/SqlMl.Sql/Dialects")).Select(path => Path.GetFileName(path).ToLowerInvariant());
        Assert.True(SqlMlCompiler.Dialects.Length > 1);
        Assert.Equal(SqlMlCompiler.Dialects.Order(), folders.Order());
    }

    [Fact]
    public void Every_trainer_of_the_language_has_an_engine_with_the_same_parameters()
    {
        var language = Language.Trainers.TrainerCatalogue.All;
        Assert.True(language.Length > 1);
        Assert.Equal(language.Select(trainer => trainer.Name), Learning.TrainerCatalogue.Definitions.Select(trainer => trainer.Name));
        foreach (var (written, engine) in language.Zip(Learning.TrainerCatalogue.Definitions))
        {
            var told = written.Parameters.Where(parameter => !parameter.IsForReadersOnly).ToList();
            Assert.Equal(engine.Parameters.Select(parameter => parameter.Name), told.Select(parameter => parameter.Name));
            foreach (var (parameter, definition) in told.Zip(engine.Parameters))
            {
                Assert.Equal(definition.Aliases, parameter.Aliases);
                Assert.Equal(definition.Words, parameter.Words);
                Assert.Equal(definition.IsWhole, parameter.IsWhole);
                if (!parameter.Words.IsEmpty) continue;
                Assert.Equal((definition.Minimum, definition.Maximum, definition.AboveMinimum), ((double)parameter.Minimum!, (double)parameter.Maximum!, parameter.IsAboveMinimum));
            }
        }
    }

    [Fact]
    public void Every_diagnostic_has_one_home_in_the_block_of_its_stage_and_a_page()
    {
        var findings = Repository.HandWrittenCode
            .Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(file => CodePattern().Matches(file.Text).Select(match => (Code: match.Groups[1].Value, file.Path)))
            .Distinct()
            .ToList();
        Assert.True(findings.Count > 80, $"only {findings.Count} codes found");

        Assert.Empty(findings.GroupBy(item => item.Code).Where(group => group.Count() > 1).Select(group => $"{group.Key} is raised in {string.Join(" and ", group.Select(item => item.Path))}"));
        Assert.Empty(findings.Where(item => !Blocks(item.Path).Contains(item.Code[3])).Select(item => $"{item.Code} lies outside the block of {item.Path}"));
        Assert.Empty(findings.Where(item => !Repository.Exists($"docs/errors/{item.Code}.md")).Select(item => $"{item.Code} has no page in docs/errors"));

        var pages = Directory.EnumerateFiles(Repository.FullPath("docs/errors"), "*.md").Select(path => Path.GetFileNameWithoutExtension(path)!).ToList();
        Assert.Empty(pages.Except(findings.Select(item => item.Code)).Select(code => $"docs/errors/{code}.md explains what nothing raises"));
    }

    /// <summary>The first digits of the codes that a file may raise: 1 syntax, 2 names, 3 types, 4 time, 5 dialect, 6 usage, 7 local run, 8 deploy, 9 internal.</summary>
    private static string Blocks(string path) => path.Split('/')[1] switch
    {
        "SqlMl.Syntax" => "1",
        "SqlMl.Semantics" => Path.GetFileName(path) switch
        {
            "NameErrors.cs" or "SourceErrors.cs" or "EntityErrors.cs" => "2",
            "TypeErrors.cs" or "LabelErrors.cs" => "3",
            "TimeErrors.cs" or "KnowledgeErrors.cs" or "ModellingErrors.cs" => "4",
            _ => "",
        },
        "SqlMl.Compiler" => "5",
        "SqlMl.Local" => "7",
        "SqlMl.Cli" => "69",
        _ => "",
    };

    [GeneratedRegex("\"(SML[0-9]{4})\"")]
    private static partial Regex CodePattern();
}
