namespace SqlMl.Syntax.Tests;

public sealed class StructureTests
{
    [Theory]
    [InlineData("a or b and not c = 1 + 2 * - 3", "(a or (b and (not (c = (1 + (2 * (-3)))))))")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("not not a", "(not (not a))")]
    [InlineData("not a = b", "(not (a = b))")]
    [InlineData("a between 1 and 2 and b", "((a between 1 and 2) and b)")]
    [InlineData("a::int + b:c.d[0]", "(a::int + b:c.d[0])")]
    [InlineData("- a::int", "(-a::int)")]
    [InlineData("x / y % z", "((x / y) % z)")]
    public void Operators_bind_as_in_sql(string text, string grouped) => Assert.Equal(grouped, Group(ParseTesting.Expression(text)));

    [Fact]
    public void A_call_keeps_its_parts()
    {
        var call = Assert.IsType<CallSyntax>(ParseTesting.Expression("count(games as home where goals >= 2)"));
        Assert.Equal(("count", "home", false), (call.Name.Text, call.Side!.Text, call.IsStar));
        Assert.Equal("goals >= 2", call.Where!.Span.Text);
        Assert.Equal("games", Assert.Single(call.Arguments).Span.Text);
        Assert.Null(call.Qualifier);
        Assert.True(Assert.IsType<CallSyntax>(ParseTesting.Expression("count(*)")).IsStar);
        Assert.Equal("cortex", Assert.IsType<CallSyntax>(ParseTesting.Expression("cortex.sentiment(x)")).Qualifier!.Text);
    }

    [Fact]
    public void Cutoff_and_anchor_are_names()
    {
        Assert.Equal("cutoff", Assert.IsType<NameExpressionSyntax>(ParseTesting.Expression("cutoff")).Name.Text);
        var member = Assert.IsType<MemberSyntax>(ParseTesting.Expression("anchor.app_id"));
        Assert.Equal(("anchor", "app_id"), (Assert.IsType<NameExpressionSyntax>(member.Target).Name.Text, member.Name.Text));
    }

    [Fact]
    public void A_unit_before_since_or_until_is_an_elapsed_time_and_else_a_name()
    {
        var since = Assert.IsType<ElapsedSyntax>(ParseTesting.Expression("days since last(x)"));
        Assert.Equal((DurationUnit.Day, false, "last(x)"), (since.Unit, since.IsUntil, since.Operand.Span.Text));
        Assert.True(Assert.IsType<ElapsedSyntax>(ParseTesting.Expression("hours until first(x) in next 3 days")).IsUntil);
        Assert.IsType<NameExpressionSyntax>(ParseTesting.Expression("days"));
        Assert.IsType<DurationExpressionSyntax>(ParseTesting.Expression("3 days"));
    }

    [Fact]
    public void Windows_stand_behind_calls_names_and_brackets()
    {
        var over = Assert.IsType<WindowedSyntax>(ParseTesting.Expression("count(o) over 2 quarters ending 1 day ago"));
        Assert.Equal("over 2 quarters ending 1 day ago", over.Window.Span.Text);
        Assert.Equal((2m, DurationUnit.Quarter), (((OverWindowSyntax)over.Window).Length.Number, ((OverWindowSyntax)over.Window).Length.Unit));
        Assert.IsType<AfterWindowSyntax>(Assert.IsType<WindowedSyntax>(ParseTesting.Expression("churned after 7 days")).Window);
        Assert.IsType<ParenthesizedSyntax>(Assert.IsType<WindowedSyntax>(ParseTesting.Expression("(a = 1) after 7 days")).Operand);
        var named = (OverWindowSyntax)Assert.IsType<WindowedSyntax>(ParseTesting.Expression("count(o) over lookback")).Window;
        Assert.Equal("lookback", named.Length.Parameter!.Text);
        var behindLiteral = Assert.IsType<BinarySyntax>(ParseTesting.Expression("anchor.s = 'x' in next 7 days"));
        Assert.IsType<InNextWindowSyntax>(Assert.IsType<WindowedSyntax>(behindLiteral.Right).Window);
    }

