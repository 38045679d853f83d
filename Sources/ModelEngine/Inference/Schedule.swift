/// Which sequences are in flight, and which rows each has in the next step.
///
/// Requests of one adapter stay together, so that a step has few different adapters. Prompts of one adapter that begin
/// alike follow one another (they are sorted), and each takes over what it shares with the one before it as soon as
/// that one has computed it: a prefix goes through the model once.
struct Schedule {
    /// A request in flight.
    final class Sequence {
        let request: GenerationRequest
        let cache: KeyValueCache
        var sampler: Sampler
        var generated: [Int32] = []
        /// Tokens whose keys are in the cache.
        var position = 0
        var seconds = 0.0
        /// The sequence whose first tokens are the same, and how many; nil when they have been taken over.
        fileprivate var source: (sequence: Sequence, count: Int)?

        fileprivate init(_ request: GenerationRequest, _ cache: KeyValueCache, _ sampler: Sampler) {
            self.request = request
            self.cache = cache
            self.sampler = sampler
        }

        var isPrefilling: Bool { position < request.prompt.count }

        /// Takes over the shared prefix if it has been computed; whether the sequence may go on.
        fileprivate func takeOver() -> Bool {
            guard let source else { return true }
            guard source.sequence.position >= source.count else { return false }
            cache.copyPrefix(source.count, of: source.sequence.cache)
            position = source.count
            self.source = nil
            return true
        }
    }

    /// The rows of one sequence in a step.
    struct Part {
        let sequence: Sequence
        let count: Int
    }

    /// Prefixes shorter than this are computed again: waiting for them costs more.
    private static let shortestPrefix = 16

    private let maximumSequences: Int
    private let maximumRows: Int
    private let longestChunk: Int
    private let maximumCacheBytes: Int
    private let sharesPrefixes: Bool
    private let configuration: ModelConfiguration
    private var waiting: ArraySlice<GenerationRequest>
    private var active: [Sequence] = []
    private var pool: CachePool
    /// The sequence that was admitted last: the next one may begin like it.
    private var latest: Sequence?
    private var bytes = 0

    init(_ requests: [GenerationRequest], _ generator: Generator, _ configuration: ModelConfiguration) {
        maximumSequences = generator.maximumSequences
        maximumRows = generator.maximumRows
        longestChunk = generator.longestChunk ?? generator.maximumRows
        maximumCacheBytes = generator.maximumCacheBytes
        sharesPrefixes = generator.sharesPrefixes
        self.configuration = configuration
        pool = CachePool(configuration)
        waiting = ArraySlice(
            generator.groupsAdapters ? Self.ordered(requests, byPrompt: generator.sharesPrefixes) : requests)
    }

    /// Nothing is in flight or waiting.
    var isDone: Bool { waiting.isEmpty && active.isEmpty }

    /// Requests by adapter (in order of first appearance), then by prompt so that like beginnings are neighbours.
    private static func ordered(_ requests: [GenerationRequest], byPrompt: Bool) -> [GenerationRequest] {
        var order: [ObjectIdentifier?: Int] = [:]
        for request in requests {
            let key = request.adapter.map(ObjectIdentifier.init)
            if order[key] == nil { order[key] = order.count }
        }
        func group(_ request: GenerationRequest) -> Int { order[request.adapter.map(ObjectIdentifier.init)] ?? 0 }
        return requests.enumerated().sorted { left, right in
            let groups = (group(left.element), group(right.element))
            if groups.0 != groups.1 { return groups.0 < groups.1 }
            if byPrompt, left.element.prompt != right.element.prompt {
                return left.element.prompt.lexicographicallyPrecedes(right.element.prompt)
            }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// Puts waiting requests in flight while there is room: one always fits, more as long as their caches do.
    ///
    /// - Throws: `badValue` for sampling options out of range.
    mutating func admit() throws(ModelError) {
        while active.count < maximumSequences, let next = waiting.first {
            let need = KeyValueCache.bytes(positions: next.longest, configuration: configuration)
            guard active.isEmpty || bytes + need <= maximumCacheBytes else { return }
            waiting.removeFirst()
            bytes += need
            let sequence = Sequence(
                next, pool.take(positions: next.longest),
                try Sampler(next.sampling, stream: next.stream))
            if sharesPrefixes, let latest, latest.request.adapter === next.adapter {
                // The last token of a prompt always runs: its logits are needed.
                let common = zip(latest.request.prompt, next.prompt.dropLast()).prefix { $0 == $1 }.count
                if common >= Self.shortestPrefix { sequence.source = (latest, common) }
            }
            // At once where the other is far enough, so that the other's cache can go.
            _ = sequence.takeOver()
            active.append(sequence)
            release(latest)
            latest = sequence
        }
    }

    /// Gives back the cache of a sequence that is neither in flight nor the source of another's prefix.
    private mutating func release(_ sequence: Sequence?) {
        guard let sequence, !active.contains(where: { $0 === sequence || $0.source?.sequence === sequence }) else {
            return
        }
        pool.giveBack(sequence.cache)
    }

    /// The rows of the next step, sequences of one adapter together.
    ///
    /// Every sequence that generates has one row; what is left goes to prompts, oldest first.
    mutating func step() -> [Part] {
        var parts: [Part] = []
        var budget = maximumRows - active.lazy.filter { !$0.isPrefilling }.count
        for sequence in active {
            guard sequence.takeOver() else { continue }
            let left = sequence.request.prompt.count - sequence.position
            let count = sequence.isPrefilling ? min(budget, left, longestChunk) : 1
            guard count > 0 else { continue }
            if sequence.isPrefilling { budget -= count }
            parts.append(Part(sequence: sequence, count: count))
        }
        // In flight they lie in order of admission, which need not be by adapter.
        var order: [ObjectIdentifier?: Int] = [:]
        for part in parts {
            let key = part.sequence.request.adapter.map(ObjectIdentifier.init)
            if order[key] == nil { order[key] = order.count }
        }
        return parts.enumerated().sorted { left, right in
            let groups = [left, right].map {
                order[$0.element.sequence.request.adapter.map(ObjectIdentifier.init)] ?? 0
            }
            return (groups[0], left.offset) < (groups[1], right.offset)
        }.map(\.element)
    }

    /// Takes finished sequences out.
    mutating func remove(_ finished: [Sequence]) {
        for sequence in finished {
            active.removeAll { $0 === sequence }
            bytes -= KeyValueCache.bytes(positions: sequence.request.longest, configuration: configuration)
            if sequence !== latest { release(sequence) }
        }
    }
}
