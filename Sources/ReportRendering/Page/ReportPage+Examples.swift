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
        var blocks: [ReportBlock] = [
            .heading(level: 3, group.document),
            .verbatim(label: "Input", group.input),
            .verbatim(label: "Instruction", group.instruction),
            .verbatim(label: "Reference (\(writer(group.referenceOrigin)))", group.reference),
        ]
        for answer in group.answers {
            let title = data.method(answer.method)?.title ?? answer.method
            if let intermediate = answer.intermediate {
                blocks.append(.verbatim(label: "\(title), first pass", intermediate))
            }
            var label = title
            if answer.finish == "length" { label += " (cut at the token limit)" }
            if answer.output.isEmpty { label += " (empty)" }
            blocks.append(.verbatim(label: label, answer.output))
        }
        return blocks
    }

    /// Who wrote a reference, in words.
    static func writer(_ origin: String) -> String {
        switch origin {
        case "project": "written for this project"
        case "person": "written by a person"
        default: origin.hasPrefix("model:") ? "written by the model \(origin.dropFirst(6))" : origin
        }
    }
}
