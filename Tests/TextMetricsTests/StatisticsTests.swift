import SeededRandom
import Testing
import TextMetrics

@Suite("Intervals, corrections and ranks")
struct StatisticsTests {
    @Test("Special functions have their known values")
    func specialFunctions() {
        #expect(abs(SpecialFunctions.logGamma(0.5) - 0.5723649429247001) < 1e-14)
        #expect(abs(SpecialFunctions.logGamma(10) - 12.801827480081469) < 1e-13)
        #expect(abs(SpecialFunctions.logGamma(100) - 359.1342053695754) < 1e-12)
        let beta = SpecialFunctions.incompleteBeta(x: 0.3, y: 0.7, 2, 3)
        #expect(abs(beta.lower - 0.3483) < 1e-14)
        #expect(abs(beta.upper - 0.6517) < 1e-14)
        #expect(abs(NormalDistribution.quantile(0.975) - 1.959963984540054) < 1e-14)
        #expect(abs(NormalDistribution.quantile(0.2) + 0.8416212335729143) < 1e-14)
    }

    @Test("Student's t takes fractional, few and many degrees of freedom")
    func studentT() {
        #expect(abs(StudentT(degreesOfFreedom: 1).quantile(0.75) - 1) < 1e-13)
        #expect(abs(StudentT(degreesOfFreedom: 2.5).twoSidedP(2) - 0.15739149575796538) < 1e-13)
        #expect(abs(StudentT(degreesOfFreedom: 1e9).quantile(0.975) - 1.9599639869) < 1e-9)
        let normal = StudentT(degreesOfFreedom: .infinity).quantile(0.975)
        #expect(abs(normal - NormalDistribution.quantile(0.975)) < 1e-14)
        let t = StudentT(degreesOfFreedom: 7)
        #expect(t.quantile(0.5) == 0)
        #expect(t.quantile(0.1) == -t.quantile(0.9))
        #expect(t.quantile(0) == -.infinity && t.quantile(1) == .infinity)
        #expect(abs(t.cumulative(t.quantile(0.123)) - 0.123) < 1e-14)
        #expect(t.twoSidedP(.infinity) == 0)
    }

    @Test("One document gives a mean without an interval, none gives nothing")
    func fewDocuments() {
        #expect(MeanEstimate(of: []) == nil)
        #expect(MeanEstimate(of: [], clusters: [Int]()) == nil)
        #expect(MeanEstimate(of: [3])?.mean == 3)
        #expect(MeanEstimate(of: [3])?.interval() == nil)
        #expect(MeanEstimate(of: [3, 4], clusters: ["a", "a"])?.interval() == nil)
        #expect(MeanEstimate(of: [3, 3, 3])?.interval() == 3...3)
        #expect(MeanEstimate(of: [3, 3, 3])?.twoSidedP == nil)
    }

    @Test("Clusters of one document each are the plain formula; larger ones follow theirs")
    func clusters() throws {
        let values = [1.0, 4, 2, 8, 5, 7]
        let plain = try #require(MeanEstimate(of: values))
        let single = try #require(MeanEstimate(of: values, clusters: [0, 1, 2, 3, 4, 5]))
        #expect(abs(try #require(plain.standardError) - (try #require(single.standardError))) < 1e-14)
        #expect(plain.degreesOfFreedom == single.degreesOfFreedom)
        // Mean 4.5; the clusters' sums of deviations are −4, 1 and 3.
        let grouped = try #require(MeanEstimate(of: values, clusters: ["a", "a", "b", "b", "c", "c"]))
        let expected = (3.0 / 2 * 26).squareRoot() / 6
        #expect(abs(try #require(grouped.standardError) - expected) < 1e-14)
        #expect(grouped.degreesOfFreedom == 2)
        #expect(ClusterSums.sums(of: [1, 2, 4], clusters: ["x", "y", "x"]) == [5, 2])
    }

    @Test("Two strata weigh the same and share Satterthwaite's degrees of freedom")
    func strata() throws {
        let first = try #require(MeanEstimate(of: [1, 2, 3, 4]))
        let second = try #require(MeanEstimate(of: [10, 14, 12]))
        let both = try #require(MeanEstimate(strata: [first, second]))
        let (a, b) = (5.0 / 12, 4.0 / 3)  // squared standard errors
        #expect(both.mean == (2.5 + 12) / 2)
        let error = (0.25 * (a + b)).squareRoot()
        let degrees = (a + b) * (a + b) / (a * a / 3 + b * b / 2)
        #expect(abs(try #require(both.standardError) - error) < 1e-14)
        #expect(abs(both.degreesOfFreedom - degrees) < 1e-12)
        #expect(both.count == 7)
        let unknown = try #require(MeanEstimate(of: [1]))
        #expect(MeanEstimate(strata: [first, unknown])?.interval() == nil)
        #expect(MeanEstimate(strata: []) == nil)
    }

    @Test("Benjamini and Hochberg's worked example")
    func benjaminiHochberg() {
        let adjusted = MultipleTesting.benjaminiHochberg([0.04, 0.01, 0.03, 0.5])
        #expect(zip(adjusted, [0.16 / 3, 0.04, 0.16 / 3, 0.5]).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(MultipleTesting.benjaminiHochberg([]).isEmpty)
        #expect(MultipleTesting.holm([]).isEmpty)
    }

    @Test("Partial conjunction: how many settings are shown, not how many look better")
    func partialConjunction() {
        let conjunction = PartialConjunction([0.001, 0.2, 0.004, 0.03])
        #expect(zip(conjunction.pValues, [0.004, 0.012, 0.06, 0.2]).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(conjunction.shown() == 2)
        #expect(conjunction.shown(alpha: 0.001) == 0)
        #expect(PartialConjunction([]).shown() == 0)
        #expect(PartialConjunction([0, 0, 0]).shown() == 3)
    }

    @Test("Ranks are ranges, lines separate groups, incomplete methods have none")
    func ranks() {
        let scores = [90.0, 89, 80, 70, 69]
        let better = { (a: Int, b: Int) in scores[a] - scores[b] > 5 }
        let ranges = RankRange.ranges(count: 5, isBetter: better)
        #expect(ranges.map { $0?.description } == ["1–2", "1–2", "3", "4–5", "4–5"])
        #expect(RankRange.separators(order: [0, 1, 2, 3, 4], isBetter: better) == [2, 3])
        #expect(RankRange.separators(order: [], isBetter: better).isEmpty)
        let incomplete = RankRange.ranges(count: 5, isComplete: { $0 != 1 }, isBetter: better)
        #expect(incomplete.map { $0?.description } == ["1", nil, "2", "3–4", "3–4"])
    }

    @Test("The least visible difference of 90 documents with 12 points' deviation is 3.6 points")
    func leastVisible() throws {
        let value = try #require(LeastVisibleDifference.value(standardDeviation: 12, documents: 90))
        #expect(abs(value - 3.58) < 0.01)
        let holm = try #require(LeastVisibleDifference.value(standardDeviation: 12, documents: 90, alpha: 0.05 / 45))
        #expect(holm > value)
        #expect(LeastVisibleDifference.value(standardDeviation: 12, documents: 1) == nil)
    }
}
