import CorpusIngest
import Testing

@Suite struct LanguageCodeTests {
    @Test(arguments: [
        ("eng", "en"), ("spa_Latn", "es"), ("deu", "de"), ("fra", "fr"), ("por", "pt"), ("pt_BR", "pt-BR"),
        ("pt-br", "pt-BR"), ("zh-tw", "zh-TW"), ("zho_Hans", "zh"), ("zho_Hant", "zh-Hant"), ("cmn", "zh"),
        ("arb_Arab", "ar"), ("srp_Cyrl", "sr"), ("sr-latn", "sr-Latn"), ("ace_Arab", "ace-Arab"), ("yue", "yue"),
        ("es-419", "es-419"), ("EN", "en"),
    ])
    func codesOfDataSetsBecomeTags(code: String, tag: String) { #expect(LanguageCode.tag(code) == tag) }

    @Test(arguments: [
        "", "txt", "usr", "md", "formal", "dev", "test", "train", "labels", "en-", "e", "en-de-fr-es", "12",
    ])
    func otherWordsAreNone(word: String) { #expect(LanguageCode.tag(word) == nil) }
}
