extension ViewDefinition {
    static let pairedDifferences = ViewDefinition(
        "paired_differences",
        "One row for each ordered pair of methods, family and metric: the mean difference on the same examples.",
        columns: [
            ColumnDescription("run_id", "Run; see `provenance`."),
            ColumnDescription("family", "Family of settings, such as `summarize+translate`."),
        ] + .metric + [
            ColumnDescription("method_a", "The one method."),
            ColumnDescription("method_b", "The other method; each pair stands in both orders."),
            ColumnDescription("documents", "Documents with an example that both methods answered."),
            ColumnDescription("clusters", "Number of clusters of near-duplicates; degrees of freedom are one less."),
            ColumnDescription("mean_difference", "Mean over documents of the mean of a − b over their settings."),
            ColumnDescription(
                "standard_error", "Standard error of that mean with documents clustered; NULL for under two clusters."),
        ],
        query: {
            // CROSS JOIN keeps SQLite from other orders than cells, predictions, scores, in which indices fit.
            let source = """
                SELECT a.run_id, settings.family, metrics.name AS metric, metrics.signature, name_a.name AS method_a,
                    name_b.name AS method_b, examples.cluster, avg(score_a.value - score_b.value) AS value
                FROM cells AS a
                JOIN methods AS name_a ON name_a.id = a.method_id
                JOIN settings ON settings.id = a.setting_id
                JOIN cells AS b ON b.run_id = a.run_id AND b.setting_id = a.setting_id AND b.method_id <> a.method_id
                JOIN methods AS name_b ON name_b.id = b.method_id
                CROSS JOIN predictions AS answer_a
                JOIN examples ON examples.id = answer_a.example_id
                JOIN documents ON documents.id = examples.document_id
                CROSS JOIN predictions AS answer_b
                CROSS JOIN prediction_scores AS score_a
                CROSS JOIN prediction_scores AS score_b
                JOIN metrics ON metrics.id = score_a.metric_id
                WHERE answer_a.cell_id = a.id AND answer_b.cell_id = b.id AND answer_b.example_id = examples.id
                    AND score_a.prediction_id = answer_a.id AND score_b.prediction_id = answer_b.id
                    AND score_b.metric_id = score_a.metric_id
                GROUP BY a.run_id, settings.family, metrics.name, metrics.signature, name_a.name, name_b.name,
                    examples.cluster, documents.id
                """
            return ClusteredMean.query(
                of: source, by: ["run_id", "family", "metric", "signature", "method_a", "method_b"])
        }())

    static let efficiency = ViewDefinition(
        "efficiency", "One row for each method of a run: what it costs, as means over its compositions.",
        columns: .runAndMethod + [
            ColumnDescription("cells", "Number of settings the means are over."),
            ColumnDescription(
                "extra_parameters", "Parameters beyond the base model and the single-task adapters, for a setting."),
            ColumnDescription("percent_of_base", "Those parameters as a percentage of the base model's."),
            ColumnDescription("composition_bytes", "Bytes to store for a setting."),
            ColumnDescription("passes", "Generations for one answer."),
            ColumnDescription(
                "training_tokens", "Tokens of compositional data trained on for a setting, without validation."),
            ColumnDescription("training_seconds", "Time of that training for a setting."),
            ColumnDescription(
                "search_evaluations", "Sets of parameters tried for a setting; a search counts once for all it serves."),
            ColumnDescription("search_tokens", "Tokens that the model read in those searches, for a setting."),
            ColumnDescription("search_seconds", "Time of those searches for a setting."),
            ColumnDescription("seconds_per_example", "Time for an answer; NULL before the first prediction."),
            ColumnDescription("generated_tokens", "Tokens written for an answer; NULL before the first prediction."),
        ],
        query: """
            SELECT
                cells.run_id, methods.name, methods.title, methods.family, methods.position, count(*),
                avg(cells.extra_parameters), 100.0 * avg(cells.extra_parameters) / nullif(models.parameters, 0),
                avg(cells.composition_bytes), avg(cells.passes), avg(cells.training_tokens),
                avg(cells.training_seconds), coalesce(1.0 * search.evaluations / count(*), 0.0),
                coalesce(1.0 * search.tokens / count(*), 0.0), coalesce(search.seconds / count(*), 0.0),
                sum(work.seconds) / nullif(sum(work.predictions), 0),
                1.0 * sum(work.generated_tokens) / nullif(sum(work.predictions), 0)
            FROM cells
            JOIN runs ON runs.id = cells.run_id
            JOIN models ON models.id = runs.model_id
            JOIN methods ON methods.id = cells.method_id
            LEFT JOIN (
                \(StandingsQuery.totals)
            ) AS work ON work.cell_id = cells.id
            LEFT JOIN (
                \(searchWorkOfMethods)
            ) AS search ON search.run_id = cells.run_id AND search.method_id = cells.method_id
            GROUP BY cells.run_id, methods.name, methods.title, methods.family, methods.position, models.parameters,
                search.evaluations, search.tokens, search.seconds
            """)
}
