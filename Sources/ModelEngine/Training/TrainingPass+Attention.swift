import CKernels

/// Causal attention of whole sequences. A task is one sequence and one key/value head with its query heads, so that a
/// task alone writes its rows and columns.
extension TrainingPass {
    private func forEachTask(_ lane: Lane, _ batch: PackedBatch, _ body: (PackedBatch.Span, Int) -> Void) {
        let heads = model.configuration.keyValueHeads
        for task in stride(from: lane.index, to: batch.spans.count * heads, by: lane.count) {
            body(batch.spans[task / heads], task % heads)
        }
    }

    /// Rotates queries and keys in place (direction 1), or gradients back (−1).
    private func rotate(
        _ span: PackedBatch.Span, _ head: Int, _ query: FloatBuffer, _ key: FloatBuffer, _ direction: Float
    ) {
        let c = model.configuration
        let group = c.heads / c.keyValueHeads
        for i in 0..<span.count {
            let cosine = model.rotary.cosine(i)
            let sine = model.rotary.sine(i)
            let row = span.row + i
            ck_rope(
                query.pointer + (row * c.heads + head * group) * c.headSize, group, c.headSize, cosine, sine, direction)
            ck_rope(key.pointer + (row * c.keyValueHeads + head) * c.headSize, 1, c.headSize, cosine, sine, direction)
        }
    }

    /// Probabilities of a tile of query rows `top ..< top + rows` for one query head.
    private func probabilities(
        _ lane: Lane, _ kept: TrainingTape.Layer, _ span: PackedBatch.Span, queryHead: Int, top: Int, rows: Int,
        width: Int
    ) {
        let c = model.configuration
        let size = c.headSize
        let scratch = tape.attention[lane.index]
        let length = top + rows
        let queries = kept.query.pointer + ((span.row + top) * c.heads + queryHead) * size
        ck_gemm(
            rows, length, size, queries, c.heads * size, 1, scratch.keys.pointer, PackedMatrix.panel * size,
            PackedMatrix.panel, true, scratch.probabilities.pointer, width, false)
        let scale = 1 / Float(size).squareRoot()
        for i in 0..<rows { ck_softmax(scratch.probabilities.pointer + i * width, top + i + 1, length, scale) }
    }

    private func packPanels(_ source: FloatBuffer, _ span: PackedBatch.Span, _ head: Int, into target: FloatBuffer) {
        let c = model.configuration
        ck_pack_rows(
            source.pointer + (span.row * c.keyValueHeads + head) * c.headSize, span.count, c.headSize,
            c.keyValueHeads * c.headSize, target.pointer, 0, (span.count + 15) / 16)
    }

    func attentionForward(_ lane: Lane, _ kept: TrainingTape.Layer, _ batch: PackedBatch) {
        let c = model.configuration
        let size = c.headSize
        let scratch = tape.attention[lane.index]
        forEachTask(lane, batch) { span, head in
            rotate(span, head, kept.query, kept.key, 1)
            packPanels(kept.key, span, head, into: scratch.keys)
            let width = (span.count + 15) / 16 * 16
            let values = kept.value.pointer + (span.row * c.keyValueHeads + head) * size
            for queryHead in head * c.heads / c.keyValueHeads..<(head + 1) * c.heads / c.keyValueHeads {
                for top in stride(from: 0, to: span.count, by: TrainingTape.attentionRows) {
                    let rows = min(TrainingTape.attentionRows, span.count - top)
                    probabilities(lane, kept, span, queryHead: queryHead, top: top, rows: rows, width: width)
                    lane.multiply(
                        MatrixView(start: scratch.probabilities.pointer, row: width), rows: rows, byRowMajor: values,
                        stride: c.keyValueHeads * size, depth: top + rows, columns: 0..<size,
                        into: kept.attended.pointer + ((span.row + top) * c.heads + queryHead) * size,
                        row: c.heads * size)
                }
            }
        }
    }

    /// dV = Pᵀ dO, dP = dO Vᵀ, dS = P∘(dP − Σ P∘dP)/√D, dQ = dS K, dK = dSᵀ Q, then the rotation undone.
    func attentionBackward(_ lane: Lane, _ kept: TrainingTape.Layer, _ batch: PackedBatch) {
        let c = model.configuration
        let size = c.headSize
        let keyWidth = c.keyValueHeads * size
        let queryWidth = c.heads * size
        let scratch = tape.attention[lane.index]
        let scale = 1 / Float(size).squareRoot()
        forEachTask(lane, batch) { span, head in
            packPanels(kept.key, span, head, into: scratch.keys)
            packPanels(kept.value, span, head, into: scratch.values)
            let width = (span.count + 15) / 16 * 16
            let start = (span.row * c.keyValueHeads + head) * size
            for i in 0..<span.count {
                (tape.dKey.pointer + start + i * keyWidth).update(repeating: 0, count: size)
                (tape.dValue.pointer + start + i * keyWidth).update(repeating: 0, count: size)
            }
            for queryHead in head * c.heads / c.keyValueHeads..<(head + 1) * c.heads / c.keyValueHeads {
                for top in stride(from: 0, to: span.count, by: TrainingTape.attentionRows) {
                    let rows = min(TrainingTape.attentionRows, span.count - top)
                    let length = top + rows
                    let at = ((span.row + top) * c.heads + queryHead) * size
                    probabilities(lane, kept, span, queryHead: queryHead, top: top, rows: rows, width: width)
                    ck_gemm(
                        rows, length, size, tape.dAttended.pointer + at, queryWidth, 1, scratch.values.pointer,
                        PackedMatrix.panel * size, PackedMatrix.panel, true, scratch.gradients.pointer, width, false)
                    for i in 0..<rows {
                        ck_softmax_backward(
                            scratch.probabilities.pointer + i * width, scratch.gradients.pointer + i * width,
                            top + i + 1, length, scale)
                    }
                    lane.multiply(
                        MatrixView(start: scratch.gradients.pointer, row: width), rows: rows,
                        byRowMajor: kept.key.pointer + start, stride: keyWidth, depth: length, columns: 0..<size,
                        into: tape.dQuery.pointer + at, row: queryWidth)
                    lane.multiply(
                        MatrixView(start: scratch.gradients.pointer, row: 1, step: width), rows: length,
                        byRowMajor: kept.query.pointer + at, stride: queryWidth, depth: rows, columns: 0..<size,
                        into: tape.dKey.pointer + start, row: keyWidth, accumulate: true)
                    lane.multiply(
                        MatrixView(start: scratch.probabilities.pointer, row: 1, step: width), rows: length,
                        byRowMajor: tape.dAttended.pointer + at, stride: queryWidth, depth: rows, columns: 0..<size,
                        into: tape.dValue.pointer + start, row: keyWidth, accumulate: true)
                }
            }
            rotate(span, head, tape.dQuery, tape.dKey, -1)
        }
    }
}
