import Foundation

extension String {
    /// The text without white space at either end.
    var trimmingWhiteSpace: String { trimmingCharacters(in: .whitespacesAndNewlines) }

    /// The text in Unicode normal form C, as all stored text is.
    var precomposed: String { precomposedStringWithCanonicalMapping }
}
