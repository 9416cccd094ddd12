using System.Diagnostics;
using System.Text.Json;

namespace SqlMl.Learning.Tests;

/// <summary>Runs the real xgboost and scikit-learn of Debian's Python beside ours, or skips the test where they are not installed.</summary>
internal static class PythonReference
{
    private const string Interpreter = "/usr/bin/python3";

    private static readonly Lazy<string?> Missing = new(() =>
        !File.Exists(Interpreter) ? $"there is no {Interpreter}"
        : Execute("-c", "import xgboost, sklearn, numpy") is { ExitCode: not 0 } failed ? failed.Error.Trim().Split('\n')[^1]
        : null);

    /// <summary>Runs a script that reads `input` (the given JSON) and prints one JSON value; returns that value.</summary>
    public static JsonElement Run(string script, string inputJson, params string[] files)
    {
        Assert.SkipUnless(Missing.Value is null, $"SKIPPED: python3-xgboost and python3-sklearn are needed: {Missing.Value}");
        var folder = Directory.CreateTempSubdirectory("sqlml-learning-");
        try
        {
            var input = Path.Combine(folder.FullName, "input.json");
            File.WriteAllText(input, inputJson);
            var program = Path.Combine(folder.FullName, "script.py");
            File.WriteAllText(program, "import json, sys\ninput = json.load(open(sys.argv[1]))\n" + script);
            var (exitCode, output, error) = Execute([program, input, .. files]);
            Assert.True(exitCode == 0, error);
            return JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    private static (int ExitCode, string Output, string Error) Execute(params string[] arguments)
    {
        var start = new ProcessStartInfo(Interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
