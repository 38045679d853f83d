/// The words of `rouge_score` 0.1.2: lower case, every run of anything but `a…z` and `0…9` is a blank.
///
/// Grammar: `[a-z0-9]+` in the lower-cased text. Accented letters and other scripts are lost: `Cristóbal` is `crist`,
/// `bal`. With stemming, words longer than three letters go through `PorterStemmer`.
public struct ClassicTokenizer: Hashable, Sendable {
    /// Whether words longer than three letters are stemmed.
    public let stems: Bool

    /// A tokenizer, without stemming unless asked.
    public init(stems: Bool = false) {
        self.stems = stems
    }

    /// The words of a text, in order.
    public func tokens(of text: some Sequence<Unicode.Scalar>) -> [String] {
        var words: [String] = []
        var word: [Unicode.Scalar] = []
        func finish() {
            guard !word.isEmpty else { return }
            let stem = stems && word.count > 3 ? PorterStemmer.stem(lowercase: word) : word
            if !stem.isEmpty { words.append(String(scalars: stem)) }
            word.removeAll(keepingCapacity: true)
        }
        for scalar in text {
            switch scalar.value {
            case 0x61...0x7A, 0x30...0x39: word.append(scalar)
            case 0x41...0x5A: word.append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
            // The two characters outside ASCII whose lower case holds an ASCII letter: K (Kelvin), and İ, which becomes
            // `i` and a combining dot.
            case 0x212A: word.append("k")
            case 0x130:
                word.append("i")
                finish()
            default: finish()
            }
        }
        finish()
        return words
    }
}
