extension ChatTemplate {
    /// The chat formats that are known, each with its own markers.
    ///
    /// In the formats below, S, U and A are a system, a user and an assistant message. Where a format has no place for
    /// the system message it goes before the first user message.
    public enum Family: String, Sendable, CaseIterable {
        /// `<|im_start|>system⏎S<|im_end|>⏎<|im_start|>user⏎U<|im_end|>⏎<|im_start|>assistant⏎A<|im_end|>⏎`
        case chatML = "ChatML"
        /// `<|start_header_id|>user<|end_header_id|>⏎⏎U<|eot_id|>…`, trimmed, begin token first.
        case llama3 = "Llama 3"
        /// `<s>[INST] <<SYS>>⏎S⏎<</SYS>>⏎⏎U [/INST] A </s>`, trimmed, begin token before every user message.
        case llama2 = "Llama 2"
        /// `<s>[INST] S⏎⏎U [/INST]A</s>`
        case mistral = "Mistral"
        /// `<start_of_turn>user⏎S⏎⏎U<end_of_turn>⏎<start_of_turn>model⏎A<end_of_turn>⏎`, trimmed, begin token first.
        case gemma = "Gemma"
        /// `<|system|>⏎S<|end|>⏎<|user|>⏎U<|end|>⏎<|assistant|>⏎A<|end|>⏎`
        case phi3 = "Phi-3"
        /// `<|system|>⏎S</s>⏎<|user|>⏎U</s>⏎<|assistant|>⏎A</s>⏎`
        case zephyr = "Zephyr"

        /// The family whose markers a template holds.
        init?(recognising source: String) {
            // Phi-4 separates role and message by a marker of its own.
            if source.utf8Contains("<|im_start|>"), !source.utf8Contains("<|im_sep|>") {
                self = .chatML
            } else if source.utf8Contains("<|start_header_id|>") {
                self = .llama3
            } else if source.utf8Contains("<start_of_turn>") {
                self = .gemma
            } else if source.utf8Contains("[INST]") {
                self = source.utf8Contains("<<SYS>>") ? .llama2 : .mistral
            } else if source.utf8Contains("<|assistant|>"), source.utf8Contains("<|user|>") {
                self = source.utf8Contains("<|end|>") ? .phi3 : .zephyr
            } else {
                return nil
            }
        }

        /// The token that begins a turn, where the family has one of its own.
        var marker: String? {
            switch self {
            case .chatML: "<|im_start|>"
            case .llama3: "<|start_header_id|>"
            case .gemma: "<start_of_turn>"
            case .phi3: "<|assistant|>"
            case .llama2, .mistral, .zephyr: nil
            }
        }

        /// The marker after an answer; nil where it is the end-of-text token.
        var endOfTurn: String? {
            switch self {
            case .chatML: "<|im_end|>"
            case .llama3: "<|eot_id|>"
            case .gemma: "<end_of_turn>"
            case .phi3: "<|end|>"
            case .llama2, .mistral, .zephyr: nil
            }
        }

        /// The prompt of some messages.
        func parts(
            _ messages: [ChatMessage], _ addGenerationPrompt: Bool, begin: String, end: String
        ) -> [PromptPart] {
            switch self {
            case .chatML:
                let parts = messages.flatMap { message -> [PromptPart] in
                    [
                        .markup("<|im_start|>\(message.role.rawValue)\n"), .content(message.content),
                        .markup("<|im_end|>\n"),
                    ]
                }
                return parts + (addGenerationPrompt ? [.markup("<|im_start|>assistant\n")] : [])
            case .llama3:
                let parts = messages.flatMap { message -> [PromptPart] in
                    [
                        .markup("<|start_header_id|>\(message.role.rawValue)<|end_header_id|>\n\n"),
                        .content(message.content.trimmed), .markup("<|eot_id|>"),
                    ]
                }
                return [.markup(begin)] + parts
                    + (addGenerationPrompt ? [.markup("<|start_header_id|>assistant<|end_header_id|>\n\n")] : [])
            case .gemma:
                let parts = Self.leadingSystem(messages).flatMap { system, message -> [PromptPart] in
                    [
                        .markup("<start_of_turn>\(message.role == .user ? "user" : "model")\n"),
                        .content(system + message.content.trimmed), .markup("<end_of_turn>\n"),
                    ]
                }
                return [.markup(begin)] + parts + (addGenerationPrompt ? [.markup("<start_of_turn>model\n")] : [])
            case .phi3, .zephyr:
                let mark = self == .phi3 ? "<|end|>" : end
                let parts = messages.flatMap { message -> [PromptPart] in
                    [.markup("<|\(message.role.rawValue)|>\n"), .content(message.content), .markup("\(mark)\n")]
                }
                return parts + (addGenerationPrompt ? [.markup("<|assistant|>\n")] : [])
            case .llama2: return Self.llama2Parts(messages, begin, end)
            case .mistral:
                let parts = Self.leadingSystem(messages).flatMap { system, message -> [PromptPart] in
                    message.role == .user
                        ? [.markup("[INST] "), .content(system + message.content), .markup(" [/INST]")]
                        : [.content(message.content), .markup(end)]
                }
                return [.markup(begin)] + parts
            }
        }

        private static func llama2Parts(_ messages: [ChatMessage], _ begin: String, _ end: String) -> [PromptPart] {
            var system: [PromptPart] = []
            var parts: [PromptPart] = []
            for message in messages {
                switch message.role {
                case .system:
                    system = [.markup("<<SYS>>\n"), .content(message.content), .markup("\n<</SYS>>\n\n")]
                case .user:
                    parts += [.markup("\(begin)[INST] ")] + system
                    parts += [.content(message.content.trimmed), .markup(" [/INST]")]
                    system = []
                case .assistant:
                    parts += [.markup(" "), .content(message.content.trimmed), .markup(" \(end)")]
                }
            }
            return parts
        }

        /// The messages of the two others, those of the user with what the system has said before.
        private static func leadingSystem(_ messages: [ChatMessage]) -> [(system: String, message: ChatMessage)] {
            var system = ""
            var result: [(String, ChatMessage)] = []
            for message in messages {
                switch message.role {
                case .system: system += message.content + "\n\n"
                case .user:
                    result.append((system, message))
                    system = ""
                case .assistant: result.append(("", message))
                }
            }
            return result
        }
    }
}

extension String {
    /// The text without blanks at its ends, as the templates' `trim` takes them: White_Space and U+001C…U+001F.
    fileprivate var trimmed: String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
        }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
