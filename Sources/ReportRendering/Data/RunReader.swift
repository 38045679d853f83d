import BenchmarkStore

/// Which run a report is about.
public enum RunSelection: Hashable, Sendable {
    /// The run that started last.
    case latest
    /// The run with this row number.
    case number(Int64)
    /// The run with this key.
    case key(String)
}

/// Reads the rows of one run from the store's views.
package struct RunReader {
    /// How many examples of each setting are shown side by side.
    static let examplesPerSetting = 2

    let database: BenchmarkDatabase
    private let query: ReadOnlyQuery

    package init(_ database: BenchmarkDatabase) throws {
        self.database = database
        query = try ReadOnlyQuery(path: database.path)
    }

    /// All that a report needs of a run.
    ///
    /// - Throws: `ReportError`: `.noRun`, `.unknownRun`, `.badRow`; `StoreError` as the database is read.
    package func input(_ selection: RunSelection) throws -> ReportInput {
        let run = try select(selection)
        let cells = try database.cells(ofRun: run.id)
        let methods = try database.methods().filter { method in cells.contains { $0.methodID == method.id } }
        let settings = try database.settings(ofBuild: run.buildID).filter { setting in
            cells.contains { $0.settingID == setting.id }
        }
        let costs = try rows("SELECT * FROM efficiency WHERE run_id = ? ORDER BY method_position, method", run)
        let answers = try answers(run, cells: cells, methods: methods, settings: settings)
        return ReportInput(
            run: try facts(run, cells: cells),
            methods: methods.map {
                MethodFacts(name: $0.name, title: $0.title, family: $0.family, position: $0.position)
            },
            settings: settings.map(Self.facts),
            cells: progress(answers.complete, cells: cells, methods: methods, settings: settings),
            metrics: answers.metrics, book: answers.book, costs: try costs.map(Self.cost),
            examples: try examples(run, settings: settings, answered: answers.answered),
            references: try settings.flatMap { try references($0, cells: cells) },
            measurements: Measurements(
                cpu: run.cpu, system: run.system, machine: run.machine, threads: run.threads, commit: run.commitHash,
                startedAt: run.startedAt.rawValue, finishedAt: run.finishedAt?.rawValue,
                times: try costs.map(Self.times)))
    }

    private func select(_ selection: RunSelection) throws -> RunRecord {
        let runs = try database.runs()
        guard !runs.isEmpty else {
            throw ReportError(.noRun, "holds no run; make one with 'braid run'", file: database.path)
        }
        let found =
            switch selection {
            case .latest: runs.first
            case .number(let id): runs.first { $0.id == id }
            case .key(let key): runs.first { $0.runKey == key }
            }
        guard let found else {
            let known = runs.prefix(5).map { "\($0.id) (\($0.runKey))" }.joined(separator: ", ")
            throw ReportError(.unknownRun, "has no such run; the latest are \(known)", file: database.path)
        }
        return found
    }

    private func facts(_ run: RunRecord, cells: [CellRecord]) throws -> RunFacts {
        let rows = try rows("SELECT * FROM provenance WHERE run_id = ?", run)
        guard let row = rows.first else {
            throw ReportError(
                .badRow, "the view provenance lacks run \(run.id); make the run again", file: database.path)
        }
        let adapters = Set(cells.compactMap(\.adapterID)).sorted()
        let seeds = Set(try adapters.compactMap { try database.adapter($0)?.seed })
        return RunFacts(
            key: try row.text("run_key"), profileName: try row.text("profile"),
            profileHash: try row.text("profile_hash"), profileText: try row.text("profile_text"),
            model: RunFacts.Model(
                name: try row.text("model"), fileName: try row.text("model_file"),
                architecture: try row.text("model_architecture"), fileType: try row.text("model_file_type"),
                sha256: try row.text("model_sha256"), bytes: Int(try row.integer("model_bytes")),
                parameters: Int(try row.integer("model_parameters"))),
            build: RunFacts.Build(
                name: try row.text("build"), contentHash: try row.text("build_hash"),
                seed: try row.integer("build_seed"), parameters: try row.text("build_parameters")),
            corpora: try corpora(row.text("corpora"), of: run), seed: try row.integer("seed"),
            trainingSeeds: seeds.sorted(),
            version: try row.text("braid_version"), precision: try row.text("precision"),
            decoding: try row.text("decoding"))
    }

    private struct CorpusEntry: Decodable {
        let name, version, title, licence, citation, origin, content_hash: String
    }

    private func corpora(_ json: String, of run: RunRecord) throws -> [RunFacts.Corpus] {
        let records = try database.corpora(ofBuild: run.buildID)
        return try CanonicalJSON.value([CorpusEntry].self, from: json).map { entry in
            let record = records.first { $0.name == entry.name && $0.version == entry.version }
            return RunFacts.Corpus(
                name: entry.name, version: entry.version, title: entry.title, licence: entry.licence,
                citation: entry.citation, language: record?.language ?? "", origin: entry.origin,
                contentHash: entry.content_hash)
        }
    }

    /// Cells that have no prediction yet stand in no view, so the plan is read from the records.
    private func progress(
        _ complete: [Int64: Int], cells: [CellRecord], methods: [MethodRecord], settings: [SettingRecord]
    ) -> [CellFacts] {
        let methodNames = Dictionary(methods.map { ($0.id, $0.name) }) { first, _ in first }
        let settingNames = Dictionary(settings.map { ($0.id, $0.name) }) { first, _ in first }
        return cells.compactMap { cell in
            guard let method = methodNames[cell.methodID], let setting = settingNames[cell.settingID] else {
                return nil
            }
            return CellFacts(
                method: method, setting: setting, expected: cell.expected, complete: complete[cell.id] ?? 0)
        }
    }

    private static func cost(_ row: NamedRow) throws -> CostFacts {
        CostFacts(
            method: try row.text("method"), extraParameters: row.optionalNumber("extra_parameters"),
            percentOfBase: row.optionalNumber("percent_of_base"),
            compositionBytes: row.optionalNumber("composition_bytes"), passes: row.optionalNumber("passes"),
            trainingTokens: row.optionalNumber("training_tokens"),
            searchEvaluations: row.optionalNumber("search_evaluations"),
            searchTokens: row.optionalNumber("search_tokens"),
            generatedTokens: row.optionalNumber("generated_tokens"))
    }

    private static func times(_ row: NamedRow) throws -> Measurements.Times {
        Measurements.Times(
            method: try row.text("method"), trainingSeconds: row.optionalNumber("training_seconds"),
            searchSeconds: row.optionalNumber("search_seconds"),
            secondsPerExample: row.optionalNumber("seconds_per_example"))
    }

    /// The examples that most methods have answered, the first by name among equals.
    private func examples(
        _ run: RunRecord, settings: [SettingRecord], answered: [Int64: Int]
    ) throws -> [OutputFacts] {
        var chosen: [Int64] = []
        for setting in settings {
            let named = try database.examplesByName(ofSetting: setting.id).filter { answered[$0] != nil }
            chosen += named.enumerated().sorted {
                (answered[$1.element] ?? 0, $0.offset) < (answered[$0.element] ?? 0, $1.offset)
            }.prefix(Self.examplesPerSetting).map(\.element)
        }
        return try chosen.sorted().flatMap { try outputs(run, example: $0) }
    }

    private func outputs(_ run: RunRecord, example: Int64) throws -> [OutputFacts] {
        let sql = "SELECT * FROM outputs WHERE run_id = ? AND example_id = ? ORDER BY method_position, method"
        let further = try database.references(ofExample: example).dropFirst().map {
            ExampleGroup.Reference(text: $0.text, origin: $0.origin)
        }
        return try rows(sql, run, .integer(example)).map {
            OutputFacts(
                method: try $0.text("method"), setting: try $0.text("setting"),
                documentKey: "\(try $0.text("corpus"))/\(try $0.text("document_key"))", input: try $0.text("input"),
                instruction: try $0.text("instruction"), reference: try $0.text("reference"),
                referenceOrigin: try $0.text("reference_origin"), furtherReferences: further,
                output: try $0.text("output"),
                intermediate: $0.optionalText("intermediate"), finish: try $0.text("finish"))
        }
    }

    func rows(_ sql: String, _ run: RunRecord, _ more: QueryValue...) throws -> [NamedRow] {
        let result = try query.run(sql, arguments: [.integer(run.id)] + more)
        let places = Dictionary(result.columns.enumerated().map { ($1, $0) }) { first, _ in first }
        return result.rows.map { NamedRow(file: database.path, places: places, values: $0) }
    }
}

/// A row whose values are asked for by name.
struct NamedRow {
    let file: String
    let places: [String: Int]
    let values: [QueryValue]

    func text(_ column: String) throws -> String {
        guard case .text(let text) = self[column] else { throw fault(column, "text") }
        return text
    }

    func optionalText(_ column: String) -> String? {
        if case .text(let text) = self[column] { text } else { nil }
    }

    func integer(_ column: String) throws -> Int64 {
        guard case .integer(let integer) = self[column] else { throw fault(column, "a whole number") }
        return integer
    }

    func number(_ column: String) throws -> Double {
        guard let number = optionalNumber(column) else { throw fault(column, "a number") }
        return number
    }

    func optionalNumber(_ column: String) -> Double? {
        switch self[column] {
        case .integer(let integer): Double(integer)
        case .real(let real): real
        default: nil
        }
    }

    private subscript(column: String) -> QueryValue { places[column].map { values[$0] } ?? .null }

    private func fault(_ column: String, _ type: String) -> ReportError {
        ReportError(
            .badRow, "the column '\(column)' of a view holds no \(type); was the database made by this Braid?",
            file: file)
    }
}
