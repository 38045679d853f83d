import BenchmarkStore
import TextMetrics

extension RunReader {
    /// What the answers of a run say, read once through.
    struct Answers {
        var book: ScoreBook
        /// The metrics that the run has scores in.
        var metrics: [MetricFacts]
        /// How many answers each cell has.
        var complete: [Int64: Int] = [:]
        /// How many methods have answered each example.
        var answered: [Int64: Int] = [:]
    }

    /// Reads the means of all metrics from the views, and document by document only the scores that more is computed of:
    /// each family's lead metric and its language check.
    func answers(
        _ run: RunRecord, cells: [CellRecord], methods: [MethodRecord], settings: [SettingRecord]
    ) throws -> Answers {
        var places: [Int64: Int] = [:]
        var clusters: [Int64: String] = [:]
        var documents: [Int64: Int64] = [:]
        for setting in settings {
            for example in try database.exampleDocuments(ofSetting: setting.id) {
                documents[example.example] = example.document
                clusters[example.document] = example.cluster
            }
        }
        var book = ScoreBook(clusters: clusters)
        for (example, document) in documents { places[example] = book.place(of: document) }
        let used = try addMeans(run, to: &book)
        let metrics = try database.metrics().filter { used.contains($0.signature) }.map {
            MetricFacts(
                signature: $0.signature, name: $0.name, direction: $0.direction.rawValue, scale: $0.scale,
                description: $0.description)
        }
        let choice = SignatureChoice(
            metrics: metrics, settings: settings.map(Self.facts), scoresBySetting: book.scoresBySetting)

        var answers = Answers(book: book, metrics: metrics)
        let methodNames = Dictionary(methods.map { ($0.id, $0.name) }) { first, _ in first }
        for setting in settings {
            // The main task of a family is that of its first setting.
            let main = settings.first { $0.family == setting.family }?.main ?? setting.main
            let signatures = [Comparison.leadMetric(ofMain: main), Comparison.languageMetric].compactMap {
                choice.signature(of: $0, in: setting.family)
            }
            for cell in cells where cell.settingID == setting.id {
                let scores = try database.scores(ofCell: cell.id, signatures: signatures)
                answers.complete[cell.id] = scores.examples.count
                for example in scores.examples { answers.answered[example, default: 0] += 1 }
                guard let method = methodNames[cell.methodID] else { continue }
                for (signature, values) in zip(signatures, scores.values) {
                    var column = book.emptyColumn
                    for (example, value) in zip(scores.examples, values) {
                        if let place = places[example] { column[place] = value }
                    }
                    answers.book.add(
                        column, for: ScoreBook.Key(signature: signature, method: method, setting: setting.name))
                }
            }
        }
        return answers
    }

    /// Adds the means of the views to the book.
    ///
    /// - Returns: the signatures that the run has scores of.
    private func addMeans(_ run: RunRecord, to book: inout ScoreBook) throws -> Set<String> {
        var signatures: Set<String> = []
        func add(_ row: NamedRow, in scope: ScoreBook.Scope) throws {
            let signature = try row.text("signature")
            signatures.insert(signature)
            let mean = MeanEstimate(
                mean: try row.number("mean"), standardError: row.optionalNumber("standard_error"),
                degreesOfFreedom: try row.number("clusters") - 1, count: Int(try row.integer("documents")))
            book.add(mean, signature, of: try row.text("method"), in: scope)
        }
        let columns = "method, signature, documents, clusters, mean, standard_error"
        for row in try rows("SELECT setting, \(columns) FROM by_setting WHERE run_id = ?", run) {
            try add(row, in: .setting(try row.text("setting")))
        }
        for row in try rows("SELECT family, \(columns) FROM leaderboard WHERE run_id = ?", run) {
            try add(row, in: .family(try row.text("family")))
        }
        return signatures
    }

    static func facts(_ setting: SettingRecord) -> SettingFacts {
        SettingFacts(
            name: setting.name, family: setting.family, main: setting.main, targetKind: setting.targetKind?.rawValue,
            target: setting.target, targetLabel: setting.targetLabel, instruction: setting.instruction)
    }
}
