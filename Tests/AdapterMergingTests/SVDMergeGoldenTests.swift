import AdapterMerging
import ModelEngine
import TestSupport
import Testing

/// Every merge of `peft-svd-merges/`, as dense updates and factor by factor.
struct SVDMergeGoldenTests {
    struct Index: Decodable {
        struct Input: Decodable {
            var name: String
            var scaling: Float
        }

        var inputs: [Input]
        var merges: [Merge]
    }

    struct Merge: Decodable, Sendable, CustomTestStringConvertible {
        var file: String
        var prefix: String
        /// The prefix of the same merge without `clamp`.
        var unclamped: String
        var combinationType: String
        var majoritySignMethod: String?
        var density: Double?
        var clamp: Double?
        var adapters: [String]
        var weights: [Double]
        var rank: Int
        var mergedRank: Int

        var testDescription: String { "\(file)/\(prefix)" }
    }

    private let adapters: [String: LoRAAdapter]

    init() throws {
        let file = try GoldenTensors("peft-svd-merges/adapters.safetensors")
        var adapters: [String: LoRAAdapter] = [:]
        for input in try Self.index().inputs {
            adapters[input.name] = try file.adapter(prefix: "\(input.name)/", scaling: input.scaling)
        }
        self.adapters = adapters
    }

    private static func index() throws -> Index { try Fixtures.json(Index.self, "peft-svd-merges/index.json") }

    private static func merges(_ kinds: String..., clamped: Bool = false) -> [Merge] {
        ((try? index().merges) ?? []).filter { kinds.contains($0.combinationType) && ($0.clamp != nil) == clamped }
    }

    private func expected(_ merge: Merge, prefix: String) throws -> LoRAAdapter {
        try GoldenTensors("peft-svd-merges/\(merge.file)").adapter(prefix: "\(prefix)/", scaling: 1)
    }

    /// The result is PEFT's: the update at every layer, and each column of B and row of A up to their common sign.
    private func compare(_ result: LoRAAdapter, with merge: Merge) throws {
        let expected = try expected(merge, prefix: merge.prefix)
        #expect(result.sites == expected.sites && !result.sites.isEmpty)
        for (site, theirs) in expected.factors {
            let ours = try #require(result.factors[site])
            // Directions of no length are not kept.
            #expect(ours.rank <= theirs.rank && theirs.rank <= merge.mergedRank)
            #expect(relativeError(ours.update, theirs.update) <= 1e-5)
            for k in 0..<ours.rank {
                let (a, otherA) = (ours.row(k), theirs.row(k))
                let sign: Float = zip(a, otherA).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? -1 : 1
                let (b, otherB) = (ours.column(k).map { $0 * sign }, theirs.column(k))
                #expect(largestDifference(b, otherB) < 1e-5)
                // Of a value of 0 the vectors are anyone's choice.
                guard otherB.contains(where: { $0.magnitude > 1e-5 }) else { continue }
                #expect(relativeError(a.map { Double($0 * sign) }, otherA.map(Double.init)) < 1e-4)
            }
        }
    }

    private func inputs(_ merge: Merge) -> [LoRAAdapter] { merge.adapters.compactMap { adapters[$0] } }

    private func pruned(_ merge: Merge, _ pruning: PrunedDeltaMerge.Pruning) throws -> PrunedDeltaMerge {
        PrunedDeltaMerge(
            pruning: pruning, density: try #require(merge.density),
            majoritySign: merge.majoritySignMethod.flatMap(MajoritySign.init),
            truncation: Truncation(rank: merge.rank))
    }

    @Test func `the index holds all five kinds with unequal ranks and scalings`() throws {
        let index = try Self.index()
        #expect(index.merges.count == 4 * 7 + 4 * 3)
        #expect(Set(index.merges.map(\.combinationType)).count == 5)
        #expect(Set(adapters.values.compactMap { $0.factors[.query(0)]?.rank }).count == 3)
        #expect(Set(index.inputs.map(\.scaling)).count == 3)
    }

    @Test(arguments: merges("svd"))
    func `SVD merges equal PEFT's`(_ merge: Merge) throws {
        try compare(SVDMerge.merge(inputs(merge), weights: merge.weights, rank: merge.rank), with: merge)
    }

    @Test(arguments: merges("magnitude_prune_svd"))
    func `magnitude pruning equals PEFT's`(_ merge: Merge) throws {
        try compare(try pruned(merge, .largest).merge(inputs(merge), weights: merge.weights, seed: 0), with: merge)
    }

    @Test(arguments: merges("ties_svd"))
    func `TIES merges equal PEFT's`(_ merge: Merge) throws {
        let ties = try pruned(merge, .largest)
        #expect(ties.majoritySign != nil)
        try compare(try ties.merge(inputs(merge), weights: merge.weights, seed: 0), with: merge)
    }

    @Test(arguments: merges("dare_linear_svd", "dare_ties_svd"))
    func `DARE equals PEFT's with PEFT's masks`(_ merge: Merge) throws {
        let file = try GoldenTensors("peft-svd-merges/\(merge.file)")
        let dare = try pruned(merge, .random)
        #expect((dare.majoritySign == nil) == (merge.combinationType == "dare_linear_svd"))
        let result = try dare.merge(inputs(merge), weights: merge.weights) { position, site in
            let mask = file.tensors["\(merge.prefix)/mask/\(merge.adapters[position])/\(site)"]?.flags
            #expect(mask != nil)
            return PruningDraws(mask: mask ?? [])
        }
        try compare(result, with: merge)
    }

    @Test(arguments: merges("svd", clamped: true))
    func `clamping equals PEFT's on PEFT's factors, whose signs it depends on`(_ merge: Merge) throws {
        let truncation = Truncation(clamp: try #require(merge.clamp))
        let unclamped = try expected(merge, prefix: merge.unclamped)
        for (site, theirs) in try expected(merge, prefix: merge.prefix).factors {
            let ours = truncation.clamped(try #require(unclamped.factors[site]))
            #expect(largestDifference(ours.a, theirs.a) < 1e-6 && largestDifference(ours.b, theirs.b) < 1e-6)
            #expect(ours != unclamped.factors[site])
        }
    }

    private func relativeError(_ ours: [Double], _ theirs: [Double]) -> Double {
        guard ours.count == theirs.count else { return .infinity }
        let difference = Matrix(rows: 1, columns: ours.count, values: zip(ours, theirs).map { $0 - $1 })
        return difference.frobeniusNorm / Matrix(rows: 1, columns: theirs.count, values: theirs).frobeniusNorm
    }
}

extension LoRAFactors {
    fileprivate func row(_ k: Int) -> [Float] { Array(a[k * inputs..<(k + 1) * inputs]) }
    fileprivate func column(_ k: Int) -> [Float] { (0..<outputs).map { b[$0 * rank + k] } }
}
