import AdapterMerging
import ModelEngine
import Testing

struct DARETests {
    private let first = LoRAAdapter.random(seed: 1, inputs: 32, outputs: 24)
    private let second = LoRAAdapter.random(seed: 2, inputs: 32, outputs: 24)

    @Test func `the same seed gives the same adapter and another seed another`() throws {
        let one = try DARETIES.merge([first, second], density: 0.5, seed: 7)
        #expect(try DARETIES.merge([first, second], density: 0.5, seed: 7) == one)
        #expect(try DARETIES.merge([first, second], density: 0.5, seed: 8) != one)
        let linear = try DARELinear.merge([first, second], density: 0.5, seed: 7)
        #expect(try DARELinear.merge([first, second], density: 0.5, seed: 7) == linear)
        #expect(try DARELinear.merge([first, second], density: 0.5, seed: 8) != linear)
    }

    @Test func `density 1 drops nothing`() throws {
        #expect(try DARELinear.merge([first, second], density: 1, seed: 3) == LinearMerge.merge([first, second]))
        #expect(try DARETIES.merge([first, second], density: 1, seed: 3) == TIES.merge([first, second], density: 1))
    }

    @Test func `a layer's mask does not depend on the other layers`() throws {
        let small = LoRAAdapter(factors: first.factors.filter { $0.key == .query(0) })
        let alone = try DARELinear.merge([small], density: 0.3, seed: 5)
        let together = try DARELinear.merge([first], density: 0.3, seed: 5)
        #expect(alone.factors[.query(0)] == together.factors[.query(0)])
    }

    @Test func `adapters, layers and factors have masks of their own`() {
        let requests = [
            DARE.MaskRequest(adapter: 0, site: .query(0), matrix: .a, count: 64),
            DARE.MaskRequest(adapter: 1, site: .query(0), matrix: .a, count: 64),
            DARE.MaskRequest(adapter: 0, site: .query(1), matrix: .a, count: 64),
            DARE.MaskRequest(adapter: 0, site: .query(0), matrix: .b, count: 64),
        ]
        #expect(Set(requests.map { DARE.mask(for: $0, density: 0.5, seed: 1) }).count == 4)
    }

    @Test(arguments: [0.1, 0.5, 0.9])
    func `the share kept is the density`(_ density: Double) {
        let request = DARE.MaskRequest(adapter: 0, site: .query(0), matrix: .a, count: 40_000)
        let kept = DARE.mask(for: request, density: density, seed: 11).count { $0 }
        // Four standard deviations of the binomial distribution.
        let slack = 4 * (density * (1 - density) / 40_000).squareRoot()
        #expect(abs(Double(kept) / 40_000 - density) < slack)
    }

    @Test func `the mean over seeds approaches the linear merge`() throws {
        let expected = try LinearMerge.merge([first, second]).update(.query(0))
        var mean = [Double](repeating: 0, count: expected.count)
        let draws = 400
        for seed in 0..<draws {
            let merged = try DARELinear.merge([first, second], density: 0.8, seed: UInt64(seed))
            for (index, value) in merged.update(.query(0)).enumerated() { mean[index] += value / Double(draws) }
        }
        let error = zip(mean, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        let size = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(error / size < 0.06)
    }

    @Test func `kept entries are divided by the density`() throws {
        let merged = try DARELinear.merge([first], weights: [0.5], density: 0.25, seed: 2)
        let before = try #require(first.factors[.query(0)]).a
        let after = try #require(merged.factors[.query(0)]).a
        // Scaling 2 and weight 0.5 give the factors weight 1.
        #expect(zip(before, after).allSatisfy { $1 == 0 || $1 == $0 * 4 })
        #expect(after.contains { $0 != 0 } && after.contains { $0 == 0 })
    }
}
