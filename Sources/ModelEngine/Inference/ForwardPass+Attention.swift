import CKernels

extension ForwardPass {
    /// Puts keys and values into the caches, then attends: each lane takes every so many-th piece of the work.
    ///
    /// A piece is one key/value head of a sequence with one row, or a stretch of rows of one query head.
    func attention(_ lane: Lane, _ layer: Int, _ segments: [Segment], rows: Int) {
        let own = lane.share(of: rows)
        for segment in segments {
            for row in own.clamped(to: segment.row..<segment.row + segment.count) { place(layer, segment, row: row) }
        }
        lane.meet()
        let c = model.configuration
        let group = c.heads / c.keyValueHeads
        var piece = 0
        func isOwn() -> Bool {
            piece += 1
            return piece % lane.count == lane.index
        }
        for segment in segments {
            if segment.count == 1 {
                for head in 0..<c.keyValueHeads where isOwn() {
                    attend(lane, layer, segment, head: head, queryHead: head * group, rows: 0..<1, heads: group)
                }
                continue
            }
            for queryHead in 0..<c.heads {
                for top in stride(from: 0, to: segment.count, by: Self.attentionRows) where isOwn() {
                    attend(
                        lane, layer, segment, head: queryHead / group, queryHead: queryHead,
                        rows: top..<min(top + Self.attentionRows, segment.count), heads: 1)
                }
            }
        }
    }

    /// Normalises and rotates the queries and keys of one row, and stores its keys and values.
    private func place(_ layer: Int, _ segment: Segment, row: Int) {
        let c = model.configuration
        let size = c.headSize
        let weights = model.weights.layers[layer]
        let table = rotary[c.attention[layer].scheme]
        let position = segment.position + row - segment.row
        let queries = query.pointer + row * c.heads * size
        let keys = key.pointer + row * c.keyValueHeads * size
        let values = value.pointer + row * c.keyValueHeads * size
        weights.queryNorm?.apply(queries, heads: 0..<c.heads)
        weights.keyNorm?.apply(keys, heads: 0..<c.keyValueHeads)
        let cosine = table.cosine(position)
        let sine = table.sine(position)
        ck_rope_partial(queries, c.heads, size, c.rotarySize, cosine, sine, 1)
        ck_rope_partial(keys, c.keyValueHeads, size, c.rotarySize, cosine, sine, 1)
        for head in 0..<c.keyValueHeads {
            segment.cache.store(
                key: keys + head * size, value: values + head * size, layer: layer, head: head, position: position)
        }
    }

    /// Attends from some rows of one query head, or from one row of several neighbouring query heads.
    private func attend(
        _ lane: Lane, _ layer: Int, _ segment: Segment, head: Int, queryHead: Int, rows: Range<Int>, heads: Int
    ) {
        let c = model.configuration
        let width = c.heads * c.headSize
        let start = (segment.row + rows.lowerBound) * width + queryHead * c.headSize
        let seen = c.attention[layer]
        attend(
            lane, layer, segment.cache, head, query.pointer + start, rowStride: heads > 1 ? c.headSize : width,
            rows: rows.count * heads, into: attended.pointer + start,
            visible: { seen.visible(from: segment.position + rows.lowerBound + (heads > 1 ? 0 : $0)) })
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
