import Foundation

/// Cosines and sines of the rotary position embedding, `[position, D / 2]`.
///
/// Source: Su et al., "RoFormer" (2021), equation 15. The angle is position · base^(−2i/D), both factors rounded to
/// float32 as transformers does, so that long positions agree with it.
struct RotaryTable: Sendable {
    /// Numbers a position: D / 2.
    let half: Int
    private let cosines: FloatBuffer
    private let sines: FloatBuffer

    /// Tables for positions `0 ..< positions`.
    init(positions: Int, headSize: Int, base: Float) {
        half = headSize / 2
        cosines = FloatBuffer(positions * half)
        sines = FloatBuffer(positions * half)
        for i in 0..<half {
            let frequency = Float(1 / pow(Double(base), Double(2 * i) / Double(headSize)))
            for position in 0..<positions {
                let angle = Double(Float(position) * frequency)
                cosines.pointer[position * half + i] = Float(cos(angle))
                sines.pointer[position * half + i] = Float(sin(angle))
            }
        }
    }

    /// The `D / 2` cosines of a position.
    func cosine(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(cosines.pointer + position * half) }
    /// The `D / 2` sines of a position.
    func sine(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(sines.pointer + position * half) }
}
