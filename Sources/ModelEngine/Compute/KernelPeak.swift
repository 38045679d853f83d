import CKernels
import Foundation

extension LanguageModel {
    /// Operations (two for each product) a second that the micro-kernel reaches on panels which stay in the caches, all
    /// threads together: what the engine's speed is measured against.
    ///
    /// The best of several depths and repetitions; takes about a quarter of a second.
    public func measuredPeak() -> Double {
        let best = [128, 256, 384].map { peak(depth: $0) }.max() ?? 0
        return best
    }

    private func peak(depth: Int) -> Double {
        let rows = 48
        let columns = 2 * PackedMatrix.panel
        let rounds = 400
        let memory = AlignedMemory(
            bytes: threads * WeightMatrix.bytes(columns: columns, depth: depth, precision) + 4096)
        let bytes = WeightMatrix.bytes(columns: columns, depth: depth, precision)
        let weights = (0..<threads).map {
            WeightMatrix(
                columns: columns, depth: depth, precision, in: memory,
                at: AlignedMemory.place(0, after: $0 * bytes).start)
        }
        let source = FloatBuffer((0..<columns * depth).map { Float($0 % 13) * 0.01 - 0.06 })
        let input = FloatBuffer((0..<rows * depth).map { Float($0 % 11) * 0.01 - 0.05 })
        let quantized = precision == .int8 ? QuantizedRows(rows: rows, widest: depth) : nil
        quantized?.quantize(input.pointer, width: depth, rows: 0..<rows)
        for matrix in weights { matrix.pack(rows: source.pointer, stride: depth, panels: 0..<2) }
        let outputs = (0..<threads).map { _ in FloatBuffer(rows * columns) }
        var best = 0.0
        for _ in 0..<8 {
            let begin = ContinuousClock.now
            pool.run { lane in
                for _ in 0..<rounds {
                    lane.multiply(
                        MatrixView(start: input.pointer, row: depth), quantized, rows: rows, by: weights[lane.index],
                        columns: 0..<columns, into: outputs[lane.index].pointer, row: columns)
                }
            }
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            best = max(best, Double(2 * rows * columns * depth * rounds * threads) / seconds)
        }
        return best
    }

    /// Operations (two for each product) that a prompt of so many tokens takes, from embeddings to one row of logits.
    public func operations(ofPrompt tokens: Int) -> Double {
        let c = configuration
        let linear = Projection.allCases.reduce(0) { $0 + c.shape(of: $1).inputs * c.shape(of: $1).outputs } * c.layers
        var seen = 0
        for layer in c.attention { for position in 0..<tokens { seen += layer.visible(from: position).count } }
        return 2 * (Double(linear) * Double(tokens) + Double(c.hiddenSize * c.vocabularySize))
            + 4 * Double(seen) * Double(c.heads * c.headSize)
    }
}
