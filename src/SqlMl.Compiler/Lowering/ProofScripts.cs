using System.Collections.Immutable;
using SqlMl.Language.Collections;
using SqlMl.Plan;
using SqlMl.Semantics;
using SqlMl.Sql;
using static SqlMl.Compiler.Lowering.SqlTerms;

namespace SqlMl.Compiler.Lowering;

/// <summary>Finds the stored sources that a model reads and writes what a proof asks them: which row happened when, and was known when, as the program declares it.</summary>
internal sealed class ProofScripts(LogicalModel model, SqlDialect dialect)
{
    private sealed record Found(LogicalSource Source)
    {
        /// <summary>True where the source's keys are those of the model's entity, and not of a join.</summary>
        public bool NamesEntity { get; set; }

        /// <summary>The first column that alone names the entity.</summary>
        public string? EntityColumn { get; set; }

        public bool IsReadBeside { get; set; }

        public HashSet<string> Fixed { get; } = new(StringComparer.OrdinalIgnoreCase);

        public HashSet<string> Unique { get; } = new(StringComparer.OrdinalIgnoreCase);

        public List<LogicalSourceColumn> Late { get; } = [];
    }

    private readonly Dictionary<string, Found> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The plan to prove: what says who is scored is proved as a feature is, at every cutoff, and leaves nobody out.</summary>
    internal static LogicalPlan Proving(LogicalPlan plan) => new(plan.Models.SelectAsArray(model =>
        model.ScoreOnly is { } scored ? model with { Features = model.Features.Add(scored), ScoreOnly = null } : model));

    /// <summary>All that a proof must know of the model.</summary>
    internal CompiledProof Build(CompiledScript candidates, string candidateTable)
    {
        foreach (var source in model.Sources) Collect(source, isEntity: true, isBeside: false);
        CollectLate([.. model.Links, .. model.LabelLinks]);
        var reaches = new Reaches(model);
        return new CompiledProof
        {
            Candidates = candidates,
            CandidateTable = candidateTable,
            Features = [.. model.Features.Select(reaches.OfValue)],
            Label = reaches.Of(model.Label),
            Sources = [.. _found.Values.Select(Stored)],
            IsBefore = model.IsBefore,
            HasEventCutoffs = model.Observe.Any(line => line is LogicalEach or LogicalAfterFirst),
            HasLateCutoffs = model.Observe.Any(line => line is LogicalEach { Offset: null, Rows.Source: var name } && IsKnownLater(model.Sources.First(source => source.Name == name))),
            HasUntil = model.Until is not null,
            AllowsImmature = model.AllowImmature,
            IsSplitByTime = model.Split is LogicalTimeSplit or LogicalInstantSplit,
        };
    }

    private static bool IsKnownLater(LogicalSource source) => source.Knowledge is not null || source.Location switch
    {
        LogicalUnion union => union.Parts.Any(IsKnownLater),
        LogicalGroup group => IsKnownLater(group.Base),
        LogicalDerivation derivation => IsKnownLater(derivation.Base),
        _ => false,
    };

