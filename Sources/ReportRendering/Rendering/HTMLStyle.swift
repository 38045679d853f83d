/// The page's style: readable on a phone, in the light and in the dark, without anything from elsewhere.
///
/// Text with a language stands in a proportional font, since few fixed-width ones have more than Latin letters; the browser
/// chooses by `lang`, but knows the shapes of Hong Kong for no code of Cantonese, so they are named. Each line of such text
/// has its own direction.
enum HTMLStyle {
    static let text = """
        :root { --ink: #1c1d21; --soft: #5b5f68; --paper: #fdfdfb; --tint: #f1f1ec; --rule: #d5d5cd; --mark: #0b6e69; }
        @media (prefers-color-scheme: dark) {
        :root { --ink: #e7e7e3; --soft: #a3a7af; --paper: #17181b; --tint: #212327; --rule: #3a3d43; --mark: #5cc5bd; }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 72rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
        h1 { font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere; }
        h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .5rem; border-top: 1px solid var(--rule); }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
        p, li { max-width: 42rem; overflow-wrap: anywhere; }
        a { color: var(--mark); }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0; padding: 0; list-style: none; }
        dl { margin: 1rem 0; }
        dt { color: var(--soft); font-size: .85rem; }
        dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
        @media (min-width: 40rem) {
        dl { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr; gap: .25rem 1rem; }
        dd { margin: 0; }
        }
        figure { margin: 1.25rem 0; }
        .scroll { overflow-x: auto; -webkit-overflow-scrolling: touch; }
        table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
        caption span { position: sticky; left: 0; display: inline-block; max-width: min(42rem, calc(100vw - 3.5rem)); }
        th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--rule); }
        thead th { vertical-align: bottom; border-bottom-width: 2px; }
        th[scope=row] { position: sticky; left: 0; background: var(--paper); font-weight: 600; min-width: 7rem; max-width: 11rem; }
        .number { text-align: right; white-space: nowrap; }
        .word { min-width: 7rem; max-width: 20rem; overflow-wrap: anywhere; }
        small { display: block; color: var(--soft); font-size: .75rem; font-weight: 400; }
        td small { white-space: nowrap; }
        thead small { min-width: 5.5rem; max-width: 9rem; white-space: normal; margin-left: auto; overflow-wrap: anywhere; }
        tr.apart th, tr.apart td { font-style: italic; color: var(--soft); }
        figcaption { color: var(--soft); font-size: .8rem; }
        figcaption p { margin: .4rem 0 0; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }
        .charts figure { margin: 0; }
        .charts figcaption { font-weight: 600; }
        svg.chart { display: block; width: 100%; max-width: 34rem; height: auto; font-size: 10px; }
        svg text { fill: var(--ink); }
        svg .name, svg .value { text-anchor: end; }
        svg .tick { text-anchor: middle; fill: var(--soft); }
        svg .grid { stroke: var(--rule); stroke-width: .5; }
        svg .cut { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 2; }
        svg .interval { stroke: var(--mark); stroke-width: 2; }
        svg .point { fill: var(--mark); }
        svg .apart { fill: var(--paper); stroke: var(--mark); stroke-width: 1.5; }
        details { margin: .5rem 0; padding: .4rem .75rem; background: var(--tint); border-radius: .4rem; }
        details th[scope=row] { background: var(--tint); }
        summary { cursor: pointer; font-weight: 600; overflow-wrap: anywhere; }
        .label { margin: .9rem 0 .2rem; color: var(--soft); font-size: .85rem; }
        pre { margin: 0; padding: .5rem .6rem; background: var(--paper); border: 1px solid var(--rule); border-radius: .3rem;
        font: .85rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30rem; overflow-y: auto;
        unicode-bidi: plaintext; text-align: start; }
        pre[lang] { font-family: system-ui, sans-serif; line-height: 1.6; line-break: strict; }
        pre:lang(yue) { font-family: "PingFang HK", "Noto Sans HK", "Noto Sans CJK HK", system-ui, sans-serif; }
        bdi { unicode-bidi: isolate; }

        """
}
