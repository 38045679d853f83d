/// The alphabet in which byte-level vocabularies are written: one printable character for each of the 256 byte values.
///
/// Bytes that are printable in Latin-1 (21–7E, A1–AC, AE–FF) stand for themselves; the other 68, in ascending order,
/// are U+0100, U+0101, …; so a space is U+0120 "Ġ" and a line feed U+010A "Ċ".
///
/// Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), section 2.2, and its encoder.
enum ByteAlphabet {
    /// The character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt16 = 0x100
        return (0...255).map { (byte: UInt8) in
            if isPrintable(byte) { return Unicode.Scalar(byte) }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? Unicode.Scalar(byte)
        }
    }()

    /// The byte of each character, by the character's value (below 0x144); nil where there is none.
    private static let bytes: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = UInt8(byte) }
        return table
    }()

    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: true
        default: false
        }
    }

    /// The bytes that a text in the alphabet stands for; nil if some character is not of the alphabet.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard scalar.value < bytes.count, let byte = bytes[Int(scalar.value)] else { return nil }
            result.append(byte)
        }
        return result
    }
}