    private void Collect(LogicalSource source, bool isEntity, bool isBeside)
    {
        switch (source.Location)
        {
            case LogicalUnion union:
                foreach (var part in union.Parts) Collect(part, isEntity, isBeside);
                return;
            case LogicalGroup group:
                Collect(group.Base, isEntity: false, isBeside: true);
                foreach (var key in group.Keys) Fix(group.Base, key.Column);
                return;
            case LogicalDerivation derivation:
                Collect(derivation.Base, isEntity: false, isBeside: true);
                CollectJoins(source);
                // What the derived rows say of time and key stands in columns of the base.
                foreach (var said in Said(source)) Fix(derivation.Base, said);
                return;
        }
        if (!_found.TryGetValue(source.Name, out var found)) _found.Add(source.Name, found = new Found(source));
        // Of several readings of one table the one that names the entity says most; a row with sides names several.
        if (isEntity && !source.Keys.IsEmpty && source.Sides.IsEmpty && !found.NamesEntity)
        {
            var known = found;
            _found[source.Name] = found = new Found(source) { NamesEntity = true, EntityColumn = known.EntityColumn, IsReadBeside = known.IsReadBeside };
            found.Fixed.UnionWith(known.Fixed);
            found.Unique.UnionWith(known.Unique);
            found.Late.AddRange(known.Late);
        }
        if (isEntity) found.EntityColumn ??= source.Keys.Select(Alone).FirstOrDefault(column => column is not null);
        found.IsReadBeside |= isBeside;
        foreach (var said in Said(source)) found.Fixed.UnionWith(Columns(said));
        foreach (var key in source.RowKey) found.Unique.UnionWith(Columns(key));
        CollectLate(found, source);
        CollectJoins(source);
    }

    private static void CollectLate(Found found, LogicalSource source)
    {
        foreach (var column in source.Columns.Where(column => column.IsLate && column.Column.Join is null && column.Expression is null))
        {
            if (!found.Late.Any(late => late.Column.Name.Equals(column.Column.Name, StringComparison.OrdinalIgnoreCase))) found.Late.Add(column);
            if (column.LateAt is not null) found.Fixed.UnionWith(Columns(column.LateAt));
        }
    }

    /// <summary>What vars of other entities read of sources that are written later; the rest is known of them, as the model reads them as well.</summary>
    private void CollectLate(ImmutableArray<LogicalLink> links)
    {
        foreach (var link in links)
        {
            foreach (var source in link.Values.Sources)
            {
                if (_found.TryGetValue(source.Name, out var found)) CollectLate(found, source);
            }
            CollectLate(link.Values.Links);
        }
    }

    private void CollectJoins(LogicalSource source)
    {
        foreach (var join in source.Joins)
        {
            foreach (var ours in join.Ours) Fix(source, ours);
            Collect(join.Target, isEntity: false, isBeside: join.Target.Nature == SourceNature.Events);
            if (join.Target.Nature == SourceNature.Events && !join.IsEach && _found.TryGetValue(join.Target.Name, out var target))
            {
                foreach (var key in join.Target.Keys) target.Unique.UnionWith(Columns(key));
            }
        }
    }

    /// <summary>The columns of a stored source that an expression reads, be it through the source's own name or as rows that another is made from.</summary>
    private void Fix(LogicalSource source, LogicalExpression expression)
    {
        if (source.Location is LogicalDerivation derivation) Fix(derivation.Base, expression);
        else if (_found.TryGetValue(source.Name, out var found)) found.Fixed.UnionWith(Names(expression));
    }

    private static IEnumerable<LogicalExpression> Said(LogicalSource source)
    {
        if (source.Time is not null) yield return source.Time;
        if (source.ValidTo is not null) yield return source.ValidTo;
        if (source.Knowledge?.At is { } at) yield return at;
        foreach (var key in source.Keys.Concat(source.RowKey)) yield return key;
    }

    /// <summary>The columns of the table itself.</summary>
    private static IEnumerable<string> Columns(LogicalExpression expression) => expression is LogicalColumn column
        ? column.Join is null ? [column.Name] : []
        : expression.Children.SelectMany(Columns);

    private static IEnumerable<string> Names(LogicalExpression expression) =>
        expression is LogicalColumn column ? [column.Name] : expression.Children.SelectMany(Names);

    private static bool ReadsJoin(LogicalExpression expression) => expression is LogicalColumn { Join: not null } || expression.Children.Any(ReadsJoin);

    private static string? Alone(LogicalExpression? expression) => expression is LogicalColumn { Join: null } column ? column.Name : null;

