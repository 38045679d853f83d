import SeededRandom

/// Damages bytes at random, here and there with an eye on where the numbers of a format lie.
struct ByteMutator {
    var random: SeededGenerator

    init(_ random: SeededGenerator) { self.random = random }

    /// One change to a file whose numbers lie at the places given; later changes may use the same places.
    mutating func mutate(_ bytes: inout [UInt8], numbers: [Range<Int>]) {
        guard !bytes.isEmpty else { return }
        switch below(12) {
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

    mutating func below(_ bound: Int) -> Int { random.nextIndex(below: bound) }
}
