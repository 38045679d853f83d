#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Student's t distribution, its degrees of freedom any positive number (Satterthwaite's are seldom whole).
public struct StudentT: Hashable, Sendable {
    /// The degrees of freedom, above 0; infinity gives the normal distribution.
    public let degreesOfFreedom: Double

    /// The distribution.
    ///
    /// - Precondition: `degreesOfFreedom > 0`.
    public init(degreesOfFreedom: Double) {
        precondition(degreesOfFreedom > 0, "Student's t needs more than 0 degrees of freedom")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(|T| ≥ |t|) = I_{ν/(ν + t²)}(ν/2, ½), to ten digits or more.
    public func twoSidedP(_ t: Double) -> Double {
        let square = t * t
        guard square < .infinity else { return 0 }
        guard degreesOfFreedom < Self.nearlyNormal else { return NormalDistribution.twoSidedP(normalDeviate(square)) }
        let sum = degreesOfFreedom + square
        return SpecialFunctions.incompleteBeta(x: square / sum, y: degreesOfFreedom / sum, 0.5, degreesOfFreedom / 2)
            .upper
    }

    /// P(T ≤ t).
    public func cumulative(_ t: Double) -> Double {
        let tail = twoSidedP(t) / 2
        return t > 0 ? 1 - tail : tail
    }

    /// The t with P(T ≤ t) = p, for 0 < p < 1, found by bisection to the last digit; ±∞ at the ends.
    public func quantile(_ p: Double) -> Double {
        guard p > 0 else { return -.infinity }
        guard p < 1 else { return .infinity }
        guard p != 0.5 else { return 0 }
        let tail = 2 * min(p, 1 - p)
        var low = 0.0
        var high = 1.0
        while twoSidedP(high) > tail, high < 1e300 { high *= 2 }
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            if twoSidedP(middle) > tail { low = middle } else { high = middle }
        }
        return p < 0.5 ? -high : high
    }

    /// From here on the continued fraction loses digits faster than the normal approximation.
    private static let nearlyNormal = 1e6

    /// The z whose normal tail is t's, to a relative 1/ν²: (8ν + 1)/(8ν + 3) · √(ν ln(1 + t²/ν)).
    ///
    /// Source: Wallace (1959).
    private func normalDeviate(_ square: Double) -> Double {
        guard degreesOfFreedom < .infinity else { return square.squareRoot() }
        let factor = 1 - 2 / (8 * degreesOfFreedom + 3)
        return factor * (degreesOfFreedom * log1p(square / degreesOfFreedom)).squareRoot()
    }
}
