/// Blocks of 32 elements with one scale, and in the `_1` types one minimum, in half precision.
///
/// Nibbles are 16 bytes: elements 0…15 in the low halves, 16…31 in the high halves.
extension Dequantization {
    /// Q4_0, 18 bytes: half d, nibbles q; value d·(q − 8).
    static func decodeQ4_0(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let scale = unsafe half(input, block * 18)
            let quanta = unsafe (input + block * 18 + 2).assumingMemoryBound(to: UInt8.self)
            let target = unsafe output + block * 32
            for index in 0..<16 {
                let byte = unsafe quanta[index]
                unsafe target[index] = Float(Int32(byte & 15) &- 8) * scale
                unsafe target[index + 16] = Float(Int32(byte >> 4) &- 8) * scale
            }
        }
    }

    /// Q4_1, 20 bytes: half d, half m, nibbles q; value d·q + m.
    static func decodeQ4_1(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let scale = unsafe half(input, block * 20)
            let minimum = unsafe half(input, block * 20 + 2)
            let quanta = unsafe (input + block * 20 + 4).assumingMemoryBound(to: UInt8.self)
            let target = unsafe output + block * 32
            for index in 0..<16 {
                let byte = unsafe quanta[index]
                unsafe target[index] = Float(Int32(byte & 15)) * scale + minimum
                unsafe target[index + 16] = Float(Int32(byte >> 4)) * scale + minimum
            }
        }
    }

    /// Q5_0, 22 bytes: half d, 32 high bits (bit i for element i), nibbles; q = nibble + 16·bit, value d·(q − 16).
    static func decodeQ5_0(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let scale = unsafe half(input, block * 22)
            unsafe forEachOfQ5(input + block * 22 + 2) { index, quantum in
                unsafe output[block * 32 + index] = Float(quantum &- 16) * scale
            }
        }
    }

    /// Q5_1, 24 bytes: half d, half m, 32 high bits and nibbles as in Q5_0; value d·q + m.
    static func decodeQ5_1(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let scale = unsafe half(input, block * 24)
            let minimum = unsafe half(input, block * 24 + 2)
            unsafe forEachOfQ5(input + block * 24 + 4) { index, quantum in
                unsafe output[block * 32 + index] = Float(quantum) * scale + minimum
            }
        }
    }

    /// Calls `body` with each index and quantum (0…31) of 32 high bits and 16 bytes of nibbles.
    @inline(__always)
    private static func forEachOfQ5(_ input: UnsafeRawPointer, _ body: (Int, Int32) -> Void) {
        let high = unsafe UInt32(littleEndian: input.loadUnaligned(as: UInt32.self))
        let nibbles = unsafe (input + 4).assumingMemoryBound(to: UInt8.self)
        for index in 0..<16 {
            let byte = unsafe nibbles[index]
            // A mask and a comparison vectorise without AVX2; a shift by the index does not.
            body(index, Int32(byte & 15) | (high & (1 << UInt32(index)) != 0 ? 16 : 0))
        }
        for index in 0..<16 {
            let byte = unsafe nibbles[index]
            body(index + 16, Int32(byte >> 4) | (high & (1 << UInt32(index + 16)) != 0 ? 16 : 0))
        }
    }

    /// Q8_0, 34 bytes: half d, 32 signed bytes q; value d·q.
    static func decodeQ8_0(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let scale = unsafe half(input, block * 34)
            let quanta = unsafe (input + block * 34 + 2).assumingMemoryBound(to: Int8.self)
            let target = unsafe output + block * 32
            for index in 0..<32 { unsafe target[index] = Float(Int32(quanta[index])) * scale }
        }
    }
}
