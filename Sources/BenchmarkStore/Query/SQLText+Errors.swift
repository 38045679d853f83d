import GRDB

extension SQLText {
    /// SQLite's complaint with its place in the text, where that can be found for certain.
    ///
    /// GRDB does not pass on `sqlite3_error_offset`, so the place is found from the message: the token that a syntax
    /// error names is the first one at which the text up to there gives the same message, and a name that is unknown is
    /// placed when it stands in the text once.
    func storeError(for failure: DatabaseError, in db: Database) -> StoreError {
        let message = failure.message ?? "the query failed"
        if let name = message.quoted(after: "near \"") {
            return error(message, at: placeOfSyntaxError(name, message: message, in: db))
        }
        if let text = message.quoted(after: "unrecognized token: \"") {
            return error(message, at: sql.ranges(of: text).first?.lowerBound)
        }
        if message == "incomplete input" {
            return error("the statement is not complete", at: sql.endIndex)
        }
        if message == "not authorized" { return doesMoreThanRead }
        if message.hasPrefix(Self.refusedFunction) {
            let name = String(message.dropFirst(Self.refusedFunction.count))
            return error("\(name)() is not allowed; queries only read the database", at: placeOfName(name))
        }
        for kind in ["column", "table", "function"] {
            for prefix in ["no such \(kind): ", "ambiguous column name: ", "misuse of aggregate: "]
            where message.hasPrefix(prefix) {
                let hint = kind == "function" || !prefix.hasPrefix("no") ? "" : "; 'braid query --schema' lists all"
                return error(message + hint, at: placeOfName(String(message.dropFirst(prefix.count))))
            }
        }
        return error(message, at: nil)
    }

    /// For a statement that SQLite understands, but that would change the database or a setting.
    var doesMoreThanRead: StoreError {
        error("the query would do more than read the database; only reading is possible", at: nil)
    }

    private static let refusedFunction = "not authorized to use function: "

    private func placeOfSyntaxError(_ text: String, message: String, in db: Database) -> String.Index? {
        for range in sql.ranges(of: text) {
            do {
                _ = try db.makeStatement(sql: String(sql[..<range.upperBound]))
            } catch let failure as DatabaseError where failure.message == message {
                return range.lowerBound
            } catch {}
        }
        return nil
    }

    /// Names may be qualified (`documents.titel`) and are compared without case.
    private func placeOfName(_ name: String) -> String.Index? {
        let parts = name.lowercased().split(separator: ".").map(String.init)
        guard let last = parts.last else { return nil }
        let places = tokens.indices.filter { index in
            guard tokens[index].isName, tokens[index].name.lowercased() == last else { return false }
            guard parts.count > 1 else { return true }
            return index >= 2 && tokens[index - 1].text == "."
                && tokens[index - 2].name.lowercased() == parts[parts.count - 2]
        }
        guard places.count == 1, let place = places.first else { return nil }
        return tokens[parts.count > 1 ? place - 2 : place].range.lowerBound
    }
}

extension String {
    /// The text between `opening` at the start and the last double quote.
    fileprivate func quoted(after opening: String) -> String? {
        guard hasPrefix(opening), let end = lastIndex(of: "\""), end > startIndex else { return nil }
        let text = self[..<end].dropFirst(opening.count)
        return text.isEmpty ? nil : String(text)
    }
}
