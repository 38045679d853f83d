import Foundation
import TestSupport

/// The rows of docs/errors.md.
struct ErrorTable {
    struct Row {
        let code: String
        /// A message as it may be printed; `…` stands for whatever is left out.
        let example: String
        let cells: [String]

        /// Whether a message is of the example's form.
        func isExample(of message: String) -> Bool {
            var rest = message[...]
            for part in example.split(separator: "…") {
                guard let found = rest.range(of: part) else { return false }
                rest = rest[found.upperBound...]
            }
            return true
        }
    }

    let rows: [Row]

    init() throws {
        let text = try String(contentsOf: Fixtures.url("../../docs/errors.md"), encoding: .utf8)
        rows = text.split(separator: "\n").compactMap { line in
            guard let match = line.wholeMatch(of: #/\| `(\w+\.\w+)` \| (.*) \|/#) else { return nil }
            let cells = match.2.split(separator: " | ").map(String.init)
            // Code spans that hold backticks have two around them, and a blank.
            let example = (cells.first ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            return Row(
                code: String(match.1),
                example: example.trimmingCharacters(in: .whitespaces).replacing("\\|", with: "|"), cells: cells)
        }
    }

    subscript(code: String) -> Row? { rows.first { $0.code == code } }
}
