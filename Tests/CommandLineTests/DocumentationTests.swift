import AdapterMerging
import Foundation
import TestSupport
import Testing

@Suite("What the guides must name")
struct DocumentationTests {
    private static func guide(_ name: String) throws -> String {
        try String(contentsOf: Fixtures.url("../../docs/\(name)"), encoding: .utf8)
    }

    @Test(
        "every option of the commands for adapters and questions is in the guide",
        arguments: [
            ("merge", "adapters.md"), ("adapters list", "adapters.md"), ("adapters export", "adapters.md"),
            ("bench merge", "performance.md"), ("query", "sql.md"),
        ])
    func options(command: String, guide: String) throws {
        let help = try BraidBinary.run(command.split(separator: " ").map(String.init) + ["--help"]).output
        let options = Set(help.matches(of: #/(?m)^  (?:-\w, )?(--[a-z-]+)/#).map { String($0.1) })
        #expect(options.count > 2)
        let text = try Self.guide(guide)
        for option in options.subtracting(["--help", "--version"]).sorted() {
            #expect(text.contains(option), "\(command) \(option)")
        }
    }

    @Test("every method of the register is in the table of profiles.md with its parameters' names")
    func methods() throws {
        let text = try Self.guide("profiles.md")
        for method in MethodRegister.all.map({ $0.descriptor }) {
            #expect(text.contains("`\(method.name)`"), "\(method.name)")
            for parameter in method.parameters {
                #expect(text.contains("`\(parameter.name)`"), "\(method.name): \(parameter.name)")
            }
        }
    }
}
