import CKernels

/// One step of the model over rows of several sequences: prompts' chunks and single new tokens side by side.
///
/// Rows of one adapter lie together; attention runs sequence by sequence against its own cache. Every lane walks
/// through all layers and meets the others where a result is needed whole.
final class ForwardPass: Sendable {
    /// Consecutive rows of one sequence.
    struct Segment: Sendable {
        let cache: KeyValueCache
        let adapter: PreparedAdapter?
        /// The first row in the step.
        let row: Int
        /// How many rows.
        let count: Int
        /// The position of the first row in its sequence.
        let position: Int
    }

    /// Consecutive rows under one adapter.
    private struct AdapterRun: Sendable {
        let adapter: PreparedAdapter
        var rows: Range<Int>
    }

    /// Rows of memory that attention works on at a time in a chunk of a prompt.
    private static let attentionRows = 32

    private let model: LanguageModel
    private let maximumRows: Int
    private let residual: FloatBuffer
    private let normal: FloatBuffer
    private let query: FloatBuffer
    private let key: FloatBuffer
    private let value: FloatBuffer
    private let attended: FloatBuffer
    private let gate: FloatBuffer
    private let up: FloatBuffer
    private let low: FloatBuffer
    private let lowWidth: Int
    private let scores: [FloatBuffer]

    /// Memory for steps of up to `maximumRows` rows and caches of up to `positions`.
    ///
    /// - Parameter adapterWidth: the widest ΣR of the adapters that will be used.
    init(_ model: LanguageModel, maximumRows: Int, positions: Int, adapterWidth: Int) {
        self.model = model
        self.maximumRows = maximumRows
        let c = model.configuration
        residual = FloatBuffer(maximumRows * c.hiddenSize)
        normal = FloatBuffer(maximumRows * c.hiddenSize)
        query = FloatBuffer(maximumRows * c.heads * c.headSize)
        key = FloatBuffer(maximumRows * c.keyValueHeads * c.headSize)
        value = FloatBuffer(maximumRows * c.keyValueHeads * c.headSize)
        attended = FloatBuffer(maximumRows * c.heads * c.headSize)
        gate = FloatBuffer(maximumRows * c.feedForwardSize)
        up = FloatBuffer(maximumRows * c.feedForwardSize)
        lowWidth = adapterWidth
        low = FloatBuffer(maximumRows * adapterWidth)
        let group = c.heads / c.keyValueHeads
        let width = (positions + 15) / 16 * 16
        scores = (0..<model.pool.lanes).map { _ in FloatBuffer(max(group, Self.attentionRows) * width) }
    }

    /// Runs one step and writes the logits of some rows, `[logitRows.count, V]`.
    ///
    /// - Precondition: rows fit `maximumRows`, positions fit the caches, tokens belong to the vocabulary, and
    ///   segments lie in order of rows.
    func run(segments: [Segment], tokens: [Int32], logitRows: [Int], logits: FloatBuffer) {
        precondition(tokens.count <= maximumRows, "a step has too many rows")
        let runs = Self.runs(of: segments)
        let c = model.configuration
        model.pool.run { [self] lane in
            let rows = tokens.count
            for row in lane.share(of: rows) { model.embed(tokens[row], into: residual.pointer + row * c.hiddenSize) }
            for layer in 0..<c.layers {
                let weights = model.weights.layers[layer]
                norm(lane, rows, weights.attentionNorm)
                lane.meet()
                linear(lane, layer, 0, weights, runs, rows, from: normal, into: [query, key, value])
                lane.meet()
                attention(lane, layer, segments)
                lane.meet()
                linear(lane, layer, 1, weights, runs, rows, from: attended, into: [residual], accumulate: true)
                lane.meet()
                norm(lane, rows, weights.feedForwardNorm)
                lane.meet()
                linear(lane, layer, 2, weights, runs, rows, from: normal, into: [gate, up])
                let columns = lane.columns(of: c.feedForwardSize)
                for row in 0..<rows where !columns.isEmpty {
                    let start = row * c.feedForwardSize + columns.lowerBound
                    ck_silu_multiply(gate.pointer + start, up.pointer + start, gate.pointer + start, columns.count)
                }
                lane.meet()
                linear(lane, layer, 3, weights, runs, rows, from: gate, into: [residual], accumulate: true)
                lane.meet()
            }
            // Only the rows whose logits are wanted go through the last norm, to the front of `normal`.
            for index in lane.share(of: logitRows.count) {
                _ = ck_rms_norm(
                    residual.pointer + logitRows[index] * c.hiddenSize, model.weights.outputNorm.pointer,
                    normal.pointer + index * c.hiddenSize, c.hiddenSize, c.normEpsilon)
            }
            lane.meet()
            lane.multiply(
                MatrixView(start: normal.pointer, row: c.hiddenSize), rows: logitRows.count, by: model.weights.head,
                columns: lane.columns(of: c.vocabularySize), into: logits.pointer, row: c.vocabularySize)
        }
    }