    private StoredSource Stored(Found found)
    {
        var source = found.Source;
        var late = LateGroups(found);
        var lines = model.Observe.Where(line => SourceOf(line) is { } name && Reads(name, source.Name)).ToList();
        var cutoffColumns = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            var observed = model.Sources.First(other => other.Name == SourceOf(line));
            // What says which rows are cutoffs, be it the line or a source's own `where`.
            if (FilterOf(line) is { } filter) cutoffColumns.UnionWith(Deep(filter));
            if (source.Where is not null) cutoffColumns.UnionWith(Deep(source.Where));
            if (observed.Where is { } where) cutoffColumns.UnionWith(Deep(where));
            foreach (var anchor in model.Anchors) cutoffColumns.UnionWith(InParts(observed, source.Name, anchor).SelectMany(Deep));
        }
        return new StoredSource
        {
            Name = source.Name,
            Nature = source.Nature switch
            {
                SourceNature.Events => StoredNature.Events,
                SourceNature.Validity => StoredNature.States,
                _ => StoredNature.Static,
            },
            Rows = Print(new SqlSelect([new SqlSelectItem(new SqlStar(null), null)], SourceRows.LocationOf(source.Location, dialect.Name, Name("r")))),
            Times = source.Time is null ? null : Times(found, late),
            KeyCount = found.NamesEntity ? source.Keys.Length : 0,
            EntityColumn = found.EntityColumn,
            TimeColumn = Alone(source.Time is LogicalClock clock ? clock.Operand : source.Time),
            TimeZone = (source.Time as LogicalClock)?.Zone,
            KnownColumn = Alone(source.Knowledge?.At),
            HasKnowledge = source.Knowledge is not null,
            Delay = Reaches.Move(source.Knowledge?.Delay, 1),
            Within = Reaches.Move(source.Knowledge?.Within, -1),
            IsCompleteByWord = source.CompleteUntil is not null,
            IsInLabel = model.Sources.Any(read => read.IsInLabel && IsReached(read, source.Name)),
            IsPlanned = source.Knowledge is { IsPlanned: true },
            EndColumn = Alone(source.ValidTo),
            Late = [.. late.Select(group => new StoredLate([.. group.Columns], Alone(group.At), group.At is not null))],
            Fixed = [.. found.Fixed],
            Unique = [.. found.Unique],
            HasKey = !source.RowKey.IsEmpty,
            IsAnchor = lines.Count > 0,
            IsCutoff = lines.Any(line => line is LogicalEach { Offset: null }),
            AnchorColumns = [.. cutoffColumns],
            IsReadBeside = found.IsReadBeside,
        };

