using SqlMl.Language.Diagnostics;
using SqlMl.Language.Text;
using SqlMl.Language.Trainers;
using SqlMl.Language.Types;

namespace SqlMl.Semantics;

/// <summary>Findings about what a label can be, and about clauses that do not fit it (block 3xxx), one typed method each.</summary>
internal static class LabelErrors
{
    internal static Diagnostic NotEvident(string model, SourceSpan span) =>
        Diagnostic.Error("SML3012", $"the type of the label of `{model}` is not evident", span, "of unknown type")
            .WithNote("a boolean gives a classification, a number a regression, a string one class of several")
            .WithHelp("say what it is, such as `last(orders.status::string) in next 7 days`, or compare it with a value, such as `... = 'yes'`");

    internal static Diagnostic NotLearnable(DataType found, SourceSpan span) =>
        Diagnostic.Error("SML3080", $"a label that is {found.Words()} cannot be learned", span, found.Words())
            .WithNote("a label is a boolean, a number or a string")
            .WithHelp(found switch
            {
                DataType.Instant => "`days until` an instant is a number: `days until first(orders) in next 30 days`",
                DataType.Set => "`mode(source.column)` is the most frequent value alone; `exists(source where column = ...)` asks for one value",
                DataType.Vector => "`mode(cortex.classify(source.text, ['a', 'b']))` is one of several classes, `avg(cortex.sentiment(source.text))` a number",
                _ => null,
            });

    internal static Diagnostic TrainerMismatch(TrainerDefinition trainer, LearningTask task, IEnumerable<string> others, SourceSpan span, SourceSpan label)
    {
        var known = string.Join(" and ", trainer.Tasks.Select(LearningTasks.LabelWords));
        return Diagnostic.Error("SML3081", $"`{trainer.Name}` does not learn {task.LabelWords()}", span, $"learns {known}")
            .WithLabel(label, $"{Kind(task)} is predicted")
            .WithHelp($"{string.Join(" and ", others.Select(other => $"`train {other}`"))} can learn it{(task == LearningTask.Regression ? "; or compare the label with a value, such as `... > 100`" : "")}");
    }

    internal static Diagnostic ParameterMismatch(TrainerDefinition trainer, TrainerParameter parameter, LearningTask task, SourceSpan span, SourceSpan label) =>
        Diagnostic.Error("SML3082", $"`{parameter.Name}` of `{trainer.Name}` means nothing for {task.LabelWords()}", span, $"for {string.Join(" or ", parameter.Tasks.Select(LearningTasks.LabelWords))}")
            .WithLabel(label, $"{Kind(task)} is predicted")
            .WithHelp("leave it out");

    internal static Diagnostic OutputMismatch(string kind, LearningTask task, SourceSpan span, SourceSpan label) =>
        Diagnostic.Error("SML3083", $"predictions of {task.LabelWords()} have no `{kind}`", span, kind == "raw" ? "only the probability of a truth value is calibrated" : task == LearningTask.Regression ? "a number is no class" : "several classes are in no order")
            .WithLabel(label, $"{Kind(task)} is predicted")
            .WithHelp(task == LearningTask.Regression
                ? "`score` is the predicted number and `percentile` its rank; a label compared with a value, such as `... > 100`, has a class"
                : "`class` is the likeliest value and `score` its probability; a label compared with one value, such as `... = 'shoes'`, has a percentile");

    internal static Diagnostic CutOfSeveralClasses(SourceSpan span, SourceSpan label) =>
        Diagnostic.Error("SML3084", "a class of several is not cut", span, "the likeliest is taken")
            .WithLabel(label, "a string is predicted")
            .WithHelp("leave the cut out; a label compared with one value, such as `... = 'shoes'`, has a cut");

    internal static Diagnostic StratifiedNumber(SourceSpan span, SourceSpan label) =>
        Diagnostic.Error("SML3085", "a split stratified by a number is not a split by classes", span, "keeps the share of each value of the label")
            .WithLabel(label, "a number is predicted")
            .WithHelp("leave `stratified` out");

    private static string Kind(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "a boolean",
        LearningTask.Regression => "a number",
        _ => "a string",
    };
}
