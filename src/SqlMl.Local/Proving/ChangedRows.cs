using System.Collections.Immutable;
using System.Globalization;
using SqlMl.Compiler;
using SqlMl.Local.Data;

namespace SqlMl.Local.Proving;

/// <summary>How many rows a perturbation touched.</summary>
internal readonly record struct ChangeCounts(long Changed, long Deleted, long Inserted);

/// <summary>Carries out perturbations on one source: which of its rows change, which go, and which come.</summary>
internal sealed class ChangedRows
{
    // Copies come for the entities in question first, and not without end.
    private const int MostCopies = 5000;
    private const int MostVariants = 3 + (2 * ProofPlan.MostEdges);
    private const string Acts = "sqlml_acts";
    private const string Row = "sqlml_row";

    private readonly WorkTables _tables;
    private readonly StoredSource _source;
    private readonly long _seed;
    private readonly string _times;
    private readonly DateTime? _last;
    private bool _hasLateCutoffs;

    /// <summary>Asks once when each row happened and was known.</summary>
    public ChangedRows(WorkTables tables, StoredSource source, long seed, string model)
    {
        (_tables, _source, _seed) = (tables, source, seed);
        _times = SqlText.Name($"sqlml_times_{model}_{source.Name}");
        var late = string.Concat(source.Late.Select((_, i) => $", max(late_{i + 1}) AS late_{i + 1}"));
        var keys = string.Concat(Enumerable.Range(1, source.KeyCount).Select(i => $", any_value(key_{i}) AS key_{i}"));
        // A row that a join multiplies is known as soon as one of its copies is, and over when all are.
        tables.Execute(
            $"CREATE OR REPLACE TABLE {_times} AS SELECT {Row}, max(happened_at) AS happened_at, min(known_at) AS known_at, max(held_until) AS held_until{late}{keys} FROM ({source.Times}) GROUP BY ALL");
        _last = (DateTime?)tables.Rows($"SELECT max(happened_at) FROM {_times}")[0][0];
        Columns = tables.ColumnsOf(source.Name);
        Time = Settable(source.TimeColumn);
        // The days of another clock do not begin where those of the boundaries do.
        if (source.TimeZone is not null && Time is { Type: "DATE" }) Time = null;
        Known = Settable(source.KnownColumn);
        End = Settable(source.EndColumn);
    }

    /// <summary>When its last row happened; null without rows.</summary>
    public DateTime? Last => _last;

    public StoredSource Source => _source;

    /// <summary>True where copies of rows can be given other times.</summary>
    public bool TakesCopies => (Time is not null || (_source.IsPlanned && Known is not null)) && (_source.Unique.IsEmpty || _source.Unique.Any(column => Fresh(column) is not null));

    private ImmutableArray<WorkColumn> Columns { get; }

    private WorkColumn? Time { get; }

    private WorkColumn? Known { get; }

    private WorkColumn? End { get; }

    /// <summary>Changes the rows that the program reads.</summary>
    public ChangeCounts Apply(Perturbation change, string entities)
    {
        // Rows that are read beside others are seen with those, whenever they happened themselves; so are states that began in a stretch.
        var isState = _source.Nature == StoredNature.States;
        if (_last is null || (isState ? change.Target == Target.Between : change.IsOfStatesAlone)) return default;
        if (_source.IsReadBeside && (change.IsOfItselfAlone || change.Target is Target.Earlier or Target.LaterRows or Target.Between)) return default;
        _hasLateCutoffs = HasLateCutoffs(change);
        _tables.Execute($"CREATE OR REPLACE TEMP TABLE {Acts} AS SELECT {Row}, {Act(change)} AS act FROM {_times} AS t");
        var copies = change.Way is Way.Insert or Way.Mixed ? Copies(change, entities).ToList() : [];
        var counts = _tables.Rows($"SELECT count(*) FILTER (act IN (1, 3, 4, 5)), count(*) FILTER (act = 2) FROM {Acts}")[0];
        var items = Columns.Select(column => $"{InPlace(column, change)} AS {SqlText.Name(column.Name)}");
        var query =
            $"""
            SELECT {string.Join(", ", items)}, k.{Row}
            FROM {WorkTables.KeptOf(_source.Name)} AS k JOIN {WorkTables.OtherOf(_source.Name)} AS o ON o.{Row} = k.{Row}
            LEFT JOIN {_times} AS t ON t.{Row} = k.{Row} LEFT JOIN {Acts} AS x ON x.{Row} = k.{Row}
            WHERE x.act IS DISTINCT FROM 2
            """;
        if ((long)counts[0]! + (long)counts[1]! == 0 && copies.Count == 0) return default;
        _tables.Replace(_source.Name, string.Join("\nUNION ALL BY NAME\n", copies.Prepend(query)));
        var all = _tables.Connection.Scalar<long>($"SELECT count(*) FROM {WorkTables.WorkOf(_source.Name)} WHERE {Row} < 0");
        return new ChangeCounts((long)counts[0]!, (long)counts[1]!, all);
    }

