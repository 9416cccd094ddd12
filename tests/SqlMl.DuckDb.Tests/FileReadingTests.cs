using System.IO.Compression;
using System.Text;

namespace SqlMl.DuckDb.Tests;

public sealed class FileReadingTests
{
    private const string Csv = "id,name,at\n1,Zoë,2024-01-01 10:00:00\n2,,2024-01-02 00:00:00\n";

    [Fact]
    public void Csv_plain_and_gzipped_is_read_alike()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("plain.csv"), Csv);
        using (var file = File.Create(folder.File("zipped.csv.gz")))
        using (var zip = new GZipStream(file, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(Csv));

        using var connection = DuckDbConnection.Open(":memory:");
        foreach (var name in new[] { "plain.csv", "zipped.csv.gz" })
        {
            using var result = connection.Query($"from '{folder.File(name)}'");
            var table = result.ReadColumns();
            Assert.Equal([1d, 2d], table.Numbers("id"));
            Assert.Equal((string?[])["Zoë", null], table.Texts("name"));
            Assert.Equal(DateTime.UnixEpoch.AddMicroseconds(table.Timestamps("at").ToArray()[0]), new DateTime(2024, 1, 1, 10, 0, 0, DateTimeKind.Utc));
        }
    }

    [Fact]
    public void Parquet_is_written_and_read_with_repeated_texts_and_lists_of_them()
    {
        using var folder = new TemporaryFolder();
        using var connection = DuckDbConnection.Open(":memory:");

        var copied = connection.Execute($"""
            copy (select range as id, ['red', null, 'a colour of many letters'][1 + range % 3] as colour from range(100000))
            to '{folder.File("data.parquet")}' (format parquet)
            """);
        using var result = connection.Query($"select colour, [colour, 'x'] as colours from '{folder.File("data.parquet")}' order by id");
        var table = result.ReadColumns();

        Assert.Equal(100_000, copied);
        var expected = Enumerable.Range(0, 100_000).Select(row => (row % 3) switch { 0 => "red", 1 => null, _ => "a colour of many letters" }).ToArray();
        Assert.Equal(expected, table.Texts("colour"));
        Assert.Equal(expected.Select(colour => new[] { colour, "x" }), table.TextLists("colours"));
    }

    [Fact]
    public void Compressed_storage_in_a_file_reads_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        using (var writer = DuckDbConnection.Open(folder.File("data.duckdb")))
            writer.Execute("create table t as select range as id, 'customer-number-' || (range % 1000) as c, 42 as k from range(200000); checkpoint");

        using var reader = DuckDbConnection.Open(folder.File("data.duckdb"));
        using var result = reader.Query("from t order by id");
        var table = result.ReadColumns();

        Assert.Equal(Enumerable.Range(0, 200_000).Select(row => $"customer-number-{row % 1000}"), table.Texts("c"));
        Assert.All(table.Numbers("k"), value => Assert.Equal(42, value));
    }
}
