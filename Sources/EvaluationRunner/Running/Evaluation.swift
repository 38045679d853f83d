import AdapterMerging
import BenchmarkStore
import Foundation
import ModelEngine
import TextMetrics

/// One evaluation of a profile: trains what is missing, runs every method on every setting, scores and stores.
///
/// Each prediction is stored with its scores in one transaction as soon as it is made; run again after any kind of
/// end, an evaluation does only what is missing.
public struct Evaluation {
    /// Where things are, and what the machine is called.
    public struct Surroundings: Sendable {
        public var database: BenchmarkDatabase
        /// Where trained adapters are kept.
        public var adapterFolder: URL
        /// The commit that this program was built from, or `unknown`.
        public var commit: String
        public var machine: MachineDescription
        /// Answers in the making at once, which memory and speed depend on, and no answer.
        public var sequences = Generator.standardSequences

        public init(
            database: BenchmarkDatabase, adapterFolder: URL, commit: String, machine: MachineDescription = .current()
        ) {
            self.database = database
            self.adapterFolder = adapterFolder
            self.commit = commit
            self.machine = machine
        }
    }

    private let profile: Profile
    private let surroundings: Surroundings
    private let plan: RunPlan

    /// Resolves the profile against the database; nothing is loaded or written yet.
    ///
    /// - Throws: `RunError` for unknown builds, settings and methods, and for missing examples.
    public init(profile: Profile, surroundings: Surroundings) throws {
        self.profile = profile
        self.surroundings = surroundings
        plan = try RunPlan(profile, in: surroundings.database)
    }

    private var database: BenchmarkDatabase { surroundings.database }

    /// One answer to be made: an example of a cell.
    package struct Answer: Hashable {
        package let cell, example: Int64

        package init(cell: Int64, example: Int64) {
            self.cell = cell
            self.example = example
        }
    }

    /// Runs what is missing, as the only one at work on the database.
    ///
    /// - Parameters:
    ///   - shouldStop: asked between steps; true ends the run with `RunError.stopped`.
    ///   - afterMethod: called with the run's id after each method that had something to do.
    ///   - onEvent: told of everything that happens.
    /// - Returns: The run's id.
    /// - Throws: `RunError`, `ModelError`, `MergeError`, `StoreError`.
    @discardableResult
    public func run(
        model: LanguageModel, shouldStop: @escaping () -> Bool = { false },
        afterMethod: (Int64) throws -> Void = { _ in },
        onEvent: @escaping (RunEvent) -> Void = { _ in }
    ) throws -> Int64 {
        try run(model: model, only: nil, shouldStop: shouldStop, afterMethod: afterMethod, onEvent: onEvent)
    }

