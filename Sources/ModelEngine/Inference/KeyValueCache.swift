/// Keys and values of one sequence, for every layer.
///
/// Keys lie in panels of 16 positions, `[layer, head, position / 16, D, 16]`, which is the right-hand side that the
/// scores' product wants; values lie in rows, `[layer, head, position, D]`.
final class KeyValueCache: Sendable {
    /// How many positions fit; a multiple of 16.
    let capacity: Int
    private let layers: Int
    private let keyValueHeads: Int
    private let headSize: Int
    private let keys: FloatBuffer
    private let values: FloatBuffer

    /// Room for at least `positions` tokens.
    init(positions: Int, configuration: ModelConfiguration) {
        capacity = Self.capacity(positions)
        layers = configuration.layers
        keyValueHeads = configuration.keyValueHeads
        headSize = configuration.headSize
        let count = layers * keyValueHeads * capacity * headSize
        let place = AlignedMemory.place(count * MemoryLayout<Float>.stride, after: 0)
        let behind = AlignedMemory.place(count * MemoryLayout<Float>.stride, after: place.end)
        let memory = AlignedMemory(bytes: behind.end)
        keys = FloatBuffer(count, of: memory, offset: place.start)
        values = FloatBuffer(count, of: memory, offset: behind.start)
    }

    private static func capacity(_ positions: Int) -> Int { (positions + 15) / 16 * 16 }

    /// Bytes that a cache for some positions takes.
    static func bytes(positions: Int, configuration c: ModelConfiguration) -> Int {
        2 * MemoryLayout<Float>.stride * c.layers * c.keyValueHeads * c.headSize * capacity(positions)
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

    /// Takes over the first `positions` tokens of another sequence that begins with the same tokens.
    ///
    /// - Precondition: both caches hold so many positions and belong to models of the same sizes.
    func copyPrefix(_ positions: Int, of other: KeyValueCache) {
        precondition(positions <= capacity && positions <= other.capacity, "the prefix is longer than a cache")
        // Whole panels: what lies behind the prefix in the last one is written before it is read.
        let panels = (positions + 15) / 16 * 16 * headSize
        for layer in 0..<layers {
            for head in 0..<keyValueHeads {
                keyPanels(layer: layer, head: head).update(
                    from: other.keyPanels(layer: layer, head: head), count: panels)
                valueRows(layer: layer, head: head).update(
                    from: other.valueRows(layer: layer, head: head), count: positions * headSize)
            }
        }
    }
}

/// Caches that finished sequences leave behind for the next ones, so that memory is not asked for anew each time.
struct CachePool {
    private let configuration: ModelConfiguration
    private var free: [KeyValueCache] = []

    init(_ configuration: ModelConfiguration) { self.configuration = configuration }

    /// A cache with room for at least `positions` tokens, and not for more than half as many again.
    mutating func take(positions: Int) -> KeyValueCache {
        let fitting = free.indices.filter {
            free[$0].capacity >= positions && free[$0].capacity <= positions * 3 / 2 + 64
        }
        guard let index = fitting.min(by: { free[$0].capacity < free[$1].capacity }) else {
            // What fits nobody now is given back to the system rather than kept beside the new one.
            if !free.isEmpty { free.removeFirst() }
            return KeyValueCache(positions: positions, configuration: configuration)
        }
        return free.remove(at: index)
    }

    mutating func giveBack(_ cache: KeyValueCache) { free.append(cache) }
}
