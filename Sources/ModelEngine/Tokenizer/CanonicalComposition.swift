/// Unicode's normalisation form C, which some tokenizers apply to a text first.
///
/// Written out because Foundation's own differs between platforms (on Linux it leaves Hangul in parts, for one), and because
/// the reference tokenizers have Unicode 9: what came later is neither moved nor composed.
///
/// Source: Unicode Standard, section 3.11 (canonical ordering, composition) and 3.12 (Hangul); Annex #15.
package enum CanonicalComposition {
    // Of the table too.
    private static let unicodeVersion = 9
    // Full decompositions, and what two characters compose into.
    private static let (decompositions, compositions) = tables()
    // Characters that the form may replace, move or compose with what is before them, but for Hangul and marks.
    private static let unsafe: Set<UInt32> = {
        var values = Set(compositions.keys.map { UInt32(truncatingIfNeeded: $0) })
        let composed = Set(compositions.values)
        for value in decompositions.keys where !composed.contains(value) { values.insert(value) }
        return values
    }()

    private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

    private static func tables() -> ([UInt32: [UInt32]], [UInt64: UInt32]) {
        var decompositions: [UInt32: [UInt32]] = [:]
        var compositions: [UInt64: UInt32] = [:]
        for entry in CanonicalDecompositions.table.split(separator: " ") {
            let values = entry.split { $0 == "=" || $0 == ">" || $0 == "+" }.compactMap { UInt32($0, radix: 16) }
            decompositions[values[0]] = Array(values.dropFirst())
            if entry.contains("=") { compositions[key(values[1], values[2])] = values[0] }
        }
        // The first part of a pair may decompose in turn, and so on.
        for (value, parts) in decompositions {
            var parts = parts
            while let further = decompositions[parts[0]] { parts.replaceSubrange(0...0, with: further) }
            decompositions[value] = parts
        }
        return (decompositions, compositions)
    }

    /// The text with every character sequence composed as far as it can be.
    ///
    /// - Precondition: `text` is valid UTF-8.
    package static func apply(to text: [UInt8]) -> [UInt8] {
        // Below U+0300 nothing combines and nothing is replaced; U+0300 is CC 80.
        if text.allSatisfy({ $0 < 0xCC }) { return text }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
        if !scalars.contains(where: mayChange) { return text }
        var values: [UInt32] = []
        for scalar in scalars { appendDecomposition(of: scalar.value, to: &values) }
        order(&values)
        var result = String.UnicodeScalarView()
        result.append(contentsOf: composed(values).compactMap(Unicode.Scalar.init))
        return Array(String(result).utf8)
    }

    private static func mayChange(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x300 { return false }
        return Hangul.vowels.contains(scalar.value) || Hangul.finals.contains(scalar.value)
            || unsafe.contains(scalar.value) || combiningClass(scalar.value) != 0
    }

    private static func combiningClass(_ value: UInt32) -> UInt8 {
        guard value >= 0x300, let properties = Unicode.Scalar(value)?.properties else { return 0 }
        let rank = properties.canonicalCombiningClass.rawValue
        // The age is looked up for marks alone: it takes longer.
        guard rank != 0, let age = properties.age, age.major <= unicodeVersion else { return 0 }
        return rank
    }

    private static func appendDecomposition(of value: UInt32, to values: inout [UInt32]) {
        if let parts = decompositions[value] {
            values += parts
        } else if Hangul.syllables.contains(value) {
            values += Hangul.parts(of: value)
        } else {
            values.append(value)
        }
    }

    /// Sorts each run of marks by combining class, keeping the order of equal ones.
    private static func order(_ values: inout [UInt32]) {
        var start = 0
        while start < values.count {
            guard combiningClass(values[start]) != 0 else {
                start += 1
                continue
            }
            var end = start
            while end < values.count, combiningClass(values[end]) != 0 { end += 1 }
            let marks = values[start..<end].enumerated().sorted {
                (combiningClass($0.element), $0.offset) < (combiningClass($1.element), $1.offset)
            }
            values.replaceSubrange(start..<end, with: marks.map(\.element))
            start = end
        }
    }

    /// Joins each character with the last starter before it, unless one between them is in the way.
    private static func composed(_ values: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var starter: Int?
        for value in values {
            let rank = combiningClass(value)
            if let starter, let last = result.last {
                let isNext = starter == result.count - 1
                let isBlocked = !isNext && (combiningClass(last) == 0 || combiningClass(last) >= rank)
                if !isBlocked, let joined = join(result[starter], value) {
                    result[starter] = joined
                    continue
                }
            }
            if rank == 0 { starter = result.count }
            result.append(value)
        }
        return result
    }

    private static func join(_ first: UInt32, _ second: UInt32) -> UInt32? {
        Hangul.join(first, second) ?? compositions[key(first, second)]
    }
}

/// Syllables of the Korean script and their two or three parts, which Unicode relates by a formula.
private enum Hangul {
    static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
    static let initials: Range<UInt32> = 0x1100..<0x1113
    static let vowels: Range<UInt32> = 0x1161..<0x1176
    // U+11A7 stands for no final, so it is none itself.
    static let finals: Range<UInt32> = 0x11A8..<0x11C3

    static func parts(of syllable: UInt32) -> [UInt32] {
        let index = syllable - syllables.lowerBound
        let parts = [initials.lowerBound + index / 588, vowels.lowerBound + index % 588 / 28]
        return index % 28 == 0 ? parts : parts + [finals.lowerBound - 1 + index % 28]
    }

    static func join(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if initials.contains(first), vowels.contains(second) {
            return syllables.lowerBound + (first - initials.lowerBound) * 588 + (second - vowels.lowerBound) * 28
        }
        guard syllables.contains(first), (first - syllables.lowerBound) % 28 == 0, finals.contains(second) else {
            return nil
        }
        return first + (second - finals.lowerBound + 1)
    }
}
