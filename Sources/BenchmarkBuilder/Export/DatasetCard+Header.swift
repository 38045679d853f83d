import BenchmarkStore

extension DatasetCard {
    /// What hubs file the dataset under.
    static let tags = ["compositional-multi-tasking", "lora", "model-merging"]

    /// The YAML header: licence, languages, size, and for each setting a configuration with its files and columns.
    ///
    /// Columns are written out, so that a column of empty lists has the same type as one of lists of texts; all
    /// configurations share them by a YAML anchor.
    static func header(of contents: ExportContents, _ manifest: BuildManifest) -> String {
        var lines = ["---"]
        func list(_ key: String, _ values: [String]) {
            guard !values.isEmpty else { return }
            lines.append("\(key):")
            lines += values.map { "- \(quoted($0))" }
        }
        let licences = contents.corpora.map { HubLicence($0.licence) }.withoutRepetitions
        let others = licences.filter { $0.id == "other" }
        list("license", licences.map(\.id).withoutRepetitions)
        if !others.isEmpty {
            lines.append("license_name: \(quoted(others.compactMap(\.name).joined(separator: ", ")))")
            if let link = others.count == 1 ? others[0].url : nil { lines.append("license_link: \(quoted(link))") }
        }
        // Hubs know languages by their first subtag alone, and have another key for whole tags.
        let languages = contents.languages
        list("language", languages.map { String($0.prefix { $0 != "-" }) }.withoutRepetitions)
        if languages.contains(where: { $0.contains("-") }) { list("language_bcp47", languages) }
        lines.append("pretty_name: \(quoted("Braid: \(contents.plan.parameters.name)"))")
        list("size_categories", [sizeCategory(manifest.files.reduce(0) { $0 + $1.examples })])
        list("task_categories", taskCategories(contents))
        list("tags", tags)
        lines.append("configs:")
        for setting in contents.settings {
            lines.append("- config_name: \(quoted(setting.record.configName))")
            lines.append("  data_files:")
            for split in Split.allCases where setting.examples.contains(where: { $0.split == split }) {
                lines.append("  - split: \(split.rawValue)")
                lines.append("    path: \(quoted(DatasetExport.path(of: setting.record.name, split)))")
            }
        }
        lines.append("dataset_info:")
        for (index, setting) in contents.settings.enumerated() {
            lines.append("- config_name: \(quoted(setting.record.configName))")
            lines.append(index == 0 ? "  features: &columns" : "  features: *columns")
            guard index == 0 else { continue }
            for column in ExampleColumn.allCases {
                lines.append("  - name: \(quoted(column.rawValue))")
                lines.append("    \(column.isList ? "sequence" : "dtype"): \(quoted("string"))")
            }
        }
        lines.append("---\n")
        return lines.joined(separator: "\n")
    }

    private static func taskCategories(_ contents: ExportContents) -> [String] {
        let names = contents.settings.map(\.record.family)
        let parts: [(String, String)] = [
            ("summarize", "summarization"), ("translate", "translation"), ("reply", "text-generation"),
            ("rewrite", "text-generation"),
        ]
        return parts.filter { part in names.contains { $0.contains(part.0) } }.map(\.1).withoutRepetitions
    }

    /// The size as dataset hubs sort it.
    private static func sizeCategory(_ examples: Int) -> String {
        switch examples {
        case ..<1_000: "n<1K"
        case ..<10_000: "1K<n<10K"
        case ..<100_000: "10K<n<100K"
        case ..<1_000_000: "100K<n<1M"
        case ..<10_000_000: "1M<n<10M"
        default: "10M<n<100M"
        }
    }

    /// A YAML string in double quotes.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"": result += "\\\(scalar)"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
