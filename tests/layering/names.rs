//! A public type has a name of its own: the same name in two rooms makes readers look up which is
//! meant.

use std::collections::BTreeMap;

use super::source::{tokens, without_tests};
use super::sources;

#[test]
fn no_two_public_types_share_a_name() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, source) in sources() {
        for name in public_types(&without_tests(&tokens(&source))) {
            places.entry(name).or_default().push(format!("src/{file}"));
        }
    }
    assert!(places.len() > 100, "the types are not found");
    let shared: String = places
        .iter()
        .filter(|(_, files)| files.len() > 1)
        .map(|(name, files)| format!("{name}: {}\n", files.join(", ")))
        .collect();
    assert!(shared.is_empty(), "names of more than one type:\n{shared}");
}

/// Returns the names of the types and traits that a file declares as `pub`.
fn public_types(tokens: &[String]) -> Vec<String> {
    const KINDS: [&str; 4] = ["struct", "enum", "trait", "type"];
    let declared = tokens.windows(3).filter_map(|three| match three {
        [public, kind, name] if public == "pub" && KINDS.contains(&kind.as_str()) => Some(name),
        _ => None,
    });
    declared.cloned().collect()
}

#[test]
fn public_types_are_found_wherever_they_are_declared() {
    let source = "
        pub struct A; pub enum B { C } pub trait D { type E; } pub type F<T> = Vec<T>;
        mod inner { pub struct G(pub A); }
        struct H; pub(crate) struct I; pub use x::J; pub fn k() {}
    ";
    assert_eq!(public_types(&tokens(source)), ["A", "B", "D", "F", "G"]);
}
