extension ReportPage {
    /// The main table, method by family, and a chart of each family.
    static func leaderboard(_ data: ReportData) -> [ReportBlock] {
        var blocks: [ReportBlock] = [.heading(level: 2, "Leaderboard")]
        guard !data.families.isEmpty, !data.methods.isEmpty else {
            return blocks + [.paragraph("This run has no cells yet.")]
        }
        blocks.append(.table(mainTable(data)))
        for (number, family) in data.families.enumerated() {
            let rows = family.scores.compactMap { score -> IntervalChart.Row? in
                guard let estimate = score.estimate, let method = data.method(score.method) else { return nil }
                // The reference scores 100 against itself and would press all others into a corner.
                if method.isSanity, method.name == "reference" { return nil }
                let label = score.isComplete ? method.title : "\(method.title) (partial)"
                return IntervalChart.Row(
                    label: label, value: estimate.mean, interval: estimate.interval,
                    isApart: method.isSanity || !score.isComplete)
            }
            guard !rows.isEmpty else { continue }
            blocks.append(
                .chart(
                    IntervalChart(
                        name: "chart-\(number + 1)", title: "\(family.name): \(title(ofMetric: family.leadMetric))",
                        rows: rows, separators: family.separators)))
        }
        return blocks
    }

    private static func mainTable(_ data: ReportData) -> ReportTable {
        let hasRecovery = !data.recovery.rates.isEmpty
        var columns: [ReportTable.Cell] = [.init("Method")]
        columns += data.families.map { .init($0.name, detail: title(ofMetric: $0.leadMetric)) }
        if hasRecovery { columns.append(.init("Recovery", detail: "% of the way to the joint expert")) }
        columns.append(.init("Kind"))
        let rows = self.rows(data).map { method in
            var cells: [ReportTable.Cell] = [.init(method.title)]
            cells += data.families.map { mainCell($0, method) }
            if hasRecovery {
                let entry = data.recovery.rates.first { $0.method == method.name }
                cells.append(
                    .init(
                        NumberText.percent(entry?.rate),
                        detail: entry.map { "\(NumberText.percent($0.low)) to \(NumberText.percent($0.high))" } ?? ""))
            }
            cells.append(.init(method.family))
            return ReportTable.Row(cells, isApart: method.isSanity)
        }
        return ReportTable(
            caption: "Mean of the lead metric by family, 95 % interval by document, and the range of possible ranks",
            columns: columns, isNumeric: columns.indices.map { $0 > 0 && $0 < columns.count - 1 }, rows: rows,
            notes: mainNotes(data))
    }

    private static func mainCell(_ family: FamilyResult, _ method: MethodFacts) -> ReportTable.Cell {
        guard let score = family.score(of: method.name) else { return .init("–") }
        guard let estimate = score.estimate else { return .init("–", detail: score.expected > 0 ? "not run" : "") }
        var details: [String] = []
        if let interval = estimate.interval { details.append(NumberText.range(interval)) }
        if !score.isComplete {
            details.append("partial \(score.scored)/\(score.expected)")
        } else if let best = score.bestRank, let worst = score.worstRank {
            details.append(best == worst ? "rank \(best)" : "rank \(best)–\(worst)")
        }
        let mark = score.beatsCopy == false ? " †" : ""
        return .init(
            NumberText.fixed(estimate.mean) + mark, detail: details.joined(separator: ", "),
            isStrong: isBest(score, in: family))
    }

    /// Everything that may be first is bold, unless that is everything.
    private static func isBest(_ score: MethodScore, in family: FamilyResult) -> Bool {
        let ranked = family.scores.filter { $0.bestRank != nil }
        return score.bestRank == 1 && ranked.contains { $0.bestRank != 1 }
    }

    private static func mainNotes(_ data: ReportData) -> [String] {
        var notes: [String] = []
        let isRanked = data.families.allSatisfy { $0.noRanks == nil }
        notes.append(
            isRanked
                ? "Rows are in the order of their mean place; where rank ranges overlap, that order means nothing."
                : "Rows are in the order of the register of methods.")
        for family in data.families {
            if let reason = family.noRanks { notes.append("No ranks for \(family.name): \(reason).") }
        }
        if isRanked {
            notes.append(
                """
                A rank range is 1 + the methods significantly better to n − the methods significantly worse (sign-flip test by \
                document, all pairs, Holm within the family, 5 %). Bold: every method that may be first, where not all may.
                """)
        }
        if data.families.contains(where: { $0.scores.contains { $0.beatsCopy == false } }) {
            notes.append(
                "† Not shown to beat a copy of the input: the interval of the paired difference is not above 0.")
        }
        if !data.progress.isComplete {
            notes.append("Partial cells are means over the answers that there are; they have no rank.")
        }
        if let absence = data.recovery.absence { notes.append("No overall column: \(absence).") }
        if !data.recovery.rates.isEmpty {
            notes.append(
                """
                Recovery: the mean over families of (method − zero-shot) / (joint expert − zero-shot) in per cent, \
                with a 95 % bootstrap interval.
                """)
        }
        notes.append(leastVisibleNote(data.families.map { ($0.name, $0.leastVisible) }))
        return notes
    }
}
