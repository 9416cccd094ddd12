using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SqlMl.Learning;

/// <summary>
/// Grows one tree after another on the same binned rows, level by level. Rows stand grouped by node, each beside its gradient pair; of two
/// siblings only the one with fewer rows is counted into a histogram, the other's is their parent's minus that.
/// </summary>
internal sealed class TreeGrower
{
    private readonly BinnedColumn[] _columns;
    private readonly int[] _offsets;
    private SplitRule _rule;
    private readonly int _maxDepth;
    private readonly float _eta;
    private readonly WorkerTeam _team;
    private readonly Stack<Vector128<long>[]> _spareHistograms = new();
    private readonly int[] _rows;
    private readonly int[] _scratchRows;
    private readonly Vector128<long>[] _pairs;
    private readonly Vector128<long>[] _scratchPairs;

    public TreeGrower(BinnedColumn[] columns, int rowCount, SplitRule rule, int maxDepth, double eta, WorkerTeam team)
    {
        (_columns, _rule, _maxDepth, _eta, _team) = (columns, rule, maxDepth, (float)eta, team);
        _offsets = new int[columns.Length + 1];
        for (var position = 0; position < columns.Length; position++)
            _offsets[position + 1] = _offsets[position] + columns[position].BinCount;
        (_rows, _scratchRows) = (new int[rowCount], new int[rowCount]);
        (_pairs, _scratchPairs) = (new Vector128<long>[rowCount], new Vector128<long>[rowCount]);
    }

    /// <summary>
    /// Grows a tree by <paramref name="rule"/> on the rows for which <paramref name="sampled"/> holds, splitting on the binned columns at <paramref name="candidates"/>
    /// (ascending), and adds each row's leaf value to its margin, also for rows that were not sampled.
    /// </summary>
    public RegressionTree Grow(SplitRule rule, Vector128<long>[] gradients, bool[] sampled, int[] candidates, float[] margins)
    {
        _rule = rule;
        var root = TakeSample(gradients, sampled);
        var nodes = new List<GrowingNode> { root };
        List<(GrowingNode Built, GrowingNode? Sibling)> level = [(root, null)];
        root.Histogram = RentHistogram();
        for (var depth = 0; level.Count > 0; depth++)
        {
            FindSplits(level, candidates);
            var parents = level.SelectMany(pair => pair.Sibling is null ? [pair.Built] : new[] { pair.Built, pair.Sibling })
                .Where(node => node.Best.Gain > 0 || Release(node))
                .OrderBy(node => node.Id)
                .ToList();
            _team.Run(parents.Count, parents.Sum(node => (long)node.Count), item => Partition(parents[item]));
            level = [];
            foreach (var parent in parents)
            {
                AddChildren(parent, nodes);
                if (depth + 1 < _maxDepth && (_rule.MaySplit(parent.Left!.Sums) || _rule.MaySplit(parent.Right!.Sums)))
                    level.Add(InheritHistogram(parent));
                else
                    Release(parent);
            }
        }

        AddLeafValues(nodes, sampled, margins);
        return ToTree(nodes);
    }

    private GrowingNode TakeSample(Vector128<long>[] gradients, bool[] sampled)
    {
        var count = 0;
        var sums = Vector128<long>.Zero;
        for (var row = 0; row < sampled.Length; row++)
        {
            if (!sampled[row])
                continue;
            _rows[count] = row;
            _pairs[count++] = gradients[row];
            sums += gradients[row];
        }

        return new GrowingNode { Id = 0, Start = 0, Count = count, Sums = sums };
    }

    /// <summary>Completes the histograms of a level and finds each node's best split; of equal gains the first column's.</summary>
    private void FindSplits(List<(GrowingNode Built, GrowingNode? Sibling)> level, int[] candidates)
    {
        foreach (var (built, sibling) in level)
        {
            built.PerColumn = new Split[candidates.Length];
            sibling?.PerColumn = new Split[candidates.Length];
        }

        var steps = level.Sum(pair => pair.Built.Count + 512L) * candidates.Length;
        _team.Run((candidates.Length + 3) / 4, steps, group =>
        {
            var items = Enumerable.Range(4 * group, Math.Min(4, candidates.Length - 4 * group)).ToArray();
            foreach (var (built, sibling) in level)
            {
                Count(built, Array.ConvertAll(items, item => candidates[item]));
                foreach (var item in items)
                    FindSplit(built, sibling, item, candidates[item]);
            }
        });

        foreach (var (built, sibling) in level)
        {
            built.ChooseBest();
            sibling?.ChooseBest();
        }
    }

