import ModelEngine
import TestSupport
import Testing

/// Gradients against differences of the loss itself, for every projection's A and B.
///
/// The loss is a Double mean over answer tokens of float32 terms, each rounded to about 1e-6 at a loss near 13, so a
/// difference of two losses is good to about 3e-7. With a step h that moves the loss by some 1e-2, rounding leaves 3e-5
/// of the derivative and the third derivative h²/6 of its own size.
@Suite("Gradients by finite differences")
struct FiniteDifferenceTests {
    private let trainer: Trainer
    private let start: TrainableAdapter
    private let examples: [TrainingExample]
    private let gradients: TrainableAdapter

    init() throws {
        trainer = try Trainer(TinyModel.load(threads: 1))
        start = try TrainableAdapter(training: TinyModel.lora())
        examples = TinyModel.prompts([23, 38, 2], seed: 11).enumerated().map {
            TrainingExample(tokens: $0.element, answerStart: [12, 30, 1][$0.offset])
        }
        let session = try TrainingSession(trainer, start, options: TrainingOptions(maximumRows: 80))
        session.accumulateGradients(examples)
        gradients = session.gradients
    }

    private func loss(_ adapter: TrainableAdapter) throws -> Double {
        try TrainingSession(trainer, adapter, options: TrainingOptions(maximumRows: 80)).loss(of: examples)
    }

    /// The central difference of the loss along a direction in one factor.
    private func slope(
        _ site: AdapterSite, _ factor: WritableKeyPath<LoRAFactors, [Float]>, along direction: [Float],
        step: Float
    ) throws -> Double {
        func moved(_ amount: Float) throws -> Double {
            var adapter = start
            var terms = try #require(adapter.terms[site])
            for index in direction.indices { terms[0].factors[keyPath: factor][index] += amount * direction[index] }
            adapter.terms[site] = terms
            return try loss(adapter)
        }
        return try (moved(step) - moved(-step)) / Double(2 * step)
    }

    @Test("Along the gradient, the loss rises by the gradient's length", arguments: Projection.allCases)
    func alongGradient(projection: Projection) throws {
        for site in start.sites where site.projection == projection {
            for factor in [\LoRAFactors.a, \LoRAFactors.b] {
                let gradient = try #require(gradients.terms[site]?.first).factors[keyPath: factor]
                let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(length > 1e-3)
                let direction = gradient.map { $0 / Float(length) }
                let slope = try slope(site, factor, along: direction, step: Float(min(0.02, 0.01 / length)))
                #expect(abs(slope / length - 1) < 2e-3, "\(site), \(factor == \LoRAFactors.a ? "A" : "B")")
            }
        }
    }

    @Test("Single elements have the slope that the gradient says", arguments: Projection.allCases)
    func elements(projection: Projection) throws {
        var noise = Noise(projection.index)
        for site in start.sites where site.projection == projection {
            for factor in [\LoRAFactors.a, \LoRAFactors.b] {
                let gradient = try #require(gradients.terms[site]?.first).factors[keyPath: factor]
                let largest = gradient.map(abs).reduce(0, max)
                for _ in 0..<3 {
                    let index = noise.index(below: gradient.count)
                    var direction = [Float](repeating: 0, count: gradient.count)
                    direction[index] = 1
                    let slope = try slope(site, factor, along: direction, step: 0.01)
                    let error = abs(slope - Double(gradient[index]))
                    #expect(error < 0.01 * Double(largest) + 1e-4, "\(site), element \(index)")
                }
            }
        }
    }
}
