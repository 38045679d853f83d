import ModelEngine

/// Turns examples into the model's prompts: the document first, then what to do with it, as one user message.
struct PromptComposer: Sendable {
    let model: LanguageModel
    /// The system message; nil leaves the block out.
    let system: String?

    /// The user message of an example.
    static func message(input: String, instruction: String) -> String { "\(input)\n\n\(instruction)" }

    /// The tokens of a prompt that ends where the answer begins.
    ///
    /// - Parameter shots: worked examples of the same setting, shown before as earlier turns.
    func prompt(input: String, instruction: String, shots: [(input: String, reference: String)] = []) -> [Int32] {
        var messages: [ChatMessage] = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
        for shot in shots {
            messages.append(
                ChatMessage(role: .user, content: Self.message(input: shot.input, instruction: instruction)))
            messages.append(ChatMessage(role: .assistant, content: shot.reference))
        }
        messages.append(ChatMessage(role: .user, content: Self.message(input: input, instruction: instruction)))
        return model.chatTemplate.encode(
            messages, addGenerationPrompt: true, includesDefaultSystem: false, with: model.tokenizer)
    }

    /// The tokens of a prompt that is one user message.
    func prompt(message: String) -> [Int32] {
        var messages: [ChatMessage] = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
        messages.append(ChatMessage(role: .user, content: message))
        return model.chatTemplate.encode(
            messages, addGenerationPrompt: true, includesDefaultSystem: false, with: model.tokenizer)
    }

    /// A prompt with its answer and the token that ends it.
    func trainingExample(input: String, instruction: String, answer: String) -> TrainingExample {
        let prompt = prompt(input: input, instruction: instruction)
        let answerTokens = model.tokenizer.encode(answer, parseSpecial: false)
        return TrainingExample(
            tokens: prompt + answerTokens + [model.chatTemplate.endOfTurn(model.tokenizer)], answerStart: prompt.count)
    }
}
