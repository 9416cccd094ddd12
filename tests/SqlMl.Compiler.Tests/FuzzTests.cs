using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;

namespace SqlMl.Compiler.Tests;

/// <summary>Programs with words taken out, doubled, swapped and replaced: whatever they say, the compiler answers.</summary>
public sealed class FuzzTests
{
    private const string Base = """
        source orders { table shop.orders  entity customer by customer_id::string, shop_id  time ordered_at  where amount > 0 and channel <> 'test'
          column net = amount - coalesce(tax, 0)  column is_web = channel in ('web', 'app') }
        source visits { table web.visits  entity customer by visitor, shop  time seen_at }
        entity customer
        var customer.orders = count(orders where is_web) over 7, 30 days ending 1 day ago default 0 "Orders"
        var customer.rate = orders_7d / nullif(orders_30d, 0)
        var customer.kind = case when rate > 0.5 then 'a' when last(visits.page) like '%x' then 'b' else lower(first(orders.channel)) end
        var customer.silent = days since last(orders) + hours since first(visits) / 24
        var customer.spread = (sum(orders.net) - avg(orders.net)) over 3 months
        var customer.best = max_by(orders.channel, net) default 'none'
        var customer.late = last(orders) + 7 days < cutoff and not exists(visits) over 2 weeks
        predict churn for customer {
          label   not exists(orders where amount between 1 and 100) in next 7 days after 1 day default false
          var     hour = hour_of(cutoff)
          when    orders_30d > 0 and kind is not null
          observe every 7 days aligned to '2024-01-01' from '2023-01-01' until as_of - 30 days count 40
          observe 7 days after first(orders where net > 3)
          until   first(visits where page = 'out')
          using   all except best
          train   xgboost { rounds 20  eta 0.1  class_weight balanced }
          split   random 60 / 20 / 20 seed 7 stratified
          output  { score s "Score"  percentile p  class c at recall 0.8 }
        }
        predict again for customer { label exists(orders) in next 1 hour  observe before each visits where page = 'x'  allow immature  train logistic { c 0.5 }  split by time 80 / 20 }
        """;

    private static readonly string[] Words =
    [
        "7 days", "0", "1.5", "'x'", "null", "true", "cutoff", "anchor", "orders", "visits", "customer", "orders_7d", "rate", "count", "sum", "last", "exists",
        "days since", "in next 3 days", "over 2 days", "after 1 day", "and", "or", "not", "=", "<", "+", "-", "*", "/", "%", "(", ")", "{", "}", "[", "]", ",", ".",
        "::number", "by channel top 3", "case when", "then", "end", "is null", "between", "as_of", "now", "random()", "'2024-02-30'", "99999999999999999999999", "1e300",
        "default", "\"words\"", "every", "each", "first(", "all", "except", "auto", "where", "param", "import 'x'", "var customer.rate = rate", "entity", "time", "key", "1 / 2 / 3",
    ];

    [Fact]
    public void The_program_that_is_mutated_compiles() => Programs.AssertCompiles(Base);

    [Fact]
    public void No_mutation_makes_the_compiler_throw()
    {
        var random = new Random(20240131);
        var tokens = Base.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var compiled = 0;
        var refused = 0;
        for (var i = 0; i < 1_500; i++)
        {
            var mutated = string.Join(' ', Mutate(tokens, random));
            foreach (var dialect in SqlMlCompiler.Dialects)
            {
                var program = Compile(mutated, dialect);
                Assert.Equal(program.Succeeded, program.Models.Length > 0 || !mutated.Contains("predict", StringComparison.Ordinal));
                if (program.Succeeded) compiled++;
                else refused++;
            }
        }
        Assert.True(compiled > 50, $"only {compiled} mutations compiled");
        Assert.True(refused > 1_000, $"only {refused} mutations were refused");
    }

    private static CompiledProgram Compile(string text, string dialect)
    {
        try
        {
            var program = SqlMlCompiler.Compile([new SourceText("fuzz.sqlml", text)], new CompileOptions { Dialect = dialect });
            Assert.All(program.Diagnostics, found => Assert.NotEmpty(DiagnosticText.Render(found)));
            if (program.Succeeded) Assert.NotEmpty(program.Stages.Optimized!.Value + program.Stages.Model!.Value);
            return program;
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{dialect}: {failure.Message}\n{text}", failure);
        }
    }

    private static List<string> Mutate(string[] tokens, Random random)
    {
        var mutated = tokens.ToList();
        for (var n = random.Next(3) == 0 ? 3 : 1; n > 0; n--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated.RemoveAt(at);
                    break;
                case 1:
                    mutated.Insert(at, Words[random.Next(Words.Length)]);
                    break;
                case 2:
                    mutated[at] = Words[random.Next(Words.Length)];
                    break;
                case 3:
                    mutated[at] = tokens[random.Next(tokens.Length)];
                    break;
                default:
                    var other = random.Next(mutated.Count);
                    (mutated[at], mutated[other]) = (mutated[other], mutated[at]);
                    break;
            }
        }
        return mutated;
    }
}
