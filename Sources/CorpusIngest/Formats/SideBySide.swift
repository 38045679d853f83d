/// Reads files side by side and brings together what they say under one key.
///
/// Files in the same order need no memory. Where one lacks a key, what the others say under it waits for the end, so
/// that every item is used once.
enum SideBySide {
    /// Calls `use` with each key and what every file says under it: nil where a file says nothing.
    ///
    /// - Parameters:
    ///   - next: the next item of the file at an index, and its key; nil at its end. Keys that a file repeats are made
    ///     different: `7`, `7-2`.
    static func read<Item>(
        files: Int, next: (Int) throws -> (key: String, item: Item)?, use: (String, [Item?]) throws -> Void
    ) throws {
        var names = Array(repeating: UniqueKeys(), count: files)
        var open: [String: (place: Int, items: [Item?])] = [:]
        var unread = Array(0..<files)
        var count = 0
        while !unread.isEmpty {
            for file in unread {
                guard let (raw, item) = try next(file) else {
                    unread.removeAll { $0 == file }
                    continue
                }
                let key = names[file].unique(raw)
                var entry = open.removeValue(forKey: key) ?? (count, Array(repeating: nil, count: files))
                entry.items[file] = item
                count += 1
                if entry.items.contains(where: { $0 == nil }) {
                    open[key] = entry
                } else {
                    try use(key, entry.items)
                }
            }
        }
        for (key, entry) in open.sorted(by: { $0.value.place < $1.value.place }) { try use(key, entry.items) }
    }
}

/// Makes keys different that a file repeats, with eight bytes of memory a key.
struct UniqueKeys {
    private var seen: Set<UInt64> = []
    private var repeats: [String: Int] = [:]

    /// The key itself the first time, with `-2`, `-3`, … after it then.
    mutating func unique(_ key: String) -> String {
        if seen.insert(Self.hash(key)).inserted { return key }
        var count = repeats[key] ?? 1
        var candidate = key
        repeat {
            count += 1
            candidate = "\(key)-\(count)"
        } while !seen.insert(Self.hash(candidate)).inserted
        repeats[key] = count
        return candidate
    }

    // FNV-1a, the same in every run. Two keys of one hash would only give the second its number.
    private static func hash(_ key: String) -> UInt64 {
        key.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
