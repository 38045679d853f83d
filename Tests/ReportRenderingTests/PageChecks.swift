/// A small check of HTML: every tag that is opened is closed in order, attributes are quoted, no `<` stands alone.
enum TagBalance {
    private static let void: Set<String> = ["meta", "br", "hr", "link", "img", "input"]

    /// The first fault, nil where there is none.
    static func fault(in html: String) -> String? {
        var open: [String] = []
        var rest = Substring(html)
        while let start = rest.unicodeScalars.firstIndex(of: "<") {
            let tail = rest[start...]
            guard let (tag, attributes, end) = tag(tail) else { return "stray < before: \(tail.prefix(40))" }
            rest = rest[end...]
            if tag.hasPrefix("!") { continue }
            if tag.hasPrefix("/") {
                guard open.popLast() == String(tag.dropFirst()) else {
                    return "<\(tag)> closes another tag; open: \(open)"
                }
                continue
            }
            guard tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return "odd tag <\(tag)>" }
            if attributes.hasSuffix("/") || void.contains(tag) { continue }
            open.append(tag)
            if tag == "style", let close = rest.range(of: "</style>") { rest = rest[close.lowerBound...] }
        }
        return open.isEmpty ? nil : "never closed: \(open)"
    }

    /// The name and attributes of the tag that the text begins with, and where it ends; by scalars, as parsers do.
    private static func tag(_ text: Substring) -> (String, String, String.Index)? {
        let scalars = text.unicodeScalars
        var index = scalars.index(after: scalars.startIndex)
        var inside = ""
        var isQuoted = false
        while index < scalars.endIndex {
            let scalar = scalars[index]
            if scalar == "\"" { isQuoted.toggle() }
            if scalar == "<" { return nil }
            if scalar == ">", !isQuoted {
                let parts = inside.split(separator: " ", maxSplits: 1)
                guard let name = parts.first, !inside.hasPrefix(" ") else { return nil }
                let selfClosing = inside.hasSuffix("/") && !inside.hasPrefix("/")
                let bare = selfClosing && parts.count == 1 ? String(name.dropLast()) : String(name)
                return (
                    bare, parts.count > 1 ? String(parts[1]) : (selfClosing ? "/" : ""), scalars.index(after: index)
                )
            }
            inside.unicodeScalars.append(scalar)
            index = scalars.index(after: index)
        }
        return nil
    }
}

extension Substring {
    func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}

/// A small check of Markdown: outside fences there is no HTML but ours, and tables keep their number of columns.
enum MarkdownBalance {
    /// The first fault, nil where there is none.
    static func fault(in markdown: String) -> String? {
        var fence: Substring?
        var columns: Int?
        var folds = 0
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = fence {
                if line == open { fence = nil }
                continue
            }
            let ticks = line.prefix { $0 == "`" }
            if ticks.count >= 3 {
                guard line == ticks + "text" else { return "odd fence: \(line)" }
                fence = ticks
                continue
            }
            var text = line
            if line == "<details>" { folds += 1 }
            if line == "</details>" { folds -= 1 }
            if line == "<details>" || line == "</details>" { continue }
            if line.hasPrefix("<summary>"), line.hasSuffix("</summary>") { text = line.dropFirst(9).dropLast(10) }
            if text.contains("<") || text.contains("`") { return "markup outside a fence: \(line)" }
            guard line.hasPrefix("|") else {
                columns = nil
                continue
            }
            let count = line.unicodeScalars.count { $0 == "|" }
            if let columns, columns != count { return "\(count) instead of \(columns) pipes: \(line)" }
            columns = count
        }
        if fence != nil { return "a fence stays open" }
        return folds == 0 ? nil : "\(folds) folds stay open"
    }
}

/// A small reader of comma-separated values as RFC 4180 has them.
enum DelimitedText {
    /// The records with their fields, quotes taken off.
    static func records(of text: String) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field = String.UnicodeScalarView()
        var isQuoted = false
        var wasQuote = false
        for scalar in text.unicodeScalars {
            if isQuoted, scalar == "\"", !wasQuote {
                wasQuote = true
                continue
            }
            if wasQuote {
                wasQuote = false
                if scalar == "\"" {
                    field.append(scalar)
                    continue
                }
                isQuoted = false
            }
            switch scalar {
            case _ where isQuoted: field.append(scalar)
            case "\"" where field.isEmpty: isQuoted = true
            case ",":
                record.append(String(field))
                field = String.UnicodeScalarView()
            case "\n":
                record.append(String(field))
                records.append(record)
                (record, field) = ([], String.UnicodeScalarView())
            case "\r": continue
            default: field.append(scalar)
            }
        }
        return records
    }
}
