import TextMetrics

/// Quantiles of Student's t for 95 % intervals, each found once: most means of a report have the same documents.
final class TQuantiles {
    private var quantiles: [Double: Double] = [:]

    /// The interval of a mean; nil where its standard error is unknown.
    func interval(_ mean: MeanEstimate) -> ClosedRange<Double>? {
        guard mean.degreesOfFreedom > 0 else { return nil }
        let known = quantiles[mean.degreesOfFreedom]
        let quantile = known ?? StudentT(degreesOfFreedom: mean.degreesOfFreedom).quantile(0.975)
        quantiles[mean.degreesOfFreedom] = quantile
        return mean.interval(quantile: quantile)
    }
}
