import CKernels
import Foundation

/// One prompt to be continued.
public struct GenerationRequest: Sendable {
    /// What the caller knows the request by.
    public var id: Int
    /// The prompt's tokens.
    public var prompt: [Int32]
    /// The adapter under which the whole sequence runs; nil for the base model.
    public var adapter: PreparedAdapter?
    /// The most tokens to generate.
    public var maximumNewTokens: Int
    /// Whether a token that ends a turn ends the continuation; measurements say false, so as to have equal lengths.
    public var stopsAtEndOfTurn: Bool

    public init(
        id: Int, prompt: [Int32], adapter: PreparedAdapter? = nil, maximumNewTokens: Int, stopsAtEndOfTurn: Bool = true
    ) {
        self.id = id
        self.stopsAtEndOfTurn = stopsAtEndOfTurn
        self.prompt = prompt
        self.adapter = adapter
        self.maximumNewTokens = maximumNewTokens
    }
}

/// A continuation.
public struct GenerationResult: Sendable, Equatable {
    /// Why generation ended.
    public enum Finish: String, Sendable {
        /// The model ended its turn; the stop token is not part of `tokens`.
        case stop
        /// The length limit was reached.
        case length
    }
    /// The request's id.
    public var id: Int
    /// The new tokens.
    public var tokens: [Int32]
    public var finish: Finish
    /// How many tokens the prompt had.
    public var promptTokens: Int
    /// This request's share of the time: each step's seconds divided by its rows, times the request's rows.
    public var seconds: Double
}

/// Greedy decoding of many prompts at once, each under its own adapter.
///
/// Rows of a step are the next tokens of all sequences in flight plus chunks of waiting prompts, so that the kernels
/// always have rows to work on. A result does not depend on what else was in the batch, nor on the number of threads.
public struct Generator: Sendable {
    private let model: LanguageModel
    /// Sequences in flight at once.
    public var maximumSequences: Int
    /// Rows of a step: new tokens plus prompt chunks.
    public var maximumRows: Int
    /// For tests: called with a request's id and the logits `[V]` behind each of its new tokens.
    package var onLogits: (@Sendable (_ id: Int, _ logits: [Float]) -> Void)?

    public init(_ model: LanguageModel, maximumSequences: Int = 32, maximumRows: Int = 128) {
        self.model = model
        self.maximumSequences = max(1, maximumSequences)
        self.maximumRows = max(maximumRows, self.maximumSequences + 1)
    }

    private final class Sequence {
        let request: GenerationRequest
        let cache: KeyValueCache
        var generated: [Int32] = []
        /// Tokens whose keys are in the cache.
        var position = 0
        var seconds = 0.0

        init(_ request: GenerationRequest, _ configuration: ModelConfiguration) {
            self.request = request
            cache = KeyValueCache(
                positions: request.prompt.count + request.maximumNewTokens, configuration: configuration)
        }

        var isPrefilling: Bool { position < request.prompt.count }
    }

    /// Continues every prompt, and hands over each result as soon as it is complete.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before every step; true ends the work with what is complete so far.
    ///   - onFinish: called on the caller's thread; an error it throws ends the work and is thrown on.
    /// - Throws: `ModelError` for a prompt that is empty, too long or has unknown tokens, before any work is done.
    public func generate(
        _ requests: [GenerationRequest], shouldStop: () -> Bool = { false },
        onFinish: (GenerationResult) throws -> Void
    ) throws {
        for request in requests {
            let (length, overflow) = request.prompt.count.addingReportingOverflow(max(0, request.maximumNewTokens))
            try model.check(request.prompt, upTo: overflow ? .max : length)
            try check(request.adapter)
        }
        guard let longest = requests.map({ $0.prompt.count + max(0, $0.maximumNewTokens) }).max() else { return }
        let stops = model.tokenizer.endOfTurnTokens
        let forward = ForwardPass(
            model, maximumRows: maximumRows, positions: longest,
            adapterWidth: requests.compactMap { $0.adapter?.width }.max() ?? 0)
        let logits = FloatBuffer((maximumSequences) * model.configuration.vocabularySize)
        // Waiting requests of one adapter stay together, so that a step has few different adapters.
        var waiting = ArraySlice(Self.grouped(requests))
        var active: [Sequence] = []
        while !(waiting.isEmpty && active.isEmpty), !shouldStop() {
            while active.count < maximumSequences, let next = waiting.popFirst() {
                if next.maximumNewTokens <= 0 {
                    try onFinish(
                        GenerationResult(
                            id: next.id, tokens: [], finish: .length, promptTokens: next.prompt.count, seconds: 0))
                    continue
                }
                active.append(Sequence(next, model.configuration))
            }
            guard !active.isEmpty else { break }
            active = try advance(active, forward, logits, stops, onFinish)
        }
    }

