import TextMetrics

/// The scores of a run by metric, method, setting and document, from which every statistic of a report starts.
///
/// Settings of one document depend on each other and are averaged before anything else. Documents have places in the
/// ascending order of their numbers; a column has one value a document, NaN where there is none.
package struct ScoreBook: Sendable {
    /// The scores of one method in one setting and metric.
    struct Key: Hashable {
        let signature: String
        let method: String
        let setting: String
    }

    /// What a mean is over.
    enum Scope: Hashable {
        case family(String)
        case setting(String)
    }

    private struct SummaryKey: Hashable {
        let signature: String
        let method: String
        let scope: Scope
    }

    private let places: [Int64: Int]
    /// The clusters of the documents by their places, numbered.
    private let clusters: [Int32]
    private var columns: [Key: [Double]] = [:]
    private var counts: [Key: Int] = [:]
    private var summaries: [SummaryKey: MeanEstimate] = [:]
    /// How many scores each setting has in each metric.
    private(set) var scoresBySetting: [String: [String: Int]] = [:]

    /// A book of these documents and their clusters, without scores.
    init(clusters: [Int64: String]) {
        let documents = clusters.sorted { $0.key < $1.key }
        var numbers: [String: Int32] = [:]
        self.clusters = documents.map { _, cluster in
            let number = numbers[cluster] ?? Int32(numbers.count)
            numbers[cluster] = number
            return number
        }
        places = Dictionary(uniqueKeysWithValues: documents.enumerated().map { ($1.key, $0) })
    }

    /// A book of scores row by row.
    init(_ scores: [ScoreFacts]) {
        self.init(clusters: Dictionary(scores.map { ($0.document, $0.cluster) }) { _, last in last })
        let empty = emptyColumn
        for score in scores {
            let key = Key(signature: score.signature, method: score.method, setting: score.setting)
            columns[key, default: empty][places[score.document] ?? 0] = score.value
            scoresBySetting[score.setting, default: [:]][score.signature, default: 0] += 1
        }
        counts = columns.mapValues { column in column.count { !$0.isNaN } }
    }

    /// A column without scores.
    var emptyColumn: [Double] { [Double](repeating: .nan, count: clusters.count) }

    /// The place of a document.
    func place(of document: Int64) -> Int? { places[document] }

    /// Adds a column, a value for each document.
    mutating func add(_ column: [Double], for key: Key) {
        columns[key] = column
        counts[key] = column.count { !$0.isNaN }
    }

    /// Adds a mean that the store has computed, in a metric whose scores need not be here.
    mutating func add(_ mean: MeanEstimate, _ signature: String, of method: String, in scope: Scope) {
        summaries[SummaryKey(signature: signature, method: method, scope: scope)] = mean
        if case .setting(let setting) = scope {
            scoresBySetting[setting, default: [:]][signature, default: 0] += mean.count
        }
    }

    // MARK: Reading

    /// One value a document, ascending by document.
    struct Values {
        var places: [Int32] = []
        var values: [Double] = []
    }

    /// How many examples of these settings have the score.
    func count(_ signature: String, of method: String, in settings: [String]) -> Int {
        settings.reduce(0) { $0 + (counts[Key(signature: signature, method: method, setting: $1)] ?? 0) }
    }

    /// The mean over those settings in which a document was scored.
    func documentMeans(_ signature: String, of method: String, in settings: [String]) -> Values {
        means(of: settings.compactMap { column(signature, method, $0) }) { $0[$1] }
    }

    /// As `documentMeans`, each score counting as 0 where the language check of the same answer says 0.
    ///
    /// An answer that was too short to be judged keeps its score.
    func conditionalMeans(
        _ signature: String, language: String, of method: String, in settings: [String]
    ) -> Values {
        let pairs: [(scores: [Double], languages: [Double]?)] = settings.compactMap { setting in
            column(signature, method, setting).map { ($0, column(language, method, setting)) }
        }
        return means(of: pairs) { pair, place in
            let score = pair.scores[place]
            return !score.isNaN && pair.languages?[place] == 0 ? 0 : score
        }
    }

    /// The mean of a − b over the settings in which both were scored.
    func differences(_ signature: String, _ a: String, minus b: String, in settings: [String]) -> Values {
        let pairs: [(a: [Double], b: [Double])] = settings.compactMap { setting in
            guard let left = column(signature, a, setting), let right = column(signature, b, setting) else {
                return nil
            }
            return (left, right)
        }
        return means(of: pairs) { $0.a[$1] - $0.b[$1] }
    }

    /// Whether two methods have scores of the same documents in every setting.
    func haveSameDocuments(_ signature: String, _ a: String, _ b: String, in settings: [String]) -> Bool {
        settings.allSatisfy { setting in
            guard let left = column(signature, a, setting), let right = column(signature, b, setting) else {
                return column(signature, a, setting) == nil && column(signature, b, setting) == nil
            }
            return left.indices.allSatisfy { left[$0].isNaN == right[$0].isNaN }
        }
    }

    /// The mean in a metric, with near-duplicates as one cluster; nil without scores.
    func mean(_ signature: String, of method: String, in settings: [String], scope: Scope) -> MeanEstimate? {
        summaries[SummaryKey(signature: signature, method: method, scope: scope)]
            ?? estimate(documentMeans(signature, of: method, in: settings))
    }

    /// Mean and standard error with near-duplicates as one cluster; nil without values.
    func estimate(_ values: Values) -> MeanEstimate? {
        MeanEstimate(of: values.values, clusterNumbers: clusters(of: values))
    }

    /// The sums of each cluster, for the sign-flip test.
    func clusterSums(_ values: Values) -> [Double] {
        ClusterSums.sums(of: values.values, numbers: clusters(of: values))
    }

    private func clusters(of values: Values) -> [Int32] { values.places.map { clusters[Int($0)] } }

    private func column(_ signature: String, _ method: String, _ setting: String) -> [Double]? {
        columns[Key(signature: signature, method: method, setting: setting)]
    }

    /// Added up in the order of settings and read out by document, so that the same rows give the same bits.
    private func means<Source>(of settings: [Source], value: (Source, Int) -> Double) -> Values {
        var totals = [Double](repeating: 0, count: clusters.count)
        var counts = [Int32](repeating: 0, count: clusters.count)
        for setting in settings {
            for place in totals.indices {
                let value = value(setting, place)
                guard !value.isNaN else { continue }
                totals[place] += value
                counts[place] += 1
            }
        }
        var result = Values()
        result.places.reserveCapacity(totals.count)
        result.values.reserveCapacity(totals.count)
        for (place, count) in counts.enumerated() where count > 0 {
            result.places.append(Int32(truncatingIfNeeded: place))
            result.values.append(totals[place] / Double(count))
        }
        return result
    }
}
