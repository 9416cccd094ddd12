using System.Diagnostics;
using System.Text;
using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Benchmarks;

/// <summary>How the time to compile grows with the number of vars, over two sources and over fifty, in one process: first compilation and warm ones, both dialects.</summary>
internal static class CompileBenchmark
{
    public static int Run(string[] args)
    {
        int[] sizes = args.Length > 0 ? [.. args.Select(int.Parse)] : [100, 1000, 2000, 4000];
        foreach (var pairs in (int[])[1, 25])
        {
            foreach (var size in sizes)
            {
                var files = new[] { new SourceText("program.sqlml", ProgramOf(size, pairs)) };
                var watch = Stopwatch.StartNew();
                Compile(files);
                var first = watch.Elapsed.TotalMilliseconds;
                var warm = Measure.Alternate(5, () => Compile(files))[0].Select(seconds => seconds * 1000).ToArray();
                Console.WriteLine($"{size,6} vars, {2 * pairs,2} sources: first {first,8:0} ms, warm median {Measure.Median(warm),8:0} ms, {Measure.Median(warm) * 1000 / size,6:0} us a var");
            }
        }
        return 0;
    }

    /// <summary>A program of a number of vars: counts, sums and ratios over several windows, as teams write them.</summary>
    /// <param name="vars">How many vars.</param>
    /// <param name="pairs">How many sources of orders, and as many of visits, the vars read in turn.</param>
    public static string ProgramOf(int vars, int pairs = 1)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pairs; i++)
        {
            text.AppendLine($"source orders{i} {{ table shop.public.orders{i}  entity customer by customer_id  time ordered_at  where channel <> 'test' }}");
            text.AppendLine($"source visits{i} {{ table shop.public.visits{i}  entity customer by customer_id  time visited_at }}");
        }
        text.AppendLine("entity customer");
        for (var i = 0; i < vars; i++)
        {
            var (days, source) = ((7 * (i % 20)) + 7, i / 4 % pairs);
            text.AppendLine((i % 4) switch
            {
                0 => $"var customer.orders_{i} = count(orders{source} where status = 'paid' and product = 'p{i}') over {days} days",
                1 => $"var customer.revenue_{i} = sum(orders{source}.amount where category = 'c{i}') over {days} days",
                2 => $"var customer.ratio_{i} = revenue_{i - 1} / nullif(orders_{i - 2}, 0) default 0",
                _ => $"var customer.visits_{i} = count(visits{source} where page like '%/{i}%') over {days} days",
            });
        }
        text.AppendLine("predict churn for customer { label not exists(orders0) in next 30 days  when exists(orders0) over 90 days  observe every 30 days  train xgboost }");
        return text.ToString();
    }

    private static void Compile(SourceText[] files)
    {
        foreach (var dialect in SqlMlCompiler.Dialects)
        {
            var compiled = SqlMlCompiler.Compile([.. files], new CompileOptions { Dialect = dialect });
            if (!compiled.Succeeded) throw new InvalidOperationException(DiagnosticText.Render(compiled.Diagnostics));
        }
    }
}
