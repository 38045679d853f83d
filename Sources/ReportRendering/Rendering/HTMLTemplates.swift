import Mustache

/// The page's templates.
///
/// Values are `HTMLText`, escaped when they are made, and therefore printed with three braces.
struct HTMLTemplates {
    let page: MustacheTemplate
    let table: MustacheTemplate
    let fold: MustacheTemplate

    /// - Throws: `ReportError` with code `.badTemplate`.
    init() throws {
        do {
            page = try MustacheTemplate(string: Self.pageText)
            table = try MustacheTemplate(string: Self.tableText)
            fold = try MustacheTemplate(string: Self.foldText)
        } catch {
            throw ReportError(
                .badTemplate, "a template of the report does not parse (\(error)); this is a fault of Braid, report it")
        }
    }

    private static let pageText = """
        <!DOCTYPE html>
        <html lang="en" dir="ltr">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{{title}}}</title>
        <style>
        {{{style}}}</style>
        </head>
        <body>
        <main>
        <h1>{{{heading}}}</h1>
        <nav aria-label="Sections">
        <ul>
        {{#links}}
        <li><a href="#{{{name}}}">{{{text}}}</a></li>
        {{/links}}
        </ul>
        </nav>
        {{{body}}}
        </main>
        </body>
        </html>

        """

    private static let tableText = """
        <figure>
        <div class="scroll" role="region" tabindex="0" aria-label="{{{label}}}">
        <table>
        <caption><span>{{{caption}}}</span></caption>
        <thead>
        <tr>{{#columns}}<th scope="col" class="{{{kind}}}">{{{text}}}{{#detail}}<small>{{{.}}}</small>{{/detail}}</th>{{/columns}}</tr>
        </thead>
        <tbody>
        {{#rows}}
        <tr{{{rowClass}}}><th scope="row">{{{head}}}</th>{{#cells}}<td class="{{{kind}}}">{{{text}}}{{#detail}}<small>{{{.}}}</small>{{/detail}}</td>{{/cells}}</tr>
        {{/rows}}
        </tbody>
        </table>
        </div>
        {{#hasNotes}}
        <figcaption>
        {{#notes}}
        <p>{{{.}}}</p>
        {{/notes}}
        </figcaption>
        {{/hasNotes}}
        </figure>
        """

    private static let foldText = """
        <details>
        <summary>{{{title}}}</summary>
        {{{body}}}
        </details>
        """
}
