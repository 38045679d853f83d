import GRDB
import TextMetrics

/// Computes the standings of methods: their means by setting, family and target, which the views would else compute from
/// all scores each time.
///
/// They are stored together with the totals of the method's cells. Triggers remove a cell's totals with whatever changes
/// its numbers, and from then on the views compute that method's means from its scores, until it is settled again. So a
/// standing that counts is never stale, whoever writes to the database.
///
/// The sums run over the documents in their order, while SQLite picks its own; the last bits may differ.
struct Standings {
    /// A cell with what its setting says.
    private struct Cell {
        let id: Int64
        let setting: Int64
        /// What it has in common with other cells, for each level that it belongs to.
        let keys: [StandingLevel: [DatabaseValue]]
    }

    /// One value a document of a cell or group; NaN where there is none.
    private typealias Column = [Double]

    private let db: Database
    private let run: Int64
    /// The place of an example's document among those of the run, by the example's number.
    private var places: [Int64: Int32] = [:]
    /// The cluster of each document.
    private var clusters: [Int32] = []
    private let metrics: [Int64]
    /// Places in `metrics` by number.
    private let metricPlaces: [Int64: Int]

    private init(_ db: Database, run: Int64) throws {
        self.db = db
        self.run = run
        metrics = try Int64.fetchAll(db, sql: "SELECT id FROM metrics ORDER BY id")
        metricPlaces = Dictionary(metrics.enumerated().map { ($1, $0) }) { first, _ in first }
        try readDocuments()
    }

    /// Settles what is not settled in all runs.
    static func settleAll(in db: Database) throws {
        for run in try Int64.fetchAll(db, sql: "SELECT id FROM runs ORDER BY id") { try settle(run, in: db) }
    }

    /// Settles the methods of a run that have an unsettled cell.
    static func settle(_ run: Int64, in db: Database) throws {
        let methods = try Int64.fetchAll(
            db,
            sql: """
                SELECT DISTINCT method_id FROM cells
                WHERE run_id = ? AND NOT EXISTS (SELECT 1 FROM cell_totals WHERE cell_id = cells.id)
                """, arguments: [run])
        guard !methods.isEmpty else { return }
        let standings = try Standings(db, run: run)
        for method in methods { try standings.settle(method) }
    }

    // MARK: Reading

    /// A document in two clusters would count as two, as in the views.
    private struct Unit: Hashable {
        let document: Int64
        let cluster: String
    }

