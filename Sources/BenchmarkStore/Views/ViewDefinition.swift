/// A view: its name, what it is for, its columns, and the query behind it.
///
/// The list of columns is part of the `CREATE VIEW` statement, so a column without a description cannot exist.
///
/// DuckDB takes the views out of the file and runs them itself, so they keep to what it knows: GROUP BY names every
/// plain column that is selected, and CROSS JOIN has no ON.
struct ViewDefinition: Sendable {
    let name: String
    /// One sentence on what a row is.
    let summary: String
    let columns: [ColumnDescription]
    let query: String

    init(_ name: String, _ summary: String, columns: [ColumnDescription], query: String) {
        self.name = name
        self.summary = summary
        self.columns = columns
        self.query = query
    }

    /// The statement that makes the view; SQLite keeps it word for word.
    var createSQL: String {
        "CREATE VIEW \(name) (\(columns.map(\.name).joined(separator: ", "))) AS\n\(query)"
    }

    /// All views in the order in which they are made and documented; each may use those before it.
    static let all = [
        outputs, exampleOutputs, scores, exampleScores, documentScores, leaderboard, bySetting, byLanguage, byTone,
        pairedDifferences, efficiency, chosenParameters, provenance, licences, buildSummary, training, learningCurves,
    ]
}

/// Columns that mean the same wherever they occur.
extension [ColumnDescription] {
    static let runAndMethod: [ColumnDescription] = [
        ColumnDescription("run_id", "Run; see `provenance`."),
        ColumnDescription("method", "Registered name of the method, unique in the run."),
        ColumnDescription("method_title", "Name of the method for people."),
        ColumnDescription("method_family", "Family of the method, such as `data-free merge` or `learned`."),
        ColumnDescription("method_position", "Place of the method in tables, from 0."),
    ]

    /// What an example asks for.
    static let setting: [ColumnDescription] =
        [
            ColumnDescription("setting", "Setting, such as `summarize+translate/es`."),
            ColumnDescription("family", "Family of the setting, such as `summarize+translate`."),
            ColumnDescription("main", "Main task."),
            ColumnDescription("auxiliary", "Auxiliary task with its target; NULL for a single task."),
        ] + target

    /// Which document an example is made of.
    static let document: [ColumnDescription] = [
        ColumnDescription("split", "`train`, `validation` or `test`."),
        ColumnDescription("corpus", "Name of the document's corpus."),
        ColumnDescription("document", "Number of the document."),
        ColumnDescription("cluster", "The document's cluster of near-duplicates."),
        ColumnDescription("document_key", "Name of the document in its corpus."),
    ]

    /// The question itself.
    static let question: [ColumnDescription] = [
        ColumnDescription("topic", "Topic of the document."),
        ColumnDescription("input", "Input of the example."),
        ColumnDescription("instruction", "Instruction that follows the input in the prompt."),
        ColumnDescription("reference", "Reference answer."),
        ColumnDescription("reference_origin", "Who wrote the reference: `project`, `person` or `model:<name>`."),
    ]

    static let target: [ColumnDescription] = [
        ColumnDescription("target_kind", "`language` or `tone`; NULL for a task without a target."),
        ColumnDescription("target", "Language code or name of the tone."),
        ColumnDescription("target_label", "The target for people, such as `Spanish`."),
    ]

    static let metric: [ColumnDescription] = [
        ColumnDescription("metric", "Short name of the metric, such as `rougeL`."),
        ColumnDescription("signature", "The metric's exact variant; numbers of two signatures are not compared."),
    ]

    static let estimate: [ColumnDescription] = [
        ColumnDescription("documents", "Number of documents behind the mean."),
        ColumnDescription("clusters", "Number of clusters of near-duplicates; degrees of freedom are one less."),
        ColumnDescription("mean", "Mean over the documents, on the metric's scale."),
        ColumnDescription(
            "standard_error", "Standard error of the mean with documents clustered; NULL for fewer than two clusters."),
    ]
}
