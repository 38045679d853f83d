extension ReportPage {
    /// What was asked, of which model, on how many documents, and how far it is.
    static func headline(_ data: ReportData) -> [ReportBlock] {
        let run = data.run
        let progress = data.progress
        var blocks: [ReportBlock] = [
            .paragraph(
                """
                One prompt asks a small language model for two tasks at once, such as a summary of a dialogue in another \
                language. Single-task adapters exist for each half. A method turns them into something that does both; \
                this page compares the methods.
                """),
            .facts([
                ("Model", run.model.name),
                ("Profile", run.profileName),
                ("Settings", NumberText.count(data.settings.count)),
                ("Test documents", documents(data)),
                ("References", referenceSummary(data)),
                ("Status", status(progress)),
            ]),
        ]
        if !progress.isComplete, !progress.missing.isEmpty {
            blocks.append(.fold(title: "Missing cells (\(progress.missing.count))", [missing(data)]))
        }
        return blocks
    }

    private static func documents(_ data: ReportData) -> String {
        let byFamily = data.families.map { "\($0.name) \($0.documents)" }.joined(separator: ", ")
        let total = NumberText.count(data.progress.documents)
        return data.families.isEmpty ? total : "\(total) (\(byFamily))"
    }

    static func status(_ progress: ReportProgress) -> String {
        guard progress.methods > 0 else { return "empty: nothing is planned yet" }
        let methods = "\(progress.methodsDone) of \(progress.methods) methods done"
        let answers = "\(NumberText.count(progress.predictions)) of \(NumberText.count(progress.expected)) answers"
        guard !progress.isComplete else { return "complete: \(methods), \(answers)" }
        return "partial: \(methods), \(answers), \(count(progress.missing.count, "cell")) incomplete"
    }

    private static func missing(_ data: ReportData) -> ReportBlock {
        .table(
            ReportTable(
                caption: "Cells without all their scored answers",
                columns: [.init("Method"), .init("Setting"), .init("Scored"), .init("Planned")],
                isNumeric: [false, false, true, true],
                rows: data.progress.missing.map { cell in
                    ReportTable.Row([
                        .init(data.method(cell.method)?.title ?? cell.method), .init(cell.setting),
                        .init(NumberText.count(cell.complete)), .init(NumberText.count(cell.expected)),
                    ])
                }))
    }
}
