namespace SqlMl.Learning;

/// <summary>What can be wrong with a request to learn or to predict; every member is the user's to mend, none is a defect of the learner.</summary>
public enum LearningFailure
{
    /// <summary>All training labels are of one class: there is nothing to tell apart.</summary>
    OneClassOnly,

    /// <summary>All training labels are one number: there is nothing to predict.</summary>
    ConstantLabel,

    /// <summary>The label takes more values than can be told apart.</summary>
    TooManyClasses,

    /// <summary>The trainer does not learn labels of that kind.</summary>
    TaskMismatch,

    /// <summary>The training part, or one class in it, has too few rows; or there is no row to evaluate.</summary>
    TooFewRows,

    /// <summary>The table has no feature column.</summary>
    NoFeatures,

    /// <summary>No trainer has the requested name.</summary>
    UnknownTrainer,

    /// <summary>The trainer has no parameter of that name; the help lists those it has.</summary>
    UnknownParameter,

    /// <summary>The value of a parameter is not of its kind, or outside its range.</summary>
    ParameterOutOfRange,

    /// <summary>One parameter is set twice, usually under two of its names.</summary>
    ParameterGivenTwice,

    /// <summary>The table to predict lacks a feature of the model, or holds it as another kind of column.</summary>
    FeatureMismatch,

    /// <summary>A model file cannot be read: it is damaged, of another format or version, or of a kind that is not supported.</summary>
    ModelFormat,
}

/// <summary>A failure of learning that the user can mend: <see cref="Exception.Message"/> is the fact in the user's words, <see cref="Help"/> the way out.</summary>
public sealed class LearningException : Exception
{
    /// <summary>Creates the failure; <paramref name="message"/> is lower case, without a full stop, and complete on its own.</summary>
    public LearningException(LearningFailure failure, string message, string? help = null, Exception? cause = null)
        : base(message, cause)
    {
        Failure = failure;
        Help = help;
    }

    /// <summary>Which failure this is; stable, so that a caller can map it to a diagnostic.</summary>
    public LearningFailure Failure { get; }

    /// <summary>What would mend it, or null where the message says it all.</summary>
    public string? Help { get; }
}
