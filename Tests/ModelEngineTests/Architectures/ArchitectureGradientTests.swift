import ModelEngine
import Testing

/// Gradients against differences of the loss itself; see `FiniteDifferenceTests` for the tolerances.
@Suite("Architectures: gradients by finite differences")
struct ArchitectureGradientTests {
    @Test("Along each factor's gradient, the loss rises by its length", arguments: TinyArchitecture.allCases)
    func alongGradient(architecture: TinyArchitecture) throws {
        let trainer = try Trainer(architecture.load(threads: 1))
        let start = try TrainableAdapter(training: architecture.lora())
        let options = TrainingOptions(maximumRows: 120)
        let session = try TrainingSession(trainer, start, options: options)
        session.accumulateGradients(TinyArchitecture.examples)
        let gradients = session.gradients
        for site in start.sites {
            for factor in [\LoRAFactors.a, \LoRAFactors.b] {
                let gradient = try #require(gradients.terms[site]?.first).factors[keyPath: factor]
                let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(length > 1e-4)
                let step = Float(min(0.02, 0.01 / length))
                func loss(_ amount: Float) throws -> Double {
                    var adapter = start
                    var terms = try #require(adapter.terms[site])
                    for index in gradient.indices {
                        terms[0].factors[keyPath: factor][index] += amount * gradient[index] / Float(length)
                    }
                    adapter.terms[site] = terms
                    return try TrainingSession(trainer, adapter, options: options).loss(of: TinyArchitecture.examples)
                }
                let slope = try (loss(step) - loss(-step)) / Double(2 * step)
                // Rounding of the loss is some 3e-7, over the whole step 2h.
                let tolerance = 4e-3 * length + 3e-7 / Double(step)
                #expect(abs(slope - length) < tolerance, "\(site), \(factor == \LoRAFactors.a ? "A" : "B")")
            }
        }
    }
}
