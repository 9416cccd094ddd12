namespace SqlMl.Learning;

/// <summary>What a solver minimises. Margins are computed once for given parameters and handed back, since value, gradient and step all start from them.</summary>
internal interface ISmoothObjective
{
    int ParameterCount { get; }

    /// <summary>The sum of the row weights: the scale of the gradient.</summary>
    double TotalWeight { get; }

    double[] Margins(double[] parameters);

    double Value(double[] parameters, double[] margins);

    double[] Gradient(double[] parameters, double[] margins);

    /// <summary>The inverse Hessian times the gradient, exactly or nearly: what to take away from the parameters.</summary>
    double[] NewtonStep(double[] margins, double[] gradient);
}
