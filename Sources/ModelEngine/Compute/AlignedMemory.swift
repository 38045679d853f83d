import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Raw memory whose bytes hold anything until they are written; freed with the last reference.
package final class AlignedMemory: @unchecked Sendable {
    package let pointer: UnsafeMutableRawPointer
    let bytes: Int
    private let block: MemoryBlocks.Block

    package init(bytes: Int) {
        self.bytes = bytes
        block = MemoryBlocks.take(bytes)
        pointer = block.pointer
    }

    deinit { MemoryBlocks.giveBack(block) }

    /// Where the next part of `count` bytes begins behind `offset`, and the end of that part.
    static func place(_ count: Int, after offset: Int) -> (start: Int, end: Int) {
        let start = (offset + 63) / 64 * 64
        return (start, start + count)
    }
}

/// Memory from the system, some of which is kept for the next piece of work.
///
/// The system hands out large memory zeroed, page by page at first touch; on virtual machines that took a fifth of a
/// short generation's time. So large blocks are kept when they are freed, up to a limit.
private enum MemoryBlocks {
    struct Block: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
        let bytes: Int
    }

    private static let hugePage = 2 << 20
    /// Blocks from here on are kept, and from the second on ask for huge pages.
    private static let large = 256 << 10
    private static let huge = 2 * hugePage
    /// The most bytes that are kept.
    private static let limit = 128 << 20

    private struct Kept {
        var blocks: [Block] = []
        var bytes = 0
    }
    private static let kept = Mutex(Kept())

    static func take(_ bytes: Int) -> Block {
        if bytes >= large {
            let found = kept.withLock { kept -> Block? in
                let fitting = kept.blocks.indices.filter { (bytes...bytes + bytes / 4).contains(kept.blocks[$0].bytes) }
                guard let index = fitting.min(by: { kept.blocks[$0].bytes < kept.blocks[$1].bytes }) else { return nil }
                kept.bytes -= kept.blocks[index].bytes
                return kept.blocks.remove(at: index)
            }
            if let found { return found }
        }
        let pointer = UnsafeMutableRawPointer.allocate(
            byteCount: max(bytes, 64), alignment: bytes >= huge ? hugePage : 64)
        #if os(Linux)
            if bytes >= huge { madvise(pointer, bytes, MADV_HUGEPAGE) }
        #endif
        return Block(pointer: pointer, bytes: bytes)
    }

    static func giveBack(_ block: Block) {
        let isKept =
            block.bytes >= large
            && kept.withLock { kept in
                guard kept.bytes + block.bytes <= limit else { return false }
                kept.blocks.append(block)
                kept.bytes += block.bytes
                return true
            }
        if !isKept { block.pointer.deallocate() }
    }
}
