import Foundation
import ModelEngine
import Synchronization

/// Works on layers side by side and gives the results in order.
package enum Layers {
    /// How many layers are worked on at a time.
    package static let width = max(1, ProcessInfo.processInfo.activeProcessorCount)

    /// The results of a closure for each layer, in the order of the layers.
    ///
    /// What comes out depends on neither the number of cores nor which layer is done first: of several errors that of
    /// the first layer is thrown.
    ///
    /// - Parameters:
    ///   - width: how many run at a time.
    ///   - body: is called once for each layer, on any thread; after an error not for the layers that follow it.
    package static func map<Value: Sendable, Failure: Error>(
        _ sites: [AdapterSite], width: Int = width, _ body: @Sendable (AdapterSite) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        let work = Mutex(Work<Value, Failure>(sites.count))
        DispatchQueue.concurrentPerform(iterations: min(max(1, width), sites.count)) { _ in
            while let index = work.withLock({ $0.take() }) {
                do throws(Failure) {
                    let value = try body(sites[index])
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

    private struct Work<Value: Sendable, Failure: Error>: Sendable {
        private var next = 0
        var values: [Value?]
        var failure: (index: Int, error: Failure)?

        init(_ count: Int) { values = Array(repeating: nil, count: count) }

        // Layers are taken in order, so those before the one that failed are all done or being worked on.
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
