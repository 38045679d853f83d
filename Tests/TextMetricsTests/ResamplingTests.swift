import Foundation
import SeededRandom
import Testing
import TextMetrics

@Suite("Sign flips, bootstrap and what they promise")
struct ResamplingTests {
    /// A standard normal number (Box and Muller).
    static func normal(_ generator: inout SeededGenerator) -> Double {
        let radius = (-2 * log(1 - generator.nextUniform())).squareRoot()
        return radius * cos(2 * .pi * generator.nextUniform())
    }

    @Test("Two systems that differ in one of 90 documents are not different")
    func oneDifference() {
        var generator = SeededGenerator(seed: 1)
        let test = SignFlipTest(documents: 90, flips: 1000, using: &generator)
        var differences = [Double](repeating: 0, count: 90)
        #expect(test.pValue(differences) == 1)
        differences[40] = 12.5
        #expect(test.pValue(differences) == 1)
        #expect(test.pValue(differences, alternative: .greater) == 0.5)
    }

    @Test("With k differing documents p is never below 2^(1 − k)", arguments: 1...16)
    func floor(differing: Int) {
        var generator = SeededGenerator(seed: 2)
        let test = SignFlipTest(documents: 40, flips: 10, using: &generator)
        let differences = (0..<40).map { $0 < differing ? 1.5 + Double($0) / 7 : 0 }
        #expect(test.pValue(differences) == exp2(Double(1 - differing)))
    }

    @Test("Ties count in spite of rounding")
    func ties() {
        var generator = SeededGenerator(seed: 3)
        let test = SignFlipTest(documents: 4, using: &generator)
        // Only the table itself and its opposite reach a sum of 0.4.
        #expect(test.pValue([0.1, 0.1, 0.1, 0.1]) == 2.0 / 16)
        // 0.3 − 0.3 + 0.1 + 0.1 is not the same number in every order of summation.
        #expect(test.pValue([0.3, -0.3, 0.1, 0.1]) == exactShare([0.3, -0.3, 0.1, 0.1]))
        #expect(test.pValue([0, 0, 0, 0]) == 1)
    }

    private func exactShare(_ differences: [Double]) -> Double {
        let tenths = differences.map { Int(($0 * 10).rounded()) }
        let observed = abs(tenths.reduce(0, +))
        let hits = (0..<(1 << tenths.count)).count { pattern in
            abs(tenths.enumerated().reduce(0) { $0 + (pattern >> $1.offset & 1 == 0 ? $1.element : -$1.element) })
                >= observed
        }
        return Double(hits) / Double(1 << tenths.count)
    }

    @Test("Random flips agree with all flips, and repeat with their seed")
    func randomFlips() {
        var generator = SeededGenerator(seed: 4)
        let differences = (0..<17).map { _ in Self.normal(&generator) + 0.35 }
        let test = SignFlipTest(documents: 17, flips: 20_000, using: &generator)
        let p = test.pValue(differences)
        // All 2^17 tables by hand.
        var sums = [0.0]
        for difference in differences { sums = sums.map { $0 + difference } + sums.map { $0 - difference } }
        let observed = abs(differences.reduce(0, +))
        let exact = Double(sums.count { abs($0) >= observed - 1e-9 }) / Double(sums.count)
        #expect(abs(p - exact) < 4 * (exact * (1 - exact) / 20_000).squareRoot() + 1e-4)
        var again = SeededGenerator(seed: 9)
        var other = SeededGenerator(seed: 9)
        let left = SignFlipTest(documents: 30, flips: 100, using: &again).pValue((0..<30).map { Double($0 % 7) - 2.5 })
        let right = SignFlipTest(documents: 30, flips: 100, using: &other).pValue((0..<30).map { Double($0 % 7) - 2.5 })
        #expect(left == right)
        #expect(SignFlipTest.contributions(strata: [[2, 4], [9, 9, 9]]) == [1, 2, 3, 3, 3])
    }

