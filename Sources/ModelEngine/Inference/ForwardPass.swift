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
    struct AdapterRun: Sendable {
        let adapter: PreparedAdapter
        var rows: Range<Int>
    }

    /// Rows that attention works on at a time in a chunk of a prompt: whole tiles of every back end.
    static let attentionRows = 36

    let model: LanguageModel
    private let maximumRows: Int
    private let residual: FloatBuffer
    private let normal: FloatBuffer
    let query: FloatBuffer
    let key: FloatBuffer
    let value: FloatBuffer
    let attended: FloatBuffer
    private let gate: FloatBuffer
    private let up: FloatBuffer
    /// Results that are normalised before they are added, `[T, H]`; empty in families that add them as they are.
    private let branch: FloatBuffer
    /// By `LayerAttention.scheme`.
    let rotary: [RotaryTable]
    /// The input of the present product in 8 bits; nil in float32.
    let quantized: QuantizedRows?
    let low: FloatBuffer
    let lowWidth: Int
    let scores: [FloatBuffer]

    /// Memory for steps of up to `maximumRows` rows and caches of up to `positions`.
    ///
    /// - Parameter adapterWidth: the widest ΣR of the adapters that will be used.
    init(_ model: LanguageModel, maximumRows: Int, positions: Int, adapterWidth: Int) {
        self.model = model
        self.maximumRows = maximumRows
        let c = model.configuration
        residual = FloatBuffer(uninitialized: maximumRows * c.hiddenSize)
        normal = FloatBuffer(uninitialized: maximumRows * c.hiddenSize)
        query = FloatBuffer(uninitialized: maximumRows * c.heads * c.headSize)
        key = FloatBuffer(uninitialized: maximumRows * c.keyValueHeads * c.headSize)
        value = FloatBuffer(uninitialized: maximumRows * c.keyValueHeads * c.headSize)
        attended = FloatBuffer(uninitialized: maximumRows * c.heads * c.headSize)
        gate = FloatBuffer(uninitialized: maximumRows * c.feedForwardSize)
        up = FloatBuffer(uninitialized: maximumRows * c.feedForwardSize)
        branch = FloatBuffer(uninitialized: c.family.hasPostNorms ? maximumRows * c.hiddenSize : 0)
        rotary = model.rotary.covering(positions)
        let widest = Projection.allCases.map { c.shape(of: $0).inputs }.max() ?? 0
        quantized = model.precision == .int8 ? QuantizedRows(rows: maximumRows, widest: widest) : nil
        lowWidth = adapterWidth
        low = FloatBuffer(uninitialized: maximumRows * adapterWidth)
        let group = c.heads / c.keyValueHeads
        let width = (positions + 15) / 16 * 16
        scores = (0..<model.pool.lanes).map { _ in FloatBuffer(uninitialized: max(group, Self.attentionRows) * width) }
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
                attention(lane, layer, segments, rows: rows)
                lane.meet()
                add(lane, layer, 1, weights, runs, rows, from: attended, through: weights.attentionPostNorm)
                if let feedForwardNorm = weights.feedForwardNorm {
                    norm(lane, rows, feedForwardNorm)
                    lane.meet()
                }
                linear(lane, layer, 2, weights, runs, rows, from: normal, into: [gate, up])
                let columns = lane.columns(of: c.feedForwardSize)
                for row in 0..<rows where !columns.isEmpty {
                    let start = row * c.feedForwardSize + columns.lowerBound
                    c.family.activation.multiply(
                        gate.pointer + start, up.pointer + start, into: gate.pointer + start, count: columns.count)
                }
                lane.meet()
                add(lane, layer, 3, weights, runs, rows, from: gate, through: weights.feedForwardPostNorm)
            }
            // Only the rows whose logits are wanted go through the last norm, to the front of `normal`.
            let own = lane.share(of: logitRows.count)
            for index in own {
                model.weights.outputNorm.apply(
                    residual.pointer + logitRows[index] * c.hiddenSize, into: normal.pointer + index * c.hiddenSize)
            }
            quantized?.quantize(normal.pointer, width: c.hiddenSize, rows: own)
            lane.meet()
            lane.multiply(
                MatrixView(start: normal.pointer, row: c.hiddenSize), quantized, rows: logitRows.count,
                by: model.weights.head,
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

    private func norm(_ lane: Lane, _ rows: Int, _ norm: Norm) {
        let size = model.configuration.hiddenSize
        for row in lane.share(of: rows) { norm.apply(residual.pointer + row * size, into: normal.pointer + row * size) }
    }

    /// Adds the result of a group with one projection to the residual stream, through its norm where there is one.
    private func add(
        _ lane: Lane, _ layer: Int, _ group: Int, _ weights: ModelWeights.Layer, _ runs: [AdapterRun], _ rows: Int,
        from input: FloatBuffer, through norm: Norm?
    ) {
        guard let norm else {
            linear(lane, layer, group, weights, runs, rows, from: input, into: [residual], accumulate: true)
            return lane.meet()
        }
        linear(lane, layer, group, weights, runs, rows, from: input, into: [branch])
        lane.meet()
        let size = model.configuration.hiddenSize
        for row in lane.share(of: rows) {
            let result = branch.pointer + row * size
            norm.apply(result, into: result)
            ck_add(result, residual.pointer + row * size, size)
        }
        lane.meet()
    }
}
