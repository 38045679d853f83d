import SeededRandom
import Testing
import TextMetrics

@Suite struct FlippedSumsTests {
    private static func columns(_ count: Int, documents: Int, decimals: Double) -> [[Double]] {
        var generator = SeededGenerator(seed: 5, purpose: "columns")
        let document = (0..<documents).map { _ in 20 * generator.nextUniform() }
        return (0..<count).map { column in
            document.map { shared in
                let value = shared + Double(column) * 0.2 + 6 * generator.nextUniform()
                return (value * decimals).rounded() / decimals
            }
        }
    }

    @Test(arguments: [17, 63, 64, 65, 128, 130, 300], [1, 2, 9])
    func anyTwoColumnsGiveThePValueOfTheirDifferences(documents: Int, count: Int) {
        // Whole numbers have many ties.
        for decimals in [1.0, 1e9] {
            let columns = Self.columns(count + 1, documents: documents, decimals: decimals)
            var generator = SeededGenerator(seed: 3, purpose: "flips")
            let test = SignFlipTest(documents: documents, flips: 5_000, using: &generator)
            generator = SeededGenerator(seed: 3, purpose: "flips")
            let sums = FlippedSums(columns: columns, flips: 5_000, using: &generator)
            for a in columns.indices {
                for b in columns.indices where a != b {
                    let differences = zip(columns[a], columns[b]).map { $0 - $1 }
                    let p = sums.pValue(differences, of: a, minus: b)
                    if differences.count(where: { $0 != 0 }) > SignFlipTest.exactLimit {
                        #expect(p == test.pValue(differences))
                    } else {
                        #expect(p == nil)
                    }
                }
            }
        }
    }

    @Test func differencesThatRoundingMightHideAreLeftToTheTestItself() {
        let columns = Self.columns(1, documents: 400, decimals: 10)
        let close = columns[0].map { $0 + 1e-9 }
        let alike = columns[0].enumerated().map { $0.offset < 12 ? $0.element + 1 : $0.element }
        var generator = SeededGenerator(seed: 3)
        let sums = FlippedSums(columns: [columns[0], close, alike], flips: 100, using: &generator)
        #expect(sums.pValue(zip(close, columns[0]).map { $0 - $1 }, of: 1, minus: 0) == nil)
        #expect(sums.pValue(zip(alike, columns[0]).map { $0 - $1 }, of: 2, minus: 0) == nil)
    }

    @Test func documentsThatDoNotDifferMayBeLeftOut() {
        var generator = SeededGenerator(seed: 3)
        let test = SignFlipTest(documents: 200, flips: 2_000, using: &generator)
        var differences = [Double](repeating: 0, count: 200)
        for place in stride(from: 100, to: 140, by: 2) { differences[place] = place.isMultiple(of: 6) ? -1 : 0.5 }
        // By hand, with the signs of every document.
        generator = SeededGenerator(seed: 3)
        var hits = 0
        for _ in 0..<2_000 {
            var sum = 0.0
            for word in 0..<4 {
                let bits = generator.next()
                for bit in 0..<64 where word * 64 + bit < 200 {
                    let value = differences[word * 64 + bit]
                    sum += bits >> UInt64(bit) & 1 == 0 ? value : -value
                }
            }
            if abs(sum) >= abs(differences.reduce(0, +)) - 1e-9 { hits += 1 }
        }
        #expect(hits > 100)
        #expect(test.pValue(differences) == Double(1 + hits) / 2_001)
        differences[7] = 40
        #expect(test.pValue(differences) != Double(1 + hits) / 2_001)
    }

    @Test func numberedClustersGiveTheSameEstimateAsNamedOnes() throws {
        let values = Self.columns(1, documents: 50, decimals: 100)[0]
        let numbers = values.indices.map { Int32($0 * 7 % 11 + 3) }
        let named = MeanEstimate(of: values, clusters: numbers.map { "cluster \($0)" })
        #expect(MeanEstimate(of: values, clusterNumbers: numbers) == named)
        #expect(ClusterSums.sums(of: values, numbers: numbers) == ClusterSums.sums(of: values, clusters: numbers))
        #expect(MeanEstimate(of: [], clusterNumbers: []) == nil)
        #expect(ClusterSums.sums(of: [], numbers: []) == [])
        let estimate = try #require(named)
        #expect(
            estimate.interval()
                == estimate.interval(quantile: StudentT(degreesOfFreedom: estimate.degreesOfFreedom).quantile(0.975)))
    }
}
