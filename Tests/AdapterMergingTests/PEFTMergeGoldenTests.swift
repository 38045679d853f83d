import AdapterMerging
import ModelEngine
import Testing

/// Every merge of `peft-merges/`, factor by factor.
struct PEFTMergeGoldenTests {
    private let goldens: GoldenMerges

    init() throws { goldens = try GoldenMerges() }

    private func expected(_ merge: GoldenMerges.Merge) throws -> LoRAAdapter {
        try GoldenTensors("peft-merges/\(merge.file)").adapter(prefix: "\(merge.prefix)/", scaling: 1)
    }

    @Test func `the index holds all eight kinds in four combinations, and unequal ranks for cat`() {
        let kinds = ["linear", "cat", "ties", "magnitude_prune", "dare_linear", "dare_ties"]
        #expect(goldens.index.merges.count == 34)
        #expect(goldens.index.merges.allSatisfy { kinds.contains($0.combinationType) })
        #expect(goldens.inputs["c"]?.sites.count == 3)
    }

    @Test(arguments: GoldenMerges.merges("linear"))
    func `linear merges equal PEFT's`(_ merge: GoldenMerges.Merge) throws {
        let result = try LinearMerge.merge(goldens.adapters(of: merge), weights: merge.weights)
        #expect(relativeError(result, try expected(merge)) <= 1e-5)
    }

    @Test(arguments: GoldenMerges.merges("cat"))
    func `concatenations equal PEFT's once filled up to its rank`(_ merge: GoldenMerges.Merge) throws {
        var result = try Concatenation.merge(goldens.adapters(of: merge), weights: merge.weights)
        result.factors = result.factors.mapValues { $0.padded(toRank: merge.rank) }
        #expect(relativeError(result, try expected(merge)) <= 1e-5)
    }

    @Test(arguments: GoldenMerges.merges("ties"))
    func `TIES merges equal PEFT's`(_ merge: GoldenMerges.Merge) throws {
        let result = try TIES.merge(
            goldens.adapters(of: merge), weights: merge.weights, density: try #require(merge.density),
            majoritySign: try #require(merge.majoritySignMethod.flatMap(MajoritySign.init)))
        #expect(relativeError(result, try expected(merge)) <= 1e-5)
    }

    @Test(arguments: GoldenMerges.merges("magnitude_prune"))
    func `magnitude pruning equals PEFT's`(_ merge: GoldenMerges.Merge) throws {
        let result = try MagnitudePruning.merge(
            goldens.adapters(of: merge), weights: merge.weights, density: try #require(merge.density))
        #expect(relativeError(result, try expected(merge)) <= 1e-5)
    }

    @Test(arguments: GoldenMerges.merges("dare_linear", "dare_ties"))
    func `DARE equals PEFT's with PEFT's masks`(_ merge: GoldenMerges.Merge) throws {
        let file = try GoldenTensors("peft-merges/\(merge.file)")
        let result = try DARE.merge(
            goldens.adapters(of: merge), weights: merge.weights, density: try #require(merge.density),
            majoritySign: merge.majoritySignMethod.flatMap(MajoritySign.init)
        ) { request in
            let name =
                "\(merge.prefix)/mask/\(merge.adapters[request.adapter])/\(request.site).\(request.matrix.rawValue)"
            guard let mask = file.tensors[name]?.flags, mask.count == request.count else {
                Issue.record("no mask \(name)")
                return Array(repeating: false, count: request.count)
            }
            return mask
        }
        #expect(relativeError(result, try expected(merge)) <= 1e-5)
    }
}
