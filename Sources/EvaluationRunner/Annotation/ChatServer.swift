import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Writes missing references with a server that speaks OpenAI's chat completions, such as llama.cpp's or vLLM's.
///
/// A request that the server is too busy for (429, 5xx) or that gets lost is sent again, a few times and ever later.
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
        // As many at once as asked for; answers are handed over between such groups, in order.
        for start in stride(from: 0, to: requests.count, by: max(1, parallel)) {
            if shouldStop() { return }
            let group = Array(requests[start..<min(start + max(1, parallel), requests.count)])
            let results = Mutex<[Int: Result<AnnotationAnswer, any Error>]>([:])
            DispatchQueue.concurrentPerform(iterations: group.count) { index in
                let result = Result { try send(group[index], shouldStop) }
                results.withLock { $0[index] = result }
            }
            let answers = results.withLock { $0 }
            var failure: (any Error)?
            for index in group.indices {
                switch answers[index] {
                case .success(let answer): try onAnswer(start + index, answer)
                case .failure(let error): failure = failure ?? error
                case nil: continue
                }
            }
            // What did come back is kept before the fault is told.
            if let failure { throw failure }
        }
    }

    private struct Message: Codable {
        var role: String
        var content: String
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

    private func send(_ request: AnnotationRequest, _ shouldStop: () -> Bool) throws -> AnnotationAnswer {
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
        for attempt in 1... {
            let (data, status, fault) = Self.load(http)
            if status == 200, let reply = try? JSONDecoder().decode(Reply.self, from: data),
                let choice = reply.choices.first
            {
                return AnnotationAnswer(
                    text: choice.message.content, isComplete: (choice.finishReason ?? "stop") == "stop")
            }
            let isPassing = status == 0 || status == 429 || status >= 500
            guard isPassing, attempt < tries, !shouldStop() else {
                let words = fault ?? String(decoding: data.prefix(200), as: UTF8.self)
                throw RunError(
                    .server,
                    "the server answered \(status == 0 ? "nothing" : "\(status)") (\(words)) after \(attempt) tries: is "
                        + "the address right, and the model's name?", file: address.absoluteString)
            }
            Thread.sleep(forTimeInterval: wait)
            wait *= 2
        }
        throw RunError(.server, "no try was made", file: address.absoluteString)
    }

    /// Waits for one exchange; status 0 where none came about.
    private static func load(_ request: URLRequest) -> (data: Data, status: Int, fault: String?) {
        let result = Mutex<(Data, Int, String?)>((Data(), 0, nil))
        let done = DispatchSemaphore(value: 0)
        let task = URLSession.shared.dataTask(with: request) { data, response, error in
            let status = (response as? HTTPURLResponse)?.statusCode ?? 0
            result.withLock { $0 = (data ?? Data(), status, error?.localizedDescription) }
            done.signal()
        }
        task.resume()
        done.wait()
        return result.withLock { $0 }
    }
}
