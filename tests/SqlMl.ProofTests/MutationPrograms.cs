using static SqlMl.ProofTests.MutationTables;

namespace SqlMl.ProofTests;

/// <summary>Small programs that together have every construct whose rows the compiler bounds in time, on rows that lie at the bounds.</summary>
internal static class MutationPrograms
{
    /// <summary>A name for each, its text and its tables.</summary>
    public static IReadOnlyList<(string Name, string Text, (string Source, string Query)[] Tables)> All { get; } =
    [
        ("grid", """
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.recent = count(orders) over 3 days
            var customer.before = sum(orders.amount) over 2 days ending 1 day ago
            var customer.ever = count(orders where channel = 'web')
            var customer.last_channel = last(orders.channel) over 5 days
            predict buys for customer {
              label sum(orders.amount) in next 1 day after 12 hours
              when ever >= 0
              observe every 1 day
              until first(orders where id >= 100)
              train linear
              split by time 60 / 40
            }
            """, [("orders", Orders)]),
        ("score only", """
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.ever = sum(orders.amount)
            predict buys for customer {
              label sum(orders.amount) in next 36 hours
              observe every 1 day
              score only when count(orders) over 3 days in (1, 3, 5, 7, 9) or last(orders.channel) over 2 days ending 1 day ago = 'web'
              train linear
              split by time 60 / 40
            }
            """, [("orders", Orders)]),
        ("swept grid", """
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.recent = sum(orders.amount) over 3 days
            var customer.before = count(orders) over 2 days ending 1 day ago
            var customer.products = count_distinct(orders.product) over 1 day
            var customer.days = active_days(orders where amount > 1)
            predict buys for customer {
              label sum(orders.amount) in next 1 day
              observe every 6 hours
              train linear
              split by time 60 / 40
            }
            """, [("orders", Orders)]),
        ("frames", """
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.recent = count(orders) over 3 days
            var customer.gap = count(orders) over 2 days ending 1 day ago
            var customer.ever = sum(orders.amount)
            predict buys for customer {
              label sum(orders.amount) in next 1 day
              observe before each orders where amount > 1
              train linear
              split by time 50 / 50
            }
            """, [("orders", Orders)]),
        ("running sums before", """
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.recent = count(orders) over 1, 4 days
            var customer.gap = count(orders) over 3 days ending 1 day ago
            var customer.ever = count(orders)
            var customer.amount = sum(orders.amount) over 1, 4 days
            var customer.mean = avg(orders.amount) over 1, 4 days
            var customer.mean_ever = avg(orders.amount)
            var customer.web = share(orders.channel = 'web') over 1, 4 days
            var customer.web_ever = share(orders.channel = 'web')
            var customer.products = count_distinct(orders.product) over 1 day
            predict buys for customer {
              label sum(orders.amount) in next 1 day
              observe before each orders where amount > 1
              train linear
              split by time 50 / 50
            }
            """, [("orders", Orders)]),
        ("at each", """
            source orders { table orders  entity customer by customer  time at  key id }
            source visits { table visits  entity customer by customer  time at }
            entity customer
            var customer.recent = count(orders) over 3 days
            var customer.ever = sum(orders.amount)
            var customer.visits = count(visits) over 2 days
            var customer.best = max_by(visits.score, visits.id) over 2 days
            predict buys for customer {
              label sum(orders.amount) in next 1 day
              observe at each orders
              until first(visits where id >= 76)
              train linear
              split random 80 / 20
            }
            """, [("orders", Orders), ("visits", Visits)]),
        ("before each", """
            source orders { table orders  entity customer by customer  time at  key id }
            source visits { table visits  entity customer by customer  time at }
            entity customer
            var customer.visits = count(visits) over 2 days
            var customer.same = count(visits where score = 3) over 3 days ending 1 day ago
            predict buys for customer {
              label sum(visits.score) in next 1 day
              observe before each orders
              train linear
              split random 80 / 20
            }
            """, [("orders", Orders), ("visits", Visits)]),
        ("known later", """
            source visits { table visits  entity customer by customer  time at  known at loaded_at  late paid at paid_at }
            source orders { table orders  entity customer by customer  time at  delay 9 hours }
            entity customer
            var customer.visits = count(visits) over 2 days
            var customer.paid = count(visits where paid) over 4 days
            var customer.orders = count(orders) over 2 days
            var customer.ever = count(visits)
            predict pays for customer {
              label sum(visits.score where paid) in next 2 days
              observe every 12 hours
              until first(visits where id >= 84)
              train linear
              split by time 60 / 40
            }
            """, [("visits", Visits), ("orders", Orders)]),
        ("anchor", """
            source visits { table visits  entity customer by customer  time at  key id  late paid, fee at paid_at }
            entity customer
            var customer.paid = count(visits where paid) over 4 days
            predict pays for customer {
              label anchor.fee in next 1 day default 0
              observe at each visits
              var score = anchor.score
              train linear
              split random 80 / 20
            }
            """, [("visits", Visits)]),
        ("states", """
            source plans { table plans  entity customer by customer  valid from begins to ends }
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.plan = plans.plan
            var customer.orders = count(orders) over 3 days
            predict buys for customer {
              label sum(orders.amount) in next 1 day
              observe every 6 hours
              train linear
              split random 80 / 20
            }
            """, [("plans", Plans), ("orders", Orders)]),
        ("states before", """
            source prices { table prices  valid from begins to ends }
            source plans { table plans  entity customer by customer  valid from begins to ends }
            source orders { table orders  entity customer by customer  time at  key id  join prices on product }
            entity customer
            var customer.plan = plans.plan
            var customer.paid = sum(orders.prices.price) over 3 days
            predict buys for customer {
              label sum(orders.amount) in next 12 hours
              observe before each orders
              var price = anchor.prices.price
              train linear
              split random 80 / 20
            }
            """, [("prices", Prices), ("plans", Plans), ("orders", OrdersAtOnce)]),
        ("members", """
            source orders { table orders  entity customer by customer  entity product by product  time at }
            source visits { table visits  entity customer by customer  time at  known at loaded_at }
            entity customer
            entity product
            var customer.visits = count(visits)
            var product.buyers = count(customer)
            var product.visits = sum(customer.visits)
            predict buys for product {
              label sum(orders.amount) in next 12 hours
              observe every 12 hours aligned to '2024-01-01'
              train linear
              split random 80 / 20
            }
            """, [("orders", Orders), ("visits", Visits)]),
        ("members before", """
            source homes { table homes  entity customer by customer  entity product by product  valid from begins to ends }
            source orders { table orders  entity product by product  time at  key id }
            source visits { table visits  entity customer by customer  time at }
            entity customer
            entity product
            var customer.visits = count(visits) over 2 days
            var product.visits = max(customer.visits)
            var product.holders = count(customer)
            predict buys for product {
              label sum(orders.amount) in next 12 hours
              observe before each orders
              train linear
              split random 80 / 20
            }
            """, [("homes", Homes), ("orders", Orders), ("visits", Visits)]),
        ("learned pivot", """
            source visits { table visits  entity customer by customer  time at  known at loaded_at }
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.channels = count(orders) by channel top 2 over 3 days
            var customer.scores = count(visits) by score top 3 over 2 days
            predict buys for customer {
              label sum(orders.amount) in next 1 day
              observe every 12 hours aligned to '2024-01-01'
              train linear
              split by time 60 / 40
            }
            """, [("visits", VisitsUnscored), ("orders", OrdersAnywhere)]),
        ("planned", """
            source bookings { table bookings  entity customer by customer  time starts_at  known at booked_at  planned  key id }
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.ahead = count(bookings) in next 2 days
            var customer.orders = count(orders) over 2 days
            predict buys for customer {
              label sum(orders.amount) in next 12 hours
              observe 12 hours before each bookings
              train linear
              split random 80 / 20
            }
            """, [("bookings", Bookings), ("orders", Orders)]),
        ("after first", """
            source orders { table orders  entity customer by customer  time at  delay 6 hours }
            source visits { table visits  entity customer by customer  time at }
            entity customer
            var customer.orders = count(orders) over 2 days
            var customer.visits = count(visits) over 1 day
            predict buys for customer {
              label sum(visits.score) in next 3 days
              observe 1 day after first(orders where amount = 3)
              observe 4 days after first(orders where amount = 2)
              observe 7 days after first(orders where amount = 4)
              train linear
              split random 80 / 20
            }
            """, [("orders", Orders), ("visits", Visits)]),
        ("later", """
            source orders { table orders  entity customer by customer  time at }
            entity customer
            var customer.orders = count(orders) over 2 days
            var customer.months = count(orders) over 1 month
            predict buys for customer {
              label (sum(orders.amount) over 1 day) after 1 day % 2 = 1
              observe at '2024-01-04', '2024-01-07T06:00:00', '2024-01-10'
              train logistic
              split random 80 / 20
            }
            """, [("orders", Orders)]),
        ("union", """
            source orders { table orders  entity customer by customer  time at }
            source visits { table visits  entity customer by customer  time at  known at loaded_at }
            source touches = union of orders, visits
            entity customer
            var customer.touches = count(touches) over 2 days
            var customer.longest = longest_gap(touches) over 3 days
            predict buys for customer {
              label sum(orders.amount) in next 12 hours % 2 = 1
              observe every 1 day aligned to '2024-01-02'
              train logistic
              split random 80 / 20
            }
            """, [("orders", Orders), ("visits", Visits)]),
        ("links", """
            source tickets { table tickets  entity ticket by ticket  entity customer by customer  time at }
            source orders { table orders  entity customer by customer  time at }
            entity ticket
            entity customer
            var customer.orders = count(orders)
            var ticket.messages = count(tickets) over 2 days
            var ticket.load = messages + customer.orders
            predict busy for ticket {
              label sum(tickets.size) in next 1 day
              observe every 12 hours
              train linear
              split random 80 / 20
            }
            """, [("tickets", Tickets), ("orders", Orders)]),
        ("links later", """
            source tickets { table tickets  entity ticket by ticket  entity customer by customer  time at  key id }
            source orders { table orders  entity customer by customer  time at }
            entity ticket
            entity customer
            var customer.orders = count(orders) over 1 day
            var ticket.messages = count(tickets) over 2 days
            predict busy for ticket {
              label customer.orders after 1 day
              observe at each tickets
              train linear
              split random 80 / 20
            }
            """, [("tickets", Tickets), ("orders", Orders)]),
        ("members later", """
            source orders { table orders  entity customer by customer  entity product by product  time at }
            source visits { table visits  entity customer by customer  time at }
            entity customer
            entity product
            var customer.visits = count(visits)
            var product.orders = count(orders) over 1 day
            predict seen for product {
              label sum(customer.visits) after 12 hours
              observe every 12 hours aligned to '2024-01-01'
              train linear
              split random 80 / 20
            }
            """, [("orders", Orders), ("visits", Visits)]),
        ("links before", """
            source tickets { table tickets  entity ticket by ticket  entity customer by customer  time at  key id }
            source orders { table orders  entity customer by customer  time at }
            entity ticket
            entity customer
            var customer.orders = count(orders) over 2 days
            var customer.spent = sum(orders.amount) over 2 days ending 1 day ago
            var ticket.messages = count(tickets) over 2 days
            var ticket.load = messages + customer.orders
            predict busy for ticket {
              label sum(tickets.size) in next 1 day
              observe before each tickets
              using all, customer.spent
              train linear
              split random 80 / 20
            }
            """, [("tickets", Tickets), ("orders", Orders)]),
        ("sides", """
            source games { table games  entity team by home as home, away as away  time at  key id  late goals at ended_at }
            entity team
            var team.games = count(games) over 2 days
            var team.at_home = count(games as home) over 1 day
            var team.scored = sum(games.goals as away) over 3 days
            predict scores for team {
              label sum(games.goals as home) in next 2 days
              observe before each games
              train linear
              split random 80 / 20
            }
            """, [("games", Games)]),
        ("declared", """
            source people { table people  time signed_at }
            source orders { table orders  entity customer by customer  time at  key id }
            entity customer from people by customer since created
            var customer.orders = count(orders) over 2 days
            predict buys for customer {
              label sum(orders.amount) in next 1 day
              observe at each orders
              train linear
              split random 80 / 20
            }
            """, [("people", People), ("orders", Orders)]),
        ("declared grid", """
            source people { table people  time signed_at }
            source orders { table orders  entity customer by customer  time at }
            entity customer from people by customer since created
            var customer.orders = count(orders) over 2 days
            predict buys for customer {
              label sum(orders.amount) in next 2 days
              observe every 1 day
              train linear
              split by time 60 / 40
            }
            """, [("people", People), ("orders", Orders)]),
    ];
}
