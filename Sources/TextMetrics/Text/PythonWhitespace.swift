extension Unicode.Scalar {
    /// Whether Python's `str.split()` and `str.rstrip()` treat the scalar as blank.
    ///
    /// The reference scorers are written in Python, whose blanks are Unicode's White_Space and the four information
    /// separators U+001C…U+001F, which Unicode does not count.
    package var isPythonWhitespace: Bool {
        switch value {
        case 0x20, 0x09...0x0D, 0x1C...0x1F: true
        case ..<0x80: false
        default: properties.isWhitespace
        }
    }
}

extension Sequence where Element == Unicode.Scalar {
    /// The runs of scalars between blanks, as Python's `str.split()` gives them.
    package func splitAtPythonWhitespace() -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        for scalar in self {
            if !scalar.isPythonWhitespace {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(word)
                word.removeAll()
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}

extension String {
    /// The string made of these scalars, unchanged.
    package init(scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
