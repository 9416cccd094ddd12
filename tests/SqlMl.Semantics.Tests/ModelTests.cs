namespace SqlMl.Semantics.Tests;

public sealed class ModelTests
{
    private const string Vars = "var customer.a = count(orders)";

    [Fact]
    public void Every_line_of_observe_is_bound()
    {
        var model = Bind.Model(
            Vars, "observe every 1 month aligned to '2024-01-01' from '2023-01-01' until as_of - 7 days count 12",
            "observe at each orders where amount > 1 from as_of - 60 days", "observe 7 days after first(orders where b = 'x')", "observe at '2024-02-01', '2024-01-01', '2024-02-01'");
        Assert.False(model.IsBefore);
        var grid = Assert.IsType<BoundObserveGrid>(model.Observe[0]);
        Assert.Equal(("1 month", 12, "7 days", true), (grid.Step.Text, grid.Count, grid.Until!.Offset!.Text, grid.Until.IsNegative));
        var each = Assert.IsType<BoundObserveEach>(model.Observe[1]);
        Assert.NotNull(each.Rows.Filter);
        Assert.Equal("7 days", Assert.IsType<BoundObserveAfterFirst>(model.Observe[2]).Offset.Text);
        Assert.Equal([1, 2], Assert.IsType<BoundObserveInstants>(model.Observe[3]).Instants.Select(instant => instant.Month));
    }

    [Fact]
    public void Before_each_row_is_mode_before() => Assert.True(Bind.Model(Vars, "observe before each orders").IsBefore);

    [Fact]
    public void A_split_is_by_time_unless_stated()
    {
        Assert.Equal([70m, 15, 15], Assert.IsType<BoundTimeSplit>(Bind.Model(Vars).Split).Parts);
        var random = Assert.IsType<BoundRandomSplit>(Bind.Model(Vars, "split random 80 / 20 seed 42 stratified").Split);
        Assert.Equal((42, true), (random.Seed, random.IsStratified));
    }

    [Fact]
    public void A_class_is_cut_at_the_best_f1_unless_stated()
    {
        var outputs = Bind.Model(Vars, "output { class a  class b at 0.5  class c at recall 0.8 \"C\"  score  percentile p }").Outputs;
        Assert.Equal(
            [("class", "a", "f1", null), ("class", "b", null, 0.5m), ("class", "c", "recall", 0.8m), ("score", "score", null, null), ("percentile", "p", null, null)],
            outputs.Select(output => (output.Kind, output.Name, output.CutMetric, output.CutValue)));
        Assert.Equal("C", outputs[2].Description);
    }

    [Fact]
    public void A_labels_default_takes_the_place_of_null()
    {
        var label = Bind.Model(Vars, "label last(orders.paid) in next 7 days = true default false").Label;
        Assert.Equal("coalesce", Assert.IsType<BoundCall>(label).Function.Name);
    }

    [Fact]
    public void Eligibility_until_and_immature_labels_are_kept()
    {
        var model = Bind.Model(Vars, "when a > 1", "until first(orders where b = 1)", "allow immature");
        Assert.NotNull(model.When);
        Assert.NotNull(model.Until!.Filter);
        Assert.True(model.AllowImmature);
    }

    [Fact]
    public void What_narrows_training_is_kept()
    {
        var model = Bind.Model("var customer.a = count(orders) over 7 days", "given exists(orders) in next 1 day", "require history 30 days", "sample 100 rows");
        Assert.True(model.Given!.Interval.ReadsFuture);
        Assert.Equal(("30 days", 100L), (model.RequiredHistory!.Text, model.Sample));
        Assert.Equal(["orders"], model.WindowedAggregates().Select(aggregate => aggregate.Source.Name));
    }

    [Fact]
    public void A_split_may_be_at_instants_or_by_entity()
    {
        Assert.Equal([1, 6], Assert.IsType<BoundInstantSplit>(Bind.Model(Vars, "split at '2024-01-01', '2024-06-01'").Split).Instants.Select(instant => instant.Month));
        var entity = Assert.IsType<BoundEntitySplit>(Bind.Model(Vars, "split by entity 80 / 20 seed 3").Split);
        Assert.Equal(3, entity.Seed);
        Assert.Equal([80m, 20], entity.Parts);
    }

    [Theory]
    [InlineData("exists(orders) in next 7 days and exists(orders) in next 30 days", "in next 30 days")]
    [InlineData("exists(orders) in next 7 days after 30 days and exists(orders) in next 30 days", "in next 7 days after 30 days")]
    [InlineData("exists(orders) in next 1 month and exists(orders) in next 7 days", "in next 1 month")]
    [InlineData("exists(orders) in next 30 days and exists(orders) in next 1 month", "in next 30 days|in next 1 month")]
    [InlineData("exists(orders) in next 1 month after 3 days and exists(orders) in next 3 days after 1 month", "in next 1 month after 3 days|in next 3 days after 1 month")]
    [InlineData("exists(orders) in next 1 quarter and exists(orders) in next 1 month after 1 week", "in next 1 quarter")]
    public void The_windows_that_end_last_decide_when_a_label_is_complete(string label, string windows) =>
        Assert.Equal(windows, string.Join('|', Bind.Model(Vars, $"label {label}").Horizons.Select(window => window.Text)));

    [Fact]
    public void A_given_that_reaches_further_than_the_label_decides_when_a_row_is_complete()
    {
        var model = Bind.Model(Vars, "label exists(orders) in next 7 days", "given exists(orders) in next 30 days");
        Assert.Equal("7 days", Assert.Single(model.Horizons).Length!.Text);
        Assert.Equal("30 days", Assert.Single(model.Maturity).Length!.Text);
    }

    [Fact]
    public void The_key_is_called_as_the_first_source_calls_it()
    {
        var program = Bind.Valid("""
            source a { table a  entity item by store, item_id::string  time ts }
            source b { table b  entity item by shop, `Item Id`  time ts }
            entity item
            """);
        Assert.Equal(["store", "item_id"], Assert.Single(program.Entities).Keys);
    }

    [Theory]
    [InlineData("predict p for customer { label exists(orders) in next 7 days  observe every 7 days }", "SML2014")]
    [InlineData("predict p for customer { label not exists(orders)  observe every 7 days  train logistic }", "SML4002")]
    [InlineData("predict p for customer { label exists(orders) in next 7 days  observe every 7 days  when exists(orders) in next 1 day  train logistic }", "SML4005")]
    [InlineData("predict p for customer { label exists(orders) in next 7 days  observe every 7 days  score only when exists(orders) in next 1 day  train logistic }", "SML4005")]
    [InlineData("predict p for customer { label exists(orders) in next 7 days  observe every 7 days  score only when count(orders)  train logistic }", "SML3001")]
    [InlineData("predict p for customer { label exists(orders) in next 7 days  observe every 7 days  score only when true  score only when false  train logistic }", "SML2015")]
    [InlineData("predict p for customer { label a in next 7 days  observe every 7 days  train logistic }", "SML4013")]
    [InlineData("predict p for customer { label exists(orders) in next 7 days  observe before each orders  observe every 1 day  train logistic }", "SML4008")]
    public void One_mistake_gives_one_message(string model, string code) => Assert.Equal([code], Bind.Codes(Bind.Orders + Vars + "\n" + model));
}
