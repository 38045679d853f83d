import GRDB

extension BenchmarkDatabase {
    /// The leaderboard of a run by family, metric and method.
    public func leaderboard(ofRun run: Int64) throws -> [LeaderboardRow] {
        try rows(
            of: "leaderboard WHERE run_id = ?", [.integer(run)],
            by: "family, metric, signature, method_position, method")
    }

    /// The scores of a run by setting, metric and method.
    public func bySetting(ofRun run: Int64) throws -> [SettingScoreRow] {
        try rows(
            of: "by_setting WHERE run_id = ?", [.integer(run)],
            by: "setting_position, setting, metric, signature, method_position, method")
    }

    /// The scores of a run by target language, metric and method.
    public func byLanguage(ofRun run: Int64) throws -> [TargetScoreRow] {
        try rows(
            of: "by_language WHERE run_id = ?", [.integer(run)],
            by: "target, metric, signature, method_position, method")
    }

    /// The scores of a run by target tone, metric and method.
    public func byTone(ofRun run: Int64) throws -> [TargetScoreRow] {
        try rows(
            of: "by_tone WHERE run_id = ?", [.integer(run)], by: "target, metric, signature, method_position, method")
    }

    /// What the methods of a run cost, by method.
    public func efficiency(ofRun run: Int64) throws -> [EfficiencyRow] {
        try rows(of: "efficiency WHERE run_id = ?", [.integer(run)], by: "method_position, method")
    }

    /// The differences of all ordered pairs of methods in one family and metric.
    public func pairedDifferences(
        ofRun run: Int64, family: String, signature: String
    ) throws -> [PairedDifferenceRow] {
        try rows(
            of: "paired_differences WHERE run_id = ? AND family = ? AND signature = ?",
            [.integer(run), .text(family), .text(signature)], by: "metric, method_a, method_b")
    }

    /// The predictions of a run with all that they answer to.
    ///
    /// - Parameters:
    ///   - run: The run's row number.
    ///   - setting: Only this setting; nil for all.
    ///   - method: Only this method; nil for all.
    /// - Returns: The rows by setting, method and document.
    /// - Throws: `StoreError` when the database cannot be read.
    public func outputs(ofRun run: Int64, setting: String? = nil, method: String? = nil) throws -> [OutputRow] {
        try rows(
            of: "outputs WHERE run_id = ? AND setting = coalesce(?, setting) AND method = coalesce(?, method)",
            [.integer(run), .init(setting), .init(method)], by: "setting, method_position, method, document, example_id"
        )
    }

    /// The scores of a run in one metric, example by example.
    public func exampleScores(ofRun run: Int64, signature: String) throws -> [ExampleScoreRow] {
        try rows(
            of: "example_scores WHERE run_id = ? AND signature = ?", [.integer(run), .text(signature)],
            by: "setting, method_position, method, document, example_id")
    }

    /// The scores of a run in one metric, document by document: what intervals and tests start from.
    public func documentScores(ofRun run: Int64, signature: String) throws -> [DocumentScoreRow] {
        try rows(
            of: "document_scores WHERE run_id = ? AND signature = ?", [.integer(run), .text(signature)],
            by: "family, method, document")
    }

    /// Where the numbers of a run come from; nil when there is no such run.
    public func provenance(ofRun run: Int64) throws -> ProvenanceRow? {
        let found: [ProvenanceRow] = try rows(of: "provenance WHERE run_id = ?", [.integer(run)], by: "run_id")
        return found.first
    }

    /// How many examples each setting and split of a build has.
    public func summary(ofBuild name: String) throws -> [BuildSummaryRow] {
        try rows(of: "build_summary WHERE build = ?", [.text(name)], by: "setting_position, setting, split")
    }

    /// All trained adapters in the order in which they were stored.
    public func training() throws -> [TrainingRow] { try rows(of: "training", [], by: "adapter_id") }

    /// Rows of any view or query of the store, for questions that no function above answers.
    ///
    /// - Parameters:
    ///   - type: A type whose properties are the query's columns; `run_id` is read into `runID`.
    ///   - sql: One SELECT statement.
    ///   - arguments: Values for its `?` marks in order.
    public func rows<Row: Decodable>(
        _ type: Row.Type, _ sql: String, arguments: [QueryValue] = []
    ) throws -> [Row] {
        try read {
            let values = StatementArguments(arguments.map(\.databaseValue))
            return try DecodedRow<Row>.fetchAll($0, sql: sql, arguments: values).map(\.value)
        }
    }

    private func rows<Row: Decodable>(of selection: String, _ arguments: [QueryValue], by order: String) throws -> [Row]
    {
        try rows(Row.self, "SELECT * FROM \(selection) ORDER BY \(order)", arguments: arguments)
    }
}

/// Lets any decodable type be read from a row, without asking its module to know GRDB.
private struct DecodedRow<Value: Decodable>: Decodable, FetchableRecord {
    static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy { .custom { ColumnKey(column: $0) } }

    let value: Value

    init(from decoder: any Decoder) throws { value = try Value(from: decoder) }
}

extension QueryValue {
    fileprivate init(_ text: String?) { self = text.map(QueryValue.text) ?? .null }
}
