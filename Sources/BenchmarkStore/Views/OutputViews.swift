extension ViewDefinition {
    static let outputs = ViewDefinition(
        "outputs", "One row for each prediction, with all that it answers to.",
        columns: .runAndMethod + [
            ColumnDescription("setting", "Setting, such as `summarize+translate/es`."),
            ColumnDescription("family", "Family of the setting, such as `summarize+translate`."),
            ColumnDescription("main", "Main task."),
            ColumnDescription("auxiliary", "Auxiliary task with its target; NULL for a single task."),
        ] + .target + [
            ColumnDescription("split", "`train`, `validation` or `test`."),
            ColumnDescription("corpus", "Name of the document's corpus."),
            ColumnDescription("document", "Number of the document."),
            ColumnDescription("cluster", "The document's cluster of near-duplicates."),
            ColumnDescription("document_key", "Name of the document in its corpus."),
            ColumnDescription("topic", "Topic of the document."),
            ColumnDescription("input", "Input of the example."),
            ColumnDescription("instruction", "Instruction that follows the input in the prompt."),
            ColumnDescription("reference", "Reference answer."),
            ColumnDescription("reference_origin", "Who wrote the reference: `project`, `person` or `model:<name>`."),
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
                cells.run_id, methods.name, methods.title, methods.family, methods.position, settings.name,
                settings.family, settings.main, settings.auxiliary, settings.target_kind, settings.target,
                settings.target_label, examples.split, corpora.name, documents.id, examples.cluster, documents.key,
                documents.topic, examples.input, settings.instruction, examples.reference, examples.reference_origin,
                predictions.text, predictions.intermediate, predictions.prompt_tokens, predictions.generated_tokens,
                predictions.finish, predictions.seconds, predictions.id, examples.id
            FROM predictions
            JOIN cells ON cells.id = predictions.cell_id
            JOIN methods ON methods.id = cells.method_id
            JOIN settings ON settings.id = cells.setting_id
            JOIN examples ON examples.id = predictions.example_id
            JOIN documents ON documents.id = examples.document_id
            JOIN corpora ON corpora.id = documents.corpus_id
            """)

    static let exampleScores = ViewDefinition(
        "example_scores", "One row for each score of a prediction, with the keys of `outputs` but no texts.",
        columns: .runAndMethod + [
            ColumnDescription("setting", "Setting, such as `summarize+translate/es`."),
            ColumnDescription("family", "Family of the setting, such as `summarize+translate`."),
            ColumnDescription("main", "Main task."),
            ColumnDescription("auxiliary", "Auxiliary task with its target; NULL for a single task."),
        ] + .target + [
            ColumnDescription("split", "`train`, `validation` or `test`."),
            ColumnDescription("corpus", "Name of the document's corpus."),
            ColumnDescription("document", "Number of the document."),
            ColumnDescription("cluster", "The document's cluster of near-duplicates."),
            ColumnDescription("document_key", "Name of the document in its corpus."),
            ColumnDescription("prediction_id", "Number of the prediction."),
            ColumnDescription("example_id", "Number of the example; the same for all methods."),
        ] + .metric + [ColumnDescription("value", "The score on the metric's scale.")],
        query: """
            SELECT
                cells.run_id, methods.name, methods.title, methods.family, methods.position, settings.name,
                settings.family, settings.main, settings.auxiliary, settings.target_kind, settings.target,
                settings.target_label, examples.split, corpora.name, documents.id, examples.cluster, documents.key,
                predictions.id, examples.id, scores.metric, scores.signature, scores.value
            FROM scores
            JOIN predictions ON predictions.id = scores.prediction_id
            JOIN cells ON cells.id = predictions.cell_id
            JOIN methods ON methods.id = cells.method_id
            JOIN settings ON settings.id = cells.setting_id
            JOIN examples ON examples.id = predictions.example_id
            JOIN documents ON documents.id = examples.document_id
            JOIN corpora ON corpora.id = documents.corpus_id
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
                cells.run_id, methods.name, settings.family, scores.metric, scores.signature, documents.id,
                examples.cluster, count(*), avg(scores.value)
            FROM scores
            JOIN predictions ON predictions.id = scores.prediction_id
            JOIN cells ON cells.id = predictions.cell_id
            JOIN methods ON methods.id = cells.method_id
            JOIN settings ON settings.id = cells.setting_id
            JOIN examples ON examples.id = predictions.example_id
            JOIN documents ON documents.id = examples.document_id
            GROUP BY cells.run_id, methods.name, settings.family, scores.metric, scores.signature, documents.id,
                examples.cluster
            """)
}
