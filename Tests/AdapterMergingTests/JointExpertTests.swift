import AdapterMerging
import ModelEngine
import Testing

struct JointExpertTests {
    private let adapters = [LoRAAdapter.random(seed: 1, rank: 3), LoRAAdapter.random(seed: 2, rank: 2)]

    @Test func `it starts as new LoRA on the layers of the single-task adapters, without an update`() throws {
        let start = try JointExpert.start(adapters, seed: 5)
        #expect(start.sites == adapters[0].sites)
        for site in start.sites {
            let terms = try #require(start.terms[site])
            try #require(terms.count == 1)
            #expect(terms[0].trainsA && terms[0].trainsB)
            #expect(terms[0].factors.rank == 3 && terms[0].factors.scaling == 2)
            #expect(terms[0].factors.b.allSatisfy { $0 == 0 } && terms[0].factors.a.contains { $0 != 0 })
        }
        #expect(start.trainableParameterCount == 2 * 3 * (6 + 5))
    }

    @Test func `rank and alpha can be given, and the values of the single-task adapters do not matter`() throws {
        let start = try JointExpert.start(adapters, rank: 4, alpha: 2, seed: 5)
        #expect(start.terms.values.allSatisfy { $0[0].factors.rank == 4 && $0[0].factors.scaling == 0.5 })
        let others = [LoRAAdapter.random(seed: 8), LoRAAdapter.random(seed: 9)]
        #expect(try JointExpert.start(others, rank: 4, alpha: 2, seed: 5) == start)
        #expect(try JointExpert.start(adapters, rank: 4, alpha: 2, seed: 6) != start)
    }

    @Test func `an alpha below 0 is refused`() {
        let error = #expect(throws: MergeError.self) { try JointExpert.start(adapters, alpha: -0.5, seed: 1) }
        #expect(error?.key == "alpha")
    }
}
