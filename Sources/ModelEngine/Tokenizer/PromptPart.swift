/// A part of a prompt: the template's own words, or what somebody said.
enum PromptPart: Sendable, Equatable {
    /// Text of the template, in which control tokens are meant.
    case markup(String)
    /// Text from outside, in which control tokens are plain characters.
    case content(String)

    /// The part as it appears in the prompt.
    var text: String {
        switch self {
        case .markup(let text), .content(let text): text
        }
    }
}
