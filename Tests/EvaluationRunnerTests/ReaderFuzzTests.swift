import EvaluationRunner
import Foundation
import TestSupport
import Testing

/// Damaged profiles by the thousand: read, or refused in one line with file and message. See `Fuzz`.
@Suite(.timeLimit(.minutes(60))) struct ReaderFuzzTests {
    private static let whole = """
        # A profile with every key.
        format: braid-profile
        version: 1
        name: tiny
        title: "Tiny: a test"
        description: >-
          Two lines
          of words.
        build: tiny
        corpora:
          - {path: Corpora/tiny, format: columns, name: tiny, columns: {text: en}, languages: [{code: es, name: Spanish}]}
        seed: 3
        settings: [summarize+translate/es]
        test-documents: 2
        new-tokens: 6
        precision: int8
        sampling: {temperature: 0.7, top-k: 4, top-p: 0.9}
        system: 'Be kind.'
        sanity: true
        adapters: &a {rank: 2, alpha: 4.5, learning-rate: [1e-3, 2e-3], epochs: 1, batch-size: 2, warmup: 0.1}
        methods:
          - name: zero-shot
          - {name: ties, as: own, parameters: {weights: [1, 1]}, search: {density: [0.2, 0.5], budget: 12, per: family}}
        """

    @Test func profiles() throws {
        let fuzz = Fuzz("YAML", usual: 1500)
        let words = [
            "{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "#", "\"", "'", "|", ">-", "\n", "  ", "\t", "&b ", "*a",
            "*b", "<<: *a",
            "!!int ", "!!binary ", "!!set ", "!!python/object:os.system ", "!x ", "---\n", "...\n", "%YAML 1.1\n", "~",
            "null",
            "yes", ".nan", ".inf", "0x7fffffffffffffff", "0b1", "0o7", "12:30:45", "9223372036854775807:0",
            "2001-01-01", "=",
            "\\x1b", "\\uD800", "\\U0010FFFF", "name: ../../x\n", "seed: ", "version: ",
        ]
        var (read, refused) = (0, 0)
        let problems = fuzz.problems { mutator in
            let fragments =
                words + [
                    mutator.number(), mutator.nest("[", "]"), mutator.nest("{a: ", "}"), mutator.nest("- ", ""),
                    mutator.nest("? ", ""),
                ]
            let bytes = mutator.damaged(Self.whole, fragments: fragments, marks: "{}[],:-\n'\" &*")
            do throws(RunError) {
                _ = try Profile(text: String(decoding: bytes, as: UTF8.self), file: "damaged.yml")
                read += 1
                return []
            } catch {
                refused += 1
                let message = "\(error)"
                return faults(ofMessage: error.message, naming: nil)
                    + (message.hasPrefix("damaged.yml:")
                        ? [] : ["an error that does not name the file: \(message.prefix(200))"])
                    + (message.contains("\n") ? ["an error of several lines: \(message.prefix(200))"] : [])
            }
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(read > fuzz.count / 50 && refused > fuzz.count / 4, "\(read) \(refused)") }
    }

    @Test func theProfileThatIsDamagedIsWholeBefore() throws {
        #expect(try Profile(text: Self.whole, file: "whole.yml").methods.count == 2)
    }
}