    /// Runs what is missing as the public function does, but no more of it than some answers.
    package func run(
        model: LanguageModel, only chosen: Set<Answer>?, shouldStop: @escaping () -> Bool,
        afterMethod: (Int64) throws -> Void = { _ in }, onEvent: @escaping (RunEvent) -> Void
    ) throws -> Int64 {
        let begin = ContinuousClock.now
        let lock = try RunLock(database: database.path)
        defer { withExtendedLifetime(lock) {} }
        AdapterArchive(surroundings.adapterFolder).removeLeftovers()
        let modelRecord = try saveModel(model)
        let run = try database.findOrCreateRun(record(model, modelRecord))
        let scorer = PredictionScorer(
            languageTraining: try languageTraining(), translations: plan.translations,
            references: plan.hasSeveralReferences ? .variable : .fixed(1))
        try database.saveMetrics(scorer.metrics)
        let workshop = AdapterWorkshop(
            model: model, record: modelRecord, plan: plan, profile: profile, database: database,
            folder: surroundings.adapterFolder, shouldStop: shouldStop, onEvent: onEvent)
        let searcher = ParameterSearcher(
            model: model, record: modelRecord, plan: plan, profile: profile, database: database, workshop: workshop,
            folder: surroundings.adapterFolder, shouldStop: shouldStop, onEvent: onEvent)
        let records = try database.saveMethods(plan.methods.map(\.record))
        var cells = try saveCells(run, records)
        var stored = 0
        for cell in cells.joined() { stored += try database.predictions(ofCell: cell.id).count }
        let trainings = try trainingsLeft(cells, workshop)
        onEvent(
            .planned(
                predictions: plan.predictions, stored: stored, adapters: trainings.count,
                trainingExamples: trainings.reduce(0, +)))
        for warning in plan.warnings + languageWarnings(scorer) { onEvent(.warning(warning)) }
        for (index, method) in plan.methods.enumerated() {
            var work = try missing(cells[index], of: chosen)
            guard !work.isEmpty else { continue }
            let start = ContinuousClock.now
            onEvent(
                .methodStarted(
                    method: method.record.name, title: method.record.title,
                    predictions: work.reduce(0) { $0 + $1.examples.count }))
            let runner = MethodRunner(
                model: model, plan: plan, profile: profile, database: database, workshop: workshop,
                searcher: searcher, scorer: scorer, sequences: surroundings.sequences, shouldStop: shouldStop,
                onWarning: { onEvent(.warning($0)) })
            try runner.prepare(method, &work)
            for item in work { cells[index][item.setting] = item.cell }
            try runner.run(method, work) { setting in
                stored += 1
                onEvent(
                    .predicted(method: method.record.name, setting: setting, stored: stored, of: plan.predictions))
            }
            onEvent(.methodFinished(method: method.record.name, seconds: (ContinuousClock.now - start) / .seconds(1)))
            try database.settle(run: run.id)
            try afterMethod(run.id)
        }
        if chosen == nil { try database.finishRun(run.id) }
        onEvent(.finished(seconds: (ContinuousClock.now - begin) / .seconds(1)))
        return run.id
    }

    /// Trains the single-task adapters that the profile's methods need and that are not stored yet.
    ///
    /// - Throws: as `run`.
    public func train(
        model: LanguageModel, shouldStop: @escaping () -> Bool = { false },
        onEvent: @escaping (RunEvent) -> Void = { _ in }
    ) throws {
        let begin = ContinuousClock.now
        let lock = try RunLock(database: database.path)
        defer { withExtendedLifetime(lock) {} }
        AdapterArchive(surroundings.adapterFolder).removeLeftovers()
        let workshop = AdapterWorkshop(
            model: model, record: try saveModel(model), plan: plan, profile: profile, database: database,
            folder: surroundings.adapterFolder, shouldStop: shouldStop, onEvent: onEvent)
        for task in plan.neededTasks { _ = try workshop.adapter(task: task) }
        onEvent(.finished(seconds: (ContinuousClock.now - begin) / .seconds(1)))
    }

    // MARK: Rows

    private func saveModel(_ model: LanguageModel) throws -> ModelRecord {
        let path = model.url.path(percentEncoded: false)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        return try database.saveModel(
            ModelRecord(
                name: model.url.deletingPathExtension().lastPathComponent,
                architecture: model.configuration.architecture,
                fileName: model.url.lastPathComponent, sha256: try ContentHash(ofFileAt: path).hex, bytes: size,
                parameters: model.parameterCount, fileType: model.fileType))
    }

    /// What a run of the profile is known by: the hash of all that its answers follow from.
    package func runKey(modelHash: String, precision: WeightPrecision) -> String {
        var parts = [
            "profile": profile.hash, "model": modelHash, "build": plan.build.contentHash,
            "version": BraidVersion.current,
        ]
        // The reference precision is left out, so that runs from before there was another one go on.
        if precision != .float32 { parts["precision"] = precision.rawValue }
        return ContentHash(parts: parts).hex
    }

    private func record(_ model: LanguageModel, _ modelRecord: ModelRecord) throws -> RunRecord {
        let machine = surroundings.machine
        return RunRecord(
            runKey: runKey(modelHash: modelRecord.sha256, precision: model.precision), profileName: profile.name,
            profileHash: profile.hash, profileText: profile.text,
            modelID: modelRecord.id, buildID: plan.build.id, seed: Int64(bitPattern: profile.seed),
            commitHash: surroundings.commit,
            machine: try CanonicalJSON.text(
                ["cores": "\(machine.cores)", "memory": "\(machine.memory)", "kernels": LanguageModel.kernels]),
            threads: model.threads, cpu: machine.processor, system: machine.system, precision: model.precision.rawValue,
            decoding: try CanonicalJSON.text(decoding))
    }

