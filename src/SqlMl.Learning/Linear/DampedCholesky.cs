using MathNet.Numerics.LinearAlgebra;

namespace SqlMl.Learning;

/// <summary>Solves linear equations with a symmetric matrix that is positive definite but for rounding.</summary>
internal static class DampedCholesky
{
    /// <summary>The solution; where rounding, or columns that say the same, make the matrix indefinite, the least multiple of the identity that mends it is added.</summary>
    public static double[] Solve(Matrix<double> matrix, double[] right)
    {
        var vector = Vector<double>.Build.Dense(right);
        var largest = matrix.Diagonal().AbsoluteMaximum();
        for (var ridge = 0.0; ; ridge = ridge == 0 ? 1e-14 * largest : ridge * 10)
        {
            var damped = ridge == 0 ? matrix : matrix + Matrix<double>.Build.DiagonalIdentity(right.Length) * ridge;
            try
            {
                return damped.Cholesky().Solve(vector).ToArray();
            }
            catch (ArgumentException) when (ridge <= largest)
            {
                // MathNet reports a matrix that is not positive definite in no other way.
            }
        }
    }
}
