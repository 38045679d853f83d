import ModelEngine

/// PEFT's `*_svd` merges that prune: of each dense update some entries stay, the updates are combined, and the result is
/// cut to a rank. See `DeltaSpace`.
public struct PrunedDeltaMerge: Sendable, Equatable {
    /// Which entries of an update stay.
    public enum Pruning: Sendable {
        /// The ⌊density · count⌋ of largest magnitude, of equal ones the earlier.
        case largest
        /// Each with probability `density`; what stays is divided by it.
        case random
    }

    /// Which entries of each update stay.
    public var pruning: Pruning
    /// Share of the entries kept, or probability of keeping one; above 0 and at most 1.
    public var density: Double
    /// How signs are elected, as in `TIES`; `nil` is the weighted sum of all entries.
    public var majoritySign: MajoritySign?
    /// How the result is cut down.
    package var truncation: Truncation

    package init(pruning: Pruning, density: Double, majoritySign: MajoritySign?, truncation: Truncation) {
        self.pruning = pruning
        self.density = density
        self.majoritySign = majoritySign
        self.truncation = truncation
    }

    /// Reads `density`, `rank`, `clamp` and, where the method has it, `majority-sign`.
    init(_ parameters: MethodParameters, pruning: Pruning) throws(MergeError) {
        let options = try PruningOptions(parameters)
        self.init(
            pruning: pruning, density: options.density, majoritySign: options.majoritySign,
            truncation: try Truncation(parameters))
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - seed: decides what random pruning keeps; the same seed gives the same adapter.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `notConverged`.
    public func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, seed: UInt64
    ) throws(MergeError) -> LoRAAdapter {
        try merge(adapters, weights: weights) { PruningDraws(seed: seed, adapter: $0, site: $1) }
    }

    /// The same with given decisions for the adapter at a position of the list, at a layer.
    package func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, draws: @Sendable (Int, AdapterSite) -> PruningDraws
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        guard density < 1 || majoritySign != nil else {
            return try DeltaSpace.weightedSum(adapters, weights: weights, truncation: truncation)
        }
        return try DeltaSpace.merge(adapters, weights: weights, truncation: truncation) { site, members in
            let updates = members.map { FactorRows($0.factors) }
            let pruners = zip(members, updates).map { member, update in
                switch pruning {
                case .largest: EntryPruner(places: 0..<Int(density * Double(update.count)), of: update)
                case .random:
                    EntryPruner(
                        .random(density: density), rescaling: .paper, of: update, draws: draws(member.position, site))
                }
            }
            return MergedRows(
                updates, pruners: pruners,
                rule: majoritySign.map { .elected(.init($0), shares: members.map { _ in 1 }) } ?? .sum,
                factors: members.map { Float($0.weight) })
        }
    }
}

/// A method that is one of the merges of `PrunedDeltaMerge`.
public protocol PrunedDeltaMethod: CompositionMethod {
    /// One weight for each adapter.
    var weights: [Double] { get }
    /// What the parameters come to.
    var pruned: PrunedDeltaMerge { get }
}

extension PrunedDeltaMethod {
    /// The merge; masks, where there are any, follow from the seed.
    public var recipe: CompositionRecipe {
        .merge { [weights, pruned] adapters, seed in try pruned.merge(adapters, weights: weights, seed: seed) }
    }
}
