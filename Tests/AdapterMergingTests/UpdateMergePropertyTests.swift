import AdapterMerging
import ModelEngine
import Testing

/// What must hold for the merges of updates on any adapters.
struct UpdateMergePropertyTests {
    private let first = LoRAAdapter.random(seed: 1, inputs: 12, outputs: 10)
    private let second = LoRAAdapter.random(seed: 2, rank: 2, scaling: 0.5, inputs: 12, outputs: 10)
    private let third = LoRAAdapter.random(seed: 3, rank: 4, scaling: 1, sites: [.query(0)], inputs: 12, outputs: 10)

    /// Every method of the family that prunes, by name.
    private static let dense = MethodRegister.all.filter { $0 is any UpdateMergeMethod.Type }.map { $0.descriptor.name }

    private func arithmetic(_ name: String, _ parameters: MethodParameters = [:]) throws -> GeneralisedTaskArithmetic {
        try #require(MethodRegister.make(name: name, parameters: parameters) as? any UpdateMergeMethod).arithmetic
    }

    private func error(_ adapter: LoRAAdapter, _ expected: LoRAAdapter) -> Double {
        guard adapter.sites == expected.sites else { return .infinity }
        return adapter.sites.reduce(0) { max($0, relativeError(adapter.update($1), expected.update($1))) }
    }

    /// λ Σ wᵢ Δᵢ at a layer.
    private func sum(_ adapters: [LoRAAdapter], _ weights: [Double], at site: AdapterSite) -> [Double] {
        zip(adapters, weights).reduce([Double](repeating: 0, count: 120)) { sum, pair in
            zip(sum, pair.0.update(site)).map { $0 + pair.1 * $1 }
        }
    }

    @Test func `there are seven methods that prune`() { #expect(Self.dense.count == 7) }

    @Test(arguments: dense)
    func `one adapter at density 1 and weight 1 comes back`(_ name: String) throws {
        let merged = try arithmetic(name, ["density": 1]).merge([first], weights: [1])
        #expect(error(merged, first) < 1e-5)
        #expect(merged.factors.values.allSatisfy { $0.rank == 3 && $0.scaling == 1 })
    }

    @Test func `one adapter comes back from the exact merges`() throws {
        #expect(error(try TaskArithmetic.merge([first], weights: [1]), first) < 1e-6)
        #expect(try SLERP.merge([first], t: 0.3).factors[.query(0)]?.rank == 3)
        #expect(error(try SLERP.merge([first], t: 0.3), first) < 1e-6)
        #expect(error(try MultiSLERP.merge([first], weights: [0.2]), first) < 1e-6)
        #expect(error(try KarcherMean.merge([first]), first) < 1e-6)
    }

    @Test(arguments: [("mergekit-ties", true), ("breadcrumbs", true), ("breadcrumbs-ties", true), ("della", false)])
    func `the order of the adapters does not matter`(_ name: String, _ prunes: Bool) throws {
        // Masks of the random ones belong to the positions, so they are compared at density 1.
        let merge = try arithmetic(name, ["density": prunes ? 0.4 : 1])
        let one = try merge.updates([first, second], weights: [0.7, -0.3])
        let other = try merge.updates([second, first], weights: [-0.3, 0.7])
        for site in first.sites { #expect(one[site] == other[site]) }
        #expect(
            error(
                try MultiSLERP.merge([first, second, third], weights: [0.2, 0.5, 0.3]),
                try MultiSLERP.merge([third, first, second], weights: [0.3, 0.2, 0.5])) < 1e-6)
        #expect(
            error(try KarcherMean.merge([first, second, third]), try KarcherMean.merge([third, first, second])) < 1e-5)
        #expect(error(try SLERP.merge([first, second], t: 0.3), try SLERP.merge([second, first], t: 0.7)) < 1e-6)
    }

    @Test(arguments: dense)
    func `weights twice as large give an update twice as large, unless normalised`(_ name: String) throws {
        for normalizes in [false, true] {
            let merge = try arithmetic(name, ["density": 0.4, "normalize": .bool(normalizes)])
            let one = try merge.merge([first, second], weights: [0.5, 0.25], seed: 3)
            let other = try merge.merge([first, second], weights: [1, 0.5], seed: 3)
            for site in first.sites {
                let expected = one.update(site).map { normalizes ? $0 : 2 * $0 }
                #expect(relativeError(other.update(site), expected) < 1e-5)
            }
        }
    }

