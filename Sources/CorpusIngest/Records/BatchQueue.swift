import Foundation

/// A queue of a few batches between the thread that reads a source and the one that stores it.
///
/// The reader waits while the queue is full, so memory does not grow when storing is slower. Either side can end it.
final class BatchQueue: @unchecked Sendable {
    // All state is behind `condition`.
    private let condition = NSCondition()
    private var batches: [RecordBatch] = []
    private var failure: (any Error)?
    private var isFinished = false
    private var isCancelled = false

    /// How many batches may wait.
    private let capacity: Int

    init(capacity: Int = 8) { self.capacity = capacity }

    /// Adds a batch; waits for room.
    ///
    /// - Throws: `CancellationError` after `cancel()`.
    func push(_ batch: RecordBatch) throws {
        condition.lock()
        defer { condition.unlock() }
        while batches.count >= capacity, !isCancelled { condition.wait() }
        if isCancelled { throw CancellationError() }
        batches.append(batch)
        condition.broadcast()
    }

    /// Says that no batch follows, for the error that stopped reading, if one did.
    func finish(_ error: (any Error)? = nil) {
        condition.lock()
        isFinished = true
        failure = error
        condition.broadcast()
        condition.unlock()
    }

    /// The next batch; nil after the last.
    ///
    /// - Throws: the error that reading ended with, after all batches before it.
    func next() throws -> RecordBatch? {
        condition.lock()
        defer { condition.unlock() }
        while batches.isEmpty, !isFinished { condition.wait() }
        if let first = batches.first {
            batches.removeFirst()
            condition.broadcast()
            return first
        }
        if let failure { throw failure }
        return nil
    }

    /// Lets the reader stop at its next batch.
    func cancel() {
        condition.lock()
        isCancelled = true
        batches = []
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until the reader has stopped.
    func waitForEnd() {
        condition.lock()
        while !isFinished { condition.wait() }
        condition.unlock()
    }
}
