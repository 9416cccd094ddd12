using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using SqlMl.Language.Trainers;

namespace SqlMl.Learning;

/// <summary>
/// XGBoost's JSON model format, as version 1.7.4 writes it (its schema: doc/model.schema of that release). Written files load there unchanged;
/// files of any version read here as long as they hold a `gbtree` with numeric splits for one of three objectives.
/// </summary>
internal static class XgBoostJson
{
    public static void Write(Utf8JsonWriter json, BoostedTrees model)
    {
        json.WriteStartObject();
        json.WriteStartObject("learner");
        json.WriteStartObject("attributes");
        json.WriteEndObject();
        WriteStrings(json, "feature_names", model.FeatureNames);
        WriteStrings(json, "feature_types", model.FeatureTypes);

        json.WriteStartObject("gradient_booster");
        json.WriteStartObject("model");
        WriteObject(json, "gbtree_model_param", ("num_parallel_tree", "1"), ("num_trees", Text(model.Trees.Length)), ("size_leaf_vector", "0"));
        WriteIntegers(json, "tree_info", [.. Enumerable.Range(0, model.Trees.Length).Select(tree => tree % model.Groups)]);
        json.WriteStartArray("trees");
        for (var id = 0; id < model.Trees.Length; id++)
            WriteTree(json, model.Trees[id], id, model.FeatureCount);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("name", "gbtree");
        json.WriteEndObject();

        WriteObject(
            json,
            "learner_model_param",
            ("base_score", Text(model.BaseScore)),
            ("boost_from_average", "0"),
            ("num_class", Text(model.Groups == 1 ? 0 : model.Groups)),
            ("num_feature", Text(model.FeatureCount)),
            ("num_target", "1"));
        json.WriteStartObject("objective");
        json.WriteString("name", ObjectiveOf(model.Task));
        if (model.Task == LearningTask.MultiClassClassification)
            WriteObject(json, "softmax_multiclass_param", ("num_class", Text(model.Groups)));
        else
            WriteObject(json, "reg_loss_param", ("scale_pos_weight", "1"));
        json.WriteEndObject();
        json.WriteEndObject();
        WriteIntegers(json, "version", [1, 7, 4]);
        json.WriteEndObject();
    }

    /// <summary>Reads a model; throws <see cref="FormatException"/> with the reason when it is one that cannot be evaluated here.</summary>
    public static BoostedTrees Read(JsonElement file)
    {
        var learner = file.GetProperty("learner");
        var task = TaskOf(learner.GetProperty("objective").GetProperty("name").GetString());
        var booster = learner.GetProperty("gradient_booster");
        Require("booster", booster.GetProperty("name").GetString(), "gbtree");
        var parameters = learner.GetProperty("learner_model_param");
        var featureCount = int.Parse(parameters.GetProperty("num_feature").GetString()!, CultureInfo.InvariantCulture);
        var groups = task == LearningTask.MultiClassClassification ? int.Parse(parameters.GetProperty("num_class").GetString()!, CultureInfo.InvariantCulture) : 1;
        var trees = booster.GetProperty("model").GetProperty("trees").EnumerateArray().Select(tree => ReadTree(tree, featureCount));
        CheckTurns(booster.GetProperty("model"), groups);
        return new BoostedTrees(
            task,
            groups,
            ReadBaseScore(parameters.GetProperty("base_score").GetString()!, task),
            ReadStrings(learner, "feature_names"),
            ReadStrings(learner, "feature_types"),
            featureCount,
            [.. trees]);
    }

    private static void WriteTree(Utf8JsonWriter json, RegressionTree tree, int id, int featureCount)
    {
        json.WriteStartObject();
        WriteNumbers(json, "base_weights", tree.Weight);
        foreach (var empty in (ReadOnlySpan<string>)["categories", "categories_nodes", "categories_segments", "categories_sizes"])
            WriteIntegers(json, empty, []);
        WriteIntegers(json, "default_left", Array.ConvertAll(tree.DefaultLeft, left => left ? 1 : 0));
        json.WriteNumber("id", id);
        WriteIntegers(json, "left_children", tree.Left);
        WriteNumbers(json, "loss_changes", tree.Gain);
        WriteIntegers(json, "parents", tree.Parent);
        WriteIntegers(json, "right_children", tree.Right);
        WriteNumbers(json, "split_conditions", tree.Condition);
        WriteIntegers(json, "split_indices", tree.Feature);
        WriteIntegers(json, "split_type", new int[tree.NodeCount]);
        WriteNumbers(json, "sum_hessian", tree.Cover);
        WriteObject(
            json,
            "tree_param",
            ("num_deleted", "0"),
            ("num_feature", Text(featureCount)),
            ("num_nodes", Text(tree.NodeCount)),
            ("size_leaf_vector", "0"));
        json.WriteEndObject();
    }

