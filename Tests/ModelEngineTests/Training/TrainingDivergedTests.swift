import ModelEngine
import Testing

@Suite("Training that diverges")
struct TrainingDivergedTests {
    private static let examples = TinyModel.prompts([12, 30, 7, 21], seed: 21).map {
        TrainingExample(tokens: $0, answerStart: ($0.count + 1) / 2)
    }

    private func diverged(_ body: () throws -> Void) throws -> TrainingDiverged {
        try #require(throws: TrainingDiverged.self) { try body() }
    }

    private func isFinite(_ adapter: TrainableAdapter) -> Bool {
        adapter.terms.values.joined().allSatisfy { ($0.factors.a + $0.factors.b).allSatisfy(\.isFinite) }
    }

    @Test("An activation that overflows stops the update, by name; nothing has moved")
    func activation() throws {
        let model = try TinyModel.load()
        var start = try TrainableAdapter(training: TinyModel.lora())
        let site = AdapterSite(layer: 1, projection: .value)
        var terms = try #require(start.terms[site])
        terms[0].factors.b[5] = .greatestFiniteMagnitude
        terms[0].factors.a = terms[0].factors.a.map { $0 * 1e4 }
        start.terms[site] = terms
        let session = try TrainingSession(Trainer(model), start, options: TrainingOptions())
        let error = try diverged { _ = try session.step(Self.examples, learningRate: 1e-3) }
        #expect(error.step == 0)
        #expect(error.site == "model.layers.1.self_attn.v_proj")
        #expect(error.quantity == .activation)
        #expect(!error.loss.isFinite)
        #expect(error.adapter == start && session.adapter == start)
        #expect(error.description.contains("step 0") && error.description.contains(error.site))
    }

    @Test("A gradient that overflows is named where the loss is finite")
    func gradient() throws {
        let model = try TinyModel.load()
        // A = 0, so the forward pass does not see B; A's gradient is scaling·(dy·B)ᵀ x.
        var start = TrainableAdapter(training: TinyModel.idle(try TinyModel.lora()))
        let site = AdapterSite(layer: 0, projection: .gate)
        var terms = try #require(start.terms[site])
        let count = terms[0].factors.a.count
        terms[0].factors.a = [Float](repeating: 0, count: count)
        terms[0].factors.b = terms[0].factors.b.map { _ in 1e34 }
        terms[0].factors.scaling = 1e12
        start.terms[site] = terms
        let session = try TrainingSession(Trainer(model), start, options: TrainingOptions())
        let error = try diverged { _ = try session.step(Self.examples, learningRate: 1e-3) }
        #expect(error.site == "model.layers.0.mlp.gate_proj")
        #expect(error.quantity == .gradient)
        #expect(error.loss.isFinite && !error.gradientNorm.isFinite)
        #expect(session.adapter == start)
    }

    @Test("An update that overflows is taken back")
    func update() throws {
        let start = try TrainableAdapter(training: TinyModel.lora())
        let session = try TrainingSession(Trainer(TinyModel.load()), start, options: TrainingOptions())
        let (loss, _) = try session.step(Self.examples, learningRate: 1e-4)
        let good = session.adapter
        let error = try diverged { _ = try session.step(Self.examples, learningRate: .infinity) }
        #expect(error.step == 1 && error.quantity == .update)
        #expect(error.adapter == good && session.adapter == good && good != start)
        // The packed copy is the good one too.
        #expect(session.loss(of: Self.examples) < loss)
    }

    @Test("The trainer hands over the last good adapter and the steps before it", arguments: [1, 2])
    func train(threads: Int) throws {
        let model = try TinyModel.load(threads: threads)
        let trainer = try Trainer(model)
        let start = try TrainableAdapter(training: TinyModel.lora())
        let options = TrainingOptions(
            learningRate: 1e19, epochs: 20, batchSize: 2, warmup: 0, weightDecay: 0, clip: nil, seed: 3)
        var told: [Trainer.Step] = []
        let error = try diverged {
            _ = try trainer.train(start, on: Self.examples, options: options, onStep: { told.append($0) })
        }
        #expect(error.step == error.steps.count && error.steps == told && !told.isEmpty)
        #expect(error.adapter != start && isFinite(error.adapter))
        #expect(model.configuration.sites.map(\.description).contains(error.site) || error.site == "lm_head")
        #expect(told.allSatisfy { $0.loss.isFinite && $0.gradientNorm.isFinite })
    }

    @Test("A validation loss that is not finite is an error as well")
    func validation() throws {
        let model = try TinyModel.load()
        let options = TrainingOptions(
            learningRate: 1e19, epochs: 1, batchSize: 4, warmup: 0, weightDecay: 0, clip: nil)
        let error = try diverged {
            _ = try Trainer(model).train(
                TrainableAdapter(training: TinyModel.lora()), on: Self.examples, validation: Self.examples,
                options: options)
        }
        #expect(error.step == 1 && error.steps.count == 1)
        #expect(error.quantity == .activation && isFinite(error.adapter))
    }
}
