extension ChatTemplate {
    /// The system message that a ChatML template holds as a constant.
    ///
    /// Looks for a string literal that begins with `<|im_start|>system`, a line feed (itself or as `\n`), and has its
    /// `<|im_end|>` before the literal ends; where a variable is written instead, the literal ends first.
    static func defaultSystem(in source: String) -> String? {
        let text = Array(source.unicodeScalars)
        let marker = Array("<|im_start|>system".unicodeScalars)
        for start in text.indices.dropFirst() where text[start...].starts(with: marker) {
            let quote = text[start - 1]
            guard quote == "'" || quote == "\"" else { continue }
            guard let literal = literal(text[(start + marker.count)...], quote: quote), literal.first == "\n" else {
                continue
            }
            let end = Array("<|im_end|>".unicodeScalars)
            if let stop = literal.indices.first(where: { literal[$0...].starts(with: end) }) {
                var message = String.UnicodeScalarView()
                message.append(contentsOf: literal[1..<stop])
                return String(message)
            }
        }
        return nil
    }

    /// The characters up to the closing quote with escapes resolved; nil if the quote never closes.
    private static func literal(
        _ text: ArraySlice<Unicode.Scalar>, quote: Unicode.Scalar
    ) -> [Unicode.Scalar]? {
        var result: [Unicode.Scalar] = []
        var isEscaped = false
        for scalar in text {
            if isEscaped {
                result.append(scalar == "n" ? "\n" : scalar == "t" ? "\t" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == quote {
                return result
            } else {
                result.append(scalar)
            }
        }
        return nil
    }
}

extension String {
    /// Whether the bytes of `other` occur; `contains` would compare by canonical equivalence.
    func utf8Contains(_ other: String) -> Bool {
        let pattern = Array(other.utf8)
        let bytes = Array(utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: pattern) }
    }
}