    /// <summary>Adds copies of rows behind the source's end: what a later run would find.</summary>
    public ChangeCounts Append(DateTime asOf)
    {
        if (_last is not { } last || Time is null || !TakesCopies || _source.IsPlanned || _source.Nature != StoredNature.Events) return default;
        // Up to its end the source was complete: so much less what could still arrive, and no less than its word.
        var end = _source.IsCompleteByWord ? asOf : _source.Within is { } within ? Instants.Move(last, within) ?? last : last;
        if (_source.Within is not null && Known is null) return default;
        // Few of them: many cutoffs more would move the parts of a split by time, and the rows in question out of the training set.
        var change = new Perturbation(Target.LaterRows, Way.Insert, end, IsInclusive: false, null);
        var arrival = change with { Instant = end > asOf ? end : asOf };
        var items = Columns.Select(column => $"{(Is(column, Time) ? Set(column, change.Boundary, change) : Is(column, Known) ? Set(column, arrival.Boundary, arrival) : _source.Unique.Contains(column.Name, StringComparer.OrdinalIgnoreCase) ? Fresh(column.Name) ?? $"k.{SqlText.Name(column.Name)}" : $"k.{SqlText.Name(column.Name)}")} AS {SqlText.Name(column.Name)}");
        _tables.Replace(
            _source.Name,
            $"""
            FROM {WorkTables.KeptOf(_source.Name)} UNION ALL BY NAME
            (SELECT {string.Join(", ", items)}, -k.{Row} AS {Row} FROM {WorkTables.KeptOf(_source.Name)} AS k ORDER BY hash(k.{Row}, {Number(_seed)})
             LIMIT least(greatest(20, (SELECT count(*) // 10 FROM {WorkTables.KeptOf(_source.Name)})), {Number(MostCopies)}))
            """);
        return new ChangeCounts(0, 0, _tables.Connection.Scalar<long>($"SELECT count(*) FROM {WorkTables.WorkOf(_source.Name)} WHERE {Row} < 0"));
    }

    /// <summary>What happens to a row: 0 nothing, 1 other values, 2 it goes, 3 other values and times, 4 only what is hidden in it, 5 other values where it stays a cutoff.</summary>
    private string Act(Perturbation change)
    {
        var hidden = string.Join(" OR ", HiddenParts(change).DefaultIfEmpty("false"));
        var rest = change.Way is Way.Insert or Way.Delete ? "0" : $"CASE WHEN {hidden} THEN 4 ELSE 0 END";
        if (change.Way == Way.Insert) return "0";
        var pick = $"hash({Row}, {Number(_seed)})";
        var moved = CanMove(change) ? 3 : 1;
        var act = change.Way switch
        {
            Way.Change => $"CASE WHEN {pick} % 2 = 0 THEN {moved} ELSE 1 END",
            Way.Delete => "2",
            _ => $"CASE {pick} % 3 WHEN 0 THEN 2 WHEN 1 THEN {moved} ELSE 1 END",
        };
        var stays = change.Way == Way.Delete || change.Followed is not null ? "0" : "1";
        if (change.Followed is not null) act = $"CASE WHEN {pick} % 3 = 0 THEN 2 ELSE 0 END";
        // Of rows with one key the first counts: were it gone, or later, another would take its place.
        if (_source.HasKey && (change.Target is Target.Earlier or Target.Between || _hasLateCutoffs)) act = stays;
        // A source ends where its last row does, and what a label waits for must not move.
        if (_source.Nature == StoredNature.Events) act = $"CASE WHEN t.happened_at >= {Instants.Literal(_last!.Value)} THEN {stays} ELSE {act} END";
        if (Protected(change) is { } isProtected) act = $"CASE WHEN {isProtected} THEN {(stays == "0" ? "0" : "5")} ELSE {act} END";
        return $"CASE WHEN {Taken(change)} THEN {act} ELSE {rest} END";
    }

