import AdapterMerging
import ModelEngine
import SeededRandom
import Testing

/// The fast loops against the definitions written out entry by entry, bit for bit.
struct FactorRulesTests {
    private static let sizes = [1, 2, 3, 7, 1023, 1024, 1025, 5000]

    /// Numbers with zeros, negative zeros, equal magnitudes and very small ones among them.
    private func tensor(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            switch generator.nextIndex(below: 8) {
            case 0: 0
            case 1: -0.0
            case 2: 0.25
            case 3: -0.25
            case 4: Float(generator.nextUniform() - 0.5) * .leastNormalMagnitude
            default: Float(generator.nextUniform() * 2 - 1)
            }
        }
    }

    private func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

    /// Merges one A of 1 × count from each adapter; B is 1, so that only A is looked at.
    private func adapters(_ tensors: [[Float]], scaling: Float = 1) -> [LoRAAdapter] {
        tensors.map {
            LoRAAdapter(factors: [
                .query(0): LoRAFactors(rank: 1, inputs: $0.count, outputs: 1, a: $0, b: [1], scaling: scaling)
            ])
        }
    }

    private func a(_ adapter: LoRAAdapter) throws -> [Float] { try #require(adapter.factors[.query(0)]).a }

    @Test(arguments: sizes, [1, 2, 3])
    func `a weighted sum runs in the order of the adapters`(_ count: Int, _ adapters: Int) {
        let tensors = (0..<adapters).map { tensor(count, seed: UInt64($0)) }
        let weights: [Float] = [0.3, -1.7, 0.9]
        let expected = (0..<count).map { index in
            zip(tensors, weights).reduce(Float(0)) { $0 + $1.0[index] * $1.1 }
        }
        #expect(bits(WeightedSum.of(tensors, Array(weights.prefix(adapters)))) == bits(expected))
    }

    @Test(arguments: sizes, [0.001, 0.1, 0.5, 0.7, 0.999])
    func `the largest entries are those that sorting finds`(_ count: Int, _ density: Double) {
        let values = tensor(count, seed: 5)
        let kept = Int(density * Double(count))
        let order = values.indices.sorted {
            (values[$0].magnitude, $1) > (values[$1].magnitude, $0)
        }.prefix(kept)
        var expected = [Float](repeating: 0, count: count)
        for index in order { expected[index] = values[index] }
        #expect(bits(MagnitudeSelection.largest(values, density: density)) == bits(expected))
    }

    @Test(arguments: sizes, MajoritySign.allCases)
    func `signs are elected and merged as defined`(_ count: Int, _ rule: MajoritySign) throws {
        let tensors = (0..<3).map { tensor(count, seed: UInt64(10 + $0)) }
        func sign(_ value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }
        let expected = (0..<count).map { index -> Float in
            let entries = tensors.map { $0[index] }
            let ballot = entries.reduce(Float(0)) { $0 + (rule == .total ? $1 : sign($1)) }
            let agreeing = entries.filter { sign($0) == (ballot >= 0 ? 1 : -1) }
            return agreeing.reduce(0, +) / Float(max(agreeing.count, 1))
        }
        let merged = try TIES.merge(adapters(tensors), weights: [1, 1, 1], density: 1, majoritySign: rule)
        #expect(bits(try a(merged)) == bits(expected))
    }

    @Test(arguments: [0.05, 0.5, 1 / 3, 0.999_999, 1] as [Double])
    func `a mask keeps where the generator's uniform numbers are below the density`(_ density: Double) {
        let request = DARE.MaskRequest(adapter: 1, site: .down(3), matrix: .b, count: 3000)
        var generator = SeededGenerator(seed: 9, purpose: "dare/1/model.layers.3.mlp.down_proj.lora_B")
        let expected = (0..<3000).map { _ in generator.nextUniform() < density }
        #expect(DARE.mask(for: request, density: density, seed: 9) == expected)
    }

    @Test func `concatenation scales the A's and sets the B's side by side`() throws {
        let first = LoRAFactors(rank: 1, inputs: 2, outputs: 2, a: [1, 2], b: [3, 4], scaling: 0.5)
        let second = LoRAFactors(rank: 2, inputs: 2, outputs: 2, a: [5, 6, 7, 8], b: [9, 10, 11, 12], scaling: 1)
        let both = try #require(LoRAFactors.concatenation(of: [first, second]))
        #expect(both.rank == 3 && both.scaling == 1)
        #expect(both.a == [0.5, 1, 5, 6, 7, 8])
        #expect(both.b == [3, 9, 10, 4, 11, 12])
        #expect(LoRAFactors.concatenation(of: []) == nil)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `a number that is not finite is found wherever it stands`(_ value: Float) {
        for place in [0, 1, 500, 999] {
            var values = [Float](repeating: .greatestFiniteMagnitude, count: 1000)
            values[place] = value
            let error = #expect(throws: MergeError.self) { try LinearMerge.merge(adapters([values])) }
            #expect(error?.code == .notFinite)
        }
    }

    @Test func `of several faulty layers the first is named`() {
        let sites = (0..<40).map { AdapterSite.query($0) }
        let one = LoRAAdapter.random(seed: 1, rank: 3, sites: sites)
        var other = LoRAAdapter.random(seed: 2, rank: 3, sites: sites)
        for layer in [31, 7, 20] {
            other.factors[.query(layer)] =
                LoRAAdapter.random(seed: 3, rank: 2, sites: [.query(layer)])
                .factors[.query(layer)]
        }
        let error = #expect(throws: MergeError.self) { try LinearMerge.merge([one, other]) }
        #expect(error?.code == .rankMismatch && error?.key == "\(AdapterSite.query(7))")
    }
}
