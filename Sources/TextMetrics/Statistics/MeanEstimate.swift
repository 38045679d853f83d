/// A mean with its standard error and degrees of freedom, from which its interval and t-test follow.
///
/// One value stands for one document (the mean of its settings): settings of one document depend on each other, and
/// treating them as independent makes the error far too small.
public struct MeanEstimate: Hashable, Sendable {
    /// The mean, in the unit of the values.
    public let mean: Double
    /// The standard error of the mean; nil where one value, one cluster or one empty stratum leaves it unknown.
    public let standardError: Double?
    /// The degrees of freedom of the standard error, 0 where it is unknown.
    public let degreesOfFreedom: Double
    /// How many values went in.
    public let count: Int

    /// The mean of documents: SE = √(Σ(xᵢ − x̄)² / (n(n − 1))), n − 1 degrees of freedom.
    ///
    /// Nil for no values.
    public init?(of values: [Double]) {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(
            mean: mean, standardError: count > 1 ? (squares / (count * (count - 1))).squareRoot() : nil,
            degreesOfFreedom: count - 1, count: values.count)
    }

    /// The mean of documents of which some belong together, such as near-duplicates.
    ///
    /// SE = √(C/(C − 1) · Σ_c(Σ_{i∈c}(xᵢ − x̄))²) / N with C clusters of any sizes, C − 1 degrees of freedom. With one
    /// document a cluster this is the plain formula. Nil for no values.
    ///
    /// - Precondition: as many clusters as values.
    public init?(of values: [Double], clusters: [some Hashable]) {
        self.init(of: values) { ClusterSums.sums(of: $0, clusters: clusters) }
    }

    /// The same with clusters that have small numbers, which takes a fraction of the time.
    ///
    /// - Precondition: as many numbers as values, none of them negative.
    public init?(of values: [Double], clusterNumbers: [Int32]) {
        self.init(of: values) { ClusterSums.sums(of: $0, numbers: clusterNumbers) }
    }

    private init?(of values: [Double], sumsOf clusterSums: ([Double]) -> [Double]) {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let sums = clusterSums(values.map { $0 - mean })
        let clusterCount = Double(sums.count)
        let squares = sums.reduce(0) { $0 + $1 * $1 }
        let error = (clusterCount / (clusterCount - 1) * squares).squareRoot() / Double(values.count)
        self.init(
            mean: mean, standardError: clusterCount > 1 ? error : nil, degreesOfFreedom: clusterCount - 1,
            count: values.count)
    }

    /// The mean over strata (dialogues and conversations), each with the same weight whatever its size.
    ///
    /// SE² = Σ SEₛ² / S², with Satterthwaite's degrees of freedom (Σ SEₛ²)² / Σ(SEₛ⁴ / νₛ). Nil for no strata.
    public init?(strata: [MeanEstimate]) {
        guard !strata.isEmpty else { return nil }
        let mean = strata.reduce(0) { $0 + $1.mean } / Double(strata.count)
        let count = strata.reduce(0) { $0 + $1.count }
        let errors = strata.compactMap(\.standardError)
        guard errors.count == strata.count else {
            self.init(mean: mean, standardError: nil, degreesOfFreedom: 0, count: count)
            return
        }
        let sum = errors.reduce(0) { $0 + $1 * $1 }
        let spread = zip(errors, strata).reduce(0) { total, pair in
            let square = pair.0 * pair.0
            return total + square * square / pair.1.degreesOfFreedom
        }
        // Without any variation the formula is 0/0; the degrees then do not matter, and their sum is its upper bound.
        let degrees = spread > 0 ? sum * sum / spread : strata.reduce(0) { $0 + $1.degreesOfFreedom }
        self.init(
            mean: mean, standardError: sum.squareRoot() / Double(strata.count), degreesOfFreedom: degrees, count: count)
    }

    /// An estimate that was computed before.
    public init(mean: Double, standardError: Double?, degreesOfFreedom: Double, count: Int) {
        self.mean = mean
        self.standardError = standardError
        self.degreesOfFreedom = degreesOfFreedom
        self.count = count
    }

    /// mean ± t·SE at a confidence between 0 and 1; nil where the standard error is unknown.
    public func interval(confidence: Double = 0.95) -> ClosedRange<Double>? {
        guard standardError != nil, degreesOfFreedom > 0 else { return nil }
        return interval(quantile: StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + confidence) / 2))
    }

    /// The same with the quantile t of Student's distribution, for whoever knows it already.
    public func interval(quantile: Double) -> ClosedRange<Double>? {
        guard let standardError, degreesOfFreedom > 0 else { return nil }
        let half = quantile * standardError
        return half.isFinite ? mean - half...mean + half : nil
    }

    /// The two-sided p-value of "the mean is 0" by Student's t; nil where the standard error is unknown or nothing
    /// varies.
    public var twoSidedP: Double? {
        guard let standardError, standardError > 0, degreesOfFreedom > 0 else { return nil }
        return StudentT(degreesOfFreedom: degreesOfFreedom).twoSidedP(mean / standardError)
    }
}

/// Sums of values that belong together.
public enum ClusterSums {
    /// One sum a cluster, in the order in which clusters first appear.
    ///
    /// - Precondition: as many clusters as values.
    public static func sums(of values: [Double], clusters: [some Hashable]) -> [Double] {
        precondition(values.count == clusters.count, "every value needs its cluster")
        var sums: [Double] = []
        var places: [AnyHashable: Int] = [:]
        for (value, cluster) in zip(values, clusters) {
            if let place = places[cluster] {
                sums[place] += value
            } else {
                places[cluster] = sums.count
                sums.append(value)
            }
        }
        return sums
    }
    /// The same with clusters that have small numbers.
    ///
    /// - Precondition: as many numbers as values, none of them negative.
    /// - Complexity: O(values + the largest number).
    public static func sums(of values: [Double], numbers: [Int32]) -> [Double] {
        precondition(numbers.count == values.count, "every value needs its cluster")
        var sums: [Double] = []
        sums.reserveCapacity(values.count)
        var places = [Int32](repeating: -1, count: Int(numbers.max() ?? -1) + 1)
        for (value, number) in zip(values, numbers) {
            let place = places[Int(number)]
            if place >= 0 {
                sums[Int(place)] += value
            } else {
                places[Int(number)] = Int32(truncatingIfNeeded: sums.count)
                sums.append(value)
            }
        }
        return sums
    }
}