    [Fact]
    public void A_list_of_windows_at_the_end_belongs_to_the_value()
    {
        var value = ParseTesting.Value("count(a) / count(b) over 7, 30 days ending 1 day ago default 0 \"x\"");
        Assert.Equal("count(a) / count(b)", value.Expression.Span.Text);
        var family = Assert.IsType<OverFamilySyntax>(value.Family);
        Assert.Equal("over 7, 30 days ending 1 day ago", family.Span.Text);
        Assert.Equal([7m, 30m], family.Lengths.Select(length => length.Number));
        Assert.All(family.Lengths, length => Assert.Equal(DurationUnit.Day, length.Unit));
        Assert.Equal(("0", "x"), (value.Default!.Span.Text, value.Description!.Value));

        Assert.IsType<InNextFamilySyntax>(ParseTesting.Value("not exists(a) in next 7, 30 days after 1 day").Family);
        var repeated = ParseTesting.Value("sum(a.b) in next 30 days repeated 12 times");
        Assert.Equal(12, Assert.IsType<RepeatedFamilySyntax>(repeated.Family).Times);
        Assert.IsType<WindowedSyntax>(repeated.Expression);
    }

    [Fact]
    public void A_pivot_is_a_window_with_its_values_or_its_top()
    {
        var top = Assert.IsType<PivotWindowSyntax>(Assert.IsType<WindowedSyntax>(ParseTesting.Value("count(o) by p.c top 10 over 90 days").Expression).Window);
        Assert.Equal(("p.c", 10, 90m, "by p.c top 10 over 90 days"), (top.Column.Text, top.Top!.Value, top.Over!.Number, top.Span.Text));
        var values = Assert.IsType<PivotWindowSyntax>(Assert.IsType<WindowedSyntax>(ParseTesting.Value("count(o) by c in ('a', -1)").Expression).Window);
        Assert.Equal(["a", "-1"], values.Values.Select(value => value.Text));
        var family = ParseTesting.Value("count(o) by c top 3 over 7, 30 days");
        Assert.Equal("over 7, 30 days", Assert.IsType<OverFamilySyntax>(family.Family).Span.Text);
        Assert.Equal("count(o) by c top 3", family.Expression.Span.Text);
    }

    [Fact]
    public void Quotes_are_removed_and_undone()
    {
        Assert.Equal("it's", Assert.IsType<LiteralSyntax>(ParseTesting.Expression("'it''s'")).Text);
        Assert.Equal("a \"b\" \\ \\n", ParseTesting.Value("1 \"a \\\"b\\\" \\\\ \\n\"").Description!.Value);
        var name = Assert.IsType<NameExpressionSyntax>(ParseTesting.Expression("`Odd \"Name\"`")).Name;
        Assert.Equal(("Odd \"Name\"", true), (name.Text, name.IsExact));
        Assert.Equal("Spelled_So", Assert.IsType<NameExpressionSyntax>(ParseTesting.Expression("Spelled_So")).Name.Text);
    }

    [Fact]
    public void Source_clauses_keep_their_parts()
    {
        Assert.Equal("p", ParseTesting.SourceClause<TableClauseSyntax>("table param p").Parameter!.Text);
        Assert.Equal("param.p", ParseTesting.SourceClause<TableClauseSyntax>("table param.p").Table!.Text);
        var keys = ParseTesting.SourceClause<EntityClauseOfSourceSyntax>("entity e by a.b::string as home, c").Keys;
        Assert.Equal(("a.b", "string", "home"), (keys[0].Column.Text, keys[0].Cast!.Text, keys[0].Side!.Text));
        Assert.Equal((null, null), (keys[1].Cast, keys[1].Side));
        Assert.Equal("as b", ParseTesting.SourceClause<EntityClauseOfSourceSyntax>("entity e by a as b").Keys[0] is { Cast: null, Side: { } side } ? "as " + side.Text : "");
        var join = ParseTesting.SourceClause<JoinClauseSyntax>("join each lines as l on a = l.b, c");
        Assert.Equal((true, "lines", "l", 2), (join.IsEach, join.Source.Text, join.Alias!.Text, join.Keys.Length));
        Assert.Equal("each", ParseTesting.SourceClause<JoinClauseSyntax>("join each on a").Source.Text);
        Assert.Equal((3m, DurationUnit.Hour), (ParseTesting.SourceClause<DelayClauseSyntax>("delay 3 hours").Duration.Number, ParseTesting.SourceClause<DelayClauseSyntax>("delay 3 hours").Duration.Unit));
        Assert.Null(ParseTesting.SourceClause<CompleteClauseSyntax>("complete until as_of").Until.Literal);
        Assert.Equal("Europe/Paris", ParseTesting.SourceClause<TimeClauseSyntax>("time t zone 'Europe/Paris'").Zone!.Value);
    }

