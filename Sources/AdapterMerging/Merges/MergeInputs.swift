import ModelEngine

/// A checked list of adapters with their weights: what every merge starts from.
struct MergeInputs: Sendable {
    /// An adapter's part in one layer.
    struct Member: Sendable {
        /// Where the adapter stands in the list, from 0.
        var position: Int
        var weight: Double
        var factors: LoRAFactors
    }

    private let adapters: [LoRAAdapter]
    private let weights: [Double]
    /// Every layer that at least one adapter changes, in order of computation.
    let sites: [AdapterSite]

    /// - Parameters:
    ///   - keepsBiases: whether the merge carries output biases over; it refuses them otherwise.
    ///   - checksNumbers: whether all numbers are looked at here; a merge that is as quick as this look does it by itself,
    ///     with `Member.check`.
    init(
        _ adapters: [LoRAAdapter], weights: [Double]?, keepsBiases: Bool = false, checksNumbers: Bool = true
    ) throws(MergeError) {
        guard !adapters.isEmpty else {
            throw MergeError(.noAdapters, "there is nothing to merge; give at least one adapter")
        }
        self.adapters = adapters
        self.weights = weights ?? Array(repeating: 1 / Double(adapters.count), count: adapters.count)
        guard self.weights.count == adapters.count else {
            throw MergeError(
                .weightCount,
                "there are \(self.weights.count) weights for \(adapters.count) adapters; give one for each",
                key: "weights")
        }
        guard self.weights.allSatisfy(\.isFinite) else {
            throw MergeError(.notFinite, "a weight is NaN or infinite; weights are finite numbers", key: "weights")
        }
        sites = Set(adapters.flatMap(\.factors.keys)).sorted()
        for (position, adapter) in adapters.enumerated() {
            try Self.check(adapter, position: position, keepsBiases: keepsBiases)
            guard checksNumbers, let site = adapter.firstSiteNotFinite else { continue }
            throw MergeError.inputNotFinite(position, at: site)
        }
        for site in sites { try checkShapes(at: site) }
    }

    /// The adapters that have the layer, in the order of the list; never empty for one of `sites`.
    func members(of site: AdapterSite) -> [Member] {
        adapters.enumerated().compactMap { position, adapter in
            adapter.factors[site].map { Member(position: position, weight: weights[position], factors: $0) }
        }
    }

    /// How many layers are worked on at a time where updates are dense, so that these take no more than 2 GB together.
    var denseWidth: Int {
        let largest = sites.reduce(1) { largest, site in
            // Two: the merged update, and a copy where its decomposition takes the long way.
            let factors = members(of: site)[0].factors
            return max(largest, 2 * factors.outputs * factors.inputs)
        }
        return max(1, min(ConcurrentMap.width, (2 << 30) / (largest * MemoryLayout<Float>.size)))
    }

    /// Memory for that many of them.
    var denseMemory: DenseMemory {
        DenseMemory(
            largest: sites.reduce(1) { largest, site in
                let factors = members(of: site)[0].factors
                return max(largest, SpannedSVD.room(rows: factors.outputs, columns: factors.inputs))
            })
    }

    private static func check(_ adapter: LoRAAdapter, position: Int, keepsBiases: Bool) throws(MergeError) {
        guard !adapter.factors.isEmpty else {
            throw MergeError(.noAdapters, "adapter \(position + 1) changes no layer; leave it out of the list")
        }
        for site in adapter.sites {
            guard let factors = adapter.factors[site] else { continue }
            guard factors.scaling.isFinite else { throw MergeError.inputNotFinite(position, at: site) }
            guard keepsBiases || factors.bias == nil else {
                throw MergeError(
                    .unsupportedOption,
                    "adapter \(position + 1) has an output bias here, which this method has no rule for; use 'cat', "
                        + "which keeps it",
                    key: site.description)
            }
        }
    }

    private func checkShapes(at site: AdapterSite) throws(MergeError) {
        let members = members(of: site)
        let first = members[0]
        for member in members
        where member.factors.inputs != first.factors.inputs || member.factors.outputs != first.factors.outputs {
            throw MergeError(
                .shapeMismatch,
                "adapter \(first.position + 1) maps \(first.factors.inputs) to \(first.factors.outputs) numbers and "
                    + "adapter \(member.position + 1) \(member.factors.inputs) to \(member.factors.outputs); "
                    + "they are for different models",
                key: site.description)
        }
    }
}
