extension ChatTemplate {
    /// What stands where a model that can think has not thought.
    private static let emptyThought = "<think>\n\n</think>\n\n"

    /// Whether a ChatML template has the switch `enable_thinking`, and writes an empty thought where it is off.
    ///
    /// So do Qwen 3's templates; those of its models that always or never think have no switch.
    static func canSkipThinking(_ source: String) -> Bool {
        // In a template's source the line feeds are mostly escapes.
        source.utf8Contains("enable_thinking")
            && (source.utf8Contains(#"<think>\n\n</think>\n\n"#) || source.utf8Contains(emptyThought))
    }

    /// ChatML with an empty thought before the answer to come, and before answers after the last question.
    ///
    /// Earlier answers stand without their thoughts. These are the rules of Qwen 3's template, but for its search for
    /// thoughts within an answer: whatever an answer says is content here.
    static func partsWithoutThinking(_ messages: [ChatMessage], _ addGenerationPrompt: Bool) -> [PromptPart] {
        let lastQuestion = messages.lastIndex { $0.role == .user } ?? messages.count - 1
        var parts: [PromptPart] = []
        for (index, message) in messages.enumerated() {
            parts.append(.markup("<|im_start|>\(message.role.rawValue)\n"))
            if message.role == .assistant, index > lastQuestion, index == messages.count - 1 {
                parts.append(.markup(emptyThought))
                parts.append(.content(String(message.content.drop { $0 == "\n" })))
            } else {
                parts.append(.content(message.content))
            }
            parts.append(.markup("<|im_end|>\n"))
        }
        return parts + (addGenerationPrompt ? [.markup("<|im_start|>assistant\n\(emptyThought)")] : [])
    }
}
