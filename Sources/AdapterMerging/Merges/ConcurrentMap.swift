import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// Maps the elements on all cores; the results are in the elements' order whichever is done first.
    ///
    /// - Throws: What the body throws for the first element, in their order, for which it throws.
    func concurrentMap<Result: Sendable, Failure: Error>(
        _ body: @Sendable (Element) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        // Each iteration locks once: next to the work on a layer that is nothing.
        let results = Mutex([Swift.Result<Result, Failure>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result: Swift.Result<Result, Failure>
            do throws(Failure) { result = .success(try body(self[index])) } catch { result = .failure(error) }
            results.withLock { $0[index] = result }
        }
        var values: [Result] = []
        values.reserveCapacity(count)
        for case let result? in results.withLock({ $0 }) { values.append(try result.get()) }
        return values
    }
}
