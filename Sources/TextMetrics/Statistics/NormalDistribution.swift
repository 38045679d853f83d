#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The standard normal distribution.
public enum NormalDistribution {
    /// P(|Z| ≥ |z|).
    public static func twoSidedP(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

    /// The z with P(Z ≤ z) = p, for 0 < p < 1, found by bisection to the last digit; ±∞ at the ends.
    public static func quantile(_ p: Double) -> Double {
        guard p > 0 else { return -.infinity }
        guard p < 1 else { return .infinity }
        let tail = 2 * min(p, 1 - p)
        var low = 0.0
        var high = 64.0
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            if twoSidedP(middle) > tail { low = middle } else { high = middle }
        }
        return p < 0.5 ? -low : low
    }
}
