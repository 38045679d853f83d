import AdapterMerging
import BenchmarkStore
import Foundation
import ModelEngine

/// Searches for methods' parameters, or takes what an earlier run found: same model, data and options, same choice.
///
/// Every evaluation is stored as it is made, so a search that was stopped goes on after the last one. Evaluations run
/// in float32, as trainings do: what is found does not depend on the precision that answers are made in.
final class ParameterSearcher {
    /// A finished search with what it chose.
    struct Found {
        let record: SearchRecord
        let parameters: MethodParameters
        let evaluations: [SearchEvaluationRecord]
    }

    private let model: LanguageModel
    private let modelRecord: ModelRecord
    private let plan: RunPlan
    private let profile: Profile
    private let database: BenchmarkDatabase
    private let workshop: AdapterWorkshop
    private let folder: URL
    private let shouldStop: () -> Bool
    private let onEvent: (RunEvent) -> Void
    private var exactModel: LanguageModel?
    /// Why the merge last refused a set of parameters.
    private var refusal: MergeError?

    init(
        model: LanguageModel, record: ModelRecord, plan: RunPlan, profile: Profile, database: BenchmarkDatabase,
        workshop: AdapterWorkshop, folder: URL, shouldStop: @escaping () -> Bool, onEvent: @escaping (RunEvent) -> Void
    ) {
        self.model = model
        modelRecord = record
        self.plan = plan
        self.profile = profile
        self.database = database
        self.workshop = workshop
        self.folder = folder
        self.shouldStop = shouldStop
        self.onEvent = onEvent
    }

    /// A setting of the unit with what an evaluation needs.
    private struct Member {
        let setting: SettingRecord
        let examples: [TrainingExample]
        let parents: [AdapterWorkshop.Made]
    }

    /// What was found for the unit that a setting belongs to; searched for where no run has done so.
    ///
    /// - Throws: `RunError.stopped` and `.missingExamples`, and what the merges, the model and the store throw.
    func find(_ search: PlannedSearch, named name: String, for setting: SettingRecord) throws -> Found {
        let settings = plan.settings.map(\.record).filter {
            switch search.scope {
            case .setting: $0.id == setting.id
            case .family: $0.family == setting.family
            case .run: true
            }
        }
        let members = try settings.map { try member($0, search) }
        let unit =
            switch search.scope {
            case .setting: setting.name
            case .family: setting.family
            case .run: ""
            }
        let recipe = try recipe(search, unit, members)
        let record = try database.findOrCreateSearch(
            SearchRecord(
                modelID: modelRecord.id, buildID: plan.build.id, recipeHash: recipe.hash, method: search.method,
                scope: search.scope, unit: unit, split: search.split,
                examples: members.reduce(0) { $0 + $1.examples.count }, budget: search.recipe.budget,
                recipe: recipe.text))
        if record.chosen == nil { try run(search, record, members, name: name) }
        return try found(record.id)
    }

    private func member(_ setting: SettingRecord, _ search: PlannedSearch) throws -> Member {
        let composer = PromptComposer(model: model, system: profile.system)
        let records = try database.examples(ofSetting: setting.id, split: search.split, limit: search.recipe.examples)
        return Member(
            setting: setting,
            examples: records.map {
                composer.trainingExample(input: $0.input, instruction: setting.instruction, answer: $0.reference)
            }, parents: try [setting.main, setting.auxiliary].compactMap { $0 }.map { try workshop.adapter(task: $0) })
    }

    /// All that decides what is found.
    private func recipe(
        _ search: PlannedSearch, _ unit: String, _ members: [Member]
    ) throws -> (text: String, hash: String) {
        let parts = [
            "model": modelRecord.sha256, "method": search.method, "parameters": search.fixed,
            "space": try CanonicalJSON.text(search.recipe.space), "budget": "\(search.recipe.budget)",
            "examples": "\(search.recipe.examples)", "scope": search.scope.rawValue, "unit": unit,
            "split": search.split.rawValue, "settings": members.map(\.setting.name).joined(separator: " "),
            "data": ContentHash(
                list: members.flatMap(\.examples).map { "\($0.answerStart) \($0.tokens)" }
            ).hex, "start": members.flatMap(\.parents).map(\.record.recipeHash).joined(separator: " "),
            "seed": "\(profile.seed)", "search": "braid-1",
        ]
        return (try CanonicalJSON.text(parts), ContentHash(parts: parts).hex)
    }

    // MARK: Searching

    private func run(_ search: PlannedSearch, _ record: SearchRecord, _ members: [Member], name: String) throws {
        let unit = record.unit.isEmpty ? "all settings" : record.unit
        let count = search.recipe.evaluations
        let begin = ContinuousClock.now
        onEvent(.searchStarted(method: name, unit: unit, evaluations: count))
        let stored = try database.evaluations(ofSearch: record.id)
        var best: (number: Int, sum: Double, loss: Double)?
        var number = 0
        try search.recipe.space.search(budget: search.recipe.budget, seed: profile.seed) { set in
            if shouldStop() { throw stopped(name, unit) }
            let evaluation: SearchEvaluationRecord
            if number < stored.count {
                evaluation = stored[number]
                guard evaluation.parameters == set.json else {
                    throw RunError(
                        .unreadable,
                        "the stored evaluations of search \(record.id) are not those of its recipe; "
                            + "DELETE FROM searches WHERE id = \(record.id) with sqlite3 lets it begin anew",
                        file: database.path)
                }
            } else {
                evaluation = try evaluate(set, search, members, record.id, number, (name, unit))
                try database.saveSearchEvaluation(evaluation)
            }
            let loss = evaluation.loss ?? .infinity
            let sum = loss + evaluation.penalty
            if sum < best?.sum ?? .infinity { best = (number, sum, loss) }
            number += 1
            onEvent(
                .searchStep(
                    method: name, unit: unit, evaluation: number, of: count, loss: loss, best: best?.loss ?? .infinity))
            return sum
        }
        guard let best else {
            throw RunError(
                .diverged,
                "\(name): none of the parameters tried for \(unit) gives a finite loss; search others"
                    + (refusal.map { " (the last was refused: \($0.message))" } ?? ""),
                file: profile.file)
        }
        try database.finishSearch(record.id, choosing: best.number)
        onEvent(
            .searchFinished(
                method: name, unit: unit, seconds: (ContinuousClock.now - begin) / .seconds(1), loss: best.loss,
                parameters: try found(record.id).parameters.json))
    }

