import Foundation
import Synchronization

/// Ctrl-C: the first one asks the work to stop at the next record, the second one ends the program at once.
enum Interrupt {
    private static let asked = Atomic<Bool>(false)

    /// Whether Ctrl-C was pressed (or the program was asked to end).
    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Begins to listen.
    static func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                if Interrupt.asked.exchange(true, ordering: .relaxed) { _exit(128 + number) }
            }
        }
    }
}
