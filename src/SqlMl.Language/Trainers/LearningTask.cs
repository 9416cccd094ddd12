using SqlMl.Language.Types;

namespace SqlMl.Language.Trainers;

/// <summary>What there is to learn, which the label's type decides (rule 46).</summary>
public enum LearningTask
{
    /// <summary>A boolean label: the probability that it is true.</summary>
    BinaryClassification,

    /// <summary>A label that is a number: its expected value.</summary>
    Regression,

    /// <summary>A label that is a string: the probability of each of its values.</summary>
    MultiClassClassification,
}

/// <summary>What the tasks are called, and which labels ask for them.</summary>
public static class LearningTasks
{
    /// <summary>The task of a label of that type; null for a type that no label has, such as an instant or a set.</summary>
    public static LearningTask? Of(DataType label) => label switch
    {
        DataType.Boolean => LearningTask.BinaryClassification,
        DataType.Integer or DataType.Number => LearningTask.Regression,
        DataType.String => LearningTask.MultiClassClassification,
        _ => null,
    };

    /// <summary>The labels of the task in a message's words: `a boolean label`.</summary>
    public static string LabelWords(this LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "a boolean label",
        LearningTask.Regression => "a label that is a number",
        _ => "a label that is a string",
    };
}