    private func stopped(_ name: String, _ unit: String) -> RunError {
        RunError(.stopped, "stopped while searching for \(name) \(unit); run the same command to go on")
    }

    /// The loss of a set of parameters over the examples of all settings together; none where the merge refuses the set,
    /// since parameters that may each be had need not go together.
    private func evaluate(
        _ set: MethodParameters, _ search: PlannedSearch, _ members: [Member], _ id: Int64, _ number: Int,
        _ names: (method: String, unit: String)
    ) throws -> SearchEvaluationRecord {
        let begin = ContinuousClock.now
        let generator = Generator(try float32Model())
        var sum = 0.0
        var answers = 0
        var tokens = 0
        for member in members {
            let adapter: LoRAAdapter
            do {
                adapter = try search.recipe.adapter(set, member.parents.map(\.adapter), profile.seed)
            } catch let error as MergeError where error.code == .badParameter || error.code == .notFinite {
                refusal = error
                sum = .infinity
                break
            }
            let prepared = try PreparedAdapter(adapter, for: model.configuration)
            for example in member.examples {
                if shouldStop() { throw stopped(names.method, names.unit) }
                sum -= try generator.logLikelihood(of: example, adapter: prepared)
                answers += example.answerTokens
                tokens += example.tokens.count - 1
            }
        }
        let loss = sum / Double(max(1, answers))
        return SearchEvaluationRecord(
            searchID: id, number: number, parameters: set.json, loss: loss.isFinite ? loss : nil,
            penalty: search.recipe.penalty(set), tokens: tokens, seconds: (ContinuousClock.now - begin) / .seconds(1))
    }

    private func float32Model() throws(ModelError) -> LanguageModel {
        if let exactModel { return exactModel }
        let made =
            model.precision == .float32
            ? model : try LanguageModel(contentsOf: model.url, threads: model.threads, precision: .float32)
        exactModel = made
        return made
    }

    private func found(_ id: Int64) throws -> Found {
        let evaluations = try database.evaluations(ofSearch: id)
        guard let record = try database.search(id), let chosen = record.chosen, evaluations.indices.contains(chosen)
        else {
            throw RunError(
                .unwritable, "search \(id) could not be stored; run the same command again", file: database.path)
        }
        let values = try CanonicalJSON.value([String: ParameterValue].self, from: evaluations[chosen].parameters)
        return Found(record: record, parameters: MethodParameters(values), evaluations: evaluations)
    }

    // MARK: Adapters

    /// Stores the adapter that a search of one setting found, as those of learned methods are stored, and gives its row.
    ///
    /// Its file can be made again from the stored search, so a lost one is written anew.
    func keep(
        _ adapter: LoRAAdapter, of found: Found, cost: CompositionCost, for setting: SettingRecord
    ) throws -> AdapterRecord {
        let hash = found.record.recipeHash
        // A database may come from anyone.
        guard found.record.method.isPlainFileName else {
            throw RunError(.unwritable, "no file can be called after the method \"\(found.record.method)\"")
        }
        let name = setting.name.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
        let files = PEFTAdapterFolder(folder.appending(path: "\(found.record.method)-\(name)-\(hash.prefix(12))"))
        let file = files.tensorFile.path(percentEncoded: false)
        if let stored = try database.adapter(model: modelRecord.id, recipeHash: hash),
            let sum = try? ContentHash(ofFileAt: file).hex, sum == stored.sha256
        {
            return stored
        }
        try AdapterArchive.make(folder)
        try files.write(adapter, baseModel: modelRecord.name, replacing: true)
        let rank = adapter.factors.values.map(\.rank).max() ?? 0
        let chosen = found.evaluations[found.record.chosen ?? 0]
        _ = try database.insertAdapter(
            AdapterRecord(
                modelID: modelRecord.id, buildID: plan.build.id, recipeHash: hash, task: setting.name,
                kind: found.record.method, rank: rank, alpha: Double(rank), seed: Int64(bitPattern: profile.seed),
                path: files.url.lastPathComponent, sha256: try ContentHash(ofFileAt: file).hex,
                recipe: found.record.recipe, parameters: cost.extraParameters, bytes: cost.compositionBytes,
                trainExamples: found.record.examples, trainTokens: found.evaluations.reduce(0) { $0 + $1.tokens },
                steps: 0, seconds: found.evaluations.reduce(0) { $0 + $1.seconds },
                firstLoss: found.evaluations.lazy.compactMap(\.loss).first ?? 0, lastLoss: chosen.loss ?? 0))
        guard let stored = try database.adapter(model: modelRecord.id, recipeHash: hash) else {
            throw RunError(
                .unwritable, "the adapter for \(setting.name) could not be stored; run the same command again",
                file: database.path)
        }
        return stored
    }
}
