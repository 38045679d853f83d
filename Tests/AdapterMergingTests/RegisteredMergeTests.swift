import AdapterMerging
import ModelEngine
import Testing

/// What must hold for every data-free merge of the register, however it is made: a new one is tested by being listed.
struct RegisteredMergeTests {
    static let names = MethodRegister.all.map { $0.descriptor }.filter { $0.family == .dataFreeMerge }.map(\.name)

    /// They replace singular values by their mean.
    private static let isotropic: Set = ["iso-c", "iso-cts"]
    /// SLERP is between two; its `t` stands for the weights.
    private static let ofTwo: Set = ["slerp"]

    private let first = LoRAAdapter.random(seed: 1, inputs: 14, outputs: 11)
    private let second = LoRAAdapter.random(seed: 2, scaling: 0.5, inputs: 14, outputs: 11)
    private let third = LoRAAdapter.random(seed: 3, scaling: -1, inputs: 14, outputs: 11)

    private static func knows(_ name: String, _ parameter: String) throws -> Bool {
        try MethodRegister.type(named: name).descriptor.parameters.contains { $0.name == parameter }
    }

    /// Merges with those of the parameters that the method knows.
    private func merge(
        _ name: String, _ adapters: [LoRAAdapter], _ wanted: [String: ParameterValue] = [:], seed: UInt64 = 5
    ) throws -> LoRAAdapter {
        let given = try wanted.filter { try Self.knows(name, $0.key) }
        let method = try MethodRegister.make(
            name: name, parameters: MethodParameters(given), adapters: adapters.count)
        guard case .merge(let merge) = method.recipe else {
            Issue.record("\(name) is no merge")
            return LoRAAdapter()
        }
        return try merge(adapters, seed)
    }

    private func error(_ merged: LoRAAdapter, _ expected: LoRAAdapter, times factor: Double = 1) -> Double {
        guard merged.sites == expected.sites, !expected.sites.isEmpty else { return .infinity }
        return expected.sites.reduce(0) { largest, site in
            max(largest, relativeError(merged.update(site), expected.update(site).map { $0 * factor }))
        }
    }

