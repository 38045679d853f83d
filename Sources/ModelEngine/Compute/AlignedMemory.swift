import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Raw memory whose bytes hold anything until they are written; freed with the last reference.
final class AlignedMemory: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let bytes: Int

    /// From here on the system is asked for huge pages: model weights are read from end to end in every step, and 4 kB
    /// pages cost a tenth of the time to fill and of the bandwidth to read.
    private static let hugePage = 2 << 20

    init(bytes: Int) {
        self.bytes = bytes
        let isLarge = bytes >= 8 * Self.hugePage
        pointer = .allocate(byteCount: max(bytes, 64), alignment: isLarge ? Self.hugePage : 64)
        #if os(Linux)
            if isLarge { madvise(pointer, bytes, MADV_HUGEPAGE) }
        #endif
    }

    deinit { pointer.deallocate() }

    /// Where the next part of `count` bytes begins behind `offset`, and the end of that part.
    static func place(_ count: Int, after offset: Int) -> (start: Int, end: Int) {
        let start = (offset + 63) / 64 * 64
        return (start, start + count)
    }
}
