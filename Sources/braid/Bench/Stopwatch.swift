import Foundation

/// Repeats a piece of work and keeps the median.
struct Stopwatch {
    /// Measured runs, after one that is not counted.
    let repetitions: Int
    /// Processor time of the whole process instead of the time on the wall: for machines that others use as well.
    let usesProcessorTime: Bool

    /// Seconds of the median run.
    func median(_ work: () throws -> Void) rethrows -> Double {
        try work()
        var seconds: [Double] = []
        for _ in 0..<repetitions { seconds.append(try time(work)) }
        seconds.sort()
        return seconds[seconds.count / 2]
    }

    /// Seconds of one run.
    func time(_ work: () throws -> Void) rethrows -> Double {
        if usesProcessorTime {
            let begin = clock()
            try work()
            return Double(clock() - begin) / Double(CLOCKS_PER_SEC)
        }
        let begin = ContinuousClock.now
        try work()
        return (ContinuousClock.now - begin) / .seconds(1)
    }
}
