import Foundation

/// Owned float32 memory, aligned to 64 bytes: the one kind of storage that the kernels work on.
///
/// The pointer lives as long as the buffer. Whoever writes through it makes sure that no other thread uses the same
/// elements at that time; the forward and backward passes do so by giving each lane its own rows or columns.
final class FloatBuffer: @unchecked Sendable {
    /// The first element.
    let pointer: UnsafeMutablePointer<Float>
    /// How many elements there are.
    let count: Int
    /// Where the memory lies.
    private let memory: AlignedMemory

    /// Memory for `count` floats, all 0.
    convenience init(_ count: Int) {
        self.init(uninitialized: count)
        pointer.update(repeating: 0, count: count)
    }

    /// Memory for `count` floats that hold anything until they are written.
    convenience init(uninitialized count: Int) {
        self.init(count, of: AlignedMemory(bytes: count * MemoryLayout<Float>.stride), offset: 0)
    }

    /// A part of some memory: `count` floats from `offset` bytes on.
    init(_ count: Int, of memory: AlignedMemory, offset: Int) {
        precondition(
            offset % 64 == 0 && offset + count * MemoryLayout<Float>.stride <= memory.bytes, "outside the memory")
        self.count = count
        self.memory = memory
        pointer = (memory.pointer + offset).bindMemory(to: Float.self, capacity: max(count, 1))
    }

    /// A copy of an array.
    convenience init(_ values: [Float]) {
        self.init(uninitialized: values.count)
        values.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            pointer.update(from: base, count: source.count)
        }
    }

    /// Sets every element to 0.
    func clear() { pointer.update(repeating: 0, count: count) }

    /// A copy of some elements.
    func values(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the buffer")
        return Array(UnsafeBufferPointer(start: pointer + range.lowerBound, count: range.count))
    }
}
