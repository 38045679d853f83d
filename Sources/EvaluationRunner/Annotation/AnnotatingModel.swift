/// One request to a model: a user message, and how long the answer may be.
public struct AnnotationRequest: Codable, Hashable, Sendable {
    /// The system message; nil for none.
    public var system: String?
    /// The user message.
    public var message: String
    /// The most tokens of the answer.
    public var maximumTokens: Int

    /// A request.
    public init(system: String?, message: String, maximumTokens: Int) {
        self.system = system
        self.message = message
        self.maximumTokens = maximumTokens
    }
}

/// What came back for a request.
public struct AnnotationAnswer: Hashable, Sendable {
    /// The text.
    public var text: String
    /// Whether the model ended by itself; an answer that was cut off is not kept.
    public var isComplete: Bool

    /// An answer.
    public init(text: String, isComplete: Bool) {
        self.text = text
        self.isComplete = isComplete
    }
}

/// A model that writes missing references: the embedded engine or a server.
public protocol AnnotatingModel {
    /// The name that marks every text it writes, as `model:<name>`.
    var name: String { get }

    /// Answers some requests, in any order, and hands over each answer as it comes.
    ///
    /// - Parameters:
    ///   - shouldStop: asked between answers.
    ///   - onAnswer: takes the request's place and its answer; called from one thread at a time.
    /// - Throws: what keeps the model from answering at all; what `onAnswer` throws.
    func answer(
        _ requests: [AnnotationRequest], shouldStop: @escaping @Sendable () -> Bool,
        onAnswer: (Int, AnnotationAnswer) throws -> Void
    ) throws
}
