#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The functions of mathematics that the t distribution needs and the standard library lacks.
package enum SpecialFunctions {
    /// The regularised incomplete beta function and its complement, I_x(a, b) and I_y(b, a) with y = 1 − x, for a, b >
    /// 0.
    ///
    /// Both x and y are taken so that neither loses digits near 0, and the smaller result keeps its relative accuracy.
    /// Continued fraction by Lentz's method, on the side of the mean where it converges quickly. Source: DLMF 8.17.22.
    package static func incompleteBeta(
        x: Double, y: Double, _ a: Double, _ b: Double
    ) -> (lower: Double, upper: Double) {
        guard x > 0 else { return (0, 1) }
        guard y > 0 else { return (1, 0) }
        if x > (a + 1) / (a + b + 2) {
            let swapped = incompleteBetaBelowMean(x: y, y: x, b, a)
            return (1 - swapped, swapped)
        }
        let lower = incompleteBetaBelowMean(x: x, y: y, a, b)
        return (lower, 1 - lower)
    }

    private static func incompleteBetaBelowMean(x: Double, y: Double, _ a: Double, _ b: Double) -> Double {
        let logX = x < 0.5 ? log(x) : log1p(-y)
        let logY = y < 0.5 ? log(y) : log1p(-x)
        return exp(a * logX + b * logY - logBeta(a, b)) / a / betaFraction(x, a, b)
    }

    /// ln Γ(x) for x > 0: Stirling's series above 15, brought there by Γ(x + 1) = x·Γ(x).
    ///
    /// Source: DLMF 5.11.1. The C library's `lgamma` writes a global sign and is not used for that.
    package static func logGamma(_ x: Double) -> Double {
        var argument = x
        var shift = 0.0
        while argument < 15 {
            shift += log(argument)
            argument += 1
        }
        return (argument - 0.5) * log(argument) - argument + 0.5 * log(2 * Double.pi) + stirling(argument) - shift
    }

    /// ln B(a, b).
    ///
    /// For a large argument the difference of two nearly equal ln Γ is taken term by term.
    private static func logBeta(_ a: Double, _ b: Double) -> Double {
        let small = min(a, b)
        let large = max(a, b)
        guard large >= 15 else { return logGamma(a) + logGamma(b) - logGamma(a + b) }
        let difference = small - small * log(large) - (small + large - 0.5) * log1p(small / large)
        return logGamma(small) + difference + stirling(large) - stirling(small + large)
    }

    /// What Stirling's series adds to (x − ½) ln x − x + ½ ln 2π, for x ≥ 15.
    private static func stirling(_ x: Double) -> Double {
        let inverse = 1 / (x * x)
        let coefficients = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360_360, 1.0 / 156]
        return coefficients.reversed().reduce(0) { $0 * inverse + $1 } / x
    }

    /// The continued fraction 1 + d₁/(1 + d₂/(1 + …)) that divides xᵃ(1 − x)ᵇ / (a·B(a, b)).
    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        var value = 1.0
        var numerator = 1.0
        var denominator = 0.0
        for step in 1...10_000 {
            let m = Double(step / 2)
            let term =
                step.isMultiple(of: 2)
                ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            denominator = 1 + term * denominator
            if abs(denominator) < tiny { denominator = tiny }
            denominator = 1 / denominator
            numerator = 1 + term / numerator
            if abs(numerator) < tiny { numerator = tiny }
            let change = numerator * denominator
            value *= change
            if abs(change - 1) < 1e-16 { break }
        }
        return value
    }
}
