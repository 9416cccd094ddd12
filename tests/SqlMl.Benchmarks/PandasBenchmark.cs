using System.Diagnostics;
using System.Globalization;
using SqlMl.DuckDb;

namespace SqlMl.Benchmarks;

/// <summary>
/// The prospect tutorial's training set in pandas as an expert would write it (running sums in groups, one as-of merge; no join of rows with rows) against the SQL we emit. Each side
/// starts from a table in memory; ours splits and sorts besides. Debian's own Python is asked, and the benchmark says loudly that it is skipped where pandas is absent.
/// </summary>
internal static class PandasBenchmark
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import sys, time
        import pandas as pd

        events = pd.read_csv(sys.argv[1], parse_dates=["derived_tstamp"])
        best = []
        for _ in range(int(sys.argv[3])):
            start = time.perf_counter()
            e = events[(events.app_id == "website") & events.domain_userid.notna() & events.event_name.isin(["page_view", "submit_form"])]
            e = e.sort_values(["domain_userid", "derived_tstamp"], kind="stable")
            view = e.event_name == "page_view"
            marks = pd.DataFrame({
                "num_page_views": view.astype("int64"),
                "num_pricing_views": (view & e.page_url.str.contains("pricing", regex=False)).astype("int64"),
                "num_customers_views": (view & e.page_url.str.contains("customers", regex=False)).astype("int64"),
            })
            before = marks.groupby(e.domain_userid, sort=False).cumsum() - marks
            before = before.groupby([e.domain_userid, e.derived_tstamp], sort=False).transform("first")
            rows = pd.concat([e[["domain_userid", "derived_tstamp"]], before], axis=1)
            forms = e.loc[e.event_name == "submit_form", ["domain_userid", "derived_tstamp"]]
            rows = rows.merge(forms.groupby("domain_userid").derived_tstamp.min().rename("converted_at"), on="domain_userid", how="left")
            rows = rows[rows.converted_at.isna() | (rows.derived_tstamp < rows.converted_at)]
            forms = forms.assign(next_form=forms.derived_tstamp).sort_values("derived_tstamp")
            rows = pd.merge_asof(rows.sort_values("derived_tstamp"), forms, on="derived_tstamp", by="domain_userid",
                                 direction="forward", allow_exact_matches=False, tolerance=pd.Timedelta(hours=1))
            rows["label"] = rows.next_form.notna()
            best.append(time.perf_counter() - start)
        rows.drop(columns=["converted_at", "next_form"]).to_csv(sys.argv[2], index=False)
        print(pd.__version__)
        print(" ".join(str(seconds) for seconds in best))
        """;

    public static int Run(string[] args)
    {
        if (args.Length < 1 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("usage: pandas <sample_events.csv.gz> [copies = 100] [repeats = 3]");
            return 2;
        }
        if (!File.Exists(Python) || Execute("-c", "import pandas") is null)
        {
            Console.Error.WriteLine($"SKIPPED: {Python} has no pandas (Debian: python3-pandas), nothing was measured");
            return 0;
        }
        var copies = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
        var repeats = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 3;
        var folder = Directory.CreateTempSubdirectory("sqlml-pandas-").FullName;
        try
        {
            using var connection = DuckDbConnection.Open(DuckDbConnection.InMemory, new DuckDbOptions { Threads = 2 });
            TrainingSetBenchmark.CreateEvents(connection, args[0], copies);
            var (script, input, output) = (Path.Combine(folder, "task.py"), Path.Combine(folder, "events.csv"), Path.Combine(folder, "rows.csv"));
            File.WriteAllText(script, Script);
            connection.Execute($"COPY (SELECT app_id, domain_userid, derived_tstamp, event_name, page_url FROM events) TO '{input}' (HEADER)");
            var lines = Execute(script, input, output, repeats.ToString(CultureInfo.InvariantCulture))!.Split('\n');
            var theirs = Array.ConvertAll(lines[1].Split(' '), text => double.Parse(text, CultureInfo.InvariantCulture));

            var sql = TrainingSetBenchmark.Compile();
            var ours = Measure.Alternate(repeats, () => connection.Execute(sql))[0];
            connection.Execute($"CREATE TABLE by_pandas AS SELECT domain_userid, derived_tstamp AS cutoff, num_page_views, num_pricing_views, num_customers_views, label FROM '{output}'");
            if (Events.Different(connection, "by_pandas", "prospect_training", TrainingSetBenchmark.Columns) is > 0 and var different)
            {
                Console.Error.WriteLine($"{different} rows differ");
                return 1;
            }
            Console.WriteLine($"{connection.Scalar<long>("SELECT COUNT(*) FROM events")} events, pandas {lines[0]}, DuckDB {DuckDbConnection.LibraryVersion} with 2 threads, {repeats} repeats each; equal rows");
            Measure.Print("emitted by sqlml", ours);
            Measure.Print("pandas", theirs);
            Console.WriteLine($"pandas takes {Measure.Median(theirs) / Measure.Median(ours):0.0} times ours (medians)");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What Python printed; null where it failed.</summary>
    private static string? Execute(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : null;
    }
}