    @Test(arguments: dense)
    func `lambda scales the update`(_ name: String) throws {
        let one = try arithmetic(name, ["density": 0.6]).merge([first, second], seed: 3)
        let other = try arithmetic(name, ["density": 0.6, "lambda": 0.3]).merge([first, second], seed: 3)
        for site in first.sites { #expect(relativeError(other.update(site), one.update(site).map { 0.3 * $0 }) < 1e-5) }
    }

    @Test(arguments: dense)
    func `at density 1, adapters of equal signs are summed or averaged`(_ name: String) throws {
        // A multiple has the same signs everywhere.
        var twice = first
        twice.factors = first.factors.mapValues { factors in
            var factors = factors
            factors.scaling *= 2
            return factors
        }
        for (normalizes, factor) in [(true, 1.5), (false, 0.75)] {
            let merge = try arithmetic(name, ["density": 1, "normalize": .bool(normalizes)])
            let merged = try merge.merge([first, twice], weights: [0.25, 0.25])
            for site in first.sites {
                #expect(relativeError(merged.update(site), first.update(site).map { factor * $0 }) < 1e-5)
            }
        }
    }

    @Test(arguments: dense)
    func `a layer that only some adapters have is merged from those`(_ name: String) throws {
        let merge = try arithmetic(name, ["density": 0.5])
        let together = try merge.updates([first, second, third], weights: [0.5, 0.3, 0.2]) { position, _ in
            (0..<120).map { $0 % 3 != position }
        }
        let alone = try merge.updates([first, second], weights: [0.5, 0.3]) { position, _ in
            (0..<120).map { $0 % 3 != position }
        }
        #expect(together[.down(1)] == alone[.down(1)])
        #expect(together[.query(0)] != alone[.query(0)])
    }

    @Test(arguments: dense)
    func `the rank is the one asked for, or the sum of the adapters' ranks`(_ name: String) throws {
        let adapters = [first, second, third]
        let weights = [0.5, 0.3, 0.2]
        let wide = try arithmetic(name, ["density": 0.5]).merge(adapters, weights: weights)
        #expect(wide.factors[.query(0)]?.rank == 9)
        #expect(wide.factors[.down(1)]?.rank == 5)
        let narrow = try arithmetic(name, ["density": 0.5, "rank": 2]).merge(adapters, weights: weights)
        #expect(narrow.factors.values.allSatisfy { $0.rank == 2 })
        // No layer has more directions than its shorter side.
        let full = try arithmetic(name, ["density": 0.5, "rank": 64]).merge(adapters, weights: weights)
        #expect(full.factors.values.allSatisfy { $0.rank == 10 })
    }

    @Test(arguments: dense)
    func `at full rank nothing is lost, and a smaller rank loses more`(_ name: String) throws {
        var merge = try arithmetic(name, ["density": 0.5])
        guard !merge.isRandom else { return try checkSeeds(merge) }
        let dense = try merge.updates([first, second])
        var errors: [Double] = []
        for rank in [2, 5, 10] {
            merge.rank = rank
            let merged = try merge.merge([first, second])
            errors.append(relativeError(merged.update(.query(0)), (dense[.query(0)] ?? []).map(Double.init)))
        }
        #expect(errors[2] < 1e-5 && errors[2] < errors[1] && errors[1] < errors[0])
    }

    private func checkSeeds(_ merge: GeneralisedTaskArithmetic) throws {
        let one = try merge.merge([first, second], seed: 7)
        #expect(try merge.merge([first, second], seed: 7) == one)
        #expect(try merge.merge([first, second], seed: 8) != one)
    }

    @Test func `nothing pruned and nothing elected is task arithmetic, exactly`() throws {
        for name in ["mergekit-dare-linear", "della-linear", "breadcrumbs"] {
            let merged = try arithmetic(name, ["density": 1, "lambda": 0.5]).merge(
                [first, second], weights: [0.6, -0.2])
            #expect(merged == (try TaskArithmetic.merge([first, second], weights: [0.6, -0.2], lambda: 0.5)))
        }
        let normalised = try arithmetic("breadcrumbs", ["density": 1, "normalize": true])
            .merge([first, second], weights: [1, 3])
        #expect(error(normalised, try TaskArithmetic.merge([first, second], weights: [0.25, 0.75])) < 1e-6)
    }

    @Test func `task arithmetic with lambda 1 is the concatenation`() throws {
        let weights = [0.7, -0.3, 0.1]
        let adapters = [first, second, third]
        #expect(
            try TaskArithmetic.merge(adapters, weights: weights) == Concatenation.merge(adapters, weights: weights))
        let half = try TaskArithmetic.merge(adapters, weights: weights, lambda: 0.5)
        let expected = sum(adapters, weights.map { $0 / 2 }, at: .query(0))
        #expect(relativeError(half.update(.query(0)), expected) < 1e-6)
    }

