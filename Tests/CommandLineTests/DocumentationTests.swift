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
            ("bench merge", "performance.md"), ("bench store", "performance.md"), ("query", "sql.md"),
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

    @Test("every test that SECURITY.md names is there")
    func securityTests() throws {
        let page = try String(contentsOf: Fixtures.root.appending(path: "SECURITY.md"), encoding: .utf8)
        let tests = Fixtures.root.appending(path: "Tests")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: tests.path).filter { $0.hasSuffix(".swift") }
        let names = page.matches(of: #/`(\w+Tests)(?:\.(\w+))?`/#)
        #expect(names.count > 20)
        for name in names {
            let files = paths.filter { $0.hasSuffix("/\(name.1).swift") }
            #expect(!files.isEmpty, "\(name.0)")
            guard let test = name.2 else { continue }
            let isThere = try files.contains {
                try String(contentsOf: tests.appending(path: $0), encoding: .utf8).contains("func \(test)")
            }
            #expect(isThere, "\(name.0)")
        }
        for file in page.matches(of: #/`([\w/]+\.swift)`/#) { #expect(paths.contains(String(file.1)), "\(file.1)") }
    }

    @Test("every method of the register has one row in methods.md, of five cells")
    func references() throws {
        let rows = try Self.guide("methods.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.map { String($0.split(separator: "`")[1]) } == MethodRegister.names)
        for row in rows { #expect(row.split(separator: "|").filter { $0.contains(/\S/) }.count == 5, "\(row)") }
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
