using SqlMl.Benchmarks;

// Each benchmark prints what it measured, side by side in one run, because machines are noisy: quote its ratios.
var benchmarks = new Dictionary<string, Func<string[], int>>(StringComparer.Ordinal)
{
    ["training-set"] = TrainingSetBenchmark.Run,
    ["grid"] = GridBenchmark.Run,
    ["events"] = EventAnchorsBenchmark.Run,
    ["shapes"] = ShapesBenchmark.Run,
    ["web-features"] = WebFeaturesBenchmark.Run,
    ["floor"] = FloorBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
    ["memory-once"] = MemoryBenchmark.RunOnce,
    ["pandas"] = PandasBenchmark.Run,
    ["compile"] = CompileBenchmark.Run,
    ["start"] = StartBenchmark.Run,
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine($"usage: dotnet run -c Release --project tests/SqlMl.Benchmarks -- {string.Join('|', benchmarks.Keys)} [options]");
    return 2;
}
return benchmark(args[1..]);
