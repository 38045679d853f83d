import AdapterMerging
import BenchmarkStore
import ModelEngine

/// Runs one method on what is missing of its cells.
struct MethodRunner {
    /// The missing examples of one cell.
    struct Work {
        /// Index into the plan's settings.
        let setting: Int
        var cell: CellRecord
        let examples: [ExampleRecord]
        /// What the answers run under; nil is the base model.
        var adapter: LoRAAdapter?
    }

    let model: LanguageModel
    let plan: RunPlan
    let profile: Profile
    let database: BenchmarkDatabase
    let workshop: AdapterWorkshop
    let searcher: ParameterSearcher
    let scorer: PredictionScorer
    let sequences: Int
    let shouldStop: () -> Bool
    let onWarning: (String) -> Void

    var composer: PromptComposer { PromptComposer(model: model, system: profile.system) }

    var generator: Generator { Generator(model, maximumSequences: sequences) }

    // MARK: Preparing

    /// Makes each cell's adapter and notes what it cost.
    func prepare(_ method: RunPlan.Method, _ work: inout [Work]) throws {
        guard case .composition(let composition) = method.kind else { return }
        for index in work.indices {
            if shouldStop() { throw stopped }
            let setting = plan.settings[work[index].setting].record
            let recipe = composition.recipe
            if let search = method.search {
                try prepare(search, of: method, setting, &work[index])
                work[index].cell = try database.saveCell(work[index].cell)
                continue
            }
            switch recipe {
            case .prompt, .searched: continue
            case .mainAdapter:
                let main = try workshop.adapter(task: setting.main)
                work[index].adapter = main.adapter
                work[index].cell.adapterID = main.record.id
            case .twoPasses:
                _ = try parents(setting)
                work[index].cell.passes = 2
            case .merge(let merge):
                let parents = try parents(setting)
                work[index].adapter = try merge(parents.map(\.adapter), profile.seed)
                try note(recipe.cost(for: parents.map(\.adapter)), in: &work[index].cell)
            case .learned(let learned):
                let parents = try parents(setting)
                let made = try workshop.adapter(
                    setting: setting, method: composition, recipe: learned, parents: parents)
                work[index].adapter = made.adapter
                work[index].cell.adapterID = made.record.id
                work[index].cell.trainingTokens = made.record.trainTokens
                work[index].cell.trainingSeconds = made.record.seconds
                try note(recipe.cost(for: parents.map(\.adapter)), in: &work[index].cell)
            }
            work[index].cell = try database.saveCell(work[index].cell)
        }
    }

    /// Makes the adapter of a cell with the parameters that a search chose; one of its own is kept.
    private func prepare(
        _ search: PlannedSearch, of method: RunPlan.Method, _ setting: SettingRecord, _ item: inout Work
    ) throws {
        let found = try searcher.find(search, named: method.record.name, for: setting)
        let parents = try parents(setting).map(\.adapter)
        let adapter = try search.recipe.adapter(found.parameters, parents, profile.seed)
        item.adapter = adapter
        item.cell.searchID = found.record.id
        try note(search.cost, in: &item.cell)
        guard case .composition(let composition) = method.kind, case .searched = composition.recipe else { return }
        item.cell.adapterID = try searcher.keep(adapter, of: found, cost: search.cost, for: setting).id
    }

    private func note(_ cost: CompositionCost, in cell: inout CellRecord) throws {
        cell.extraParameters = cost.extraParameters
        cell.compositionBytes = cost.compositionBytes
        cell.passes = cost.passes
    }

    private func parents(_ setting: SettingRecord) throws -> [AdapterWorkshop.Made] {
        try [setting.main, setting.auxiliary].compactMap { $0 }.map { try workshop.adapter(task: $0) }
    }

    var stopped: RunError { RunError(.stopped, "stopped; run the same command to go on") }

    // MARK: Running