    private static RegressionTree ReadTree(JsonElement tree, int featureCount)
    {
        if (tree.TryGetProperty("split_type", out var types) && types.EnumerateArray().Any(type => type.GetInt32() != 0))
            throw new FormatException("it splits on categories, which only numeric columns replace here");
        var read = new RegressionTree
        {
            Left = Integers(tree, "left_children"),
            Right = Integers(tree, "right_children"),
            Parent = Integers(tree, "parents"),
            Feature = Integers(tree, "split_indices"),
            Condition = Numbers(tree, "split_conditions"),
            DefaultLeft = [.. tree.GetProperty("default_left").EnumerateArray().Select(IsTrue)],
            Gain = Numbers(tree, "loss_changes"),
            Cover = Numbers(tree, "sum_hessian"),
            Weight = Numbers(tree, "base_weights"),
        };
        Check(read, featureCount);
        return read;
    }

    /// <summary>Walks the tree once, so that prediction can neither leave the arrays nor run in a circle.</summary>
    private static void Check(RegressionTree tree, int featureCount)
    {
        var count = tree.NodeCount;
        if (count == 0 || new[] { tree.Right.Length, tree.Parent.Length, tree.Feature.Length, tree.Condition.Length, tree.DefaultLeft.Length, tree.Gain.Length, tree.Cover.Length, tree.Weight.Length }.Any(length => length != count))
            throw new FormatException("a tree's arrays differ in length");
        var reached = new bool[count];
        var open = new Stack<int>([0]);
        while (open.TryPop(out var node))
        {
            if (node < 0 || node >= count || reached[node])
                throw new FormatException($"a tree has no proper node {node}");
            reached[node] = true;
            if (tree.Left[node] < 0)
                continue;
            if (tree.Feature[node] < 0 || tree.Feature[node] >= featureCount)
                throw new FormatException($"a tree splits on column {tree.Feature[node]} of {featureCount}");
            open.Push(tree.Right[node]);
            open.Push(tree.Left[node]);
        }
    }

    /// <summary>Later versions write a vector of one: `[5E-1]`.</summary>
    private static float ReadBaseScore(string text, LearningTask task)
    {
        var score = float.Parse(text.Trim('[', ']'), NumberStyles.Float, CultureInfo.InvariantCulture);
        if (task == LearningTask.BinaryClassification)
            return score is > 0 and < 1 ? score : throw new FormatException($"its base score {text} is not a probability");
        return float.IsFinite(score) ? score : throw new FormatException($"its base score {text} is not a number");
    }

    private static string ObjectiveOf(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "binary:logistic",
        LearningTask.Regression => "reg:squarederror",
        _ => "multi:softprob",
    };

    private static LearningTask TaskOf(string? objective)
    {
        foreach (var task in Enum.GetValues<LearningTask>())
        {
            if (ObjectiveOf(task) == objective)
                return task;
        }

        throw new FormatException($"its objective is `{objective}`, supported are {string.Join(", ", Enum.GetValues<LearningTask>().Select(task => $"`{ObjectiveOf(task)}`"))}");
    }

    /// <summary>The classes' trees must take turns, one each a round: what XGBoost writes without parallel trees.</summary>
    private static void CheckTurns(JsonElement model, int groups)
    {
        if (groups < 1)
            throw new FormatException($"it has {groups} classes");
        var tree = 0;
        foreach (var group in model.GetProperty("tree_info").EnumerateArray())
        {
            if (group.GetInt32() != tree++ % groups)
                throw new FormatException("its trees are not one a class and round");
        }

        if (tree % groups != 0)
            throw new FormatException("its last round lacks trees");
    }

    private static void Require(string what, string? found, string supported)
    {
        if (found != supported)
            throw new FormatException($"its {what} is `{found}`, supported is `{supported}`");
    }

    private static bool IsTrue(JsonElement value) =>
        value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.GetInt32() != 0);

    private static int[] Integers(JsonElement tree, string name) => [.. tree.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    private static float[] Numbers(JsonElement tree, string name) => [.. tree.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];

    private static ImmutableArray<string> ReadStrings(JsonElement learner, string name) =>
        learner.TryGetProperty(name, out var strings) ? [.. strings.EnumerateArray().Select(value => value.GetString()!)] : [];

    private static void WriteObject(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Key, string Value)> members)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in members)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteIntegers(Utf8JsonWriter json, string name, ReadOnlySpan<int> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<float> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteRawValue(Text(value), skipInputValidation: true);
        json.WriteEndArray();
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back as the same number, always with an exponent as XGBoost's own: its reader takes `1` for an integer and refuses it here.</summary>
    private static string Text(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) ? text : text + "E0";
    }
}