    [Fact]
    public void Prediction_clauses_keep_their_parts()
    {
        var grid = Assert.IsType<GridObserveSyntax>(ParseTesting.Clause<ObserveClauseSyntax>(
            "observe every 7 days aligned to 'x' from 'y' until as_of - 1 month count 40").Observe);
        Assert.Equal(("x", "y", true, 40m), (grid.AlignedTo!.Value, grid.From!.Literal!.Value, grid.Until!.IsNegative, grid.Count!.Value));
        var each = Assert.IsType<EachObserveSyntax>(ParseTesting.Clause<ObserveClauseSyntax>("observe 24 hours before each k where a = 1 until 'z'").Observe);
        Assert.Equal((true, "k", "a = 1", "z"), (each.IsBefore, each.Source.Text, each.Where!.Span.Text, each.Until!.Literal!.Value));
        Assert.Null(each.From);
        var first = Assert.IsType<AfterFirstObserveSyntax>(ParseTesting.Clause<ObserveClauseSyntax>("observe 7 days after first(k where b)").Observe);
        Assert.Equal(("first", "first(k where b)"), (first.First.Name.Text, first.First.Span.Text));
        var features = ParseTesting.Clause<UsingClauseSyntax>("using all, anchor.x as y except a, b.c");
        Assert.Equal((true, false, "anchor.x", "y", 2), (features.HasAll, features.IsAuto, features.Columns[0].Path.Text, features.Columns[0].Alias!.Text, features.Except.Length));
        var auto = ParseTesting.Clause<UsingClauseSyntax>("using auto max 3");
        Assert.Equal((true, null, 3m), (auto.IsAuto, auto.Depth, auto.Maximum!.Value));
        var random = ParseTesting.Clause<RandomSplitSyntax>("split random 80 / 20 seed 42 stratified");
        Assert.Equal(([80m, 20m], 42m, true), (random.Parts.ToArray(), random.Seed!.Value, random.IsStratified), TupleComparer);
        var train = Assert.IsType<NamedTrainerSyntax>(ParseTesting.Clause<TrainClauseSyntax>("train x { a -1 b 'c' d word e true }").Trainer);
        Assert.Equal(
            [("a", LiteralKind.Number, "-1"), ("b", LiteralKind.String, "c"), ("d", LiteralKind.String, "word"), ("e", LiteralKind.Boolean, "true")],
            train.Parameters.Select(parameter => (parameter.Name.Text, parameter.Kind, parameter.Value)));
        var schedule = ParseTesting.Clause<ScheduleClauseSyntax>("schedule score daily at '03:00'");
        Assert.Equal((true, false, "03:00"), (schedule.IsDaily, schedule.IsWeekly, schedule.At!.Value));
    }

    [Fact]
    public void Output_lines_keep_their_parts()
    {
        var columns = ParseTesting.Clause<OutputClauseSyntax>(
            "output { class c at recall 0.8 \"d\" class at best f1 band cut 0.2, 0.6 holdout 10 % keep last 5 runs attribute a b score percentile p }").Columns;
        Assert.Equal(
            ["class c at recall 0.8", "class  best f1 ", "band  cut  0.2 0.6", "holdout  percent  10", "keep  last  5", "attribute a attribute b ", "score   ", "percentile p  "],
            columns.Select(c => $"{c.Kind} {c.Name?.Text} {c.Option?.Word}{(c.Option is null ? "" : " ")}{c.Option?.Metric?.Text} {string.Join(' ', c.Option?.Numbers ?? [])}"));
        Assert.Equal("d", columns[0].Description!.Value);
    }

    [Fact]
    public void A_view_lists_all_as_an_item()
    {
        var view = ParseTesting.Only<ViewSyntax>("view v for e { all, p.score }");
        Assert.True(view.HasAll);
        Assert.Equal(["all", "p.score"], view.Items.Select(item => item.Text));
    }