    /// Answers every missing example and stores each answer as it comes.
    func run(_ method: RunPlan.Method, _ work: [Work], onStored: (String) -> Void) throws {
        switch method.kind {
        case .sanity(let row): try answer(row, work, onStored)
        case .composition(let composition):
            switch composition.recipe {
            case .twoPasses(let order): try answerInTwoPasses(work, order, onStored)
            case .prompt(let shots, let choice):
                try answerInOnePass(work, shots: shots, choice: choice, onStored)
            case .mainAdapter, .merge, .searched, .learned:
                try answerInOnePass(work, shots: 0, choice: .first, onStored)
            }
        }
        if shouldStop() { throw stopped }
    }

    private func answer(_ row: SanityRow, _ work: [Work], _ onStored: (String) -> Void) throws {
        for item in work {
            let setting = plan.settings[item.setting]
            let answers = item.examples.map { example in
                let text = row.answer(
                    input: example.input, reference: example.reference,
                    other: setting.otherReference(than: example))
                return scored(
                    PredictionRecord(
                        cellID: item.cell.id, exampleID: example.id, text: text, promptTokens: 0, generatedTokens: 0,
                        finish: .none, seconds: 0), example, item.setting)
            }
            try database.savePredictions(answers)
            for _ in answers { onStored(plan.settings[item.setting].record.name) }
        }
    }

    /// One answer to be generated: which cell and example it belongs to.
    struct Slot {
        let work: Int
        let example: ExampleRecord
    }

    private func answerInOnePass(
        _ work: [Work], shots: Int, choice: ExampleChoice, _ onStored: (String) -> Void
    ) throws {
        var slots: [Slot] = []
        var requests: [GenerationRequest] = []
        for (index, item) in work.enumerated() {
            let setting = plan.settings[item.setting].record
            let adapter = try item.adapter.map { try PreparedAdapter($0, for: model.configuration) }
            let shown = try WorkedExamples(
                shots, choice, of: setting, in: database, seed: profile.seed, newTokens: profile.newTokens)
            var shortened = 0
            for example in item.examples {
                let prompt = shown.prompt(for: example, composer)
                shortened += prompt.isShortened ? 1 : 0
                requests.append(
                    GenerationRequest(
                        id: slots.count, prompt: prompt.tokens, adapter: adapter,
                        maximumNewTokens: profile.newTokens, sampling: profile.sampling,
                        stream: UInt64(bitPattern: example.id)))
                slots.append(Slot(work: index, example: example))
            }
            guard shortened > 0 else { continue }
            onWarning(
                "fewer than \(shots) worked examples are shown for \(shortened) of \(item.examples.count) questions of "
                    + "\(setting.name): no more fit the model's context of \(model.configuration.contextLength) tokens")
        }
        try generator.generate(requests, shouldStop: shouldStop) { result in
            let slot = slots[result.id]
            try store(result, text(result), slot, work[slot.work], onStored)
        }
    }

    // MARK: Storing

    func text(_ result: GenerationResult) -> String {
        model.tokenizer.decode(result.tokens).trimmingWhitespace()
    }

    func store(
        _ result: GenerationResult, _ text: String, _ slot: Slot, _ item: Work, _ onStored: (String) -> Void,
        intermediate: String? = nil, generated: Int? = nil
    ) throws {
        let prediction = PredictionRecord(
            cellID: item.cell.id, exampleID: slot.example.id, text: text, intermediate: intermediate,
            promptTokens: result.promptTokens, generatedTokens: generated ?? result.tokens.count,
            finish: result.finish == .stop ? .stop : .length, seconds: result.seconds)
        try database.savePredictions([scored(prediction, slot.example, item.setting)])
        onStored(plan.settings[item.setting].record.name)
    }

    private func scored(_ prediction: PredictionRecord, _ example: ExampleRecord, _ setting: Int) -> ScoredPrediction {
        let record = plan.settings[setting].record
        let translates = record.targetKind == .language
        let values = scorer.scores(
            prediction: prediction.text, references: plan.settings[setting].references(of: example),
            language: translates ? record.target ?? plan.corpusLanguage : plan.corpusLanguage,
            source: translates ? example.input : nil)
        return ScoredPrediction(
            prediction,
            scores: values.map { ScoreRecord(metric: $0.metric, signature: $0.signature, value: $0.value) })
    }
}

extension String {
    /// Without blanks and line ends at both ends.
    func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
