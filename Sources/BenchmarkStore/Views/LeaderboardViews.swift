extension ViewDefinition {
    static let leaderboard = ViewDefinition(
        "leaderboard", "One row for each method, family of settings and metric: the mean over documents.",
        columns: .runAndMethod + [
            ColumnDescription("family", "Family of settings, such as `summarize+translate`.")
        ] + .metric + .estimate + [
            ColumnDescription("cells_complete", "Settings of the family in which the method has all its predictions."),
            ColumnDescription("cells_expected", "Settings of the family that any method of the run has."),
        ],
        query: {
            let source = """
                SELECT cells.run_id, cells.method_id, settings.family, scores.metric, scores.signature,
                    examples.cluster, avg(scores.value) AS value
                FROM scores
                JOIN predictions ON predictions.id = scores.prediction_id
                JOIN cells ON cells.id = predictions.cell_id
                JOIN settings ON settings.id = cells.setting_id
                JOIN examples ON examples.id = predictions.example_id
                JOIN documents ON documents.id = examples.document_id
                GROUP BY cells.run_id, cells.method_id, settings.family, scores.metric, scores.signature,
                    examples.cluster, documents.id
                """
            let keys = ["run_id", "method_id", "family", "metric", "signature"]
            return """
                SELECT
                    estimate.run_id, methods.name, methods.title, methods.family, methods.position, estimate.family,
                    estimate.metric, estimate.signature, estimate.documents, estimate.clusters, estimate.mean,
                    estimate.standard_error,
                    (SELECT count(*) FROM cells JOIN settings ON settings.id = cells.setting_id
                        WHERE cells.run_id = estimate.run_id AND cells.method_id = estimate.method_id
                            AND settings.family = estimate.family
                            AND (SELECT count(*) FROM predictions WHERE cell_id = cells.id) >= cells.expected),
                    (SELECT count(DISTINCT cells.setting_id)
                        FROM cells JOIN settings ON settings.id = cells.setting_id
                        WHERE cells.run_id = estimate.run_id AND settings.family = estimate.family)
                FROM (
                    \(ClusteredMean.query(of: source, by: keys))
                ) AS estimate
                JOIN methods ON methods.id = estimate.method_id
                """
        }())

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
        query: {
            let source = """
                SELECT cells.run_id, cells.id AS cell_id, scores.metric, scores.signature, examples.cluster,
                    scores.value
                FROM scores
                JOIN predictions ON predictions.id = scores.prediction_id
                JOIN cells ON cells.id = predictions.cell_id
                JOIN examples ON examples.id = predictions.example_id
                JOIN documents ON documents.id = examples.document_id
                """
            return """
                SELECT
                    estimate.run_id, methods.name, methods.title, methods.family, methods.position, settings.name,
                    settings.position, settings.family, settings.target_kind, settings.target, settings.target_label,
                    estimate.metric, estimate.signature, estimate.documents, estimate.clusters, estimate.mean,
                    estimate.standard_error, (SELECT count(*) FROM predictions WHERE cell_id = cells.id), cells.expected
                FROM (
                    \(ClusteredMean.query(of: source, by: ["run_id", "cell_id", "metric", "signature"]))
                ) AS estimate
                JOIN cells ON cells.id = estimate.cell_id
                JOIN methods ON methods.id = cells.method_id
                JOIN settings ON settings.id = cells.setting_id
                """
        }())

    static let byLanguage = byTarget(
        "by_language", kind: "language", "One row for each method, target language and metric, over compositions.")

    static let byTone = byTarget(
        "by_tone", kind: "tone", "One row for each method, target tone and metric, over compositions.")

    /// Dialogues and conversations are two strata: the mean is that of the main tasks' means, and SE² = Σ SE_s² / S².
    private static func byTarget(_ name: String, kind: String, _ summary: String) -> ViewDefinition {
        let source = """
            SELECT cells.run_id, cells.method_id, settings.target, settings.target_label, scores.metric,
                scores.signature, settings.main, examples.cluster, avg(scores.value) AS value
            FROM scores
            JOIN predictions ON predictions.id = scores.prediction_id
            JOIN cells ON cells.id = predictions.cell_id
            JOIN settings ON settings.id = cells.setting_id
            JOIN examples ON examples.id = predictions.example_id
            JOIN documents ON documents.id = examples.document_id
            WHERE settings.target_kind = '\(kind)' AND settings.kind = 'composition'
            GROUP BY cells.run_id, cells.method_id, settings.target, settings.target_label, scores.metric,
                scores.signature, settings.main, examples.cluster, documents.id
            """
        let keys = ["run_id", "method_id", "target", "target_label", "metric", "signature"]
        return ViewDefinition(
            name, summary,
            columns: .runAndMethod + [
                ColumnDescription(
                    "target", kind == "language" ? "Code of the target language." : "Name of the tone."),
                ColumnDescription("target_label", "The \(kind) for people."),
            ] + .metric + [
                ColumnDescription("main_tasks", "Number of main tasks (strata): `summarize`, `reply`."),
                ColumnDescription("documents", "Number of documents behind the mean."),
                ColumnDescription("clusters", "Number of clusters of near-duplicates."),
                ColumnDescription("mean", "Mean of the main tasks' means over documents, on the metric's scale."),
                ColumnDescription(
                    "standard_error",
                    "Root of the sum of the main tasks' squared errors, over their number; NULL where one is NULL."
                ),
            ],
            query: """
                SELECT
                    estimate.run_id, methods.name, methods.title, methods.family, methods.position, estimate.target,
                    estimate.target_label, estimate.metric, estimate.signature, estimate.main_tasks, estimate.documents,
                    estimate.clusters, estimate.mean, estimate.standard_error
                FROM (
                    SELECT \(keys.joined(separator: ", ")), count(*) OVER same AS main_tasks,
                        sum(documents) OVER same AS documents, sum(clusters) OVER same AS clusters,
                        avg(mean) OVER same AS mean,
                        CASE WHEN count(standard_error) OVER same = count(*) OVER same THEN
                            sqrt(sum(standard_error * standard_error) OVER same) / count(*) OVER same
                        END AS standard_error,
                        row_number() OVER same AS number
                    FROM (
                        \(ClusteredMean.query(of: source, by: keys + ["main"]))
                    )
                    WINDOW same AS (PARTITION BY \(keys.joined(separator: ", ")))
                ) AS estimate
                JOIN methods ON methods.id = estimate.method_id
                WHERE estimate.number = 1
                """)
    }
}
