import ModelEngine

/// The steps that the rules are made of.
extension DeltaTensors {
    /// Of each update the ⌊density · count⌋ entries of largest magnitude, of equal ones the earlier; the others are 0.
    package func keepingLargest(density: Double) -> DeltaTensors {
        var result = self
        result.tensors = tensors.map { MagnitudeSelection.largest($0, density: density) }
        return result
    }

    /// Of each update the entries that random draws keep, divided by the density; the others are 0.
    ///
    /// - Parameter draws: the decisions for the adapter at a position of the list.
    package func dropping(density: Double, draws: (Int) -> PruningDraws) -> DeltaTensors {
        var result = self
        for index in tensors.indices {
            var decisions = draws(members[index])
            UpdatePruning.random(density: density).apply(
                to: &result.tensors[index], inputs: inputs, rescaling: .paper, draws: &decisions)
        }
        return result
    }

    /// The decisions for one adapter that follow from a seed.
    func draws(of adapter: Int, seed: UInt64) -> PruningDraws { PruningDraws(seed: seed, adapter: adapter, site: site) }

    /// Σ wᵢ Δᵢ.
    package func weightedSum() -> [Float] { WeightedSum.of(tensors, weights) }

    /// Signs elected and the agreeing entries averaged, as in `TIES`.
    package func elected(_ majoritySign: MajoritySign) -> [Float] {
        SignElection.merge(tensors, factors: weights, vote: .init(majoritySign))
    }
}
