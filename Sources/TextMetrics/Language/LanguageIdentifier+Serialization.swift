extension LanguageIdentifier: Equatable, Codable {
    private static let magic: [UInt8] = Array("BRLI".utf8) + [1]

    /// The detector as bytes, the same for the same training text on every platform.
    ///
    /// Layout: `BRLI`, the version 1, then whole numbers as LEB128: the languages (count; each its length and UTF-8),
    /// the alphabet likewise, the n-grams (count; each the distance from the one before), and for each n-gram its count
    /// in each language.
    public func serialized() -> [UInt8] {
        var bytes = Self.magic
        func append(_ value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: rest))
        }
        func append(_ texts: [String]) {
            append(UInt64(texts.count))
            for text in texts {
                append(UInt64(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            }
        }
        append(languages)
        append(alphabet.map(String.init))
        append(UInt64(grams.count))
        var previous: UInt64 = 0
        for gram in grams {
            append(gram - previous)
            previous = gram
        }
        for count in counts { append(UInt64(count)) }
        return bytes
    }

    /// Reads a detector back from its bytes.
    ///
    /// - Throws: `TextMetricsError.badLanguageModel` for anything that `serialized()` does not write.
    public init(serialized bytes: [UInt8]) throws(TextMetricsError) {
        guard bytes.starts(with: Self.magic) else {
            throw TextMetricsError(
                .badLanguageModel, "not a language model of this version; build the benchmark again to train one")
        }
        var reader = Reader(bytes: bytes[Self.magic.count...])
        let languages = try reader.texts()
        let alphabet = try reader.texts()
        let gramCount = try reader.count()
        guard languages.count >= 2, Set(languages).count == languages.count, alphabet.count < Int(UInt16.max),
            alphabet.allSatisfy({ $0.count == 1 }), Set(alphabet).count == alphabet.count
        else { throw Reader.damaged }
        var grams: [UInt64] = []
        var previous: UInt64 = 0
        for _ in 0..<gramCount {
            let (gram, overflow) = previous.addingReportingOverflow(try reader.number())
            guard !overflow, gram > previous else { throw Reader.damaged }
            grams.append(gram)
            previous = gram
        }
        var counts: [UInt32] = []
        for _ in 0..<grams.count * languages.count {
            guard let count = UInt32(exactly: try reader.number()) else { throw Reader.damaged }
            counts.append(count)
        }
        guard reader.bytes.isEmpty else { throw Reader.damaged }
        self.init(languages: languages, alphabet: alphabet.compactMap(\.first), grams: grams, counts: counts)
    }

    /// Sixteen hexadecimal digits that name this detector: FNV-1a over its bytes.
    ///
    /// - Complexity: O(n-grams); take it, and the signature, once and not for every text.
    public var fingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in serialized() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether two detectors were trained on the same text.
    public static func == (left: LanguageIdentifier, right: LanguageIdentifier) -> Bool {
        left.languages == right.languages && left.alphabet == right.alphabet && left.grams == right.grams
            && left.counts == right.counts
    }

    /// Reads the bytes of `serialized()`.
    public init(from decoder: any Decoder) throws {
        try self.init(serialized: decoder.singleValueContainer().decode([UInt8].self))
    }

    /// Writes the bytes of `serialized()`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(serialized())
    }

    /// Takes numbers and texts off the front of the bytes.
    private struct Reader {
        static let damaged = TextMetricsError(
            .badLanguageModel, "the language model is damaged; build the benchmark again to train one")

        var bytes: ArraySlice<UInt8>

        mutating func number() throws(TextMetricsError) -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: 0, to: 64, by: 7) {
                guard let byte = bytes.popFirst() else { throw Self.damaged }
                let part = UInt64(byte & 0x7F)
                guard (part << UInt64(shift)) >> UInt64(shift) == part else { throw Self.damaged }
                value |= part << shift
                if byte < 0x80 { return value }
            }
            throw Self.damaged
        }

        /// A number of things that each take a byte or more, so that no larger number is believed.
        mutating func count() throws(TextMetricsError) -> Int {
            guard let value = Int(exactly: try number()), value <= bytes.count else { throw Self.damaged }
            return value
        }

        mutating func texts() throws(TextMetricsError) -> [String] {
            var texts: [String] = []
            for _ in 0..<(try count()) {
                let length = try count()
                guard let text = String(validating: bytes.prefix(length), as: UTF8.self) else { throw Self.damaged }
                texts.append(text)
                bytes.removeFirst(length)
            }
            return texts
        }
    }
}
