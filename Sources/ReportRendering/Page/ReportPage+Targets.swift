extension ReportPage {
    /// Method by language and method by tone, a table a family.
    static func targets(_ data: ReportData) -> [ReportBlock] {
        let kinds = [("language", "By language"), ("tone", "By tone")]
        return kinds.flatMap { kind, heading -> [ReportBlock] in
            let families = data.families.filter { $0.targetKind == kind && !$0.targets.isEmpty }
            guard !families.isEmpty else { return [] }
            return [.heading(level: 2, heading)] + families.map { .table(targetTable(data, $0, kind: kind)) }
        }
    }

    private static func targetTable(_ data: ReportData, _ family: FamilyResult, kind: String) -> ReportTable {
        let hasLanguage = family.scores.contains { $0.rightLanguage != nil }
        let hasConditional = family.scores.contains { $0.conditional != nil }
        let metric = title(ofMetric: family.leadMetric)
        var columns: [ReportTable.Cell] = [.init("Method")]
        for target in family.targets {
            columns.append(.init(target.label, detail: metric))
            if hasConditional { columns.append(.init(target.label, detail: "conditional")) }
            if hasLanguage { columns.append(.init(target.label, detail: "right language, %")) }
        }
        let rows = self.rows(data).map { method in
            var cells: [ReportTable.Cell] = [.init(method.title)]
            for target in family.targets {
                let score = target.score(of: method.name)
                let isPartial = score.map { !$0.isComplete && $0.estimate != nil } ?? false
                cells.append(
                    .init(
                        short(score?.estimate),
                        detail: isPartial ? "partial \(score?.scored ?? 0)/\(score?.expected ?? 0)" : ""))
                if hasConditional { cells.append(.init(NumberText.fixed(score?.conditional?.mean))) }
                if hasLanguage { cells.append(.init(NumberText.percent(score?.rightLanguage?.mean))) }
            }
            return ReportTable.Row(cells, isApart: method.isSanity)
        }
        var notes = ["± is half of the 95 % interval by document."]
        if hasConditional {
            notes.append("Conditional: the same mean with 0 where the answer is in the wrong language.")
        }
        if kind == "tone", hasLanguage {
            notes.append("The right language of a rewritten answer is that of its source.")
        }
        notes.append(leastVisibleNote(family.targets.map { ($0.label, $0.leastVisible) }))
        return ReportTable(
            caption: "\(family.name): \(metric) by \(kind)", columns: columns, rows: rows, notes: notes)
    }
}
