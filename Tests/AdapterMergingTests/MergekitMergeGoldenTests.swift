import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

/// Every merge of `mergekit-merges/`, as dense updates.
struct MergekitMergeGoldenTests {
    struct Index: Decodable {
        struct Input: Decodable {
            var name: String
            var scaling: Float
        }

        var inputs: [Input]
        var cases: [Case]
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Parameters: Decodable {
            var lambda: Double?
            var normalize: Bool?
            var density: Double?
            var rescale: String?
            var epsilon: Double?
            var gamma: Double?
            var t: Double?
        }

        var method: String
        var prefix: String
        var adapters: [String]
        var weights: [Double]?
        var parameters: Parameters
        var truncatedRank: Int?

        var testDescription: String { "\(method)/\(prefix)" }
    }

    private let adapters: [String: LoRAAdapter]

    init() throws {
        let file = try GoldenTensors("mergekit-merges/adapters.safetensors")
        var adapters: [String: LoRAAdapter] = [:]
        for input in try Self.index().inputs {
            adapters[input.name] = try file.adapter(prefix: "\(input.name)/", scaling: input.scaling)
        }
        self.adapters = adapters
    }

    private static func index() throws -> Index { try Fixtures.json(Index.self, "mergekit-merges/index.json") }

    private static func cases(_ methods: String...) -> [Case] {
        ((try? index().cases) ?? []).filter { methods.contains($0.method) }
    }

    private func inputs(_ merge: Case) -> [LoRAAdapter] { merge.adapters.compactMap { adapters[$0] } }

    /// The distance of the merged updates from mergekit's, relative to the length of those, at the worst layer.
    private func error(_ merge: Case, at prefix: String = "", _ updates: [AdapterSite: [Double]]) throws -> Double {
        let file = try GoldenTensors("mergekit-merges/\(merge.method).safetensors")
        #expect(updates.count == 3)
        return try updates.reduce(0) { worst, layer in
            let expected = try #require(file.tensors["\(merge.prefix)/\(prefix)\(layer.key)"]).floats.map(Double.init)
            return max(worst, relativeError(layer.value, expected))
        }
    }

    private func error(_ merge: Case, _ adapter: LoRAAdapter) throws -> Double {
        try error(merge, adapter.factors.mapValues(\.update))
    }

    @Test func `the index holds every method of mergekit that is ours`() throws {
        let counts = Dictionary(grouping: try Self.index().cases, by: \.method).mapValues(\.count)
        #expect(
            counts == [
                "task_arithmetic": 9, "ties": 12, "dare_linear": 12, "dare_ties": 12, "della_linear": 12, "della": 12,
                "breadcrumbs": 9, "breadcrumbs_ties": 9, "slerp": 8, "multislerp": 10, "karcher": 3,
            ])
        #expect(adapters.mapValues { $0.sites.count } == ["a": 3, "b": 3, "c": 2, "near": 3, "opposite": 3])
    }

    @Test(arguments: cases("task_arithmetic"))
    func `task arithmetic equals mergekit's`(_ merge: Case) throws {
        let lambda = try #require(merge.parameters.lambda)
        let result = try TaskArithmetic.merge(
            inputs(merge), weights: merge.weights, lambda: lambda, normalizes: merge.parameters.normalize ?? false)
        #expect(try error(merge, result) < 1e-6)
    }

    @Test(arguments: cases("slerp"))
    func `SLERP equals mergekit's`(_ merge: Case) throws {
        let result = try SLERP.merge(inputs(merge), t: try #require(merge.parameters.t))
        #expect(try error(merge, result) < 1e-6)
    }

    @Test(arguments: cases("multislerp"))
    func `multi-SLERP equals mergekit's`(_ merge: Case) throws {
        let normalizes = merge.parameters.normalize ?? true
        let result = try MultiSLERP.merge(inputs(merge), weights: merge.weights, normalizes: normalizes)
        #expect(try error(merge, result) < 1e-6)
    }

    @Test(arguments: cases("karcher"))
    func `Karcher means equal mergekit's`(_ merge: Case) throws {
        #expect(try error(merge, KarcherMean.merge(inputs(merge))) < 1e-5)
    }

    @Test(
        arguments: cases(
            "ties", "dare_linear", "dare_ties", "della_linear", "della", "breadcrumbs", "breadcrumbs_ties"))
    func `merges of dense updates equal mergekit's with mergekit's masks`(_ merge: Case) throws {
        let file = try GoldenTensors("mergekit-merges/\(merge.method).safetensors")
        let updates = try arithmetic(merge).updates(inputs(merge), weights: merge.weights) { adapter, site in
            file.tensors["\(merge.prefix)/mask/\(merge.adapters[adapter])/\(site)"]?.flags ?? []
        }
        #expect(try error(merge, updates.mapValues { $0.map(Double.init) }) < 1e-6)
    }

    @Test(arguments: cases("ties"))
    func `TIES cut to a rank equals the best approximation of that rank`(_ merge: Case) throws {
        var arithmetic = try arithmetic(merge)
        arithmetic.rank = try #require(merge.truncatedRank)
        let result = try arithmetic.merge(inputs(merge), weights: merge.weights)
        #expect(result.factors.values.allSatisfy { $0.rank == arithmetic.rank })
        #expect(try error(merge, at: "rank-\(arithmetic.rank)/", result.factors.mapValues(\.update)) < 1e-5)
    }

    /// The method under our name with the case's parameters.
    private func arithmetic(_ merge: Case) throws -> GeneralisedTaskArithmetic {
        let names = [
            "ties": "mergekit-ties", "dare_linear": "mergekit-dare-linear", "dare_ties": "mergekit-dare-ties",
            "della_linear": "della-linear", "breadcrumbs_ties": "breadcrumbs-ties",
        ]
        let given = merge.parameters
        var parameters: MethodParameters = [:]
        for (name, value) in [
            ("lambda", given.lambda), ("density", given.density), ("epsilon", given.epsilon), ("gamma", given.gamma),
        ] {
            parameters.values[name] = value.map(ParameterValue.number)
        }
        parameters.values["normalize"] = given.normalize.map(ParameterValue.bool)
        parameters.values["rescale"] = given.rescale.map(ParameterValue.string)
        let method = try MethodRegister.make(name: names[merge.method] ?? merge.method, parameters: parameters)
        return try #require(method as? any UpdateMergeMethod).arithmetic
    }
}
