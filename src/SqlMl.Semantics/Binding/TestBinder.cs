using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SqlMl.Language.Text;
using SqlMl.Language.Types;
using SqlMl.Syntax;

namespace SqlMl.Semantics.Binding;

/// <summary>Binds `test` blocks: rows that the program states, and what must come of them (rule 63).</summary>
/// <param name="scope">The program's names.</param>
/// <param name="vars">The entities' vars.</param>
/// <param name="models">The models, bound.</param>
internal sealed class TestBinder(ProgramScope scope, VarBinder vars, ImmutableArray<BoundModel> models)
{
    /// <summary>A column that rows are given of, with what is known of its type by now.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="IsExact">True for a name in backticks.</param>
    /// <param name="Type">The program's type, else that of the values so far.</param>
    /// <param name="Symbol">The column; null for one that the program does not read.</param>
    private sealed record Given(string Name, bool IsExact, DataType Type, ColumnSymbol? Symbol);

    private readonly Dictionary<string, SourceSpan> _names = new(StringComparer.Ordinal);

    /// <summary>The test; null where it is wrong, which is reported, or where its model is, which was.</summary>
    internal BoundTest? Bind(TestSyntax syntax)
    {
        if (!_names.TryAdd(syntax.Name.Value, syntax.Name.Span)) scope.Report(NameErrors.Duplicate("test", syntax.Name.Value, _names[syntax.Name.Value], syntax.Name.Span));
        var at = scope.BindInstant(syntax.At);
        var model = FindModel(syntax.Model);
        if (model is null)
        {
            if (!scope.IsModel(syntax.Model) || !models.IsEmpty) scope.ReportUnknown(NameErrors.UnknownModel(syntax.Model.Text, syntax.Model.Span, models.Select(item => scope.Imported.Written(syntax.Model.Span, item.Name, item.Span))));
            return null;
        }
        foreach (var literal in syntax.Entity)
        {
            if (literal.IsArray) scope.Report(TypeErrors.ListAsValue(literal.Span));
        }
        var entity = syntax.Entity.Select(literal => Convert.ToString(Value(literal), CultureInfo.InvariantCulture) ?? "").ToImmutableArray();
        if (!entity.IsEmpty && entity.Length != model.Entity.Keys.Length)
        {
            scope.Report(TypeErrors.TestShape($"the key of `{model.Entity.Name}`", model.Entity.Keys.Length, entity.Length, syntax.Entity[0].Span));
        }
        var rows = syntax.Rows.GroupBy(item => item.Source.Text, StringComparer.OrdinalIgnoreCase).Select(group => BindRows([.. group])).ToList();
        var features = new List<VarSymbol>();
        var expectations = syntax.Expectations.Select(item => BindExpectation(model, item, features)).ToList();
        if (at is not { } instant || rows.Contains(null) || expectations.Contains(null)) return null;
        return new BoundTest(
            syntax.Name.Value, syntax.Name.Span, Observed(model, instant, [.. features.Distinct()], syntax.At.Span), [.. rows.Select(item => item!)], instant, entity,
            [.. expectations.Select(item => item!)]);
    }

    /// <summary>The model as of one instant: what decides which cutoffs are trained on does not decide what is known at one.</summary>
    private static BoundModel Observed(BoundModel model, DateTime instant, ImmutableArray<VarSymbol> features, SourceSpan span) => model with
    {
        Observe = model.Observe.Any(line => line is BoundObserveEach)
            ? [.. model.Observe.Select(line => line with { From = null, Until = null })]
            : [new BoundObserveInstants(span, [instant])],
        Features = features,
        AllowImmature = true,
        RequiredHistory = null,
        Sample = null,
    };

    private BoundTestRows? BindRows(ImmutableArray<TestRowsSyntax> blocks)
    {
        if (scope.RequireSource(blocks[0].Source) is not { } source || source.IsIncomplete) return null;
        if (source.Location is DerivedLocation or UnionLocation or GroupLocation)
        {
            scope.Report(TypeErrors.TestRowsOfDerived(source.Name, blocks[0].Source.Span, source.Span));
            return null;
        }
        var columns = new List<Given>();
        foreach (var column in source.Columns)
        {
            if (column is { Expression: null, Joined: null }) columns.Add(new Given(column.Name, column.IsExact, IsTime(source, column) ? DataType.Instant : column.UsedType, column));
        }
        var values = new List<object?[]>();
        var isWhole = true;
        foreach (var block in blocks)
        {
            var places = block.Columns.Select(name => Place(source, name, columns)).ToList();
            foreach (var row in block.Rows) isWhole &= BindRow(block, row, places, columns, values);
        }
        if (!isWhole) return null;
        var typed = columns.Select(column => new BoundTestColumn(column.Name, column.IsExact, column.Type)).ToImmutableArray();
        return new BoundTestRows(source, typed, [.. values.Select(row => row.Concat(new object?[columns.Count - row.Length]).ToImmutableArray())]);
    }

    /// <summary>Where the column's values go; a column that nothing reads is one all the same.</summary>
    private int Place(SourceSymbol source, NameSyntax name, List<Given> columns)
    {
        var symbol = source.FindColumn(name);
        var known = columns.FindIndex(column => column.Symbol is null ? column.Name.Equals(name.Text, StringComparison.OrdinalIgnoreCase) : column.Symbol == symbol);
        if (known >= 0) return known;
        // SQL as text may read any column.
        if (source.Raw.Count == 0)
        {
            var read = columns.Where(column => column.Symbol is not null).Select(column => column.Name);
            scope.Report(NameErrors.UnreadTestColumn(source.Name, name.Text, name.Span, symbol is not null, read));
        }
        columns.Add(new Given(name.Text, name.IsExact, DataType.Unknown, null));
        return columns.Count - 1;
    }

