import CKernels
import Synchronization

/// Forward and backward through the model for packed sequences, with gradients for the adapter's trained factors.
///
/// The same arithmetic as `ForwardPass`, on whole sequences; written by hand after the derivatives of each step. Sums
/// run in an order that does not depend on the number of lanes.
final class TrainingPass: @unchecked Sendable {
    let model: LanguageModel
    let weights: TransposedWeights
    /// `[layer][group]`, groups as in `PreparedAdapter.groups`.
    let groups: [[TrainableGroup?]]
    let rank: Int
    private let objective: TrainingObjective
    private(set) var tape: TrainingTape
    /// By `LayerAttention.scheme`, for as many positions as the tape has rows.
    private(set) var rotary: [RotaryTable]
    /// Loss of each target of the batch, in nats.
    private var losses: UnsafeMutablePointer<Double>
    private var lossCapacity = 1

    init(_ model: LanguageModel, _ weights: TransposedWeights, adapter: TrainableAdapter, options: TrainingOptions) {
        self.model = model
        self.weights = weights
        groups = (0..<model.configuration.layers).map { layer in
            PreparedAdapter.groups.map {
                TrainableGroup(layer: layer, projections: $0, adapter: adapter, configuration: model.configuration)
            }
        }
        rank = groups.joined().compactMap { $0?.rank }.max() ?? 0
        objective = options.objective
        let rows = options.maximumRows
        tape = TrainingTape(rows: rows, rank: rank, lanes: model.pool.lanes, configuration: model.configuration)
        rotary = model.rotary.covering(rows)
        losses = .allocate(capacity: 1)
        packAdapter()
    }

    deinit { losses.deallocate() }

    /// Packs A, B and the biases after a change.
    func packAdapter() {
        let all = groups.joined().compactMap { $0 }
        model.pool.run { lane in
            for index in stride(from: lane.index, to: all.count, by: lane.count) { all[index].pack() }
        }
    }

    /// The gradients of what is folded into B; after the last pass of an update.
    func unfoldGradients() {
        let folded = groups.joined().compactMap { $0 }.filter { $0.parts.contains { $0.folded != nil } }
        guard !folded.isEmpty else { return }
        model.pool.run { lane in
            for index in stride(from: lane.index, to: folded.count, by: lane.count) { folded[index].unfoldGradients() }
        }
    }

    /// Sets all gradients to 0.
    func clearGradients() { for group in groups.joined() { group?.clearGradients() } }

    /// Sum of the losses of the batch's answer tokens; adds their gradients, times `scale`, unless `scale` is nil.
    func run(_ batch: PackedBatch, gradientScale scale: Float?) -> Double {
        if batch.tokens.count > tape.rows {
            tape = TrainingTape(
                rows: batch.tokens.count, rank: rank, lanes: model.pool.lanes, configuration: model.configuration)
            rotary = model.rotary.covering(batch.tokens.count)
        }
        if batch.targets.count > lossCapacity {
            losses.deallocate()
            lossCapacity = batch.targets.count
            losses = .allocate(capacity: lossCapacity)
        }
        model.pool.run { [self] lane in
            forward(lane, batch)
            head(lane, batch, scale)
            if scale != nil { backward(lane, batch) }
        }
        return (0..<batch.targets.count).reduce(0) { $0 + losses[$1] }
    }

    // MARK: Forward

