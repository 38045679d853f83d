import CKernels

extension ForwardPass {
    /// Rotates, stores keys and values, and attends, for each sequence and key/value head.
    func attention(_ lane: Lane, _ layer: Int, _ segments: [Segment]) {
        let c = model.configuration
        for task in stride(from: lane.index, to: segments.count * c.keyValueHeads, by: lane.count) {
            attend(lane, layer, segments[task / c.keyValueHeads], head: task % c.keyValueHeads)
        }
    }

    private func attend(_ lane: Lane, _ layer: Int, _ segment: Segment, head: Int) {
        let c = model.configuration
        let size = c.headSize
        let group = c.heads / c.keyValueHeads
        let queryWidth = c.heads * size
        let keyWidth = c.keyValueHeads * size
        let queries = query.pointer + segment.row * queryWidth + head * group * size
        for i in 0..<segment.count {
            let position = segment.position + i
            let cosine = model.rotary.cosine(position)
            let sine = model.rotary.sine(position)
            ck_rope(queries + i * queryWidth, group, size, cosine, sine, 1)
            let start = (segment.row + i) * keyWidth + head * size
            ck_rope(key.pointer + start, 1, size, cosine, sine, 1)
            segment.cache.store(
                key: key.pointer + start, value: value.pointer + start, layer: layer, head: head, position: position)
        }
        let output = attended.pointer + segment.row * queryWidth + head * group * size
        if segment.count == 1 {
            attend(
                lane, layer, segment.cache, head, queries, rowStride: size, rows: group, into: output,
                lengths: { _ in segment.position + 1 })
            return
        }
        for h in 0..<group {
            for top in stride(from: 0, to: segment.count, by: Self.attentionRows) {
                let start = top * queryWidth + h * size
                attend(
                    lane, layer, segment.cache, head, queries + start, rowStride: queryWidth,
                    rows: min(Self.attentionRows, segment.count - top), into: output + start,
                    lengths: { segment.position + top + $0 + 1 })
            }
        }
    }

    /// softmax(q·Kᵀ / √D)·V for some query rows; row i sees the first `lengths(i)` positions.
    private func attend(
        _ lane: Lane, _ layer: Int, _ cache: KeyValueCache, _ head: Int, _ queries: UnsafePointer<Float>,
        rowStride: Int, rows: Int, into output: UnsafeMutablePointer<Float>, lengths: (Int) -> Int
    ) {
        let size = model.configuration.headSize
        let length = lengths(rows - 1)
        let width = (length + 15) / 16 * 16
        let scores = scores[lane.index].pointer
        ck_gemm(
            rows, length, size, queries, rowStride, 1, cache.keyPanels(layer: layer, head: head), 16 * size, 16, true,
            scores, width, false)
        let scale = 1 / Float(size).squareRoot()
        for row in 0..<rows { ck_softmax(scores + row * width, lengths(row), length, scale) }
        lane.multiply(
            MatrixView(start: scores, row: width), rows: rows, byRowMajor: cache.valueRows(layer: layer, head: head),
            stride: size, depth: length, columns: 0..<size, into: output, row: rowStride)
    }
}