    [Fact]
    public void Every_span_covers_the_text_of_its_node()
    {
        var examined = 0;
        foreach (var program in Corpus.All)
        {
            foreach (var declaration in ParseTesting.Valid(program).Declarations)
            {
                examined++;
                // The slice alone is a program again, with the same tree.
                var again = Assert.Single(ParseTesting.Valid(declaration.Span.Text).Declarations);
                Assert.Equal(Print(declaration), Print(again));
            }
        }
        Assert.True(examined > 40);
    }

    [Fact]
    public void Every_expression_span_is_that_expression_again()
    {
        var texts = new[] { "a + b * -c", "not (a in (1, 2)) and x:y[0]::z is not null", "case a when 1 then 2 else 3 end", "f(a, b where c like 'd')", "days since g(h) over 3 days", "a between b and c or d ilike e" };
        var examined = 0;
        foreach (var expression in texts.SelectMany(text => Descendants(ParseTesting.Expression(text))))
        {
            examined++;
            Assert.Equal(Print(expression), Print(ParseTesting.Expression(expression.Span.Text)));
        }
        Assert.True(examined > 30);
    }

    [Fact]
    public void The_printed_tree_shows_every_node_on_its_line()
    {
        var text = SyntaxPrinter.Print(ParseTesting.Valid("""
            source s { table a.b  entity e by id::string  time t zone 'UTC' }
            var e.x = sum(s.a where b > 1) over 7, 30 days default 0 "d"
            """));
        Assert.Equal(
            """
            Source s
              table a.b
              entity e by id::string
              time zone 'UTC'
                Name t
            Var e.x
              Value description 'd'
                Call sum
                  Member a
                    Name s
                  where
                    Binary Greater
                      Name b
                      Literal 1
                family over 7 day, 30 day
                default
                  Literal 0

            """,
            text);
    }

    private static readonly IEqualityComparer<(decimal[], decimal, bool)> TupleComparer = EqualityComparer<(decimal[], decimal, bool)>.Create(
        (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2 && a.Item3 == b.Item3);

    private static string Print(DeclarationSyntax declaration) => SyntaxPrinter.Print(new ProgramSyntax(declaration.Span, [declaration]));

    private static string Print(ExpressionSyntax expression) => Print(
        new CohortSyntax(expression.Span, new NameSyntax(expression.Span, "c", false), new NameSyntax(expression.Span, "e", false), expression));

    private static IEnumerable<ExpressionSyntax> Descendants(ExpressionSyntax expression)
    {
        IEnumerable<ExpressionSyntax?> children = expression switch
        {
            UnarySyntax unary => [unary.Operand],
            BinarySyntax binary => [binary.Left, binary.Right],
            ParenthesizedSyntax bracket => [bracket.Inner],
            InSyntax choice => [choice.Operand, .. choice.Candidates],
            BetweenSyntax between => [between.Operand, between.Low, between.High],
            LikeSyntax like => [like.Operand, like.Pattern],
            IsNullSyntax test => [test.Operand],
            CastSyntax cast => [cast.Operand],
            IndexAccessSyntax index => [index.Target],
            FieldAccessSyntax field => [field.Target],
            CallSyntax call => [.. call.Arguments, call.Where],
            CaseSyntax choice => [choice.Operand, .. choice.Branches.SelectMany(branch => new[] { branch.When, branch.Then }), choice.Else],
            ElapsedSyntax elapsed => [elapsed.Operand],
            WindowedSyntax windowed => [windowed.Operand],
            _ => [],
        };
        return children.OfType<ExpressionSyntax>().SelectMany(Descendants).Prepend(expression);
    }

    private static string Group(ExpressionSyntax expression) => expression switch
    {
        BinarySyntax binary => $"({Group(binary.Left)} {binary.OperatorSpan.Text} {Group(binary.Right)})",
        UnarySyntax { Operator: UnaryOperator.Not } not => $"(not {Group(not.Operand)})",
        UnarySyntax negate => $"(-{Group(negate.Operand)})",
        BetweenSyntax between => $"({Group(between.Operand)} between {Group(between.Low)} and {Group(between.High)})",
        _ => expression.Span.Text,
    };
}
