import CKernels

extension TrainingPass {
    /// From the gradient at the end of the residual stream to every trained factor.
    func backward(_ lane: Lane, _ batch: PackedBatch) {
        let c = model.configuration
        let rows = batch.tokens.count
        for layer in stride(from: c.layers - 1, through: 0, by: -1) {
            let kept = tape.layers[layer]
            let base = model.weights.layers[layer]
            // In the parallel form both parts read the same normalised state, and its gradient is the sum of both.
            let isParallel = base.feedForwardNorm == nil
            activate(lane, rows, kept)
            let dFeedForward = resultBackward(lane, rows, kept.feedForwardResult, base.feedForwardPostNorm)
            lane.meet()
            linearBackward(
                lane, layer, 3, rows, input: tape.activation, gradients: [dFeedForward], into: tape.dActivation)
            lane.meet()
            let columns = lane.columns(of: c.feedForwardSize)
            for row in 0..<rows where !columns.isEmpty {
                let start = row * c.feedForwardSize + columns.lowerBound
                c.family.activation.gradients(
                    kept.gate.pointer + start, kept.up.pointer + start, for: tape.dActivation.pointer + start,
                    count: columns.count)
            }
            norm(lane, rows, isParallel ? kept.input : kept.middle, base.feedForwardNorm ?? base.attentionNorm)
            lane.meet()
            linearBackward(
                lane, layer, 2, rows, input: tape.normal, gradients: [kept.gate, kept.up], into: tape.dNormal)
            lane.meet()
            if let feedForwardNorm = base.feedForwardNorm { normBackward(lane, rows, kept.middle, feedForwardNorm) }
            let dAttention = resultBackward(lane, rows, kept.attentionResult, base.attentionPostNorm)
            lane.meet()
            linearBackward(lane, layer, 1, rows, input: kept.attended, gradients: [dAttention], into: tape.dAttended)
            lane.meet()
            attentionBackward(lane, layer, batch)
            norm(lane, rows, kept.input, base.attentionNorm)
            lane.meet()
            // Below the first block are only the embeddings, which stay as they are.
            linearBackward(
                lane, layer, 0, rows, input: tape.normal, gradients: [tape.dQuery, tape.dKey, tape.dValue],
                into: layer > 0 ? tape.dNormal : nil, accumulate: isParallel)
            lane.meet()
            guard layer > 0 else { return }
            normBackward(lane, rows, kept.input, base.attentionNorm)
            lane.meet()
        }
    }

    /// dResidual += gradient of the norm for dNormal, for this lane's rows.
    private func normBackward(_ lane: Lane, _ rows: Int, _ source: FloatBuffer, _ norm: Norm) {
        let size = model.configuration.hiddenSize
        for row in lane.share(of: rows) {
            norm.addGradient(
                source.pointer + row * size, tape.dNormal.pointer + row * size,
                to: tape.dResidual.pointer + row * size)
        }
    }

    /// The gradient of a result that was added to the residual stream: dResidual itself, or what its norm makes of it,
    /// for this lane's rows.
    private func resultBackward(_ lane: Lane, _ rows: Int, _ result: FloatBuffer, _ norm: Norm?) -> FloatBuffer {
        guard let norm else { return tape.dResidual }
        let size = model.configuration.hiddenSize
        for row in lane.share(of: rows) {
            let target = tape.dResult.pointer + row * size
            target.update(repeating: 0, count: size)
            norm.addGradient(result.pointer + row * size, tape.dResidual.pointer + row * size, to: target)
        }
        return tape.dResult
    }

    /// For y_p = W_p x + b_p + B_p (S A x)_p: dx = Σ dy_p W_p + dz S A (added to dx if `accumulate`), and the gradients
    /// of A, B and the terms' biases.
    private func linearBackward(
        _ lane: Lane, _ layer: Int, _ number: Int, _ rows: Int, input: FloatBuffer, gradients: [FloatBuffer],
        into target: FloatBuffer?, accumulate: Bool = false
    ) {
        let projections = PreparedAdapter.groups[number]
        let inputs = model.configuration.shape(of: projections[0]).inputs
        let group = groups[layer][number]
        if let group {
            lowRank(lane, group, rows, input)
            let own = lane.share(of: rows)
            for (part, gradient) in zip(group.outputs, gradients) where !part.rows.isEmpty {
                lane.multiply(
                    MatrixView(start: gradient.pointer + own.lowerBound * part.outputs, row: part.outputs),
                    rows: own.count, by: part.backward, columns: 0..<part.rows.count,
                    into: tape.lowGradient.pointer + own.lowerBound * rank + part.rows.lowerBound, row: rank)
            }
            lane.meet()
        }
        if let target {
            for (index, projection) in projections.enumerated() {
                let matrix = weights.projections[layer][projection.index]
                lane.multiply(
                    MatrixView(start: gradients[index].pointer, row: matrix.depth), rows: rows, by: matrix,
                    columns: lane.columns(of: inputs), into: target.pointer, row: inputs,
                    accumulate: accumulate || index > 0)
            }
            if let group, group.rank > 0 {
                lane.multiply(
                    MatrixView(start: tape.lowGradient.pointer, row: rank), rows: rows, by: group.backward,
                    columns: lane.columns(of: inputs), into: target.pointer, row: inputs, accumulate: true)
            }
        }
        guard let group else { return }
        for (output, gradient) in zip(group.outputs, gradients) {
            guard let sum = output.biasGradient else { continue }
            let columns = lane.columns(of: output.outputs)
            for row in 0..<rows where !columns.isEmpty {
                ck_add(
                    gradient.pointer + row * output.outputs + columns.lowerBound, sum.pointer + columns.lowerBound,
                    columns.count)
            }
        }
        for part in group.parts {
            if part.trainsA {
                // dA = dzᵀ x; the scaling follows when the gradient is used.
                lane.multiply(
                    MatrixView(start: tape.lowGradient.pointer + part.rows.lowerBound, row: 1, step: rank),
                    rows: part.rows.count, byRowMajor: input.pointer, stride: inputs, depth: rows,
                    columns: lane.columns(of: inputs),
                    into: group.aGradient.pointer + part.rows.lowerBound * inputs, row: inputs, accumulate: true)
            }
            guard part.needsB, let index = projections.firstIndex(of: part.site.projection) else { continue }
            let output = group.outputs[index]
            let first = part.rows.lowerBound - output.rows.lowerBound
            lane.multiply(
                MatrixView(start: tape.low.pointer + part.rows.lowerBound, row: 1, step: rank), rows: part.rows.count,
                byRowMajor: gradients[index].pointer, stride: output.outputs, depth: rows,
                columns: lane.columns(of: output.outputs), into: output.bGradient.pointer + first * output.outputs,
                row: output.outputs, accumulate: true)
        }
    }
}
