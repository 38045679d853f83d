import TextMetrics

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
                let isJudged = target.isLanguageJudged != false
                if hasConditional {
                    cells.append(.init(isJudged ? NumberText.fixed(score?.conditional?.mean) : "not judged"))
                }
                if hasLanguage {
                    cells.append(.init(isJudged ? NumberText.percent(score?.rightLanguage?.mean) : "not judged"))
                }
            }
            return ReportTable.Row(cells, isApart: method.isSanity)
        }
        let hasIntervals = family.targets.contains { target in
            target.scores.contains { $0.estimate?.interval != nil }
        }
        var notes = hasIntervals ? ["± is half of the 95 % interval by document."] : []
        if hasConditional {
            notes.append("Conditional: the same mean with 0 where the answer is in the wrong language.")
        }
        if kind == "tone", hasLanguage {
            notes.append("The right language of a rewritten answer is that of its source.")
        }
        notes += documentNotes(family) + languageNotes(data, family)
        notes.append(leastVisibleNote(family.targets.map { ($0.label, $0.leastVisible) }))
        return ReportTable(
            caption: "\(family.name): \(metric) by \(kind)", columns: columns, rows: rows, notes: notes)
    }

    /// How many documents each target has, where that is not the same or too few.
    private static func documentNotes(_ family: FamilyResult) -> [String] {
        let counts = family.targets.map(\.documents)
        let fewest = LeastVisibleDifference.fewestDocuments
        let isFew = counts.contains { $0 < fewest }
        guard Set(counts).count > 1 || isFew else { return [] }
        let list = family.targets.map { "\($0.label) \($0.documents)" }.joined(separator: ", ")
        var note = "Test documents: \(list)."
        if isFew { note += " With fewer than \(fewest) no difference can be significant." }
        if Set(counts).count > 1 {
            note += " The family's mean takes each document's mean over the targets that it has."
        }
        return [note]
    }

    /// What the language check can and cannot say about these targets.
    private static func languageNotes(_ data: ReportData, _ family: FamilyResult) -> [String] {
        guard family.scores.contains(where: { $0.estimate != nil }) else { return [] }
        var notes: [String] = []
        let check = data.metrics.first { $0.name == Comparison.languageMetric }
        guard let check else {
            return ["The language of answers was not judged: it needs enough training text in two languages."]
        }
        let names = { (targets: [TargetResult]) in
            targets.map { $0.label == $0.target ? $0.label : "\($0.label) (\($0.target))" }.joined(separator: ", ")
        }
        let unknown = family.targets.filter { $0.isLanguageJudged == false }
        if !unknown.isEmpty {
            notes.append(
                """
                Not judged by language, for want of training text to tell it by: \(names(unknown)). These answers keep their \
                scores in the family's conditional mean.
                """)
        }
        if family.targetKind == "language" {
            let judged = Dictionary(grouping: family.targets.filter { $0.isLanguageJudged == true }) {
                $0.language ?? ""
            }
            for (language, targets) in judged.sorted(by: { $0.key < $1.key }) where targets.count > 1 {
                notes.append("\(names(targets)) are one language to the language check, \(language).")
            }
            if let known = Comparison.languages(ofCheck: check.signature) {
                notes.append(
                    """
                    The language check chooses among \(known.joined(separator: ", ")); an answer in another language counts as \
                    the nearest of these.
                    """)
            }
        }
        return notes
    }
}
