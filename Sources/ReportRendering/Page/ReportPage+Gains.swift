extension ReportPage {
    /// What the learned calibrations gain over plain merges.
    static func gains(_ data: ReportData) -> [ReportBlock] {
        let tables = data.gains.filter { !$0.rows.isEmpty }.map { gain in
            ReportBlock.table(
                ReportTable(
                    caption: "\(gain.family): gain in \(title(ofMetric: gain.metric)), paired by document",
                    columns: [
                        .init("Calibration"), .init("against"), .init("Difference"), .init("95 % interval"), .init("p"),
                        .init("p, Holm"),
                    ], isNumeric: [false, false, true, true, true, true],
                    rows: gain.rows.map { gainRow(data, $0) },
                    notes: [
                        """
                        Difference: mean over documents of calibration − merge. p: sign-flip test by document, two-sided; Holm \
                        over the comparisons of this table. The best merge was chosen on the same documents, so the comparison with it errs on the careful side.
                        """,
                        leastVisibleNote(
                            data.families.filter { $0.name == gain.family }.map { ($0.name, $0.leastVisible) }),
                    ]))
        }
        guard !tables.isEmpty else { return [] }
        return [.heading(level: 2, "What calibration gains")] + tables
    }

    private static func gainRow(_ data: ReportData, _ row: GainEntry) -> ReportTable.Row {
        let merge = data.method(row.merge)?.title ?? row.merge
        return ReportTable.Row([
            .init(data.method(row.calibration)?.title ?? row.calibration),
            .init(row.isBestMerge ? "\(merge) (best)" : merge), .init(NumberText.signed(row.difference.mean)),
            .init(NumberText.range(row.difference.interval, signed: true)), .init(NumberText.probability(row.p)),
            .init(NumberText.probability(row.corrected)),
        ])
    }
}
