namespace SqlMl.Learning;

/// <summary>
/// The line search of Moré and Thuente (ACM TOMS 20, 1994), with the constants L-BFGS-B uses: finds a step that lowers the objective
/// enough and flattens its slope (the strong Wolfe conditions).
/// </summary>
internal sealed class MoreThuenteLineSearch
{
    private const double SufficientDecrease = 1e-3;
    private const double SlopeReduction = 0.9;
    private const int MaxEvaluations = 20;

    private readonly Point _start;
    private readonly double _maxStep;
    private Point _best;
    private Point _other;
    private bool _bracketed;

    private MoreThuenteLineSearch(double value, double slope, double maxStep)
    {
        _start = _best = _other = new Point(0, value, slope);
        _maxStep = maxStep;
    }

    /// <summary>The step found, or null when rounding leaves none; <paramref name="evaluate"/> gives value and slope at a step.</summary>
    public static double? Find(double value, double slope, double firstStep, Func<double, (double Value, double Slope)> evaluate) =>
        slope < 0 ? new MoreThuenteLineSearch(value, slope, 1e10).Search(firstStep, evaluate) : null;

    private double? Search(double step, Func<double, (double Value, double Slope)> evaluate)
    {
        var firstStage = true;
        var width = _maxStep;
        var previousWidth = 2 * _maxStep;
        double low = 0, high = 5 * step;
        for (var evaluation = 0; evaluation < MaxEvaluations; evaluation++)
        {
            var (value, slope) = evaluate(step);
            var tried = new Point(step, value, slope);
            var allowed = _start.Value + step * SufficientDecrease * _start.Slope;
            if (value <= allowed && Math.Abs(slope) <= SlopeReduction * -_start.Slope)
                return step;
            firstStage &= !(value <= allowed && slope >= 0);

            // Until the decrease suffices, the search is on the function less the decrease asked for.
            var tilt = firstStage && value <= _best.Value && value > allowed ? SufficientDecrease * _start.Slope : 0;
            step = Next(tried, tilt, low, high);
            if (_bracketed)
            {
                if (Math.Abs(_other.Step - _best.Step) >= 0.66 * previousWidth)
                    step = _best.Step + 0.5 * (_other.Step - _best.Step);
                (previousWidth, width) = (width, Math.Abs(_other.Step - _best.Step));
                (low, high) = (Math.Min(_best.Step, _other.Step), Math.Max(_best.Step, _other.Step));
                if (step <= low || step >= high)
                    step = _best.Step;
            }
            else
            {
                (low, high) = (step + 1.1 * (step - _best.Step), step + 4 * (step - _best.Step));
            }

            step = Math.Clamp(step, 0, _maxStep);
            if (!double.IsFinite(step) || (step == _best.Step && _bracketed))
                break;
        }

        return _best.Step > 0 ? _best.Step : null;
    }

    /// <summary>The next step from the tried point by safeguarded interpolation, on the tilted function; also narrows the interval.</summary>
    private double Next(Point tried, double tilt, double low, double high)
    {
        var (best, other, now) = (_best.Tilted(tilt), _other.Tilted(tilt), tried.Tilted(tilt));
        var opposite = now.Slope * Math.Sign(best.Slope) < 0;
        double next;
        if (now.Value > best.Value)
        {
            var cubic = Cubic(best, now);
            var quadratic = best.Step + best.Slope / ((best.Value - now.Value) / (now.Step - best.Step) + best.Slope) / 2 * (now.Step - best.Step);
            next = Math.Abs(cubic - best.Step) < Math.Abs(quadratic - best.Step) ? cubic : cubic + (quadratic - cubic) / 2;
            _bracketed = true;
        }
        else if (opposite)
        {
            var cubic = Cubic(now, best);
            var secant = Secant(now, best);
            next = Math.Abs(cubic - now.Step) > Math.Abs(secant - now.Step) ? cubic : secant;
            _bracketed = true;
        }
        else if (Math.Abs(now.Slope) < Math.Abs(best.Slope))
        {
            var cubic = CubicBeyond(now, best, low, high);
            var secant = Secant(now, best);
            var cubicIsNearer = Math.Abs(cubic - now.Step) < Math.Abs(secant - now.Step);
            if (_bracketed)
            {
                var bound = now.Step + 0.66 * (other.Step - now.Step);
                next = cubicIsNearer ? cubic : secant;
                next = now.Step > best.Step ? Math.Min(bound, next) : Math.Max(bound, next);
            }
            else
            {
                next = Math.Clamp(cubicIsNearer ? secant : cubic, low, high);
            }
        }
        else
        {
            next = _bracketed ? Cubic(now, other) : now.Step > best.Step ? high : low;
        }

        if (now.Value > best.Value)
        {
            _other = tried;
        }
        else
        {
            if (opposite)
                _other = _best;
            _best = tried;
        }

        return next;
    }

    private static double Secant(Point from, Point to) => from.Step + from.Slope / (from.Slope - to.Slope) * (to.Step - from.Step);

    /// <summary>The minimiser of the cubic that has both points' values and slopes.</summary>
    private static double Cubic(Point from, Point to)
    {
        var (theta, gamma) = Coefficients(from, to);
        var ratio = (gamma - from.Slope + theta) / (gamma - from.Slope + gamma + to.Slope);
        return from.Step + ratio * (to.Step - from.Step);
    }

    /// <summary>As <see cref="Cubic"/>, where it lies beyond <paramref name="from"/> seen from <paramref name="to"/>; else the end of the interval on that side.</summary>
    private static double CubicBeyond(Point from, Point to, double low, double high)
    {
        var (theta, gamma) = Coefficients(from, to);
        var ratio = (gamma - from.Slope + theta) / (gamma + (to.Slope - from.Slope) + gamma);
        return ratio < 0 && gamma != 0 ? from.Step + ratio * (to.Step - from.Step) : from.Step > to.Step ? high : low;
    }

    private static (double Theta, double Gamma) Coefficients(Point from, Point to)
    {
        var theta = 3 * (from.Value - to.Value) / (to.Step - from.Step) + from.Slope + to.Slope;
        var scale = Math.Max(Math.Abs(theta), Math.Max(Math.Abs(from.Slope), Math.Abs(to.Slope)));
        var gamma = scale * Math.Sqrt(Math.Max(0, theta / scale * (theta / scale) - from.Slope / scale * (to.Slope / scale)));
        return (theta, from.Step > to.Step ? -gamma : gamma);
    }

    private readonly record struct Point(double Step, double Value, double Slope)
    {
        public Point Tilted(double tilt) => new(Step, Value - Step * tilt, Slope - tilt);
    }
}
