/// A handful of everyday sentences in four languages, enough to train a small detector.
enum LanguageTrainingText {
    static let lines: [String: [String]] = [
        "en": [
            "The kettle is on, so take your shoes off and sit down with us.",
            "She asked whether the train would still be running after midnight.",
            "We have been waiting for the parcel since last Thursday.",
            "Could you tell me where the nearest bakery is, please?",
            "There are three eggs left, which should be enough for the cake.",
            "He thinks that nobody noticed the broken window.",
            "My brother will bring the ladder when he comes back from work.",
            "I would rather walk than wait for another bus in the rain.",
            "They have not decided what they want to do with the old piano.",
            "What a lovely morning, everything smells of wet grass.",
        ],
        "es": [
            "El agua ya está hirviendo, así que quítate los zapatos y siéntate.",
            "Ella preguntó si el tren seguiría pasando después de medianoche.",
            "Llevamos esperando el paquete desde el jueves pasado.",
            "¿Me podría decir dónde está la panadería más cercana, por favor?",
            "Quedan tres huevos, que deberían bastar para la tarta.",
            "Él cree que nadie se ha dado cuenta de la ventana rota.",
            "Mi hermano traerá la escalera cuando vuelva del trabajo.",
            "Prefiero caminar a esperar otro autobús bajo la lluvia.",
            "Todavía no han decidido qué quieren hacer con el piano viejo.",
            "Qué mañana tan bonita, todo huele a hierba mojada.",
        ],
        "fr": [
            "L'eau est en train de bouillir, alors enlève tes chaussures et assieds-toi.",
            "Elle a demandé si le train roulerait encore après minuit.",
            "Nous attendons le colis depuis jeudi dernier.",
            "Pourriez-vous me dire où se trouve la boulangerie la plus proche ?",
            "Il reste trois œufs, ce qui devrait suffire pour le gâteau.",
            "Il pense que personne n'a remarqué la fenêtre cassée.",
            "Mon frère apportera l'échelle quand il rentrera du travail.",
            "J'aime mieux marcher que d'attendre un autre bus sous la pluie.",
            "Ils n'ont pas encore décidé ce qu'ils veulent faire du vieux piano.",
            "Quelle belle matinée, tout sent l'herbe mouillée.",
        ],
        "de": [
            "Das Wasser kocht gleich, also zieh die Schuhe aus und setz dich zu uns.",
            "Sie fragte, ob der Zug nach Mitternacht noch fahren würde.",
            "Wir warten seit letztem Donnerstag auf das Paket.",
            "Könnten Sie mir bitte sagen, wo die nächste Bäckerei ist?",
            "Es sind noch drei Eier da, das sollte für den Kuchen reichen.",
            "Er glaubt, dass niemand das kaputte Fenster bemerkt hat.",
            "Mein Bruder bringt die Leiter mit, wenn er von der Arbeit kommt.",
            "Ich gehe lieber zu Fuß, als im Regen auf den nächsten Bus zu warten.",
            "Sie haben noch nicht entschieden, was mit dem alten Klavier werden soll.",
            "Was für ein schöner Morgen, alles riecht nach nassem Gras.",
        ],
    ]

    static let pairs = lines.keys.sorted().flatMap { code in (lines[code] ?? []).map { (language: code, text: $0) } }

    /// Sentences on other matters, for checking.
    static let unseen: [(language: String, text: String)] = [
        ("en", "The children were painting the fence when their grandmother arrived."),
        ("en", "I should have called you before the shop closed."),
        ("en", "Which of these books did you want to keep?"),
        ("es", "Los niños estaban pintando la valla cuando llegó su abuela."),
        ("es", "Debería haberte llamado antes de que cerrara la tienda."),
        ("es", "¿Cuál de estos libros querías quedarte?"),
        ("fr", "Les enfants peignaient la clôture quand leur grand-mère est arrivée."),
        ("fr", "J'aurais dû t'appeler avant que le magasin ne ferme."),
        ("fr", "Lequel de ces livres voulais-tu garder ?"),
        ("de", "Die Kinder strichen gerade den Zaun, als ihre Großmutter kam."),
        ("de", "Ich hätte dich anrufen sollen, bevor der Laden zumachte."),
        ("de", "Welches von diesen Büchern wolltest du behalten?"),
    ]
}
