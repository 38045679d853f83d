import Foundation
import Synchronization

extension Array where Element: Sendable {
    /// Maps the elements side by side, on all cores unless told otherwise; the results are in the elements' order.
    ///
    /// What comes out depends on neither the number of cores nor which element is done first: of several errors that of
    /// the first element is thrown.
    ///
    /// - Parameters:
    ///   - width: how many run at a time.
    ///   - body: is called once for each element, on any thread; after an error not for the elements that follow it.
    /// - Throws: What the body throws for the first element, in their order, for which it throws.
    package func concurrentMap<Value: Sendable, Failure: Error>(
        width: Int = ConcurrentMap.width, _ body: @Sendable (Element) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        // Each element locks twice: next to the work on a layer that is nothing.
        let work = Mutex(ConcurrentMap.Work<Value, Failure>(count))
        DispatchQueue.concurrentPerform(iterations: Swift.min(Swift.max(1, width), count)) { _ in
            while let index = work.withLock({ $0.take() }) {
                do throws(Failure) {
                    let value = try body(self[index])
                    work.withLock { $0.values[index] = value }
                } catch {
                    work.withLock { $0.fail(error, at: index) }
                }
            }
        }
        let done = work.withLock { $0 }
        if let error = done.failure?.error { throw error }
        return done.values.compactMap(\.self)
    }
}

/// How layers are shared out to the cores.
package enum ConcurrentMap {
    /// How many elements are worked on at a time.
    package static let width = max(1, ProcessInfo.processInfo.activeProcessorCount)

    fileprivate struct Work<Value: Sendable, Failure: Error>: Sendable {
        private var next = 0
        var values: [Value?]
        var failure: (index: Int, error: Failure)?

        init(_ count: Int) { values = Array(repeating: nil, count: count) }

        // Elements are taken in order, so those before the one that failed are all done or being worked on.
        mutating func take() -> Int? {
            guard failure == nil, next < values.count else { return nil }
            defer { next += 1 }
            return next
        }

        mutating func fail(_ error: Failure, at index: Int) {
            if failure.map({ index < $0.index }) ?? true { failure = (index, error) }
        }
    }
}
