/// All formats that Braid reads, by name.
///
/// Formats of one data set stand before those that any corpus may be in, since the first that recognises a file reads it.
public enum FormatRegister {
    /// The formats, in the order in which they are asked.
    public static let formats: [any SourceFormat.Type] = [
        NativeCorpus.self,
        DialogSum.self,
        DialogSum2021.self,
        ConvSumX.self,
        SAMSum.self,
        SyntheticPersonaChat.self,
        AlexaPOV.self,
        SoundNatural.self,
        BConTrasT.self,
        MAIA.self,
        XDailyDialog.self,
        XPersona.self,
        CoCoAMT.self,
        TEDTalksTSV.self,
        SATED.self,
        WMTNewstest2013.self,
        FLORES200.self,
        TatoebaChallenge.self,
        IWSLTXML.self,
        TICO19.self,
        ParallelLines.self,
        TMX.self,
        ColumnMapping.self,
    ]

    /// The names, in order.
    public static var names: [String] { formats.map { $0.about.name } }

    /// The format of that name.
    ///
    /// - Throws: `CorpusError.unknownFormat` listing all names.
    public static func format(named name: String) throws(CorpusError) -> any SourceFormat.Type {
        guard let format = formats.first(where: { $0.about.name == name }) else {
            throw CorpusError(
                .unknownFormat, "no format is called \"\(name)\": it must be one of \(names.joined(separator: ", "))")
        }
        return format
    }

    /// The format that recognises a file, by its name and first bytes; nil where none does.
    public static func format(of file: SourceFile) throws(CorpusError) -> (any SourceFormat.Type)? {
        let probe = FileProbe(file: file, head: try file.head())
        return formats.first { $0.recognises(probe) }
    }
}
