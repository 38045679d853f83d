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
            let source = """
                (SELECT a.run_id, a.family, a.metric, a.signature, a.method AS method_a, b.method AS method_b, a.document,
                            a.cluster, avg(a.value - b.value) AS value
                        FROM example_scores AS a
                        JOIN example_scores AS b ON b.example_id = a.example_id AND b.run_id = a.run_id
                            AND b.signature = a.signature AND b.method <> a.method
                        GROUP BY a.run_id, a.family, a.metric, a.signature, a.method, b.method, a.document, a.cluster)
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
            ColumnDescription("training_tokens", "Tokens of compositional data trained on for a setting."),
            ColumnDescription("training_seconds", "Time of that training for a setting."),
            ColumnDescription("seconds_per_example", "Time for an answer; NULL before the first prediction."),
            ColumnDescription("generated_tokens", "Tokens written for an answer; NULL before the first prediction."),
        ],
        query: """
            SELECT
                cells.run_id, methods.name, methods.title, methods.family, methods.position, count(*),
                avg(cells.extra_parameters), 100.0 * avg(cells.extra_parameters) / nullif(models.parameters, 0),
                avg(cells.composition_bytes), avg(cells.passes), avg(cells.training_tokens),
                avg(cells.training_seconds), sum(work.seconds) / sum(work.predictions),
                1.0 * sum(work.tokens) / sum(work.predictions)
            FROM cells
            JOIN runs ON runs.id = cells.run_id
            JOIN models ON models.id = runs.model_id
            JOIN methods ON methods.id = cells.method_id
            LEFT JOIN (
                SELECT cell_id, count(*) AS predictions, sum(seconds) AS seconds, sum(generated_tokens) AS tokens
                FROM predictions GROUP BY cell_id
            ) AS work ON work.cell_id = cells.id
            GROUP BY cells.run_id, methods.id
            """)
}
