import ModelEngine
import TestSupport
import Testing

/// An example as the goldens write it.
private struct GoldenExample: Decodable {
    var tokens: [Int32]
    var answerStart: Int

    var example: TrainingExample { TrainingExample(tokens: tokens, answerStart: answerStart) }
}

private struct GradientsGolden: Decodable {
    var batch: [GoldenExample]
    var answerTokens: Int
    var loss: Double
}

private struct CalibrationGolden: Decodable {
    var batch: [GoldenExample]
    var answerTokens: Int
    var lossWithZeroP: Double
    var lossWithRandomP: Double
    var modules: [String]
}

private struct ComposedGolden: Decodable {
    var batch: [GoldenExample]
    var losses: [String: Double]
}

private struct TrainingGolden: Decodable {
    struct Run: Decodable {
        var clip: Double?
        var losses: [Double]
        var gradientNorms: [Double]
        var adaptersAfterSteps: [String: String]
    }
    var rank: Int
    var alpha: Float
    var beta1: Double
    var beta2: Double
    var epsilon: Float
    var weightDecay: Float
    var learningRates: [Float]
    var runs: [String: Run]
    var batches: [[GoldenExample]]
}

/// The largest difference, as a share of the reference's largest element.
private func relativeError(_ values: [Float], _ reference: [Float]) -> Float {
    guard values.count == reference.count else { return .infinity }
    let largest = reference.map(abs).reduce(0, max)
    return zip(values, reference).map { abs($0 - $1) }.reduce(0, max) / largest
}

@Suite("Training agrees with the reference")
struct TrainingGoldenTests {
    @Test("Loss and gradients of every A and B", arguments: [1, 2], [1, 40, 512])
    func gradients(threads: Int, maximumRows: Int) throws {
        let golden = try Fixtures.json(GradientsGolden.self, "tiny/lora-gradients.json")
        let expected = try TinyModel.adapter(GoldenTensors("tiny/lora-gradients.safetensors"), rank: 4, scaling: 2)
        let trainer = try Trainer(TinyModel.load(threads: threads))
        let session = try TrainingSession(
            trainer, TrainableAdapter(training: TinyModel.lora()), options: TrainingOptions(maximumRows: maximumRows))
        let batch = golden.batch.map(\.example)
        #expect(batch.reduce(0) { $0 + $1.answerTokens } == golden.answerTokens)
        #expect(abs(session.loss(of: batch) - golden.loss) < 1e-5)
        // Twice: the second call must not add to the first one's gradients.
        for _ in 0..<2 {
            #expect(abs(session.accumulateGradients(batch) - golden.loss) < 1e-5)
            let gradients = session.gradients
            #expect(gradients.sites == expected.sites)
            for site in expected.sites {
                let factors = try #require(gradients.terms[site]?.first).factors
                let reference = try #require(expected.factors[site])
                #expect(relativeError(factors.a, reference.a) < 1e-4, "A of \(site)")
                #expect(relativeError(factors.b, reference.b) < 1e-4, "B of \(site)")
            }
        }
    }

    @Test("Gradients of a calibration beside a frozen adapter", arguments: ["zero", "random"])
    func calibration(kind: String) throws {
        let golden = try Fixtures.json(CalibrationGolden.self, "tiny/calibration-gradients.json")
        let tensors = try GoldenTensors("tiny/calibration-gradients.safetensors")
        let lora = try TinyModel.lora()
        // W + ΔW + p·1ᵀ: the frozen update, and a rank-1 term with A = 1ᵀ frozen and B = p trained.
        var start = TrainableAdapter()
        for (site, factors) in lora.factors {
            let p = LoRAFactors(
                rank: 1, inputs: factors.inputs, outputs: factors.outputs,
                a: [Float](repeating: 1, count: factors.inputs), b: try tensors["\(site).\(kind).p"], scaling: 1)
            start.terms[site] = [
                AdapterTerm(factors: factors, trainsA: false, trainsB: false),
                AdapterTerm(factors: p, trainsA: false, trainsB: true),
            ]
        }
        #expect(start.sites.map(\.description) == golden.modules)
        let trainer = try Trainer(TinyModel.load())
        let session = try TrainingSession(trainer, start, options: TrainingOptions())
        let loss = session.accumulateGradients(golden.batch.map(\.example))
        #expect(abs(loss - (kind == "zero" ? golden.lossWithZeroP : golden.lossWithRandomP)) < 1e-5)
        let gradients = session.gradients
        for site in start.sites {
            let terms = try #require(gradients.terms[site])
            try #require(terms.count == 2)
            #expect(try relativeError(terms[1].factors.b, tensors["\(site).\(kind).gradient"]) < 1e-4, "p of \(site)")
        }
    }

