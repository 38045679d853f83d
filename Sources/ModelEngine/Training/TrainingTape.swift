/// What the forward pass keeps for the backward pass, and the gradients on the way back.
///
/// Shapes have T rows: hidden states `[T, H]`, queries `[T, Q]`, keys and values `[T, K]`, gate and up `[T, F]`.
/// Normalised states, the gate's products, softmax and z are computed again on the way back: cheaper than to keep.
final class TrainingTape: Sendable {
    struct Layer: Sendable {
        /// The residual stream before the block and between its two halves.
        let input: FloatBuffer
        let middle: FloatBuffer
        /// Normalised and rotated.
        let query: FloatBuffer
        let key: FloatBuffer
        /// As the projections gave them; empty in families that do not normalise them.
        let rawQuery: FloatBuffer
        let rawKey: FloatBuffer
        let value: FloatBuffer
        let attended: FloatBuffer
        let gate: FloatBuffer
        let up: FloatBuffer
        /// The results of attention and feed-forward part before their norms, `[T, H]`; empty where there are none.
        let attentionResult: FloatBuffer
        let feedForwardResult: FloatBuffer
    }

    /// T.
    let rows: Int
    let layers: [Layer]
    /// The residual stream after the last block.
    let final: FloatBuffer
    let normal: FloatBuffer
    let activation: FloatBuffer
    let low: FloatBuffer
    let lowGradient: FloatBuffer
    /// Gradients of the residual stream, of a normalised state, and of each kind of activation.
    let dResidual: FloatBuffer
    /// Of a result before its norm; empty where there is none.
    let dResult: FloatBuffer
    let dNormal: FloatBuffer
    let dQuery: FloatBuffer
    let dKey: FloatBuffer
    let dValue: FloatBuffer
    let dAttended: FloatBuffer
    let dActivation: FloatBuffer
    /// Rows of the head at a time: hidden states, logits, gradients of the hidden states.
    static let headRows = 64
    let headHidden: FloatBuffer
    let logits: FloatBuffer
    let dHeadHidden: FloatBuffer
    /// Each lane's memory for attention: keys and values in panels, two tiles of scores.
    struct AttentionScratch: Sendable {
        let keys: FloatBuffer
        let values: FloatBuffer
        let probabilities: FloatBuffer
        let gradients: FloatBuffer
    }
    static let attentionRows = 32
    let attention: [AttentionScratch]

    init(rows: Int, rank: Int, lanes: Int, configuration c: ModelConfiguration) {
        self.rows = rows
        let query = c.heads * c.headSize
        let keyValue = c.keyValueHeads * c.headSize
        let results = c.family.hasPostNorms ? rows * c.hiddenSize : 0
        let keepsRaw = c.family.headNorm != .absent
        layers = (0..<c.layers).map { _ in
            Layer(
                input: FloatBuffer(rows * c.hiddenSize), middle: FloatBuffer(rows * c.hiddenSize),
                query: FloatBuffer(rows * query), key: FloatBuffer(rows * keyValue),
                rawQuery: FloatBuffer(keepsRaw ? rows * query : 0), rawKey: FloatBuffer(keepsRaw ? rows * keyValue : 0),
                value: FloatBuffer(rows * keyValue), attended: FloatBuffer(rows * query),
                gate: FloatBuffer(rows * c.feedForwardSize), up: FloatBuffer(rows * c.feedForwardSize),
                attentionResult: FloatBuffer(results), feedForwardResult: FloatBuffer(results))
        }
        final = FloatBuffer(rows * c.hiddenSize)
        normal = FloatBuffer(rows * c.hiddenSize)
        activation = FloatBuffer(rows * c.feedForwardSize)
        low = FloatBuffer(rows * rank)
        lowGradient = FloatBuffer(rows * rank)
        dResidual = FloatBuffer(rows * c.hiddenSize)
        dResult = FloatBuffer(results)
        dNormal = FloatBuffer(rows * c.hiddenSize)
        dQuery = FloatBuffer(rows * query)
        dKey = FloatBuffer(rows * keyValue)
        dValue = FloatBuffer(rows * keyValue)
        dAttended = FloatBuffer(rows * query)
        dActivation = FloatBuffer(rows * c.feedForwardSize)
        headHidden = FloatBuffer(Self.headRows * c.hiddenSize)
        dHeadHidden = FloatBuffer(Self.headRows * c.hiddenSize)
        logits = FloatBuffer(Self.headRows * c.vocabularySize)
        let padded = (rows + 15) / 16 * 16
        attention = (0..<lanes).map { _ in
            AttentionScratch(
                keys: FloatBuffer(padded * c.headSize), values: FloatBuffer(padded * c.headSize),
                probabilities: FloatBuffer(Self.attentionRows * padded),
                gradients: FloatBuffer(Self.attentionRows * padded))
        }
    }
}
