import TestSupport
import Testing
import TextMetrics

@Suite("Statistics against SciPy")
struct StatisticsGoldenTests {
    struct Golden: Decodable {
        struct Interval: Decodable {
            let values: [Double]
            let confidence, mean, standardDeviation, standardError, low, high: Double
        }
        struct Paired: Decodable {
            let first: [Double]
            let second: [Double]
            let t, p: Double
        }
        struct Holm: Decodable {
            let p: [Double]
            let adjusted: [Double]
        }
        let tQuantiles975: [Double]
        let intervals: [Interval]
        let pairedTests: [Paired]
        let holm: [Holm]
    }

    let golden: Golden

    init() throws { golden = try Fixtures.json(Golden.self, "metrics/statistics.json") }

    @Test("The t quantiles of 1 to 200 degrees agree to 12 digits")
    func quantiles() {
        #expect(golden.tQuantiles975.count == 200)
        for (index, expected) in golden.tQuantiles975.enumerated() {
            let own = StudentT(degreesOfFreedom: Double(index + 1)).quantile(0.975)
            #expect(abs(own - expected) < 1e-12 * expected, "degrees \(index + 1): \(own) \(expected)")
        }
    }

    @Test("Intervals of a mean agree")
    func intervals() throws {
        #expect(golden.intervals.count == 21)
        for row in golden.intervals {
            let estimate = try #require(MeanEstimate(of: row.values))
            let interval = try #require(estimate.interval(confidence: row.confidence))
            let error = try #require(estimate.standardError)
            #expect(abs(estimate.mean - row.mean) < 1e-12)
            #expect(abs(error - row.standardError) < 1e-12)
            #expect(abs(interval.lowerBound - row.low) < 1e-10)
            #expect(abs(interval.upperBound - row.high) < 1e-10)
        }
    }

    @Test("The paired t-test agrees")
    func paired() throws {
        for row in golden.pairedTests {
            let estimate = try #require(MeanEstimate(of: zip(row.first, row.second).map { $0 - $1 }))
            let error = try #require(estimate.standardError)
            let p = try #require(estimate.twoSidedP)
            #expect(abs(estimate.mean / error - row.t) < 1e-9)
            #expect(abs(p - row.p) < 1e-10)
        }
    }

    @Test("Holm's adjusted p-values agree")
    func holm() {
        for row in golden.holm {
            #expect(zip(MultipleTesting.holm(row.p), row.adjusted).allSatisfy { abs($0 - $1) < 1e-12 })
        }
    }
}
