import ModelEngine

/// The steps that the rules are made of.
extension DeltaTensors {
    /// Of each update the ⌊density · count⌋ entries of largest magnitude, of equal ones the earlier; the others are 0.
    package mutating func keepLargest(density: Double) {
        for index in tensors.indices { MagnitudeSelection.keepLargest(of: &tensors[index], density: density) }
    }

    /// Of each update the entries that random draws keep, divided by the density; the others are 0.
    ///
    /// - Parameter draws: the decisions for the adapter at a position of the list, at the layer.
    package mutating func drop(density: Double, draws: (Int, AdapterSite) -> PruningDraws) {
        for index in tensors.indices {
            var decisions = draws(members[index], site)
            UpdatePruning.random(density: density).apply(
                to: &tensors[index], inputs: inputs, rescaling: .paper, draws: &decisions)
        }
    }

    /// The same with the decisions that follow from a seed.
    mutating func drop(density: Double, seed: UInt64) {
        drop(density: density) { PruningDraws(seed: seed, adapter: $0, site: $1) }
    }

    /// Σ wᵢ Δᵢ.
    package func weightedSum() -> [Float] { WeightedSum.of(tensors, weights) }

    /// Signs elected and the agreeing entries averaged, as in `TIES`.
    package func elected(_ majoritySign: MajoritySign) -> [Float] {
        SignElection.merge(tensors, factors: weights, vote: .init(majoritySign))
    }
}
