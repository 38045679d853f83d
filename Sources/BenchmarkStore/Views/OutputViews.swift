extension ViewDefinition {
    static let outputs = ViewDefinition(
        "outputs", "One row for each prediction, with all that it answers to.",
        columns: .runAndMethod + .setting + .document + .question + [
            ColumnDescription("output", "What the method answered."),
            ColumnDescription("intermediate", "First of two passes; NULL otherwise."),
            ColumnDescription("prompt_tokens", "Tokens read, over all passes."),
            ColumnDescription("generated_tokens", "Tokens written, over all passes."),
            ColumnDescription("finish", "`stop`, `length` (the limit was reached) or `none` (nothing was generated)."),
            ColumnDescription("seconds", "Time charged to this example."),
            ColumnDescription("prediction_id", "Number of the prediction."),
            ColumnDescription("example_id", "Number of the example; the same for all methods."),
        ],
        query: """
            SELECT
                \(methodColumns), \(settingColumns), \(documentColumns), \(questionColumns), predictions.text,
                predictions.intermediate, predictions.prompt_tokens, predictions.generated_tokens, predictions.finish,
                predictions.seconds, predictions.id, examples.id
            FROM predictions
            \(joinsOfPredictions)
            JOIN corpora ON corpora.id = documents.corpus_id
            """)

    static let exampleOutputs = ViewDefinition(
        "example_outputs", "One row for each example of a run, with the answers of all its methods side by side.",
        columns: [ColumnDescription("run_id", "Run; see `provenance`.")] + .setting + .document + .question + [
            ColumnDescription("methods", "Number of methods that have answered."),
            ColumnDescription(
                "outputs", "The answers as a JSON object; `outputs ->> 'linear'` is that of the method `linear`."),
            ColumnDescription("example_id", "Number of the example."),
        ],
        query: """
            SELECT
                answered.run_id, \(settingColumns), \(documentColumns), \(questionColumns), answered.methods,
                (SELECT json_group_object(name, text) FROM (
                    SELECT methods.name, predictions.text
                    FROM cells
                    JOIN predictions ON predictions.cell_id = cells.id
                    JOIN methods ON methods.id = cells.method_id
                    WHERE cells.run_id = answered.run_id AND cells.setting_id = answered.setting_id
                        AND predictions.example_id = answered.example_id
                    ORDER BY methods.position, methods.name) AS answers),
                examples.id
            FROM (
                SELECT cells.run_id, cells.setting_id, predictions.example_id, count(*) AS methods
                FROM cells
                JOIN predictions ON predictions.cell_id = cells.id
                GROUP BY cells.run_id, cells.setting_id, predictions.example_id
            ) AS answered
            JOIN settings ON settings.id = answered.setting_id
            JOIN examples ON examples.id = answered.example_id
            JOIN documents ON documents.id = examples.document_id
            JOIN corpora ON corpora.id = documents.corpus_id
            """)

    static let exampleScores = ViewDefinition(
        "example_scores", "One row for each score of a prediction, with the keys of `outputs` but no texts.",
        columns: .runAndMethod + .setting + .document + [
            ColumnDescription("prediction_id", "Number of the prediction."),
            ColumnDescription("example_id", "Number of the example; the same for all methods."),
        ] + .metric + [ColumnDescription("value", "The score on the metric's scale.")],
        query: """
            SELECT
                \(methodColumns), \(settingColumns), \(documentColumns), predictions.id, examples.id, metrics.name,
                metrics.signature, prediction_scores.value
            FROM prediction_scores
            JOIN predictions ON predictions.id = prediction_scores.prediction_id
            \(joinsOfPredictions)
            JOIN corpora ON corpora.id = documents.corpus_id
            JOIN metrics ON metrics.id = prediction_scores.metric_id
            """)

    static let scores = ViewDefinition(
        "scores", "One row for each metric of each prediction.",
        columns: [ColumnDescription("prediction_id", "Number of the prediction.")] + .metric + [
            ColumnDescription("value", "The score on the metric's scale.")
        ],
        query: """
            SELECT prediction_scores.prediction_id, metrics.name, metrics.signature, prediction_scores.value
            FROM prediction_scores
            JOIN metrics ON metrics.id = prediction_scores.metric_id
            """)

    static let documentScores = ViewDefinition(
        "document_scores",
        "One row for each document and family of settings: the number that all statistics start from.",
        columns: [
            ColumnDescription("run_id", "Run; see `provenance`."),
            ColumnDescription("method", "Registered name of the method, unique in the run."),
            ColumnDescription("family", "Family of settings, such as `summarize+translate`."),
        ] + .metric + [
            ColumnDescription("document", "Number of the document."),
            ColumnDescription("cluster", "The document's cluster of near-duplicates."),
            ColumnDescription("settings", "Number of settings of the family in which the document was scored."),
            ColumnDescription("value", "Mean of the score over those settings."),
        ],
        query: """
            SELECT
                cells.run_id, methods.name, settings.family, metrics.name, metrics.signature, documents.id,
                examples.cluster, count(*), avg(prediction_scores.value)
            FROM prediction_scores
            JOIN predictions ON predictions.id = prediction_scores.prediction_id
            \(joinsOfPredictions)
            JOIN metrics ON metrics.id = prediction_scores.metric_id
            GROUP BY cells.run_id, methods.name, settings.family, metrics.name, metrics.signature, documents.id,
                examples.cluster
            """)

    // What stands behind `.runAndMethod`, `.setting`, `.document` and `.question`, in the same order.
    private static let methodColumns =
        "cells.run_id, methods.name, methods.title, methods.family, methods.position"
    private static let settingColumns = """
        settings.name, settings.family, settings.main, settings.auxiliary, settings.target_kind, settings.target,
                settings.target_label
        """
    private static let documentColumns = "examples.split, corpora.name, documents.id, examples.cluster, documents.key"
    private static let questionColumns = """
        documents.topic, examples.input, settings.instruction, examples.reference, examples.reference_origin
        """

    private static let joinsOfPredictions = """
        JOIN cells ON cells.id = predictions.cell_id
        JOIN methods ON methods.id = cells.method_id
        JOIN settings ON settings.id = cells.setting_id
        JOIN examples ON examples.id = predictions.example_id
        JOIN documents ON documents.id = examples.document_id
        """
}