    @Test("Loss and gradients of middles, coefficients and biases", arguments: TrainingObjective.allCases)
    func composed(objective: TrainingObjective) throws {
        let golden = try Fixtures.json(ComposedGolden.self, "tiny/composed-gradients.json")
        let tensors = try GoldenTensors("tiny/composed-gradients.safetensors")
        var start = TrainableAdapter()
        for (site, factors) in try TinyModel.lora().factors {
            let bias = LoRAFactors(
                rank: 0, inputs: factors.inputs, outputs: factors.outputs, a: [], b: [], scaling: 1,
                bias: try tensors["\(site).bias.value"])
            start.terms[site] = [
                AdapterTerm(
                    factors: factors, middle: try tensors["\(site).middle.value"],
                    coefficient: try tensors["\(site).coefficient.value"][0]),
                AdapterTerm(factors: bias, trainsBias: true),
            ]
        }
        let session = try TrainingSession(
            Trainer(TinyModel.load()), start, options: TrainingOptions(objective: objective))
        let loss = session.accumulateGradients(golden.batch.map(\.example))
        #expect(abs(loss - (try #require(golden.losses[objective.rawValue]))) < 1e-5)
        for gradient in session.gradients.trainedTensors {
            let parts = gradient.name.split(separator: ".")
            let name = (parts.dropLast(2) + parts.suffix(1)).joined(separator: ".")
            let error = try relativeError(gradient.values, tensors["\(name).\(objective.rawValue)"])
            // A coefficient's gradient is one sum whose terms cancel; torch's float32 has it to 8e-4.
            #expect(error < (parts.last == "coefficient" ? 1e-3 : 1e-4), "\(name): \(error)")
        }
    }

    @Test("Twenty AdamW updates", arguments: ["plain", "clipped"])
    func updates(name: String) throws {
        let golden = try Fixtures.json(TrainingGolden.self, "tiny/training.json")
        let run = try #require(golden.runs[name])
        let scaling = golden.alpha / Float(golden.rank)
        let start = try TinyModel.adapter(
            GoldenTensors("tiny/training-start.safetensors"), rank: golden.rank, scaling: scaling)
        let trainer = try Trainer(TinyModel.load())
        let session = try TrainingSession(
            trainer, TrainableAdapter(training: start),
            options: TrainingOptions(
                weightDecay: golden.weightDecay, beta1: golden.beta1, beta2: golden.beta2, epsilon: golden.epsilon,
                clip: run.clip))
        #expect(run.losses.count == 20)
        var checked: Set<Int> = []
        for step in run.losses.indices {
            let batch = golden.batches[step].map(\.example)
            let (loss, norm) = try session.step(batch, learningRate: golden.learningRates[step])
            #expect(abs(loss - run.losses[step]) < 1e-4, "step \(step)")
            #expect(abs(norm / run.gradientNorms[step] - 1) < 1e-4, "step \(step)")
            guard let file = run.adaptersAfterSteps["\(step + 1)"] else { continue }
            checked.insert(step + 1)
            let expected = try TinyModel.adapter(GoldenTensors("tiny/\(file)"), rank: golden.rank, scaling: scaling)
            let adapter = session.adapter
            for site in expected.sites {
                let factors = try #require(adapter.terms[site]?.first).factors
                let reference = try #require(expected.factors[site])
                let worst = zip(factors.a + factors.b, reference.a + reference.b).map { abs($0 - $1) }.reduce(0, max)
                // Elements move by up to 1e-3 a step; the reference itself is within 2e-6 of float64.
                #expect(worst < 1e-5, "\(site) after step \(step + 1)")
                #expect(factors.scaling == scaling)
            }
        }
        #expect(checked.count == run.adaptersAfterSteps.count)
    }
}
