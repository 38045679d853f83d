import BenchmarkStore

extension RunReader {
    /// How many references of a setting's planned examples each writer wrote, by writer.
    func references(_ setting: SettingRecord, cells: [CellRecord]) throws -> [ReferenceFacts] {
        let planned = cells.filter { $0.settingID == setting.id }.map(\.expected).max() ?? 0
        return try database.referenceOrigins(ofSetting: setting.id, split: .test, limit: planned).map {
            ReferenceFacts(setting: setting.name, origin: $0.origin, first: $0.first, further: $0.further)
        }
    }
}