    private bool BindRow(
        TestRowsSyntax block, ImmutableArray<LiteralExpressionSyntax> row, List<int> places, List<Given> columns,
        List<object?[]> values)
    {
        if (row.Length != places.Count)
        {
            scope.Report(TypeErrors.TestShape($"a row of `{block.Source.Text}`", places.Count, row.Length, row[0].Span.To(row[^1].Span)));
            return false;
        }
        var bound = new object?[columns.Count];
        for (var i = 0; i < row.Length; i++)
        {
            var column = columns[places[i]];
            // A list lies in its column as the text that paths lead into.
            var value = row[i].IsArray ? JsonText(row[i]) : Value(row[i]);
            if (value is null) continue;
            var type = TypeOf(value);
            if (column.Type == DataType.Instant && value is string text && InstantLiteral.Parse(text) is { } instant) (value, type) = (instant, DataType.Instant);
            // A column that the program does not type has the type of its values.
            if (column.Type.IsOpen()) columns[places[i]] = column with { Type = type };
            else if (column.Type == DataType.Integer && type == DataType.Number) columns[places[i]] = column with { Type = DataType.Number };
            else if (column.Type != type && !(column.Type == DataType.Number && type == DataType.Integer))
            {
                scope.Report(TypeErrors.TestValue($"`{column.Name}`", column.Type, row[i].Span));
                return false;
            }
            bound[places[i]] = value;
        }
        values.Add(bound);
        return true;
    }

    private BoundExpectation? BindExpectation(BoundModel model, TestExpectSyntax syntax, List<VarSymbol> features)
    {
        var value = syntax.Value.IsArray ? SetOf(syntax.Value) : Value(syntax.Value);
        var (name, type) = ("label", model.Label.Type);
        if (!RowBinder.IsWord(syntax.Name, "label"))
        {
            var symbol = FindFeature(model, syntax.Name) ?? vars.Find(model.Entity, syntax.Name);
            if (symbol is null)
            {
                if (vars.FindFamily(model.Entity, syntax.Name) is { } family) scope.Report(EntityErrors.FamilyInExpression(syntax.Name, family));
                else if (!vars.WasReported(model.Entity, syntax.Name)) scope.ReportUnknownVar(model.Entity, syntax.Name, vars);
                return null;
            }
            features.Add(symbol);
            (name, type) = (symbol.Name, symbol.Expression.Type);
        }
        if (type == DataType.Instant && value is string text && InstantLiteral.Parse(text) is { } instant) value = instant;
        var fits = value is null || type.IsOpen() || type == TypeOf(value) || (type.IsNumeric() && TypeOf(value).IsNumeric());
        if (fits) return new BoundExpectation(name, value, syntax.Span);
        scope.Report(TypeErrors.TestValue($"`{name}`", type, syntax.Value.Span));
        return null;
    }

    private BoundModel? FindModel(NameSyntax name)
    {
        foreach (var candidate in scope.Imported.Candidates(name))
        {
            if (models.FirstOrDefault(item => item.Name.Equals(candidate, StringComparison.OrdinalIgnoreCase)) is { } model) return model;
        }
        return null;
    }

    private VarSymbol? FindFeature(BoundModel model, NameSyntax name)
    {
        foreach (var candidate in scope.Imported.Candidates(name))
        {
            if (model.Features.FirstOrDefault(feature => feature.Name.Equals(candidate, StringComparison.OrdinalIgnoreCase)) is { } feature) return feature;
        }
        return null;
    }

    /// <summary>True for a column that says when: it holds instants, though nothing else types it.</summary>
    private static bool IsTime(SourceSymbol source, ColumnSymbol column) => column.UsedType.IsOpen() &&
        (Says(source.Time, column) || Says(source.ValidTo, column) || Says(source.Knowledge?.At, column) || source.Columns.Any(late => Says(late.Late?.At, column)));

    private static bool Says(BoundExpression? instant, ColumnSymbol column) => instant is BoundColumn { Column: var said } && said == column;

    /// <summary>The value of a literal that is no list; null for `null`.</summary>
    private static object? Value(LiteralExpressionSyntax literal) => literal.Kind switch
    {
        LiteralKind.String => literal.Text,
        LiteralKind.Boolean => literal.Text.Equals("true", StringComparison.OrdinalIgnoreCase),
        LiteralKind.Number when long.TryParse(literal.Text, CultureInfo.InvariantCulture, out var whole) => whole,
        LiteralKind.Number => decimal.TryParse(literal.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => null,
    };

    private static string JsonText(LiteralExpressionSyntax literal) => literal switch
    {
        { IsArray: true } => $"[{string.Join(',', literal.Elements.Select(JsonText))}]",
        { Kind: LiteralKind.String } => $"\"{JsonEncodedText.Encode(literal.Text)}\"",
        _ => literal.Text.ToLowerInvariant(),
    };

    /// <summary>The texts of a list's elements, which a set holds in no order; `null` is in no set.</summary>
    private static ImmutableArray<string> SetOf(LiteralExpressionSyntax list) =>
        [.. list.Elements.Select(Value).OfType<object>().Select(value => value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!)];

    private static DataType TypeOf(object value) => value switch
    {
        bool => DataType.Boolean,
        long => DataType.Integer,
        decimal => DataType.Number,
        DateTime => DataType.Instant,
        ImmutableArray<string> => DataType.Set,
        _ => DataType.String,
    };
}