    private mutating func readDocuments() throws {
        var units: [Int64: Unit] = [:]
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT id, document_id, cluster FROM examples
                WHERE setting_id IN (SELECT setting_id FROM cells WHERE run_id = ?)
                """, arguments: [run])
        while let row = try rows.next() { units[row[0]] = Unit(document: row[1], cluster: row[2]) }
        let ordered = Set(units.values).sorted { ($0.document, $0.cluster) < ($1.document, $1.cluster) }
        let numbers = Dictionary(ordered.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
        places = units.mapValues { numbers[$0] ?? 0 }
        var names: [String: Int32] = [:]
        for unit in ordered {
            let number = names[unit.cluster] ?? Int32(names.count)
            names[unit.cluster] = number
            clusters.append(number)
        }
    }

    private func cells(of method: Int64) throws -> [Cell] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT cells.id AS cell_id, settings.* FROM cells JOIN settings ON settings.id = cells.setting_id
                WHERE run_id = ? AND method_id = ? ORDER BY cells.id
                """, arguments: [run, method])
        return rows.map { row in
            var keys: [StandingLevel: [DatabaseValue]] = [:]
            for level in StandingLevel.allCases {
                if level == .target, row["kind"] as String != "composition" || (row["target_kind"] as String?) == nil {
                    continue
                }
                keys[level] = level.keys.map { row[$0] }
            }
            return Cell(id: row["cell_id"], setting: row["id"], keys: keys)
        }
    }

    /// The scores of a cell, a column for each metric; empty for a metric without scores.
    private func columns(of cell: Cell) throws -> [Column] {
        var columns = [Column](repeating: [], count: metrics.count)
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT predictions.example_id, prediction_scores.metric_id, prediction_scores.value
                    FROM predictions CROSS JOIN prediction_scores
                    WHERE predictions.cell_id = ? AND prediction_scores.prediction_id = predictions.id
                    """), arguments: [cell.id])
        var example: Int64?
        var place = 0
        while let row = try rows.next() {
            let next: Int64 = row[0]
            if next != example {
                example = next
                place = Int(places[next] ?? 0)
            }
            let metric = metricPlaces[row[1]] ?? 0
            if columns[metric].isEmpty { columns[metric] = Column(repeating: .nan, count: clusters.count) }
            columns[metric][place] = row[2]
        }
        return columns
    }

    // MARK: Computing

    /// The sums and numbers of values, document by document, of the cells of one group.
    private struct Group {
        let first: Int64
        let level: StandingLevel
        var sums: [Column]
        var counts: [[Int32]]

        mutating func add(_ columns: [Column]) {
            for (metric, column) in columns.enumerated() where !column.isEmpty {
                if sums[metric].isEmpty {
                    sums[metric] = Column(repeating: 0, count: column.count)
                    counts[metric] = [Int32](repeating: 0, count: column.count)
                }
                for (place, value) in column.enumerated() where !value.isNaN {
                    sums[metric][place] += value
                    counts[metric][place] += 1
                }
            }
        }

        /// The mean over documents in one metric.
        func estimate(_ metric: Int, clusters: [Int32]) -> MeanEstimate? {
            var values: [Double] = []
            var numbers: [Int32] = []
            for (place, count) in counts[metric].enumerated() where count > 0 {
                values.append(sums[metric][place] / Double(count))
                numbers.append(clusters[place])
            }
            return MeanEstimate(of: values, clusterNumbers: numbers)
        }
    }

    private func settle(_ method: Int64) throws {
        let cells = try cells(of: method)
        var groups: [StandingLevel: [[DatabaseValue]: Group]] = [:]
        for cell in cells {
            let columns = try columns(of: cell)
            for (level, key) in cell.keys {
                groups[level, default: [:]][
                    key,
                    default: Group(
                        first: cell.id, level: level, sums: .init(repeating: [], count: metrics.count),
                        counts: .init(repeating: [], count: metrics.count))
                ].add(columns)
            }
        }
        for cell in cells { try db.execute(sql: "DELETE FROM standings WHERE cell_id = ?", arguments: [cell.id]) }
        for group in groups.values.flatMap(\.values) where try !store(group) {
            // Sums beyond what a number can hold: the views go on computing, and show what SQLite makes of it.
            return
        }
        for cell in cells {
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO cell_totals (cell_id, predictions, seconds, generated_tokens)
                    SELECT ?1, count(*), coalesce(sum(seconds), 0), coalesce(sum(generated_tokens), 0)
                    FROM predictions WHERE cell_id = ?1
                    """, arguments: [cell.id])
        }
    }

    /// Stores the standings of a group; false where one is not finite.
    private func store(_ group: Group) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO standings (cell_id, level, metric_id, documents, clusters, mean, standard_error)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (metric, id) in metrics.enumerated() {
            guard let estimate = group.estimate(metric, clusters: clusters) else { continue }
            guard estimate.mean.isFinite, estimate.standardError?.isFinite ?? true else { return false }
            try statement.execute(arguments: [
                group.first, group.level.rawValue, id, estimate.count, Int(estimate.degreesOfFreedom) + 1,
                estimate.mean, estimate.standardError,
            ])
        }
        return true
    }
}

extension BenchmarkDatabase {
    /// Computes the means of a run's methods that have changed, so that views show them at once.
    ///
    /// The views show the same without it, and take longer. Call it when a method is through; finishing a run does it too.
    public func settle(run: Int64) throws {
        try write { try Standings.settle(run, in: $0) }
    }
}