        // A computed column stands for the stored ones that it is made of.
        IEnumerable<string> Deep(LogicalExpression expression) => Names(expression).SelectMany(name =>
            source.Columns.FirstOrDefault(column => column.Column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Expression: { } computed } ? Names(computed) : [name]);
    }

    /// <summary>What holds a column of a source in a stored one that it is made of: in a union each part may call it otherwise.</summary>
    private static IEnumerable<LogicalColumn> InParts(LogicalSource source, string stored, LogicalColumn column)
    {
        if (source.Location is not LogicalUnion { Parts: var parts } || source.Columns.FirstOrDefault(own => own.Column.Name == column.Name) is not { Parts: { IsEmpty: false } held })
        {
            yield return column;
            yield break;
        }
        for (var i = 0; i < parts.Length; i++)
        {
            if (held[i] is not { } there || !IsMadeOf(parts[i], stored)) continue;
            foreach (var inner in InParts(parts[i], stored, there)) yield return inner;
        }
    }

    private static string? SourceOf(LogicalObserve line) => line switch
    {
        LogicalEach each => each.Rows.Source,
        LogicalAfterFirst first => first.Rows.Source,
        _ => null,
    };

    private static LogicalExpression? FilterOf(LogicalObserve line) => line switch
    {
        LogicalEach each => each.Rows.Filter,
        LogicalAfterFirst first => first.Rows.Filter,
        _ => null,
    };

    /// <summary>True where the rows of a source are, or are made of, those of a stored one.</summary>
    private bool Reads(string name, string stored) => IsMadeOf(model.Sources.First(source => source.Name == name), stored);

    private static bool IsMadeOf(LogicalSource source, string stored) => source.Location switch
    {
        LogicalUnion union => union.Parts.Any(part => IsMadeOf(part, stored)),
        LogicalGroup group => IsMadeOf(group.Base, stored),
        LogicalDerivation derivation => IsMadeOf(derivation.Base, stored),
        _ => source.Name == stored,
    };

    /// <summary>True where a source is made of a stored one, or joins rows of it.</summary>
    private static bool IsReached(LogicalSource source, string stored) => source.Joins.Any(join => IsReached(join.Target, stored)) || source.Location switch
    {
        LogicalUnion union => union.Parts.Any(part => IsReached(part, stored)),
        LogicalGroup group => IsReached(group.Base, stored),
        LogicalDerivation derivation => IsReached(derivation.Base, stored),
        _ => source.Name == stored,
    };

    private sealed record LateGroup(LogicalExpression? At, List<string> Columns);

    private static List<LateGroup> LateGroups(Found found)
    {
        var groups = new List<LateGroup>();
        foreach (var column in found.Late)
        {
            var group = groups.Find(known => Equals(known.At, column.LateAt));
            if (group is null) groups.Add(group = new LateGroup(column.LateAt, []));
            group.Columns.Add(column.Column.Name);
        }
        return groups;
    }

    /// <summary>When each row happened and was known: rules 4 and 65 said once more, apart from the steps that follow them.</summary>
    private string Times(Found found, List<LateGroup> late)
    {
        var source = found.Source;
        // Joins are put beside the rows only where they say when: others could multiply them.
        var needsJoins = Said(source).Concat(late.Select(group => group.At).OfType<LogicalExpression>()).Any(ReadsJoin);
        var context = new ModelContext(model, null, dialect);
        var rows = new SourceRows(context, source with { Joins = needsJoins ? source.Joins : [], RowKey = [], Where = null });
        var items = new List<SqlSelectItem> { Column(StoredSource.RowNumber).As(StoredSource.RowNumber) };
        var happened = Utc(source.Time!);
        items.Add(happened.As("happened_at"));
        items.Add(Known(source.Knowledge).As("known_at"));
        items.Add((source.ValidTo is null ? Never : Utc(source.ValidTo)).As("held_until"));
        for (var i = 0; i < late.Count; i++) items.Add((late[i].At is { } at ? Utc(at) : Never).As($"late_{i + 1}"));
        for (var i = 0; found.NamesEntity && i < source.Keys.Length; i++) items.Add(rows.Raw.Lower(source.Keys[i]).As($"key_{i + 1}"));
        var query = context.Finish(new SqlSelect([.. items], rows.From));
        return Print(query.Steps.IsEmpty ? query.Body : query);

        SqlToUtc Utc(LogicalExpression instant) => InUtc(rows.Raw.Lower(instant));

        SqlExpression Known(LogicalKnowledge? knowledge)
        {
            if (knowledge is null) return happened;
            var instants = new List<SqlExpression>();
            if (!knowledge.IsPlanned) instants.Add(happened);
            if (knowledge.Delay is { } delay) instants.Add(happened.Shift(delay));
            if (knowledge.At is null) return instants[^1];
            instants.Add(Utc(knowledge.At));
            return instants.Count == 1 ? instants[0] : When(Utc(knowledge.At).IsNotNull(), Call(SqlFunction.Greatest, [.. instants]));
        }
    }

    private static SqlExpression Never => new SqlCast(new SqlNull(), SqlType.Timestamp);

    private string Print(SqlQuery query) => dialect.Print(new SqlScript([], [new SqlQueryStatement(query)])).TrimEnd().TrimEnd(';');
}
