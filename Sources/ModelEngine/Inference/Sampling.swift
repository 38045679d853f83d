import CKernels
import SeededRandom

/// How the next token is chosen from the logits.
///
/// The steps are those of the reference implementation, in its order: temperature, the `topK` most probable, of those
/// the most probable that together reach `topP`, then a draw in proportion to what is left.
public struct SamplingOptions: Sendable, Equatable, Codable {
    /// What the logits are divided by, 0 or more; 0 takes the most probable token, and of equal ones the least id.
    public var temperature: Float
    /// How many of the most probable tokens may be drawn; 0 for all.
    public var topK: Int
    /// The probability in 0 < p ≤ 1 that the tokens which may be drawn reach together; 1 for all.
    public var topP: Float
    /// What all draws follow from, together with the number of the sequence.
    public var seed: UInt64

    /// Options; the defaults are greedy.
    public init(temperature: Float = 0, topK: Int = 0, topP: Float = 1, seed: UInt64 = 0) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.seed = seed
    }

    /// Reads options; what is missing has its default.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            temperature: try values.decodeIfPresent(Float.self, forKey: .temperature) ?? 0,
            topK: try values.decodeIfPresent(Int.self, forKey: .topK) ?? 0,
            topP: try values.decodeIfPresent(Float.self, forKey: .topP) ?? 1,
            seed: try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0)
    }

    /// Whether the most probable token is always taken.
    public var isGreedy: Bool { temperature == 0 || topK == 1 }

    /// Checks the ranges.
    ///
    /// - Throws: `badValue` whose key is the option's name.
    public func check() throws(ModelError) {
        guard temperature >= 0, temperature.isFinite else {
            throw ModelError(
                .badValue, "the temperature is \(temperature); give 0 for greedy decoding, or a positive number",
                key: "temperature")
        }
        guard topK >= 0 else {
            throw ModelError(.badValue, "topK is \(topK); give 0 for all tokens, or how many to keep", key: "topK")
        }
        guard topP > 0, topP <= 1 else {
            throw ModelError(.badValue, "topP is \(topP); give a number above 0, and at most 1 for all", key: "topP")
        }
    }
}

/// Draws the tokens of one sequence.
///
/// The draws follow from the options and the sequence's number alone: not from other sequences of a batch, and not from
/// the machine, since the exponentials are the engine's own and every sum has one order.
///
/// ```swift
/// var sampler = try Sampler(SamplingOptions(temperature: 0.8, topP: 0.95, seed: 1), stream: 7)
/// let token = sampler.next(logits, count: vocabularySize)
/// ```
public struct Sampler: Sendable {
    private let options: SamplingOptions
    private var random: SeededGenerator
    // Scratch, kept between tokens: ids that may be drawn, and the logits or probabilities of these in the same order.
    private var kept: [Int32] = []
    private var values: [Float] = []

    /// A sampler at the start of a sequence.
    ///
    /// - Parameters:
    ///   - options: How to choose.
    ///   - stream: The sequence's own number; each has its own draws under one seed.
    /// - Throws: `badValue` for options out of range.
    public init(_ options: SamplingOptions, stream: UInt64) throws(ModelError) {
        try options.check()
        self.options = options
        random = SeededGenerator(seed: options.seed, purpose: "sampling \(stream)")
    }

