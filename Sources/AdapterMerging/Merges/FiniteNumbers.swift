import ModelEngine

extension LoRAAdapter {
    /// The adapter itself, if all its numbers are finite: what a merge gives back.
    ///
    /// Weights and coefficients are of double precision, so a product may be beyond what a Float holds.
    /// - Throws: `MergeError` with `notFinite`.
    func checkedFinite() throws(MergeError) -> LoRAAdapter {
        guard let site = firstSiteNotFinite else { return self }
        throw MergeError.resultNotFinite(at: site)
    }

    /// The first layer that holds NaN or infinite numbers; all cores look, since a merge itself takes hardly longer.
    var firstSiteNotFinite: AdapterSite? {
        let sites = sites
        let areFinite = sites.concurrentMap { self.factors[$0]?.areAllFinite ?? true }
        return zip(sites, areFinite).first { !$0.1 }?.0
    }
}

extension MergeInputs.Member {
    /// Refuses numbers that are not finite.
    func check(at site: AdapterSite) throws(MergeError) {
        guard factors.areAllFinite else { throw MergeError.inputNotFinite(position, at: site) }
    }
}

extension MergeError {
    /// A layer of the adapter at a position of the list, from 0, holds numbers that are not finite.
    static func inputNotFinite(_ position: Int, at site: AdapterSite) -> MergeError {
        MergeError(
            .notFinite, "adapter \(position + 1) holds NaN or infinite numbers here; train it again",
            key: site.description)
    }

    /// A layer of the result holds numbers that are not finite.
    static func resultNotFinite(at site: AdapterSite) -> MergeError {
        MergeError(
            .notFinite, "the merged update holds NaN or infinite numbers here; take smaller weights or factors",
            key: site.description)
    }
}

extension LoRAFactors {
    /// Whether no number is NaN or infinite.
    var areAllFinite: Bool {
        scaling.isFinite && a.areAllFinite && b.areAllFinite && bias?.areAllFinite ?? true
    }
}

extension [Float] {
    /// Whether no entry is NaN or infinite; without a branch an entry, so that it runs in vectors.
    var areAllFinite: Bool {
        withUnsafeBufferPointer { values in
            // An exponent of ones carries into the sign bit.
            var bits: UInt32 = 0
            for value in values { bits |= (value.bitPattern & 0x7fff_ffff) &+ 0x0080_0000 }
            return bits & 0x8000_0000 == 0
        }
    }
}
