import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// An HTTP server of a few lines on the loopback address, for tests of clients: it answers as it is told and ends by itself.
public final class TinyServer: Sendable {
    /// A status and a body.
    public typealias Answer = (status: Int, body: String)

    /// The port that it listens on.
    public let port: Int
    private let socket: Int32
    private let headers: String
    private let requests = Mutex<[String]>([])

    /// Starts a server; `answer` is given the number of the request, from 0, and its body.
    ///
    /// - Parameter headers: lines of the answers' heads beside the usual ones.
    public init(headers: [String] = [], _ answer: @escaping @Sendable (Int, String) -> Answer) throws {
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let socket = Foundation.socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, generic, &size) == 0
            }
        }
        guard socket >= 0, bound else { throw Failure() }
        self.socket = socket
        port = Int(UInt16(bigEndian: address.sin_port))
        self.headers = headers.map { $0 + "\r\n" }.joined()
        let thread = Thread { [self] in serve(answer) }
        thread.start()
    }

    /// The bodies of the requests so far.
    public var received: [String] { requests.withLock { $0 } }

    /// Stops listening.
    public func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    private func serve(_ answer: @Sendable (Int, String) -> Answer) {
        while true {
            let client = accept(socket, nil, nil)
            guard client >= 0 else { return }
            let body = Self.readBody(client)
            let number = requests.withLock {
                $0.append(body)
                return $0.count - 1
            }
            let (status, text) = answer(number, body)
            let reply =
                "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\n"
                + headers + "Connection: close\r\n\r\n" + text
            var bytes = Array(reply.utf8)[...]
            while !bytes.isEmpty {
                let sent = bytes.withUnsafeBytes { send(client, $0.baseAddress, $0.count, 0) }
                guard sent > 0 else { break }
                bytes = bytes.dropFirst(sent)
            }
            close(client)
        }
    }

    /// The body of a request, as long as its header says.
    private static func readBody(_ client: Int32) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(client, &piece, piece.count, 0)
            guard count > 0 else { break }
            bytes += piece[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let header = text[..<end.lowerBound].lowercased()
            let length = header.components(separatedBy: "content-length:").dropFirst().first
                .flatMap { Int($0.prefix { $0 != "\r" }.trimmingCharacters(in: .whitespaces)) }
            let body = text[end.upperBound...]
            if body.utf8.count >= length ?? 0 { return String(body) }
        }
        return ""
    }

    /// No port could be had.
    struct Failure: Error {}
}
