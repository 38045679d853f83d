/// Texts with a number for each distinct word, and a hash of each word that no other text has a say in.
struct NumberedWords {
    /// The texts' words by number.
    let texts: [[UInt32]]
    /// The hash of each word by its number.
    let hashes: [UInt64]

    /// Numbers the words of texts in the order in which they first occur.
    init(_ texts: [[String]]) {
        var numbers: [String: UInt32] = [:]
        var hashes: [UInt64] = []
        self.texts = texts.map { words in
            words.map { word in
                if let number = numbers[word] { return number }
                let number = UInt32(truncatingIfNeeded: hashes.count)
                numbers[word] = number
                hashes.append(Self.hash(word))
                return number
            }
        }
        self.hashes = hashes
    }

    /// The hashes of all runs of so many words in a text, with repetitions; none where it is shorter.
    func shingles(of place: Int, length: Int) -> [UInt64] {
        let words = texts[place]
        guard words.count >= length else { return [] }
        return (0...(words.count - length)).map { start in
            var mixed: UInt64 = 0x9e37_79b9_7f4a_7c15
            for word in words[start..<start + length] {
                mixed = (mixed ^ hashes[Int(word)]) &* 0xbf58_476d_1ce4_e5b9
                mixed ^= mixed >> 29
            }
            return mixed
        }
    }

    /// FNV-1a over the word's UTF-8 bytes.
    private static func hash(_ word: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}
