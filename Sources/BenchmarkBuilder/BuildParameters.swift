import BenchmarkStore

/// Everything that decides what a build holds, beside the corpora's text and Braid's own instructions.
public struct BuildParameters: Codable, Hashable, Sendable {
    /// The build's name, which is also its folder's: lower-case letters, digits and hyphens.
    public var name: String
    /// Decides which documents go into which split, and their order.
    public var seed: Int64
    /// The corpora, each as `name` or `name@version`; a name alone must be stored in one version only.
    public var corpora: [String]
    /// How the documents of each kind are divided.
    public var shares: Shares
    /// The models whose annotations may be used as references, by name; none by default.
    ///
    /// An annotation is a model's text in a corpus that is not the model's own. Without a name here, references are
    /// the sources' own.
    public var annotations: [String]

    /// How the documents of each kind are divided.
    public struct Shares: Codable, Hashable, Sendable {
        /// What summaries are written of: 60, 10 and 30 by default.
        public var dialogue: SplitShares
        /// What replies are written to: 60, 10 and 30 by default.
        public var conversation: SplitShares
        /// What translators train on: 90, 5 and 5 by default.
        public var sentence: SplitShares
        /// What writers of tones train on: 90, 5 and 5 by default.
        public var message: SplitShares

        /// The shares of every kind; compositions are tested on dialogues and conversations, so these keep more for
        /// that.
        public init(
            dialogue: SplitShares = SplitShares(train: 60, validation: 10, test: 30),
            conversation: SplitShares = SplitShares(train: 60, validation: 10, test: 30),
            sentence: SplitShares = SplitShares(train: 90, validation: 5, test: 5),
            message: SplitShares = SplitShares(train: 90, validation: 5, test: 5)
        ) {
            self.dialogue = dialogue
            self.conversation = conversation
            self.sentence = sentence
            self.message = message
        }

        /// The shares of one kind.
        public subscript(kind: DocumentKind) -> SplitShares {
            switch kind {
            case .dialogue: dialogue
            case .conversation: conversation
            case .sentence: sentence
            case .message: message
            }
        }
    }

    /// The parameters of a build, with the usual shares unless said otherwise.
    public init(
        name: String, seed: Int64 = 1, corpora: [String], shares: Shares = Shares(), annotations: [String] = []
    ) {
        self.name = name
        self.seed = seed
        self.corpora = corpora
        self.shares = shares
        self.annotations = Set(annotations.map { $0.hasPrefix("model:") ? String($0.dropFirst(6)) : $0 }).sorted()
    }

    private enum CodingKeys: String, CodingKey { case name, seed, corpora, shares, annotations }

    /// Reads parameters, also of builds that were made before there were annotations.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            seed: try container.decode(Int64.self, forKey: .seed),
            corpora: try container.decode([String].self, forKey: .corpora),
            shares: try container.decode(Shares.self, forKey: .shares),
            annotations: try container.decodeIfPresent([String].self, forKey: .annotations) ?? [])
    }

    /// Writes parameters; annotations only where there are any, so that other builds keep their content hash.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(seed, forKey: .seed)
        try container.encode(corpora, forKey: .corpora)
        try container.encode(shares, forKey: .shares)
        if !annotations.isEmpty { try container.encode(annotations, forKey: .annotations) }
    }

    /// Refuses what no build can be made of.
    ///
    /// - Throws: `BuildError` with code `parameters` and the parameter's name as key.
    public func validate() throws(BuildError) {
        guard name.isSlug else {
            throw BuildError(
                .parameters, "the build's name must be lower-case letters, digits and hyphens: \"\(name)\"", key: "name"
            )
        }
        guard !corpora.isEmpty else {
            throw BuildError(.parameters, "name at least one corpus to build from", key: "corpora")
        }
        for kind in DocumentKind.allCases {
            let shares = self.shares[kind]
            guard Split.allCases.allSatisfy({ (0...SplitShares.largest).contains(shares[$0]) }), shares.sum > 0 else {
                throw BuildError(
                    .parameters,
                    "the shares of \(kind.rawValue) must be whole numbers from 0 to \(SplitShares.largest), not all 0",
                    key: "shares.\(kind.rawValue)")
            }
        }
    }
}

/// How a number of documents is divided among the splits: whole numbers in proportion, such as 60, 10 and 30.
public struct SplitShares: Codable, Hashable, Sendable {
    /// The part to train on.
    public var train: Int
    /// The part to choose hyper-parameters on.
    public var validation: Int
    /// The part to test on.
    public var test: Int

    /// The largest share that is accepted, so that products cannot overflow.
    public static let largest = 1_000_000

    /// Shares in proportion; they need not add up to 100.
    public init(train: Int, validation: Int, test: Int) {
        self.train = train
        self.validation = validation
        self.test = test
    }

    /// The share of one split.
    public subscript(split: Split) -> Int {
        switch split {
        case .train: train
        case .validation: validation
        case .test: test
        }
    }

    /// The shares together.
    public var sum: Int { train + validation + test }

    /// How many of `count` documents go into each split, by largest remainder; the counts add up to `count`.
    ///
    /// Of equal remainders the first of train, test and validation is rounded up.
    ///
    /// - Precondition: the shares are not negative and not all 0.
    public func counts(of count: Int) -> [Split: Int] {
        precondition(sum > 0, "shares must not all be 0")
        var counts: [Split: Int] = [:]
        for split in Split.allCases { counts[split] = count * self[split] / sum }
        let left = count - counts.values.reduce(0, +)
        let byRemainder = [Split.train, .test, .validation].enumerated().sorted { first, second in
            let remainders = (count * self[first.element] % sum, count * self[second.element] % sum)
            return remainders.0 == remainders.1 ? first.offset < second.offset : remainders.0 > remainders.1
        }
        for (_, split) in byRemainder.prefix(left) { counts[split, default: 0] += 1 }
        return counts
    }
}
