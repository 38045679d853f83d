import AdapterMerging
import ModelEngine
import Testing

/// What must hold for the subspace merges on any adapters.
struct SubspacePropertyTests {
    /// A merge with the published weights: factors of the updates, coefficient 1.
    struct Method: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Whether one adapter alone comes back.
        var returnsOne = true
        var merge: @Sendable ([LoRAAdapter], [Double]?) throws -> LoRAAdapter
    }

    static let methods: [Method] = [
        Method(testDescription: "KnOTS-TIES") { try KnOTS.merge($0, weights: $1) },
        Method(testDescription: "KnOTS-TIES by number") {
            try KnOTS.merge($0, weights: $1, majoritySign: .frequency)
        },
        Method(testDescription: "KnOTS-TIES pruned", returnsOne: false) {
            try KnOTS.merge($0, weights: $1, density: 0.5)
        },
        Method(testDescription: "KnOTS mean") { try KnOTS.merge($0, weights: $1, rule: .mean) },
        Method(testDescription: "KnOTS sum") { try KnOTS.merge($0, weights: $1, rule: .sum) },
        Method(testDescription: "TSV-M") { try TSVM.merge($0, weights: $1) },
        Method(testDescription: "Iso-C", returnsOne: false) { try IsoC.merge($0, weights: $1) },
        Method(testDescription: "Iso-CTS", returnsOne: false) { try IsoCTS.merge($0, weights: $1, meanOver: .rank) },
        Method(testDescription: "Core Space") { try CoreSpace.merge($0, weights: $1, rule: .linear) },
        Method(testDescription: "Core Space TSV-M") { try CoreSpace.merge($0, weights: $1) },
        Method(testDescription: "Core Space TIES") {
            try CoreSpace.merge($0, weights: $1, rule: .ties, density: 1)
        },
        Method(testDescription: "Core Space mean") { try CoreSpace.merge($0, weights: $1, rule: .mean) },
        Method(testDescription: "Core Space isotropic", returnsOne: false) {
            try CoreSpace.merge($0, weights: $1, isotropic: true)
        },
        Method(testDescription: "Pico") { try Pico.merge($0, weights: $1) },
        Method(testDescription: "Pico KnOTS-TIES") { try Pico.merge($0, weights: $1, rule: .knotsTIES) },
        Method(testDescription: "Pico TSV-M") { try Pico.merge($0, weights: $1, rule: .tsvM, rescale: .each) },
    ]

    private let first = LoRAAdapter.random(seed: 1, inputs: 16, outputs: 12)
    private let second = LoRAAdapter.random(seed: 2, rank: 2, scaling: 0.5, inputs: 16, outputs: 12)
    private let third = LoRAAdapter.random(seed: 3, rank: 1, sites: [.query(0)], inputs: 16, outputs: 12)
    private var all: [LoRAAdapter] { [first, second, third] }

    private func isNear(_ merged: LoRAAdapter, _ expected: LoRAAdapter, times factor: Double = 1) -> Bool {
        merged.sites == expected.sites
            && merged.sites.allSatisfy { site in
                let wanted = expected.update(site).map { $0 * factor }
                return distance(merged.update(site), wanted) <= 1e-5 * norm(wanted)
            }
    }

    @Test(arguments: methods.filter(\.returnsOne))
    func `one adapter comes back`(_ method: Method) throws {
        #expect(isNear(try method.merge([first], nil), first))
        #expect(isNear(try method.merge([first], [-2]), first, times: -2))
    }

    @Test(arguments: methods)
    func `the order of the adapters does not matter`(_ method: Method) throws {
        let merged = try method.merge(all, [1, 0.5, 2])
        #expect(isNear(try method.merge(all.reversed(), [2, 0.5, 1]), merged))
        #expect(!isNear(try method.merge(all, [0.5, 1, 2]), merged))
    }

    @Test(arguments: methods, [3, -0.5])
    func `scaling all weights scales the update`(_ method: Method, _ factor: Double) throws {
        let merged = try method.merge(all, nil)
        #expect(isNear(try method.merge(all, [factor, factor, factor]), merged, times: factor))
    }

    @Test(arguments: methods)
    func `a layer that one adapter has is merged from that one alone`(_ method: Method) throws {
        let partial = LoRAAdapter(factors: first.factors.filter { $0.key == .down(1) })
        let merged = try method.merge([first, second, third], nil)
        #expect(merged.sites == [.query(0), .down(1)])
        let alone = try method.merge([third, partial], nil)
        // Thresholds of pruning are an adapter's own, over the layers it has.
        #expect(
            isNear(
                LoRAAdapter(factors: [.down(1): try #require(alone.factors[.down(1)])]),
                try method.merge([partial], nil)))
    }

    @Test(arguments: methods)
    func `an adapter of nothing makes no direction and no NaN`(_ method: Method) throws {
        var nothing = second
        nothing.factors = nothing.factors.mapValues { $0.withoutEffect }
        for adapters in [[nothing], [nothing, nothing]] {
            let merged = try method.merge(adapters, nil)
            #expect(merged.sites == first.sites)
            #expect(merged.sites.allSatisfy { merged.update($0).allSatisfy { $0 == 0 } })
        }
        let merged = try method.merge([first, nothing], nil)
        #expect(merged.sites.allSatisfy { merged.update($0).allSatisfy { $0.isFinite } && norm(merged.update($0)) > 0 })
    }

    @Test(arguments: methods)
    func `ranks above the layer's smaller side are cut to it`(_ method: Method) throws {
        let wide = [1, 2, 3].map { LoRAAdapter.random(seed: $0, rank: 4, sites: [.query(0)], inputs: 9, outputs: 5) }
        let factors = try #require(try method.merge(wide, nil).factors[.query(0)])
        #expect(factors.rank <= 5 && factors.rank > 0 && factors.scaling == 1)
        #expect(factors.update.allSatisfy { $0.isFinite })
    }

    @Test(arguments: methods)
    func `what is wrong with a list of adapters is said`(_ method: Method) throws {
        #expect(throws: MergeError.self) { try method.merge([], nil) }
        #expect(throws: MergeError.self) { try method.merge([first, second], [1]) }
        #expect(throws: MergeError.self) { try method.merge([first, .random(seed: 4)], nil) }
    }

    @Test func `sums in a shared space are the sum of the updates`() throws {
        let sum = try Concatenation.merge(all, weights: [1, 0.5, 2])
        #expect(isNear(try KnOTS.merge(all, weights: [1, 0.5, 2], rule: .sum), sum))
        #expect(isNear(try CoreSpace.merge(all, weights: [1, 0.5, 2], rule: .linear), sum))
    }

    @Test(arguments: [0, 1e-6, 1e-4, 1e-2, 1] as [Float])
    func `bases of nearly equal adapters lose nothing`(_ difference: Float) throws {
        let other = LoRAAdapter.random(seed: 9, inputs: 16, outputs: 12)
        var near = first
        for (site, factors) in first.factors {
            let change = try #require(other.factors[site])
            near.factors[site]?.a = zip(factors.a, change.a).map { $0 + difference * $1 }
            near.factors[site]?.b = zip(factors.b, change.b).map { $0 + difference * $1 }
        }
        let sum = try Concatenation.merge([first, near], weights: [1, -0.7])
        for merged in [
            try KnOTS.merge([first, near], weights: [1, -0.7], rule: .sum),
            try CoreSpace.merge([first, near], weights: [1, -0.7], rule: .linear),
        ] { #expect(isNear(merged, sum)) }
    }

    @Test func `Core Space's mean is the mean of the adapters that have the layer`() throws {
        let merged = try CoreSpace.merge(all, weights: [1, 0.5, 2], rule: .mean)
        let sum = try Concatenation.merge(all, weights: [1, 0.5, 2])
        for (site, count) in [(AdapterSite.query(0), 3.0), (.down(1), 2.0)] {
            let wanted = sum.update(site).map { $0 / count }
            #expect(distance(merged.update(site), wanted) <= 1e-5 * norm(wanted))
        }
    }

    @Test func `Core Space's dare drops nothing where every entry is kept`() throws {
        let sum = try Concatenation.merge(all, weights: [1, 0.5, 2])
        #expect(isNear(try CoreSpace.merge(all, weights: [1, 0.5, 2], rule: .dare, keep: 1, seed: 3), sum))
        #expect(
            isNear(
                try CoreSpace.merge(all, rule: .dareTIES, density: 0.4, keep: 1, seed: 3),
                try CoreSpace.merge(all, rule: .ties, density: 0.4)))
    }

    @Test func `Core Space's dare keeps the expectation, and its masks follow from the seed`() throws {
        let sum = try Concatenation.merge([first, second], weights: [1, 1])
        let site = AdapterSite.query(0)
        let draws = 400
        var mean = [Double](repeating: 0, count: sum.update(site).count)
        for seed in 0..<draws {
            let merged = try CoreSpace.merge([first, second], rule: .dare, keep: 0.6, seed: UInt64(seed))
            mean = zip(mean, merged.update(site)).map { $0 + $1 / Double(draws) }
        }
        let wanted = sum.update(site)
        // One draw is off by about √((1 − keep)/keep) = 0.8 of the cores' length, the mean of 400 by a twentieth of that.
        #expect(distance(mean, wanted) < 0.1 * norm(wanted))
        let one = try CoreSpace.merge([first, second], rule: .dare, keep: 0.6, seed: 5)
        #expect(try CoreSpace.merge([first, second], rule: .dare, keep: 0.6, seed: 5) == one)
        #expect(try CoreSpace.merge([first, second], rule: .dare, keep: 0.6, seed: 6) != one)
        #expect(!isNear(one, sum))
    }

    @Test(arguments: [0, -0.5, 1.5, .nan] as [Double])
    func `a probability of keeping entries outside 0 to 1 is refused`(_ keep: Double) {
        let error = #expect(throws: MergeError.self) { try CoreSpace.merge(all, rule: .dare, keep: keep) }
        #expect(error?.key == "keep")
    }

    @Test func `KnOTS' mean at density 1 halves the sum where both adapters have every entry`() throws {
        let sum = try Concatenation.merge([first, second], weights: [0.5, 0.5])
        #expect(isNear(try KnOTS.merge([first, second], rule: .mean), sum))
    }

    @Test(
        arguments: methods.filter {
            ["KnOTS-TIES", "KnOTS mean", "TSV-M", "Core Space TSV-M"].contains($0.testDescription)
        })
    func `an adapter with itself is that adapter once`(_ method: Method) throws {
        // Room for both in TSV-M: rank 3 of at most 12 / 2.
        #expect(isNear(try method.merge([first, first], nil), first))
    }

    @Test func `TSV-M of updates in orthogonal directions is their sum`() throws {
        func single(a: [Float], b: [Float]) -> LoRAAdapter {
            LoRAAdapter(factors: [.query(0): LoRAFactors(rank: 1, inputs: 2, outputs: 2, a: a, b: b, scaling: 3)])
        }
        let pair = [single(a: [1, 0], b: [0, 1]), single(a: [0, 1], b: [1, 0])]
        #expect(isNear(try TSVM.merge(pair), try Concatenation.merge(pair, weights: [1, 1])))
    }

    @Test func `TSV-M keeps k directions of each`() throws {
        let merged = try TSVM.merge([first, second], k: 1)
        #expect(merged.sites.allSatisfy { merged.factors[$0]?.rank == 2 })
        let whole = try TSVM.merge([first, second])
        #expect(try TSVM.merge([first, second], k: 100) == whole)
    }

    @Test(arguments: IsotropicMean.allCases)
    func `isotropic merges have one singular value`(_ mean: IsotropicMean) throws {
        let rank = 5
        for merged in [
            try IsoC.merge([first, second], meanOver: mean), try IsoCTS.merge([first, second], meanOver: mean),
        ] {
            for site in merged.sites {
                let factors = try #require(merged.factors[site])
                let values = try LowRankUpdate(factors).svd().s
                #expect(factors.rank == rank && values.count == rank)
                #expect(largestDifference(values, values.map { _ in values[0] }) < 1e-5 * values[0])
            }
        }
        let sum = try Concatenation.merge([first, second], weights: [1, 1])
        let values = try LowRankUpdate(try #require(sum.factors[.query(0)])).svd().s
        let level = values.reduce(0, +) / (mean == .rank ? 5 : 12)
        let merged = try LowRankUpdate(
            try #require(try IsoC.merge([first, second], meanOver: mean).factors[.query(0)])
        ).svd().s
        #expect(abs(merged[0] - level) < 1e-5 * level)
    }

    @Test func `Pico leaves directions of equal use in proportion and shrinks the crowded one`() throws {
        // Both write along the first output; only the second also along the second one.
        let one = LoRAAdapter(factors: [
            .query(0): LoRAFactors(rank: 1, inputs: 3, outputs: 2, a: [1, 0, 0], b: [1, 0], scaling: 1)
        ])
        let two = LoRAAdapter(factors: [
            .query(0): LoRAFactors(
                rank: 2, inputs: 3, outputs: 2, a: [0, 1, 0, 0, 0, 1], b: [1, 0, 0, 1], scaling: 1)
        ])
        let merged = try Pico.merge([one, two], rescale: .none).update(.query(0))
        // σ² = 2 and 1: α = 1 / (1 + 2/3) and 1 / (1 + 1/3); then the mean of two.
        #expect(largestDifference(merged, [0.3, 0.3, 0, 0, 0, 0.375]) < 1e-6)
        let norms = try Pico.merge([one, two]).update(.query(0))
        #expect(abs(norm(norms) - (1 + 2.0.squareRoot()) / 2) < 1e-6)
    }

    @Test func `masks of KnOTS-DARE-TIES follow from the seed and keep their share`() throws {
        let adapters = [1, 2].map {
            LoRAAdapter.random(seed: $0, rank: 8, sites: [.query(0)], inputs: 400, outputs: 40)
        }
        func merge(_ seed: UInt64) throws -> LoRAAdapter {
            try KnOTS.merge(adapters, rule: .dareTIES, density: 0.2, seed: seed)
        }
        let (one, again, other) = (try merge(1), try merge(1), try merge(2))
        #expect(one == again)
        #expect(one != other)
        let kept = try #require(one.factors[.query(0)]).a
        // An entry is 0 only where both adapters lost it: 0.8².
        let share = Double(kept.count { $0 != 0 }) / Double(kept.count)
        #expect(abs(share - 0.36) < 0.03)
    }

    @Test(
        arguments: [(0.5, 2), (0.49, 3), (0.1, 4), (0.75, 1), (1, 0)] as [(Double, Float)])
    func `the threshold is the magnitude one after the share`(_ density: Double, _ expected: Float) {
        #expect(ElectedMean.threshold(of: [[1, -4], [3, 2]], density: density) == expected)
    }

    @Test func `elections go by the sum or by the number, draws of number by the sum`() {
        let tensors: [[Float]] = [[3, 3, 1, 0], [-1, -1, 0, 0], [-1, 0, -2, 0]]
        #expect(ElectedMean.merge(tensors, majoritySign: .total) == [3, 3, -2, 0])
        #expect(ElectedMean.merge(tensors, majoritySign: .frequency) == [-1, 3, -2, 0])
        #expect(ElectedMean.nonzeroMean(tensors) == [1.0 / 3, 1, -0.5, 0])
    }
}

extension LoRAFactors {
    /// The same with B = 0, as an adapter starts.
    fileprivate var withoutEffect: LoRAFactors {
        LoRAFactors(
            rank: rank, inputs: inputs, outputs: outputs, a: a, b: Array(repeating: 0, count: b.count),
            scaling: scaling)
    }
}
