import Yams

/// Where the keys of a profile stand, so that an error can name the line.
enum ProfileLines {
    /// The line of a key path such as `methods[2].name`, from 1; of its nearest part where the text lacks the rest.
    static func line(of path: String, in text: String) -> Int? {
        var node = try? Yams.compose(yaml: text)
        var line: Int?
        for part in path.split(whereSeparator: { ".[".contains($0) }) {
            if part.last == "]", let index = Int(part.dropLast()) {
                node = node?.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                line = node?.mark?.line ?? line
            } else {
                let entry = node?.mapping?.first { $0.key.string == String(part) }
                node = entry?.value
                line = entry?.key.mark?.line ?? line
            }
        }
        return line
    }

    /// The line at which the reader of YAML gave up, from 1.
    static func line(of error: any Error) -> Int? {
        switch error {
        case YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _):
            mark.line
        default: nil
        }
    }
}