    private static func runs(of segments: [Segment]) -> [AdapterRun] {
        var runs: [AdapterRun] = []
        for segment in segments {
            guard let adapter = segment.adapter else { continue }
            let rows = segment.row..<segment.row + segment.count
            if let last = runs.last, last.adapter === adapter, last.rows.upperBound == rows.lowerBound {
                runs[runs.count - 1].rows = last.rows.lowerBound..<rows.upperBound
            } else {
                runs.append(AdapterRun(adapter: adapter, rows: rows))
            }
        }
        return runs
    }

    private func norm(_ lane: Lane, _ rows: Int, _ weight: FloatBuffer) {
        let size = model.configuration.hiddenSize
        for row in lane.share(of: rows) {
            _ = ck_rms_norm(
                residual.pointer + row * size, weight.pointer, normal.pointer + row * size, size,
                model.configuration.normEpsilon)
        }
    }

    /// The products of one group of projections with their common input, base weights first, then the adapters.
    private func linear(
        _ lane: Lane, _ layer: Int, _ group: Int, _ weights: ModelWeights.Layer, _ runs: [AdapterRun], _ rows: Int,
        from input: FloatBuffer, into outputs: [FloatBuffer], accumulate: Bool = false
    ) {
        let projections = PreparedAdapter.groups[group]
        let inputs = model.configuration.shape(of: projections[0]).inputs
        for run in runs {
            guard let part = run.adapter.layers[layer][group] else { continue }
            let own = lane.share(of: run.rows.count)
            let first = run.rows.lowerBound + own.lowerBound
            lane.multiply(
                MatrixView(start: input.pointer + first * inputs, row: inputs), rows: own.count, by: part.a,
                columns: 0..<part.a.columns, into: low.pointer + first * lowWidth, row: lowWidth)
        }
        for (projection, output) in zip(projections, outputs) {
            let matrix = weights.projections[projection.index]
            lane.multiply(
                MatrixView(start: input.pointer, row: inputs), rows: rows, by: matrix,
                columns: lane.columns(of: matrix.columns), into: output.pointer, row: matrix.columns,
                accumulate: accumulate)
        }
        guard !runs.isEmpty else { return }
        lane.meet()
        for run in runs {
            guard let part = run.adapter.layers[layer][group] else { continue }
            for (b, output) in zip(part.b, outputs) {
                guard let b else { continue }
                let width = b.matrix.columns
                lane.multiply(
                    MatrixView(start: low.pointer + run.rows.lowerBound * lowWidth + b.offset, row: lowWidth),
                    rows: run.rows.count, by: b.matrix, columns: lane.columns(of: width),
                    into: output.pointer + run.rows.lowerBound * width, row: width, accumulate: true)
            }
        }
    }

    /// Rotates, stores keys and values, and attends, for each sequence and key/value head.
    private func attention(_ lane: Lane, _ layer: Int, _ segments: [Segment]) {
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
            scores, width, false, lane.scratch.pointer, lane.scratch.count)
        let scale = 1 / Float(size).squareRoot()
        for row in 0..<rows { ck_softmax(scores + row * width, lengths(row), length, scale) }
        lane.multiply(
            MatrixView(start: scores, row: width), rows: rows, byRowMajor: cache.valueRows(layer: layer, head: head),
            stride: size, depth: length, columns: 0..<size, into: output, row: rowStride)
    }
}
