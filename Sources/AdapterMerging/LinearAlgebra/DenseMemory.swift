import ModelEngine
import Synchronization

/// Memory for dense updates, which one layer after another uses: new pages cost about as much as a product.
package final class DenseMemory: Sendable {
    private let largest: Int
    private let free = Mutex<[AlignedMemory]>([])

    /// - Parameter largest: the most numbers that are asked for.
    init(largest: Int) { self.largest = largest }

    /// Calls the body with room for `count` numbers that hold anything.
    func with<Result: Sendable>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
        precondition(count <= largest, "more memory than was said")
        let memory = free.withLock { $0.popLast() } ?? AlignedMemory(bytes: largest * MemoryLayout<Float>.size)
        defer { free.withLock { $0.append(memory) } }
        return body(memory.pointer.bindMemory(to: Float.self, capacity: largest))
    }
}
