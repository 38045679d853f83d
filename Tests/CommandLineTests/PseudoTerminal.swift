#if os(Linux)
    import Foundation

    /// A terminal that a program may write to and a test may read from.
    struct PseudoTerminal {
        /// The program's side.
        let device: FileHandle
        private let own: Int32

        /// Whether the system has the devices.
        static let isThere: Bool = PseudoTerminal()?.closed() ?? false

        /// Opens a new one; nil where the system has none to give.
        init?() {
            own = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            guard own >= 0 else { return nil }
            var (unlocked, number) = (Int32(0), UInt32(0))
            // TIOCSPTLCK and TIOCGPTN, macros with sizes in them.
            guard ioctl(own, UInt(0x4004_5431), &unlocked) == 0, ioctl(own, UInt(0x8004_5430), &number) == 0 else {
                Foundation.close(own)
                return nil
            }
            let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
            guard other >= 0 else {
                Foundation.close(own)
                return nil
            }
            device = FileHandle(fileDescriptor: other, closeOnDealloc: false)
        }

        /// Everything that was written; the terminal is gone then. What is written must fit its buffer, some kilobytes.
        func close() -> String {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 4096)
            // Before the last writer goes: what was written is lost with it on some systems.
            var ready = pollfd(fd: own, events: Int16(POLLIN), revents: 0)
            while poll(&ready, 1, 100) > 0, ready.revents & Int16(POLLIN) != 0 {
                let count = read(own, &piece, piece.count)
                guard count > 0 else { break }
                bytes += piece[..<count]
            }
            _ = closed()
            return String(decoding: bytes, as: UTF8.self)
        }

        private func closed() -> Bool {
            Foundation.close(device.fileDescriptor)
            Foundation.close(own)
            return true
        }
    }
#endif
