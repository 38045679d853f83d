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

    /// Normalises and rotates queries and keys in place; keeps what the norms read.
    private func place(_ layer: Int, _ span: PackedBatch.Span, _ head: Int) {
        let kept = tape.layers[layer]
        let weights = model.weights.layers[layer]
        forEachHeads(span, head) { row, queries, key in
            let query = kept.query.pointer + queries
            if let norm = weights.queryNorm {
                let count = row.queryHeads.count * norm.size
                (kept.rawQuery.pointer + queries).update(from: query, count: count)
                norm.apply(query, heads: row.queryHeads)
            }
            if let norm = weights.keyNorm {
                (kept.rawKey.pointer + key).update(from: kept.key.pointer + key, count: norm.size)
                norm.apply(kept.key.pointer + key, heads: head..<head + 1)
            }
            rotate(layer, row, query, kept.key.pointer + key, 1)
        }
    }

    /// Turns the gradients of the placed queries and keys into those of what the projections gave, in place.
    private func placeBackward(_ lane: Lane, _ layer: Int, _ span: PackedBatch.Span, _ head: Int) {
        let kept = tape.layers[layer]
        let weights = model.weights.layers[layer]
        let scratch = lane.scratch.pointer
        forEachHeads(span, head) { row, queries, key in
            let dQuery = tape.dQuery.pointer + queries
            let dKey = tape.dKey.pointer + key
            rotate(layer, row, dQuery, dKey, -1)
            weights.queryNorm?.backpropagate(
                dQuery, through: kept.rawQuery.pointer + queries, heads: row.queryHeads, scratch: scratch)
            weights.keyNorm?.backpropagate(
                dKey, through: kept.rawKey.pointer + key, heads: head..<head + 1, scratch: scratch)
        }
    }

    /// One position of a sequence, and the query heads that share a key.
    private struct Place {
        let position: Int
        let queryHeads: Range<Int>
    }

    /// Hands over each position of a sequence with the offsets of its queries and its key.
    private func forEachHeads(_ span: PackedBatch.Span, _ head: Int, _ body: (Place, Int, Int) -> Void) {
        let c = model.configuration
        let group = c.heads / c.keyValueHeads
        for position in 0..<span.count {
            let row = span.row + position
            body(
                Place(position: position, queryHeads: head * group..<(head + 1) * group),
                (row * c.heads + head * group) * c.headSize, (row * c.keyValueHeads + head) * c.headSize)
        }
    }

    /// Rotates queries and a key in place (direction 1), or gradients back (−1).
    private func rotate(
        _ layer: Int, _ place: Place, _ query: UnsafeMutablePointer<Float>, _ key: UnsafeMutablePointer<Float>,
        _ direction: Float
    ) {
        let c = model.configuration
        let table = rotary[c.attention[layer].scheme]
        let cosine = table.cosine(place.position)
        let sine = table.sine(place.position)
        ck_rope_partial(query, place.queryHeads.count, c.headSize, c.rotarySize, cosine, sine, direction)
        ck_rope_partial(key, 1, c.headSize, c.rotarySize, cosine, sine, direction)
    }

    /// A tile of query rows `top ..< top + rows` and the positions `first ..< first + length` that it may see, from a
    /// panel's beginning on.
    private struct Tile {
        let top: Int
        let rows: Int
        let first: Int
        let length: Int

        init(top: Int, rows: Int, _ seen: LayerAttention) {
            self.top = top
            self.rows = rows
            first = seen.visible(from: top).lowerBound / PackedMatrix.panel * PackedMatrix.panel
            length = top + rows - first
        }
    }

    private func tiles(_ count: Int, _ seen: LayerAttention) -> [Tile] {
        stride(from: 0, to: count, by: TrainingTape.attentionRows).map {
            Tile(top: $0, rows: min(TrainingTape.attentionRows, count - $0), seen)
        }
    }

    /// Probabilities of a tile for one query head, `[rows, width]`.
    private func probabilities(
        _ lane: Lane, _ layer: Int, _ span: PackedBatch.Span, queryHead: Int, _ tile: Tile, width: Int
    ) {
        let c = model.configuration
        let size = c.headSize
        let scratch = tape.attention[lane.index]
        let queries = tape.layers[layer].query.pointer + ((span.row + tile.top) * c.heads + queryHead) * size
        ck_gemm(
            tile.rows, tile.length, size, queries, c.heads * size, 1, scratch.keys.pointer + tile.first * size,
            PackedMatrix.panel * size, PackedMatrix.panel, true, scratch.probabilities.pointer, width, false)
        for i in 0..<tile.rows {
            softmax(
                scratch.probabilities.pointer + i * width, c.attention[layer].visible(from: tile.top + i),
                from: tile.first, count: tile.length, c.attentionScale)
        }
    }

    private func packPanels(_ source: FloatBuffer, _ span: PackedBatch.Span, _ head: Int, into target: FloatBuffer) {
        let c = model.configuration
        ck_pack_rows(
            source.pointer + (span.row * c.keyValueHeads + head) * c.headSize, span.count, c.headSize,
            c.keyValueHeads * c.headSize, target.pointer, 0, (span.count + 15) / 16)
    }

    func attentionForward(_ lane: Lane, _ layer: Int, _ batch: PackedBatch) {
        let c = model.configuration
        let size = c.headSize
        let scratch = tape.attention[lane.index]
        let kept = tape.layers[layer]
        forEachTask(lane, batch) { span, head in
            place(layer, span, head)
            packPanels(kept.key, span, head, into: scratch.keys)
            let width = (span.count + 15) / 16 * 16
            let values = kept.value.pointer + (span.row * c.keyValueHeads + head) * size
            for queryHead in head * c.heads / c.keyValueHeads..<(head + 1) * c.heads / c.keyValueHeads {
                for tile in tiles(span.count, c.attention[layer]) {
                    probabilities(lane, layer, span, queryHead: queryHead, tile, width: width)
                    lane.multiply(
                        MatrixView(start: scratch.probabilities.pointer, row: width), rows: tile.rows,
                        byRowMajor: values + tile.first * c.keyValueHeads * size, stride: c.keyValueHeads * size,
                        depth: tile.length, columns: 0..<size,
                        into: kept.attended.pointer + ((span.row + tile.top) * c.heads + queryHead) * size,
                        row: c.heads * size)
                }
            }
        }
    }

    /// dV = Pᵀ dO, dP = dO Vᵀ, dS = P∘(dP − Σ P∘dP)·scale, dQ = dS K, dK = dSᵀ Q, then rotation and norms undone.
    func attentionBackward(_ lane: Lane, _ layer: Int, _ batch: PackedBatch) {
        let c = model.configuration
        let size = c.headSize
        let keyWidth = c.keyValueHeads * size
        let queryWidth = c.heads * size
        let scratch = tape.attention[lane.index]
        let kept = tape.layers[layer]
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
                for tile in tiles(span.count, c.attention[layer]) {
                    let at = ((span.row + tile.top) * c.heads + queryHead) * size
                    let seen = start + tile.first * keyWidth
                    probabilities(lane, layer, span, queryHead: queryHead, tile, width: width)
                    ck_gemm(
                        tile.rows, tile.length, size, tape.dAttended.pointer + at, queryWidth, 1,
                        scratch.values.pointer + tile.first * size, PackedMatrix.panel * size, PackedMatrix.panel, true,
                        scratch.gradients.pointer, width, false)
                    for i in 0..<tile.rows {
                        // Where P is 0 so is dS: the window's hidden beginning needs no mask of its own.
                        ck_softmax_backward(
                            scratch.probabilities.pointer + i * width, scratch.gradients.pointer + i * width,
                            tile.top + i + 1 - tile.first, tile.length, c.attentionScale)
                    }
                    lane.multiply(
                        MatrixView(start: scratch.gradients.pointer, row: width), rows: tile.rows,
                        byRowMajor: kept.key.pointer + seen, stride: keyWidth, depth: tile.length, columns: 0..<size,
                        into: tape.dQuery.pointer + at, row: queryWidth)
                    lane.multiply(
                        MatrixView(start: scratch.gradients.pointer, row: 1, step: width), rows: tile.length,
                        byRowMajor: kept.query.pointer + at, stride: queryWidth, depth: tile.rows, columns: 0..<size,
                        into: tape.dKey.pointer + seen, row: keyWidth, accumulate: true)
                    lane.multiply(
                        MatrixView(start: scratch.probabilities.pointer, row: 1, step: width), rows: tile.length,
                        byRowMajor: tape.dAttended.pointer + at, stride: queryWidth, depth: tile.rows,
                        columns: 0..<size, into: tape.dValue.pointer + seen, row: keyWidth, accumulate: true)
                }
            }
            placeBackward(lane, layer, span, head)
        }
    }
}
