using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SqlMl.Testing.Programs;

namespace SqlMl.OracleTests;

/// <summary>A program's rows as they come in: some at first, and then step by step later ones, late ones, mended ones, and none any more.</summary>
[SuppressMessage("Security", "CA5394", Justification = "test data; repeatable on purpose")]
internal sealed class ChangingRows
{
    private readonly OracleProgram _program;
    private readonly Random _random;
    private readonly List<ImmutableArray<object?>>[] _here;
    private readonly List<ImmutableArray<object?>>[] _ahead;

    /// <summary>Holds back the rows of the last part of the time that the data span, and some others.</summary>
    public ChangingRows(OracleProgram program, int seed)
    {
        (_program, _random, AsOf) = (program, new Random(seed), program.AsOf);
        var instants = program.Sources.SelectMany(source => source.Table.Rows.Select(row => TimeOf(source, row))).OfType<DateTime>().Order().ToList();
        var split = instants.Count == 0 ? DateTime.MaxValue : instants[instants.Count * 7 / 10];
        _here = new List<ImmutableArray<object?>>[program.Sources.Length];
        _ahead = new List<ImmutableArray<object?>>[program.Sources.Length];
        for (var i = 0; i < _here.Length; i++)
        {
            var source = program.Sources[i];
            var isAhead = source.Table.Rows.Select(row => TimeOf(source, row) >= split || _random.Next(12) == 0).ToList();
            _here[i] = [.. source.Table.Rows.Where((_, row) => !isAhead[row])];
            _ahead[i] = [.. source.Table.Rows.Where((_, row) => isAhead[row]).OrderBy(row => TimeOf(source, row))];
        }
    }

    /// <summary>The run's instant; null for the last known one.</summary>
    public DateTime? AsOf { get; private set; }

    /// <summary>The rows that are there, in the order of the program's sources.</summary>
    public ImmutableArray<OracleTable> Tables => [.. _program.Sources.Select((source, i) => source.Table with { Rows = [.. _here[i]] })];

    /// <summary>Changes something; returns what, in words.</summary>
    public string Change()
    {
        var filled = Enumerable.Range(0, _here.Length).Where(i => _program.Sources[i].Table.Rows.Length > 0).ToList();
        if (filled.Count == 0) return "nothing";
        var source = filled[_random.Next(filled.Count)];
        var name = _program.Sources[source].Name;
        switch (_random.Next(10))
        {
            case 0 when AsOf is { } instant:
                AsOf = instant.AddHours(12 * _random.Next(-6, 13));
                return $"as_of {AsOf:s}";
            case 1 or 2 when _here[source].Count > 1:
                _here[source].RemoveAt(_random.Next(_here[source].Count));
                return $"a row of {name} gone";
            case 3 or 4 when _here[source].Count > 1 && Mendable(source) is { Count: > 0 } columns:
                var column = columns[_random.Next(columns.Count)];
                var row = _random.Next(_here[source].Count);
                _here[source][row] = _here[source][row].SetItem(column, _here[source][_random.Next(_here[source].Count)][column]);
                return $"{name}.{_program.Sources[source].Table.Columns[column].Name} of a row changed";
            case 5 or 6 when _ahead[source].Count > 0:
                Take(source, _random.Next(_ahead[source].Count));
                return $"a row of {name}, maybe late";
            case 7:
                return "nothing";
            default:
                // What comes next, from every source.
                foreach (var i in filled)
                {
                    for (var count = _random.Next(3); count > 0 && _ahead[i].Count > 0; count--) Take(i, 0);
                }
                return "later rows";
        }
    }

    private void Take(int source, int row)
    {
        _here[source].Add(_ahead[source][row]);
        _ahead[source].RemoveAt(row);
    }

    /// <summary>The columns whose values may be another's without two rows having one key: where one row is read of several, the build is right to refuse.</summary>
    private List<int> Mendable(int index)
    {
        var source = _program.Sources[index];
        if (source.IsStatic) return [];
        var keys = _program.Sources.SelectMany(other => other.Joins).Where(join => join.Source == source.Name || join.Source == source.StoredName).SelectMany(join => join.Keys).Select(key => key.Theirs)
            .Concat(source.UniqueBy).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. Enumerable.Range(0, source.Table.Columns.Length).Where(column => !keys.Contains(source.Table.Columns[column].Name))];
    }

    private static DateTime? TimeOf(OracleSource source, ImmutableArray<object?> row)
    {
        var name = source.Time ?? source.Valid?.From;
        var column = name is null ? -1 : source.Table.Columns.ToList().FindIndex(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return column < 0 ? null : row[column] as DateTime?;
    }
}
