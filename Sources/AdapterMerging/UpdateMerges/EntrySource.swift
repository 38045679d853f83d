import CKernels
import ModelEngine

/// A dense update whose entries can be looked at in their order as often as need be.
protocol EntrySource {
    /// The length of a row.
    var inputs: Int { get }
    /// The number of entries.
    var count: Int { get }
    /// Some entries from all over the update, or none.
    func sample() -> [Float]
    /// Calls the body with all entries, whole rows at a time, which it may change: they are copies.
    func forEachStretch(_ body: (UnsafeMutableBufferPointer<Float>) -> Void)
}

/// An update that is in memory.
struct StoredEntries: EntrySource {
    var entries: [Float]
    let inputs: Int

    var count: Int { entries.count }

    func sample() -> [Float] { [] }

    func forEachStretch(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
        var copy = entries
        copy.withUnsafeMutableBufferPointer { body($0) }
    }
}

/// An update s B A whose rows are made when they are asked for, in the cache: that is quicker than to read them from
/// memory, and each time gives the same bits.
struct FactorRows: EntrySource {
    let inputs: Int
    private let outputs: Int
    private let rank: Int
    /// s B.
    private let left: [Float]
    /// A in panels of 16 columns.
    private let panels: [Float]

    init(_ factors: LoRAFactors) {
        (inputs, outputs, rank) = (factors.inputs, factors.outputs, factors.rank)
        left = factors.b.map { $0 * factors.scaling }
        let count = (factors.inputs + 15) / 16
        panels = [Float](unsafeUninitializedCapacity: count * 16 * factors.rank) { panels, initialized in
            ck_pack_columns(factors.a, factors.inputs, factors.rank, factors.inputs, panels.baseAddress, 0, count)
            initialized = panels.count
        }
    }

    var count: Int { outputs * inputs }

    /// Rows that stay in the second cache while they are made and worked on.
    static func stretch(inputs: Int) -> Int { max(12, 50_000 / max(inputs, 1) / 12 * 12) }

    /// Makes some rows, after one another.
    func write(_ rows: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        left.withUnsafeBufferPointer { left in
            guard let left = left.baseAddress else { return }
            ck_gemm(
                rows.count, inputs, rank, left + rows.lowerBound * rank, rank, 1, panels, 16 * rank, 16, true, target,
                inputs, false)
        }
    }

    /// Panels of 16 neighbours, as many from every row, spread over the columns.
    func sample() -> [Float] {
        let choices = inputs / 16
        guard count >= 1 << 18, choices > 0 else { return [] }
        let each = (8191 + outputs) / outputs
        return [Float](unsafeUninitializedCapacity: outputs * each * 16) { sample, initialized in
            left.withUnsafeBufferPointer { left in
                panels.withUnsafeBufferPointer { panels in
                    guard let sample = sample.baseAddress, let left = left.baseAddress, let panels = panels.baseAddress
                    else { return }
                    for row in 0..<outputs {
                        for turn in 0..<each {
                            // Multiples of the golden ratio, modulo 1, leave no gaps and have no period.
                            let number = row * each + turn
                            let part = UInt64(UInt32(truncatingIfNeeded: number &* 0x9e37_79b9))
                            let choice = Int((part * UInt64(choices)) >> 32)
                            ck_gemm(
                                1, 16, rank, left + row * rank, rank, 1, panels + choice * 16 * rank, 16 * rank, 16,
                                true,
                                sample + number * 16, 16, false)
                        }
                    }
                }
            }
            initialized = sample.count
        }
    }

    func forEachStretch(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
        let step = Self.stretch(inputs: inputs)
        withUnsafeTemporaryAllocation(byteCount: step * inputs * 4, alignment: 64) { room in
            let entries = room.bindMemory(to: Float.self)
            guard let start = entries.baseAddress else { return }
            for first in stride(from: 0, to: outputs, by: step) {
                let rows = first..<min(first + step, outputs)
                write(rows, into: start)
                body(UnsafeMutableBufferPointer(start: start, count: rows.count * inputs))
            }
        }
    }
}
