import SeededRandom

/// Damages the bytes of files at random: anywhere, at the numbers of a binary format, or with the words of a text format.
///
/// The same generator gives the same damage everywhere.
public struct Mutator {
    /// Where all chance comes from.
    public var random: SeededGenerator

    /// A mutator whose damage follows from a generator.
    public init(_ random: SeededGenerator) { self.random = random }

    /// A whole number in `0 ..< bound`.
    public mutating func below(_ bound: Int) -> Int { random.nextIndex(below: bound) }

    /// One of some values, of which there must be one.
    public mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }

    // MARK: Bytes

    /// One change to a file whose numbers lie at the places given; later changes may use the same places.
    public mutating func mutate(_ bytes: inout [UInt8], numbers: [Range<Int>] = []) {
        guard !bytes.isEmpty else { return }
        switch below(numbers.isEmpty ? 9 : 12) {
        case 0: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
        case 1: bytes[below(bytes.count)] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, UInt8(below(256))][below(7)]
        case 2: bytes.removeSubrange(below(bytes.count)...)
        case 3: bytes.removeSubrange(place(numbers, in: bytes)...)
        case 4: bytes.removeSubrange(run(in: bytes))
        case 5: bytes.insert(contentsOf: (0...below(40)).map { _ in UInt8(below(256)) }, at: below(bytes.count))
        case 6: bytes.insert(contentsOf: [UInt8](repeating: 0, count: 1 + below(40)), at: place(numbers, in: bytes))
        case 7: bytes.insert(contentsOf: bytes[run(in: bytes)], at: below(bytes.count))
        case 8:
            let source = run(in: bytes)
            let target = below(bytes.count - source.count + 1)
            bytes.replaceSubrange(target..<target + source.count, with: bytes[source])
        case 9: swapNumbers(&bytes, numbers)
        default: overwriteNumber(&bytes, numbers)
        }
    }

    /// Where bytes look like little-endian numbers of eight bytes, small ones: the counts and lengths of a binary format.
    public static func numbers(in bytes: [UInt8]) -> [Range<Int>] {
        guard bytes.count >= 8 else { return [] }
        return (0...bytes.count - 8).compactMap { start in
            let isSmall = bytes[start] != 0 && bytes[start + 3..<start + 8].allSatisfy { $0 == 0 }
            return isSmall ? start..<start + 8 : nil
        }
    }

    /// Sets a number to a value from the edges of its width, of the file's size, or near what it was.
    private mutating func overwriteNumber(_ bytes: inout [UInt8], _ numbers: [Range<Int>]) {
        guard let place = pick(numbers, in: bytes) else { return }
        let bits = UInt64(place.count * 8)
        let old = place.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64(bytes[$1]) }
        let size = UInt64(bytes.count)
        let values: [UInt64] = [
            0, 1, 2, 5, 13, 31, 32, 33, 0x7F, 0x80, 0xFF, .max, .max - 1, 1 << (bits - 1), (1 << (bits - 1)) - 1,
            1 << (bits / 2), 1 << (bits / 2 - 1), 1 << (bits - 2), size, size - 1, size + 1, size / 2, old &+ 1,
            old &- 1,
            old &* 2, old &+ 32, random.next(), UInt64(below(300)),
        ]
        var value = values[below(values.count)]
        for index in place {
            bytes[index] = UInt8(truncatingIfNeeded: value)
            value >>= 8
        }
    }

    private mutating func swapNumbers(_ bytes: inout [UInt8], _ numbers: [Range<Int>]) {
        guard let first = pick(numbers, in: bytes), let second = pick(numbers, in: bytes), first.count == second.count,
            !first.overlaps(second)
        else { return }
        for (left, right) in zip(first, second) { bytes.swapAt(left, right) }
    }

    private mutating func pick(_ numbers: [Range<Int>], in bytes: [UInt8]) -> Range<Int>? {
        guard !numbers.isEmpty else { return nil }
        let place = numbers[below(numbers.count)]
        return place.upperBound <= bytes.count ? place : nil
    }

    private mutating func place(_ numbers: [Range<Int>], in bytes: [UInt8]) -> Int {
        pick(numbers, in: bytes)?.lowerBound ?? below(bytes.count)
    }

    private mutating func run(in bytes: [UInt8]) -> Range<Int> {
        let start = below(bytes.count)
        return start..<min(bytes.count, start + 1 + below(below(4) == 0 ? 400 : 40))
    }

    // MARK: Texts

    /// Puts a fragment in the place of a few bytes.
    public mutating func splice(_ text: inout [UInt8], _ fragments: [String]) {
        let start = below(text.count + 1)
        let end = min(text.count, start + below(6))
        text.replaceSubrange(start..<end, with: Array(one(of: fragments).utf8))
    }

    /// Puts a fragment right before or behind one of a format's marks, such as a brace or a line feed, or in its place.
    public mutating func splice(_ text: inout [UInt8], _ fragments: [String], atAnyOf marks: String) {
        let bytes = Set(marks.utf8)
        let places = text.indices.filter { bytes.contains(text[$0]) }
        guard !places.isEmpty else { return splice(&text, fragments) }
        let place = one(of: places)
        let range = [place..<place, place..<place + 1, place + 1..<place + 1][below(3)]
        text.replaceSubrange(range, with: Array(one(of: fragments).utf8))
    }

    /// A file with one to a few changes, most of them with the words and marks of its format.
    public mutating func damaged(_ text: [UInt8], fragments: [String], marks: String) -> [UInt8] {
        var text = text
        for _ in 0...below(4) {
            switch below(8) {
            case 0...2: splice(&text, fragments, atAnyOf: marks)
            case 3...5: splice(&text, fragments + Self.oddities)
            default: mutate(&text)
            }
        }
        return text
    }

    /// As `damaged(_:fragments:marks:)`, for a text.
    public mutating func damaged(_ text: String, fragments: [String], marks: String) -> [UInt8] {
        damaged(Array(text.utf8), fragments: fragments, marks: marks)
    }

    /// Characters that no format likes, or that mean something to a terminal, a page or a file system.
    public static let oddities = [
        "\u{0}", "\u{1B}[2J", "\u{9B}31m", "\r", "\n", "\r\n", "\u{2028}", "\u{85}", "\u{FEFF}", "\u{202E}", "\u{200D}",
        "e\u{301}\u{301}", "👩‍👩‍👧", "\u{10FFFF}", "../../x", "<script>", "=1+1", String(repeating: "x", count: 3_000), "",
    ]

    /// Brackets one in another, from a few to far more than any reader follows.
    public mutating func nest(_ open: String, _ close: String, around middle: String = "") -> String {
        let depth = one(of: [1, 2, 20, 63, 64, 65, 300, 5_000])
        return String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
    }

    /// A number as text: from the edges of what numbers can be, or none at all.
    public mutating func number() -> String {
        one(of: [
            "0", "1", "-1", "-0", "01", "1e3", "1.5", "", "null", "true", "\"4\"", "[1]", "{}", "1e999", "-1e-999",
            "NaN",
            "4611686018427387904", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
            "18446744073709551616", String(repeating: "9", count: 400), "0x10", "1:60:60:60:60:60:60:60:60:60:60:60:60",
            "\(below(200))",
        ])
    }
}
