import AdapterMerging
import ModelEngine
import Testing

/// What must hold for the merges in the delta space on any adapters.
struct SVDMergePropertyTests {
    private let first = LoRAAdapter.random(seed: 1, rank: 3, inputs: 14, outputs: 11)
    private let second = LoRAAdapter.random(seed: 2, rank: 5, scaling: 0.5, inputs: 14, outputs: 11)

    static let methods = ["svd", "ties-svd", "dare-ties-svd", "dare-linear-svd", "magnitude-prune-svd"]

    private func merge(
        _ name: String, _ adapters: [LoRAAdapter], _ parameters: MethodParameters, seed: UInt64 = 3
    ) throws -> LoRAAdapter {
        var parameters = parameters
        if name == "svd" { parameters.values["density"] = nil }
        let method = try MethodRegister.make(name: name, parameters: parameters)
        guard case .merge(let merge) = method.recipe else { return LoRAAdapter() }
        return try merge(adapters, seed)
    }

    private func difference(_ one: LoRAAdapter, _ other: [AdapterSite: [Double]]) -> Double {
        guard Set(one.sites) == Set(other.keys), !other.isEmpty else { return .infinity }
        return other.reduce(0) { max($0, largestDifference(one.update($1.key), $1.value)) }
    }

    private func updates(_ adapter: LoRAAdapter, times factor: Double = 1) -> [AdapterSite: [Double]] {
        adapter.factors.mapValues { $0.update.map { $0 * factor } }
    }

    @Test(arguments: methods)
    func `two equal adapters at density 1 and weights 1/2 come back, at 1/2 where the sum is a mean`(
        _ name: String
    ) throws {
        let merged = try merge(name, [first, first], ["density": 1])
        #expect(difference(merged, updates(first, times: name.contains("ties") ? 0.5 : 1)) < 1e-5)
        #expect(merged.factors.values.allSatisfy { $0.rank == 3 && $0.scaling == 1 })
    }

    @Test(arguments: methods)
    func `the order of the adapters does not matter`(_ name: String) throws {
        let density: ParameterValue = name.hasPrefix("dare") ? 1 : 0.5
        let one = try merge(name, [first, second], ["weights": [0.7, -0.2], "density": density])
        let other = try merge(name, [second, first], ["weights": [-0.2, 0.7], "density": density])
        #expect(difference(one, updates(other)) < 1e-5)
    }

    @Test(arguments: methods)
    func `twice the weights is twice the update`(_ name: String) throws {
        let one = try merge(name, [first, second], ["weights": [0.7, -0.2], "density": 0.5])
        let double = try merge(name, [first, second], ["weights": [1.4, -0.4], "density": 0.5])
        #expect(difference(double, updates(one, times: 2)) < 1e-5)
    }

    @Test(arguments: ["dare-linear-svd", "magnitude-prune-svd"])
    func `density 1 is the merge by SVD alone`(_ name: String) throws {
        let plain = try SVDMerge.merge([first, second], weights: [0.7, -0.2], rank: 4)
        let merged = try merge(name, [first, second], ["weights": [0.7, -0.2], "density": 1, "rank": 4])
        #expect(difference(merged, updates(plain)) < 1e-5)
    }

    @Test(arguments: methods, [1, 4, 0, 11, 60])
    func `the rank is the one asked for, as far as the layer and the update have it`(_ name: String, _ rank: Int) throws
    {
        let merged = try merge(name, [first, second], ["rank": .number(Double(rank)), "density": 0.5])
        let most = name == "svd" ? 8 : 11
        #expect(merged.factors.values.allSatisfy { $0.rank == min(rank == 0 ? 5 : rank, most) })
    }

    @Test func `with room for all ranks the merge is exact, and with less no update of the rank is nearer`() throws {
        let sum = updates(try Concatenation.merge([first, second], weights: [0.7, -0.2]))
        #expect(difference(try SVDMerge.merge([first, second], weights: [0.7, -0.2], rank: 8), sum) < 1e-5)
        let cut = try SVDMerge.merge([first, second], weights: [0.7, -0.2], rank: 2)
        for (site, values) in sum {
            let dense = Matrix(rows: 11, columns: 14, values: values)
            let error = (dense - Matrix(rows: 11, columns: 14, values: cut.update(site))).frobeniusNorm
            let optimal = Matrix.diagonal(Array(try dense.svd().s.dropFirst(2))).frobeniusNorm
            #expect(abs(error - optimal) < 1e-5 * dense.frobeniusNorm && optimal > 0.1 * dense.frobeniusNorm)
        }
    }

    @Test(arguments: methods)
    func `a layer that one adapter lacks is merged from the other one`(_ name: String) throws {
        let partial = LoRAAdapter(factors: second.factors.filter { $0.key == .query(0) })
        let merged = try merge(name, [first, partial], ["weights": [1, 1], "density": 1])
        #expect(merged.sites == first.sites)
        #expect(largestDifference(merged.update(.down(1)), first.update(.down(1))) < 1e-5)
    }

    @Test(
        arguments: [
            "magnitude-prune-svd", "dare-linear-svd", "mergekit-dare-linear", "della-linear", "breadcrumbs",
        ])
    func `at density 1 and without an election, the cut is the best one`(_ name: String) throws {
        let weights: ParameterValue = [0.7, -0.2]
        let best = try merge("svd", [first, second], ["weights": weights, "rank": 2])
        let cut = try merge(name, [first, second], ["weights": weights, "rank": 2, "density": 1])
        for site in best.sites {
            #expect(cut.factors[site]?.rank == 2)
            #expect(relativeError(cut.update(site), best.update(site)) < 1e-5)
        }
    }

    @Test(arguments: ["dare-ties-svd", "dare-linear-svd"])
    func `the seed decides the masks`(_ name: String) throws {
        let one = try merge(name, [first, second], ["density": 0.5], seed: 7)
        #expect(try merge(name, [first, second], ["density": 0.5], seed: 7) == one)
        #expect(try merge(name, [first, second], ["density": 0.5], seed: 8) != one)
    }

    @Test func `clamping bounds the entries of both factors`() throws {
        let free = try SVDMerge.merge([first, second])
        let bound = try SVDMerge.merge([first, second], clamp: 0.9)
        for site in free.sites {
            let (before, after) = (try #require(free.factors[site]), try #require(bound.factors[site]))
            let largest = (after.a + after.b).map(\.magnitude).max() ?? 0
            #expect(largest < (before.a + before.b).map(\.magnitude).max() ?? 0)
            #expect(zip(before.a + before.b, after.a + after.b).allSatisfy { $0 == $1 || $1.magnitude == largest })
        }
    }

    @Test func `a negative rank, a quantile above 1 and a density of 0 are refused`() {
        for merge in [
            { try SVDMerge.merge([first], rank: -1) }, { try SVDMerge.merge([first], clamp: 1.5) },
            { try merge("ties-svd", [first], ["density": 0]) },
            { try merge("dare-linear-svd", [first], ["density": 2]) },
        ] as [() throws -> LoRAAdapter] {
            #expect(throws: MergeError.self) { try merge() }
        }
    }
}
