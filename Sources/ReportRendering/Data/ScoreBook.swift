import TextMetrics

/// The scores of a run by metric, method, setting and document, from which every statistic of a report starts.
struct ScoreBook {
    /// One document's place: `settings` of one document depend on each other and are averaged before anything else.
    private typealias ByDocument = [Int64: Double]

    private var values: [Key: ByDocument] = [:]
    private var clusters: [Int64: String] = [:]

    private struct Key: Hashable {
        let signature: String
        let method: String
        let setting: String
    }

    init(_ scores: [ScoreFacts]) {
        for score in scores {
            let key = Key(signature: score.signature, method: score.method, setting: score.setting)
            values[key, default: [:]][score.document] = score.value
            clusters[score.document] = score.cluster
        }
    }

    /// How many examples of these settings have the score.
    func count(_ signature: String, of method: String, in settings: [String]) -> Int {
        settings.reduce(0) { $0 + (byDocument(signature, method, $1)?.count ?? 0) }
    }

    /// One value a document, ascending by document: its mean over those settings in which it was scored.
    func documentMeans(
        _ signature: String, of method: String, in settings: [String]
    ) -> [(document: Int64, value: Double)] {
        means(of: settings.compactMap { byDocument(signature, method, $0) })
    }

    /// As `documentMeans`, each score counting as 0 where the language check of the same answer says 0.
    ///
    /// An answer that was too short to be judged keeps its score.
    func conditionalMeans(
        _ signature: String, language: String, of method: String, in settings: [String]
    ) -> [(document: Int64, value: Double)] {
        means(
            of: settings.compactMap { setting in
                guard let scores = byDocument(signature, method, setting) else { return nil }
                let languages = byDocument(language, method, setting) ?? [:]
                return Dictionary(uniqueKeysWithValues: scores.map { ($0.key, languages[$0.key] == 0 ? 0 : $0.value) })
            })
    }

    /// One difference a document, ascending by document: the mean of a − b over the settings in which both were scored.
    func differences(
        _ signature: String, _ a: String, minus b: String, in settings: [String]
    ) -> [(document: Int64, value: Double)] {
        means(
            of: settings.compactMap { setting in
                guard let left = byDocument(signature, a, setting), let right = byDocument(signature, b, setting) else {
                    return nil
                }
                var result: ByDocument = [:]
                for (document, value) in left {
                    if let other = right[document] { result[document] = value - other }
                }
                return result
            })
    }

    /// Mean and standard error with near-duplicates as one cluster; nil without values.
    func estimate(_ values: [(document: Int64, value: Double)]) -> MeanEstimate? {
        MeanEstimate(of: values.map(\.value), clusters: values.map { clusters[$0.document] ?? "\($0.document)" })
    }

    /// The sums of each cluster, for the sign-flip test.
    func clusterSums(_ values: [(document: Int64, value: Double)]) -> [Double] {
        ClusterSums.sums(of: values.map(\.value), clusters: values.map { clusters[$0.document] ?? "\($0.document)" })
    }

    private func byDocument(_ signature: String, _ method: String, _ setting: String) -> ByDocument? {
        values[Key(signature: signature, method: method, setting: setting)]
    }

    /// Added up in the order of settings and read out by document, so that the same rows give the same bits.
    private func means(of settings: [ByDocument]) -> [(document: Int64, value: Double)] {
        var sums: [Int64: (total: Double, count: Int)] = [:]
        for setting in settings {
            for (document, value) in setting {
                let sum = sums[document] ?? (0, 0)
                sums[document] = (sum.total + value, sum.count + 1)
            }
        }
        return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value.total / Double($0.value.count)) }
    }
}
