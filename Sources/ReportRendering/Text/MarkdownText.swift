import BenchmarkStore

/// Plain text as Markdown that no renderer can take for markup.
package enum MarkdownText {
    /// The text in one line, fit for a table cell, heading or paragraph.
    ///
    /// Everything that means something to CommonMark, GitHub's extensions or HTML becomes a numeric entity: pipes so that a
    /// table keeps its columns, `@`, `www.` and the colon of `scheme:` so that no address links itself. Right-to-left words
    /// stand between U+2068 and U+2069, so that a row shows its columns in their order even as plain text.
    package static func inline(_ text: String, limit: Int = 400) -> String {
        var result = ""
        let scalars = Array(DirectionText.marked(VisibleText.line(text, limit: limit)).unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            if always.contains(scalar) || startsLinkOrEmoji(scalars, place) {
                result += "&#\(scalar.value);"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return escapeBlockMarker(result)
    }

    /// The text as a fenced block, its fence longer than any run of backticks inside.
    ///
    /// The lines of a fenced block are never read as markup, whatever they hold.
    package static func fenced(_ text: String) -> String {
        let visible = VisibleText.block(text)
        var longest = 0
        var run = 0
        for scalar in visible.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)text\n\(visible)\n\(fence)"
    }

    private static let always = Set("&<>|`*_[]~\\$@".unicodeScalars)

    /// A colon before anything but a blank (`http://`, `:smile:`), or the point of `www.`.
    private static func startsLinkOrEmoji(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        switch scalars[place] {
        case ":": place + 1 < scalars.count && scalars[place + 1] != " "
        case ".": place >= 3 && scalars[place - 3..<place].allSatisfy { $0 == "w" || $0 == "W" }
        default: false
        }
    }

    /// At the start of a line `#` begins a heading, `- `, `+ ` and `1. ` a list, `---` and `===` a rule or a heading.
    private static func escapeBlockMarker(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        if "#-+=".unicodeScalars.contains(first) {
            return "&#\(first.value);" + String(text.unicodeScalars.dropFirst())
        }
        let digits = text.unicodeScalars.prefix { ("0"..."9").contains($0) }
        let rest = text.unicodeScalars.dropFirst(digits.count)
        guard !digits.isEmpty, let mark = rest.first, mark == "." || mark == ")",
            rest.dropFirst().first.map({ $0 == " " }) ?? true
        else { return text }
        return String(digits) + "&#\(mark.value);" + String(rest.dropFirst())
    }
}
