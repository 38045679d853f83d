extension ReportPage {
    /// Every other metric, folded, with the signature of each.
    static func otherMetrics(_ data: ReportData) -> [ReportBlock] {
        guard !data.metrics.isEmpty else { return [] }
        var inside: [ReportBlock] = data.families.compactMap { family in
            let metrics = data.metrics.filter { metric in
                metric.signature != family.leadSignature
                    && family.scores.contains { $0.others[metric.signature] != nil }
            }
            guard !metrics.isEmpty else { return nil }
            return .table(metricTable(data, family, metrics))
        }
        inside.append(
            .facts(
                data.metrics.map { metric in
                    (
                        title(ofMetric: metric.name),
                        "\(metric.signature) (\(metric.scale), \(metric.direction) is better)"
                    )
                }))
        return [
            .heading(level: 2, "Other metrics"), .fold(title: "Every metric with its signature", inside),
        ]
    }

    private static func metricTable(
        _ data: ReportData, _ family: FamilyResult, _ metrics: [MetricFacts]
    ) -> ReportTable {
        // A metric in two variants needs more than its name.
        let names = Dictionary(grouping: metrics, by: \.name)
        let columns: [ReportTable.Cell] =
            [.init("Method"), .init(title(ofMetric: family.leadMetric))]
            + metrics.map { metric in
                let isAmbiguous = (names[metric.name]?.count ?? 0) > 1
                return .init(title(ofMetric: metric.name), detail: isAmbiguous ? metric.signature : "")
            }
        let rows = self.rows(data).map { method in
            let score = family.score(of: method.name)
            var cells: [ReportTable.Cell] = [.init(method.title), .init(NumberText.fixed(score?.estimate?.mean))]
            cells += metrics.map { metric in
                let mean = score?.others[metric.signature]?.mean
                return .init(NumberText.fixed(mean, decimals: metric.scale == "0-1" ? 3 : 1))
            }
            return ReportTable.Row(cells, isApart: method.isSanity)
        }
        return ReportTable(
            caption: "\(family.name): means of every metric", columns: columns, rows: rows,
            notes: [
                """
                Means over documents of scores of single answers. ROUGE without addition is the Unicode-aware variant, which \
                takes scripts without blanks by character. Classic is that of rouge_score, which sees the letters a to z and \
                digits alone: it drops accented letters, and a text in another script scores 0 even against itself. BLEU and \
                chrF++ are sentence scores here, not corpus scores.
                """
            ])
    }
}
