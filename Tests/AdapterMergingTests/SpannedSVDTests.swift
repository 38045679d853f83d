import AdapterMerging
import ModelEngine
import SeededRandom
import Testing

/// The iteration that starts from the adapters' factors, against whole decompositions.
struct SpannedSVDTests {
    private static let site = AdapterSite.query(0)

    private func adapters(_ shape: (Int, Int)) -> [LoRAAdapter] {
        [(1, 9, 2), (2, 9, 1), (3, 4, 3)].map { seed, rank, scaling in
            .random(seed: seed, rank: rank, scaling: scaling, sites: [Self.site], inputs: shape.1, outputs: shape.0)
        }
    }

    private func error(_ factors: LoRAFactors, _ dense: [Float], rank: Int) throws -> (found: Double, least: Double) {
        let exact = Matrix(rows: factors.outputs, columns: factors.inputs, floats: dense)
        let update = Matrix(rows: factors.outputs, columns: factors.inputs, values: factors.update)
        let least = Matrix.diagonal(Array(try exact.svd().s.dropFirst(rank))).frobeniusNorm
        return ((exact - update).frobeniusNorm, least)
    }

    private static let rules: [GeneralisedTaskArithmetic] = [
        .init(pruning: .magnitude(density: 0.5), electsSigns: true, normalizes: true),
        .init(pruning: .magnitude(density: 0.2)),
        .init(pruning: .random(density: 0.5)),
        .init(pruning: .random(density: 0.1), rescaling: .l1, electsSigns: true),
        .init(pruning: .band(density: 0.6, gamma: 0.05), rescaling: .l1, normalizes: true, lambda: 0.3),
    ]

    @Test(arguments: rules, [(300, 520), (520, 300), (290, 290)])
    func `what pruning leaves of updates is cut with the least error there is`(
        _ rule: GeneralisedTaskArithmetic, _ shape: (Int, Int)
    ) throws {
        let adapters = adapters(shape)
        for (rank, weights) in [(9, [1, 1, 1]), (22, [0.7, 0.1, 0.2]), (30, [1, -0.5, 0.1])] {
            var rule = rule
            rule.rank = rank
            let dense = try #require(
                rule.updates(adapters, weights: weights) { position, site in
                    var draws = PruningDraws(seed: 7, adapter: position, site: site)
                    return (0..<shape.0 * shape.1).map { _ in draws.keeps(probability: rule.pruning.keptShare) }
                }[Self.site])
            let merged = try #require(rule.merge(adapters, weights: weights, seed: 7).factors[Self.site])
            #expect(merged.rank == rank)
            let error = try error(merged, dense, rank: rank)
            #expect(error.found <= error.least * (1 + 1e-4), "rank \(rank): \(error.found / error.least - 1)")
        }
    }

    @Test(arguments: [(300, 520), (520, 300)])
    func `a direction that the sum lacks is found as well`(_ shape: (Int, Int)) throws {
        let adapters = adapters(shape)
        let updates = adapters.compactMap { $0.factors[Self.site] }.map { (factors: $0, weight: 1.0) }
        let stranger = LoRAAdapter.random(
            seed: 9, rank: 2, scaling: 9, sites: [Self.site], inputs: shape.1, outputs: shape.0)
        let noise = Matrix.random(shape.0, shape.1, seed: 4).floats
        let dense = zip(zip(updates[0].factors.update, stranger.update(Self.site)), noise).map {
            Float($0.0 + $0.1) + 2 * $1
        }
        let found = try #require(SpannedSVD.approximation(of: dense, near: updates, rank: 9))
        let error = try error(found, dense, rank: 9)
        #expect(error.found <= error.least * (1 + 1e-4))
        #expect(SpannedSVD.approximation(of: dense, near: updates, rank: 9) == found)
    }

    @Test func `adapters that are equal or zero do not stop it`() throws {
        let adapter = adapters((300, 300))[0]
        var zero = adapter
        zero.factors[Self.site]?.b = Array(repeating: 0, count: 300 * 9)
        let rule = GeneralisedTaskArithmetic(pruning: .magnitude(density: 0.5), rank: 9)
        let dense = try #require(rule.updates([adapter])[Self.site])
        for others in [[adapter], [zero]] {
            let merged = try rule.merge([adapter] + others, weights: [0.5, 0.5])
            let factor: Float = others == [zero] ? 0.5 : 1
            let error = try error(
                try #require(merged.factors[Self.site]), dense.map { $0 * factor }, rank: 9)
            #expect(error.found <= error.least * (1 + 1e-4))
        }
        let nothing = try rule.merge([zero, zero], weights: [0.5, 0.5])
        #expect(nothing.update(Self.site).allSatisfy { $0 == 0 })
    }

    @Test func `a matrix that falls too slowly or ends too soon is left to others`() throws {
        let updates = adapters((300, 520)).compactMap { $0.factors[Self.site] }.map { (factors: $0, weight: 1.0) }
        let sum = updates[0].factors.update.map(Float.init)
        #expect(SpannedSVD.approximation(of: sum, near: updates, rank: 9) == nil)
        #expect(SpannedSVD.approximation(of: Matrix.random(300, 520, seed: 3).floats, near: updates, rank: 9) == nil)
    }

    @Test(arguments: [1, 2, 17])
    func `every number of threads gives the same bits`(_ count: Int) throws {
        let sites = (0..<count).map { AdapterSite.query($0) }
        let adapters = (1...2).map { seed in
            LoRAAdapter.random(seed: UInt64(seed), rank: 5, sites: sites, inputs: 300, outputs: 280)
        }
        let rule = GeneralisedTaskArithmetic(pruning: .random(density: 0.5), electsSigns: true)
        let together = try rule.merge(adapters, seed: 3)
        for site in sites.suffix(2) {
            let alone = try rule.merge(
                try adapters.map { LoRAAdapter(factors: [site: try #require($0.factors[site])]) }, seed: 3)
            #expect(alone.factors[site] == together.factors[site])
        }
    }
}

extension UpdatePruning {
    /// The share of entries that random pruning keeps.
    fileprivate var keptShare: Double {
        if case .random(let density) = self { density } else { 1 }
    }
}