    /// The next token; one random number is used for it unless the choice is greedy.
    ///
    /// - Parameters:
    ///   - logits: `[V]`, left as they are; those that are not numbers are never drawn.
    ///   - count: V, at least 1.
    /// - Returns: A token id in `0 ..< count`.
    /// - Complexity: O(V), for `topK` = k in the worst case O(V log k); and a sort of part of what `topP` is to choose from.
    public mutating func next(_ logits: UnsafePointer<Float>, count: Int) -> Int32 {
        precondition(count > 0, "there is no token to choose")
        let best = Self.best(logits, count)
        let most = logits[Int(best)]
        guard !options.isGreedy, most.isFinite else { return best }
        if options.topK > 0, options.topK < count {
            keepLargest(options.topK, logits, count)
            // From here on in the order of ids, in which draws are made.
            kept.sort()
        } else {
            kept.removeAll(keepingCapacity: true)
            kept.append(contentsOf: 0..<Int32(count))
        }
        values.removeAll(keepingCapacity: true)
        for id in kept {
            // Against the largest before the division, so that a tiny temperature cannot make both infinite.
            let below = (logits[Int(id)] - most) / options.temperature
            values.append(below.isNaN ? -.infinity : below)
        }
        values.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { ck_softmax(base, buffer.count, buffer.count, 1) }
        }
        if options.topP < 1 { keepNucleus() }
        return draw()
    }

    /// The id of the largest logit, the least of equal ones; 0 if none is a number.
    private static func best(_ logits: UnsafePointer<Float>, _ count: Int) -> Int32 {
        var best = 0
        for id in 1..<max(1, count) where logits[id] > logits[best] || logits[best].isNaN && !logits[id].isNaN {
            best = id
        }
        return Int32(best)
    }

    /// Fills `kept` with the ids of the largest logits, in no order: a heap whose root is the worst that is kept.
    private mutating func keepLargest(_ size: Int, _ logits: UnsafePointer<Float>, _ count: Int) {
        func isWorse(_ first: Int32, _ second: Int32) -> Bool {
            let (left, right) = (logits[Int(first)], logits[Int(second)])
            if left.isNaN || right.isNaN { return left.isNaN && (!right.isNaN || first > second) }
            return left < right || left == right && first > second
        }
        kept.removeAll(keepingCapacity: true)
        kept.append(contentsOf: 0..<Int32(size))
        for root in (0..<size / 2).reversed() { kept.sink(root, size, before: isWorse) }
        for id in Int32(size)..<Int32(count) where isWorse(kept[0], id) {
            kept[0] = id
            kept.sink(0, size, before: isWorse)
        }
    }

    /// Leaves in `kept` and `values` the fewest of the largest probabilities that reach `topP`, in the order of ids.
    ///
    /// Probabilities are put into buckets by their leading bits, eight to an octave. Whatever is in one bucket is larger than
    /// all in the next, so only the bucket in which `topP` is reached has to be sorted.
    private mutating func keepNucleus() {
        func bucket(_ probability: Float) -> Int { Int(probability.bitPattern >> 20) }
        var last = bucket(1)
        var sums = [Double](repeating: 0, count: last + 1)
        for value in values { sums[bucket(value)] += Double(value) }
        let goal = Double(options.topP) * sums.reduce(0, +)
        var sum = 0.0
        while last > 0, sum + sums[last] < goal {
            sum += sums[last]
            last -= 1
        }
        let ranked = values.indices.filter { bucket(values[$0]) == last }
            .sorted { values[$0] > values[$1] || values[$0] == values[$1] && $0 < $1 }
        var end = 0
        while end < ranked.count, sum < goal {
            sum += Double(values[ranked[end]])
            end += 1
        }
        // The least that is taken; equal ones are taken in the order of ids.
        guard end > 0 else { return }
        let (least, place) = (values[ranked[end - 1]], ranked[end - 1])
        var size = 0
        for index in values.indices where values[index] > least || values[index] == least && index <= place {
            kept[size] = kept[index]
            values[size] = values[index]
            size += 1
        }
        kept.removeLast(kept.count - size)
        values.removeLast(values.count - size)
    }

    /// Draws one of `kept` in proportion to `values`.
    private mutating func draw() -> Int32 {
        let goal = random.nextUniform() * values.reduce(0.0) { $0 + Double($1) }
        var sum = 0.0
        var last = kept[0]
        for (id, value) in zip(kept, values) where value > 0 {
            sum += Double(value)
            last = id
            if sum > goal { break }
        }
        return last
    }
}

extension [Int32] {
    /// Moves an element of a binary heap of `size` elements down until none of its children goes before it.
    fileprivate mutating func sink(_ start: Int, _ size: Int, before: (Int32, Int32) -> Bool) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < size else { return }
            if child + 1 < size, before(self[child + 1], self[child]) { child += 1 }
            guard before(self[child], self[parent]) else { return }
            swapAt(parent, child)
            parent = child
        }
    }
}
