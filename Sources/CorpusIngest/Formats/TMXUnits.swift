import BenchmarkStore
import TextMetrics

/// Which translation memories belong together, and which languages they have.
enum TMXUnits {
    /// A file with more languages is refused; there are fewer with any translations to speak of.
    private static let mostLanguages = 1_000
    /// How much of a file is looked at for its languages.
    static let sampleSize = 4 << 20

    /// Files whose names differ by language alone are one unit, unless a language is in two of them.
    ///
    /// Where there are several units, keys begin with the file's name, since memories often count from 1.
    static func units(
        among files: [SourceFile], source: String, _ options: SourceOptions
    ) throws(CorpusError) -> [SourceUnit] {
        var groups: [(name: [Substring], files: [(file: SourceFile, targets: [String])])] = []
        for file in files {
            let languages = try languages(of: file)
            let targets = languages.filter { !LanguageTag.isCovered($0, by: source) }
            if targets.count == languages.count, let first = languages.first {
                throw CorpusError(
                    .incomplete,
                    "has no text in \(source) but in \(languages.joined(separator: ", ")): say with --language which is "
                        + "the source, such as --language \(first)", file: file.path)
            }
            let name = stem(of: file, without: languages)
            let place = groups.firstIndex { group in
                group.name == name && !group.files.contains { !Set($0.targets).isDisjoint(with: targets) }
            }
            if let place {
                groups[place].files.append((file, targets))
            } else {
                groups.append((name, [(file, targets)]))
            }
        }
        let names = groups.map(\.files[0].file.name)
        return groups.map { group in
            let first = group.files[0].file
            let isAlone = names.count { $0 == first.name } == 1
            let prefix = groups.count == 1 ? "" : keyStem(isAlone ? first.name : first.path) + "-"
            return SourceUnit(
                group.files.map { SourceUnit.Part(prefix, $0.file) },
                split: options.split ?? SplitName.split(inNameOf: first))
        }
    }

    /// The languages beside the source, in the order of the files.
    static func targets(of units: [SourceUnit], source: String) -> SourceTargets {
        let codes = targetCodes(of: units.flatMap { $0.parts.map(\.file) }, source: source)
        return SourceTargets(languages: codes.map { .init(code: $0, name: LanguageName.english($0)) })
    }

    static func targetCodes(of files: [SourceFile], source: String) -> [String] {
        var codes: [String] = []
        for file in files {
            // A file that cannot be read says so when it is.
            let languages = (try? languages(of: file)) ?? []
            for code in languages where !LanguageTag.isCovered(code, by: source) && !codes.contains(code) {
                codes.append(code)
            }
        }
        return codes
    }

    /// The name of a file for keys: without `.tmx`, and without what a path has beside names.
    static func keyStem(_ path: String) -> String {
        var stem = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        if stem.lowercased().hasSuffix(".tmx") { stem.removeLast(4) }
        return String(stem.map { $0 == "/" || $0 == "!" ? "-" : $0 })
    }

    /// The languages of a file's first units, in the order in which they occur.
    private static func languages(of file: SourceFile) throws(CorpusError) -> [String] {
        let reader = try TMXReader(file)
        var codes: [String] = []
        while reader.bytesTaken <= sampleSize, let unit = try reader.next() {
            for text in unit.texts where !text.language.isEmpty && !codes.contains(text.language) {
                codes.append(text.language)
            }
            guard codes.count <= mostLanguages else {
                throw CorpusError(
                    .unreadable, "names more than \(mostLanguages) languages: is xml:lang used for something else?",
                    file: file.path)
            }
        }
        return codes
    }

    /// The folder and the words of a file's name that are no part of its languages' codes.
    private static func stem(of file: SourceFile, without languages: [String]) -> [Substring] {
        let subtags = Set(languages.flatMap { $0.lowercased().split(separator: "-") })
        let words = file.name.lowercased().split { $0 == "." || $0 == "_" || $0 == "-" }
        return [file.folder[...]] + words.filter { !subtags.contains($0) }
    }
}
