/// Owned float32 memory, zeroed and aligned to 64 bytes: the one kind of storage that the kernels work on.
///
/// The pointer lives as long as the buffer. Whoever writes through it makes sure that no other thread uses the same
/// elements at that time; the forward and backward passes do so by giving each lane its own rows or columns.
final class FloatBuffer: @unchecked Sendable {
    /// The first element.
    let pointer: UnsafeMutablePointer<Float>
    /// How many elements there are.
    let count: Int

    /// Memory for `count` floats, all 0.
    init(_ count: Int) {
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        pointer.initialize(repeating: 0, count: max(count, 1))
    }

    /// A copy of an array.
    convenience init(_ values: [Float]) {
        self.init(values.count)
        values.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            pointer.update(from: base, count: source.count)
        }
    }

    deinit { pointer.deallocate() }

    /// Sets every element to 0.
    func clear() { pointer.update(repeating: 0, count: count) }

    /// A copy of some elements.
    func values(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the buffer")
        return Array(UnsafeBufferPointer(start: pointer + range.lowerBound, count: range.count))
    }
}