    @Test func `normalised task arithmetic forgets the size of the weights, and leaves those that cancel out`() throws {
        func merge(_ weights: [Double], normalizes: Bool = true) throws -> LoRAAdapter {
            try TaskArithmetic.merge([first, second], weights: weights, normalizes: normalizes)
        }
        #expect(error(try merge([6, -2]), try merge([1.5, -0.5], normalizes: false)) < 1e-6)
        #expect(try merge([0.7, -0.7]) == merge([0.7, -0.7], normalizes: false))
        let one = try TaskArithmetic.merge([first], weights: [-3], normalizes: true)
        #expect(error(one, first) < 1e-6)
    }

    @Test func `the election is by weighted entries, a sum of zero electing the positive side`() throws {
        func adapter(_ value: Float) -> LoRAAdapter {
            LoRAAdapter(factors: [
                .query(0): LoRAFactors(rank: 1, inputs: 1, outputs: 1, a: [value], b: [1], scaling: 1)
            ])
        }
        func merged(_ values: [Float], _ weights: [Double], normalizes: Bool) throws -> Float? {
            try GeneralisedTaskArithmetic(electsSigns: true, normalizes: normalizes)
                .updates(values.map(adapter), weights: weights)[.query(0)]?.first
        }
        // Without weights -3 would win.
        #expect(try merged([2, -3], [1, 0.5], normalizes: false) == 2)
        #expect(try merged([2, -3], [1, 0.5], normalizes: true) == 2)
        #expect(try merged([2, -2], [1, 1], normalizes: false) == 2)
        #expect(try merged([2, 4, -1], [0.5, 0.25, 0.25], normalizes: true) == 2 / 0.75)
        // Weighted 2 and 2 agree, and their weights cancel out: divided by 1.
        #expect(try merged([2, -2], [1, -1], normalizes: true) == 4)
        #expect(try merged([0, 0], [1, 1], normalizes: true) == 0)
    }

    @Test func `SLERP runs from one update to the other and keeps the length at a right angle`() throws {
        #expect(error(try SLERP.merge([first, second], t: 0), first) < 1e-6)
        #expect(error(try SLERP.merge([first, second], t: 1), second) < 1e-6)
        let adapters = [[1, 0], [0, 1]].map { (a: [Float]) in
            LoRAAdapter(factors: [.query(0): LoRAFactors(rank: 1, inputs: 2, outputs: 1, a: a, b: [3], scaling: 1)])
        }
        let half = try SLERP.merge(adapters).update(.query(0))
        #expect(relativeError(half, [3 * 0.5.squareRoot(), 3 * 0.5.squareRoot()]) < 1e-6)
        #expect(relativeError(try MultiSLERP.merge(adapters).update(.query(0)), half) < 1e-6)
        #expect(relativeError(try KarcherMean.merge(adapters).update(.query(0)), half) < 1e-6)
    }

    @Test func `opposite updates are interpolated linearly, and the spheres' means stay finite`() throws {
        var opposite = first
        opposite.factors = first.factors.mapValues { factors in
            var factors = factors
            factors.scaling = -factors.scaling
            return factors
        }
        let adapters = [first, opposite]
        #expect(error(try SLERP.merge(adapters, t: 0.25), try TaskArithmetic.merge([first], weights: [0.5])) < 1e-6)
        let mean = try MultiSLERP.merge(adapters, weights: [0.5, 0.5])
        #expect(mean.update(.query(0)).allSatisfy { abs($0) < 1e-6 })
        #expect(error(try KarcherMean.merge(adapters), first) < 1e-6)
    }

    @Test func `what makes no sense is refused`() {
        func code(_ body: () throws -> LoRAAdapter) -> MergeError.Code? {
            do { _ = try body() } catch { return (error as? MergeError)?.code }
            return nil
        }
        #expect(code { try SLERP.merge([first, second, third]) } == .adapterCount)
        #expect(code { try SLERP.merge([first, second], t: 1.5) } == .badParameter)
        #expect(code { try MultiSLERP.merge([first, second], weights: [1, -1]) } == .badParameter)
        #expect(code { try GeneralisedTaskArithmetic(pruning: .magnitude(density: 0)).merge([first]) } == .badParameter)
        #expect(
            code { try GeneralisedTaskArithmetic(pruning: .rowRank(density: 0.9, epsilon: 0.2)).merge([first]) }
                == .badParameter)
        #expect(
            code { try GeneralisedTaskArithmetic(pruning: .band(density: 0.5, gamma: 1)).merge([first]) }
                == .badParameter)
        #expect(code { try GeneralisedTaskArithmetic(lambda: .nan).merge([first]) } == .badParameter)
        #expect(code { try GeneralisedTaskArithmetic().merge([]) } == .noAdapters)
        #expect(throws: MergeError.self) { try DELLA(parameters: ["density": 0.9, "epsilon": 0.2]) }
    }
}