    /// Requests in an order that keeps those of one adapter together (by first appearance).
    private static func grouped(_ requests: [GenerationRequest]) -> [GenerationRequest] {
        var order: [ObjectIdentifier?: Int] = [:]
        for request in requests {
            let key = request.adapter.map(ObjectIdentifier.init)
            if order[key] == nil { order[key] = order.count }
        }
        return requests.enumerated().sorted {
            let left = order[$0.element.adapter.map(ObjectIdentifier.init)] ?? 0
            let right = order[$1.element.adapter.map(ObjectIdentifier.init)] ?? 0
            return (left, $0.offset) < (right, $1.offset)
        }.map(\.element)
    }

    /// One step for all sequences in flight; returns those that go on.
    private func advance(
        _ active: [Sequence], _ forward: ForwardPass, _ logits: FloatBuffer, _ stops: Set<Int32>,
        _ onFinish: (GenerationResult) throws -> Void
    ) throws -> [Sequence] {
        var budget = maximumRows - active.lazy.filter { !$0.isPrefilling }.count
        var segments: [ForwardPass.Segment] = []
        var tokens: [Int32] = []
        var stepped: [(sequence: Sequence, rows: Int)] = []
        var drawing: [(sequence: Sequence, row: Int)] = []
        for sequence in active {
            let prompt = sequence.request.prompt
            let count = sequence.isPrefilling ? min(budget, prompt.count - sequence.position) : 1
            guard count > 0 else { continue }
            segments.append(
                ForwardPass.Segment(
                    cache: sequence.cache, adapter: sequence.request.adapter, row: tokens.count, count: count,
                    position: sequence.position))
            if sequence.isPrefilling {
                budget -= count
                tokens.append(contentsOf: prompt[sequence.position..<sequence.position + count])
            } else if let last = sequence.generated.last {
                tokens.append(last)
            }
            sequence.position += count
            stepped.append((sequence, count))
            if !sequence.isPrefilling { drawing.append((sequence, tokens.count - 1)) }
        }
        let start = ContinuousClock.now
        forward.run(segments: segments, tokens: tokens, logitRows: drawing.map(\.row), logits: logits)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        for (sequence, rows) in stepped { sequence.seconds += seconds * Double(rows) / Double(tokens.count) }
        var finished: [ObjectIdentifier: GenerationResult.Finish] = [:]
        for (index, drawn) in drawing.enumerated() {
            let size = model.configuration.vocabularySize
            let token = Int32(ck_argmax(logits.pointer + index * size, size))
            let sequence = drawn.sequence
            onLogits?(sequence.request.id, logits.values(index * size..<(index + 1) * size))
            if sequence.request.stopsAtEndOfTurn, stops.contains(token) {
                finished[ObjectIdentifier(sequence)] = .stop
            } else {
                sequence.generated.append(token)
                if sequence.generated.count >= sequence.request.maximumNewTokens {
                    finished[ObjectIdentifier(sequence)] = .length
                }
            }
        }
        for (sequence, _) in stepped {
            guard let finish = finished[ObjectIdentifier(sequence)] else { continue }
            try onFinish(
                GenerationResult(
                    id: sequence.request.id, tokens: sequence.generated, finish: finish,
                    promptTokens: sequence.request.prompt.count, seconds: sequence.seconds))
        }
        return active.filter { finished[ObjectIdentifier($0)] == nil }
    }

    private func check(_ adapter: PreparedAdapter?) throws(ModelError) {
        guard let adapter, !adapter.fits(model.configuration) else { return }
        throw ModelError(
            .badAdapter, "the adapter was prepared for a model of other sizes; prepare it for this one",
            file: model.url.path)
    }

    /// The logits of every position of a sequence, `[tokens.count, V]`: for tests, likelihoods and comparison.
    ///
    /// - Throws: `ModelError` for tokens that do not fit the model.
    public func logits(of tokens: [Int32], adapter: PreparedAdapter? = nil) throws(ModelError) -> [Float] {
        try model.check(tokens, upTo: tokens.count)
        try check(adapter)
        let size = model.configuration.vocabularySize
        let forward = ForwardPass(
            model, maximumRows: tokens.count, positions: tokens.count, adapterWidth: adapter?.width ?? 0)
        let cache = KeyValueCache(positions: tokens.count, configuration: model.configuration)
        let logits = FloatBuffer(tokens.count * size)
        let segment = ForwardPass.Segment(
            cache: cache, adapter: adapter, row: 0, count: tokens.count, position: 0)
        forward.run(segments: [segment], tokens: tokens, logitRows: Array(tokens.indices), logits: logits)
        return logits.values(0..<logits.count)
    }
}
