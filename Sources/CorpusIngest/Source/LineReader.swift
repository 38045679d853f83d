/// Cuts a stream of bytes into lines, or into blocks of whole lines.
///
/// Lines end with LF or CR LF and nothing else: a line separator U+2028 inside a text ends no line. A byte order mark at
/// the beginning is taken off. The last line need not end.
package struct LineReader {
    /// A line longer than this is refused, so that a file without line ends cannot fill the memory.
    static let longestLine = 1 << 24

    private let stream: ByteStream
    private let path: String
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var isFirst = true

    /// How many lines were read; the number of the last one, from 1.
    package private(set) var lines = 0
    /// Whether the file began with a byte order mark.
    package private(set) var hadByteOrderMark = false
    /// How many lines ended in CR LF.
    package private(set) var carriageReturns = 0

    /// A reader from where the stream is.
    package init(_ stream: ByteStream, path: String) {
        self.stream = stream
        self.path = path
    }

    /// The next line without its end; nil after the last.
    package mutating func next() throws(CorpusError) -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[...].indexOfLineFeed(from: searched) {
                let line = buffer[start..<end]
                start = end + 1
                return finished(line)
            }
            searched = buffer.count - start
            guard try more() else { break }
        }
        guard start < buffer.count else { return nil }
        let line = buffer[start...]
        start = buffer.count
        return finished(line)
    }

    /// Whole lines of about `size` bytes with the number of the first; nil after the last.
    ///
    /// Lines still have their ends.
    package mutating func nextBlock(_ size: Int) throws(CorpusError) -> (bytes: ArraySlice<UInt8>, firstLine: Int)? {
        while buffer.count - start < size, try more() {}
        guard start < buffer.count else { return nil }
        var end = buffer.count
        if !isAtEnd {
            // Only what came last is looked through, so that a long line is not looked through again and again.
            var searched = start
            while true {
                if let last = buffer[searched...].lastIndex(of: 0x0A) {
                    end = last + 1
                    break
                }
                searched = buffer.count - start
                guard try more() else {
                    end = buffer.count
                    break
                }
            }
        }
        let block = buffer[start..<end]
        start = end
        let first = lines + 1
        lines += block.withUnsafeBufferPointer { $0.reduce(0) { $0 &+ ($1 == 0x0A ? 1 : 0) } }
        if block.last != 0x0A { lines += 1 }
        return (block, first)
    }

    private mutating func finished(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        lines += 1
        guard line.last == 0x0D else { return line }
        carriageReturns += 1
        return line.dropLast()
    }

    /// Reads another piece behind what is left; false at the end.
    private mutating func more() throws(CorpusError) -> Bool {
        guard !isAtEnd else { return false }
        guard buffer.count - start <= Self.longestLine else {
            throw CorpusError(
                .unreadable, "line \(lines + 1) is longer than \(Self.longestLine >> 20) MiB: is this a file of lines?",
                file: path)
        }
        guard try stream.refill(&buffer, from: &start) else {
            isAtEnd = true
            return false
        }
        if isFirst {
            isFirst = false
            if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
                hadByteOrderMark = true
                start = 3
            }
        }
        return true
    }
}
