import ModelEngine
import Testing

@Suite("Adapters that do not fit")
struct AdapterShapeTests {
    private func error(_ change: (inout LoRAAdapter) throws -> Void) throws -> ModelError? {
        let model = try TinyModel.load(threads: 1)
        var adapter = try TinyModel.lora()
        try change(&adapter)
        return #expect(throws: ModelError.self) { _ = try PreparedAdapter(adapter, for: model.configuration) }
    }

    @Test("A wrong length names the layer and both shapes")
    func wrongShape() throws {
        let site = AdapterSite(layer: 1, projection: .gate)
        let error = try error {
            $0.factors[site] = LoRAFactors(
                rank: 2, inputs: 60, outputs: 96, a: [Float](repeating: 1, count: 120),
                b: [Float](repeating: 1, count: 192), scaling: 1)
        }
        #expect(error?.code == .badAdapter)
        #expect(error?.tensor == "model.layers.1.mlp.gate_proj")
        for number in ["60", "64", "96"] { #expect(error?.message.contains(number) == true) }
    }

    @Test("Inputs and outputs exchanged do not pass")
    func transposed() throws {
        let site = AdapterSite(layer: 0, projection: .down)
        let error = try error {
            $0.factors[site] = LoRAFactors(
                rank: 1, inputs: 64, outputs: 96, a: [Float](repeating: 1, count: 64),
                b: [Float](repeating: 1, count: 96), scaling: 1)
        }
        #expect(error?.code == .badAdapter)
        #expect(error?.tensor == "model.layers.0.mlp.down_proj")
    }

    @Test("A layer that the model lacks is named", arguments: [2, 100, -1])
    func missingLayer(layer: Int) throws {
        let error = try error {
            $0.factors[AdapterSite(layer: layer, projection: .query)] =
                $0.factors[AdapterSite(layer: 0, projection: .query)]
        }
        #expect(error?.code == .badAdapter)
        #expect(error?.tensor == "model.layers.\(layer).self_attn.q_proj")
    }

    @Test("Training checks the shapes too")
    func training() throws {
        let trainer = try Trainer(TinyModel.load(threads: 1))
        var adapter = try TinyModel.lora()
        let site = AdapterSite(layer: 1, projection: .value)
        adapter.factors[site] = adapter.factors[AdapterSite(layer: 1, projection: .query)]
        let error = #expect(throws: ModelError.self) {
            _ = try TrainingSession(trainer, TrainableAdapter(training: adapter), options: TrainingOptions())
        }
        #expect(error?.code == .badAdapter)
        #expect(error?.tensor == "model.layers.1.self_attn.v_proj")
    }
}
