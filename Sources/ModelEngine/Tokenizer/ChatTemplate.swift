/// How the messages of a chat become the prompt that a model was trained on.
///
/// The family is recognised by its markers in `tokenizer.chat_template`; the template's own program is not run. What it
/// is replaced by is in ``Family``. The system message that some ChatML templates supply when a chat begins without one
/// is read from the template.
///
/// ```swift
/// let template = try ChatTemplate(gguf: file)
/// let prompt = template.encode([ChatMessage(role: .user, content: text)], with: tokenizer)
/// ```
public struct ChatTemplate: Sendable, Equatable {
    /// The family, which says how messages are marked.
    public let family: Family
    /// The system message that stands in where a chat begins without one; nil if the template has none.
    public let defaultSystem: String?
    /// Whether answers begin with an empty block of thinking, as a ChatML template that can switch thinking off writes it.
    ///
    /// An evaluated answer is the answer alone, and so are those trained on; thinking would only use up the tokens.
    public let skipsThinking: Bool
    /// What the template writes for its begin-of-text token; empty if it writes none.
    let beginText: String
    /// What the template writes for its end-of-text token.
    let endText: String

    /// ChatML without a default system message, for files that have no template of their own.
    public static let chatML = ChatTemplate(family: .chatML)

    /// A template of a family.
    public init(
        family: Family, defaultSystem: String? = nil, skipsThinking: Bool = false, beginText: String = "",
        endText: String = "</s>"
    ) {
        self.family = family
        self.defaultSystem = defaultSystem
        self.skipsThinking = skipsThinking
        self.beginText = beginText
        self.endText = endText
    }

    /// Recognises the template of a model file; a file without one, as base models are, by the tokens that mark turns.
    ///
    /// - Throws: `unsupportedTemplate` if its family is unknown, or there are neither template nor such tokens; `badValue` for
    ///   a template of more than 128 KiB.
    public init(gguf: GGUFFile) throws(ModelError) {
        let metadata = gguf.metadata
        let key = "tokenizer.chat_template"
        let families = Family.allCases.map(\.rawValue).joined(separator: ", ")
        let names = try Self.boundaryTokens(metadata)
        guard metadata[key] != nil else {
            let tokens = Set(try metadata.strings("tokenizer.ggml.tokens", default: []))
            guard let family = Family.allCases.first(where: { $0.marker.map(tokens.contains) ?? false }) else {
                throw ModelError(
                    .unsupportedTemplate,
                    "the file has no chat template, nor tokens that mark one; take the instruction-tuned file of the model",
                    file: metadata.file, key: key)
            }
            self.init(
                family: family, beginText: family == .chatML ? "" : names.begin ?? "", endText: names.end ?? "</s>")
            return
        }
        let source = try metadata.string(key)
        guard source.utf8.count <= Self.longestSource else {
            throw ModelError(
                .badValue,
                "the chat template has \(source.utf8.count) bytes; at most \(Self.longestSource) are read",
                file: metadata.file, key: key)
        }
        guard let family = Family(recognising: source) else {
            throw ModelError(
                .unsupportedTemplate,
                "the chat template is of none of the families \(families); choose another model file",
                file: metadata.file,
                key: key)
        }
        self.init(
            family: family, defaultSystem: family == .chatML ? Self.defaultSystem(in: source) : nil,
            skipsThinking: family == .chatML && Self.canSkipThinking(source),
            beginText: source.utf8Contains("bos_token") ? names.begin ?? "" : "", endText: names.end ?? "</s>")
    }

    /// Longer templates than anyone writes are not searched for their markers.
    private static let longestSource = 1 << 17

    private static func boundaryTokens(_ metadata: GGUFMetadata) throws(ModelError) -> (begin: String?, end: String?) {
        let tokens = try metadata.strings("tokenizer.ggml.tokens", default: [])
        func name(_ key: String) throws(ModelError) -> String? {
            let id = try metadata.int(key, default: -1)
            return tokens.indices.contains(id) ? tokens[id] : nil
        }
        return (try name("tokenizer.ggml.bos_token_id"), try name("tokenizer.ggml.eos_token_id"))
    }

    /// The prompt as text, for people to read; `encode` gives the model's tokens.
    ///
    /// - Parameters:
    ///   - messages: The chat so far.
    ///   - addGenerationPrompt: Whether the prompt ends where the model's answer begins.
    ///   - includesDefaultSystem: Whether `defaultSystem` is supplied when the first message is not the system's.
    /// - Returns: The text with its markers.
    public func render(
        _ messages: [ChatMessage], addGenerationPrompt: Bool = true, includesDefaultSystem: Bool = true
    ) -> String {
        parts(messages, addGenerationPrompt, includesDefaultSystem).map(\.text).joined()
    }

    /// The prompt as tokens: the template's own markers become control tokens, those in the messages stay plain text.
    ///
    /// - Parameters:
    ///   - messages: The chat so far.
    ///   - addGenerationPrompt: Whether the prompt ends where the model's answer begins.
    ///   - includesDefaultSystem: Whether `defaultSystem` is supplied when the first message is not the system's.
    ///   - tokenizer: The tokenizer of the same file.
    /// - Returns: The token ids, without a begin token unless the template itself writes one.
    public func encode(
        _ messages: [ChatMessage], addGenerationPrompt: Bool = true, includesDefaultSystem: Bool = true,
        with tokenizer: Tokenizer
    ) -> [Int32] {
        tokenizer.encode(parts(messages, addGenerationPrompt, includesDefaultSystem))
    }

    /// The token that ends an answer in this template; the end-of-text token where the vocabulary lacks its marker.
    public func endOfTurn(_ tokenizer: Tokenizer) -> Int32 {
        guard let marker = family.endOfTurn, let id = tokenizer.token(named: marker), tokenizer.isControl(id) else {
            return tokenizer.endToken
        }
        return id
    }

    private func parts(
        _ messages: [ChatMessage], _ addGenerationPrompt: Bool, _ includesDefaultSystem: Bool
    ) -> [PromptPart] {
        var messages = messages
        // The templates supply it inside their loop over the messages, so an empty chat gets none.
        if includesDefaultSystem, let defaultSystem, let first = messages.first, first.role != .system {
            messages.insert(ChatMessage(role: .system, content: defaultSystem), at: 0)
        }
        if skipsThinking { return Self.partsWithoutThinking(messages, addGenerationPrompt) }
        return family.parts(messages, addGenerationPrompt, begin: beginText, end: endText)
    }
}
