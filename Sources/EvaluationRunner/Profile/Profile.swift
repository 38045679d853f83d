import AdapterMerging
import BenchmarkStore
import Foundation
import ModelEngine
import Yams

/// What to run: the build, settings, methods, sizes and seeds that a YAML file under `Benchmark/` names.
///
/// ```yaml
/// format: braid-profile
/// version: 1
/// name: quick
/// build: everyday
/// settings: all
/// methods:
///   - name: zero-shot
/// ```
public struct Profile: Sendable, Equatable {
    /// Which settings: all of the build, or those named.
    public enum Settings: Sendable, Equatable {
        case all
        case named([String])
    }

    /// A method with the parameters that the profile gives it.
    public struct Method: Sendable, Equatable {
        /// The method's name in the register.
        public var name: String
        /// The name of this variant in the run, where it has one of its own.
        public var alias: String?
        public var parameters: [String: ParameterValue]
        /// What is searched on the validation split; nil where all parameters are fixed.
        public var search: ProfileSearch?
    }

    /// How the single-task adapters are trained.
    public struct Adapters: Sendable, Equatable, Codable {
        public var rank: Int
        public var alpha: Double
        /// The highest learning rate; of several, each task takes the one with the least validation loss.
        public var learningRates: [Double]
        public var epochs: Int
        public var batchSize: Int
        public var warmup: Double
        public var weightDecay: Double
        /// The most training examples for one task; nil takes all.
        public var trainExamples: Int?
        /// The most validation examples, by which the best epoch and learning rate are chosen; 0 keeps the last epoch.
        public var validationExamples: Int
    }

    public var name: String
    public var title: String
    public var description: String
    /// Name of the build in the database.
    public var build: String
    /// The corpora that the build is made of; empty where the profile leaves that to `braid ingest` and `braid build`.
    public var corpora: [ProfileCorpus]
    public var seed: UInt64
    public var settings: Settings
    /// The most test documents of a setting; nil takes all.
    public var testDocuments: Int?
    /// The most tokens of an answer.
    public var newTokens: Int
    /// How the base weights are held while answers are made; adapters are always trained in float32.
    public var precision: WeightPrecision
    /// How tokens are chosen; greedy unless the profile says otherwise.
    public var sampling: SamplingOptions
    /// The system message of every prompt; nil leaves the system block out.
    public var system: String?
    /// Whether the sanity rows are part of the run.
    public var sanity: Bool
    public var adapters: Adapters
    public var methods: [Method]
    /// The file as it was read, and its SHA-256.
    public var text: String
    public var hash: String
    /// Where it was read from.
    public var file: String

    /// Reads and checks a profile.
    ///
    /// - Throws: `RunError.badProfile` naming the file, the key and what to do.
    public init(contentsOf url: URL) throws(RunError) {
        // One byte more than is taken, so that a file without end shows.
        guard let handle = try? FileHandle(forReadingFrom: url),
            let data = try? handle.read(upToCount: YAMLText.longest + 1) ?? Data()
        else {
            throw RunError(.badProfile, "the file cannot be read; is the path right?", file: url.relativePath)
        }
        guard data.count <= YAMLText.longest else {
            throw RunError(
                .badProfile, "has more than \(YAMLText.longest) bytes; is this a profile?", file: url.relativePath)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw RunError(.badProfile, "the file is not UTF-8; save it as that", file: url.relativePath)
        }
        try self.init(text: text, file: url.relativePath)
    }

    /// Reads and checks a profile's text.
    ///
    /// - Throws: `RunError.badProfile`.
    public init(text: String, file: String) throws(RunError) {
        let raw: ProfileFile
        do {
            raw = try ProfileFile.decode(text)
        } catch {
            let problem =
                error as? ProfileFile.Fault
                ?? ProfileFile.Fault(key: ProfileFile.path(of: error), message: ProfileFile.words(for: error))
            var fault = RunError(.badProfile, problem.message, file: file, key: problem.key).placed(in: text)
            if !(error is ProfileFile.Fault) { fault.line = fault.line ?? ProfileLines.line(of: error) }
            // Keys and values of the file stand in it, and may be long or hold line breaks.
            fault.message = VisibleText.line(fault.message, limit: 2_000)
            fault.key = fault.key.map { VisibleText.line($0, limit: 200) }
            throw fault
        }
        name = raw.name
        title = raw.title ?? raw.name
        description = raw.description ?? ""
        build = raw.build
        corpora = raw.corpora ?? []
        seed = raw.seed ?? 1
        settings = raw.settings
        testDocuments = raw.testDocuments
        newTokens = raw.newTokens ?? 64
        precision = raw.precision ?? .float32
        sampling = raw.sampling?.resolved(seed: raw.seed ?? 1) ?? SamplingOptions()
        system = raw.system
        sanity = raw.sanity ?? true
        adapters = raw.adapters.resolved
        methods = raw.methods.map {
            Method(name: $0.name, alias: $0.alias, parameters: $0.parameters ?? [:], search: $0.search)
        }
        self.text = text
        self.file = file
        hash = ContentHash(of: text).hex
    }

    /// The methods, made with their parameters.
    ///
    /// - Throws: `RunError.unknownMethod` naming the entry.
    public func makeMethods() throws(RunError) -> [any CompositionMethod] {
        var made: [any CompositionMethod] = []
        for (index, method) in methods.enumerated() {
            do {
                made.append(try MethodRegister.make(name: method.name, parameters: MethodParameters(method.parameters)))
            } catch {
                throw RunError(.unknownMethod, "\(error)", file: file, key: "methods[\(index)]").placed(in: text)
            }
        }
        return made
    }

    /// The searches that the profile asks for, one place for each method.
    ///
    /// - Throws: `RunError.badProfile` naming the key, and what `makeMethods` throws.
    func makeSearches() throws(RunError) -> [PlannedSearch?] {
        var searches: [PlannedSearch?] = []
        for (index, made) in try makeMethods().enumerated() {
            let method = methods[index]
            guard let search = method.search else {
                searches.append(nil)
                continue
            }
            let recipe: SearchRecipe
            do {
                recipe = try search.recipe(
                    for: method.name, fixed: method.parameters, file: file, key: "methods[\(index)].search")
            } catch {
                throw error.placed(in: text)
            }
            searches.append(
                PlannedSearch(search, method: made, fixed: MethodParameters(method.parameters), recipe: recipe))
        }
        return searches
    }
}
