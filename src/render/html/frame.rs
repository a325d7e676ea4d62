//! The frame of a page: what stands around its blocks.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::blocks::Writer;
use crate::page::Document;
use crate::term::Page;

/// The style sheet of every page.
const STYLE: &str = include_str!("page.css");

/// The settings of the colours: a word for people, and the id by which the style sheet knows it.
const SCHEMES: [(&str, &str); 3] = [
    ("as the system", "scheme-auto"),
    ("light", "scheme-light"),
    ("dark", "scheme-dark"),
];

/// Returns the document as a page.
pub(in crate::render) fn document(document: &Document<'_>, page: &Page) -> String {
    let mut writer = Writer::new(page.quiet);
    let report = writer.report(document);
    let whole = html! {
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
                main id="content" tabindex="-1" { (report) }
                @for script in writer.scripts() {
                    script { (PreEscaped(script.code)) }
                }
            }
        }
    };
    let whole = whole.into_string() + "\n";
    if page.signs.is_ascii() {
        in_ascii(&whole)
    } else {
        whole
    }
}

/// Returns a page whose characters outside ASCII are written as numbers: in scripts, which hold the data
/// of players, as JSON does.
fn in_ascii(page: &str) -> String {
    let mut ascii = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(place) = rest.find(|c: char| !c.is_ascii()) {
        let (before, from) = rest.split_at(place);
        ascii += before;
        let Some(letter) = from.chars().next() else {
            break;
        };
        if ascii.rfind("<script") > ascii.rfind("</script") {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                ascii += &format!("\\u{unit:04x}");
            }
        } else {
            ascii += &format!("&#{};", u32::from(letter));
        }
        rest = &from[letter.len_utf8()..];
    }
    ascii + rest
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
