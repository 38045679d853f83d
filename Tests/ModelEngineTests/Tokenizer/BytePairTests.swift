import Foundation
import ModelEngine
import TestSupport
import Testing

/// The fast merging against the definition: find the pair of least rank, leftmost first, join it, start again.
struct BytePairTests {
    private let tokenizer: Tokenizer
    private let ranks: [[UInt8]: Int]

    init() throws {
        let file = try GGUFFile(contentsOf: Fixtures.url("tiny/tiny-llama.gguf"))
        tokenizer = try Tokenizer(gguf: file)
        var ranks: [[UInt8]: Int] = [:]
        for (rank, merge) in try file.metadata.strings("tokenizer.ggml.merges").enumerated() {
            ranks[Array(merge.utf8)] = rank
        }
        self.ranks = ranks
    }

    /// Letters only, so that symbols are written as in the file.
    private func reference(_ word: String) -> [String] {
        var symbols = word.map(String.init)
        while true {
            var best: (rank: Int, index: Int)?
            for index in symbols.indices.dropLast() {
                guard let rank = ranks[Array("\(symbols[index]) \(symbols[index + 1])".utf8)] else { continue }
                if rank < best?.rank ?? .max { best = (rank, index) }
            }
            guard let best else { return symbols }
            symbols[best.index] += symbols.remove(at: best.index + 1)
        }
    }

    @Test(arguments: [1, 2, 3, 5, 8, 20, 60, 255, 256, 257, 258, 400, 701])
    func mergesAreTheLeastRankFirst(_ length: Int) {
        let letters = Array("theandeinorsbclfw")
        var random = UInt64(length)
        for _ in 0..<(length > 100 ? 3 : 30) {
            let word = String(
                (0..<length).map { _ in
                    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return letters[Int((random >> 33) % UInt64(letters.count))]
                })
            let pieces = tokenizer.encode(word).map { tokenizer.decode([$0]) }
            #expect(pieces == reference(word), "\(word)")
        }
    }

    @Test func ofEqualPairsTheLeftmostMergesFirst() throws {
        var builder = GGUFBuilder()
        builder.pairs = [
            ("tokenizer.ggml.model", .string("gpt2")), ("tokenizer.ggml.pre", .string("gpt-2")),
            ("tokenizer.ggml.tokens", .strings(["a", "aa", "aaa"])),
            ("tokenizer.ggml.merges", .strings(["a a", "aa a"])),
            ("tokenizer.ggml.eos_token_id", .uint32(0)),
        ]
        let folder = try ScratchFolder()
        let tokenizer = try Tokenizer(gguf: builder.open(in: folder))
        #expect(tokenizer.encode("aaa") == [2])
        #expect(tokenizer.encode("aaaaa") == [1, 2])
        // The heap takes over for long pieces; an odd number of letters leaves one for "aa a" at the end.
        #expect(tokenizer.encode(String(repeating: "a", count: 601)) == Array(repeating: 1, count: 299) + [2])
    }
}
