import AdapterMerging
import BenchmarkStore
import Foundation
import ModelEngine

/// Trains adapters, or takes them from where an earlier run left them: same model, data and options, same adapter.
final class AdapterWorkshop {
    /// An adapter with its row in the store.
    struct Made {
        let adapter: LoRAAdapter
        let record: AdapterRecord
    }

    private let model: LanguageModel
    private let modelRecord: ModelRecord
    private let plan: RunPlan
    private let profile: Profile
    private let database: BenchmarkDatabase
    private let folder: URL
    private let composer: PromptComposer
    private let shouldStop: () -> Bool
    private let onEvent: (RunEvent) -> Void
    private var trainer: Trainer?
    private var made: [String: Made] = [:]

    init(
        model: LanguageModel, record: ModelRecord, plan: RunPlan, profile: Profile, database: BenchmarkDatabase,
        folder: URL, shouldStop: @escaping () -> Bool, onEvent: @escaping (RunEvent) -> Void
    ) {
        self.model = model
        modelRecord = record
        self.plan = plan
        self.profile = profile
        self.database = database
        self.folder = folder
        composer = PromptComposer(model: model, system: profile.system)
        self.shouldStop = shouldStop
        self.onEvent = onEvent
    }

    /// What an adapter is to be trained from and how; its hash is the adapter's identity.
    private struct Order {
        let task: String
        let kind: String
        let rank: Int
        let alpha: Double
        let setting: SettingRecord
        let examples: [ExampleRecord]
        let validation: [ExampleRecord]
        let options: TrainingOptions
        /// Adapters and method that a composition's adapter starts from.
        let parents: [String]
        let start: () throws -> TrainableAdapter
    }

    // MARK: Single tasks

    /// Whether a task's adapter is stored already.
    func isStored(task: String) throws -> Bool {
        let orders = try orders(task: task)
        return try !orders.isEmpty && orders.allSatisfy { try stored($0) != nil }
    }

    /// The LoRA adapter of a single task: of several learning rates, the one with the least validation loss.
    ///
    /// - Throws: `RunError.missingExamples`, and what training or the store throw.
    func adapter(task: String) throws -> Made {
        if let known = made[task] { return known }
        let candidates = try orders(task: task).map { try stored($0) ?? train($0) }
        func loss(_ made: Made) -> Double { made.record.validationLoss ?? .infinity }
        guard let best = candidates.min(by: { loss($0) < loss($1) }) else {
            throw RunError(
                .missingExamples, "the build has no task \"\(task)\"; a setting names it as a half", file: profile.file)
        }
        made[task] = best
        return best
    }

    /// One order for each learning rate; none for a task that the build does not have.
    private func orders(task: String) throws -> [Order] {
        guard let setting = plan.tasks[task] else { return [] }
        let settings = profile.adapters
        let shapes = Dictionary(
            uniqueKeysWithValues: model.configuration.sites.map { site in
                let shape = model.configuration.shape(of: site.projection)
                return (site, LayerShape(inputs: shape.inputs, outputs: shape.outputs))
            })
        let seed = profile.seed
        let examples = try database.examples(ofSetting: setting.id, split: .train, limit: settings.trainExamples)
        let validation = try validationExamples(setting, settings.validationExamples)
        guard settings.learningRates.count < 2 || !validation.isEmpty else {
            throw RunError(
                .missingExamples,
                "there are no validation examples for \(task) to choose a learning rate by; name one rate in the profile",
                file: profile.file, key: "adapters.learning-rate")
        }
        return settings.learningRates.map { rate in
            Order(
                task: task, kind: "lora", rank: settings.rank, alpha: settings.alpha, setting: setting,
                examples: examples, validation: validation,
                options: TrainingOptions(
                    learningRate: Float(rate), epochs: settings.epochs, batchSize: settings.batchSize,
                    warmup: settings.warmup, weightDecay: Float(settings.weightDecay), seed: profile.seed),
                parents: [],
                start: {
                    TrainableAdapter(
                        training: try LoRAInitialization.newAdapter(
                            shapes: shapes, rank: settings.rank, alpha: settings.alpha, seed: seed,
                            purpose: "lora \(task)"))
                })
        }
    }

