/// One message of a chat.
public struct ChatMessage: Sendable, Equatable, Hashable, Codable {
    /// Who speaks; the raw values are the names that chat templates use.
    public enum Role: String, Sendable, CaseIterable, Codable {
        /// Instructions for the whole chat.
        case system
        /// The person.
        case user
        /// The model.
        case assistant
    }

    /// Who speaks.
    public var role: Role
    /// What is said; control tokens written in it stay plain text.
    public var content: String

    /// A message.
    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}
