using SqlMl.Compiler;
using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Benchmarks;

/// <summary>Compiles what is measured.</summary>
internal static class Programs
{
    /// <summary>The only model of a program for DuckDB, all passes on but those named; a program with an error ends the benchmark.</summary>
    public static CompiledModel Compile(string program, params string[] disabled)
    {
        var options = new CompileOptions { Dialect = "duckdb", ForProof = true, DisabledPasses = [.. disabled] };
        var compiled = SqlMlCompiler.Compile([new SourceText("program.sqlml", program)], options);
        return compiled.Succeeded ? compiled.Models.Single() : throw new InvalidOperationException(DiagnosticText.Render(compiled.Diagnostics));
    }
}
