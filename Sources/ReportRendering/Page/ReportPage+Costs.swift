extension ReportPage {
    /// What the methods cost.
    static func costs(_ data: ReportData) -> [ReportBlock] {
        let searches = data.costs.contains { $0.searchEvaluations ?? 0 > 0 }
        let rows = data.order.compactMap { data.method($0) }.compactMap { method -> ReportTable.Row? in
            guard let cost = data.costs.first(where: { $0.method == method.name }) else { return nil }
            let search: [ReportTable.Cell] = [
                .init(NumberText.fixed(cost.searchEvaluations)), .init(whole(cost.searchTokens)),
            ]
            let training: [ReportTable.Cell] = [
                .init(method.title), .init(whole(cost.extraParameters)),
                .init(NumberText.fixed(cost.percentOfBase, decimals: 3)),
                .init(cost.compositionBytes.flatMap { Int(exactly: $0.rounded()) }.map(NumberText.bytes) ?? "–"),
                .init(NumberText.fixed(cost.passes, decimals: cost.passes?.rounded() == cost.passes ? 0 : 1)),
                .init(whole(cost.trainingTokens)),
            ]
            return ReportTable.Row(
                training + (searches ? search : []) + [.init(NumberText.fixed(cost.generatedTokens))])
        }
        guard !rows.isEmpty else { return [] }
        let searchColumns: [ReportTable.Cell] =
            searches ? [.init("Search evaluations"), .init("Search tokens")] : []
        let searchNote =
            searches
            ? [
                """
                Searches tried sets of parameters on training or validation examples; one that serves several \
                settings is counted once and divided among them.
                """
            ] : []
        return [
            .heading(level: 2, "Costs"),
            .table(
                ReportTable(
                    caption: "What each method costs for one composition, as means over its settings",
                    columns: [
                        .init("Method"), .init("Extra parameters"), .init("% of base"), .init("Bytes to store"),
                        .init("Passes"), .init("Training tokens"),
                    ] + searchColumns + [.init("Tokens an example")], rows: rows,
                    notes: [
                        """
                        Extra parameters are those beyond the base model and the single-task adapters. Training is that of the \
                        updates; looks at validation examples come on top. Times are in \(ReportWriter.measurementsName), since \
                        they differ from machine to machine.
                        """
                    ] + searchNote)),
        ]
    }

    private static func whole(_ value: Double?) -> String {
        value.flatMap { Int(exactly: $0.rounded()) }.map(NumberText.count) ?? "–"
    }
}
