/// Finds what somebody probably meant to type.
package enum NearestName {
    /// ` (did you mean 'ties'?)`, or nothing if no name is near.
    package static func suggestion(for text: String, among names: [String]) -> String {
        nearest(to: text, among: names).map { " (did you mean '\($0)'?)" } ?? ""
    }

    /// The name with the least edit distance, if that is at most 2 or a third of the name's length.
    ///
    /// Case and the choice of `-`, `_` and space do not count. Of equally near names the first wins.
    static func nearest(to text: String, among names: [String]) -> String? {
        let wanted = plain(text)
        let ranked = names.map { (name: $0, distance: distance(wanted, plain($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, best.name.count / 3) && best.distance < best.name.count ? best.name : nil
    }

    private static func plain(_ text: String) -> [Character] {
        text.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 }
    }

    /// Levenshtein's distance: the least number of insertions, deletions and replacements.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var previous = Array(0...second.count)
        for (row, character) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                current.append(
                    min(previous[column + 1] + 1, current[column] + 1, previous[column] + (character == other ? 0 : 1)))
            }
            previous = current
        }
        return previous[second.count]
    }
}
