import AdapterMerging
import ModelEngine
import SeededRandom
import Testing

/// The rules that thin out dense updates, on numbers small enough to check by eye, and the odds of the random ones.
struct UpdatePruningTests {
    private func pruned(
        _ values: [Float], _ pruning: UpdatePruning, rescaling: Rescaling = .none, inputs: Int? = nil, mask: [Bool] = []
    ) -> [Float] {
        var values = values
        var draws = PruningDraws(mask: mask)
        pruning.apply(to: &values, inputs: inputs ?? values.count, rescaling: rescaling, draws: &draws)
        return values
    }

    @Test(
        arguments: [
            (0..<2, [0, -4, 3, 0, 0, 0]), (0..<1, [0, -4, 0, 0, 0, 0]), (1..<4, [1, 0, 3, 1, 0, 0]),
            (2..<3, [1, 0, 0, 0, 0, 0]), (3..<4, [0, 0, 0, 1, 0, 0]), (2..<5, [1, 0, 0, 1, 0, -1]),
            (5..<6, [0, 0, 0, 0, 0.5, 0]), (0..<6, [1, -4, 3, 1, 0.5, -1]), (3..<3, [0, 0, 0, 0, 0, 0]),
        ] as [(Range<Int>, [Float])])
    func `places count from the largest magnitude, of equal ones from the first`(
        _ places: Range<Int>, _ expected: [Float]
    ) {
        var values: [Float] = [1, -4, 3, 1, 0.5, -1]
        MagnitudeSelection.keep(places, in: &values)
        #expect(values == expected)
    }

    @Test(arguments: [(0, 1), (0, 500), (17, 200), (499, 500), (100, 101), (250, 500)])
    func `selection keeps what a sort would`(_ first: Int, _ end: Int) {
        var generator = SeededGenerator(seed: 5)
        // Small whole numbers times powers of two from 2⁻⁷⁰ on, so that many are equal and many are 0.
        let values = (0..<500).map { _ in
            Float(generator.nextIndex(below: 9)) * Float(sign: .minus, exponent: 1, significand: 1)
                * Float(sign: .plus, exponent: generator.nextIndex(below: 8) * 20 - 71, significand: 1)
        }
        let order = values.indices.sorted { (values[$0].magnitude, -$0) > (values[$1].magnitude, -$1) }
        var expected = [Float](repeating: 0, count: values.count)
        for index in order[first..<end] { expected[index] = values[index] }
        var kept = values
        MagnitudeSelection.keep(first..<end, in: &kept)
        #expect(kept == expected)
    }

    @Test(
        arguments: [
            (0.5, [0, -4, 3, 0]), (0.49, [0, -4, 0, 0]), (0.1, [0, -4, 0, 0]), (1, [1, -4, 3, 1]),
        ] as [(Double, [Float])])
    func `magnitude pruning rounds the count down but keeps one`(_ density: Double, _ expected: [Float]) {
        #expect(pruned([1, -4, 3, 1], .magnitude(density: density)) == expected)
    }

    @Test(
        arguments: [
            (0.5, 0, [0, 0, 0, -4, 5]), (0.4, 0.2, [0, 0, 3, -4, 0]), (0.6, 0.2, [0, 2, 3, -4, 0]),
            (0.8, 0.6, [1, 2, 3, -4, 0]), (0.1, 0, [0, 0, 0, 0, 0]), (1, 0.4, [1, 2, 3, -4, 5]),
        ] as [(Double, Double, [Float])])
    func `breadcrumbs drop the largest, but density comes first`(
        _ density: Double, _ gamma: Double, _ expected: [Float]
    ) {
        #expect(pruned([1, 2, 3, -4, 5], .band(density: density, gamma: gamma)) == expected)
    }

