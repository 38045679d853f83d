import CKernels
import ModelEngine
import SeededRandom

/// How the entries of a dense update are thinned out before updates are summed.
///
/// The density is a share of the entries, above 0 and at most 1, where every rule keeps all of them (mergekit takes
/// larger ones for 1). Of entries of equal
/// magnitude the earlier one counts as larger.
///
/// Source: mergekit 0.1.5, `sparsify.py`.
public enum UpdatePruning: Sendable, Equatable {
    /// Every entry stays.
    case none
    /// The ⌊density · count⌋ entries of largest magnitude stay, one at least (TIES).
    case magnitude(density: Double)
    /// Each entry stays with probability `density` (DARE).
    case random(density: Double)
    /// Each entry stays with a probability by its rank within its row (DELLA; see `DELLA`).
    case rowRank(density: Double, epsilon: Double)
    /// ⌊density · count⌋ entries stay: those below the ⌊gamma · count⌋ largest (model breadcrumbs; see `Breadcrumbs`).
    case band(density: Double, gamma: Double)

    var density: Double {
        switch self {
        case .none: 1
        case .magnitude(let density), .random(let density), .rowRank(let density, _), .band(let density, _): density
        }
    }

    /// Whether the seed decides about the result.
    var isRandom: Bool {
        switch self {
        case .none, .magnitude, .band: false
        case .random, .rowRank: density < 1
        }
    }

    /// Refuses a density outside 0 < density ≤ 1, and a gamma or an epsilon that leads out of that range.
    ///
    /// - Throws: `MergeError` with `badParameter`.
    func check() throws(MergeError) {
        try FactorSpace.check(density: density)
        switch self {
        case .rowRank(let density, let epsilon) where density < 1:
            guard epsilon >= 0, density + epsilon < 1, density - epsilon > 0 else {
                throw MergeError(
                    .badParameter,
                    "with density \(density) and epsilon \(epsilon) entries are kept with probabilities from "
                        + "\(density - epsilon) to \(density + epsilon), which must lie between 0 and 1; "
                        + "take a smaller epsilon",
                    key: "epsilon")
            }
        case .band(_, let gamma) where !(gamma >= 0 && gamma < 1):
            throw MergeError(
                .badParameter, "gamma is \(gamma); it is the share of largest entries to drop, from 0 to below 1",
                key: "gamma")
        default: break
        }
    }
}

/// What is done to the entries that pruning keeps.
public enum Rescaling: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// All are multiplied by one factor that gives the update its sum of magnitudes back: mergekit's way.
    case l1
    /// Each is divided by its own probability of being kept, which keeps its expectation: the papers' way.
    case paper
}

extension UpdatePruning {
    /// Prunes and rescales an update in place.
    ///
    /// - Parameters:
    ///   - update: `[outputs, inputs]`, rows after one another.
    ///   - inputs: the length of a row.
    ///   - draws: decide where the rule is random.
    package func apply(to update: inout [Float], inputs: Int, rescaling: Rescaling, draws: inout PruningDraws) {
        guard !update.isEmpty else { return }
        var pruner = EntryPruner(
            self, rescaling: rescaling, of: StoredEntries(entries: update, inputs: inputs), draws: draws)
        update.withUnsafeMutableBufferPointer { pruner.prune($0) }
        draws = pruner.draws
    }

    /// Which places in the order of magnitudes stay, counted from the largest; `nil` where they do not decide.
    func places(of count: Int) -> Range<Int>? {
        switch self {
        case .none, .random, .rowRank: return nil
        case .magnitude(let density): return 0..<max(1, Int(density * Double(count)))
        case .band(let density, let gamma):
            // Fewer than the largest ⌊gamma · count⌋ go where the density could not be had otherwise.
            let kept = Int(density * Double(count))
            let dropped = min(Int(gamma * Double(count)), count - kept)
            return dropped..<dropped + kept
        }
    }
}

/// The random decisions about the entries of one update, in the order of the entries.
package struct PruningDraws {
    private enum Source {
        case generator(SeededGenerator)
        case mask([Bool], next: Int)
    }

    private var source: Source

    /// A generator of its own for one adapter's layer: its decisions depend on no other layer or adapter.
    package init(seed: UInt64, adapter: Int, site: AdapterSite) {
        source = .generator(SeededGenerator(seed: seed, purpose: "update/\(adapter)/\(site)"))
    }

    init(_ generator: SeededGenerator) { source = .generator(generator) }

    /// Decisions made elsewhere; where they end, nothing is kept.
    package init(mask: [Bool]) { source = .mask(mask, next: 0) }

    /// Keeps each entry with one probability and divides it by a number; the others become 0.
    package mutating func thin(_ update: inout [Float], probability: Double, divisor: Float) {
        update.withUnsafeMutableBufferPointer { thin($0, probability: probability, divisor: divisor) }
    }

    /// The same for the next stretch of entries.
    mutating func thin(_ update: UnsafeMutableBufferPointer<Float>, probability: Double, divisor: Float) {
        guard case .generator(var generator) = source else {
            for index in update.indices {
                update[index] = keeps(probability: probability) ? update[index] / divisor : 0
            }
            return
        }
        // nextUniform() < probability without the way through Double: a uniform number is 53 bits times 2⁻⁵³.
        let limit = UInt64((probability * 0x1p53).rounded(.up))
        ck_thin(update.baseAddress, update.count, generator.state, limit, divisor)
        generator.skip(update.count)
        source = .generator(generator)
    }

    /// Keeps each entry of the next row with a probability by its rank, given as the limits of 53 random bits.
    ///
    /// - Returns: whether it did: not with a mask, nor where equal entries would make it slow.
    mutating func thin(
        row: UnsafeMutableBufferPointer<Float>, limits: [UInt64], room: inout [UInt32]
    ) -> Bool {
        guard case .generator(var generator) = source,
            ck_thin_ranked(row.baseAddress, row.count, generator.state, limits, &room)
        else { return false }
        generator.skip(row.count)
        source = .generator(generator)
        return true
    }

    /// Keeps each entry of the next row by the limit of its rank and divides it by the divisor of its rank.
    ///
    /// - Returns: whether it did: not with a mask.
    mutating func thin(
        row: UnsafeMutableBufferPointer<Float>, limits: [UInt64], divisors: [Float], ranks: [Int32]
    ) -> Bool {
        guard case .generator(var generator) = source else { return false }
        ck_thin_by_rank(row.baseAddress, row.count, generator.state, limits, divisors, ranks)
        generator.skip(row.count)
        source = .generator(generator)
        return true
    }

    package mutating func keeps(probability: Double) -> Bool {
        switch source {
        case .generator(var generator):
            let keeps = generator.nextUniform() < probability
            source = .generator(generator)
            return keeps
        case .mask(let mask, let next):
            source = .mask(mask, next: next + 1)
            return next < mask.count && mask[next]
        }
    }
}
