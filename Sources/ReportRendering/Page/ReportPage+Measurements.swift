extension ReportPage {
    /// The page of what was measured while a run was made.
    package init(_ measurements: Measurements, of data: ReportData, title: String? = nil) {
        self.title = "Braid measurements: \(title ?? data.run.profileName)"
        let rows = measurements.times.map { times in
            ReportTable.Row([
                .init(data.method(times.method)?.title ?? times.method), .init(NumberText.fixed(times.trainingSeconds)),
                .init(NumberText.fixed(times.searchSeconds)),
                .init(NumberText.fixed(times.secondsPerExample, decimals: 3)),
            ])
        }
        blocks = [
            .paragraph(
                """
                What differs each time the run is made: all other files of this folder are the same byte for byte, \
                whatever the number of threads, batches and interruptions.
                """),
            .facts([
                ("Run", data.run.key),
                ("Commit", measurements.commit.isEmpty ? "unknown" : measurements.commit),
                (
                    "Machine",
                    "\(measurements.cpu), \(Self.count(measurements.threads, "thread")), \(measurements.system)"
                ),
                ("Machine details", measurements.machine),
                ("Started", measurements.startedAt),
                ("Finished", measurements.finishedAt ?? "not yet"),
            ]),
            .table(
                ReportTable(
                    caption: "Seconds for one composition, as means over a method's settings",
                    columns: [
                        .init("Method"), .init("Training"), .init("Search"), .init("An answer"),
                    ], rows: rows,
                    notes: ["Wall-clock times, with whatever else the machine did; answers are made in batches."])),
        ]
    }
}