    /// <summary>The best split on one column whose histogram is complete, and the sibling's after the subtraction.</summary>
    private void FindSplit(GrowingNode built, GrowingNode? sibling, int item, int position)
    {
        var counted = HistogramOf(built, position);
        built.PerColumn[item] = _rule.Best(counted, _columns[position], position, built.Sums);
        if (sibling is null)
            return;
        var remaining = HistogramOf(sibling, position);
        for (var bin = 0; bin < remaining.Length; bin++)
            remaining[bin] -= counted[bin];
        sibling.PerColumn[item] = _rule.Best(remaining, _columns[position], position, sibling.Sums);
    }

    private Span<Vector128<long>> HistogramOf(GrowingNode node, int position) =>
        node.Histogram.AsSpan(_offsets[position].._offsets[position + 1]);

    private void Count(GrowingNode node, int[] positions)
    {
        foreach (var position in positions)
            HistogramOf(node, position).Clear();
        if (positions.Length == 4)
        {
            CountFour(node, positions);
            return;
        }

        foreach (var position in positions)
            CountOne(node, position);
    }

    /// <summary>Four columns in one pass: each row's number and gradient pair are fetched once, and four histograms still fit the first-level cache.</summary>
    private void CountFour(GrowingNode node, int[] positions)
    {
        ref var sums0 = ref MemoryMarshal.GetReference(HistogramOf(node, positions[0]));
        ref var sums1 = ref MemoryMarshal.GetReference(HistogramOf(node, positions[1]));
        ref var sums2 = ref MemoryMarshal.GetReference(HistogramOf(node, positions[2]));
        ref var sums3 = ref MemoryMarshal.GetReference(HistogramOf(node, positions[3]));
        ref var bins0 = ref MemoryMarshal.GetArrayDataReference(_columns[positions[0]].Bins);
        ref var bins1 = ref MemoryMarshal.GetArrayDataReference(_columns[positions[1]].Bins);
        ref var bins2 = ref MemoryMarshal.GetArrayDataReference(_columns[positions[2]].Bins);
        ref var bins3 = ref MemoryMarshal.GetArrayDataReference(_columns[positions[3]].Bins);
        ref var firstRow = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_rows), node.Start);
        ref var firstPair = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pairs), node.Start);
        for (nint i = 0; i < node.Count; i++)
        {
            nint row = Unsafe.Add(ref firstRow, i);
            var pair = Unsafe.Add(ref firstPair, i);
            Unsafe.Add(ref sums0, (nint)Unsafe.Add(ref bins0, row)) += pair;
            Unsafe.Add(ref sums1, (nint)Unsafe.Add(ref bins1, row)) += pair;
            Unsafe.Add(ref sums2, (nint)Unsafe.Add(ref bins2, row)) += pair;
            Unsafe.Add(ref sums3, (nint)Unsafe.Add(ref bins3, row)) += pair;
        }
    }

    private void CountOne(GrowingNode node, int position)
    {
        var histogram = HistogramOf(node, position);
        var bins = _columns[position].Bins;
        for (var i = node.Start; i < node.Start + node.Count; i++)
            histogram[bins[_rows[i]]] += _pairs[i];
    }

    /// <summary>Groups the node's rows by child, keeping their order; branch-free, since the direction of a row cannot be foreseen.</summary>
    private void Partition(GrowingNode node)
    {
        var column = _columns[node.Best.Position];
        Span<byte> goesLeft = stackalloc byte[256];
        goesLeft.Clear();
        goesLeft[..(node.Best.Bin + 1)].Fill(1);
        if (column.HasMissing)
            goesLeft[column.MissingBin] = node.Best.MissingLeft ? (byte)1 : (byte)0;
        var bins = column.Bins;
        var left = node.Start;
        var right = node.Start;
        for (var i = node.Start; i < node.Start + node.Count; i++)
        {
            var row = _rows[i];
            var pair = _pairs[i];
            int toLeft = goesLeft[bins[row]];
            _rows[left] = row;
            _pairs[left] = pair;
            _scratchRows[right] = row;
            _scratchPairs[right] = pair;
            left += toLeft;
            right += 1 - toLeft;
        }

        node.LeftCount = left - node.Start;
        Array.Copy(_scratchRows, node.Start, _rows, left, right - node.Start);
        Array.Copy(_scratchPairs, node.Start, _pairs, left, right - node.Start);
    }

    private static void AddChildren(GrowingNode parent, List<GrowingNode> nodes)
    {
        parent.Left = new GrowingNode
        {
            Id = nodes.Count, Parent = parent, Start = parent.Start, Count = parent.LeftCount, Sums = parent.Best.Left,
        };
        parent.Right = new GrowingNode
        {
            Id = nodes.Count + 1, Parent = parent, Start = parent.Start + parent.LeftCount, Count = parent.Count - parent.LeftCount, Sums = parent.Sums - parent.Best.Left,
        };
        nodes.Add(parent.Left);
        nodes.Add(parent.Right);
    }

    /// <summary>Gives the parent's histogram to the larger child, to be reduced by the smaller one's.</summary>
    private (GrowingNode Built, GrowingNode Sibling) InheritHistogram(GrowingNode parent)
    {
        var (smaller, larger) = parent.Left!.Count <= parent.Right!.Count ? (parent.Left, parent.Right) : (parent.Right, parent.Left);
        larger.Histogram = parent.Histogram;
        parent.Histogram = null;
        smaller.Histogram = RentHistogram();
        return (smaller, larger);
    }

    private Vector128<long>[] RentHistogram() =>
        _spareHistograms.TryPop(out var spare) ? spare : new Vector128<long>[_offsets[^1]];

    /// <summary>Takes the node's histogram back; always false, so that it reads as "or else drop it".</summary>
    private bool Release(GrowingNode node)
    {
        _spareHistograms.Push(node.Histogram!);
        node.Histogram = null;
        return false;
    }

    private void AddLeafValues(List<GrowingNode> nodes, bool[] sampled, float[] margins)
    {
        foreach (var node in nodes)
        {
            node.Value = (float)(_eta * _rule.Weight(node.Sums));
            if (node.Left is not null)
                continue;
            foreach (var row in _rows.AsSpan(node.Start, node.Count))
                margins[row] += node.Value;
        }

        const int Chunk = 8192;
        var root = nodes[0];
        var aside = sampled.Length - root.Count;
        if (aside == 0)
            return;
        _team.Run((sampled.Length + Chunk - 1) / Chunk, aside * (long)_maxDepth, chunk =>
        {
            for (var row = chunk * Chunk; row < Math.Min(sampled.Length, (chunk + 1) * Chunk); row++)
            {
                if (sampled[row])
                    continue;
                var node = root;
                while (node.Left is not null)
                {
                    var column = _columns[node.Best.Position];
                    var bin = column.Bins[row];
                    var goesLeft = column.HasMissing && bin == column.MissingBin ? node.Best.MissingLeft : bin <= node.Best.Bin;
                    node = goesLeft ? node.Left : node.Right!;
                }

                margins[row] += node.Value;
            }
        });
    }

    private RegressionTree ToTree(List<GrowingNode> nodes)
    {
        var tree = RegressionTree.OfSize(nodes.Count);
        for (var id = 0; id < nodes.Count; id++)
        {
            var node = nodes[id];
            tree.Parent[id] = node.Parent?.Id ?? int.MaxValue;
            tree.Left[id] = node.Left?.Id ?? -1;
            tree.Right[id] = node.Right?.Id ?? -1;
            tree.Cover[id] = (float)_rule.Units.Hessian(node.Sums);
            tree.Weight[id] = node.Left is null ? node.Value : (float)_rule.Weight(node.Sums);
            if (node.Left is null)
            {
                tree.Condition[id] = node.Value;
                continue;
            }

            var column = _columns[node.Best.Position];
            tree.Feature[id] = column.Column;
            tree.Condition[id] = column.UpperBounds[node.Best.Bin];
            tree.DefaultLeft[id] = node.Best.MissingLeft;
            tree.Gain[id] = (float)node.Best.Gain;
        }

        return tree;
    }

    /// <summary>A node while its tree grows; its rows are the <see cref="Count"/> from <see cref="Start"/> in the grouped order.</summary>
    private sealed class GrowingNode
    {
        public required int Id { get; init; }

        public GrowingNode? Parent { get; init; }

        public required int Start { get; init; }

        public required int Count { get; init; }

        public required Vector128<long> Sums { get; init; }

        public Vector128<long>[]? Histogram { get; set; }

        public Split[] PerColumn { get; set; } = [];

        public Split Best { get; private set; }

        public int LeftCount { get; set; }

        public GrowingNode? Left { get; set; }

        public GrowingNode? Right { get; set; }

        public float Value { get; set; }

        public void ChooseBest()
        {
            foreach (var split in PerColumn)
            {
                if (split.Gain > Best.Gain)
                    Best = split;
            }

            PerColumn = [];
        }
    }
}
