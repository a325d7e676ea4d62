//! The player: its data, and what stands in its place where scripts do not run.

use maud::{Markup, PreEscaped, html};

use super::blocks::{Script, Writer, words};
use crate::page::{Player, Text};
use crate::record::PlayerRecord;
use crate::render::json;

/// What plays the schedules of all players of a page.
const SCRIPT: Script = Script {
    code: include_str!("player.js"),
    style: include_str!("player.css"),
};

/// Returns a player. Without its data there are the sentences on why it cannot be played, if there are any.
pub(super) fn player(of: &Player, writer: &mut Writer) -> Markup {
    let data = of.data.as_deref().map(data);
    html! {
        @if let Some(data) = data {
            @let id = playing(writer);
            div class="player" id=(id) data-player=(of.arguments) {
                p class="faint" {
                    "The schedules are played by a script, which does not run here. In a terminal: "
                    code class="command" { "miscount replay " (of.arguments) " --schedule TOKEN --steps" }
                }
                @if !of.schedules.is_empty() {
                    dl {
                        @for (caption, token) in &of.schedules {
                            div { dt { (caption) } dd { code { (token) } } }
                        }
                    }
                }
                script type="application/json" { (PreEscaped(data)) }
            }
        }
        @for note in &of.notes { p class="note" { (words(&Text::marked(note))) } }
    }
}

/// Puts the script into the page, and returns the id of the next player.
fn playing(writer: &mut Writer) -> String {
    writer.needs(SCRIPT);
    writer.id("player")
}

/// Returns the data as JSON that no text in it can end.
fn data(record: &PlayerRecord) -> String {
    let mut json = Vec::new();
    // Writing to memory does not fail.
    let _ = json::line(&record.versioned(), &mut json);
    String::from_utf8_lossy(&json)
        .trim_end()
        .replace('<', "\\u003c")
}
