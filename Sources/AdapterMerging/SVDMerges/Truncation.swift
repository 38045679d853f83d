import ModelEngine

/// How a merged update is cut down to the factors of an adapter.
package struct Truncation: Sendable, Equatable {
    /// The rank; 0 is the largest of the adapters' ranks.
    package var rank: Int
    /// The quantile of the factors' entries at which they are cut off on both sides; 0 is off.
    package var clamp: Double

    package init(rank: Int = 0, clamp: Double = 0) {
        self.rank = rank
        self.clamp = clamp
    }

    init(_ parameters: MethodParameters) throws(MergeError) {
        self.init(rank: try parameters.integer("rank"), clamp: try parameters.number("clamp"))
    }

    /// - Throws: `MergeError` with `badParameter`.
    func check() throws(MergeError) {
        guard rank >= 0, (0...1).contains(clamp) else {
            throw MergeError(
                .badParameter,
                "the rank is \(rank) and the quantile for clamping \(clamp); the rank is not negative, and the "
                    + "quantile from 0 (off) to 1")
        }
    }

    /// Every entry x of both factors as min(max(x, −q), q), where q is the quantile of all entries together.
    ///
    /// Source: PEFT 0.21.2, `svd_clamp`, with torch's linear interpolation between neighbours in the order. Quantiles
    /// of the lower half are mostly negative, and then all entries become q, as in PEFT.
    package func clamped(_ factors: LoRAFactors) -> LoRAFactors {
        guard clamp > 0 else { return factors }
        let bound = Self.quantile(clamp, of: factors.b + factors.a)
        var result = factors
        result.a = factors.a.map { min(max($0, -bound), bound) }
        result.b = factors.b.map { min(max($0, -bound), bound) }
        return result
    }

    /// - Complexity: O(n log n); a layer's factors are small beside its update.
    private static func quantile(_ share: Double, of values: [Float]) -> Float {
        let ascending = values.sorted()
        guard let last = ascending.indices.last else { return 0 }
        let place = share * Double(last)
        let lower = min(Int(place), last)
        let (below, above) = (Double(ascending[lower]), Double(ascending[min(lower + 1, last)]))
        return Float(below + (place - Double(lower)) * (above - below))
    }
}

extension ParameterDescription {
    /// Rank of the merged adapter, as PEFT's `svd_rank`.
    static let svdRank = ParameterDescription(
        "rank", .integer(0...65_536), default: 0, "rank of the merged adapter; 0 is the largest of the adapters' ranks")

    /// Cutting off of large entries, as PEFT's `svd_clamp`.
    static let svdClamp = ParameterDescription(
        "clamp", .closed(0...1), default: 0,
        "quantile of the factors' entries at which they are cut off, as 0.99; 0 cuts nothing, and one below the median "
            + "makes all entries equal, as in PEFT")
}
