/// Keys and values of one sequence, for every layer.
///
/// Keys lie in panels of 16 positions, `[layer, head, position / 16, D, 16]`, which is the right-hand side that the
/// scores' product wants; values lie in rows, `[layer, head, position, D]`.
final class KeyValueCache: Sendable {
    /// How many positions fit; a multiple of 16.
    let capacity: Int
    private let keyValueHeads: Int
    private let headSize: Int
    private let keys: FloatBuffer
    private let values: FloatBuffer

    /// Room for at least `positions` tokens.
    init(positions: Int, configuration: ModelConfiguration) {
        capacity = (positions + 15) / 16 * 16
        keyValueHeads = configuration.keyValueHeads
        headSize = configuration.headSize
        let count = configuration.layers * keyValueHeads * capacity * headSize
        keys = FloatBuffer(count)
        values = FloatBuffer(count)
    }

    private func offset(_ layer: Int, _ head: Int) -> Int { (layer * keyValueHeads + head) * capacity * headSize }

    /// The panels of one head's keys.
    func keyPanels(layer: Int, head: Int) -> UnsafeMutablePointer<Float> { keys.pointer + offset(layer, head) }

    /// The rows of one head's values, `[capacity, D]`.
    func valueRows(layer: Int, head: Int) -> UnsafeMutablePointer<Float> { values.pointer + offset(layer, head) }

    /// Stores the key and value of one head at a position.
    func store(
        key: UnsafePointer<Float>, value: UnsafePointer<Float>, layer: Int, head: Int, position: Int
    ) {
        let panel = keyPanels(layer: layer, head: head) + position / 16 * 16 * headSize + position % 16
        let row = valueRows(layer: layer, head: head) + position * headSize
        for i in 0..<headSize {
            panel[i * 16] = key[i]
            row[i] = value[i]
        }
    }
}