    private func validationExamples(_ setting: SettingRecord, _ count: Int) throws -> [ExampleRecord] {
        guard count > 0 else { return [] }
        return try database.examples(ofSetting: setting.id, split: .validation, limit: count)
    }

    // MARK: Compositions

    /// The adapter that a learned method makes for one setting.
    ///
    /// - Throws: `RunError.missingExamples`, and what the method, training or the store throw.
    func adapter(
        setting: SettingRecord, method: any CompositionMethod, recipe: LearnedRecipe, parents: [Made]
    ) throws -> Made {
        let settings = recipe.training
        let options = TrainingOptions(
            learningRate: Float(settings.learningRate), epochs: settings.epochs, batchSize: settings.batchSize,
            warmup: 0.1, weightDecay: 0, seed: profile.seed, objective: settings.objective)
        let seed = profile.seed
        // A variant's own name in the profile does not matter to what it is.
        let name = type(of: method).descriptor.name
        let order = Order(
            task: setting.name, kind: name, rank: 0, alpha: 0, setting: setting,
            examples: try database.examples(ofSetting: setting.id, split: .train, limit: settings.examples),
            validation: try validationExamples(setting, settings.validationExamples), options: options,
            parents: [name, method.parameters.json] + parents.map(\.record.recipeHash),
            start: { try recipe.start(parents.map(\.adapter), seed) })
        return try stored(order) ?? train(order)
    }

    // MARK: Training

    private func recipe(_ order: Order) throws -> (text: String, hash: String) {
        let o = order.options
        let parts = [
            "model": modelRecord.sha256, "task": order.task, "kind": order.kind, "rank": "\(order.rank)",
            "alpha": "\(order.alpha)", "instruction": order.setting.instruction, "system": profile.system ?? "",
            "data": ContentHash(list: order.examples.flatMap { [$0.input, $0.reference] }).hex,
            "examples": "\(order.examples.count)",
            "validation": ContentHash(list: order.validation.flatMap { [$0.input, $0.reference] }).hex,
            "learning-rate": "\(o.learningRate)", "epochs": "\(o.epochs)",
            "batch-size": "\(o.batchSize)", "warmup": "\(o.warmup)", "weight-decay": "\(o.weightDecay)",
            "clip": o.clip.map { "\($0)" } ?? "none", "seed": "\(o.seed)",
            "start": order.parents.joined(separator: " "),
            "training": "braid-2",
        ]
        return (try CanonicalJSON.text(parts), ContentHash(parts: parts).hex)
    }

    private func path(_ order: Order, _ hash: String) -> URL {
        let name = order.task.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
        return folder.appending(path: "\(order.kind)-\(name)-\(hash.prefix(12))")
    }

    private func stored(_ order: Order) throws -> Made? {
        let hash = try recipe(order).hash
        guard let record = try database.adapter(model: modelRecord.id, recipeHash: hash) else { return nil }
        let files = PEFTAdapterFolder(path(order, hash))
        // The weights may have been deleted or changed; they are trained again then.
        guard let sum = try? ContentHash(ofFileAt: files.tensorFile.path(percentEncoded: false)).hex,
            sum == record.sha256, let adapter = try? files.read()
        else { return nil }
        return Made(adapter: adapter, record: record)
    }

    private func train(_ order: Order) throws -> Made {
        guard !order.examples.isEmpty else {
            throw RunError(
                .missingExamples,
                "there are no training examples for \(order.task); build with a larger training share",
                file: profile.file)
        }
        var name = order.kind == "lora" ? order.task : "\(order.kind) \(order.task)"
        if order.kind == "lora", profile.adapters.learningRates.count > 1 {
            name += " at \(order.options.learningRate)"
        }
        onEvent(.trainingStarted(adapter: name, examples: order.examples.count))
        let trainer = try trainer ?? Trainer(trainingModel())
        self.trainer = trainer
        let start = try order.start()
        let outcome: Trainer.Outcome
        do {
            outcome = try trainer.train(
                start, on: examples(order.examples, order), validation: examples(order.validation, order),
                options: order.options, shouldStop: shouldStop
            ) { [onEvent] step in
                onEvent(
                    .trainingStep(
                        adapter: name, step: step.index + 1, of: step.count, loss: step.loss,
                        tokensPerSecond: Double(step.tokens) / max(step.seconds, 1e-9)))
            }
        } catch is CancellationError {
            throw RunError(.stopped, "stopped while training \(name); run the same command to go on")
        } catch let error as TrainingDiverged {
            throw try keepLastGood(error, order, name)
        }
        let result = try save(order, outcome, extra: start.trainableParameterCount)
        onEvent(
            .trainingFinished(
                adapter: name, seconds: outcome.seconds, firstLoss: result.record.firstLoss,
                lastLoss: result.record.lastLoss))
        return result
    }

