import BenchmarkStore
import Mustache

/// Text that is safe inside an HTML element or a quoted attribute, or markup made by this module.
///
/// Templates print these values without escaping again (`{{{name}}}`), and nothing else. swift-mustache's own escaping goes
/// by characters: a `<` or `"` that carries a combining mark is another character to it and slips through. This one goes by
/// Unicode scalars, as HTML parsers do.
package struct HTMLText: Hashable, Sendable, MustacheCustomRenderable {
    /// The markup.
    package let markup: String

    /// Escapes plain text; control characters become visible.
    package init(_ text: String) {
        markup = Self.escape(VisibleText.block(text))
    }

    /// Escapes plain text for an element that holds other text too: right-to-left words are isolated.
    package init(mixed text: String) {
        markup = DirectionText.isolating(
            VisibleText.block(text), open: { $0 += "<bdi>" }, close: { $0 += "</bdi>" }, append: Self.append)
    }

    /// Takes markup that this module has made.
    package init(trusted markup: String) {
        self.markup = markup
    }

    package var renderText: String { markup }

    package var isNull: Bool { markup.isEmpty }

    private static func escape(_ text: String) -> String {
        var result = ""
        result.unicodeScalars.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "&": result += "&amp;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.unicodeScalars.append(scalar)
        }
    }
}
