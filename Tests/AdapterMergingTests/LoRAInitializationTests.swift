import AdapterMerging
import ModelEngine
import Testing

struct LoRAInitializationTests {
    private let shapes: [AdapterSite: LayerShape] = [
        .query(0): LayerShape(inputs: 400, outputs: 30), .down(2): LayerShape(inputs: 100, outputs: 20),
    ]

    @Test func `B is zero, A is uniform within the bound, the scaling is alpha over rank`() throws {
        let adapter = try LoRAInitialization.newAdapter(shapes: shapes, rank: 16, alpha: 32, seed: 1)
        #expect(adapter.sites == [.query(0), .down(2)])
        for (site, bound) in [(AdapterSite.query(0), 0.05), (.down(2), 0.1)] {
            let factors = try #require(adapter.factors[site])
            #expect(factors.scaling == 2)
            #expect(factors.b.allSatisfy { $0 == 0 })
            let a = factors.a.map(Double.init)
            #expect(a.allSatisfy { abs($0) <= bound })
            let mean = a.reduce(0, +) / Double(a.count)
            let variance = a.reduce(0) { $0 + $1 * $1 } / Double(a.count)
            #expect(abs(mean) < bound * 0.06)
            // A uniform number in ±bound has variance bound² / 3.
            #expect(abs(variance / (bound * bound / 3) - 1) < 0.08)
        }
    }

    @Test func `A follows from the seed and the layer alone`() throws {
        let all = try LoRAInitialization.newAdapter(shapes: shapes, rank: 4, alpha: 4, seed: 1)
        let one = try LoRAInitialization.newAdapter(
            shapes: [.query(0): LayerShape(inputs: 400, outputs: 30)], rank: 4, alpha: 4, seed: 1)
        #expect(all.factors[.query(0)] == one.factors[.query(0)])
        #expect(try LoRAInitialization.newAdapter(shapes: shapes, rank: 4, alpha: 4, seed: 1) == all)
        #expect(try LoRAInitialization.newAdapter(shapes: shapes, rank: 4, alpha: 4, seed: 2) != all)
        #expect(try LoRAInitialization.newAdapter(shapes: shapes, rank: 4, alpha: 4, seed: 1, purpose: "x") != all)
    }

    @Test func `bad numbers are refused by name`() {
        func fault(_ shapes: [AdapterSite: LayerShape], rank: Int = 4, alpha: Double = 4) -> MergeError? {
            #expect(throws: MergeError.self) {
                try LoRAInitialization.newAdapter(shapes: shapes, rank: rank, alpha: alpha, seed: 1)
            }
        }
        #expect(fault(shapes, rank: 0)?.key == "rank")
        #expect(fault(shapes, alpha: .nan)?.key == "alpha")
        #expect(fault([:])?.code == .noAdapters)
        #expect(fault([.query(0): LayerShape(inputs: 0, outputs: 3)])?.code == .shapeMismatch)
    }
}