    @Test("A true null is rejected in about 5 % by documents, and far too often by cells")
    func falseAlarms() throws {
        var generator = SeededGenerator(seed: 5)
        let (documents, settings, rounds) = (90, 7, 600)
        let test = SignFlipTest(documents: documents, flips: 399, using: &generator)
        var (byDocument, byCell, byFlips) = (0, 0, 0)
        for _ in 0..<rounds {
            var cells: [Double] = []
            var means: [Double] = []
            for _ in 0..<documents {
                let shared = Self.normal(&generator) * 0.3.squareRoot()
                let values = (0..<settings).map { _ in shared + Self.normal(&generator) * 0.7.squareRoot() }
                cells += values
                means.append(values.reduce(0, +) / Double(settings))
            }
            let document = try #require(MeanEstimate(of: means)?.interval())
            let cell = try #require(MeanEstimate(of: cells)?.interval())
            if !document.contains(0) { byDocument += 1 }
            if !cell.contains(0) { byCell += 1 }
            if test.pValue(means) <= 0.05 { byFlips += 1 }
        }
        // 600 rounds at 5 %: standard error 0.9 points.
        #expect((0.025...0.08).contains(Double(byDocument) / Double(rounds)))
        #expect((0.025...0.08).contains(Double(byFlips) / Double(rounds)))
        #expect((0.17...0.31).contains(Double(byCell) / Double(rounds)))
    }

    @Test("Draws stay inside their strata and are the same for every method")
    func bootstrapStrata() {
        var generator = SeededGenerator(seed: 6)
        let bootstrap = Bootstrap(strata: [3, 2], draws: 50, using: &generator)
        let inFirst = bootstrap.distribution { Double($0.count { $0 < 3 }) }
        #expect(inFirst.allSatisfy { $0 == 3 })
        let values = [1.0, 2, 3, 10, 20]
        let shifted = zip(bootstrap.means(of: values), bootstrap.means(of: values.map { $0 + 1 })).map { $1 - $0 }
        #expect(shifted.allSatisfy { abs($0 - 1) < 1e-12 })
        #expect(Set(bootstrap.means(of: values)).count > 10)
        var again = SeededGenerator(seed: 6)
        #expect(Bootstrap(strata: [3, 2], draws: 50, using: &again).means(of: values) == bootstrap.means(of: values))
    }

    @Test("A bootstrap of BLEU holds the score and is about as wide as the documents differ")
    func bootstrapBLEU() throws {
        var generator = SeededGenerator(seed: 7)
        let bleu = BLEU()
        let statistics = (0..<40).map { index in
            bleu.statistics(
                hypothesis: "the small boat left the harbour at \(index)",
                references: [index.isMultiple(of: 3) ? "a boat left" : "the small boat left the port at \(index)"])
        }
        let bootstrap = Bootstrap(strata: [40], draws: 300, using: &generator)
        let scores = bootstrap.distribution(of: statistics) { $0.score().points }
        let interval = try #require(Bootstrap.percentileInterval(scores))
        #expect(interval.contains(statistics.summed().score().points))
        #expect(interval.upperBound - interval.lowerBound > 1)
    }

    @Test("Percentiles interpolate, and nothing comes of nothing")
    func percentiles() {
        #expect(Bootstrap.percentileInterval([0, 1, 2, 3, 4].shuffledForTest, confidence: 0.5) == 1...3)
        #expect(Bootstrap.percentileInterval([5]) == 5...5)
        #expect(Bootstrap.percentileInterval([]) == nil)
        #expect(Bootstrap.percentileInterval([1, .nan]) == nil)
    }

    @Test("Recovery is 0 at zero-shot, 1 at the expert, and unknown where the two do not differ")
    func recovery() throws {
        var generator = SeededGenerator(seed: 8)
        let bootstrap = Bootstrap(strata: [30], draws: 200, using: &generator)
        let zero = (0..<30).map { _ in 10 + Self.normal(&generator) }
        let expert = zero.map { $0 + 20 + Self.normal(&generator) }
        func rate(_ method: [Double], expert: [Double]) -> RecoveryRate.Estimate? {
            RecoveryRate.estimate([.init(method: method, zeroShot: zero, expert: expert, bootstrap: bootstrap)])
        }
        #expect(rate(zero, expert: expert)?.rate == 0)
        #expect(rate(expert, expert: expert)?.rate == 1)
        let half = try #require(rate(zip(zero, expert).map { ($0 + $1) / 2 }, expert: expert))
        #expect(abs(half.rate - 0.5) < 1e-12)
        #expect(half.interval.contains(0.5))
        #expect(rate(expert, expert: zero.enumerated().map { $1 + ($0.isMultiple(of: 2) ? 1 : -1) }) == nil)
        #expect(RecoveryRate.estimate([]) == nil)
    }
}

extension Array where Element == Double {
    fileprivate var shuffledForTest: [Double] { [self[3], self[0], self[4], self[1], self[2]] }
}
