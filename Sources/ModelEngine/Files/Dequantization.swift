/// Turns stored blocks into floats, exactly: every product of a quantum and a half-precision scale fits a float.
///
/// Layouts (little-endian, one block after another; q low nibbles first):
/// - F32, F16, BF16: one number each.
/// - Q4_0: half d, 16 bytes of nibbles; elements 0…15 are the low, 16…31 the high nibbles; value d·(q − 8).
/// - Q4_1: half d, half m, 16 bytes of nibbles, ordered as in Q4_0; value d·q + m.
/// - Q8_0: half d, 32 signed bytes; value d·q.
///
/// Source: the block formats of ggml.
@unsafe
enum Dequantization {
    /// Decodes all of `source`, a whole number of blocks of a readable type, into the start of `target`.
    static func decode(
        _ type: GGUFType, _ source: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
    ) {
        let blocks = source.count / type.bytesPerBlock
        precondition(target.count >= blocks * type.blockSize, "no room for \(blocks) blocks of \(type)")
        guard let input = source.baseAddress, let output = target.baseAddress else { return }
        switch type {
        case .f32: unsafe decodeF32(input, blocks, output)
        case .f16: unsafe decodeF16(input, blocks, output)
        case .bf16: unsafe decodeBF16(input, blocks, output)
        case .q4_0: unsafe decodeQ4_0(input, blocks, output)
        case .q4_1: unsafe decodeQ4_1(input, blocks, output)
        case .q8_0: unsafe decodeQ8_0(input, blocks, output)
        default: preconditionFailure("\(type) is not a readable type")
        }
    }

    /// The float of a half-precision bit pattern, exactly.
    ///
    /// `Float16` does not exist on Intel Macs, and without F16C each conversion would be a call; this vectorises.
    @inline(__always)
    static func float(half bits: UInt16) -> Float {
        let magnitude = UInt32(bits & 0x7FFF)
        let sign = UInt32(bits & 0x8000) << 16
        // Exponent bias 15 becomes 127. An exponent of all ones (infinity, not a number) stays all ones.
        let bias: UInt32 = magnitude >= 0x7C00 ? (255 - 31) << 23 : (127 - 15) << 23
        let normal = (magnitude << 13) &+ bias
        // Exponent 0: the fraction counts units of 2⁻²⁴.
        let subnormal = (Float(Int32(bitPattern: magnitude)) * 0x1p-24).bitPattern
        return Float(bitPattern: (magnitude < 0x0400 ? subnormal : normal) | sign)
    }

    @inline(__always)
    private static func half(_ input: UnsafeRawPointer, _ offset: Int) -> Float {
        unsafe float(half: UInt16(littleEndian: input.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }

    private static func decodeF32(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        for index in 0..<count {
            let bits = unsafe UInt32(littleEndian: input.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
            unsafe output[index] = Float(bitPattern: bits)
        }
    }

    private static func decodeF16(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        for index in 0..<count { unsafe output[index] = half(input, index * 2) }
    }

    private static func decodeBF16(_ input: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>) {
        for index in 0..<count {
            let bits = unsafe UInt16(littleEndian: input.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
            unsafe output[index] = Float(bitPattern: UInt32(bits) << 16)
        }
    }

    private static func decodeQ4_0(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
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

    private static func decodeQ4_1(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
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

    private static func decodeQ8_0(_ input: UnsafeRawPointer, _ blocks: Int, _ output: UnsafeMutablePointer<Float>) {
        for block in 0..<blocks {
            let scale = unsafe half(input, block * 34)
            let quanta = unsafe (input + block * 34 + 2).assumingMemoryBound(to: Int8.self)
            let target = unsafe output + block * 32
            for index in 0..<32 { unsafe target[index] = Float(Int32(quanta[index])) * scale }
        }
    }
}
