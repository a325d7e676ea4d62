//! `completions` and `man`: what the shell and the manual know is what the program takes.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::{fs, str};

use crate::support;

fn miscount(words: &[&str]) -> Output {
    support::output(support::miscount().args(words))
}

/// What the program prints when all is well.
fn printed(words: &[&str]) -> String {
    let output = miscount(words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {output:?}");
    assert!(output.stderr.is_empty(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The one sentence that goes with an exit code.
fn refused(words: &[&str], code: i32) -> String {
    let output = miscount(words);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{words:?}: {output:?}");
    let sentence = str::from_utf8(&output.stderr).unwrap().trim_end();
    assert!(!sentence.contains('\n'), "{sentence}");
    sentence.strip_prefix("error: ").unwrap().into()
}

fn subcommands() -> Vec<String> {
    let root = miscount::cli::command();
    let names = root
        .get_subcommands()
        .map(|command| command.get_name().to_string());
    names.collect()
}

/// Every long flag in a text, without its value.
fn flags(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| word.starts_with("--") && word.len() > 2)
        .map(Into::into)
        .collect()
}

/// The text of a page without its fonts, and with its dashes and quotes as they are typed.
fn plain(page: &str) -> String {
    ["\\fB", "\\fI", "\\fR"].iter().fold(
        page.replace("\\-", "-").replace("\\*(Aq", "'"),
        |text, font| text.replace(font, ""),
    )
}

/// Returns what a help says of its command, in its first line behind the examples.
fn about(help: &str) -> &str {
    let (_, behind) = help.split_once("\n\n").unwrap();
    behind.lines().next().unwrap()
}

#[test]
fn the_help_names_every_subcommand_and_says_what_it_does() {
    let help = printed(&["--help"]);
    for title in ["Counting:", "The machine and the shell:"] {
        assert!(help.contains(title), "{help}");
    }
    for name in subcommands() {
        let line = help
            .lines()
            .find_map(|line| line.strip_prefix(&format!("  {name} ")))
            .unwrap_or_else(|| panic!("{name} is not in\n{help}"));
        let own = printed(&[&name, "--help"]);
        // Where more is said below it, the line is a sentence of its own.
        let first = about(&own).trim_end_matches('.');
        assert_eq!(first, line.trim(), "{name}");
    }
}

#[test]
fn every_shell_has_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for name in subcommands() {
            assert!(script.contains(&name), "{shell}: {name}");
        }
        assert!(script.contains("window"), "{shell}");
    }
    assert!(refused(&["completions"], 2).contains("SHELL"));
    assert!(refused(&["completions", "csh"], 2).contains("bash"));
    assert!(refused(&["completions", "bash", "--format", "json"], 2).contains("--format"));
}

#[test]
fn bash_takes_its_completions() {
    let ask = "source \"$1\" && complete -p miscount && COMP_WORDS=(miscount doctor --t) \
               COMP_CWORD=2 && _miscount miscount --t doctor && echo \"${COMPREPLY[@]}\"";
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("completions");
    let path = script.to_str().unwrap();
    assert_eq!(printed(&["completions", "bash", "-o", path]), "");
    let Ok(bash) = Command::new("bash")
        .args(["-c", ask, "bash", path])
        .output()
    else {
        println!("there is no bash here");
        return;
    };
    let answer = String::from_utf8(bash.stdout).unwrap();
    assert!(bash.status.success(), "{answer}");
    assert!(answer.contains("_miscount"), "{answer}");
    assert!(answer.ends_with("--threads --timeout\n"), "{answer}");
}

/// What completions there are for the value of a flag, in a folder with one file in it.
fn values(words: &str) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("completions");
    fs::write(&script, printed(&["completions", "bash"])).unwrap();
    // compopt is for completions that are going on, and here is nobody at a terminal.
    let ask = "compopt() { :; }; source ./completions && COMP_WORDS=($1 '') && \
               COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && \
               _miscount miscount '' \"${COMP_WORDS[COMP_CWORD-1]}\" && echo \"${COMPREPLY[@]}\"";
    let bash = Command::new("bash")
        .args(["-c", ask, "bash", words])
        .current_dir(folder.path())
        .output()
        .ok()?;
    let answer = String::from_utf8(bash.stdout).unwrap();
    assert!(bash.status.success(), "{words}: {answer}");
    Some(answer.split_whitespace().map(Into::into).collect())
}

