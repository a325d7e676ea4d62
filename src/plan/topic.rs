//! What `explain` has short explanations of.

/// A topic of short explanations.
#[derive(Debug)]
pub struct HelpTopic {
    /// Its name: `terms`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its explanations: for each a line with its name behind `# `, a paragraph, and lines with commands, each with
    /// its purpose: `- the purpose: miscount command`.
    pub text: &'static str,
}

impl HelpTopic {
    /// Returns whether one of its explanations is of this term, written with spaces or hyphens.
    pub fn defines(&self, term: &str) -> bool {
        let term = term.replace('-', " ").to_lowercase();
        let headings = self.text.lines().filter_map(|line| line.strip_prefix("# "));
        let mut terms = headings.flat_map(|heading| heading.split(", "));
        terms.any(|known| known.replace('-', " ").to_lowercase() == term)
    }
}

/// The topics.
pub static TOPICS: [HelpTopic; 4] = [
    HelpTopic {
        name: "terms",
        title: "The terms of the reports",
        text: include_str!("words/terms.txt"),
    },
    HelpTopic {
        name: "symptoms",
        title: "Symptoms, and where to look",
        text: include_str!("words/symptoms.txt"),
    },
    HelpTopic {
        name: "detectors",
        title: "Which tool finds races in your language",
        text: include_str!("words/detectors.txt"),
    },
    HelpTopic {
        name: "language",
        title: "Race programs on one page",
        text: include_str!("words/language.txt"),
    },
];
