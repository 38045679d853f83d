import ModelEngine

/// Merges that are linear combinations of the updates, Σ cᵢ Δᵢ with Δᵢ = sᵢ Bᵢ Aᵢ: exact as LoRA, without forming a Δᵢ.
///
/// Concatenation and task arithmetic give the coefficients; merges on the sphere (SLERP and its kin) find them from
/// lengths and inner products alone, for which the factors are enough.
extension MergeInputs {
    /// Σ cᵢ Δᵢ at every layer as a concatenation: A is the stack of cᵢ sᵢ Aᵢ, B holds the Bᵢ side by side.
    ///
    /// - Parameter coefficients: one for each adapter that has the layer.
    /// - Throws: `MergeError` with `notFinite` where a number of the result has no room in a Float, or what
    ///   `coefficients` throws.
    func combination(
        coefficients: @Sendable ([Member], AdapterSite) throws(MergeError) -> [Double]
    ) throws(MergeError) -> LoRAAdapter {
        let sums = try sites.concurrentMap { (site) throws(MergeError) in
            let members = members(of: site)
            for member in members { try member.check(at: site) }
            let sum = LoRAFactors.concatenation(
                of: zip(members, try coefficients(members, site)).map { member, coefficient in
                    var factors = member.factors
                    factors.scaling = Float(coefficient * Double(factors.scaling))
                    return factors
                })
            guard sum?.areAllFinite ?? true else { throw MergeError.resultNotFinite(at: site) }
            return sum
        }
        var result = LoRAAdapter()
        for (site, factors) in zip(sites, sums) { result.factors[site] = factors }
        return result
    }
}