    /// The model in float32: adapters do not depend on the precision that answers are made in.
    private func trainingModel() throws(ModelError) -> LanguageModel {
        model.precision == .float32
            ? model : try LanguageModel(contentsOf: model.url, threads: model.threads, precision: .float32)
    }

    private func examples(_ records: [ExampleRecord], _ order: Order) -> [TrainingExample] {
        records.map {
            composer.trainingExample(input: $0.input, instruction: order.setting.instruction, answer: $0.reference)
        }
    }

    /// Plain LoRA keeps its own scaling; a calibration is written as the concatenation of its terms.
    private func plain(_ adapter: TrainableAdapter, _ order: Order) -> LoRAAdapter {
        order.kind == "lora"
            ? LoRAAdapter(factors: adapter.terms.compactMapValues { $0.first?.factors }) : adapter.merged
    }

    /// Writes the adapter as it was before training diverged, beside the place of the finished one, and returns the error
    /// that names it.
    private func keepLastGood(_ error: TrainingDiverged, _ order: Order, _ name: String) throws -> RunError {
        let place = try path(order, recipe(order).hash)
        let files = PEFTAdapterFolder(folder.appending(path: "\(place.lastPathComponent)-last-good"))
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try files.write(plain(error.adapter, order), baseModel: modelRecord.name, replacing: true)
        } catch let reason {
            return RunError(
                .diverged, "\(name): \(error); the adapter before it could not be kept: \(reason)", file: profile.file)
        }
        return RunError(
            .diverged, "\(name): \(error); the last good adapter is in \(files.url.path(percentEncoded: false))",
            file: profile.file)
    }

    private func save(_ order: Order, _ outcome: Trainer.Outcome, extra: Int) throws -> Made {
        let adapter = plain(outcome.adapter, order)
        let recipe = try recipe(order)
        let files = PEFTAdapterFolder(path(order, recipe.hash))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try files.write(adapter, baseModel: modelRecord.name, replacing: true)
        let file = files.tensorFile.path(percentEncoded: false)
        let rank = adapter.factors.values.map(\.rank).max() ?? 0
        let record = AdapterRecord(
            modelID: modelRecord.id, buildID: plan.build.id, recipeHash: recipe.hash, task: order.task,
            kind: order.kind,
            rank: rank, alpha: order.kind == "lora" ? order.alpha : Double(rank), seed: Int64(bitPattern: profile.seed),
            path: files.url.lastPathComponent, sha256: try ContentHash(ofFileAt: file).hex, recipe: recipe.text,
            parameters: extra, bytes: extra * MemoryLayout<Float>.stride, trainExamples: order.examples.count,
            trainTokens: outcome.tokens, steps: outcome.steps.count, seconds: outcome.seconds,
            firstLoss: outcome.steps.first?.loss ?? 0, lastLoss: outcome.steps.last?.loss ?? 0,
            validationLoss: outcome.validationLoss)
        let steps = outcome.steps.map {
            TrainingStepRecord(
                step: $0.index, loss: $0.loss, learningRate: Double($0.learningRate), gradientNorm: $0.gradientNorm,
                tokens: $0.tokens, seconds: $0.seconds)
        }
        _ = try database.insertAdapter(record, steps: steps)
        guard let stored = try database.adapter(model: modelRecord.id, recipeHash: recipe.hash) else {
            throw RunError(.unwritable, "the adapter for \(order.task) could not be stored")
        }
        return Made(adapter: adapter, record: stored)
    }
}
