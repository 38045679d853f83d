import Foundation
import ModelEngine

/// What `braid bench` can measure, and how.
enum BenchPart: String, CaseIterable {
    case peak, prefill, decode, job, mixed, training, start, memory, likelihood

    /// What is measured unless something is named: what needs no corpus.
    static let standard = allCases.filter { $0 != .likelihood }
}

/// One figure, with the work behind it.
struct BenchFigure: Encodable {
    var name: String
    var value: Double
    var unit: String
    /// What it is a share of, or how the figure is to be read; empty where the name says it all.
    var note = ""
}

/// Measures one model in one precision.
struct EngineBench {
    let model: LanguageModel
    let options: ModelOptions
    let watch: Stopwatch

    /// The figures of a part; none where the model cannot do it.
    func measure(_ part: BenchPart) throws -> [BenchFigure] {
        switch part {
        case .peak:
            let peak = model.measuredPeak()
            return [
                BenchFigure(
                    name: "micro-kernel's peak", value: peak / 1e9, unit: "Gop/s",
                    note: "panels in the caches, all threads")
            ]
        case .prefill: return try prefill()
        case .decode: return try [1, 8, 32].map(decode)
        case .job: return [try job("job, 1 adapter", adapters: 1, groups: true)]
        case .mixed:
            let one = try job("", adapters: 1, groups: true).value
            return try [true, false].map { groups in
                var figure = try job(
                    groups ? "job, 8 adapters" : "job, 8 adapters in order", adapters: 8, groups: groups)
                figure.note =
                    String(format: "%.2f of the speed with one", one / figure.value)
                    + (groups ? "" : ": every batch mixes all of them")
                return figure
            }
        case .training: return try training()
        case .start: return [try start()]
        case .memory: return [try memory()]
        case .likelihood: return []
        }
    }

    private func prefill() throws -> [BenchFigure] {
        let tokens = 512
        let job = BenchJob(model: model)
        var generator = Generator(model)
        generator.maximumRows = tokens
        let request = GenerationRequest(id: 0, prompt: job.tokens(tokens, salt: 1), maximumNewTokens: 1)
        let seconds = try watch.median { try generator.generate([request]) { _ in } }
        let rate = model.operations(ofPrompt: tokens) / seconds
        let peak = model.measuredPeak()
        return [
            BenchFigure(
                name: "prefill of \(tokens)", value: Double(tokens) / seconds, unit: "tokens/s",
                note: String(format: "%.0f Gop/s, %.0f %% of the peak", rate / 1e9, 100 * rate / peak))
        ]
    }

    private func decode(_ batch: Int) throws -> BenchFigure {
        let job = BenchJob(model: model)
        let requests = (0..<batch).map {
            GenerationRequest(id: $0, prompt: job.tokens(16, salt: $0), maximumNewTokens: 64, stopsAtEndOfTurn: false)
        }
        let seconds = try watch.median { try Generator(model).generate(requests) { _ in } }
        return BenchFigure(name: "decode, \(batch) at once", value: Double(batch * 64) / seconds, unit: "tokens/s")
    }

    private func job(_ name: String, adapters: Int, groups: Bool) throws -> BenchFigure {
        let job = BenchJob(model: model)
        let requests = job.requests(
            try (0..<adapters).map { try PreparedAdapter(job.adapter($0), for: model.configuration) })
        var generator = Generator(model)
        generator.groupsAdapters = groups
        let seconds = try watch.median { try generator.generate(requests) { _ in } }
        let tokens = requests.reduce(0) { $0 + $1.prompt.count + $1.maximumNewTokens }
        return BenchFigure(
            name: name, value: seconds, unit: "s", note: String(format: "%.0f tokens/s", Double(tokens) / seconds))
    }

    private func training() throws -> [BenchFigure] {
        guard model.precision == .float32 else { return [] }
        let job = BenchJob(model: model)
        let trainer = try Trainer(model)
        let session = try TrainingSession(
            trainer, TrainableAdapter(training: job.adapter(0)), options: TrainingOptions())
        let examples = (0..<8).map { TrainingExample(tokens: job.tokens(257, salt: $0), answerStart: 193) }
        let seconds = try watch.median { _ = try session.step(examples, learningRate: 1e-5) }
        return [
            BenchFigure(
                name: "LoRA training, 8 × 256 tokens", value: seconds, unit: "s",
                note: String(format: "%.0f tokens/s, rank 8, 64 answer tokens each", 8 * 256 / seconds))
        ]
    }

    /// A fresh process, from its start to its first token.
    private func start() throws -> BenchFigure {
        let seconds = try watch.median { _ = try BenchChild.start.run(options) }
        return BenchFigure(name: "start to first token", value: seconds, unit: "s", note: "a new process")
    }

    private func memory() throws -> BenchFigure {
        BenchFigure(
            name: "peak memory", value: try BenchChild.memory.run(options) / 1e6, unit: "MB",
            note: "a new process, 64 sequences of 256 tokens")
    }
}
