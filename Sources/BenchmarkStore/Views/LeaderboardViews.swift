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
            SELECT
                estimate.run_id, methods.name, methods.title, methods.family, methods.position, settings.family,
                metrics.name, metrics.signature, estimate.documents, estimate.clusters, estimate.mean,
                estimate.standard_error, complete.cells, planned.settings
            FROM (
                \(StandingsQuery.query(.family))
            ) AS estimate
            JOIN cells ON cells.id = estimate.cell_id
            JOIN methods ON methods.id = cells.method_id
            JOIN settings ON settings.id = cells.setting_id
            JOIN metrics ON metrics.id = estimate.metric_id
            JOIN (
                SELECT cells.run_id, cells.method_id, settings.family,
                    sum(coalesce(totals.predictions, 0) >= cells.expected) AS cells
                FROM cells
                JOIN settings ON settings.id = cells.setting_id
                LEFT JOIN (
                    \(StandingsQuery.totals)
                ) AS totals ON totals.cell_id = cells.id
                GROUP BY cells.run_id, cells.method_id, settings.family
            ) AS complete ON complete.run_id = cells.run_id AND complete.method_id = cells.method_id
                AND complete.family = settings.family
            JOIN (
                SELECT cells.run_id, settings.family, count(DISTINCT cells.setting_id) AS settings
                FROM cells JOIN settings ON settings.id = cells.setting_id
                GROUP BY cells.run_id, settings.family
            ) AS planned ON planned.run_id = cells.run_id AND planned.family = settings.family
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
            SELECT
                estimate.run_id, methods.name, methods.title, methods.family, methods.position, settings.name,
                settings.position, settings.family, settings.target_kind, settings.target, settings.target_label,
                metrics.name, metrics.signature, estimate.documents, estimate.clusters, estimate.mean,
                estimate.standard_error, totals.predictions, cells.expected
            FROM (
                \(StandingsQuery.query(.setting))
            ) AS estimate
            JOIN cells ON cells.id = estimate.cell_id
            JOIN methods ON methods.id = cells.method_id
            JOIN settings ON settings.id = cells.setting_id
            JOIN metrics ON metrics.id = estimate.metric_id
            JOIN (
                \(StandingsQuery.totals)
            ) AS totals ON totals.cell_id = cells.id
            """)

    static let byLanguage = byTarget(
        "by_language", kind: "language", "One row for each method, target language and metric, over compositions.")

    static let byTone = byTarget(
        "by_tone", kind: "tone", "One row for each method, target tone and metric, over compositions.")

    /// Dialogues and conversations are two strata: the mean is that of the main tasks' means, and SE² = Σ SE_s² / S².
    private static func byTarget(_ name: String, kind: String, _ summary: String) -> ViewDefinition {
        let keys = ["run_id", "method_id", "target", "target_label", "metric_id"].joined(separator: ", ")
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
                    estimate.target_label, metrics.name, metrics.signature, estimate.main_tasks, estimate.documents,
                    estimate.clusters, estimate.mean, estimate.standard_error
                FROM (
                    SELECT \(keys), count(*) OVER same AS main_tasks,
                        sum(documents) OVER same AS documents, sum(clusters) OVER same AS clusters,
                        avg(mean) OVER same AS mean,
                        CASE WHEN count(standard_error) OVER same = count(*) OVER same THEN
                            sqrt(sum(standard_error * standard_error) OVER same) / count(*) OVER same
                        END AS standard_error,
                        row_number() OVER same AS number
                    FROM (
                        SELECT stratum.run_id, cells.method_id, settings.target, settings.target_label,
                            stratum.metric_id, stratum.documents, stratum.clusters, stratum.mean, stratum.standard_error
                        FROM (
                            \(StandingsQuery.query(.target))
                        ) AS stratum
                        JOIN cells ON cells.id = stratum.cell_id
                        JOIN settings ON settings.id = cells.setting_id
                        WHERE settings.target_kind = '\(kind)'
                    ) AS strata
                    WINDOW same AS (PARTITION BY \(keys))
                ) AS estimate
                JOIN methods ON methods.id = estimate.method_id
                JOIN metrics ON metrics.id = estimate.metric_id
                WHERE estimate.number = 1
                """)
    }
}
