/// Blocks of 256 elements whose groups of 16 or 32 have scales of their own, which half-precision numbers scale again.
///
/// In Q2_K, Q3_K and Q6_K group g covers elements 16g…16g + 15, in Q4_K and Q5_K elements 32g…32g + 31.
extension Dequantization {
    /// Q2_K, 84 bytes: 16 bytes (low nibble scale s, high nibble minimum m of group g), 64 bytes of pairs of bits q, half
    /// d, half dmin; value (d·s)·q − dmin·m.
    ///
    /// Bits 2j, 2j + 1 of byte 32h + l belong to element 128h + 32j + l.
    static func decodeQ2_K(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let start = unsafe (input + block * 84).assumingMemoryBound(to: UInt8.self)
            let scale = unsafe half(input, block * 84 + 80)
            let minimum = unsafe half(input, block * 84 + 82)
            for group in 0..<16 {
                let packed = unsafe start[group]
                let (d, m) = (scale * Float(packed & 15), minimum * Float(packed >> 4))
                let quanta = unsafe start + 16 + pairByte(group)
                let shift = pairShift(group)
                let target = unsafe output + block * 256 + group * 16
                for index in 0..<16 {
                    let quantum = unsafe Int32(quanta[index] &>> shift & 3)
                    unsafe target[index] = d * Float(quantum) - m
                }
            }
        }
    }

    /// Q3_K, 110 bytes: 32 bytes of high bits, 64 bytes of pairs of bits as in Q2_K, 12 bytes of scales, half d; value
    /// (d·(s − 32))·(q − 4) with q = pair + 4·high bit.
    ///
    /// Bit k of high byte l belongs to element 32k + l. The low four bits of the 6-bit scale s of group g are the low (g <
    /// 8) or high nibble of scale byte g mod 8, the upper two are bits 2⌊g/4⌋, 2⌊g/4⌋ + 1 of scale byte 8 + g mod 4.
    static func decodeQ3_K(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let start = unsafe (input + block * 110).assumingMemoryBound(to: UInt8.self)
            let scale = unsafe half(input, block * 110 + 108)
            for group in 0..<16 {
                let low = unsafe start[96 + group % 8] >> (group < 8 ? 0 : 4) & 15
                let upper = unsafe start[104 + group % 4] >> UInt8(group / 4 * 2) & 3
                let d = scale * Float(Int32(low | upper << 4) &- 32)
                let quanta = unsafe start + 32 + pairByte(group)
                let shift = pairShift(group)
                let high = unsafe start + group % 2 * 16
                let mask = UInt8(1) &<< UInt8(group / 2)
                let target = unsafe output + block * 256 + group * 16
                for index in 0..<16 {
                    let pair = unsafe Int32(quanta[index] &>> shift & 3)
                    let offset: Int32 = unsafe high[index] & mask == 0 ? 4 : 0
                    unsafe target[index] = d * Float(pair &- offset)
                }
            }
        }
    }

    /// Q4_K, 144 bytes: half d, half dmin, 12 bytes of scales s and minima m, 128 bytes of nibbles q; value
    /// (d·s)·q − dmin·m.
    ///
    /// Byte 32k + l holds element 64k + l in its low and element 64k + 32 + l in its high nibble.
    static func decodeQ4_K(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let start = unsafe (input + block * 144).assumingMemoryBound(to: UInt8.self)
            let scale = unsafe half(input, block * 144)
            let minimum = unsafe half(input, block * 144 + 2)
            for group in 0..<8 {
                let packed = unsafe scaleAndMinimum(start + 4, group)
                let (d, m) = (scale * Float(packed.scale), minimum * Float(packed.minimum))
                let quanta = unsafe start + 16 + group / 2 * 32
                let shift: UInt8 = group % 2 == 0 ? 0 : 4
                let target = unsafe output + block * 256 + group * 32
                for index in 0..<32 {
                    let quantum = unsafe Int32(quanta[index] &>> shift & 15)
                    unsafe target[index] = d * Float(quantum) - m
                }
            }
        }
    }

    /// Q5_K, 176 bytes: half d, half dmin, 12 bytes of scales and minima as in Q4_K, 32 bytes of high bits, 128 bytes of
    /// nibbles as in Q4_K; value (d·s)·q − dmin·m with q = nibble + 16·high bit.
    ///
    /// Bit k of high byte l belongs to element 32k + l.
    static func decodeQ5_K(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let start = unsafe (input + block * 176).assumingMemoryBound(to: UInt8.self)
            let scale = unsafe half(input, block * 176)
            let minimum = unsafe half(input, block * 176 + 2)
            for group in 0..<8 {
                let packed = unsafe scaleAndMinimum(start + 4, group)
                let (d, m) = (scale * Float(packed.scale), minimum * Float(packed.minimum))
                let high = unsafe start + 16
                let mask = UInt8(1) &<< UInt8(group)
                let quanta = unsafe start + 48 + group / 2 * 32
                let shift: UInt8 = group % 2 == 0 ? 0 : 4
                let target = unsafe output + block * 256 + group * 32
                for index in 0..<32 {
                    let bit: UInt8 = unsafe high[index] & mask == 0 ? 0 : 16
                    let quantum = unsafe Int32(quanta[index] &>> shift & 15 | bit)
                    unsafe target[index] = d * Float(quantum) - m
                }
            }
        }
    }

    /// Q6_K, 210 bytes: 128 bytes of nibbles, 64 bytes of pairs of bits, 16 signed bytes of scales s, half d; value
    /// (d·s)·(q − 32) with q = nibble + 16·pair.
    ///
    /// Pairs lie as in Q2_K. Nibble byte 64h + l holds element 128h + l in its low and 128h + 64 + l in its high nibble.
    static func decodeQ6_K(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let start = unsafe (input + block * 210).assumingMemoryBound(to: UInt8.self)
            let scale = unsafe half(input, block * 210 + 208)
            for group in 0..<16 {
                let d = unsafe scale * Float(Int8(bitPattern: start[192 + group]))
                let nibbles = unsafe start + group / 8 * 64 + group % 4 * 16
                let nibbleShift: UInt8 = group % 8 < 4 ? 0 : 4
                let pairs = unsafe start + 128 + pairByte(group)
                let shift = pairShift(group)
                let target = unsafe output + block * 256 + group * 16
                for index in 0..<16 {
                    let nibble = unsafe nibbles[index] &>> nibbleShift & 15
                    let pair = unsafe pairs[index] &>> shift & 3
                    unsafe target[index] = d * Float(Int32(nibble | pair << 4) &- 32)
                }
            }
        }
    }

    /// The first byte of the pairs of bits of a group of 16: elements 128h + 32j + l lie in byte 32h + l.
    @inline(__always)
    private static func pairByte(_ group: Int) -> Int { group / 8 * 32 + group % 2 * 16 }

    /// Where in its byte the pair of bits of a group of 16 lies.
    @inline(__always)
    private static func pairShift(_ group: Int) -> UInt8 { UInt8(group % 8 / 2 * 2) }

    /// The 6-bit scale and minimum of a group of 32, from the 12 bytes of Q4_K and Q5_K.
    ///
    /// Groups 0…3: the low six bits of bytes g and 4 + g. Groups 4…7: low and high nibble of byte 4 + g, and as the upper
    /// two bits those of bytes g − 4 and g.
    @inline(__always)
    private static func scaleAndMinimum(
        _ bytes: UnsafePointer<UInt8>, _ group: Int
    ) -> (scale: UInt8, minimum: UInt8) {
        if group < 4 { return unsafe (bytes[group] & 63, bytes[4 + group] & 63) }
        let nibbles = unsafe bytes[4 + group]
        return unsafe (nibbles & 15 | (bytes[group - 4] >> 6) << 4, nibbles >> 4 | (bytes[group] >> 6) << 4)
    }
}
