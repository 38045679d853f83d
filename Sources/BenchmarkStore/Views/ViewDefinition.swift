/// A view: its name, what it is for, its columns, and the query behind it.
///
/// The list of columns is part of the `CREATE VIEW` statement, so a column without a description cannot exist.
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
        outputs, exampleScores, documentScores, leaderboard, bySetting, byLanguage, byTone, pairedDifferences,
        efficiency, chosenParameters, provenance, buildSummary, training, learningCurves,
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
