/// Which cells of a method a standing is over.
enum StandingLevel: String, CaseIterable {
    /// One cell.
    case setting
    /// All settings of one family.
    case family
    /// All compositions of one main task with one target.
    case target

    /// What the cells of one standing have in common, beside their run and method; columns of `settings`.
    var keys: [String] {
        switch self {
        case .setting: ["id"]
        case .family: ["family"]
        case .target: ["target_kind", "target", "target_label", "main"]
        }
    }

    /// Which settings have such standings.
    var condition: String {
        self == .target ? "settings.kind = 'composition' AND settings.target_kind IS NOT NULL" : "1"
    }
}

/// The query for the standings of all methods: those that are stored, and for methods with unsettled cells computed now.
///
/// That a method is settled is seen on each cell before any of its predictions is looked at. CROSS JOIN keeps SQLite from
/// other orders than cells, predictions, scores, in which indices fit.
enum StandingsQuery {
    /// True for a row of `cells` whose run and method have a cell without totals.
    private static let isUnsettled = """
        EXISTS (
            SELECT 1 FROM cells AS other
            WHERE other.run_id = cells.run_id AND other.method_id = cells.method_id
                AND NOT EXISTS (SELECT 1 FROM cell_totals WHERE cell_totals.cell_id = other.id))
        """

    /// A query with `run_id`, `cell_id` (the first cell), `metric_id`, `documents`, `clusters`, `mean`, `standard_error`.
    static func query(_ level: StandingLevel) -> String {
        """
        SELECT cells.run_id, standings.cell_id, standings.metric_id, standings.documents, standings.clusters,
            standings.mean, standings.standard_error
        FROM cells
        CROSS JOIN standings
        WHERE standings.cell_id = cells.id AND standings.level = '\(level.rawValue)' AND NOT \(isUnsettled)
        UNION ALL
        \(live(level, where: isUnsettled))
        """
    }

    /// The standings of the cells that meet a condition, computed from their scores.
    static func live(_ level: StandingLevel, where condition: String) -> String {
        let keys = level.keys.map { "settings.\($0)" }.joined(separator: ", ")
        let source = """
            SELECT members.run_id, members.first_id AS cell_id, prediction_scores.metric_id, examples.cluster,
                avg(prediction_scores.value) AS value
            FROM (
                SELECT cells.id, cells.run_id,
                    min(cells.id) OVER (PARTITION BY cells.run_id, cells.method_id, \(keys)) AS first_id
                FROM cells
                JOIN settings ON settings.id = cells.setting_id
                WHERE \(level.condition) AND \(condition)
            ) AS members
            CROSS JOIN predictions
            CROSS JOIN examples
            CROSS JOIN prediction_scores
            WHERE predictions.cell_id = members.id AND examples.id = predictions.example_id
                AND prediction_scores.prediction_id = predictions.id
            GROUP BY members.run_id, members.first_id, prediction_scores.metric_id, examples.cluster,
                examples.document_id
            """
        return ClusteredMean.query(of: source, by: ["run_id", "cell_id", "metric_id"])
    }

    /// A query with `cell_id`, `predictions`, `seconds`, `generated_tokens`, for cells that have predictions or totals.
    static let totals = """
        SELECT cell_id, predictions, seconds, generated_tokens FROM cell_totals
        UNION ALL
        SELECT cells.id, count(*), sum(predictions.seconds), sum(predictions.generated_tokens)
        FROM cells
        CROSS JOIN predictions
        WHERE predictions.cell_id = cells.id
            AND NOT EXISTS (SELECT 1 FROM cell_totals WHERE cell_totals.cell_id = cells.id)
        GROUP BY cells.id
        """
}