    private func forward(_ lane: Lane, _ batch: PackedBatch) {
        let c = model.configuration
        let rows = batch.tokens.count
        let size = c.hiddenSize
        for row in lane.share(of: rows) {
            model.embed(batch.tokens[row], into: tape.layers[0].input.pointer + row * size)
        }
        for layer in 0..<c.layers {
            let kept = tape.layers[layer]
            let base = model.weights.layers[layer]
            let next = layer + 1 < c.layers ? tape.layers[layer + 1].input : tape.final
            norm(lane, rows, kept.input, base.attentionNorm)
            copy(lane, rows, kept.input, into: kept.middle)
            lane.meet()
            linear(lane, layer, 0, rows, from: tape.normal, into: [kept.query, kept.key, kept.value])
            lane.meet()
            attentionForward(lane, layer, batch)
            lane.meet()
            add(
                lane, layer, 1, rows, from: kept.attended, kept.attentionResult, base.attentionPostNorm, to: kept.middle
            )
            if let feedForwardNorm = base.feedForwardNorm { norm(lane, rows, kept.middle, feedForwardNorm) }
            copy(lane, rows, kept.middle, into: next)
            lane.meet()
            linear(lane, layer, 2, rows, from: tape.normal, into: [kept.gate, kept.up])
            activate(lane, rows, kept)
            lane.meet()
            add(lane, layer, 3, rows, from: tape.activation, kept.feedForwardResult, base.feedForwardPostNorm, to: next)
        }
    }

    /// `normal` = norm(source) for this lane's rows.
    func norm(_ lane: Lane, _ rows: Int, _ source: FloatBuffer, _ norm: Norm) {
        let size = model.configuration.hiddenSize
        for row in lane.share(of: rows) {
            norm.apply(source.pointer + row * size, into: tape.normal.pointer + row * size)
        }
    }

    private func copy(_ lane: Lane, _ rows: Int, _ source: FloatBuffer, into target: FloatBuffer) {
        let size = model.configuration.hiddenSize
        let own = lane.share(of: rows)
        (target.pointer + own.lowerBound * size).update(
            from: source.pointer + own.lowerBound * size, count: own.count * size)
    }

    /// Adds the result of a group with one projection to `target`, through its norm where there is one.
    private func add(
        _ lane: Lane, _ layer: Int, _ number: Int, _ rows: Int, from input: FloatBuffer, _ result: FloatBuffer,
        _ norm: Norm?, to target: FloatBuffer
    ) {
        guard let norm else {
            linear(lane, layer, number, rows, from: input, into: [target], accumulate: true)
            return lane.meet()
        }
        linear(lane, layer, number, rows, from: input, into: [result])
        lane.meet()
        let size = model.configuration.hiddenSize
        for row in lane.share(of: rows) {
            norm.apply(result.pointer + row * size, into: lane.scratch.pointer)
            ck_add(lane.scratch.pointer, target.pointer + row * size, size)
        }
        lane.meet()
    }

    /// `activation` = f(gate)·up for this lane's columns.
    func activate(_ lane: Lane, _ rows: Int, _ kept: TrainingTape.Layer) {
        let width = model.configuration.feedForwardSize
        let columns = lane.columns(of: width)
        for row in 0..<rows where !columns.isEmpty {
            let start = row * width + columns.lowerBound
            model.configuration.family.activation.multiply(
                kept.gate.pointer + start, kept.up.pointer + start, into: tape.activation.pointer + start,
                count: columns.count)
        }
    }

    private func linear(
        _ lane: Lane, _ layer: Int, _ number: Int, _ rows: Int, from input: FloatBuffer, into outputs: [FloatBuffer],
        accumulate: Bool = false
    ) {
        let projections = PreparedAdapter.groups[number]
        let inputs = model.configuration.shape(of: projections[0]).inputs
        let group = groups[layer][number]
        if let group { lowRank(lane, group, rows, input) }
        for (projection, output) in zip(projections, outputs) {
            let matrix = model.weights.layers[layer].projections[projection.index]
            lane.multiply(
                MatrixView(start: input.pointer, row: inputs), nil, rows: rows, by: matrix,
                columns: lane.columns(of: matrix.columns), into: output.pointer, row: matrix.columns,
                accumulate: accumulate)
            lane.add(model.weights.layers[layer].biases[projection.index], to: output, rows: 0..<rows)
        }
        guard let group else { return }
        lane.meet()
        for (part, output) in zip(group.outputs, outputs) {
            if !part.rows.isEmpty {
                lane.multiply(
                    MatrixView(start: tape.low.pointer + part.rows.lowerBound, row: rank), rows: rows, by: part.forward,
                    columns: lane.columns(of: part.outputs), into: output.pointer, row: part.outputs, accumulate: true)
            }
            lane.add(part.bias, to: output, rows: 0..<rows)
        }
    }

