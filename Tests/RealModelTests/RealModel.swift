import Foundation
import ModelEngine
import Testing

/// The real model that the suites of this target run on: SmolLM2-135M-Instruct, Q4_1, as a GGUF file.
enum RealModel {
    /// The path in the environment variable `BRAID_MODEL`; the suites are skipped where it is unset.
    static let path = ProcessInfo.processInfo.environment["BRAID_MODEL"].flatMap { $0.isEmpty ? nil : $0 }

    /// What a skipped suite says.
    static let reason: Comment = "set BRAID_MODEL to the path of SmolLM2-135M-Instruct.Q4_1.gguf to run these tests"

    static var url: URL {
        get throws { URL(filePath: try #require(path, reason)) }
    }

    /// Loads the model anew.
    static func load(threads: Int) throws -> LanguageModel { try LanguageModel(contentsOf: url, threads: threads) }
}
