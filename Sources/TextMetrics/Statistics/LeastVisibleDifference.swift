/// The least true difference that a comparison would have shown, printed under each table.
public enum LeastVisibleDifference {
    /// (t_{1−α/2, n−1} + z_power)·s / √n, in the unit of s; z is 0.84 for the usual power of 80 %.
    ///
    /// (90 documents with a standard deviation of 12 points: 3.6 points.)
    ///
    /// - Parameters:
    ///   - standardDeviation: of the documents' differences.
    ///   - documents: how many documents, n.
    ///   - alpha: the two-sided level; pass α / m for Holm's first of m comparisons.
    ///   - power: the chance of seeing a difference of that size, between 0 and 1.
    /// - Returns: nil for fewer than two documents.
    public static func value(
        standardDeviation: Double, documents: Int, alpha: Double = 0.05, power: Double = 0.8
    ) -> Double? {
        guard documents > 1 else { return nil }
        let t = StudentT(degreesOfFreedom: Double(documents - 1)).quantile(1 - alpha / 2)
        return (t + NormalDistribution.quantile(power)) * standardDeviation / Double(documents).squareRoot()
    }

    /// With fewer test documents than this nothing can be significant, and scores are shown without ranks.
    public static let fewestDocuments = 6
}
