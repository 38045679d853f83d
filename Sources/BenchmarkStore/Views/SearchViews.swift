extension ViewDefinition {
    static let chosenParameters = ViewDefinition(
        "chosen_parameters",
        "One row for each cell whose parameters were searched: what was chosen, and what the search cost.",
        columns: .runAndMethod + [
            ColumnDescription("setting", "Setting, such as `summarize+translate/es`."),
            ColumnDescription("setting_position", "Place of the setting in tables, from 0."),
            ColumnDescription("search_id", "Number of the search; its evaluations are in `search_evaluations`."),
            ColumnDescription("scope", "What shares the choice: `setting`, `family` or `run`."),
            ColumnDescription("unit", "Name of that setting or family; empty for the whole run."),
            ColumnDescription("cells", "Cells of the method in the run that share the search."),
            ColumnDescription("split", "The split of the search's examples: `train` or `validation`."),
            ColumnDescription("examples", "Examples that each evaluation looked at."),
            ColumnDescription("evaluations", "Sets of parameters that were tried, counted once for all cells."),
            ColumnDescription("tokens", "Tokens that the model read in the search, once for all cells."),
            ColumnDescription("seconds", "Time of the search, once for all cells."),
            ColumnDescription("parameters", "The chosen parameters as JSON; NULL while the search goes on."),
            ColumnDescription("loss", "Their loss, nats an answer token, without a penalty."),
        ],
        query: """
            SELECT
                cells.run_id, methods.name, methods.title, methods.family, methods.position, settings.name,
                settings.position, searches.id, searches.scope, searches.unit,
                (SELECT count(*) FROM cells AS other WHERE other.run_id = cells.run_id
                    AND other.method_id = cells.method_id AND other.search_id = searches.id),
                searches.split, searches.examples, work.evaluations, work.tokens, work.seconds, chosen.parameters,
                chosen.loss
            FROM cells
            JOIN searches ON searches.id = cells.search_id
            JOIN methods ON methods.id = cells.method_id
            JOIN settings ON settings.id = cells.setting_id
            LEFT JOIN (
                \(searchWork)
            ) AS work ON work.search_id = searches.id
            LEFT JOIN search_evaluations AS chosen
                ON chosen.search_id = searches.id AND chosen.number = searches.chosen
            """)

    /// What each search cost.
    private static let searchWork = """
        SELECT search_id, count(*) AS evaluations, sum(tokens) AS tokens, sum(seconds) AS seconds
        FROM search_evaluations GROUP BY search_id
        """

    /// What the searches of each method of a run cost together, each counted once however many cells share it.
    static let searchWorkOfMethods = """
        SELECT mine.run_id, mine.method_id, sum(evaluations) AS evaluations, sum(tokens) AS tokens,
            sum(seconds) AS seconds
        FROM (SELECT DISTINCT run_id, method_id, search_id FROM cells WHERE search_id IS NOT NULL) AS mine
        JOIN (\(searchWork)) AS work ON work.search_id = mine.search_id
        GROUP BY mine.run_id, mine.method_id
        """
}
