namespace SqlMl.Learning;

/// <summary>Fits the never falling step function nearest to the labels, by pooling neighbours that fall (M. Ayer and others, 1955), and joins the middles of its steps by lines.</summary>
internal static class IsotonicRegression
{
    private struct Block
    {
        public double Margins;
        public int Positives;
        public int Rows;

        public readonly double Rate => Positives / (double)Rows;
    }

    /// <summary>The curve; at least one row. No probability is 0 or 1: of n rows alike one more could differ.</summary>
    public static IsotonicCalibrator Fit(ReadOnlySpan<bool> labels, ReadOnlySpan<double> margins)
    {
        var order = new int[margins.Length];
        for (var row = 0; row < order.Length; row++) order[row] = row;
        Array.Sort(margins.ToArray(), order);
        var blocks = new List<Block>();
        for (int start = 0, end; start < order.Length; start = end)
        {
            var margin = margins[order[start]];
            var block = default(Block);
            for (end = start; end < order.Length && margins[order[end]] == margin; end++)
            {
                block.Margins += margin;
                block.Positives += labels[order[end]] ? 1 : 0;
                block.Rows++;
            }
            // Exact: rates are compared as fractions.
            while (blocks.Count > 0 && (long)blocks[^1].Positives * block.Rows >= (long)block.Positives * blocks[^1].Rows)
            {
                var before = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                block = new Block { Margins = before.Margins + block.Margins, Positives = before.Positives + block.Positives, Rows = before.Rows + block.Rows };
            }
            blocks.Add(block);
        }
        var (least, most) = (1.0 / (labels.Length + 2), (labels.Length + 1.0) / (labels.Length + 2));
        return new IsotonicCalibrator([.. blocks.Select(block => block.Margins / block.Rows)], [.. blocks.Select(block => Math.Clamp(block.Rate, least, most))]);
    }
}
