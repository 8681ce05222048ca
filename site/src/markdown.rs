//! Markdown as HTML: headings with ids, formulas as MathML.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{RenderConfig, Storage, push_mathml};

/// A heading, as a place to go to.
pub(crate) struct Heading {
    pub(crate) id: String,
    pub(crate) words: String,
}

/// A document of the repository, as a part of a page.
pub(crate) struct Written {
    /// The words of its first heading.
    pub(crate) title: String,
    /// Its headings of the second level.
    pub(crate) headings: Vec<Heading>,
    /// All of it.
    pub(crate) html: String,
}

/// What a text becomes; `address` says where each of its links leads on the site.
///
/// # Errors
/// A formula that is no LaTeX, or a link that leads nowhere.
pub(crate) fn written(
    text: &str,
    address: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Written, String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_MATH | Options::ENABLE_STRIKETHROUGH;
    let events: Vec<_> = Parser::new_ext(text, options).collect();
    let (mut title, mut headings, mut ids) = (None, Vec::new(), BTreeMap::new());
    let mut out = Vec::with_capacity(events.len());
    for (k, event) in events.iter().enumerate() {
        out.push(match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let words = words(&events[k..]);
                let id = id(&words, &mut ids);
                if *level as usize == 2 {
                    headings.push(Heading { id: id.clone(), words: words.clone() });
                }
                title.get_or_insert(words);
                Event::Html(format!("<{level} id=\"{}\">", escaped(&id)).into())
            }
            Event::End(TagEnd::Heading(level)) => Event::Html(format!("</{level}>\n").into()),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => Event::Start(Tag::Link {
                link_type: *link_type,
                dest_url: address(dest_url)?.into(),
                title: title.clone(),
                id: id.clone(),
            }),
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => Event::Start(Tag::Image {
                link_type: *link_type,
                dest_url: address(dest_url)?.into(),
                title: title.clone(),
                id: id.clone(),
            }),
            Event::InlineMath(latex) => Event::InlineHtml(formula(latex, DisplayMode::Inline)?),
            Event::DisplayMath(latex) => {
                let formula = formula(latex, DisplayMode::Block)?;
                Event::InlineHtml(format!("<span class=\"equation\" tabindex=\"0\">{formula}</span>").into())
            }
            event => event.clone(),
        });
    }
    let mut written = String::with_capacity(2 * text.len());
    html::push_html(&mut written, out.into_iter());
    Ok(Written { title: title.unwrap_or_default(), headings, html: framed(&written) })
}

/// What is wider than a phone is slid within its frame, by the keyboard too. A corner of a table that says nothing heads nothing.
fn framed(html: &str) -> String {
    html.replace("<table>", "<div class=\"scroll\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></div>")
        .replace("<pre>", "<pre tabindex=\"0\">")
        .replace("<th></th>", "<td></td>")
}

/// The words of the heading that these events begin with.
fn words(events: &[Event<'_>]) -> String {
    let within = events.iter().skip(1).take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let text = |event: &Event<'_>| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        _ => String::new(),
    };
    within.map(text).collect()
}

/// The id that GitHub gives such a heading, so that one link serves there and here.
fn id(words: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let kept = words.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    let id: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
    let times = taken.entry(id.clone()).or_default();
    *times += 1;
    if *times == 1 { id } else { format!("{id}-{}", *times - 1) }
}

fn formula(latex: &str, display_mode: DisplayMode) -> Result<CowStr<'static>, String> {
    let storage = Storage::new();
    let mut out = String::new();
    // The writer goes on after an error and marks it: so all is read before anything is written.
    if let Some(Err(error)) = pulldown_latex::Parser::new(latex, &storage).find(Result::is_err) {
        return Err(format!("{latex}: {error}"));
    }
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    push_mathml(&mut out, pulldown_latex::Parser::new(latex, &storage), config)
        .map_err(|error| format!("{latex}: {error}"))?;
    Ok(out.into())
}

/// A text within HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Written, String> {
        written(text, &|link| Ok(format!("to/{link}")))
    }

    #[test]
    fn headings_have_the_ids_of_github() {
        let text = "# A *b*\n## Trainings on tables (`crates/tables`, `crates/data/src/prepare`)\n## Knobs\n### Knobs\n## 可改的设置\n";
        let written = of(text).unwrap();
        let ids: Vec<_> = written.headings.iter().map(|heading| &*heading.id).collect();
        assert_eq!(written.title, "A b");
        assert_eq!(ids, ["trainings-on-tables-cratestables-cratesdatasrcprepare", "knobs", "可改的设置"]);
        assert!(written.html.contains("<h3 id=\"knobs-1\">Knobs</h3>"), "{}", written.html);
    }

    #[test]
    fn formulas_are_mathml_and_links_lead_into_the_site() {
        let html = of("[a](b.md) is $\\frac{1}{m}$:\n\n$$d = \\frac{r}{k} a$$\n\n```sh\necho $HOME$\n```\n")
            .unwrap()
            .html;
        assert!(html.contains("<a href=\"to/b.md\">a</a> is <math"), "{html}");
        assert_eq!(html.matches("<mfrac>").count(), 2);
        assert!(html.contains("echo $HOME$"), "{html}");
        assert!(of("$\\nosuch{a}$").is_err());
    }
}
