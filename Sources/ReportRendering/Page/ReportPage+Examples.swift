extension ReportPage {
    /// Answers side by side, a fold for each setting.
    static func examples(_ data: ReportData) -> [ReportBlock] {
        guard !data.examples.isEmpty else { return [] }
        let folds = data.settings.compactMap { setting -> ReportBlock? in
            let groups = data.examples.filter { $0.setting == setting.name }
            guard !groups.isEmpty else { return nil }
            return .fold(title: setting.name, groups.flatMap { example(data, $0) })
        }
        return [
            .heading(level: 2, "Examples"),
            .paragraph(
                """
                Answers as the methods gave them, not chosen: the first test documents by name among those that most methods \
                have answered. Control characters are shown as signs.
                """),
        ] + folds
    }

    private static func example(_ data: ReportData, _ group: ExampleGroup) -> [ReportBlock] {
        let source = data.sourceLanguage
        let setting = data.settings.first { $0.name == group.setting }
        let target = setting?.targetKind == "language" ? setting?.target : source
        var blocks: [ReportBlock] = [
            .heading(level: 3, group.document),
            .verbatim(label: "Input", group.input, language: source),
            .verbatim(label: "Instruction", group.instruction),
            .verbatim(label: "Reference (\(writer(group.referenceOrigin)))", group.reference, language: target),
        ]
        for (place, reference) in group.furtherReferences.enumerated() {
            let label = "Reference \(place + 2) (\(writer(reference.origin)))"
            blocks.append(.verbatim(label: label, reference.text, language: target))
        }
        for answer in group.answers {
            let title = data.method(answer.method)?.title ?? answer.method
            if let intermediate = answer.intermediate {
                blocks.append(.verbatim(label: "\(title), first pass", intermediate, language: source))
            }
            var label = title
            if answer.finish == "length" { label += " (cut at the token limit)" }
            if answer.output.isEmpty { label += " (empty)" }
            blocks.append(.verbatim(label: label, answer.output, language: target))
        }
        return blocks
    }
}
