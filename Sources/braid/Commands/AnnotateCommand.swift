import ArgumentParser
import BenchmarkBuilder
import BenchmarkStore
import CorpusIngest
import EvaluationRunner
import Foundation

/// `braid annotate`: fills missing references with a model.
struct AnnotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate",
        abstract: "Fills missing translations, tones, summaries and replies of a corpus with a model.",
        discussion: """
            The model is the embedded one (--model), or any server that speaks OpenAI's chat completions (--server); its \
            key is read from BRAID_API_KEY. Every text is marked with the model's name, and `braid build` uses such texts \
            only where it is told to (--annotations NAME). Answers are kept: asking again asks only for what is missing.

            Examples:
              braid annotate dialogsum --translation es --translation fr --limit 100
              braid annotate alexa-pov --tone "witty=in a witty tone" --server http://localhost:8080/v1 --server-model qwen3
            """)

    @Argument(help: "The corpus, by name or name@version.")
    var corpus: String

    @Option(help: "A language to fill in, as code or code=Name. Repeat for several.")
    var translation: [String] = []

    @Option(help: "A tone to fill in, as name=words for prompts. Repeat for several.")
    var tone: [String] = []

    @Option(help: "Only documents of this kind. Repeat for several.")
    var kind: [DocumentKind] = []

    @Option(help: "Only the first so many documents.")
    var limit: Int?

    @Option(help: "The most tokens of an answer; longer ones are not kept.")
    var newTokens = 256

    @Option(help: "Address of a server, such as http://localhost:8080/v1.")
    var server: String?

    @Option(help: "Name of the model on the server.")
    var serverModel: String?

    @Option(help: "Requests to the server at once.")
    var parallel = 4

    @OptionGroup var model: ModelOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard (server == nil) == (serverModel == nil) else {
            throw ValidationError("--server and --server-model belong together.")
        }
        guard serverModel != "" else { throw ValidationError("--server-model must name a model.") }
        guard (1...4096).contains(newTokens), (1...64).contains(parallel), (limit ?? 1) >= 1 else {
            throw ValidationError("--new-tokens must be 1 to 4096, --parallel 1 to 64, --limit at least 1.")
        }
    }

    func run() throws {
        let database = try store.open()
        let found = try database.corpora().filter { $0.name == corpus || "\($0.name)@\($0.version)" == corpus }
        guard let record = found.first, found.count == 1 else {
            let known = try database.corpora().map { "\($0.name)@\($0.version)" }.joined(separator: ", ")
            throw CommandError(
                .unknownName,
                "\(store.database): \(corpus) is not one corpus of it (it has: \(known)); name one of them")
        }
        let wishes = Annotator.Wishes(
            languages: try SourceArguments.languages(translation).map {
                Targets.Language(code: $0.code, name: $0.name)
            },
            tones: try SourceArguments.tones(tone).map { Targets.Tone(name: $0.name, instruction: $0.instruction) },
            kinds: kind.isEmpty ? DocumentKind.allCases : kind, limit: limit, maximumTokens: newTokens)
        guard !wishes.languages.contains(where: { $0.code == record.language }) else {
            throw CommandError(
                .badArgument, "\(record.name) is written in \(record.language): name another --translation")
        }
        Interrupt.listen()
        let console = store.console
        try RunCommand.stopping {
            let report = try Annotator(database, model: try annotatingModel()).run(
                corpus: record, wishes, shouldStop: { Interrupt.isAsked },
                onProgress: { console.progress("\($0.added) of \($0.missing) texts added") })
            console.say(
                "\(record.name): \(report.missing) texts were missing, \(report.added) added (\(report.cached) from earlier "
                    + "answers), \(report.refused) answers not kept: cut off, empty or a copy")
        }
    }

    private func annotatingModel() throws -> any AnnotatingModel {
        guard let server, let serverModel else { return EmbeddedAnnotator(try model.load()) }
        guard let address = URL(string: server), ["http", "https"].contains(address.scheme), address.host() != nil
        else {
            throw CommandError(
                .badArgument, "--server \(server) is no address: it must begin with http:// or https://")
        }
        return ChatServer(
            address: address, name: serverModel, key: ProcessInfo.processInfo.environment["BRAID_API_KEY"],
            parallel: parallel)
    }
}