    /// <summary>The rows in question, as a condition on their times.</summary>
    private string Taken(Perturbation change)
    {
        var instant = Instants.Literal(change.Instant);
        var (after, upTo) = change.IsInclusive ? (">=", "<=") : (">", "<");
        return (change.Target, _source.Nature) switch
        {
            (Target.Unknown, _) => $"(t.known_at {after} {instant} OR t.known_at IS NULL{(_source.IsPlanned ? "" : $" OR t.happened_at {after} {instant}")})",
            (Target.Earlier, StoredNature.States) => $"coalesce(t.held_until {upTo} {instant}, false)",
            (Target.Earlier, _) => $"coalesce(t.happened_at {upTo} {instant}, false)",
            (Target.Between, _) => $"coalesce(t.happened_at > {instant} AND t.happened_at <= {Instants.Literal(change.Until)}{(_source.IsPlanned ? $" AND t.known_at > {instant}" : "")}, false)",
            _ => $"coalesce(t.happened_at {after} {instant}, false)",
        };
    }

    /// <summary>Rows that must stay where they are, because a cutoff is examined that they make.</summary>
    private string? Protected(Perturbation change)
    {
        if (change.TakesCutoffs || !_source.IsAnchor) return null;
        if (change.Target != Target.Unknown) return "true";
        // A row is known at its own cutoff by definition.
        return _source.IsCutoff ? $"t.happened_at <= {Instants.Literal(change.Instant)}" : null;
    }

    /// <summary>True where rows lie before an instant whose cutoffs are examined, but were known after it: which of the rows of their key is known first, and so is a cutoff, is decided later.</summary>
    private bool HasLateCutoffs(Perturbation change) =>
        _source is { HasKey: true, IsCutoff: true, HasKnowledge: true } && change is { Target: Target.Unknown, TakesCutoffs: false } &&
        _tables.Connection.Scalar<bool>($"SELECT count(*) > 0 FROM {_times} AS t WHERE t.happened_at <= {Instants.Literal(change.Instant)} AND (t.known_at > {Instants.Literal(change.Instant)} OR t.known_at IS NULL)");

    /// <summary>What is hidden in rows that are not: columns written later, ends of states that were still to come.</summary>
    private IEnumerable<string> HiddenParts(Perturbation change)
    {
        for (var i = 0; i < _source.Late.Length; i++)
        {
            if (IsLateHidden(i, change) is { } hidden) yield return hidden;
        }
        if (IsEndHidden(change) is { } end) yield return end;
    }

    private string? IsLateHidden(int index, Perturbation change)
    {
        var after = change.IsInclusive ? ">=" : ">";
        var late = $"t.late_{index + 1}";
        return change.Target switch
        {
            Target.Unknown => _source.Late[index].IsDated ? $"({late} {after} {Instants.Literal(change.Instant)} OR {late} IS NULL)" : change.TakesCutoffs ? null : "true",
            Target.Later when _source.Late[index].IsDated => $"coalesce({late} {after} {Instants.Literal(change.Instant)}, false)",
            _ => null,
        };
    }

    private string? IsEndHidden(Perturbation change) => End is null || change.Target is not (Target.Unknown or Target.Later)
        ? null
        : $"coalesce(t.held_until {(change.IsInclusive ? ">=" : ">")} {Instants.Literal(change.Instant)}, false)";

    /// <summary>A column of a row that was there before.</summary>
    private string InPlace(WorkColumn column, Perturbation change)
    {
        var name = SqlText.Name(column.Name);
        var moves = change.Way is Way.Change or Way.Mixed;
        if (Is(column, Time)) return $"CASE WHEN x.act = 3 THEN {MovedTime(change, column)} ELSE k.{name} END";
        if (Is(column, Known)) return $"CASE WHEN x.act = 3 THEN {MovedKnown(change, column)} ELSE k.{name} END";
        if (Is(column, End) && moves && IsEndHidden(change) is { } end) return $"CASE WHEN x.act = 4 AND {end} THEN {Set(column, change.Boundary, change)} ELSE k.{name} END";
        for (var i = 0; i < _source.Late.Length; i++)
        {
            if (moves && _source.Late[i].AtColumn is { } at && at.Equals(column.Name, StringComparison.OrdinalIgnoreCase) && Settable(at) is not null && IsLateHidden(i, change) is { } later)
                return $"CASE WHEN x.act = 4 AND t.late_{i + 1} IS NOT NULL AND {later} THEN {Set(column, change.Boundary, change)} ELSE k.{name} END";
            if (!_source.Late[i].Columns.Contains(column.Name, StringComparer.OrdinalIgnoreCase)) continue;
            var hidden = IsLateHidden(i, change) ?? "false";
            return $"CASE WHEN x.act IN (1, 3) OR (x.act IN (4, 5) AND {hidden}) THEN o.{name} ELSE k.{name} END";
        }
        if (_source.Fixed.Concat(_source.Unique).Contains(column.Name, StringComparer.OrdinalIgnoreCase)) return $"k.{name}";
        var acts = _source.AnchorColumns.Contains(column.Name, StringComparer.OrdinalIgnoreCase) ? "1, 3" : "1, 3, 5";
        return $"CASE WHEN x.act IN ({acts}) THEN o.{name} ELSE k.{name} END";
    }

