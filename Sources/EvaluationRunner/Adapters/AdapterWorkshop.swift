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
    private let archive: AdapterArchive
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
        archive = AdapterArchive(folder)
        composer = PromptComposer(model: model, system: profile.system)
        self.shouldStop = shouldStop
        self.onEvent = onEvent
    }

    // MARK: Single tasks

    /// How many examples are to be looked at for a task's adapter, in each epoch anew; 0 if it is stored already.
    func examplesLeft(task: String) throws -> Int {
        try orders(task: task).filter { try stored($0) == nil }.reduce(0) { $0 + $1.examplesInAll }
    }

    /// The LoRA adapter of a single task: of several learning rates, the one with the least validation loss.
    ///
    /// A rate at which training diverges is passed over with a warning while another one is left.
    ///
    /// - Throws: `RunError.missingExamples`, and what training or the store throw.
    func adapter(task: String) throws -> Made {
        if let known = made[task] { return known }
        let orders = try orders(task: task)
        var candidates: [Made] = []
        var diverged: RunError?
        for order in orders {
            do {
                candidates.append(try stored(order) ?? train(order))
            } catch let error as RunError where error.code == .diverged {
                diverged = error
                if orders.count > 1 { onEvent(.warning(error.message)) }
            }
        }
        if candidates.isEmpty, let diverged { throw diverged }
        func loss(_ made: Made) -> Double { made.record.validationLoss ?? .infinity }
        guard let best = candidates.min(by: { loss($0) < loss($1) }) else {
            throw RunError(
                .missingExamples, "the build has no task \"\(task)\"; a setting names it as a half, so build again",
                file: profile.file)
        }
        made[task] = best
        return best
    }

    /// One order for each learning rate; none for a task that the build does not have.
    private func orders(task: String) throws -> [TrainingOrder] {
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
                file: profile.file, key: "adapters.learning-rate"
            ).placed(in: profile.text)
        }
        return settings.learningRates.map { rate in
            TrainingOrder(
                task: task, kind: "lora", rank: settings.rank, alpha: settings.alpha, setting: setting,
                examples: examples, validation: validation,
                options: TrainingOptions(
                    learningRate: Float(rate), epochs: settings.epochs, batchSize: settings.batchSize,
                    warmup: settings.warmup, weightDecay: Float(settings.weightDecay), seed: profile.seed),
                origin: nil,
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
        let order = TrainingOrder(
            task: setting.name, kind: name, rank: 0, alpha: 0, setting: setting,
            examples: try database.examples(ofSetting: setting.id, split: .train, limit: settings.examples),
            validation: try validationExamples(setting, settings.validationExamples), options: options,
            origin: AdapterArchive.Origin(
                method: name, parameters: method.parameters.json, seed: seed,
                parents: parents.map(\.record)),
            start: { try recipe.start(parents.map(\.adapter), seed) })
        return try stored(order) ?? train(order)
    }

    // MARK: Training

    private func stored(_ order: TrainingOrder) throws -> Made? {
        let hash = try order.recipe(model: modelRecord, system: profile.system).hash
        // The weights may have been deleted or changed; they are trained again then.
        guard let record = try database.adapter(model: modelRecord.id, recipeHash: hash),
            let adapter = try? archive.read(record, in: database)
        else { return nil }
        return Made(adapter: adapter, record: record)
    }

    private func train(_ order: TrainingOrder) throws -> Made {
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
                adapter: name, seconds: outcome.seconds, examples: order.examplesInAll,
                firstLoss: result.record.firstLoss, lastLoss: result.record.lastLoss))
        return result
    }

    /// The model in float32: adapters do not depend on the precision that answers are made in.
    private func trainingModel() throws(ModelError) -> LanguageModel {
        model.precision == .float32
            ? model : try LanguageModel(contentsOf: model.url, threads: model.threads, precision: .float32)
    }

    private func examples(_ records: [ExampleRecord], _ order: TrainingOrder) -> [TrainingExample] {
        records.map {
            composer.trainingExample(input: $0.input, instruction: order.setting.instruction, answer: $0.reference)
        }
    }

    /// Writes the adapter as it was before training diverged, beside the place of the finished one, and returns the error
    /// that names it.
    private func keepLastGood(_ error: TrainingDiverged, _ order: TrainingOrder, _ name: String) throws -> RunError {
        let hash = try order.recipe(model: modelRecord, system: profile.system).hash
        let place = order.fileName(hash: hash) + "-last-good"
        do {
            let adapter = error.adapter.whole ?? error.adapter.merged
            _ = try archive.write(adapter, named: place, baseModel: modelRecord.name)
        } catch let reason {
            return RunError(
                .diverged, "\(name): \(error); the adapter before it could not be kept: \(reason)", file: profile.file)
        }
        let path = archive.folder.appending(path: place).path(percentEncoded: false)
        return RunError(.diverged, "\(name): \(error); the last good adapter is in \(path)", file: profile.file)
    }

    /// Whole adapters are written whole; of what a method adds to a frozen merge, only the learned numbers.
    private func save(_ order: TrainingOrder, _ outcome: Trainer.Outcome, extra: Int) throws -> Made {
        let recipe = try order.recipe(model: modelRecord, system: profile.system)
        let name = order.fileName(hash: recipe.hash)
        let adapter = outcome.adapter.whole ?? outcome.adapter.merged
        let written =
            if let origin = order.origin, outcome.adapter.whole == nil {
                try archive.writeLearned(outcome.adapter, from: origin, named: name)
            } else {
                try archive.write(adapter, named: name, baseModel: modelRecord.name)
            }
        let rank = adapter.factors.values.map(\.rank).max() ?? 0
        let scaling = adapter.factors.values.first?.scaling ?? 1
        let record = AdapterRecord(
            modelID: modelRecord.id, buildID: plan.build.id, recipeHash: recipe.hash, task: order.task,
            kind: order.kind, rank: rank, alpha: Double(scaling) * Double(rank), seed: Int64(bitPattern: profile.seed),
            path: written.path, sha256: written.sha256, recipe: recipe.text, parameters: extra, bytes: written.bytes,
            trainExamples: order.examples.count, trainTokens: outcome.tokens, steps: outcome.steps.count,
            seconds: outcome.seconds, firstLoss: outcome.steps.first?.loss ?? 0,
            lastLoss: outcome.steps.last?.loss ?? 0, validationLoss: outcome.validationLoss)
        let steps = outcome.steps.map {
            TrainingStepRecord(
                step: $0.index, loss: $0.loss, learningRate: Double($0.learningRate), gradientNorm: $0.gradientNorm,
                tokens: $0.tokens, seconds: $0.seconds)
        }
        let validation = outcome.validations.map {
            ValidationLossRecord(epoch: $0.epoch, step: $0.step, loss: $0.loss)
        }
        _ = try database.insertAdapter(record, steps: steps, validation: validation)
        guard let stored = try database.adapter(model: modelRecord.id, recipeHash: recipe.hash) else {
            throw RunError(
                .unwritable, "the adapter for \(order.task) could not be stored; run the same command again",
                file: database.path)
        }
        return Made(adapter: adapter, record: stored)
    }
}
