/// What every exported example says of itself, in the order of the tables' columns.
///
/// All settings, splits and formats have the same columns with the same types, so that one schema reads everything.
enum ExampleColumn: String, CaseIterable, CodingKey {
    case id, corpus, document, setting, split, input, instruction, reference, origin
    case furtherReferences = "further_references"
    case furtherOrigins = "further_origins"
    case licence

    /// Whether it holds a list of texts; a text otherwise.
    var isList: Bool { self == .furtherReferences || self == .furtherOrigins }

    /// What it holds, in words.
    var meaning: String {
        switch self {
        case .id: "unique: corpus, document and setting"
        case .corpus: "the corpus, `name@version`"
        case .document: "the document's name in its corpus"
        case .setting: "the task or composition"
        case .split: "`train`, `validation` or `test`"
        case .input: "what the model reads; a conversation ends with a line `Name:` for who is to reply"
        case .instruction: "what it is asked for; the prompt is the input, an empty line, the instruction"
        case .reference: "what it should write"
        case .origin: "who wrote the reference"
        case .furtherReferences: "other references, as good as the first; mostly none"
        case .furtherOrigins: "who wrote those, in the same order"
        case .licence: "the corpus's licence, an SPDX identifier"
        }
    }
}
