import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first one asks the work to stop at the next record, the second one ends the program at once.
///
/// Some steps take longer than anyone wants to wait, such as an update over long texts. Where the work has not stopped
/// by itself in time, the program ends all the same: everything that is finished is stored, and what is not yet is
/// written aside, so there is nothing that an end at any moment could harm.
enum Interrupt {
    private static let asked = Atomic<Bool>(false)
    private static let sources = Mutex<[any DispatchSourceSignal]>([])
    /// How long the work has to stop by itself.
    private static let patience = DispatchTimeInterval.milliseconds(1_500)

    /// Whether Ctrl-C was pressed (or the program was asked to end).
    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Begins to listen.
    ///
    /// - Parameter advice: what to say when the work did not stop by itself in time.
    static func listen(_ advice: String = "run the same command to go on") {
        sources.withLock { sources in
            guard sources.isEmpty else { return }
            let queue = DispatchQueue(label: "braid.interrupt", qos: .userInteractive)
            for number in [SIGINT, SIGTERM] {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler {
                    if asked.exchange(true, ordering: .relaxed) { _exit(128 + number) }
                    queue.asyncAfter(deadline: .now() + patience) {
                        Console.write("\nstopped; \(advice)\n")
                        _exit(130)
                    }
                }
                source.resume()
                sources.append(source)
            }
        }
    }
}
