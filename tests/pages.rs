//! Reports as HTML: one file each that is valid, needs nothing else, and says what it shows in words.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

use crate::support::miscount;

/// A command for each kind of page.
const PAGES: &[&str] = &[
    "unsynced -r 3",
    "unsynced -t 2 -i 100 -r 200 --window yield",
    "rwlock -i 100 -r 2",
    "compare unsynced atomic -i 100 -r 3",
    "compare unsynced atomic -t 1,2 -i 100 -r 3",
    "trace unsynced -t 2 -i 20 --window yield",
    "trace unsynced --window yield -i 500",
    "trace atomic --timeout 0s",
    "explore unsynced -t 2 -i 3",
    "explore bank",
    "explore if-instead-of-while",
    "run bank --for 20ms",
    "replay unsynced -t 2 -i 5 --schedule worst --steps",
    "replay unsynced -t 9 -i 2 --schedule lockstep --steps --on model",
    "explain",
    "explain unsynced",
    "explain bank",
    "doctor --timeout 1ms",
    "waitgroup -r 2",
    "requests --virtual --cancel B@1s",
    "tour contexts -q",
];

/// The most bytes of a page about an ordinary record.
const MOST: usize = 300 << 10;

/// Returns the page that a command prints.
fn page(command: &str, folder: &std::path::Path) -> String {
    let words = command.split_whitespace();
    let output = miscount()
        .current_dir(folder)
        .args(words)
        .args(["--format", "html"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!error.contains("panicked"), "{command}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

/// Holds a page to what every page promises.
fn check(command: &str, text: &str) {
    let html = Html::parse_document(text);
    assert!(html.errors.is_empty(), "{command}: {:?}", html.errors);
    assert!(text.starts_with("<!DOCTYPE html>") && text.ends_with("</html>\n"));
    assert_eq!(select(&html, "h1").len(), 1, "{command}");
    assert_eq!(select(&html, "html[lang]").len(), 1, "{command}");
    let title = select(&html, "title")[0].text().collect::<String>();
    assert!(!title.trim().is_empty(), "{command}");
    // No level of headings is left out.
    let mut before = 0;
    for heading in select(&html, "h1, h2, h3, h4, h5, h6") {
        let level: u32 = heading.value().name()[1..].parse().unwrap();
        assert!(level <= before + 1, "{command}: {}", heading.html());
        before = level;
    }
    let mut ids = HashSet::new();
    for element in select(&html, "[id]") {
        let id = element.value().attr("id").unwrap();
        assert!(ids.insert(id.to_owned()), "{command}: {id} twice");
    }
    for link in select(&html, "[href], [src], [for], [action], [aria-labelledby]") {
        for (name, value) in link.value().attrs() {
            match name {
                "href" => assert!(
                    ids.contains(value.trim_start_matches('#')),
                    "{command}: {value}"
                ),
                "for" | "aria-labelledby" => assert!(ids.contains(value), "{command}: {value}"),
                "src" | "action" => panic!("{command}: {}", link.html()),
                _ => {}
            }
        }
    }
    // Nothing comes from elsewhere; the name of a format of XML is no address that is asked.
    let elsewhere = text.replace("http://www.w3.org/2000/svg", "");
    for address in ["http:", "https:", "//www", "url(", "@import"] {
        assert!(!elsewhere.contains(address), "{command}: {address}");
    }
    for table in select(&html, "table") {
        let heads = Selector::parse("th").unwrap();
        let mut heads = table.select(&heads).peekable();
        assert!(heads.peek().is_some(), "{command}: {}", table.html());
        for head in heads {
            let scope = head.value().attr("scope");
            assert!(
                matches!(scope, Some("row" | "col")),
                "{command}: {}",
                head.html()
            );
        }
    }
    // A picture has words, unless the cells beside it say the same.
    for picture in select(&html, "svg") {
        let is_hidden = picture.value().attr("aria-hidden") == Some("true");
        let words = picture.value().attr("aria-label").unwrap_or_default();
        assert!(is_hidden || !words.is_empty(), "{command}");
    }
}

#[test]
fn every_page_is_valid_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    for command in PAGES {
        let text = page(command, folder.path());
        check(command, &text);
        assert!(text.len() < MOST, "{command}: {} bytes", text.len());
    }
}

#[test]
fn the_gallery_is_a_book_of_every_program() {
    let folder = tempfile::tempdir().unwrap();
    let text = page("programs", folder.path());
    check("programs", &text);
    let html = Html::parse_document(&text);
    let titles = select(&html, "h3");
    let titles: Vec<String> = titles.iter().map(|title| title.text().collect()).collect();
    for program in miscount::language::GALLERY {
        let of_it = |title: &&String| title.split(':').next() == Some(program.name);
        assert_eq!(titles.iter().filter(of_it).count(), 1, "{}", program.name);
    }
    assert!(select(&html, "nav a").len() > 50);
}

#[test]
fn a_lesson_folds_its_answers_away() {
    let folder = tempfile::tempdir().unwrap();
    let text = page("tour contexts", folder.path());
    let html = Html::parse_document(&text);
    let folded = select(&html, "details");
    assert_eq!(folded.len(), select(&html, "h2").len());
    for details in folded {
        assert_eq!(details.value().attr("open"), None);
        assert!(details.text().any(|words| words.starts_with("Answer: ")));
    }
    let reports = select(&html, "details article table");
    assert!(!reports.is_empty());
    let outside = text.split("<details>").next().unwrap();
    assert!(!outside.contains("Answer:"));
}

#[test]
fn what_a_program_says_is_text_and_never_markup() {
    let tag = "<script>alert(1)</script>";
    let program = format!(
        "title \"{tag}\"\ntheme \"{tag}\"\nstory \"{tag} & <b>\"\nlesson \"{tag}\"\nsource \"{tag}\"\n\
         shared x # {tag}\nthreads 2 {{ x += 1 }}\nexpect x == 2\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("evil.race"), program).unwrap();
    let mut shown = 0;
    for command in [
        "explain evil.race",
        "explore evil.race",
        "run evil.race --for 5ms",
    ] {
        let text = page(command, folder.path());
        check(command, &text);
        let html = Html::parse_document(&text);
        for script in select(&html, "script") {
            // The scripts of the player, and its data, in which the tag is a string.
            let is_data = script.value().attr("type") == Some("application/json");
            let text: String = script.text().collect();
            assert!(is_data || !text.contains("alert(1)"), "{command}");
        }
        assert!(!text.contains("<b>"), "{command}");
        let words: String = select(&html, "main")[0].text().collect();
        shown += words.matches(tag).count();
    }
    assert!(shown >= 4, "{shown}");
}

#[test]
fn a_page_says_how_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        "unsynced -r 2",
        "compare atomic -i 10 -r 2",
        "waitgroup -r 1",
    ] {
        let text = page(command, folder.path());
        let html = Html::parse_document(&text);
        let footer: String = select(&html, "footer")[0].text().collect();
        let typed = format!("miscount {command} --format html");
        for fact in [&typed, "date20", env!("CARGO_PKG_VERSION"), "start line"] {
            assert!(footer.contains(fact), "{command}: {footer}");
        }
    }
}
