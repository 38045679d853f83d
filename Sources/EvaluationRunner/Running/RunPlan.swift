import AdapterMerging
import BenchmarkStore

/// A profile resolved against a build: which settings, documents and methods there are, before any model is loaded.
struct RunPlan: Sendable {
    /// A setting with its test examples, the same documents in every setting of a main task.
    struct Setting: Sendable {
        let record: SettingRecord
        let test: [ExampleRecord]
        /// All references of the test split with their documents, for the row of other documents' references.
        let references: [(document: Int64, text: String)]

        /// The reference of the next document in the split.
        func otherReference(than document: Int64) -> String {
            let place = references.firstIndex { $0.document == document } ?? 0
            let following = references[place...] + references[..<place]
            return following.first { $0.document != document }?.text ?? ""
        }
    }

    /// A row of the leaderboard.
    struct Method: Sendable {
        enum Kind: Sendable {
            case sanity(SanityRow)
            case composition(any CompositionMethod)
        }
        let kind: Kind
        let record: MethodRecord

        /// Whether each setting has an adapter of its own to be trained.
        var isLearned: Bool {
            guard case .composition(let method) = kind, case .learned = method.recipe else { return false }
            return true
        }
    }

    let build: BuildRecord
    let corpusLanguage: String
    let settings: [Setting]
    /// The single tasks of the build, by name.
    let tasks: [String: SettingRecord]
    let methods: [Method]

    /// The number of predictions of the whole run.
    var predictions: Int { methods.count * settings.reduce(0) { $0 + $1.test.count } }

    /// The names of the single-task adapters that some method needs, in the order of the build's settings.
    var neededTasks: [String] {
        var auxiliary = false
        var main = false
        for method in methods {
            guard case .composition(let method) = method.kind else { continue }
            switch method.recipe {
            case .prompt: break
            case .mainAdapter: main = true
            case .twoPasses, .merge, .learned: (main, auxiliary) = (true, true)
            }
        }
        var names: Set<String> = []
        for setting in settings {
            if main { names.insert(setting.record.main) }
            if auxiliary, let task = setting.record.auxiliary { names.insert(task) }
        }
        return tasks.values.filter { names.contains($0.name) }.sorted { $0.position < $1.position }.map(\.name)
    }

    /// - Throws: `RunError` for a build, setting or method that does not exist, and for splits without examples.
    init(_ profile: Profile, in database: BenchmarkDatabase) throws {
        guard let build = try database.build(named: profile.build) else {
            let known = try database.builds().map(\.name).joined(separator: ", ")
            throw RunError(
                .missingBuild,
                "the database has no build \"\(profile.build)\" (it has: \(known.isEmpty ? "none" : known)); run `braid ingest` and `braid build` first",
                file: profile.file, key: "build")
        }
        self.build = build
        corpusLanguage = try database.corpora(ofBuild: build.id).first?.language ?? "en"
        let all = try database.settings(ofBuild: build.id)
        let compositions = all.filter { $0.kind == .composition }
        tasks = Dictionary(
            all.filter { $0.kind == .task }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        settings = try Self.settings(profile, compositions, database)
        methods = try Self.methods(profile)
    }

    private static func settings(
        _ profile: Profile, _ compositions: [SettingRecord], _ database: BenchmarkDatabase
    ) throws -> [Setting] {
        var chosen = compositions
        if case .named(let names) = profile.settings {
            chosen = []
            for (index, name) in names.enumerated() {
                guard let setting = compositions.first(where: { $0.name == name }) else {
                    let known = compositions.map(\.name).joined(separator: ", ")
                    throw RunError(
                        .unknownSetting, "there is no setting \"\(name)\"; the build has \(known)", file: profile.file,
                        key: "settings[\(index)]")
                }
                chosen.append(setting)
            }
        }
        // The first setting of a main task chooses the documents for all of them.
        var documents: [String: [Int64]] = [:]
        return try chosen.map { record in
            let examples = try database.examples(ofSetting: record.id, split: .test)
            guard !examples.isEmpty else {
                throw RunError(
                    .missingExamples, "setting \(record.name) has no test examples; build it with a larger test share",
                    file: profile.file, key: "settings")
            }
            let wanted =
                documents[record.main] ?? Array(examples.map(\.documentID).prefix(profile.testDocuments ?? .max))
            documents[record.main] = wanted
            let order = Dictionary(wanted.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            let test = examples.filter { order[$0.documentID] != nil }
                .sorted { order[$0.documentID, default: 0] < order[$1.documentID, default: 0] }
            return Setting(
                record: record, test: test, references: examples.map { ($0.documentID, $0.reference) })
        }
    }

    private static func methods(_ profile: Profile) throws(RunError) -> [Method] {
        var methods: [Method] = []
        if profile.sanity {
            methods = SanityRow.allCases.enumerated().map { index, row in
                Method(
                    kind: .sanity(row),
                    record: MethodRecord(
                        name: row.rawValue, title: row.title, family: MethodFamily.sanity.rawValue,
                        reference: "made without a model", parameters: "{}", position: 1000 + index))
            }
        }
        let names = MethodRegister.names
        for method in try profile.makeMethods() {
            let descriptor = type(of: method).descriptor
            methods.append(
                Method(
                    kind: .composition(method),
                    record: MethodRecord(
                        name: descriptor.name, title: descriptor.title, family: descriptor.family.rawValue,
                        reference: descriptor.reference, parameters: method.parameters.json,
                        position: names.firstIndex(of: descriptor.name) ?? names.count)))
        }
        return methods
    }
}