    /// <summary>Copies of rows with times just out of sight; numbered below zero.</summary>
    private IEnumerable<string> Copies(Perturbation change, string entities)
    {
        if (!TakesCopies) yield break;
        if (_source.Nature == StoredNature.States && change.Target == Target.Earlier)
        {
            // A copy in the place of a state that goes would stand for it wherever ends are not looked at, and hide that it is gone.
            if (End is not null) yield return Copy(change, entities, null, null, End, $"t.happened_at < {Instants.Literal(change.Boundary)} AND k.{Row} NOT IN (SELECT {Row} FROM {Acts} WHERE act = 2)", 1);
            yield break;
        }
        if (CanMove(change) || (_source.HasKey && CanMove(change with { IsInclusive = false })))
        {
            var time = _source.IsPlanned && change.Target == Target.Unknown ? null : Time;
            yield return Copy(change, entities, time, Known, null, "t.happened_at IS NOT NULL", 1);
            foreach (var (other, i) in change.AlsoAt.Select((other, i) => (other, i)))
            {
                var moved = change with { Instant = other, IsInclusive = true };
                var second = 3 + ProofPlan.MostEdges + i;
                if (!change.IsInclusive || other != change.Instant) yield return Copy(moved, entities, time, Known, null, "t.happened_at IS NOT NULL", 3 + i);
                // States end there as well, and rows that can be read later happen there.
                if (End is not null) yield return Copy(moved, entities, null, null, End, $"t.happened_at < {Instants.Literal(other)}", second);
                else if (_source.Delay is not null) yield return Copy(moved with { Target = Target.LaterRows }, entities, time, Known, null, "t.happened_at IS NOT NULL", second);
            }
        }
        if (change.Target == Target.Unknown && Known is not null && !_source.IsPlanned)
            yield return Copy(change, entities, null, Known, null, $"t.happened_at <= {Instants.Literal(change.Instant)}", 2);
    }

    private string Copy(Perturbation change, string entities, WorkColumn? time, WorkColumn? known, WorkColumn? end, string condition, int variant)
    {
        var items = Columns.Select(column =>
        {
            var name = SqlText.Name(column.Name);
            var value = Is(column, time) ? MovedTime(change, column)
                : Is(column, known) ? MovedKnown(change, column)
                : Is(column, end) ? Set(column, change.Boundary, change)
                // A state that begins later must not have ended before.
                : Is(column, End) && time is not null ? $"CASE WHEN t.held_until > {Instants.Literal(change.Boundary)} THEN k.{name} END"
                : _source.Unique.Contains(column.Name, StringComparer.OrdinalIgnoreCase) ? FreshOrSame(column, change, variant)
                : change.Target == Target.Unknown && column.Name.Equals(_source.EntityColumn, StringComparison.OrdinalIgnoreCase) ? Newcomer(column, variant)
                : $"k.{name}";
            return $"{value} AS {name}";
        });
        if (change.Followed is not null) condition += $" AND {Followed(change.Followed)}";
        var order = _source.KeyCount == 0 ? "" : $"({string.Join(", ", Enumerable.Range(1, _source.KeyCount).Select(i => $"t.key_{i}"))}) IN ({entities}) DESC, ";
        return
            $"""
            (SELECT {string.Join(", ", items)}, -({Number(MostVariants)} * k.{Row} + {Number(variant)}) AS {Row}
            FROM {WorkTables.KeptOf(_source.Name)} AS k JOIN {_times} AS t ON t.{Row} = k.{Row}
            WHERE {condition} ORDER BY {order}hash(k.{Row}, {Number(_seed)}) LIMIT {Number(MostCopies)})
            """;
    }

    private string Followed(string cutoffs)
    {
        if (_source.KeyCount == 0) return "true";
        var same = Enumerable.Range(1, _source.KeyCount).Select(i => $"c.key_{i} = t.key_{i}");
        return $"EXISTS (SELECT 1 FROM ({cutoffs}) AS c WHERE {string.Join(" AND ", same)} AND c.cutoff > t.happened_at)";
    }

