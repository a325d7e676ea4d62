//! The pages in a real browser: they ask nothing of the network, their players say what the model says, and
//! a keyboard is enough.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on fails")
)]

mod driver;

use std::fs;
use std::path::Path;

use driver::{Browser, left_out, miscount, with_browser};
use serde_json::Value;

/// Every kind of page.
const PAGES: &[&str] = &[
    "unsynced -t 2 -i 100 -r 3",
    "compare unsynced atomic -t 2 -i 100 -r 2",
    "trace unsynced -t 2 -i 200",
    "explore unsynced -t 2 -i 3",
    "explore bank",
    "explore store-buffering --memory tso",
    "replay unsynced -t 2 -i 3 --schedule worst --on model --steps",
    "replay unsynced -t 3 -i 10000 --schedule worst --on model",
    "explain",
    "explain unsynced",
    "explain two-locks",
    "explain store-buffering",
    "run lost-update -r 100",
    "programs",
    "requests",
    "waitgroup -r 3",
    "doctor",
];

/// The right arrow, the left arrow, Home and End, as `WebDriver` names keys.
const RIGHT: &str = "\u{e014}";
const LEFT: &str = "\u{e012}";
const HOME: &str = "\u{e011}";
const END: &str = "\u{e010}";

fn page(words: &str) -> String {
    miscount(&format!("{words} --format html"))
}

/// Puts the focus on the first player.
async fn focus(browser: &Browser) {
    browser
        .run("document.querySelector('.player').focus()")
        .await;
}

/// Chooses what the first player shows; -1 is to play it oneself.
async fn choose(browser: &Browser, index: i32) {
    let script = format!(
        "const player = document.querySelector('.player');
         if ({index} < 0) {{
             const mode = player.querySelector('.mode');
             if (player.dataset.mode === 'watch' && !mode.hidden) mode.click();
         }} else {{
             const picker = player.querySelector('select');
             picker.selectedIndex = {index};
             picker.dispatchEvent(new Event('change'));
         }}"
    );
    browser.run(&script).await;
    focus(browser).await;
}

/// Returns what a player shows of the state: all but its controls.
async fn shown(browser: &Browser) -> String {
    let script = "const player = document.querySelector('.player');
        return ['.memory', '.threads', '.event', '.outcome']
            .map((part) => player.querySelector(part).innerText).join('|');";
    browser.run(script).await.as_str().unwrap().to_string()
}

#[test]
fn pages_ask_nothing_of_the_network_and_complain_of_nothing() {
    with_browser("pages", |browser| async move {
        for words in PAGES {
            browser.open(&page(words)).await;
            assert_eq!(browser.complaints().await, [""; 0], "{words}");
            let title = browser.client.title().await.unwrap();
            assert!(!title.is_empty(), "{words}");
            for width in [360, 800, 1600] {
                browser.client.set_window_size(width, 900).await.unwrap();
                let too_wide = "return document.documentElement.scrollWidth - innerWidth";
                let too_wide = browser.run(too_wide).await.as_i64().unwrap();
                assert!(too_wide <= 0, "{words}: {too_wide} too wide at {width}");
            }
        }
    });
}

#[test]
fn a_player_ends_as_the_model_says() {
    with_browser("witnesses", |browser| async move {
        let mut random = fastrand::Rng::with_seed(17);
        let list: Value = serde_json::from_str(&miscount("programs --format json")).unwrap();
        let programs = list["programs"].as_array().unwrap();
        let mut names: Vec<String> = programs
            .iter()
            .map(|program| program["program"].as_str().unwrap().to_string())
            .collect();
        random.shuffle(&mut names);
        names.truncate(20);
        let sizes = ["-t 2 -i 2", "-t 2 -i 4", "-t 3 -i 2"];
        let strategies = ["unsynced", "mutex-per-op", "compare-exchange", "atomic"];
        names.extend(strategies.iter().flat_map(|strategy| {
            let size = sizes.iter().map(move |size| format!("{strategy} {size}"));
            size.collect::<Vec<_>>()
        }));
        let mut witnesses = 0;
        for name in names {
            browser.open(&page(&format!("explore {name}"))).await;
            let schedules = "return [...document.querySelectorAll('.player')].length ?
                document.querySelector('.player select').options.length : 0";
            let options = browser.run(schedules).await.as_i64().unwrap();
            for option in 0..options {
                choose(&browser, i32::try_from(option).unwrap()).await;
                let token = "return document.querySelector('.player .token').textContent";
                let token = browser.run(token).await;
                let token = token.as_str().unwrap();
                browser.press(END).await;
                let replay = format!("replay {name} --on model --format json --schedule {token}");
                let record: Value = serde_json::from_str(&miscount(&replay)).unwrap();
                let said = browser.player("end").await;
                assert_eq!(said, end(&record), "{replay}");
                witnesses += 1;
            }
        }
        assert!(witnesses >= 50, "only {witnesses} witnesses");
        assert_eq!(browser.complaints().await, [""; 0]);
    });
}

