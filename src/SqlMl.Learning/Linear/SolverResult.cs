namespace SqlMl.Learning;

/// <summary>Where a solver ended.</summary>
/// <param name="Parameters">The weights and, last, the intercept.</param>
/// <param name="Converged">False when the iterations ran out first.</param>
internal sealed record SolverResult(double[] Parameters, bool Converged);
