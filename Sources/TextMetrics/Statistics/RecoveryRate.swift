/// The overall column: how much of the way from zero-shot to the joint expert a method covers, over all families.
///
/// (method − zero-shot) / (joint expert − zero-shot) in each family, then the mean, since scores of different families
/// have different scales. 1 is the joint expert, 0 the bare model; both ends may be passed.
public enum RecoveryRate {
    /// The rate and its bootstrap interval.
    public struct Estimate: Hashable, Sendable {
        /// The mean rate over families.
        public let rate: Double
        /// The percentile interval of the mean rate.
        public let interval: ClosedRange<Double>
    }

    /// One family's scores, one value a document for each of the three, in the order of the family's bootstrap.
    public struct Family: Sendable {
        let method: [Double]
        let zeroShot: [Double]
        let expert: [Double]
        let bootstrap: Bootstrap

        /// The scores with the draws made for these documents; families of the same documents share them.
        ///
        /// - Precondition: as many values of each as the bootstrap has documents.
        public init(method: [Double], zeroShot: [Double], expert: [Double], bootstrap: Bootstrap) {
            precondition(
                [method, zeroShot, expert].allSatisfy { $0.count == bootstrap.documents },
                "the bootstrap was drawn for \(bootstrap.documents) documents")
            self.method = method
            self.zeroShot = zeroShot
            self.expert = expert
            self.bootstrap = bootstrap
        }
    }

    /// The mean recovery rate; nil without families, and where any family's denominator has an interval that holds 0.
    ///
    /// - Precondition: all families' bootstraps have the same number of draws.
    public static func estimate(_ families: [Family], confidence: Double = 0.95) -> Estimate? {
        guard let draws = families.first?.bootstrap.draws else { return nil }
        precondition(families.allSatisfy { $0.bootstrap.draws == draws }, "families need the same number of draws")
        var rate = 0.0
        var rates = [Double](repeating: 0, count: draws)
        for family in families {
            let gain = zip(family.method, family.zeroShot).map { $0 - $1 }
            let distance = zip(family.expert, family.zeroShot).map { $0 - $1 }
            let distances = family.bootstrap.means(of: distance)
            guard let interval = Bootstrap.percentileInterval(distances, confidence: confidence), !interval.contains(0)
            else { return nil }
            rate += gain.reduce(0, +) / distance.reduce(0, +) / Double(families.count)
            for (draw, pair) in zip(family.bootstrap.means(of: gain), distances).enumerated() {
                rates[draw] += pair.0 / pair.1 / Double(families.count)
            }
        }
        return Bootstrap.percentileInterval(rates, confidence: confidence).map { Estimate(rate: rate, interval: $0) }
    }
}
