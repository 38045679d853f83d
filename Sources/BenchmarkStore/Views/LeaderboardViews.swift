extension ViewDefinition {
    static let leaderboard = ViewDefinition(
        "leaderboard", "One row for each method, family of settings and metric: the mean over documents.",
        columns: .runAndMethod + [
            ColumnDescription("family", "Family of settings, such as `summarize+translate`.")
        ] + .metric + .estimate + [
            ColumnDescription("cells_complete", "Settings of the family in which the method has all its predictions."),
            ColumnDescription("cells_expected", "Settings of the family that any method of the run has."),
        ],
        query: """
            WITH estimates AS (
                \(ClusteredMean.query(of: "document_scores", by: ["run_id", "method", "family", "metric", "signature"]))
            ),
            done AS (
                SELECT cells.run_id, cells.method_id, settings.family,
                    sum((SELECT count(*) FROM predictions WHERE cell_id = cells.id) >= cells.expected) AS complete
                FROM cells JOIN settings ON settings.id = cells.setting_id
                GROUP BY cells.run_id, cells.method_id, settings.family),
            planned AS (
                SELECT cells.run_id, settings.family, count(DISTINCT settings.id) AS expected
                FROM cells JOIN settings ON settings.id = cells.setting_id
                GROUP BY cells.run_id, settings.family)
            SELECT
                done.run_id, methods.name, methods.title, methods.family, methods.position, done.family,
                estimates.metric, estimates.signature, estimates.documents, estimates.clusters, estimates.mean,
                estimates.standard_error, done.complete, planned.expected
            FROM done
            JOIN methods ON methods.id = done.method_id
            JOIN planned ON planned.run_id = done.run_id AND planned.family = done.family
            JOIN estimates ON estimates.run_id = done.run_id AND estimates.family = done.family
                AND estimates.method = methods.name
            """)

    static let bySetting = ViewDefinition(
        "by_setting", "One row for each method, setting and metric: the mean over documents.",
        columns: .runAndMethod + [
            ColumnDescription("setting", "Setting, such as `summarize+translate/es`."),
            ColumnDescription("setting_position", "Place of the setting in tables, from 0."),
            ColumnDescription("family", "Family of the setting, such as `summarize+translate`."),
        ] + .target + .metric + .estimate + [
            ColumnDescription("predictions", "Predictions that the cell has."),
            ColumnDescription("expected", "Predictions that were planned for the cell."),
        ],
        query: """
            WITH cell_scores AS (
                SELECT predictions.cell_id, scores.metric, scores.signature, documents.cluster, scores.value
                FROM scores
                JOIN predictions ON predictions.id = scores.prediction_id
                JOIN examples ON examples.id = predictions.example_id
                JOIN documents ON documents.id = examples.document_id),
            estimates AS (
                \(ClusteredMean.query(of: "cell_scores", by: ["cell_id", "metric", "signature"]))
            )
            SELECT
                cells.run_id, methods.name, methods.title, methods.family, methods.position, settings.name,
                settings.position, settings.family, settings.target_kind, settings.target, settings.target_label,
                estimates.metric, estimates.signature, estimates.documents, estimates.clusters, estimates.mean,
                estimates.standard_error, (SELECT count(*) FROM predictions WHERE cell_id = cells.id), cells.expected
            FROM estimates
            JOIN cells ON cells.id = estimates.cell_id
            JOIN methods ON methods.id = cells.method_id
            JOIN settings ON settings.id = cells.setting_id
            """)

    static let byLanguage = byTarget(
        "by_language", kind: "language", "One row for each method, target language and metric, over compositions.")

    static let byTone = byTarget(
        "by_tone", kind: "tone", "One row for each method, target tone and metric, over compositions.")

    /// Dialogues and conversations are two strata: the mean is the mean of the main tasks' means, and SE² = Σ SE_s² / S².
    private static func byTarget(_ name: String, kind: String, _ summary: String) -> ViewDefinition {
        let source = """
            (SELECT run_id, method, method_title, method_family, method_position, main, target, target_label, metric,
                        signature, document, cluster, avg(value) AS value
                    FROM example_scores
                    WHERE target_kind = '\(kind)' AND auxiliary IS NOT NULL
                    GROUP BY run_id, method, method_title, method_family, method_position, main, target, target_label,
                        metric, signature, document, cluster)
            """
        let keys = [
            "run_id", "method", "method_title", "method_family", "method_position", "target", "target_label", "metric",
            "signature",
        ]
        return ViewDefinition(
            name, summary,
            columns: .runAndMethod + [
                ColumnDescription("target", kind == "language" ? "Code of the target language." : "Name of the target tone."),
                ColumnDescription("target_label", "The \(kind) for people."),
            ] + .metric + [
                ColumnDescription("main_tasks", "Number of main tasks (strata): `summarize`, `reply`."),
                ColumnDescription("documents", "Number of documents behind the mean."),
                ColumnDescription("clusters", "Number of clusters of near-duplicates."),
                ColumnDescription("mean", "Mean of the main tasks' means over documents, on the metric's scale."),
                ColumnDescription(
                    "standard_error", "Root of the main tasks' squared errors' sum, divided by their number; may be NULL."
                ),
            ],
            query: """
                SELECT \(keys.joined(separator: ", ")), count(*), sum(documents), sum(clusters), avg(mean),
                    CASE WHEN count(standard_error) = count(*) THEN
                        sqrt(sum(standard_error * standard_error)) / count(*)
                    END
                FROM (
                    \(ClusteredMean.query(of: source, by: keys + ["main"]))
                )
                GROUP BY \(keys.joined(separator: ", "))
                """)
    }
}
