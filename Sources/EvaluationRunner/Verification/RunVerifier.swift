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
        /// What did not come out as it was stored, in the order of the stored answers.
        public let differences: [Difference]
    }

    private let run: RunRecord
    private let database: BenchmarkDatabase
    private let adapterFolder: URL

    /// A verification of one run of a database.
    ///
    /// - Throws: `RunError` with `unreadable` where another Braid made the run, or its precision is unknown.
    public init(_ run: RunRecord, of database: BenchmarkDatabase, adapterFolder: URL) throws {
        self.run = run
        self.database = database
        self.adapterFolder = adapterFolder
        guard run.braidVersion == BraidVersion.current else {
            throw RunError(
                .unreadable,
                "run \(run.id) was made by Braid \(run.braidVersion), this is \(BraidVersion.current); verify it with that one"
            )
        }
        guard let precision = WeightPrecision(rawValue: run.precision) else {
            throw RunError(.unreadable, "run \(run.id) has the unknown precision '\(run.precision)'")
        }
        self.precision = precision
    }

    /// How the run's model must be loaded.
    public let precision: WeightPrecision

    /// Whether a file is the run's model.
    ///
    /// - Throws: `RunError` with `unreadable` where it is another one.
    public func checkModel(at url: URL) throws {
        let path = url.path(percentEncoded: false)
        let hash = try ContentHash(ofFileAt: path).hex
        let known = try database.models().first { $0.id == run.modelID }
        guard known?.sha256 == hash else {
            throw RunError(
                .unreadable, "this is not the run's model, \(known?.fileName ?? "which is unknown"); give that one",
                file: path)
        }
    }

    /// Makes answers again.
    ///
    /// - Parameters:
    ///   - count: how many answers; all where there are fewer.
    ///   - seed: decides which.
    /// - Throws: `RunError` with `unreadable` where this model is not the run's, with `stopped`, and what the run and the
    ///   store throw.
    public func verify(
        _ count: Int, seed: UInt64, model: LanguageModel, shouldStop: @escaping () -> Bool = { false },
        onEvent: @escaping (RunEvent) -> Void = { _ in }
    ) throws -> Outcome {
        try checkModel(at: model.url)
        let temporary = FileManager.default.temporaryDirectory
        AsideName.removeAbandoned(in: temporary, for: Self.scratchName)
        let scratch = temporary.appending(path: AsideName.make(for: Self.scratchName))
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let path = scratch.appending(path: "braid.sqlite").path(percentEncoded: false)
        try database.copy(to: path)
        let folder = try linkedAdapters(in: scratch)
        let copy = try BenchmarkDatabase(path: path)
        defer { try? copy.close() }

        let profile = try Profile(text: run.profileText, file: "the profile of run \(run.id)")
        let evaluation = try Evaluation(
            profile: profile,
            surroundings: .init(database: copy, adapterFolder: folder, commit: run.commitHash))
        let modelHash = try ContentHash(ofFileAt: model.url.path(percentEncoded: false)).hex
        guard evaluation.runKey(modelHash: modelHash, precision: model.precision) == run.runKey else {
            throw RunError(
                .unreadable,
                "run \(run.id) cannot be taken up again: its key does not follow from its profile and build")
        }
        let chosen = try Self.sample(count, of: copy.predictionIDs(ofRun: run.id), seed: seed)
        let stored = try chosen.compactMap { try copy.answer($0) }
        try copy.deletePredictions(chosen)
        _ = try evaluation.run(
            model: model, only: Set(stored.map { .init(cell: $0.cellID, example: $0.exampleID) }),
            shouldStop: shouldStop, onEvent: onEvent)
        return Outcome(
            answers: stored.count, cells: Set(stored.map(\.cellID)).count,
            differences: try stored.flatMap { answer in
                let found = try copy.predictionID(cell: answer.cellID, example: answer.exampleID)
                return Self.differences(answer, try found.flatMap { try copy.answer($0) })
            })
    }

    private static let scratchName = "braid-verify"

    /// A folder of links to the adapters, so that nothing is written among them.
    private func linkedAdapters(in scratch: URL) throws -> URL {
        let folder = scratch.appending(path: "Adapters")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: adapterFolder.path(percentEncoded: false))) ?? []
        for name in names where !name.hasPrefix(".") {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: name),
                withDestinationURL: adapterFolder.absoluteURL.appending(path: name).standardizedFileURL)
        }
        return folder
    }

    private static func sample(_ count: Int, of ids: [Int64], seed: UInt64) -> [Int64] {
        var generator = SeededGenerator(seed: seed, purpose: "verification")
        var left = ids
        var chosen: [Int64] = []
        while chosen.count < count, !left.isEmpty {
            let index = generator.nextIndex(below: left.count)
            chosen.append(left[index])
            left.swapAt(index, left.count - 1)
            left.removeLast()
        }
        return chosen.sorted()
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