    @Test func `there are as many as the tables list`() { #expect(Self.names.count >= 28) }

    @Test(arguments: names)
    func `one adapter at density 1 and weight 1 comes back, or its isotropic form`(_ name: String) throws {
        let merged = try merge(name, [first], ["weights": [1], "density": 1])
        #expect(merged.sites == first.sites)
        if !Self.isotropic.contains(name) { #expect(error(merged, first) < 1e-5) }
    }

    @Test(arguments: names)
    func `the order of the adapters does not matter`(_ name: String) throws {
        // Random masks go by an adapter's place in the list, so nothing is dropped here.
        let dense: [String: ParameterValue] = ["density": 1]
        let one = try merge(name, [first, second], dense.merging(["weights": [0.7, 0.4]]) { $1 })
        let other = try merge(name, [second, first], dense.merging(["weights": [0.4, 0.7]]) { $1 })
        #expect(error(one, other) < 1e-5)
    }

    /// The rules beside the default ones that look at entries.
    private static let further: [(String, [String: ParameterValue])] = [
        ("ties", ["majority-sign": "frequency"]), ("ties-svd", ["majority-sign": "frequency"]),
        ("knots", ["majority-sign": "frequency"]), ("knots", ["rule": "mean"]),
        ("core-space", ["rule": "ties"]), ("pico", ["rule": "knots-ties"]),
    ]

    @Test(
        arguments: names.filter { !ofTwo.contains($0) && !$0.contains("dare") && !$0.hasPrefix("della") }.map {
            ($0, [:])
        }
            + further)
    func `nor does the order of three that are pruned`(_ name: String, _ options: [String: ParameterValue]) throws {
        let adapters = [first, second, third]
        let weights = [0.7, 0.4, -0.3]
        let options = options.merging(["density": 0.5]) { $1 }
        let one = try merge(name, adapters, options.merging(["weights": .numbers(weights)]) { $1 })
        for order in [[2, 0, 1], [1, 0, 2]] {
            let other = try merge(
                name, order.map { adapters[$0] },
                options.merging(["weights": .numbers(order.map { weights[$0] })]) { $1 })
            #expect(error(other, one) < 1e-5)
        }
    }

    @Test(arguments: names, [2.0, 0.25])
    func `scaling all weights scales the update, unless they are normalised`(_ name: String, _ factor: Double) throws {
        guard try Self.knows(name, "weights") else { return }
        let plain: [String: ParameterValue] = ["density": 0.5, "normalize": false]
        let one = try merge(name, [first, second], plain.merging(["weights": [0.75, -0.5]]) { $1 })
        let scaled = try merge(
            name, [first, second], plain.merging(["weights": .numbers([0.75 * factor, -0.5 * factor])]) { $1 })
        #expect(error(scaled, one, times: factor) < 1e-5)
    }

    @Test(arguments: names)
    func `lambda scales the update`(_ name: String) throws {
        guard try Self.knows(name, "lambda") else { return }
        let one = try merge(name, [first, second])
        let scaled = try merge(name, [first, second], ["lambda": 3])
        #expect(error(scaled, one, times: 3) < 1e-5)
    }

    @Test(arguments: names)
    func `a layer that one adapter lacks is merged from the other alone`(_ name: String) throws {
        let partial = LoRAAdapter(factors: second.factors.filter { $0.key == .query(0) })
        let merged = try merge(name, [first, partial], ["weights": [1, 1], "density": 1])
        let alone = try merge(name, [first], ["weights": [1], "density": 1])
        #expect(merged.sites == first.sites)
        #expect(relativeError(merged.update(.down(1)), alone.update(.down(1))) < 1e-5)
    }

    @Test(arguments: names.filter { !ofTwo.contains($0) })
    func `three adapters are merged by default weights`(_ name: String) throws {
        let merged = try merge(name, [first, second, third])
        #expect(merged.sites == first.sites)
        #expect(merged.factors.values.allSatisfy { $0.b.contains { $0 != 0 } })
    }

    @Test(arguments: names)
    func `adapters of unequal ranks are merged, or refused by name`(_ name: String) throws {
        let wide = LoRAAdapter.random(seed: 4, rank: 5, inputs: 14, outputs: 11)
        do {
            let merged = try merge(name, [first, wide])
            #expect(merged.sites == first.sites)
        } catch let error as MergeError {
            #expect(error.code == .rankMismatch && error.message.contains("cat"))
        }
    }

    @Test(arguments: names)
    func `an adapter of zeros makes no NaN`(_ name: String) throws {
        var empty = second
        for site in empty.sites { empty.factors[site]?.b = [Float](repeating: 0, count: 33) }
        for adapters in [[first, empty], [empty, empty]] {
            let merged = try merge(name, adapters)
            #expect(merged.sites == first.sites)
            let numbers = merged.factors.values.flatMap { $0.a + $0.b }
            #expect(numbers.allSatisfy { $0.isFinite })
        }
    }

    @Test(arguments: names, [1, 2, 7, 65_536])
    func `the stated rank is the rank, as far as the layer has it`(_ name: String, _ rank: Int) throws {
        guard try Self.knows(name, "rank") else { return }
        let merged = try merge(name, [first, second], ["rank": .number(Double(rank)), "density": 0.5])
        // What the sum of the updates itself has is the most for 'svd'.
        let most = name == "svd" ? 6 : 11
        #expect(merged.factors.values.allSatisfy { $0.rank == min(rank, most) })
    }

    @Test(arguments: names)
    func `without a rank to state, it is the adapters' own or the sum of theirs`(_ name: String) throws {
        guard try !Self.knows(name, "rank") else { return }
        let inFactors: Set = ["linear", "ties", "dare-linear", "dare-ties", "magnitude-prune"]
        let merged = try merge(name, [first, second], ["density": 1])
        #expect(merged.factors.values.allSatisfy { $0.rank == (inFactors.contains(name) ? 3 : 6) })
    }

    @Test(
        arguments: [
            ("ties", [:]), ("ties", ["majority-sign": "frequency"]), ("dare-ties", [:]), ("ties-svd", [:]),
            ("dare-ties-svd", [:]), ("mergekit-ties", ["normalize": true]), ("breadcrumbs-ties", ["normalize": true]),
            ("knots", [:]), ("knots", ["majority-sign": "frequency"]), ("knots", ["rule": "dare-ties"]),
            ("knots", ["rule": "mean"]), ("core-space", ["rule": "ties"]),
        ] as [(String, [String: ParameterValue])])
    func `at density 1 adapters of equal signs are averaged`(
        _ name: String, _ options: [String: ParameterValue]
    ) throws {
        // A multiple has the same signs everywhere, in any basis.
        var twice = first
        for site in twice.sites { twice.factors[site]?.scaling *= 2 }
        let merged = try merge(name, [first, twice], options.merging(["weights": [1, 1], "density": 1]) { $1 })
        // On the factors the roots of the scalings are averaged, and their product is the square of that.
        let root = (1 + 2.0.squareRoot()) / 2
        #expect(error(merged, first, times: ["ties", "dare-ties"].contains(name) ? root * root : 1.5) < 1e-5)
    }

    @Test(arguments: names)
    func `a merge depends on its seed alone`(_ name: String) throws {
        let halves: [String: ParameterValue] = ["density": 0.5]
        let one = try merge(name, [first, second], halves)
        let again = try merge(name, [first, second], halves)
        #expect(one == again)
        // A layer's masks do not depend on the other layers, nor on which is done first.
        let parts = [first, second].map { LoRAAdapter(factors: $0.factors.filter { $0.key == .down(1) }) }
        let alone = try merge(name, parts, halves)
        // KnOTS' ties look for the largest entries over all layers together.
        if name != "knots" { #expect(one.factors[.down(1)] == alone.factors[.down(1)]) }
    }

    @Test(arguments: names)
    func `weights that lead beyond single precision are refused`(_ name: String) throws {
        guard try Self.knows(name, "weights") else { return }
        do {
            let merged = try merge(
                name, [first, second], ["weights": [1e300, 1e300], "density": 1, "normalize": false])
            Issue.record("\(name) gave \(merged.sites.count) layers")
        } catch let error as MergeError {
            #expect(error.code == .notFinite, "\(error)")
        }
    }

    @Test func `no value of a public argument is a trap`() throws {
        let adapters = [first, second]
        for merge: () throws -> LoRAAdapter in [
            { try IsoCTS.merge(adapters, common: .nan) }, { try IsoCTS.merge(adapters, common: 1e30) },
            { try IsoCTS.merge(adapters, common: -1) }, { try IsoC.merge(adapters, lambda: .nan) },
            { try TaskArithmetic.merge(adapters, lambda: .infinity) }, { try KnOTS.merge(adapters, lambda: .nan) },
            { try MultiSLERP.merge(adapters, weights: [0.3, -0.1 - 0.2]) },
        ] {
            #expect(throws: MergeError.self) { try merge() }
        }
        for merge: () throws -> LoRAAdapter in [
            { try SVDMerge.merge(adapters, rank: .max) }, { try TSVM.merge(adapters, k: .max) },
            {
                try PrunedDeltaMerge(
                    pruning: .largest, density: 0.5, majoritySign: .total, truncation: Truncation(rank: .max)
                ).merge(adapters, seed: 0)
            },
        ] {
            let merged = try merge()
            #expect(merged.sites == first.sites)
        }
    }

    @Test func `exact sums keep output biases`() throws {
        var biased = first
        biased.factors[.query(0)]?.bias = (0..<11).map(Float.init)
        let cat = try Concatenation.merge([biased, second], weights: [1, 1])
        let double = try TaskArithmetic.merge([biased, second], weights: [1, 1], lambda: 2)
        #expect(cat.factors[.query(0)]?.bias == (0..<11).map { Float(2 * $0) })
        #expect(double.factors[.query(0)]?.bias == (0..<11).map { Float(4 * $0) })
    }
}
