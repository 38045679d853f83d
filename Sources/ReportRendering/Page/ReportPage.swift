/// A report as a title and blocks, ready to be rendered.
package struct ReportPage: Sendable {
    package var title: String
    package var blocks: [ReportBlock]

    /// The page of one run.
    ///
    /// - Parameters:
    ///   - title: what the run is called; nil for its profile's name.
    ///   - description: a sentence on the run, below the title; empty for none.
    ///   - commands: the command lines that make the numbers again; empty for the usual ones.
    package init(_ data: ReportData, title: String? = nil, description: String = "", commands: [String] = []) {
        self.title = "Braid leaderboard: \(title ?? data.run.profileName)"
        blocks =
            (description.isEmpty ? [] : [.paragraph(description)]) + Self.headline(data) + Self.leaderboard(data)
            + Self.targets(data) + Self.otherMetrics(data)
            + Self.costs(data) + Self.gains(data) + Self.examples(data) + Self.references(data)
            + Self.provenance(data, commands: commands)
    }

    // MARK: Words that several sections use

    static let metricTitles = [
        "rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rouge3": "ROUGE-3", "rougeL": "ROUGE-L", "rougeW": "weighted ROUGE",
        "rouge1-classic": "ROUGE-1 classic", "rouge2-classic": "ROUGE-2 classic", "rouge3-classic": "ROUGE-3 classic",
        "rougeL-classic": "ROUGE-L classic", "rougeW-classic": "weighted ROUGE classic", "bleu": "BLEU",
        "chrf": "chrF++", "language": "right language",
    ]

    static func title(ofMetric name: String) -> String { metricTitles[name] ?? name }

    /// A mean with its half interval: `31.2 ± 2.1`.
    static func short(_ estimate: ScoreEstimate?) -> String {
        guard let estimate else { return "–" }
        let mean = NumberText.fixed(estimate.mean)
        guard let interval = estimate.interval else { return mean }
        return "\(mean) ± \(NumberText.fixed((interval.upperBound - interval.lowerBound) / 2))"
    }

    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(NumberText.count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// The methods in the order of tables: contestants, then sanity rows.
    static func rows(_ data: ReportData) -> [MethodFacts] {
        data.order.compactMap { data.method($0) } + data.sanity
    }

    static func leastVisibleNote(_ least: [(label: String, value: LeastVisible?)]) -> String {
        let parts = least.compactMap { label, value -> String? in
            guard let value else { return nil }
            return "\(label) \(NumberText.fixed(value.single)) (\(NumberText.fixed(value.corrected)))"
        }
        guard !parts.isEmpty else {
            return
                "Least visible difference: cannot be said with fewer than 6 test documents or fewer than two complete methods."
        }
        return """
            Least visible difference (80 % power, 5 %; in brackets after Holm over all pairs), in points: \
            \(parts.joined(separator: "; ")). A smaller true difference would mostly go unseen.
            """
    }
}
