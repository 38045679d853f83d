/// The text of a user's SQL, cut into tokens as far as is needed to refuse what is no query and to place errors.
struct SQLText {
    /// A token and where it begins and ends in the text.
    struct Token {
        let range: Range<String.Index>
        let text: Substring
        /// Whether it may name something: a bare word or a quoted name.
        let isName: Bool

        /// The name without its quotes.
        var name: Substring { text.first.map("\"`[".contains) == true ? text.dropFirst().dropLast() : text }
    }

    let sql: String
    let tokens: [Token]

    init(_ sql: String) {
        self.sql = sql
        tokens = Self.scan(sql)
    }

    /// Refuses an empty text, several statements, and statements that are no query.
    ///
    /// - Throws: `StoreError` with code `.query`.
    func checkIsOneQuery() throws {
        if let end = sql.unicodeScalars.firstIndex(of: "\0") {
            throw error("the text holds a zero character; remove it", at: end)
        }
        let statement = tokens.drop { $0.text == ";" }
        guard let first = statement.first else {
            throw error("the text is empty; give one SELECT statement", at: nil)
        }
        var verb = first
        if first.text.lowercased() == "explain" {
            // What is explained is not run, but compiled, and that alone is enough for some.
            let isPlan = statement.dropFirst().prefix(2).map { $0.text.lowercased() } == ["query", "plan"]
            verb = statement.dropFirst(isPlan ? 3 : 1).first ?? first
        }
        guard ["select", "with", "values", "explain"].contains(verb.text.lowercased()) else {
            throw error(
                "'\(verb.text)' is not allowed; queries only read: begin with SELECT, WITH, VALUES or EXPLAIN",
                at: verb.range.lowerBound)
        }
        let rest = statement.drop { $0.text != ";" }
        if let second = rest.first(where: { $0.text != ";" }) {
            throw error("a second statement begins here; give one at a time", at: second.range.lowerBound)
        }
    }

    /// An error at a place in the text.
    func error(_ message: String, at index: String.Index?) -> StoreError {
        guard let index else { return StoreError(.query, message, file: "SQL") }
        let before = sql[..<index]
        let lineStart = before.lastIndex(where: \.isNewline).map { sql.index(after: $0) } ?? sql.startIndex
        return StoreError(
            .query, message, file: "SQL", line: before.count(where: \.isNewline) + 1,
            column: sql.distance(from: lineStart, to: index) + 1)
    }

    // Strings, quoted names, comments, and words as SQLite's tokenizer has them (https://sqlite.org/lang_expr.html);
    // everything else is a token of one character.
    private static func scan(_ sql: String) -> [Token] {
        var tokens: [Token] = []
        var index = sql.startIndex
        while index < sql.endIndex {
            let start = index
            let character = sql[index]
            let rest = sql[index...]
            if character.isWhitespace {
                index = sql.index(after: index)
            } else if rest.hasPrefix("--") {
                index = rest.firstIndex(where: \.isNewline) ?? sql.endIndex
            } else if rest.hasPrefix("/*") {
                index = rest.dropFirst(2).firstRange(of: "*/")?.upperBound ?? sql.endIndex
            } else if "'\"`[".contains(character) {
                index = endOfQuoted(rest, opening: character)
                tokens.append(Token(range: start..<index, text: sql[start..<index], isName: character != "'"))
            } else if character.isLetter || character == "_" {
                index = rest.firstIndex { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") } ?? sql.endIndex
                tokens.append(Token(range: start..<index, text: sql[start..<index], isName: true))
            } else {
                index = sql.index(after: index)
                tokens.append(Token(range: start..<index, text: sql[start..<index], isName: false))
            }
        }
        return tokens
    }

    /// A doubled quote inside stands for itself; without an end the token goes to the end of the text.
    private static func endOfQuoted(_ text: Substring, opening: Character) -> String.Index {
        let closing: Character = opening == "[" ? "]" : opening
        var rest = text.dropFirst()
        while let quote = rest.firstIndex(of: closing) {
            rest = rest[rest.index(after: quote)...]
            if opening == "[" || rest.first != closing { return rest.startIndex }
            rest = rest.dropFirst()
        }
        return text.endIndex
    }
}
