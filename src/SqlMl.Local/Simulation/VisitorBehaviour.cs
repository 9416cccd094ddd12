namespace SqlMl.Local.Simulation;

/// <summary>The pages of the simulated site.</summary>
internal enum Page
{
    Home,
    Blog,
    Docs,
    Product,
    Customers,
    Pricing,
    Demo,
}

/// <summary>
/// How a visitor of some intent moves: a Markov chain over pages that ends in a submitted form or in leaving. Because a session has at most
/// <see cref="LongestSession"/> views of at most <see cref="LongestDwell"/> each, it ends within the hour, and the next begins more than an hour later:
/// so the chance of ending in a form *is* the true probability of a form within the hour, and is computed exactly.
/// </summary>
internal static class VisitorBehaviour
{
    public const int IntentLevels = 4;
    public const int LongestSession = 30;
    public const int PageCount = 7;

    private static readonly string[] Paths = ["/", "/blog", "/docs", "/product", "/customers", "/pricing", "/get-started/book-a-demo"];

    // What a visitor of an intent (row) is drawn to.
    private static readonly double[][] Affinity =
    [
        [3.0, 9.0, 4.0, 1.5, 0.2, 0.1, 0.02],
        [3.0, 5.0, 6.0, 4.0, 0.9, 0.6, 0.10],
        [1.5, 0.8, 2.5, 5.0, 6.0, 5.0, 1.00],
        [1.0, 0.3, 1.0, 2.5, 6.0, 8.0, 3.00],
    ];

    // Which page (column) a page (row) links to.
    private static readonly double[][] Links =
    [
        [0.3, 1.5, 1.0, 2.0, 1.5, 1.2, 0.8],
        [1.0, 2.5, 0.8, 0.7, 0.5, 0.4, 0.2],
        [0.6, 0.5, 3.0, 1.2, 0.5, 0.6, 0.3],
        [0.6, 0.3, 1.2, 1.0, 1.6, 1.8, 0.9],
        [0.5, 0.4, 0.4, 1.2, 1.8, 1.8, 1.2],
        [0.5, 0.2, 0.6, 1.2, 1.5, 0.9, 2.0],
        [0.6, 0.2, 0.3, 0.8, 1.0, 1.2, 0.4],
    ];

    private static readonly double[] Entry = [5.0, 5.0, 2.0, 1.0, 0.8, 0.7, 0.2];
    private static readonly double[] LeaveByIntent = [0.30, 0.22, 0.17, 0.14];
    private static readonly double[] LeaveByPage = [1.0, 1.5, 1.0, 0.9, 0.8, 0.8, 0.7];
    private static readonly double[] SubmitByPage = [0.004, 0.002, 0.004, 0.012, 0.030, 0.060, 0.480];
    private static readonly double[] SubmitByIntent = [0.01, 0.08, 0.60, 1.50];

    private static readonly double[,,] Conversion = SolveConversion();

    /// <summary>The longest stay on one page; times <see cref="LongestSession"/> it is under an hour.</summary>
    public static TimeSpan LongestDwell { get; } = TimeSpan.FromSeconds(115);

    /// <summary>The page's path on the site.</summary>
    public static string Path(Page page) => Paths[(int)page];

    /// <summary>The first page of a session.</summary>
    public static Page FirstPage(int intent, ref CounterRandom random)
    {
        Span<double> weights = stackalloc double[PageCount];
        for (var page = 0; page < PageCount; page++) weights[page] = Entry[page] * Affinity[intent][page];
        return (Page)random.NextIndex(weights);
    }

    /// <summary>The page after this one.</summary>
    public static Page NextPage(int intent, Page page, ref CounterRandom random)
    {
        Span<double> weights = stackalloc double[PageCount];
        Moves(intent, page, weights);
        return (Page)random.NextIndex(weights);
    }

    /// <summary>The chance that the visitor submits a form right after this page.</summary>
    public static double SubmitChance(int intent, Page page) => SubmitByPage[(int)page] * SubmitByIntent[intent];

    /// <summary>The chance that a visitor who does not submit leaves after this page.</summary>
    public static double LeaveChance(int intent, Page page) => LeaveByIntent[intent] * LeaveByPage[(int)page];

    /// <summary>The chance that a session ends in a form, given its view number <paramref name="view"/> (from 0) is of this page.</summary>
    public static double ConversionChance(int intent, Page page, int view) => Conversion[intent, view, (int)page];

    private static double[,,] SolveConversion()
    {
        // Backwards from the last view: submit now, or stay and convert later.
        var chance = new double[IntentLevels, LongestSession + 1, PageCount];
        Span<double> moves = stackalloc double[PageCount];
        for (var intent = 0; intent < IntentLevels; intent++)
        {
            for (var view = LongestSession - 1; view >= 0; view--)
            {
                for (var page = Page.Home; page <= Page.Demo; page++)
                {
                    Moves(intent, page, moves);
                    var (total, later) = (0.0, 0.0);
                    for (var next = 0; next < PageCount; next++)
                    {
                        total += moves[next];
                        later += moves[next] * chance[intent, view + 1, next];
                    }
                    var submit = SubmitChance(intent, page);
                    var stay = (1 - submit) * (1 - LeaveChance(intent, page));
                    chance[intent, view, (int)page] = submit + (stay * later / total);
                }
            }
        }
        return chance;
    }

    private static void Moves(int intent, Page page, Span<double> weights)
    {
        for (var next = 0; next < PageCount; next++) weights[next] = Affinity[intent][next] * Links[(int)page][next];
    }
}
