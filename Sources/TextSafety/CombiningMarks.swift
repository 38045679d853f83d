extension String {
    /// So many marks, such as accents, may follow one another; Unicode's stream-safe text has at most 30.
    package static let mostMarks = 256

    /// Whether more marks follow one another than any writing has.
    ///
    /// Comparing, hashing and normalising such a text sorts them all, in time that grows as the square of their number: a
    /// line of some megabytes takes hours.
    package var hasEndlessMarks: Bool {
        var text = self
        return text.withUTF8 { bytes in
            var run = 0
            var index = 0
            while index < bytes.count {
                let (scalar, length) = Self.scalar(bytes, index)
                index += length
                guard let scalar, scalar.properties.canonicalCombiningClass != .notReordered else {
                    run = 0
                    continue
                }
                run += 1
                if run > Self.mostMarks { return true }
            }
            return false
        }
    }

    /// The scalar at a place of valid UTF-8, nil for one that is surely no mark; and its length in bytes.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> (Unicode.Scalar?, Int) {
        func rest(_ offset: Int) -> UInt32 { UInt32(bytes[index + offset] & 0x3F) }
        let lead = bytes[index]
        return switch lead {
        case ..<0x80: (nil, 1)
        // There are none before U+0300.
        case ..<0xCC: (nil, 2)
        case ..<0xE0: (Unicode.Scalar(UInt32(lead & 0x1F) << 6 | rest(1)), 2)
        // Nor among Chinese characters and Hangul syllables.
        case 0xE4...0xE9, 0xEB...0xED: (nil, 3)
        case ..<0xF0: (Unicode.Scalar(UInt32(lead & 0x0F) << 12 | rest(1) << 6 | rest(2)), 3)
        default: (Unicode.Scalar(UInt32(lead & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3)), 4)
        }
    }
}
