import CKernels
import Foundation

/// Continues many prompts at once, each under its own adapter; greedily unless a request says otherwise.
///
/// Rows of a step are the next tokens of all sequences in flight plus chunks of waiting prompts, so that the kernels
/// always have rows to work on. A result does not depend on what else was in the batch, nor on the number of threads.
public struct Generator: Sendable {
    /// Sequences in flight at once where nobody says otherwise.
    public static let standardSequences = 32

    let model: LanguageModel
    /// Sequences in flight at once.
    public var maximumSequences: Int
    /// Rows of a step: new tokens plus prompt chunks.
    public var maximumRows: Int
    /// The most bytes of keys and values in flight; one sequence always fits. Fewer sequences are in flight where they
    /// are long.
    public var maximumCacheBytes = 208 << 20
    /// The most rows of one prompt in a step; nil leaves it to `maximumRows`.
    public var longestChunk: Int?
    /// Whether prompts of one adapter that begin alike go through their common beginning once.
    public var sharesPrefixes = true
    /// Whether requests of one adapter run together; false keeps the order given, for measuring mixed batches.
    public var groupsAdapters = true
    /// For tests: called with a request's id and the logits `[V]` behind each of its new tokens.
    package var onLogits: (@Sendable (_ id: Int, _ logits: [Float]) -> Void)?

    /// For tests: called with the number of rows of each step.
    package var onStep: (@Sendable (_ rows: Int) -> Void)?

    public init(_ model: LanguageModel, maximumSequences: Int = standardSequences, maximumRows: Int = 128) {
        self.model = model
        self.maximumSequences = max(1, maximumSequences)
        self.maximumRows = max(maximumRows, self.maximumSequences + 1)
    }

    /// Continues every prompt, and hands over each result as soon as it is complete.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before every step; true ends the work with what is complete so far.
    ///   - onFinish: called on the caller's thread; an error it throws ends the work and is thrown on.
    /// - Throws: `ModelError` for a prompt that is empty, too long or has unknown tokens, and for sampling options out of
    ///   range, before any work is done.
    public func generate(
        _ requests: [GenerationRequest], shouldStop: () -> Bool = { false },
        onFinish: (GenerationResult) throws -> Void
    ) throws {
        for request in requests {
            let (length, overflow) = request.prompt.count.addingReportingOverflow(max(0, request.maximumNewTokens))
            try model.check(request.prompt, upTo: overflow ? .max : length)
            try check(request.adapter)
            try request.sampling.check()
        }
        for request in requests where request.maximumNewTokens <= 0 {
            try onFinish(
                GenerationResult(
                    id: request.id, tokens: [], finish: .length, promptTokens: request.prompt.count, seconds: 0))
        }
        let work = requests.filter { $0.maximumNewTokens > 0 }
        guard let longest = work.map(\.longest).max() else { return }
        let forward = ForwardPass(
            model, maximumRows: maximumRows, positions: longest,
            adapterWidth: work.compactMap { $0.adapter?.width }.max() ?? 0)
        let logits = FloatBuffer(
            uninitialized: min(maximumSequences, work.count) * model.configuration.vocabularySize)
        var schedule = Schedule(work, self, model.configuration)
        while !schedule.isDone, !shouldStop() {
            try schedule.admit()
            schedule.remove(try advance(schedule.step(), forward, logits, onFinish))
        }
    }

    /// One step for all sequences in flight; returns those that are finished.
    private func advance(
        _ parts: [Schedule.Part], _ forward: ForwardPass, _ logits: FloatBuffer,
        _ onFinish: (GenerationResult) throws -> Void
    ) throws -> [Schedule.Sequence] {
        var segments: [ForwardPass.Segment] = []
        var tokens: [Int32] = []
        var drawing: [(sequence: Schedule.Sequence, row: Int)] = []
        for part in parts {
            let sequence = part.sequence
            segments.append(
                ForwardPass.Segment(
                    cache: sequence.cache, adapter: sequence.request.adapter, row: tokens.count, count: part.count,
                    position: sequence.position))
            if sequence.isPrefilling {
                tokens += sequence.request.prompt[sequence.position..<sequence.position + part.count]
            } else if let last = sequence.generated.last {
                tokens.append(last)
            }
            sequence.position += part.count
            if !sequence.isPrefilling { drawing.append((sequence, tokens.count - 1)) }
        }
        onStep?(tokens.count)
        let start = ContinuousClock.now
        forward.run(segments: segments, tokens: tokens, logitRows: drawing.map(\.row), logits: logits)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        for part in parts { part.sequence.seconds += seconds * Double(part.count) / Double(tokens.count) }
        var finished: [Schedule.Sequence] = []
        for (index, drawn) in drawing.enumerated() {
            guard let finish = draw(drawn.sequence, logits, index) else { continue }
            finished.append(drawn.sequence)
            try onFinish(
                GenerationResult(
                    id: drawn.sequence.request.id, tokens: drawn.sequence.generated, finish: finish,
                    promptTokens: drawn.sequence.request.prompt.count, seconds: drawn.sequence.seconds))
        }
        return finished
    }

    /// Chooses a sequence's next token from a row of the logits; says why the sequence ends, if it does.
    private func draw(_ sequence: Schedule.Sequence, _ logits: FloatBuffer, _ row: Int) -> GenerationResult.Finish? {
        let size = model.configuration.vocabularySize
        onLogits?(sequence.request.id, logits.values(row * size..<(row + 1) * size))
        let token = sequence.sampler.next(logits.pointer + row * size, count: size)
        if sequence.request.stopsAtEndOfTurn, model.tokenizer.endOfTurnTokens.contains(token) { return .stop }
        sequence.generated.append(token)
        return sequence.generated.count >= sequence.request.maximumNewTokens ? .length : nil
    }

    func check(_ adapter: PreparedAdapter?) throws(ModelError) {
        guard let adapter, !adapter.fits(model.configuration) else { return }
        throw ModelError(
            .badAdapter, "the adapter was prepared for a model of other sizes; prepare it for this one",
            file: model.url.path)
    }

    /// The logits of every position of a sequence, `[tokens.count, V]`: for tests, likelihoods and comparison.
    ///
    /// - Throws: `ModelError` for tokens that do not fit the model.
    public func logits(of tokens: [Int32], adapter: PreparedAdapter? = nil) throws(ModelError) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(tokens.count * model.configuration.vocabularySize)
        try forEachLogits(of: tokens, from: 0, adapter: adapter) { _, logits, count in
            result.append(contentsOf: UnsafeBufferPointer(start: logits, count: count))
        }
        return result
    }
}
