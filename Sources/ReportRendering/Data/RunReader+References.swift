import BenchmarkStore

extension RunReader {
    /// Who wrote the references of a setting's planned examples, which are the first of its test split.
    func references(_ setting: SettingRecord, cells: [CellRecord]) throws -> [ReferenceFacts] {
        let planned = cells.filter { $0.settingID == setting.id }.map(\.expected).max() ?? 0
        let examples = try database.examples(ofSetting: setting.id, split: .test, limit: planned)
        let further = try database.furtherReferences(ofSetting: setting.id, split: .test)
        var counts: [String: ReferenceFacts] = [:]
        func count(_ origin: String, _ place: WritableKeyPath<ReferenceFacts, Int>) {
            counts[origin, default: ReferenceFacts(setting: setting.name, origin: origin, first: 0)][keyPath: place] +=
                1
        }
        for example in examples {
            count(example.referenceOrigin, \.first)
            for reference in further[example.id] ?? [] { count(reference.origin, \.further) }
        }
        return counts.sorted { $0.key < $1.key }.map(\.value)
    }
}