    @Test func `rescaling restores the sum of magnitudes, or expectations`() {
        let values: [Float] = [1, -2, 3, -4]
        let mask = [true, false, false, true]
        #expect(pruned(values, .random(density: 0.5), mask: mask) == [1, 0, 0, -4])
        #expect(pruned(values, .random(density: 0.5), rescaling: .l1, mask: mask) == [2, 0, 0, -8])
        #expect(pruned(values, .random(density: 0.25), rescaling: .paper, mask: mask) == [4, 0, 0, -16])
        #expect(pruned(values, .random(density: 0.5), rescaling: .l1) == [0, 0, 0, 0])
        #expect(pruned(values, .magnitude(density: 0.5), rescaling: .paper) == [0, 0, 3, -4])
        // Probabilities 0.25, 0.75 in each row.
        let ranked = pruned(
            values, .rowRank(density: 0.5, epsilon: 0.25), rescaling: .paper, inputs: 2,
            mask: [true, true, true, true])
        #expect(zip(ranked, [4, -2 / 0.75, 12, -4 / 0.75] as [Float]).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func `ranks are those of a sort, with the earlier of equal entries above`() {
        var ranking = RowRanking(length: 5)
        ranking.rank([9, 9, 2, -3, 0, 2, -2], from: 2)
        #expect(ranking.ranks == [3, 4, 0, 2, 1])
        ranking.rank([1, 1, -1, 1, 1], from: 0)
        #expect(ranking.ranks == [4, 3, 2, 1, 0])
        var long = RowRanking(length: 300)
        let values = (0..<300).map { Float(($0 * 7919) % 300) - 150.25 }
        long.rank(values, from: 0)
        let order = values.indices.sorted { values[$0].magnitude < values[$1].magnitude }
        #expect(order.enumerated().allSatisfy { long.ranks[$0.element] == Int32($0.offset) })
    }

    @Test(arguments: [0.0, 0.1, 0.3])
    func `DELLA keeps entries with probabilities that rise linearly with their rank`(_ epsilon: Double) {
        // Rows whose magnitudes fall, rise, and are mixed; the largest entry is kept most often.
        let columns = 8
        let row: [Float] = [8, -7, 1, 2, -3, 6, 5, -4]
        let draws = 4000
        var kept = [Double](repeating: 0, count: columns)
        for seed in 0..<draws {
            var values = row
            var decisions = PruningDraws(seed: UInt64(seed), adapter: 0, site: .query(0))
            UpdatePruning.rowRank(density: 0.4, epsilon: epsilon).apply(
                to: &values, inputs: columns, rescaling: .none, draws: &decisions)
            for column in 0..<columns where values[column] != 0 { kept[column] += 1 / Double(draws) }
        }
        for (column, value) in row.enumerated() {
            let probability = 0.4 - epsilon + 2 * epsilon * Double(value.magnitude - 1) / 7
            let slack = 4.5 * (probability * (1 - probability) / Double(draws)).squareRoot()
            #expect(abs(kept[column] - probability) < slack, "column \(column)")
        }
        #expect(abs(kept.reduce(0, +) / Double(columns) - 0.4) < 0.02)
    }

    @Test(arguments: [UpdatePruning.random(density: 0.3), .rowRank(density: 0.3, epsilon: 0.2)])
    func `dividing by the probability keeps expectations`(_ pruning: UpdatePruning) {
        let values: [Float] = [5, -1, 2, 3, -4, 0.5, 1.5, -2.5]
        let draws = 20_000
        var mean = [Double](repeating: 0, count: values.count)
        for seed in 0..<draws {
            var drawn = values
            var decisions = PruningDraws(seed: UInt64(seed), adapter: 1, site: .down(2))
            pruning.apply(to: &drawn, inputs: 4, rescaling: .paper, draws: &decisions)
            for index in mean.indices { mean[index] += Double(drawn[index]) / Double(draws) }
        }
        #expect(relativeError(mean, values.map(Double.init)) < 0.03)
    }

    @Test func `layers and adapters draw for themselves, and a seed always the same`() {
        func decisions(_ seed: UInt64, _ adapter: Int, _ site: AdapterSite) -> [Bool] {
            var draws = PruningDraws(seed: seed, adapter: adapter, site: site)
            return (0..<64).map { _ in draws.keeps(probability: 0.5) }
        }
        let all = [
            decisions(1, 0, .query(0)), decisions(1, 1, .query(0)), decisions(1, 0, .down(0)),
            decisions(2, 0, .query(0)),
        ]
        #expect(Set(all).count == 4)
        #expect(decisions(1, 0, .query(0)) == all[0])
    }
}