    /// z = S A x for this lane's rows.
    func lowRank(_ lane: Lane, _ group: TrainableGroup, _ rows: Int, _ input: FloatBuffer) {
        let own = lane.share(of: rows)
        lane.multiply(
            MatrixView(start: input.pointer + own.lowerBound * group.inputs, row: group.inputs), rows: own.count,
            by: group.forward, columns: 0..<group.rank, into: tape.low.pointer + own.lowerBound * rank, row: rank)
    }

    // MARK: Loss

    /// Loss of every target, and its gradient at the residual stream's end.
    private func head(_ lane: Lane, _ batch: PackedBatch, _ scale: Float?) {
        let c = model.configuration
        let size = c.hiddenSize
        if scale != nil {
            for row in lane.share(of: batch.tokens.count) {
                (tape.dResidual.pointer + row * size).update(repeating: 0, count: size)
            }
        }
        for top in stride(from: 0, to: batch.targets.count, by: TrainingTape.headRows) {
            let targets = batch.targets[top..<min(top + TrainingTape.headRows, batch.targets.count)]
            let own = lane.share(of: targets.count)
            for index in own {
                model.weights.outputNorm.apply(
                    tape.final.pointer + targets[top + index].row * size, into: tape.headHidden.pointer + index * size)
            }
            lane.meet()
            lane.multiply(
                MatrixView(start: tape.headHidden.pointer, row: size), nil, rows: targets.count, by: model.weights.head,
                columns: lane.columns(of: c.vocabularySize), into: tape.logits.pointer, row: c.vocabularySize)
            lane.meet()
            for index in own {
                let logits = tape.logits.pointer + index * c.vocabularySize
                let target = Int(targets[top + index].token)
                let logSum = ck_log_sum_exp(logits, c.vocabularySize)
                switch objective {
                case .crossEntropy:
                    losses[top + index] = Double(logSum) - Double(logits[target])
                    if let scale { ck_cross_entropy_backward(logits, c.vocabularySize, target, logSum, scale) }
                case .entropy:
                    let entropy = ck_entropy(logits, c.vocabularySize, logSum)
                    losses[top + index] = Double(entropy)
                    if let scale { ck_entropy_backward(logits, c.vocabularySize, logSum, entropy, scale) }
                }
            }
            lane.meet()
            guard scale != nil else { continue }
            headBackward(lane, rows: targets.count)
            lane.meet()
            for index in own {
                let row = targets[top + index].row
                model.weights.outputNorm.addGradient(
                    tape.final.pointer + row * size, tape.dHeadHidden.pointer + index * size,
                    to: tape.dResidual.pointer + row * size)
            }
            lane.meet()
        }
    }

    /// dHidden = dLogits·E, over the vocabulary in blocks so that the block of logits stays in the cache.
    private func headBackward(_ lane: Lane, rows: Int) {
        let vocabulary = model.configuration.vocabularySize
        let size = model.configuration.hiddenSize
        let columns = lane.columns(of: size)
        guard !columns.isEmpty else { return }
        let panels =
            weights.head.panels.pointer + columns.lowerBound / PackedMatrix.panel * PackedMatrix.panel * vocabulary
        for first in stride(from: 0, to: vocabulary, by: 2048) {
            ck_gemm(
                rows, columns.count, min(2048, vocabulary - first), tape.logits.pointer + first, vocabulary, 1,
                panels + first * PackedMatrix.panel, PackedMatrix.panel * vocabulary, PackedMatrix.panel, true,
                tape.dHeadHidden.pointer + columns.lowerBound, size, first > 0)
        }
    }
}
