import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Writes missing references with a server that speaks OpenAI's chat completions, such as llama.cpp's or vLLM's.
///
/// A request that the server is too busy for (429, 5xx), or whose answer gets lost or is cut off on its way, is sent
/// again, a few times and ever later. Where one fails for good, those under way are waited for and kept. Nothing is sent to
/// any other server, even where this one redirects to it, and an answer that is far too long is given up.
public struct ChatServer: AnnotatingModel, Sendable {
    /// Address of the interface, such as `http://localhost:8080/v1`.
    public var address: URL
    /// The model's name on the server, which also marks its texts.
    public var name: String
    /// The key, sent as a bearer token; nil for none.
    public var key: String?
    /// How many requests are under way at once.
    public var parallel: Int
    /// Seconds before a request counts as lost.
    public var timeout: Double
    /// How often a request is sent, at most.
    public var tries: Int
    /// Seconds before the second try; doubled for each further one.
    public var pause: Double

    /// A server by its address.
    public init(
        address: URL, name: String, key: String? = nil, parallel: Int = 4, timeout: Double = 300, tries: Int = 5,
        pause: Double = 1
    ) {
        self.address = address
        self.name = name
        self.key = key
        self.parallel = parallel
        self.timeout = timeout
        self.tries = tries
        self.pause = pause
    }

    public func answer(
        _ requests: [AnnotationRequest], shouldStop: @escaping @Sendable () -> Bool,
        onAnswer: (Int, AnnotationAnswer) throws -> Void
    ) throws {
        let session = URLSession(configuration: configuration, delegate: StayingHere(), delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let work = Mutex((next: 0, hasFailed: false, done: [(Int, Result<AnnotationAnswer, any Error>)]()))
        let isDone = DispatchSemaphore(value: 0)
        let senders = min(max(1, parallel), requests.count)
        // Threads of their own, since Dispatch starts no more at once than there are cores.
        for _ in 0..<senders {
            Thread.detachNewThread {
                while true {
                    let index = work.withLock { work -> Int? in
                        guard !work.hasFailed, !shouldStop(), work.next < requests.count else { return nil }
                        work.next += 1
                        return work.next - 1
                    }
                    guard let index else { break }
                    let result = Result { try send(requests[index], session, shouldStop) }
                    work.withLock {
                        $0.done.append((index, result))
                        if case .failure = result { $0.hasFailed = true }
                    }
                    isDone.signal()
                }
                isDone.signal()
            }
        }
        // What did come back is kept before a fault is told.
        var failure: (any Error)?
        for _ in 0..<senders {
            while true {
                isDone.wait()
                guard let (index, result) = work.withLock({ $0.done.popLast() }) else { break }
                do {
                    try onAnswer(index, result.get())
                } catch {
                    failure = failure ?? error
                    work.withLock { $0.hasFailed = true }
                }
            }
        }
        if let failure, !shouldStop() { throw failure }
    }

    private var configuration: URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = max(1, parallel)
        return configuration
    }

    private struct Message: Codable {
        var role: String
        /// Null where a model has thought until its tokens were used up.
        var content: String?
    }

    private struct Body: Encodable {
        var model: String
        var messages: [Message]
        var maxTokens: Int
        var temperature = 0.0

        enum CodingKeys: String, CodingKey {
            case model, messages, temperature
            case maxTokens = "max_tokens"
        }
    }

    private struct Reply: Decodable {
        struct Choice: Decodable {
            var message: Message
            var finishReason: String?

            enum CodingKeys: String, CodingKey {
                case message
                case finishReason = "finish_reason"
            }
        }
        var choices: [Choice]
    }

    private func send(
        _ request: AnnotationRequest, _ session: URLSession, _ shouldStop: () -> Bool
    ) throws -> AnnotationAnswer {
        var http = URLRequest(url: address.appending(path: "chat/completions"))
        http.httpMethod = "POST"
        http.timeoutInterval = timeout
        http.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let key { http.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        let messages =
            (request.system.map { [Message(role: "system", content: $0)] } ?? [])
            + [Message(role: "user", content: request.message)]
        http.httpBody = try JSONEncoder().encode(
            Body(model: name, messages: messages, maxTokens: request.maximumTokens))
        var wait = pause
        var attempt = 1
        while true {
            let (data, status, fault) = Self.load(http, session, shouldStop)
            if status == 200, let reply = try? JSONDecoder().decode(Reply.self, from: data),
                let choice = reply.choices.first
            {
                return AnnotationAnswer(
                    text: choice.message.content ?? "", isComplete: (choice.finishReason ?? "stop") == "stop")
            }
            // An answer that cannot be read may have been cut off on its way.
            let isPassing = status == 0 || status == 200 || status == 429 || status >= 500
            guard isPassing, attempt < tries, !shouldStop() else {
                let words = fault ?? String(decoding: data.prefix(200), as: UTF8.self)
                throw RunError(
                    .server,
                    "the server answered \(status == 0 ? "nothing" : "\(status)") (\(words)) after \(attempt) "
                        + "\(attempt == 1 ? "try" : "tries"): is the address right, and the model's name?",
                    file: address.absoluteString)
            }
            let end = Date(timeIntervalSinceNow: wait)
            while !shouldStop(), end.timeIntervalSinceNow > 0 {
                Thread.sleep(forTimeInterval: min(Self.patience, max(0, end.timeIntervalSinceNow)))
            }
            attempt += 1
            wait *= 2
        }
    }

    /// Refuses to be sent elsewhere: corpus text and key are for the server that the user named.
    private final class StayingHere: NSObject, URLSessionTaskDelegate {
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }
    }

    /// No answer has as many bytes.
    private static let largestAnswer = 1 << 24

    /// Seconds between two looks at whether to stop.
    private static let patience = 0.1

    /// Waits for one exchange; status 0 where none came about, or where it was given up since all is to stop.
    private static func load(
        _ request: URLRequest, _ session: URLSession, _ shouldStop: () -> Bool
    ) -> (data: Data, status: Int, fault: String?) {
        let result = Mutex<(Data, Int, String?)>((Data(), 0, nil))
        let done = DispatchSemaphore(value: 0)
        let task = session.dataTask(with: request) { data, response, error in
            let status = error == nil ? (response as? HTTPURLResponse)?.statusCode ?? 0 : 0
            result.withLock { $0 = (data ?? Data(), status, error?.localizedDescription) }
            done.signal()
        }
        task.resume()
        while done.wait(timeout: .now() + patience) == .timedOut {
            if shouldStop() || task.countOfBytesReceived > largestAnswer { task.cancel() }
        }
        let (data, status, fault) = result.withLock { $0 }
        guard data.count <= largestAnswer, task.countOfBytesReceived <= largestAnswer else {
            return (Data(), status, "more than \(largestAnswer >> 20) MiB")
        }
        return (data, status, fault)
    }
}
