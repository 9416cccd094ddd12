using System.Collections.Immutable;
using SqlMl.Plan;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>The columns of the row that is the cutoff: carried beside the cutoff through every step, under names of ours.</summary>
internal sealed class AnchorColumns
{
    private readonly ModelContext _context;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private ImmutableArray<string>? _inScans;

    internal AnchorColumns(ModelContext context)
    {
        _context = context;
        foreach (var column in context.Model.Anchors)
        {
            _names.Add(SourceStep.Key(column.Path, column.IsExact), context.Own($"anchor_{column.Path.Replace('.', '_')}"));
        }
    }

    /// <summary>The columns of all steps from the cutoffs on.</summary>
    internal IEnumerable<string> All
    {
        get
        {
            foreach (var column in _context.Model.Anchors)
            {
                foreach (var (_, ours) in Places(column)) yield return ours;
            }
        }
    }

    /// <summary>The columns in the order that tells anchors of one instant apart: the anchor's key, and then all that is read.</summary>
    internal IEnumerable<string> Order => _context.Model.AnchorKey.Select(key => Name(key.Column)).Concat(All).Distinct();

    /// <summary>Those that scans compare rows with: cutoffs of one instant that differ in them see different rows.</summary>
    internal ImmutableArray<string> InScans => _inScans ??= FindInScans();

    /// <summary>The columns as the cutoffs' step takes them from the anchor's row.</summary>
    internal IEnumerable<SqlSelectItem> Items(string alias)
    {
        foreach (var column in _context.Model.Anchors)
        {
            foreach (var (theirs, ours) in Places(column)) yield return Column(alias, theirs).As(ours);
        }
    }

    /// <summary>True where a label reads a late column whenever it is known, that is by the run's own instant.</summary>
    internal bool ReadsByNow(LogicalExpression label) =>
        label is LogicalAnchor { IsInLabel: true, Window: null } anchor ? At(anchor.Column).KnownAt is not null : label.Children.Any(ReadsByNow);

    /// <summary>
    /// A column of the anchor as read at the cutoff, in a label as known later (rule 17), or at the instant at which the rows of a scan are read.
    /// The run's step goes by the alias `r`.
    /// </summary>
    internal SqlExpression Read(LogicalAnchor anchor, string alias, ReadingInstant? reading = null)
    {
        var place = Place(anchor.Column);
        if (anchor.IsAsBefore && place.Before is not null) place = place.Before;
        var value = Column(alias, place.Name);
        if (!place.IsLate) return value;
        var cutoff = Column(alias, ModelContext.Cutoff);
        var instant = !anchor.IsInLabel ? cutoff : anchor.Window is null ? Column("r", RunStep.AsOf) : cutoff.Shift(anchor.Window.Gap, anchor.Window.Length);
        reading ??= new ReadingInstant(instant, _context.Model.IsBefore && !anchor.IsInLabel, SeesUndated: anchor is { IsInLabel: true, Window: null });
        return reading.Read(value, place.KnownAt is null ? null : Column(alias, place.KnownAt));
    }

    private ImmutableArray<string> FindInScans()
    {
        if (_context.Model.Anchors.IsEmpty) return [];
        var compared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var aggregate in _context.Model.Aggregates)
        {
            if (aggregate.Filter is not null) Collect(aggregate.Filter, compared);
        }
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var column in _context.Model.Anchors)
        {
            if (!compared.Contains(column.Path)) continue;
            names.AddRange(Place(column).Names);
        }
        return names.ToImmutable();
    }

    /// <summary>The name under which a column of the anchor is carried.</summary>
    internal string Name(LogicalColumn column) => _names[SourceStep.Key(column.Path, column.IsExact)];

    /// <summary>The column as it is carried; the names that go with it are made from its own.</summary>
    private StepColumn Place(LogicalColumn column)
    {
        var name = Name(column);
        var place = At(column);
        return Named(place, name) with { Before = place.Before is null ? null : Named(place.Before, $"{name}_before") };

        static StepColumn Named(StepColumn place, string name) => new(name, place.IsLate, place.KnownAt is null ? null : $"{name}_known_at");
    }

    /// <summary>Where a column stands in the anchor's row, and beside the cutoff.</summary>
    private IEnumerable<(string Theirs, string Ours)> Places(LogicalColumn column) => At(column).Names.Zip(Place(column).Names);

    private StepColumn At(LogicalColumn column)
    {
        var source = _context.Model.Observe.OfType<LogicalEach>().First().Rows.Source;
        return _context.Sources[source].Place(column.Path, column.IsExact);
    }

    private static void Collect(LogicalExpression expression, HashSet<string> paths)
    {
        if (expression is LogicalAnchor anchor) paths.Add(anchor.Column.Path);
        foreach (var child in expression.Children) Collect(child, paths);
    }
}