    private var decoding: [String: String] {
        var values = ["maximumNewTokens": "\(profile.newTokens)", "system": profile.system ?? "none"]
        let sampling = profile.sampling
        guard !sampling.isGreedy else { return values.merging(["strategy": "greedy"]) { $1 } }
        values["strategy"] = "sampling"
        values["temperature"] = "\(sampling.temperature)"
        values["topK"] = "\(sampling.topK)"
        values["topP"] = "\(sampling.topP)"
        return values
    }

    private func saveCells(_ run: RunRecord, _ methods: [MethodRecord]) throws -> [[CellRecord]] {
        let stored = try database.cells(ofRun: run.id)
        return try methods.map { method in
            try database.saveCells(
                plan.settings.map { setting in
                    // A cell that is there keeps its costs.
                    stored.first { $0.methodID == method.id && $0.settingID == setting.record.id }
                        ?? CellRecord(
                            runID: run.id, methodID: method.id, settingID: setting.record.id, extraParameters: 0,
                            compositionBytes: 0, passes: 1, trainingTokens: 0, trainingSeconds: 0,
                            expected: setting.test.count)
                })
        }
    }

    /// For each adapter that is still to be trained, how many examples it takes, those of each epoch counted.
    private func trainingsLeft(_ cells: [[CellRecord]], _ workshop: AdapterWorkshop) throws -> [Int] {
        var examples = try plan.neededTasks.map { try workshop.examplesLeft(task: $0) }.filter { $0 > 0 }
        let available = try plan.settings.map {
            try database.examples(ofSetting: $0.record.id, split: .train).count
        }
        for (method, cells) in zip(plan.methods, cells) {
            guard let training = method.training else { continue }
            for (cell, available) in zip(cells, available) where cell.adapterID == nil {
                examples.append(min(training.examples ?? available, available) * training.epochs)
            }
        }
        return examples
    }

    private func missing(_ cells: [CellRecord], of chosen: Set<Answer>?) throws -> [MethodRunner.Work] {
        var work: [MethodRunner.Work] = []
        for (index, cell) in cells.enumerated() {
            let done = Set(try database.predictions(ofCell: cell.id).map(\.exampleID))
            let examples = plan.settings[index].test.filter { example in
                !done.contains(example.id)
                    && chosen?.contains(Answer(cell: cell.id, example: example.id)) ?? true
            }
            if !examples.isEmpty { work.append(MethodRunner.Work(setting: index, cell: cell, examples: examples)) }
        }
        return work
    }

    /// Texts of known language, from training splits alone, each once.
    private func languageTraining() throws -> [(language: String, text: String)] {
        var training: [(language: String, text: String)] = []
        var seen: [String: Set<String>] = [:]
        func add(_ language: String, _ text: String) {
            if seen[language, default: []].insert(text).inserted { training.append((language, text)) }
        }
        for setting in try database.settings(ofBuild: plan.build.id) where setting.targetKind != nil {
            let language = setting.targetKind == .language ? setting.target ?? "" : plan.corpusLanguage
            for example in try database.examples(ofSetting: setting.id, split: .train) {
                add(language, example.reference)
                if setting.kind == .task, setting.targetKind == .language { add(plan.corpusLanguage, example.input) }
            }
        }
        return training
    }

    /// Says which languages of the run are not judged.
    private func languageWarnings(_ scorer: PredictionScorer) -> [String] {
        let asked = plan.settings.map { setting in
            let target = setting.record.targetKind == .language ? setting.record.target : nil
            return LanguageTag.detected(target ?? plan.corpusLanguage)
        }
        return scorer.notJudged.filter { asked.contains($0.language) }.map { amount in
            amount.isEnough
                ? "language \(amount.language): whether answers are in it is not judged: no other language has enough training text"
                : "language \(amount.language): whether answers are in it is not judged: \(amount.letters) letters of training text, "
                    + "\(amount.needed) are needed"
        }
    }
}
