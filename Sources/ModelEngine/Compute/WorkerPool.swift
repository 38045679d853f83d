import Foundation
import Synchronization

/// One of the threads that run a piece of work together: which it is, of how many, and where it meets the others.
struct Lane {
    /// 0 ..< count.
    let index: Int
    /// How many lanes run the work.
    let count: Int
    /// Floats that only this lane uses.
    let scratch: FloatBuffer
    fileprivate let pool: WorkerPool

    /// Returns when every lane has come here; what they wrote before is then visible to all.
    func meet() { pool.meet() }

    /// This lane's share of `total` things, in whole steps of `step`: contiguous, disjoint, together everything.
    func share(of total: Int, step: Int = 1) -> Range<Int> {
        let steps = (total + step - 1) / step
        let low = steps * index / count * step
        let high = steps * (index + 1) / count * step
        return min(low, total)..<min(high, total)
    }
}

/// Threads that run one piece of work together, all the way through, and meet at barriers inside it.
///
/// A decoder step has hundreds of short phases; starting a task for each would cost more than some of them take. So
/// each lane walks through the whole step and spins briefly at each barrier. Between pieces of work the lanes sleep.
final class WorkerPool: Sendable {
    /// How many lanes there are, the caller's included.
    let lanes: Int
    private let scratch: [FloatBuffer]
    private let arrived = Atomic<Int>(0)
    private let phase = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
    private let mailbox = Mailbox()
    /// Held while a piece of work runs, so that callers on several threads take turns.
    private let turn = NSLock()

    /// What the sleeping lanes wait on: the current piece of work, under a lock.
    private final class Mailbox: @unchecked Sendable {
        let condition = NSCondition()
        var work: (@Sendable (Lane) -> Void)?
        var generation = 0
        var closed = false
    }

    /// - Parameter scratchCount: floats of scratch memory for each lane.
    init(lanes: Int, scratchCount: Int) {
        self.lanes = max(1, lanes)
        scratch = (0..<max(1, lanes)).map { _ in FloatBuffer(scratchCount) }
        for index in 1..<max(1, self.lanes) {
            let box = mailbox
            let thread = Thread { [weak self] in
                var seen = 0
                while let work = WorkerPool.nextWork(box, after: &seen) {
                    guard let self else { return }
                    work(Lane(index: index, count: self.lanes, scratch: self.scratch[index], pool: self))
                    self.finished.add(1, ordering: .acquiringAndReleasing)
                }
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit {
        mailbox.condition.lock()
        mailbox.closed = true
        mailbox.condition.broadcast()
        mailbox.condition.unlock()
    }

    private static func nextWork(_ box: Mailbox, after seen: inout Int) -> (@Sendable (Lane) -> Void)? {
        box.condition.lock()
        defer { box.condition.unlock() }
        while box.generation == seen && !box.closed { box.condition.wait() }
        guard !box.closed else { return nil }
        seen = box.generation
        return box.work
    }

    /// Runs `work` on every lane and returns when all are done; callers on several threads take turns.
    ///
    /// - Precondition: `work` does not call `run` itself.
    func run(_ work: @escaping @Sendable (Lane) -> Void) {
        turn.lock()
        defer { turn.unlock() }
        finished.store(0, ordering: .relaxed)
        arrived.store(0, ordering: .relaxed)
        if lanes > 1 {
            mailbox.condition.lock()
            mailbox.work = work
            mailbox.generation += 1
            mailbox.condition.broadcast()
            mailbox.condition.unlock()
        }
        work(Lane(index: 0, count: lanes, scratch: scratch[0], pool: self))
        wait { self.finished.load(ordering: .acquiring) == self.lanes - 1 }
        guard lanes > 1 else { return }
        // The work holds the model, and the model this pool: kept, it would keep all three for ever.
        mailbox.condition.lock()
        mailbox.work = nil
        mailbox.condition.unlock()
    }

    /// The barrier.
    fileprivate func meet() {
        guard lanes > 1 else { return }
        let current = phase.load(ordering: .acquiring)
        if arrived.add(1, ordering: .acquiringAndReleasing).newValue == lanes {
            arrived.store(0, ordering: .relaxed)
            phase.add(1, ordering: .releasing)
        } else {
            wait { self.phase.load(ordering: .acquiring) != current }
        }
    }

    /// Spins for some microseconds, then lets other threads have the core between looks: a machine may be shared.
    private func wait(until done: () -> Bool) {
        var looks = 0
        while !done() {
            looks += 1
            if looks > 4_000 { sched_yield() }
        }
    }
}
