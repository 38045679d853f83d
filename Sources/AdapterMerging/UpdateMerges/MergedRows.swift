import CKernels
import ModelEngine

/// The rows of a layer's merged update, made one after another from the pruned updates of the members.
///
/// A stretch of rows goes from the factors through pruning to the sum without leaving the caches.
struct MergedRows {
    /// How the entries at one place become one.
    enum Rule {
        /// Σ fᵢ Tᵢ.
        case sum
        /// As `SignElection`, with fᵢ and dᵢ.
        case elected(SignElection.Vote, shares: [Float])
    }

    private let members: [FactorRows]
    private var pruners: [EntryPruner]
    private let rule: Rule
    private let factors: [Float]
    /// Whether fᵢ are multiplied in before the election.
    private let weighsFirst: Bool
    /// What the results are divided by and multiplied by.
    private let divisor: Float
    private let lambda: Float
    private let inputs: Int
    /// The members' rows of a stretch; new memory for each would cost more than to make them.
    private var room: [Float] = []

    init(
        _ members: [FactorRows], pruners: [EntryPruner], rule: Rule, factors: [Float], weighsFirst: Bool = false,
        divisor: Float = 1, lambda: Float = 1
    ) {
        self.members = members
        self.pruners = pruners
        self.rule = rule
        self.factors = factors
        self.weighsFirst = weighsFirst
        self.divisor = divisor
        self.lambda = lambda
        inputs = members[0].inputs
    }

    /// Writes the next rows; each is asked for once, in their order.
    ///
    /// - Parameters:
    ///   - target: where the first one goes.
    ///   - stride: numbers from a row to the next.
    mutating func write(_ rows: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int) {
        let step = FactorRows.stretch(inputs: inputs)
        // Behind each member's rows there is room for the last vector of a short row.
        let length = (step * inputs + 31) / 16 * 16
        if room.isEmpty { room = Array(repeating: 0, count: length * members.count + inputs + 16) }
        var own = room
        room = []
        defer { room = own }
        own.withUnsafeMutableBufferPointer { room in
            guard let start = room.baseAddress else { return }
            for first in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
                let part = first..<min(first + step, rows.upperBound)
                for index in members.indices {
                    let entries = UnsafeMutableBufferPointer(
                        start: start + index * length, count: part.count * inputs)
                    guard let place = entries.baseAddress else { return }
                    members[index].write(part, into: place)
                    pruners[index].prune(entries)
                    guard weighsFirst, factors[index] != 1 else { continue }
                    for entry in entries.indices { entries[entry] *= factors[index] }
                }
                for row in part {
                    combine(
                        members.indices.map { UnsafePointer(start + $0 * length + (row - first) * inputs) },
                        into: target + (row - rows.lowerBound) * stride, spare: start + members.count * length)
                }
            }
        }
    }

    private func combine(
        _ tensors: [UnsafePointer<Float>], into target: UnsafeMutablePointer<Float>, spare: UnsafeMutablePointer<Float>
    ) {
        // The kernels write 16 entries at least.
        let isShort = inputs < 16
        let sum = isShort ? spare : target
        let factors = weighsFirst ? factors.map { _ in 1 } : factors
        let pointers = tensors.map { Optional($0) }
        let count = max(inputs, 16)
        switch rule {
        case .sum: ck_add_weighted(pointers, tensors.count, count, factors, sum)
        case .elected(let vote, let shares):
            ck_elect(pointers, tensors.count, count, factors, shares, vote.kernel, sum)
        }
        if divisor != 1 { for index in 0..<inputs { sum[index] /= divisor } }
        if lambda != 1 { for index in 0..<inputs { sum[index] *= lambda } }
        if isShort { target.update(from: spare, count: inputs) }
    }

    /// All rows, `[outputs, inputs]`.
    func dense() -> [Float] {
        var rows = self
        return [Float](unsafeUninitializedCapacity: outputs * inputs) { dense, count in
            guard let start = dense.baseAddress else { return }
            rows.write(0..<outputs, into: start, stride: inputs)
            count = outputs * inputs
        }
    }

    var outputs: Int { members[0].count / inputs }
    var columns: Int { inputs }
}
