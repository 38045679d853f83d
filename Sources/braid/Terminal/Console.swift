import BenchmarkStore
import Foundation

/// Where talk goes: standard error, so that standard output holds only results.
///
/// Corpora, models and databases may be anyone's, and what they say stands in talk and in results. Nothing of it steers a
/// terminal: control and direction characters are shown as signs (`VisibleText`). Results that go to a file or another
/// program stay as they are.
struct Console: Sendable {
    /// Whether to say nothing but errors.
    var isQuiet = false

    /// Whether standard error is a terminal that can redraw a line.
    static var canRedraw: Bool {
        isatty(STDERR_FILENO) == 1 && (ProcessInfo.processInfo.environment["TERM"] ?? "dumb") != "dumb"
    }

    /// Columns of the terminal: `COLUMNS`, else what the terminal says, else 80.
    static var width: Int {
        if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns > 0 {
            return columns
        }
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// One line of talk.
    func say(_ line: String) {
        if !isQuiet { Console.write(line + "\n") }
    }

    /// A line of talk that the next one replaces; nothing where a line cannot be redrawn.
    func progress(_ line: String) {
        if !isQuiet, Console.canRedraw { Console.redraw(line) }
    }

    /// Puts a line in the place of the terminal's last one, which is only cleared without any.
    static func redraw(_ line: String = "") {
        let text = "\r\u{1B}[K" + VisibleText.line(line).prefix(width - 1)
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Text to standard error.
    static func write(_ text: String) { FileHandle.standardError.write(Data(VisibleText.block(text).utf8)) }

    /// Results to standard output.
    static func output(_ text: String) {
        let text = isatty(STDOUT_FILENO) == 1 ? VisibleText.block(text) : text
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}

extension Duration {
    /// Whole seconds as people say them: `42 s`, `3 min 05 s`, `1 h 20 min`.
    static func words(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<100: return "\(whole) s"
        case ..<3600:
            let rest = whole % 60
            return "\(whole / 60) min \(rest < 10 ? "0" : "")\(rest) s"
        default: return "\(whole / 3600) h \(whole % 3600 / 60) min"
        }
    }
}