    /// <summary>A row known later than another of its key is none, so every second copy keeps the key; where rows are told apart by it, none does.</summary>
    private string FreshOrSame(WorkColumn column, Perturbation change, int variant)
    {
        var fresh = Fresh(column.Name, variant) ?? $"k.{SqlText.Name(column.Name)}";
        return _source.HasKey && !_hasLateCutoffs && !_source.IsReadBeside && change is { Target: Target.Unknown, IsInclusive: false }
            ? $"CASE WHEN k.{Row} % 2 = 0 THEN k.{SqlText.Name(column.Name)} ELSE {fresh} END"
            : fresh;
    }

    /// <summary>Every third copy names an entity that nobody knew: it must not exist any earlier.</summary>
    private string Newcomer(WorkColumn column, int variant)
    {
        var name = $"k.{SqlText.Name(column.Name)}";
        return Fresh(column.Name, variant) is { } fresh ? $"CASE WHEN k.{Row} % 3 = 0 THEN {fresh} ELSE {name} END" : name;
    }

    /// <summary>A value that no row has; the variant tells copies of one row apart. Null where the column's type has none to spare.</summary>
    private string? Fresh(string name, int variant = 0)
    {
        if (_tables.Column(_source.Name, name) is not { } column) return null;
        var quoted = SqlText.Name(column.Name);
        return column.Type switch
        {
            "VARCHAR" => $"k.{quoted} || '~' || ({Number(MostVariants)} * k.{Row} + {Number(variant)})",
            "BIGINT" or "INTEGER" or "HUGEINT" or "UBIGINT" or "UINTEGER" =>
                $"TRY_CAST((SELECT max({quoted})::HUGEINT FROM {WorkTables.KeptOf(_source.Name)}) + {Number(MostVariants)} * k.{Row} + {Number(variant)} AS {column.Type})",
            _ => null,
        };
    }

    /// <summary>Whether times can move to the boundary: without reaching beyond the source's end, which decides what is complete.</summary>
    private bool CanMove(Perturbation change)
    {
        // At the instant itself a row could take the place of another of its key.
        if (_source.HasKey && change is { Target: Target.Unknown, IsInclusive: true }) return false;
        if (_source.IsPlanned && change.Target == Target.Unknown) return Known is not null;
        if (Time is null) return false;
        return _source.Nature == StoredNature.States ? change.Target != Target.Earlier : TimeFor(change) <= _last;
    }

    /// <summary>Where the time lies of a row that is known at the boundary.</summary>
    private DateTime TimeFor(Perturbation change)
    {
        var time = change.Boundary;
        if (change.Target == Target.Unknown && _source.Delay is { } delay) time = Instants.Move(time, delay, -1) ?? time;
        return Rounded(Time!, time, change);
    }

    private string MovedTime(Perturbation change, WorkColumn column) =>
        Time is not null && !(_source.IsPlanned && change.Target == Target.Unknown) && (_source.Nature == StoredNature.States || TimeFor(change) <= _last) ? Set(column, TimeFor(change), change) : $"k.{SqlText.Name(column.Name)}";

    /// <summary>When a moved row is known: planned ones stay known ahead of their time, or no window would see them.</summary>
    private string MovedKnown(Perturbation change, WorkColumn column) =>
        _source.IsPlanned && change.Target == Target.LaterRows ? $"k.{SqlText.Name(column.Name)}" : Set(column, change.Boundary, change);

    private string Set(WorkColumn column, DateTime instant, Perturbation change)
    {
        var literal = Instants.Literal(Rounded(column, instant, change));
        if (_source.TimeZone is { } zone && Is(column, Time))
        {
            // What states its offset means that, and a clock shows the zone's time.
            if (column.Type == "VARCHAR") return $"strftime({literal}, '%Y-%m-%dT%H:%M:%S.%fZ')";
            if (column.Type != "TIMESTAMP WITH TIME ZONE") literal = $"timezone('{zone}', timezone('UTC', {literal}))";
        }
        return column.Type == "VARCHAR" ? $"strftime({literal}, '%Y-%m-%d %H:%M:%S.%f')" : $"CAST({literal} AS {column.Type})";
    }

    /// <summary>A date is its first instant: the next one that is out of sight.</summary>
    private static DateTime Rounded(WorkColumn column, DateTime instant, Perturbation change) =>
        column.Type != "DATE" || instant.TimeOfDay == TimeSpan.Zero || change.Target == Target.Earlier ? (column.Type == "DATE" ? instant.Date : instant) : instant.Date.AddDays(1);

    private WorkColumn? Settable(string? name) =>
        _tables.Column(_source.Name, name) is { Type: "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" or "TIMESTAMP_NS" or "VARCHAR" or "DATE" } column ? column : null;

    private static bool Is(WorkColumn column, WorkColumn? other) => other is not null && other.Name == column.Name;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
