import Foundation

/// Works on blocks side by side and gives the results in order.
enum ParallelBlocks {
    /// How many blocks are worked on at a time.
    static let width = max(1, ProcessInfo.processInfo.activeProcessorCount)

    static func map<Block: Sendable, Result: Sendable>(
        _ blocks: [Block], _ body: @Sendable (Block) -> Result
    ) -> [Result] {
        guard blocks.count > 1 else { return blocks.map(body) }
        let results = Results<Result>(count: blocks.count)
        DispatchQueue.concurrentPerform(iterations: blocks.count) { results.set(body(blocks[$0]), at: $0) }
        return results.all
    }

    private final class Results<Result: Sendable>: @unchecked Sendable {
        // Guarded by the lock.
        private var values: [Result?]
        private let lock = NSLock()

        init(count: Int) { values = Array(repeating: nil, count: count) }

        func set(_ value: Result, at index: Int) { lock.withLock { values[index] = value } }
        var all: [Result] { lock.withLock { values.compactMap(\.self) } }
    }
}
