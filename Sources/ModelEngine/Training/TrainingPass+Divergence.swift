import CKernels

/// Where numbers stopped being finite; asked only after a loss or a gradient was not.
extension TrainingPass {
    /// The module that turns hidden states into logits.
    static let headName = "lm_head"

    /// The first module, in order of computation, whose result for a batch is not finite; gradients stay as they are.
    func firstActivationNotFinite(_ batch: PackedBatch) -> String? {
        let loss = run(batch, gradientScale: nil)
        let c = model.configuration
        func isFinite(_ buffer: FloatBuffer, _ width: Int) -> Bool {
            ck_all_finite(buffer.pointer, batch.tokens.count * width)
        }
        for layer in 0..<c.layers {
            let kept = tape.layers[layer]
            let base = model.weights.layers[layer]
            let next = layer + 1 < c.layers ? tape.layers[layer + 1].input : tape.final
            let results: [(Projection, FloatBuffer)] = [
                (.query, base.queryNorm == nil ? kept.query : kept.rawQuery),
                (.key, base.keyNorm == nil ? kept.key : kept.rawKey), (.value, kept.value),
                (.output, base.attentionPostNorm == nil ? kept.middle : kept.attentionResult),
                (.gate, kept.gate), (.up, kept.up),
                (.down, base.feedForwardPostNorm == nil ? next : kept.feedForwardResult),
            ]
            for (projection, buffer) in results where !isFinite(buffer, c.shape(of: projection).outputs) {
                return AdapterSite(layer: layer, projection: projection).description
            }
        }
        return loss.isFinite ? nil : Self.headName
    }

    /// The first layer on the way back whose gradient is not finite.
    func firstGradientNotFinite() -> AdapterSite? {
        firstSite { slice in
            slice.range.allSatisfy { (slice.gradients.pointer[$0] * slice.scale).isFinite }
        }
    }

    /// The first layer on the way back with a trained number that is not finite.
    func firstParameterNotFinite() -> AdapterSite? {
        firstSite { ck_all_finite($0.values.pointer + $0.range.lowerBound, $0.range.count) }
    }

    private func firstSite(where isFinite: (ParameterSlice) -> Bool) -> AdapterSite? {
        for layer in groups.reversed() {
            for case let group? in layer.reversed() {
                if let part = group.parts.first(where: { !group.parameters(of: $0).allSatisfy(isFinite) }) {
                    return part.site
                }
            }
        }
        return nil
    }
}
