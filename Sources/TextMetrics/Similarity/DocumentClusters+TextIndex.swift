extension DocumentClusters {
    /// The distinct texts while they are collected and joined.
    struct TextIndex {
        var groups: [TextGroup] = []
        var groupsOf: [[Int]] = []
        /// The distinct texts, and the groups of those who say it and those whose source it is.
        private var texts: [[String]] = []
        private var members: [(spoken: Int?, source: Int?)] = []
        private var placeOf: [[String]: Int] = [:]

        /// Adds a document, whose place is the number of those before it.
        ///
        /// What has no word in it, such as `:-)`, is the same only where the hash says so.
        mutating func add(_ entry: Entry, place: Int) {
            var own: [Int] = []
            if entry.words.isEmpty {
                own.append(newGroup(isSource: false))
            } else {
                own.append(group(of: entry.words, isSource: false))
            }
            if let whole = entry.whole, !whole.isEmpty { own.append(group(of: whole, isSource: false)) }
            for source in entry.sources where source.count >= DocumentClusters.leastSourceWords {
                own.append(group(of: source, isSource: true))
            }
            for group in own where groups[group].owners.last != place { groups[group].owners.append(place) }
            groupsOf.append(own)
        }

        /// Joins the groups of texts that are nearly the same.
        mutating func joinNearDuplicates() {
            for member in members {
                if let spoken = member.spoken, let source = member.source { join(spoken, source, 1) }
            }
            for pair in NearDuplicates.pairs(among: texts) {
                let (one, other) = (members[pair.first], members[pair.second])
                for (first, second) in [
                    (one.spoken, other.spoken), (one.spoken, other.source), (one.source, other.spoken),
                    (one.source, other.source),
                ] { if let first, let second { join(first, second, pair.similarity) } }
            }
        }

        /// Joins what documents say where their hashes are the same.
        mutating func joinEqualHashes(_ hashes: [String]) {
            var firstWith: [String: Int] = [:]
            for (place, hash) in hashes.enumerated() {
                let group = groupsOf[place][0]
                guard let first = firstWith[hash] else {
                    firstWith[hash] = group
                    continue
                }
                let isJoined = first == group || groups[first].neighbours.contains { $0.group == group }
                if !isJoined { join(first, group, 1) }
            }
        }

        private mutating func join(_ first: Int, _ second: Int, _ similarity: Double) {
            let isSpoken = !groups[first].isSource && !groups[second].isSource
            guard isSpoken || similarity >= DocumentClusters.sourceSimilarity else { return }
            groups[first].neighbours.append(.init(group: second, similarity: similarity))
            groups[second].neighbours.append(.init(group: first, similarity: similarity))
        }

        private mutating func group(of words: [String], isSource: Bool) -> Int {
            let text = placeOf[words] ?? texts.count
            if text == texts.count {
                placeOf[words] = text
                texts.append(words)
                members.append((nil, nil))
            }
            if let known = isSource ? members[text].source : members[text].spoken { return known }
            let group = newGroup(isSource: isSource)
            if isSource { members[text].source = group } else { members[text].spoken = group }
            return group
        }

        private mutating func newGroup(isSource: Bool) -> Int {
            groups.append(TextGroup(isSource: isSource))
            return groups.count - 1
        }
    }
}
