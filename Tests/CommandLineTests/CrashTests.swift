import BenchmarkStore
import EvaluationSupport
import Foundation
import GRDB
import SeededRandom
import TestSupport
import Testing

/// Processes that die at any moment: what they have finished stays, and the next one goes on as if nothing had been.
@Suite("A process that is killed", .serialized)
struct CrashTests {
    /// How many processes are killed in a test.
    private static let kills = Int(ProcessInfo.processInfo.environment["BRAID_KILLS"] ?? "") ?? 100

    private static let predictions =
        "SELECT id, cell_id, example_id, text, seconds, created_at FROM predictions ORDER BY id"
    private static let outputs =
        "SELECT method, setting, document_key, output, coalesce(intermediate, ''), finish FROM outputs ORDER BY 1, 2, 3"
    private static let adapters = "SELECT task, kind, recipe_hash, sha256 FROM adapters ORDER BY 1, 2, 3"

    /// Kills processes of a verb at random moments, over and over on new benchmarks, and looks at what is left each time.
    private func killAtRandom(_ verb: String, upTo longest: Duration, check: (TinyPlace) throws -> Void) throws {
        var generator = SeededGenerator(seed: 11, purpose: "kills of \(verb)")
        var kills = 0
        var finished = 0
        var halfway = 0
        let limit = ContinuousClock.now + .seconds(600)
        while kills < Self.kills {
            let place = try TinyPlace()
            var known: [String] = []
            while true {
                try #require(ContinuousClock.now < limit, "\(kills) kills in ten minutes")
                let process = try place.start(verb)
                Thread.sleep(forTimeInterval: generator.nextUniform() * (longest / .seconds(1)))
                let wasAlive = process.isRunning
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                try place.checkIntegrity()
                try place.checkAdapters()
                let now = try place.rows(Self.predictions)
                #expect(Set(known).isSubset(of: now), "a finished prediction was lost or made anew")
                if !now.isEmpty, now != known { halfway += 1 }
                known = now
                guard wasAlive, process.terminationReason == .uncaughtSignal else { break }
                kills += 1
            }
            #expect(try place.run(verb).status == 0)
            try check(place)
            finished += 1
        }
        #expect(finished > 0)
        // Some of the moments lay between the first answer and the last, else nothing was tried.
        if verb == "run" { #expect(halfway > 0) }
    }

    @Test("loses no finished prediction, makes none twice, and ends in the same report to the byte")
    func run() throws {
        let whole = try TinyPlace()
        let begin = ContinuousClock.now
        #expect(try whole.run("run").status == 0)
        let time = ContinuousClock.now - begin
        let (outputs, adapters) = (try whole.rows(Self.outputs), try whole.rows(Self.adapters))
        let report = try whole.report()
        #expect(outputs.count == 19 * 2 * 2)
        try killAtRandom("run", upTo: time) { (place: TinyPlace) throws in
            #expect(try place.rows(Self.outputs) == outputs)
            #expect(try place.rows(Self.adapters) == adapters)
            #expect(try place.report() == report)
            let left = try FileManager.default.subpathsOfDirectory(atPath: place.folder.path).filter {
                $0.contains(".partial-") || $0.contains(".replaced-") || $0.hasSuffix(".part")
            }
            #expect(left.isEmpty)
        }
    }

    @Test("leaves no half adapter that is taken for a whole one")
    func train() throws {
        let whole = try TinyPlace()
        let begin = ContinuousClock.now
        #expect(try whole.run("train").status == 0)
        let time = ContinuousClock.now - begin
        let adapters = try whole.rows(Self.adapters)
        #expect(adapters.count == 3)
        try killAtRandom("train", upTo: time) { (place: TinyPlace) throws in
            #expect(try place.rows(Self.adapters) == adapters)
            let names = try FileManager.default.contentsOfDirectory(
                atPath: place.folder.appending(path: "Adapters").path)
            #expect(names.count == 3, "leftovers: \(names)")
        }
    }

    @Test(
        "stops within two seconds when it is asked to, and says how to go on",
        arguments: [SIGTERM, SIGINT], ["run", "train"])
    func stop(_ number: Int32, _ verb: String) throws {
        let place = try TinyPlace(epochs: 10_000)
        let process = try place.start(verb)
        // The methods that need no training come first in a run, and then it trains for longer than any test waits.
        let waits = ContinuousClock.now + .seconds(20)
        func isAtWork() throws -> Bool {
            try verb == "run" ? place.rows("SELECT 1 FROM predictions").count >= 8 : place.isLocked
        }
        while try !isAtWork() {
            try #require(ContinuousClock.now < waits, "the work did not begin")
            Thread.sleep(forTimeInterval: 0.02)
        }
        Thread.sleep(forTimeInterval: 0.2)
        #expect(process.isRunning)
        let begin = ContinuousClock.now
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        // The program has promised two seconds; the machine has other tests to run as well.
        #expect(ContinuousClock.now - begin < .seconds(3))
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        try place.checkIntegrity()
        try place.checkAdapters()
        #expect(try place.rows("SELECT 1 FROM adapters").isEmpty)
        let said = try String(contentsOf: place.folder.appending(path: "errors"), encoding: .utf8)
        #expect(said.contains("run the same command"), "\(said)")
    }

    @Test("finds the one that is at work, and leaves it alone", arguments: ["run", "train"])
    func two(_ verb: String) throws {
        let place = try TinyPlace()
        do {
            let lock = try RunLock(database: place.database)
            let second = try place.run(verb)
            #expect(second.status == 1)
            #expect(second.errors.contains("another braid is running"), "\(second.errors)")
            #expect(second.errors.contains("process \(ProcessInfo.processInfo.processIdentifier),"))
            // Readers need no lock.
            #expect(try place.rows("SELECT count(*) FROM predictions") == ["integer(0)"])
            withExtendedLifetime(lock) {}
        }
        #expect(try place.run(verb).status == 0)
    }

    @Test("is in no reader's way, not even in the middle of a write")
    func readers() throws {
        let place = try TinyPlace()
        #expect(try place.run("run").status == 0)
        let report = try place.report()
        let writer = try DatabaseQueue(path: place.database)
        try writer.inDatabase { db in
            try db.beginTransaction(.immediate)
            try db.execute(sql: "UPDATE predictions SET text = 'unfinished'")
            #expect(try place.report() == report)
            let query = "SELECT count(*) AS answers FROM outputs WHERE output = 'unfinished'"
            let result = try BraidBinary.run("query", "--database", place.database, "--format", "csv", query)
            #expect(result.status == 0 && result.output.contains("0"), "\(result)")
            try db.rollback()
        }
        #expect(try place.report() == report)
    }

    @Test(
        "says that the disk is full, keeps what it has, and goes on where there is room",
        .enabled(if: SmallDisk.isPossible), arguments: [80, 250, 600, 1_200, 2_400])
    func diskFull(_ room: Int) throws {
        let whole = try TinyPlace()
        #expect(try whole.run("run").status == 0)
        let disk = try SmallDisk(kilobytes: 8_000)
        let place = try TinyPlace(in: disk.url)
        let used = try FileManager.default.attributesOfItem(atPath: place.database)[.size] as? Int ?? 0
        try disk.resize(kilobytes: used / 1_024 + room)
        let first = try place.run("run")
        #expect(first.status == 1 && first.errors.split(separator: "\n").count == 1, "\(first)")
        #expect(first.errors.contains("full") || first.errors.contains("space"), "\(first.errors)")
        try place.checkIntegrity()
        let known = try place.rows(Self.predictions)
        try disk.resize(kilobytes: 64_000)
        #expect(try place.run("run").status == 0)
        #expect(Set(known).isSubset(of: try place.rows(Self.predictions)))
        #expect(try place.rows(Self.outputs) == whole.rows(Self.outputs))
        #expect(try place.report() == whole.report())
        try place.checkAdapters()
    }
}
