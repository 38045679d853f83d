import BenchmarkStore
import Foundation
import ReportRendering

/// An invented run: small, and the same every time.
struct SampleRun {
    struct Method {
        let name, title, family: String
        /// Mean score, and how far documents lie apart.
        let level, spread: Double
        var rightLanguage = 0.9
    }

    static let methods = [
        Method(name: "reference", title: "Reference", family: "sanity", level: 100, spread: 0, rightLanguage: 1),
        Method(name: "copy", title: "Copy of the input", family: "sanity", level: 11, spread: 2, rightLanguage: 0),
        Method(name: "zero-shot", title: "Zero-shot", family: "no adapter", level: 10.5, spread: 4, rightLanguage: 0.3),
        Method(
            name: "main-lora", title: "Main-task LoRA", family: "one adapter", level: 15, spread: 5, rightLanguage: 0.1),
        Method(name: "joint-expert", title: "Joint-expert LoRA", family: "costly reference", level: 33, spread: 6),
        Method(name: "linear", title: "Linear", family: "data-free merge", level: 19, spread: 5, rightLanguage: 0.6),
        Method(name: "ties", title: "TIES", family: "data-free merge", level: 18.5, spread: 5, rightLanguage: 0.5),
        Method(
            name: "learnable-calibration", title: "Learnable Calibration", family: "learned", level: 27, spread: 5),
        Method(
            name: "learnable-calibration-plus", title: "Learnable Calibration++", family: "learned", level: 29,
            spread: 5),
    ]

    static let targets: [(kind: String, name: String, label: String)] = [
        ("language", "es", "Spanish"), ("language", "fr", "French"), ("language", "de", "German"),
        ("tone", "professional", "professional"), ("tone", "casual", "casual"), ("tone", "witty", "witty"),
        ("tone", "paraphrase", "paraphrase"),
    ]

    /// Numbers in 0..<1 that look random and are the same everywhere.
    static func noise(_ parts: Int...) -> Double {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        for part in parts {
            state = (state ^ UInt64(truncatingIfNeeded: part)) &* 0xbf58_476d_1ce4_e5b9
            state ^= state >> 29
        }
        return Double(state >> 40) / Double(1 << 24)
    }

    static let signatures = ["rougeL", "rougeW"].map {
        "\($0)|nrefs:1|case:fold|norm:nfc|tok:unicode|stem:none|version:braid-2"
    }
    static let languageSignature = "language|langs:de+en+es+fr|version:braid-2"
    static let metrics = [
        MetricRecord(signature: signatures[0], name: "rougeL"), MetricRecord(signature: signatures[1], name: "rougeW"),
        MetricRecord(signature: languageSignature, name: "language", scale: "0-1"),
    ]

    static func hash(_ digit: Character) -> String { String(repeating: digit, count: 64) }

    /// What one method scores on one document in one setting.
    static func score(_ method: Int, _ document: Int, _ setting: Int) -> Double {
        let method = methods[method]
        let shared = noise(document, 7) - 0.5
        let own = noise(document, setting, Int(method.level * 10)) - 0.5
        let value = method.level + method.spread * (1.6 * shared + 1.2 * own)
        // Whole hundredths, as short decimals are the same in every sum.
        return (min(max(value, 0), 100) * 100).rounded() / 100
    }
}

extension SampleRun {
    /// The rows of a run, without a database.
    static func input(
        documents: Int = 8, methods wanted: [String]? = nil,
        dropping isMissing: (String, String, Int) -> Bool = { _, _, _ in false },
        output: String = "A short answer.", title: String? = nil
    ) -> ReportInput {
        let chosen = methods.indices.filter { wanted?.contains(methods[$0].name) ?? true }
        var input = ReportInput(run: run)
        input.methods = chosen.map {
            MethodFacts(
                name: methods[$0].name, title: title ?? methods[$0].title, family: methods[$0].family, position: $0)
        }
        input.metrics = metrics.map {
            MetricFacts(signature: $0.signature, name: $0.name, direction: $0.direction.rawValue, scale: $0.scale)
        }
        for (index, target) in targets.enumerated() where index != 5 && index != 6 {
            let auxiliary = target.kind == "language" ? "translate" : "rewrite"
            let name = "summarize+\(auxiliary)/\(target.name)"
            input.settings.append(
                SettingFacts(
                    name: name, family: "summarize+\(auxiliary)", main: "summarize", targetKind: target.kind,
                    target: target.name, targetLabel: target.label, instruction: "Summarise."))
            for method in chosen {
                let present = (0..<documents).filter { !isMissing(methods[method].name, name, $0) }
                input.cells.append(
                    CellFacts(
                        method: methods[method].name, setting: name, expected: documents, complete: present.count))
                for document in present {
                    func add(_ signature: String, _ value: Double) {
                        input.scores.append(
                            ScoreFacts(
                                method: methods[method].name, setting: name, document: Int64(document),
                                cluster: "c\(document)", signature: signature, value: value))
                    }
                    add(signatures[0], score(method, document, index))
                    add(languageSignature, noise(document, index, method) < methods[method].rightLanguage ? 1 : 0)
                }
                input.examples.append(
                    OutputFacts(
                        method: methods[method].name, setting: name, documentKey: "sample/d1", input: output,
                        instruction: "Summarise.", reference: output, referenceOrigin: "project", output: output,
                        intermediate: output))
            }
        }
        return input
    }

    static var run: RunFacts {
        RunFacts(
            key: "sample-1", profileName: "sample", profileHash: hash("a"), profileText: "version: 1\nname: sample\n",
            model: RunFacts.Model(
                name: "Tiny", fileName: "tiny.gguf", architecture: "llama", fileType: "F32", sha256: hash("b"),
                bytes: 1_000_000, parameters: 250_000),
            build: RunFacts.Build(name: "sample", contentHash: hash("c"), seed: 1, parameters: "{}"),
            corpora: [
                RunFacts.Corpus(
                    name: "sample", version: "1", title: "Sample", licence: "Apache-2.0", citation: "",
                    language: "en", origin: "project", contentHash: hash("d"))
            ], seed: 7, version: "0.1.0", precision: "f32", decoding: "{\"mode\":\"greedy\"}")
    }
}
