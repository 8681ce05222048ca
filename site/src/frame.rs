//! What all pages of the site have around what they say.

use nablab::report::Lang;

use crate::markdown::{Heading, Written, escaped};
use crate::place::Place;

/// Nothing of it is a script; formulas have styles as attributes.
const DOCUMENT: &str = "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'";
/// A report copies tables by a script, which is a file.
const REPORT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'";

/// What the head of a page says of scripts and styles.
fn policy(policy: &str) -> String {
    format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n")
}

/// The parts of the site that stand in every head: the page to go to in each language, and its name.
const PARTS: [([&str; 2], [&str; 2]); 7] = [
    (["index.html", "index.html"], ["Playground", "实验台"]),
    (["labs.html", "labs.html"], ["Labs", "实验"]),
    (["report/index.html", "report/index.zh.html"], ["Report", "实验报告"]),
    (["report/exercises.html", "report/exercises.zh.html"], ["Exercises", "练习题"]),
    (["docs/index.html", "docs/index.zh.html"], ["Documents", "文档"]),
    (["docs/maths/index.html", "docs/maths/index.zh.html"], ["Formulas", "公式推导"]),
    (["docs/course/index.html", "docs/course/index.zh.html"], ["Course", "课堂"]),
];

/// Its code, and its name in itself.
fn other_language(lang: Lang) -> (&'static str, &'static str) {
    lang.choose(("zh", "中文"), ("en", "English"))
}

/// The way to the other parts of the site, and to this page in the other language, if it has it.
fn head(place: &Place, lang: Lang, other: Option<&Place>) -> String {
    let links = PARTS.iter().map(|(files, names)| {
        let [file, name] = [files, names].map(|both| lang.choose(both[0], both[1]));
        let here = if place.path() == file { " aria-current=\"page\"" } else { "" };
        // A room of the page asks the address for its language.
        let asked = if file.contains('/') { "" } else { lang.choose("?lang=en", "?lang=zh") };
        format!("<a href=\"{}{asked}\"{here}>{name}</a>", place.to(file))
    });
    let switch = other.map_or_else(String::new, |other| {
        let (code, name) = other_language(lang);
        format!(
            "<a class=\"switch\" lang=\"{code}\" hreflang=\"{code}\" href=\"{}\">{name}</a>",
            place.to(other.path())
        )
    });
    format!(
        "<header class=\"site\"><p class=\"brand\"><a href=\"{}\">nablab</a></p><nav class=\"rooms\" aria-label=\"{}\">{}</nav>{switch}</header>\n",
        place.to("index.html"),
        lang.choose("Site", "网站"),
        links.collect::<String>()
    )
}

/// A document as a page.
pub(crate) fn document(place: &Place, lang: Lang, other: Option<&Place>, written: &Written) -> String {
    let Written { title, headings, html } = written;
    // The head has the way to the other language.
    let html = other.map_or_else(
        || html.clone(),
        |other| {
            html.replacen(
                &format!("<p><a href=\"{}\">{}</a></p>\n", place.to(other.path()), other_language(lang).1),
                "",
                1,
            )
        },
    );
    let link = |Heading { id, words }: &Heading| {
        format!("<li><a href=\"#{}\">{}</a></li>", escaped(id), escaped(words))
    };
    let contents = match &headings[..] {
        [] | [_] => String::new(),
        headings => format!(
            "<nav class=\"contents\" aria-label=\"{}\"><ul>{}</ul></nav>\n",
            lang.choose("On this page", "本页内容"),
            headings.iter().map(link).collect::<String>()
        ),
    };
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{}\
         <title>{} · nablab</title>\n<link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"{}\">\n<link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n{}\
         <div class=\"document\">\n{contents}<main>\n{html}</main>\n</div>\n</body>\n</html>\n",
        lang.choose("en", "zh"),
        policy(DOCUMENT),
        escaped(title),
        place.to("icon.svg"),
        place.to("page.css"),
        place.to("site.css"),
        head(place, lang, other),
    )
}

/// A report within the site: what it has of style and script is in files, as the policy wants, and the way to the other pages stands
/// above it.
///
/// # Errors
/// Where it is not built as reports are.
pub(crate) fn report(page: &str, place: &Place, lang: Lang, other: &Place) -> Result<Report, String> {
    let (before, style, after) = cut(page, "<style>", "</style>")?;
    let (main, script, end) = cut(after, "<script>", "</script>")?;
    let (top, body) = main.split_once("<body>\n").ok_or("a report without a body")?;
    let (charset, before) =
        before.split_once("<meta charset=\"utf-8\">\n").ok_or("a report without its charset")?;
    let html = format!(
        "{charset}<meta charset=\"utf-8\">\n{}{before}<link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"{}\">\n<link rel=\"stylesheet\" href=\"{}\">{top}<body>\n{}{body}\
         <script src=\"{}\"></script>{end}",
        policy(REPORT),
        place.to("icon.svg"),
        place.to("report/report.css"),
        place.to("site.css"),
        head(place, lang, Some(other)),
        place.to("report/report.js"),
    );
    Ok(Report { html, style: style.to_owned(), script: script.to_owned() })
}

/// A report, and what all reports share.
pub(crate) struct Report {
    pub(crate) html: String,
    pub(crate) style: String,
    pub(crate) script: String,
}

/// What comes before a part, the part, and what comes after it.
fn cut<'a>(text: &'a str, from: &str, to: &str) -> Result<(&'a str, &'a str, &'a str), String> {
    let found = text.split_once(from).and_then(|(before, rest)| {
        let (within, after) = rest.split_once(to)?;
        (!after.contains(from)).then_some((before, within, after))
    });
    found.ok_or_else(|| format!("a report has one {from}"))
}
