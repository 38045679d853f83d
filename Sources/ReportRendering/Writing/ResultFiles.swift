import BenchmarkStore
import Foundation

/// The numbers of a report as data files.
package enum ResultFiles {
    /// One line for each method, family and metric, with a header; decimals to four places, unknown values empty.
    package static func csv(_ data: ReportData) -> String {
        var text = CSVText.line([
            "method", "title", "method_family", "family", "metric", "signature", "is_lead", "documents", "mean",
            "standard_error", "low", "high", "rank_best", "rank_worst", "scored", "expected", "beats_copy",
        ])
        let names = Dictionary(data.metrics.map { ($0.signature, $0.name) }) { first, _ in first }
        for family in data.families {
            for score in family.scores {
                guard let method = data.method(score.method) else { continue }
                func line(_ signature: String, _ estimate: ScoreEstimate?, isLead: Bool) -> String {
                    let beatsCopy = isLead ? score.beatsCopy : nil
                    return CSVText.line([
                        method.name, method.title, method.family, family.name, names[signature] ?? "", signature,
                        "\(isLead)", estimate.map { "\($0.documents)" } ?? "", number(estimate?.mean),
                        number(estimate?.standardError), number(estimate?.low), number(estimate?.high),
                        isLead ? score.bestRank.map { "\($0)" } ?? "" : "",
                        isLead ? score.worstRank.map { "\($0)" } ?? "" : "", "\(score.scored)", "\(score.expected)",
                        beatsCopy.map { "\($0)" } ?? "",
                    ])
                }
                text += line(family.leadSignature, score.estimate, isLead: true)
                for signature in data.metrics.map(\.signature) {
                    guard let estimate = score.others[signature] else { continue }
                    text += line(signature, estimate, isLead: false)
                }
            }
        }
        return text
    }

    /// Everything that the report shows, as JSON with sorted keys.
    package static func json(_ data: ReportData) throws -> String {
        try encoded(Versioned(formatVersion: 2, report: data))
    }

    /// What was measured, as JSON with sorted keys.
    package static func json(_ measurements: Measurements) throws -> String { try encoded(measurements) }

    private static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    private struct Versioned: Encodable {
        let formatVersion: Int
        let report: ReportData
    }

    private static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return NumberText.fixed(value, decimals: 4).replacing("−", with: "-")
    }
}
