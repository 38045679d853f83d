import Foundation

/// A regular expression for a module's whole path, out of an adapter's configuration.
///
/// The configuration may be anyone's, and an expression such as `(.+)+x` takes for ever on a path that it does not match,
/// so one that takes too long is refused, and so are many that take too long together. Expressions are ICU's, which are near
/// to Python's; of Python's own spellings, that of named groups is understood.
struct ModuleExpression {
    /// Longer expressions are refused.
    private static let longest = 1 << 14
    /// How often ICU may report, every ten thousand steps, that it still compares one path; usual expressions need a hundred
    /// steps. After some thousand reports Foundation would take it that there is no match.
    private static let patience = 100

    private let expression: NSRegularExpression
    private let option: String
    private let time: MatchingTime

    private struct TooLong: Error {}

    /// - Parameters:
    ///   - option: the key of the configuration, for errors.
    ///   - time: what all expressions of the configuration take.
    /// - Throws: where the text is no regular expression, or longer than any is.
    init(_ text: String, option: String, time: MatchingTime) throws {
        guard text.utf8.count <= Self.longest else { throw TooLong() }
        // Groups are asked for by number alone, and ICU's names have no underscores.
        let pattern = text.replacing(#/\(\?P<\w+>/#, with: "(")
        // By itself first: `a)|(b` is none.
        _ = try NSRegularExpression(pattern: pattern)
        expression = try NSRegularExpression(pattern: "\\A(?:\(pattern))\\z")
        self.option = option
        self.time = time
    }

    /// Whether the expression matches the path from its first to its last character.
    ///
    /// - Throws: `MergeError.unsupportedOption` where that takes too long.
    func matches(_ path: String) throws(MergeError) -> Bool { try match(path) != nil }

    /// The text of the last group in a match of the whole path; nil where there is no match, or no such group in it.
    ///
    /// - Throws: as `matches`.
    func lastGroup(in path: String) throws(MergeError) -> String? {
        guard let match = try match(path), match.numberOfRanges > 1,
            let range = Range(match.range(at: match.numberOfRanges - 1), in: path)
        else { return nil }
        return String(path[range])
    }

    private func match(_ path: String) throws(MergeError) -> NSTextCheckingResult? {
        let search = Search()
        let whole = NSRange(path.startIndex..., in: path)
        let begin = ContinuousClock.now
        expression.enumerateMatches(in: path, options: [.reportProgress, .anchored], range: whole) { match, _, stop in
            if search.goesOn(with: match) { return }
            stop.pointee = true
        }
        time.spent += ContinuousClock.now - begin
        guard !search.isTooLong, time.spent < MatchingTime.patience else {
            throw MergeError(
                .unsupportedOption,
                "an expression takes too long to match the module \(path); name the modules instead", key: option)
        }
        return search.match
    }

    /// One search; Foundation calls back on the thread that searches.
    private final class Search: @unchecked Sendable {
        private(set) var match: NSTextCheckingResult?
        private var reports = 0

        var isTooLong: Bool { match == nil && reports > ModuleExpression.patience }

        /// Takes a match, or a report that there is none as yet; false where it is enough.
        func goesOn(with match: NSTextCheckingResult?) -> Bool {
            self.match = match
            reports += 1
            return match == nil && !isTooLong
        }
    }
}

/// How long the expressions of one configuration have taken together.
final class MatchingTime {
    /// Thousands of usual ones take less for a large model's layers.
    static let patience = Duration.seconds(5)

    var spent = Duration.zero
}
