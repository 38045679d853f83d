/// Which exact variant of a metric stands for it in each family of settings.
struct SignatureChoice {
    /// The metrics by name and signature.
    let metrics: [MetricFacts]
    private let counts: [String: [String: Int]]

    /// - Parameter scoresBySetting: how many scores there are, by setting and signature.
    init(metrics: [MetricFacts], settings: [SettingFacts], scoresBySetting: [String: [String: Int]]) {
        self.metrics = metrics.sorted { ($0.name, $0.signature) < ($1.name, $1.signature) }
        let families = Dictionary(settings.map { ($0.name, $0.family) }) { first, _ in first }
        var counts: [String: [String: Int]] = [:]
        for (setting, scores) in scoresBySetting {
            counts[families[setting] ?? "", default: [:]].merge(scores, uniquingKeysWith: +)
        }
        self.counts = counts
    }

    /// The signature of a metric that has the most scores in a family; nil where it has none.
    func signature(of metric: String, in family: String) -> String? {
        let counts = counts[family] ?? [:]
        return metrics.filter { $0.name == metric && counts[$0.signature] != nil }
            .max { (counts[$0.signature] ?? 0, $1.signature) < (counts[$1.signature] ?? 0, $0.signature) }?.signature
    }

    /// The signatures that a family has scores of, by name of their metrics.
    func signatures(in family: String) -> [String] {
        let counts = counts[family] ?? [:]
        return metrics.map(\.signature).filter { counts[$0] != nil }
    }
}
