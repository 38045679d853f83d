import BenchmarkStore
import Foundation
import ModelEngine
import SeededRandom

/// Makes a sample of a run's answers again and compares them with those that are stored, to the letter.
///
/// It works on a copy of the database, from which the sampled answers are taken out: the run then goes on there as
/// after an interruption. Adapters are read where they lie; one that is missing or changed is trained anew, in the copy.
public struct RunVerifier {
    /// What is not as it was stored.
    public struct Difference: Hashable, Sendable {
        /// Where it is.
        public let method, setting, document: String
        /// `answer`, or the signature of a metric.
        public let what: String
        /// What the database holds, and what came out.
        public let stored, found: String
    }

    /// What a verification looked at and found.
    public struct Outcome: Sendable {
        /// Answers that were made again, and the cells that they are of.
        public let answers, cells: Int
        public let differences: [Difference]
    }

    private let run: RunRecord
    private let database: BenchmarkDatabase
    private let adapterFolder: URL

    /// A verification of one run of a database.
    public init(_ run: RunRecord, of database: BenchmarkDatabase, adapterFolder: URL) {
        self.run = run
        self.database = database
        self.adapterFolder = adapterFolder
    }

    /// Makes answers again.
    ///
    /// - Parameters:
    ///   - count: how many answers; all where there are fewer.
    ///   - seed: decides which.
    /// - Throws: `RunError` with `unreadable` where this program or model is not the run's, with `stopped`, and what the
    ///   run and the store throw.
    public func verify(
        _ count: Int, seed: UInt64, model: LanguageModel, shouldStop: @escaping () -> Bool = { false },
        onEvent: @escaping (RunEvent) -> Void = { _ in }
    ) throws -> Outcome {
        try checkProgram(and: model)
        let scratch = FileManager.default.temporaryDirectory.appending(path: "braid-verify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let path = scratch.appending(path: "braid.sqlite").path(percentEncoded: false)
        try database.copy(to: path)
        let folder = try linkedAdapters(in: scratch)
        let copy = try BenchmarkDatabase(path: path)
        defer { try? copy.close() }

        let stored = try Self.sample(count, of: copy.answers(ofRun: run.id), seed: seed)
        try copy.deletePredictions(stored.map(\.predictionID))
        let profile = try Profile(text: run.profileText, file: "the profile of run \(run.id)")
        let evaluation = try Evaluation(
            profile: profile,
            surroundings: .init(database: copy, adapterFolder: folder, commit: run.commitHash))
        let again = try evaluation.run(model: model, shouldStop: shouldStop, onEvent: onEvent)
        guard again == run.id else {
            throw RunError(.unreadable, "the run could not be taken up again: its key is no longer that of its profile")
        }
        let found = Dictionary(
            try copy.answers(ofRun: run.id).map { (Place($0), $0) }, uniquingKeysWith: { first, _ in first })
        return Outcome(
            answers: stored.count, cells: Set(stored.map { [$0.method, $0.setting] }).count,
            differences: stored.flatMap { Self.differences($0, found[Place($0)]) })
    }

    private func checkProgram(and model: LanguageModel) throws {
        guard run.braidVersion == BraidVersion.current else {
            throw RunError(
                .unreadable,
                "run \(run.id) was made by Braid \(run.braidVersion), this is \(BraidVersion.current); verify it with that one"
            )
        }
        let path = model.url.path(percentEncoded: false)
        let hash = try ContentHash(ofFileAt: path).hex
        let known = try database.models().first { $0.id == run.modelID }
        guard known?.sha256 == hash else {
            throw RunError(
                .unreadable, "this is not the run's model, \(known?.fileName ?? "which is unknown"); give that one",
                file: path)
        }
    }

    /// A folder of links to the adapters, so that nothing is written among them.
    private func linkedAdapters(in scratch: URL) throws -> URL {
        let folder = scratch.appending(path: "Adapters")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: adapterFolder.path(percentEncoded: false))) ?? []
        for name in names where !name.hasPrefix(".") {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: name),
                withDestinationURL: adapterFolder.appending(path: name).standardizedFileURL)
        }
        return folder
    }

    private static func sample(_ count: Int, of answers: [StoredAnswer], seed: UInt64) -> [StoredAnswer] {
        var generator = SeededGenerator(seed: seed, purpose: "verification")
        var left = answers
        var chosen: [StoredAnswer] = []
        while chosen.count < count, !left.isEmpty {
            let index = generator.nextIndex(below: left.count)
            chosen.append(left[index])
            left.swapAt(index, left.count - 1)
            left.removeLast()
        }
        return chosen.sorted { $0.predictionID < $1.predictionID }
    }

    /// An answer is known by what it answers; its number is another one when it is made again.
    private struct Place: Hashable {
        let method, setting: String
        let example: Int64

        init(_ answer: StoredAnswer) {
            (method, setting, example) = (answer.method, answer.setting, answer.exampleID)
        }
    }

    private static func differences(_ stored: StoredAnswer, _ found: StoredAnswer?) -> [Difference] {
        func difference(_ what: String, _ one: String, _ other: String) -> Difference? {
            one == other
                ? nil
                : Difference(
                    method: stored.method, setting: stored.setting, document: stored.document, what: what, stored: one,
                    found: other)
        }
        let answer = difference("answer", stored.text, found?.text ?? "none")
        let first = difference("first pass", stored.intermediate ?? "none", found?.intermediate ?? "none")
        let signatures = Set(stored.scores.keys).union(found?.scores.keys.map(\.self) ?? []).sorted()
        let scores = signatures.compactMap { signature in
            difference(
                signature, stored.scores[signature].map { "\($0)" } ?? "none",
                found?.scores[signature].map { "\($0)" } ?? "none")
        }
        return [answer, first].compactMap { $0 } + scores
    }
}
