//! The frame of a page: what stands around its blocks.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::blocks::{Writer, words};
use crate::page::{Document, Section};

/// The style sheet of every page.
const STYLE: &str = include_str!("page.css");

/// The settings of the colours: a word for people, and the id by which the style sheet knows it.
const SCHEMES: [(&str, &str); 3] = [
    ("as the system", "scheme-auto"),
    ("light", "scheme-light"),
    ("dark", "scheme-dark"),
];

/// Returns the document as a page.
pub(in crate::render) fn document(document: &Document<'_>, quiet: bool) -> String {
    let mut writer = Writer::new(quiet);
    let body = body(document, &mut writer);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "miscount " (env!("CARGO_PKG_VERSION")) };
                title { (document.title.plain()) }
                style { (PreEscaped(STYLE)) }
                @for script in writer.scripts() {
                    style { (PreEscaped(script.style)) }
                }
            }
            body {
                a class="skip" href="#content" { "Skip to the report" }
                (scheme_switch())
                main id="content" tabindex="-1" { (body) }
                @for script in writer.scripts() {
                    script { (PreEscaped(script.code)) }
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn body(document: &Document<'_>, writer: &mut Writer) -> Markup {
    html! {
        h1 { (words(&document.title)) }
        (writer.blocks(&document.lead))
        @for section in &document.sections { (self::section(section, writer)) }
    }
}

/// Returns a section, unless nothing of it is shown.
fn section(section: &Section<'_>, writer: &mut Writer) -> Markup {
    let blocks = writer.blocks(&section.blocks);
    let heading = section
        .heading
        .as_ref()
        .filter(|heading| !heading.is_empty());
    html! {
        @if !blocks.0.is_empty() {
            @if let Some(heading) = heading {
                section { h2 { (headed(&words(heading))) } (blocks) }
            } @else {
                div class="part" { (blocks) }
            }
        }
    }
}

/// Returns a heading without the colon that it ends with at a terminal.
fn headed(heading: &Markup) -> Markup {
    let text = heading.0.trim_end();
    let (text, end) = match text.rfind("</") {
        Some(end) if text.ends_with('>') => text.split_at(end),
        _ => (text, ""),
    };
    PreEscaped(format!("{}{end}", text.trim_end_matches(':')))
}

/// Returns the choice of colours. The style sheet alone acts on it, so it works without a script.
fn scheme_switch() -> Markup {
    html! {
        form class="scheme" {
            fieldset {
                legend { "Colours" }
                @for (place, (name, id)) in SCHEMES.iter().enumerate() {
                    label for=(id) {
                        input type="radio" name="scheme" id=(id) checked[place == 0];
                        " " (name)
                    }
                }
            }
        }
    }
}
