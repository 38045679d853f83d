import GRDB

/// What a document is; the kind decides which tasks can be made of it.
public enum DocumentKind: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    /// Several turns to be summarised.
    case dialogue
    /// Several turns to be replied to.
    case conversation
    /// One sentence to be translated.
    case sentence
    /// One message to be rewritten in a tone.
    case message
}

/// One speaker's words in a dialogue or conversation.
public struct Turn: Codable, Hashable, Sendable {
    /// Name of the speaker.
    public var speaker: String
    /// The words.
    public var text: String

    /// A turn as it stands in the source.
    public init(speaker: String, text: String) {
        self.speaker = speaker
        self.text = text
    }
}

/// One dialogue, conversation, sentence or message of a corpus.
public struct DocumentRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "documents"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its corpus.
    public var corpusID: Int64
    /// The record's name in its source; unique in the corpus.
    public var key: String
    /// `dialogue`, `conversation`, `sentence` or `message`.
    public var kind: DocumentKind
    /// Topic; may be empty.
    public var topic: String
    /// The turns of a dialogue or conversation, nil for the other kinds; stored as JSON.
    public var turns: [Turn]?
    /// The input as a model sees it: `Name: words` lines for turns, the text itself otherwise.
    public var text: String
    /// Who replies in a conversation; nil for the other kinds.
    public var speaker: String?
    /// SHA-256 of the normalised text, lower-case hex.
    public var textHash: String
    /// The split that the source itself puts it in; nil where it has none.
    public var split: Split?
    /// The file that it was read from, by its path in the corpus.
    public var file: String
    /// Place of its record in that file, from 1.
    public var record: Int?

    /// A document; the store fills in `corpusID`.
    public init(
        id: Int64 = 0, corpusID: Int64 = 0, key: String, kind: DocumentKind, topic: String = "", turns: [Turn]? = nil,
        text: String, speaker: String? = nil, textHash: String, split: Split? = nil, file: String = "",
        record: Int? = nil
    ) {
        self.id = id
        self.corpusID = corpusID
        self.key = key
        self.kind = kind
        self.topic = topic
        self.turns = turns
        self.text = text
        self.speaker = speaker
        self.textHash = textHash
        self.split = split
        self.file = file
        self.record = record
    }
}

/// What a reference text is to its document.
public enum TextRole: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    /// Of a dialogue.
    case summary
    /// To a conversation.
    case reply
    /// Of a sentence.
    case translation
    /// Of a message.
    case rewrite
}

/// Along which line a reference text differs from the plain one in the source language.
public enum VariantKind: String, Codable, CaseIterable, Sendable, DatabaseValueConvertible {
    /// Source language, neutral tone; `variant` is empty.
    case source
    /// Another language; `variant` is its BCP 47 code.
    case language
    /// Another tone; `variant` is its name.
    case tone
}

/// One reference text of a document: its summary, reply, translation or rewrite in one language or tone.
public struct DocumentTextRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "document_texts"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its document.
    public var documentID: Int64
    /// `summary`, `reply`, `translation` or `rewrite`.
    public var role: TextRole
    /// `source` (plain, source language), `language` or `tone`.
    public var variantKind: VariantKind
    /// Empty for the source variant, else a language code (`es`) or tone (`witty`).
    public var variant: String
    /// Place among several texts of one variant, from 0.
    public var position: Int
    /// The text.
    public var text: String
    /// Who wrote it: `project`, `person` or `model:<name>`.
    public var origin: String

    /// A reference text; the store fills in `documentID`.
    public init(
        id: Int64 = 0, documentID: Int64 = 0, role: TextRole, variantKind: VariantKind = .source, variant: String = "",
        position: Int = 0, text: String, origin: String
    ) {
        self.id = id
        self.documentID = documentID
        self.role = role
        self.variantKind = variantKind
        self.variant = variant
        self.position = position
        self.text = text
        self.origin = origin
    }
}
