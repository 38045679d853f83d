import CKernels

extension ForwardPass {
    /// Puts keys and values into the caches, and attends, for each sequence and key/value head.
    func attention(_ lane: Lane, _ layer: Int, _ segments: [Segment]) {
        let c = model.configuration
        for task in stride(from: lane.index, to: segments.count * c.keyValueHeads, by: lane.count) {
            let segment = segments[task / c.keyValueHeads]
            let head = task % c.keyValueHeads
            place(layer, segment, head: head)
            attend(lane, layer, segment, head: head)
        }
    }

    /// Normalises and rotates the queries and the key of one key/value head, and stores key and value.
    private func place(_ layer: Int, _ segment: Segment, head: Int) {
        let c = model.configuration
        let size = c.headSize
        let group = c.heads / c.keyValueHeads
        let weights = model.weights.layers[layer]
        let table = rotary[c.attention[layer].scheme]
        for i in 0..<segment.count {
            let position = segment.position + i
            let row = segment.row + i
            let queries = query.pointer + (row * c.heads + head * group) * size
            let start = (row * c.keyValueHeads + head) * size
            weights.queryNorm?.apply(queries, heads: head * group..<(head + 1) * group)
            weights.keyNorm?.apply(key.pointer + start, heads: head..<head + 1)
            let cosine = table.cosine(position)
            let sine = table.sine(position)
            ck_rope_partial(queries, group, size, c.rotarySize, cosine, sine, 1)
            ck_rope_partial(key.pointer + start, 1, size, c.rotarySize, cosine, sine, 1)
            segment.cache.store(
                key: key.pointer + start, value: value.pointer + start, layer: layer, head: head, position: position)
        }
    }

    private func attend(_ lane: Lane, _ layer: Int, _ segment: Segment, head: Int) {
        let c = model.configuration
        let size = c.headSize
        let group = c.heads / c.keyValueHeads
        let queryWidth = c.heads * size
        let seen = c.attention[layer]
        let queries = query.pointer + segment.row * queryWidth + head * group * size
        let output = attended.pointer + segment.row * queryWidth + head * group * size
        if segment.count == 1 {
            attend(
                lane, layer, segment.cache, head, queries, rowStride: size, rows: group, into: output,
                visible: { _ in seen.visible(from: segment.position) })
            return
        }
        for h in 0..<group {
            for top in stride(from: 0, to: segment.count, by: Self.attentionRows) {
                let start = top * queryWidth + h * size
                attend(
                    lane, layer, segment.cache, head, queries + start, rowStride: queryWidth,
                    rows: min(Self.attentionRows, segment.count - top), into: output + start,
                    visible: { seen.visible(from: segment.position + top + $0) })
            }
        }
    }

    /// softmax(scale·q·Kᵀ)·V for some query rows; row i sees the positions `visible(i)`, whose ends rise with i.
    private func attend(
        _ lane: Lane, _ layer: Int, _ cache: KeyValueCache, _ head: Int, _ queries: UnsafePointer<Float>,
        rowStride: Int, rows: Int, into output: UnsafeMutablePointer<Float>, visible: (Int) -> Range<Int>
    ) {
        let size = model.configuration.headSize
        // Keys lie in panels of 16 positions, so the first panel may hold some that no row sees.
        let first = visible(0).lowerBound / 16 * 16
        let length = visible(rows - 1).upperBound - first
        let width = (length + 15) / 16 * 16
        let scores = scores[lane.index].pointer
        ck_gemm(
            rows, length, size, queries, rowStride, 1, cache.keyPanels(layer: layer, head: head) + first * size,
            16 * size, 16, true, scores, width, false)
        for row in 0..<rows {
            softmax(scores + row * width, visible(row), from: first, count: length, model.configuration.attentionScale)
        }
        lane.multiply(
            MatrixView(start: scores, row: width), rows: rows,
            byRowMajor: cache.valueRows(layer: layer, head: head) + first * size, stride: size, depth: length,
            columns: 0..<size, into: output, row: rowStride)
    }
}