/// Returns how a replay ends, as a player says it.
fn end(record: &Value) -> String {
    let end = &record["end"];
    match end["kind"].as_str() {
        None if record["deadlock"].is_array() => "deadlock".into(),
        None => record["predicted"].to_string(),
        Some("finished") => {
            let values = end["values"].as_object().unwrap().iter();
            let mut values: Vec<_> = values
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            values.sort();
            values.join(", ")
        }
        Some("deadlock") => "deadlock".into(),
        Some(kind) => {
            let line = end["line"].as_u64().map(|line| format!(", line {line}"));
            let problem = end["problem"].as_str().filter(|_| kind == "fault");
            format!("{}{}", problem.unwrap_or(kind), line.unwrap_or_default())
        }
    }
}

#[test]
fn back_is_the_inverse_of_step() {
    with_browser("inverse", |browser| async move {
        for words in [
            "replay unsynced -t 2 -i 3 --schedule worst --on model",
            "explain two-locks",
            "replay store-buffering --memory tso --schedule A,B,A,B,a,b --on model",
        ] {
            browser.open(&page(words)).await;
            choose(&browser, 0).await;
            browser.press(HOME).await;
            let last: usize = browser.player("last").await.parse().unwrap();
            let mut forwards = vec![shown(&browser).await];
            for _ in 0..last {
                browser.press(RIGHT).await;
                forwards.push(shown(&browser).await);
            }
            assert_eq!(browser.player("position").await, last.to_string());
            assert!(
                forwards.windows(2).all(|pair| pair[0] != pair[1]),
                "{words}"
            );
            for place in (0..last).rev() {
                browser.press(LEFT).await;
                assert_eq!(shown(&browser).await, forwards[place], "{words}: {place}");
            }
            browser.press(END).await;
            assert_eq!(shown(&browser).await, forwards[last], "{words}");
        }
    });
}

#[test]
fn a_player_plays_by_itself_until_the_end() {
    with_browser("playing", |browser| async move {
        browser
            .open(&page("replay bank --schedule lockstep --on model"))
            .await;
        choose(&browser, 0).await;
        let last = browser.player("last").await;
        browser.press(" ").await;
        browser.wait_for("position", "2").await;
        browser.press(" ").await;
        let paused = browser.player("position").await;
        assert_ne!(paused, last);
        browser.press(" ").await;
        browser.wait_for("position", &last).await;
        let outcome = "return document.querySelector('.player .outcome').textContent";
        let outcome = browser.run(outcome).await;
        assert!(
            outcome
                .as_str()
                .unwrap()
                .starts_with("All threads are done"),
            "{outcome}"
        );
    });
}

#[test]
fn the_keyboard_alone_earns_the_stars_of_a_puzzle() {
    with_browser("puzzle", |browser| async move {
        // With as few switches as there can be, with one more, and a deadlock.
        for (puzzle, keys, stars) in [
            ("lost-update", "abba", "3"),
            ("lost-update", "abab", "2"),
            ("two-locks", "ab", "3"),
        ] {
            browser.open(&page(&format!("explain {puzzle}"))).await;
            browser
                .run("document.querySelector('.player .mode').focus()")
                .await;
            browser.press(" ").await;
            assert_eq!(browser.player("mode").await, "play");
            assert_eq!(browser.player("stars").await, "");
            for key in keys.chars() {
                browser.press(&key.to_string()).await;
            }
            assert_eq!(browser.player("stars").await, stars, "{puzzle}");
            // Back before the end there are none, and with a redo there are again.
            browser.press(LEFT).await;
            assert_eq!(browser.player("stars").await, "");
            browser.press(RIGHT).await;
            assert_eq!(browser.player("stars").await, stars);
        }
    });
}

#[test]
fn a_title_that_is_a_script_is_shown_and_not_run() {
    with_browser("escaping", |browser| async move {
        let source = "title \"<script>document.title = 'run'</script>\"\nstory \"</script><img src=x \
                      onerror=alert(1)>\"\nshared x = 0\nthreads 2 {\n    x += 1\n}\n\
                      expect x == 2\n";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evil.race");
        fs::write(&path, source).unwrap();
        browser
            .open(&page(&format!("explain {}", path.display())))
            .await;
        assert_eq!(browser.complaints().await, [""; 0]);
        assert!(browser.client.title().await.unwrap().contains("<script>"));
        assert_eq!(browser.player("position").await, "0");
    });
}

#[test]
fn axe_finds_nothing_serious() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/axe.min.js");
    let Ok(axe) = fs::read_to_string(target) else {
        let words =
            "accessibility: left out, since there is no target/axe.min.js; .ci/run fetches it";
        left_out(words);
        return;
    };
    with_browser("accessibility", |browser| async move {
        for words in PAGES {
            browser.open(&page(words)).await;
            browser.run(&axe).await;
            for free in [false, true] {
                if free
                    && browser
                        .run("return !document.querySelector('.player')")
                        .await
                        == true
                {
                    continue;
                }
                if free {
                    choose(&browser, -1).await;
                }
                // Of the book, whose chapters are alike, the first race.
                let script = "const done = arguments[arguments.length - 1];
                    const players = document.querySelectorAll('.player').length;
                    const part = players > 20 ? document.querySelector('article') : document;
                    axe.run(part).then((found) => done(found.violations
                        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                        .map(({ id, nodes }) => `${id}: ${nodes[0].html}`)));";
                let found = browser
                    .client
                    .execute_async(script, Vec::new())
                    .await
                    .unwrap();
                assert_eq!(found.as_array().unwrap().len(), 0, "{words}: {found}");
            }
        }
    });
}
