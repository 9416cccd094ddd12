using SqlMl.Testing.Generation;

namespace SqlMl.OracleTests;

/// <summary>The files that programs run on hold exactly the rows that the oracle sees.</summary>
public sealed class StoredTableTests
{
    private const int Programs = 25;

    [Fact]
    public void DuckDb_reads_back_every_stored_value_from_csv_and_parquet()
    {
        var values = 0;
        for (var seed = 0; seed < Programs; seed++)
        {
            var program = ProgramGenerator.Generate(seed, ProgramFeatures.All).Program;
            using var database = new DuckDbExecution();
            using var files = new ProgramFiles(program, database);
            foreach (var source in program.Sources.Where(source => source.IsStored))
            {
                var read = database.ReadFile(files.PathOf(source));
                Assert.Equal(source.Table.Columns.Select(column => column.Name), read.Columns);
                var stored = source.Table.Rows.Select(row => row.Select(value => value is decimal number ? (double)number : value)).ToList();
                Assert.Equal(stored, read.Rows.Select(row => row.AsEnumerable()));
                values += read.Rows.Length * read.Columns.Length;
            }
        }
        Assert.True(values > 1000, $"only {values} values were compared");
    }
}
