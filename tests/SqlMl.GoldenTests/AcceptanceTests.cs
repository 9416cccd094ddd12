namespace SqlMl.GoldenTests;

/// <summary>The harness itself: it sees what is missing, extra or different, and rewrites only where it may.</summary>
public sealed class AcceptanceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqlml-golden-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("0", "true", false)]
    [InlineData("", "true", false)]
    [InlineData("1", null, true)]
    [InlineData("1", "", true)]
    public void Golden_files_are_rewritten_only_when_asked(string? accept, string? ci, bool expected) =>
        Assert.Equal(expected, Acceptance.Decide(accept, ci));

    [Fact]
    public void Rewriting_is_refused_in_continuous_integration() =>
        Assert.Contains("CI", Assert.Throws<InvalidOperationException>(() => Acceptance.Decide("1", "true")).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_extra_and_different_files_are_reported_with_the_way_to_accept_them()
    {
        Assert.SkipWhen(Acceptance.IsOn, "SKIPPED: SQLML_ACCEPT is set, so differences are written away");
        Write("same.txt", "a\n");
        Write("different.txt", "one\ntwo\nthree\n");
        Write("extra.txt", "");

        var report = Acceptance.Compare(
            _folder.FullName, new Dictionary<string, string> { ["same.txt"] = "a\n", ["different.txt"] = "one\n2\nthree\n", ["gone.txt"] = "" }, "input.sqlml");

        Assert.Contains("missing: gone.txt\nmissing: input.sqlml\n", report, StringComparison.Ordinal);
        Assert.Contains("nothing yields this file: extra.txt\n", report, StringComparison.Ordinal);
        Assert.Contains("- two\n+ 2\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("same.txt", report, StringComparison.Ordinal);
        Assert.EndsWith(Acceptance.Command, report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_as_expected_has_no_report()
    {
        Write("input.sqlml", "");
        Write("same.txt", "a\n");

        Assert.Empty(Acceptance.Compare(_folder.FullName, new Dictionary<string, string> { ["same.txt"] = "a\n" }, "input.sqlml"));
    }

    [Fact]
    public void A_diff_shows_only_the_surroundings_of_a_change()
    {
        var expected = string.Concat(Enumerable.Range(1, 40).Select(i => $"line {i}\n"));

        var diff = Acceptance.Diff(expected, expected.Replace("line 20\n", "", StringComparison.Ordinal));

        Assert.Equal("  ...\n  line 17\n  line 18\n  line 19\n- line 20\n  line 21\n  line 22\n  line 23\n", diff);
    }

    [Fact]
    public void Files_between_cases_are_found()
    {
        _folder.CreateSubdirectory("topic/case/data");
        Write("topic/readme.txt", "");
        Write("topic/case/input.sqlml", "");

        Assert.Equal([Path.Combine(_folder.FullName, "topic", "readme.txt")], GoldenFolders.Strays(_folder.FullName));
        Assert.Equal([Path.Combine(_folder.FullName, "topic", "case")], GoldenFolders.Leaves(_folder.FullName));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
