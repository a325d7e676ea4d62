//! Short explanations of a topic: `miscount.terms/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;
use crate::plan::HelpTopic;

/// Short explanations, each with the commands that show it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TermsRecord {
    /// What is explained: `terms`, `symptoms`, `detectors` or `language`.
    pub topic: Cow<'static, str>,
    /// In words.
    pub title: Cow<'static, str>,
    /// The explanations, in order.
    pub entries: Cow<'static, [ConceptRecord]>,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TermsLine<'a> {
    /// A short explanation.
    Entry(&'a ConceptRecord),
}

impl From<&HelpTopic> for TermsRecord {
    fn from(topic: &HelpTopic) -> Self {
        Self {
            topic: topic.name.into(),
            title: topic.title.into(),
            entries: concepts(topic.text).into(),
        }
    }
}

/// Reads short explanations in the form of [`HelpTopic::text`].
pub(super) fn concepts(text: &'static str) -> Vec<ConceptRecord> {
    let concept = |part: &'static str| {
        let (name, rest) = part.split_once('\n').unwrap_or((part, ""));
        let (commands, words): (Vec<_>, Vec<_>) =
            rest.lines().partition(|line| line.starts_with("- "));
        let commands = commands.iter().filter_map(|line| {
            let (purpose, command) = line.strip_prefix("- ")?.rsplit_once(": ")?;
            Some(CommandRecord::new(purpose, command))
        });
        ConceptRecord {
            name: name.into(),
            meaning: Marked(words.join(" ").trim_end().to_owned().into()),
            commands: commands.collect(),
        }
    };
    let parts = text.trim_start_matches("# ").split("\n# ");
    parts.map(concept).collect()
}

impl Record for TermsRecord {
    type Line<'a> = TermsLine<'a>;

    fn columns(&self) -> &'static str {
        "name,meaning"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.entries.iter().map(TermsLine::Entry)
    }
}
