//! What a source file uses: its tokens, and the paths they make.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

pub(super) fn uses(tokens: &[String], thing: &str) -> bool {
    if let Some(name) = thing.strip_suffix('!') {
        return tokens
            .windows(2)
            .any(|pair| pair[0] == name && pair[1] == "!");
    }
    let found = paths(tokens);
    if let Some(name) = thing.strip_prefix("*::") {
        return found
            .iter()
            .any(|path| path.iter().any(|part| part == name));
    }
    let wanted: Vec<_> = thing.split("::").collect();
    found
        .iter()
        .any(|path| path.len() >= wanted.len() && path.iter().zip(&wanted).all(|(a, b)| a == b))
}

/// Every path of two parts or more, and every path of a `use`, its groups taken apart.
pub(super) fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        // `use<...>` names what a type captures, and imports nothing.
        let captures = tokens.get(place + 1).is_some_and(|next| next == "<");
        if tokens[place] == "use" && !captures {
            place = use_tree(tokens, place + 1, &[], &mut found);
        } else if is_word(&tokens[place]) {
            let mut path = vec![tokens[place].clone()];
            place += 1;
            while place + 1 < tokens.len() && tokens[place] == "::" && is_word(&tokens[place + 1]) {
                path.push(tokens[place + 1].clone());
                place += 2;
            }
            if path.len() > 1 {
                found.push(path);
            }
        } else {
            place += 1;
        }
    }
    found
}

/// Takes a tree of `use` apart, and gives the place behind it.
fn use_tree(
    tokens: &[String],
    mut place: usize,
    stem: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = stem.to_vec();
    while place < tokens.len() {
        match tokens[place].as_str() {
            "{" => {
                place += 1;
                while place < tokens.len() && tokens[place] != "}" {
                    place = use_tree(tokens, place, &path, found);
                    if tokens.get(place).is_some_and(|token| token == ",") {
                        place += 1;
                    }
                }
                return place + 1;
            }
            "as" => place += 2,
            ";" | "," | "}" => break,
            "::" => place += 1,
            part => {
                path.push(part.to_string());
                place += 1;
            }
        }
    }
    found.push(path);
    place
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// The words and signs of a source, without comments, texts and numbers.
pub(super) fn tokens(source: &str) -> Vec<String> {
    let stream: TokenStream = source.parse().expect("a source that compiles");
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    tokens
}

fn flatten(stream: TokenStream, into: &mut Vec<String>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) => into.push(word.to_string()),
            TokenTree::Literal(_) => {}
            TokenTree::Punct(sign) => {
                let mut token = sign.to_string();
                let joint = sign.spacing() == Spacing::Joint;
                let colon = |next: &TokenTree| matches!(next, TokenTree::Punct(next) if next.as_char() == ':');
                if joint && sign.as_char() == ':' && trees.next_if(colon).is_some() {
                    token.push(':');
                }
                into.push(token);
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                into.push(open.into());
                flatten(group.stream(), into);
                into.push(close.into());
            }
        }
    }
}

/// The tokens outside `#[cfg(test)] mod ... { ... }`.
pub(super) fn without_tests(tokens: &[String]) -> Vec<String> {
    const MARK: [&str; 8] = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let [first, behind @ ..] = rest {
        let opens = rest.get(MARK.len() + 1).is_some_and(|token| token == "{");
        if opens && rest.iter().zip(MARK).all(|(token, mark)| token == mark) {
            let mut depth = 0;
            let end = rest.iter().position(|token| {
                match token.as_str() {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
                token == "}" && depth == 0
            });
            rest = &rest[end.map_or(rest.len(), |end| end + 1)..];
        } else {
            kept.push(first.clone());
            rest = behind;
        }
    }
    kept
}
