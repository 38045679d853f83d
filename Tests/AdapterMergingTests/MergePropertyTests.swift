import AdapterMerging
import ModelEngine
import Testing

/// What must hold for the merges on any adapters.
struct MergePropertyTests {
    private let first = LoRAAdapter.random(seed: 1)
    private let second = LoRAAdapter.random(seed: 2, scaling: 0.5)

    @Test(arguments: [[0.5, 0.5], [1, 1], [0.7, -0.3], [0, 2]])
    func `a concatenation is exactly the weighted sum of the updates`(_ weights: [Double]) throws {
        let wide = LoRAAdapter.random(seed: 3, rank: 5, scaling: 0.5)
        let merged = try Concatenation.merge([first, wide], weights: weights)
        #expect(merged.sites == first.sites)
        for site in merged.sites {
            #expect(merged.factors[site]?.rank == 8)
            let expected = zip(first.update(site), wide.update(site)).map { weights[0] * $0 + weights[1] * $1 }
            #expect(largestDifference(merged.update(site), expected) < 1e-6)
        }
    }

    @Test func `a layer that one adapter lacks keeps the other one's rank and weight`() throws {
        let partial = LoRAAdapter.random(seed: 4, rank: 2, sites: [.query(0)])
        let merged = try Concatenation.merge([first, partial])
        #expect(merged.factors[.query(0)]?.rank == 5)
        #expect(merged.factors[.down(1)]?.rank == 3)
        #expect(largestDifference(merged.update(.down(1)), first.update(.down(1)).map { $0 / 2 }) < 1e-6)
    }

    @Test func `a linear merge of one adapter with weight 1 is that adapter`() throws {
        for site in first.sites {
            let merged = try LinearMerge.merge([first], weights: [1])
            #expect(largestDifference(merged.update(site), first.update(site)) < 1e-5)
            let negated = try LinearMerge.merge([first], weights: [-1])
            #expect(largestDifference(negated.update(site), first.update(site).map { -$0 }) < 1e-5)
        }
    }

    @Test func `a linear merge holds the cross terms`() throws {
        // With scalings 2 and 0.5 and weights 0.5 the factors' weights are 1 and 0.5.
        let merged = try LinearMerge.merge([first, second])
        let one = try #require(first.factors[.query(0)])
        let other = try #require(second.factors[.query(0)])
        let a = zip(one.a, other.a).map { $0 + $1 / 2 }
        let b = zip(one.b, other.b).map { $0 + $1 / 2 }
        let expected = LoRAFactors(rank: 3, inputs: 6, outputs: 5, a: a, b: b, scaling: 1)
        #expect(largestDifference(try #require(merged.factors[.query(0)]).update, expected.update) < 1e-6)
    }

    @Test(arguments: [0.5, -0.5])
    func `an adapter of negative scaling behaves as one of negative weight`(_ weight: Double) throws {
        var flipped = first
        flipped.factors = flipped.factors.mapValues {
            LoRAFactors(rank: $0.rank, inputs: $0.inputs, outputs: $0.outputs, a: $0.a, b: $0.b, scaling: -$0.scaling)
        }
        #expect(
            try LinearMerge.merge([flipped, second], weights: [weight, 1])
                == LinearMerge.merge([first, second], weights: [-weight, 1]))
    }

    @Test(arguments: MajoritySign.allCases)
    func `TIES of equal adapters at density 1 and weights 1 gives them back`(_ rule: MajoritySign) throws {
        let merged = try TIES.merge([first, first, first], weights: [1, 1, 1], density: 1, majoritySign: rule)
        for site in first.sites {
            #expect(largestDifference(merged.update(site), first.update(site)) < 1e-5)
        }
        let shares = try TIES.merge([first, first], density: 1, majoritySign: rule)
        #expect(largestDifference(shares.update(.query(0)), first.update(.query(0)).map { $0 / 2 }) < 1e-5)
    }

    @Test func `total and frequency elect differently where one large entry faces two small ones`() throws {
        let adapters = [[3, -1, 0], [-1, -1, 0], [-1, 1, 0]].map { (a: [Float]) in
            LoRAAdapter(factors: [
                .query(0): LoRAFactors(rank: 1, inputs: 3, outputs: 1, a: a, b: [1], scaling: 1)
            ])
        }
        let total = try TIES.merge(adapters, weights: [1, 1, 1], density: 1, majoritySign: .total)
        let frequency = try TIES.merge(adapters, weights: [1, 1, 1], density: 1, majoritySign: .frequency)
        #expect(total.factors[.query(0)]?.a == [3, -1, 0])
        #expect(frequency.factors[.query(0)]?.a == [-1, -1, 0])
    }

    @Test func `a sum of zero elects the positive side`() throws {
        let adapters = [[2], [-2]].map { (a: [Float]) in
            LoRAAdapter(factors: [
                .query(0): LoRAFactors(rank: 1, inputs: 1, outputs: 1, a: a, b: [1], scaling: 1)
            ])
        }
        #expect(try TIES.merge(adapters, weights: [1, 1], density: 1).factors[.query(0)]?.a == [2])
    }

    @Test(
        arguments: [
            (0.5, [0, -4, 3, 0]), (0.49, [0, -4, 0, 0]), (0.75, [1, -4, 3, 0]), (1, [1, -4, 3, 1]),
            (0.1, [0, 0, 0, 0]),
        ] as [(Double, [Float])])
    func `pruning keeps the largest entries, of equal ones the earlier`(_ density: Double, _ expected: [Float]) {
        #expect(MagnitudeSelection.largest([1, -4, 3, 1], density: density) == expected)
    }

    @Test func `pruning copes with equal entries and with none`() {
        #expect(MagnitudeSelection.largest([2, 2, -2, 2], density: 0.5) == [2, 2, 0, 0])
        #expect(MagnitudeSelection.largest([0, 0], density: 0.5) == [0, 0])
        #expect(MagnitudeSelection.largest([], density: 0.5) == [])
    }

    @Test func `magnitude pruning at density 1 is the linear merge`() throws {
        #expect(try MagnitudePruning.merge([first, second], density: 1) == LinearMerge.merge([first, second]))
        #expect(try MagnitudePruning.merge([first, second], density: 0.5) != LinearMerge.merge([first, second]))
    }
}
