import Foundation
import Synchronization

/// How positions turn into angles in some of a model's layers.
///
/// The angle of pair i at a position is position · base^(−2i/R) / scale / factors[i], with R rotated elements. Each
/// factor is rounded to float32 as transformers does, so that long positions agree with it.
///
/// Source: Su et al., "RoFormer" (2021), equation 15; the linear scale: Chen et al., "Extending Context Window of Large
/// Language Models via Positional Interpolation" (2023), equation 4.
struct RotaryScheme: Sendable, Equatable {
    var base: Float
    /// Positions are divided by it.
    var scale: Float = 1
    /// Llama 3's factors, `[R / 2]`; empty where there are none.
    var factors: [Float] = []

    /// The R / 2 angles of position 1.
    func frequencies(rotated: Int) -> [Float] {
        (0..<rotated / 2).map { i in
            let frequency = Float(1 / pow(Double(base), Double(2 * i) / Double(rotated))) / scale
            return factors.isEmpty ? frequency : frequency / factors[i]
        }
    }
}

/// Cosines and sines of one scheme, `[position, R / 2]`.
struct RotaryTable: Sendable {
    /// Numbers a position: R / 2.
    let half: Int
    private let cosines: FloatBuffer
    private let sines: FloatBuffer

    /// Tables for positions `0 ..< positions`.
    init(_ scheme: RotaryScheme, positions: Int, rotated: Int) {
        half = rotated / 2
        cosines = FloatBuffer(positions * half)
        sines = FloatBuffer(positions * half)
        for (i, frequency) in scheme.frequencies(rotated: rotated).enumerated() {
            for position in 0..<positions {
                let angle = Double(Float(position) * frequency)
                cosines.pointer[position * half + i] = Float(cos(angle))
                sines.pointer[position * half + i] = Float(sin(angle))
            }
        }
    }

    /// The R / 2 cosines of a position.
    func cosine(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(cosines.pointer + position * half) }
    /// The R / 2 sines of a position.
    func sine(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(sines.pointer + position * half) }
}

/// A model's rotary tables, made for as many positions as were ever asked for.
final class RotaryTables: Sendable {
    private let schemes: [RotaryScheme]
    private let rotated: Int
    private let made = Mutex<(positions: Int, tables: [RotaryTable])>((0, []))

    init(_ configuration: ModelConfiguration) {
        schemes = configuration.rotarySchemes
        rotated = configuration.rotarySize
    }

    /// Tables by `LayerAttention.scheme` that cover at least `positions`; longer ones replace the kept ones.
    func covering(_ positions: Int) -> [RotaryTable] {
        made.withLock { kept in
            if kept.positions < positions {
                // Twice as many as before, so that growing by steps stays cheap.
                let count = max(positions, 2 * kept.positions)
                kept = (count, schemes.map { RotaryTable($0, positions: count, rotated: rotated) })
            }
            return kept.tables
        }
    }
}