#[test]
fn files_are_offered_where_files_are_wanted_and_nowhere_else() {
    for (words, offered) in [
        ("miscount waitgroup -t", &[][..]),
        ("miscount waitgroup --timeout", &[]),
        ("miscount requests --tree", &[]),
        ("miscount requests --value", &[]),
        ("miscount requests --items", &[]),
        ("miscount unsynced --window", &[]),
        ("miscount replay --schedule", &[]),
        ("miscount unsynced --until", &["lost", "correct"]),
        ("miscount unsynced --output", &["completions"]),
        ("miscount trace --svg", &["completions"]),
        ("miscount tour --answers", &["completions"]),
        ("miscount tour --save", &["completions"]),
    ] {
        let Some(values) = values(words) else {
            println!("there is no bash here");
            return;
        };
        assert_eq!(values, offered, "{words}");
    }
}

#[test]
fn every_subcommand_has_a_page_with_every_flag_of_its_help() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    assert_eq!(printed(&["man", "--dir", path]), "");
    let page = |name: &str| {
        let page = fs::read_to_string(folder.path().join(name)).unwrap();
        plain(&page)
    };
    let mut names = vec!["miscount.1".to_string()];
    for command in subcommands() {
        let name = format!("miscount-{command}.1");
        let (page, help) = (page(&name), printed(&[&command, "--help"]));
        let (known, wanted) = (flags(&page), flags(&help));
        assert!(
            wanted.contains("--help") && wanted.contains("--format"),
            "{help}"
        );
        let missing: Vec<_> = wanted.difference(&known).collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?}");
        assert!(page.contains(about(&help)), "{name}");
        names.push(name);
    }
    for name in &names {
        let page = page(name);
        for code in ["0", "1", "2", "3", "4", "124", "130"] {
            let status = page.split_once("EXIT STATUS").unwrap().1;
            assert!(status.lines().any(|line| line == code), "{name}: {page}");
        }
        // One line for the flags, as in the help.
        let synopsis = page.split_once("SYNOPSIS\n").unwrap().1;
        assert!(
            synopsis.lines().next().unwrap().contains("[OPTIONS]"),
            "{page}"
        );
    }
    let root = page("miscount.1");
    // In the order of the help, under its headings.
    let order = [
        "Counting",
        "miscount-unsynced",
        "Understanding",
        "miscount-doctor",
        "miscount-man",
    ];
    let places = order.map(|name| root.rfind(name).unwrap());
    assert!(places.is_sorted(), "{root}");
    assert!(flags(&root).is_superset(&flags(&printed(&["--help"]))));
    for name in &names[1..] {
        assert!(root.contains(name.trim_end_matches(".1")), "{name}");
    }
    assert_eq!(plain(&printed(&["man"])), root);
    // And nothing else has been put there.
    let mut there: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    names.sort();
    assert_eq!(there, names);
}

#[test]
fn pages_go_to_a_folder_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let sentence = refused(&["man", "--dir", missing.to_str().unwrap()], 3);
    assert!(
        sentence.contains("missing") && sentence.contains("--dir"),
        "{sentence}"
    );
    assert!(!Path::exists(&missing));
    let file = folder.path().join("file");
    fs::write(&file, "kept").unwrap();
    let sentence = refused(&["man", "--dir", file.to_str().unwrap()], 3);
    assert!(sentence.contains("file"), "{sentence}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
    let both = refused(
        &["man", "--dir", folder.path().to_str().unwrap(), "-o", "x"],
        2,
    );
    assert!(
        both.contains("--dir") && both.contains("--output"),
        "{both}"
    );
    assert!(refused(&["man", "--format", "csv"], 2).contains("--format"));
}
