import AdapterMerging
import BenchmarkStore

/// A profile resolved against a build: which settings, documents and methods there are, before any model is loaded.
struct RunPlan: Sendable {
    /// A setting with its test examples: the first so many in the build's drawn order, which all settings share.
    ///
    /// So settings have the same documents as far as they have documents in common, and each its own beyond that.
    struct Setting: Sendable {
        let record: SettingRecord
        let test: [ExampleRecord]
        /// References beyond the first, by the number of the example.
        let further: [Int64: [String]]
        /// The examples whose references the row of other documents' references draws from: the whole test split, or
        /// everything where that is one document (or one cluster of near-duplicates).
        let pool: [ExampleRecord]

        /// All references of an example.
        func references(of example: ExampleRecord) -> [String] { [example.reference] + (further[example.id] ?? []) }

        /// The reference of the next document in the pool that is no near-duplicate.
        func otherReference(than example: ExampleRecord) -> String {
            let place = pool.firstIndex { $0.documentID == example.documentID } ?? 0
            let following = pool[place...] + pool[..<place]
            return following.first { $0.documentID != example.documentID && $0.cluster != example.cluster }?.reference
                ?? ""
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
        /// The search for its parameters, where there is one.
        var search: PlannedSearch?

        /// How an adapter is trained for each setting; `nil` where that is not done.
        var training: LearningSettings? {
            guard case .composition(let method) = kind, case .learned(let recipe) = method.recipe else { return nil }
            return recipe.training
        }
    }

    let build: BuildRecord
    let corpusLanguage: String
    let settings: [Setting]
    /// The single tasks of the build, by name.
    let tasks: [String: SettingRecord]
    let methods: [Method]
    /// What the run does without or in part, in sentences.
    let warnings: [String]

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
            case .twoPasses, .merge, .searched, .learned: (main, auxiliary) = (true, true)
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
                file: profile.file, key: "build"
            ).placed(in: profile.text)
        }
        self.build = build
        corpusLanguage = try database.corpora(ofBuild: build.id).first?.language ?? "en"
        let all = try database.settings(ofBuild: build.id)
        let compositions = all.filter { $0.kind == .composition }
        tasks = Dictionary(
            all.filter { $0.kind == .task }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var warnings: [String] = []
        settings = try Self.settings(profile, compositions, database, &warnings)
        methods = try Self.methods(profile)
        try Self.checkAliases(methods, profile, database)
        warnings += try Self.shotsMissing(settings, methods, database)
        warnings += try Self.searchExamplesMissing(settings, methods, database, profile)
        warnings += try Self.learningExamplesMissing(settings, methods, database)
        self.warnings = warnings
    }

    /// Whether some example has several references.
    var hasSeveralReferences: Bool { settings.contains { !$0.further.isEmpty } }

    /// The references of every language that some setting translates into.
    var translations: [String: [String]] {
        let translating = settings.filter { $0.record.targetKind == .language }
        return Dictionary(grouping: translating, by: { $0.record.target ?? corpusLanguage })
            .mapValues { $0.flatMap { $0.pool.map(\.reference) } }
    }

    private static func settings(
        _ profile: Profile, _ compositions: [SettingRecord], _ database: BenchmarkDatabase, _ warnings: inout [String]
    ) throws -> [Setting] {
        var chosen = compositions
        if case .named(let names) = profile.settings {
            chosen = []
            for (index, name) in names.enumerated() {
                guard let setting = compositions.first(where: { $0.name == name }) else {
                    let known = compositions.map(\.name).joined(separator: ", ")
                    throw RunError(
                        .unknownSetting, "there is no setting \"\(name)\"; the build has \(known)", file: profile.file,
                        key: "settings[\(index)]"
                    ).placed(in: profile.text)
                }
                chosen.append(setting)
            }
        }
        let settings = try chosen.compactMap { record -> Setting? in
            let setting = try Self.setting(record, profile, database)
            guard setting.test.isEmpty else { return setting }
            let lack = "setting \(record.name) has no test examples"
            guard case .all = profile.settings else {
                throw RunError(
                    .missingExamples, "\(lack): the build has too few documents for it; ingest more, and build again",
                    file: profile.file, key: "settings"
                ).placed(in: profile.text)
            }
            warnings.append("\(lack) and is left out: the build has too few documents for it, or none for test")
            return nil
        }
        guard !settings.isEmpty else {
            throw RunError(
                .missingExamples,
                "no setting has test examples: the build has too few documents; ingest more, and build again",
                file: profile.file, key: "settings"
            ).placed(in: profile.text)
        }
        return settings
    }

    private static func setting(
        _ record: SettingRecord, _ profile: Profile, _ database: BenchmarkDatabase
    ) throws -> Setting {
        var pool = try database.examples(ofSetting: record.id, split: .test)
        let test = Array(pool.prefix(profile.testDocuments ?? .max))
        if Set(pool.map(\.cluster)).count < 2 {
            pool += try [Split.validation, .train].flatMap { try database.examples(ofSetting: record.id, split: $0) }
        }
        let wanted = Set(test.map(\.id))
        let further = try database.furtherReferences(ofSetting: record.id, split: .test)
            .filter { wanted.contains($0.key) }.mapValues { $0.map(\.text) }
        return Setting(record: record, test: test, further: further, pool: pool)
    }

    private static func methods(_ profile: Profile) throws -> [Method] {
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
        let searches = try profile.makeSearches()
        for (index, method) in try profile.makeMethods().enumerated() {
            let alias = profile.methods[index].alias
            let search = searches[index]
            let descriptor = type(of: method).descriptor
            methods.append(
                Method(
                    kind: .composition(method),
                    record: MethodRecord(
                        name: alias ?? descriptor.name,
                        title: alias.map { "\(descriptor.title) (\($0))" } ?? descriptor.title,
                        // A merge whose parameters were chosen on examples is no longer free of data.
                        family: (search == nil ? descriptor.family : .search).rawValue,
                        reference: descriptor.reference,
                        parameters: try search?.parameters(of: method) ?? method.parameters.json,
                        position: names.firstIndex(of: descriptor.name) ?? names.count),
                    search: search ?? PlannedSearch(method)))
        }
        return methods
    }
}
