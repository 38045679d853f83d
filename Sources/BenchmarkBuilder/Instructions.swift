/// The words that ask a model for each task and composition: wording is data, and this is all of it.
///
/// An instruction is the same for every example of its setting, and stands behind the document: the prompt is the
/// input, an empty line, and the instruction. Names of languages and words for tones come from the corpora's manifests.
public enum Instructions {
    /// Asks for a summary of a dialogue.
    public static let summarize = "Summarize this dialogue in one or two sentences."
    /// Asks for a reply to a conversation; who replies is the last line of the input.
    public static let reply = "Write the next reply in this conversation."

    /// Asks for a translation.
    ///
    /// - Parameter language: the language's English name, such as `Spanish`.
    public static func translate(into language: String) -> String { "Translate this text into \(language)." }

    /// Asks for the same text in a tone.
    ///
    /// - Parameter words: the manifest's words for the tone, such as `in a witty tone`.
    public static func rewrite(_ words: String) -> String { "Rewrite this text \(words)." }

    /// Asks for a summary in a language or tone: both tasks at once.
    ///
    /// - Parameter words: `in Spanish`, or the manifest's words for a tone.
    public static func summarize(_ words: String) -> String { "\(summarize) Write the summary \(words)." }

    /// Asks for a reply in a language or tone: both tasks at once.
    ///
    /// - Parameter words: `in Spanish`, or the manifest's words for a tone.
    public static func reply(_ words: String) -> String { "\(reply) Write the reply \(words)." }

    /// The input of a reply: the conversation, and a last line with the name of who is to speak.
    public static func conversation(_ text: String, nextSpeaker speaker: String?) -> String {
        guard let speaker else { return text }
        return "\(text)\n\(speaker):"
    }

    /// The whole prompt of an example: the input, an empty line, the instruction.
    public static func prompt(input: String, instruction: String) -> String { "\(input)\n\n\(instruction)" }
}
