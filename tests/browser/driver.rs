//! A headless Chromium behind chromedriver, and the program that makes the pages.

use std::fmt::Debug;
use std::fs;
use std::future::Future;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// The time that anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Returns the program, built anew if it has changed.
fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        // As it is built for all tests: the program alone has other features, and would be built again with
        // all that it needs.
        let built = Command::new(env!("CARGO"))
            .args(["test", "--no-run", "--quiet", "--locked", "--workspace"])
            .args(["--message-format", "json"])
            .current_dir(root)
            .output()
            .unwrap();
        assert!(built.status.success(), "the program does not build");
        let messages = String::from_utf8(built.stdout).unwrap();
        let messages = messages.lines().map(serde_json::from_str::<Value>);
        let is_program = |built: &Value| {
            built["target"]["kind"] == json!(["bin"]) && built["profile"]["test"] == json!(false)
        };
        let built = messages.map_while(Result::ok).find(is_program).unwrap();
        built["executable"].as_str().unwrap().into()
    })
}

/// Returns what the program prints.
pub(crate) fn miscount(words: &str) -> String {
    let mut command = Command::new(program());
    command.args(words.split_whitespace());
    let output = command.stderr(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.is_empty(), "{words}: {}", output.status);
    text
}

/// chromedriver, which is ended with this.
struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts it on a free port; `None` where it or its browser is not installed.
    fn start() -> Option<Self> {
        let found = Command::new("chromium").arg("--version").output();
        if !found.is_ok_and(|found| found.status.success()) {
            return None;
        }
        let child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut driver = Self {
            child: child.ok()?,
            port: 0,
        };
        let lines = BufReader::new(driver.child.stdout.take()?).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        driver.port = port.unwrap();
        Some(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says that a test was left out, past the harness, which captures what is printed.
pub(crate) fn left_out(words: &str) {
    io::stderr()
        .write_all(format!("{words}\n").as_bytes())
        .unwrap();
}

/// A browser with a folder for its pages.
pub(crate) struct Browser {
    pub(crate) client: Client,
    pages: TempDir,
}

/// Does work with a browser; where there is none, says that it was left out.
pub(crate) fn with_browser<F: Future<Output = ()>>(test: &str, work: impl FnOnce(Browser) -> F) {
    let Some(driver) = Driver::start() else {
        let missing = "chromium and chromedriver are not installed";
        left_out(&format!("{test}: left out, since {missing}"));
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(async {
        let options = json!({"args": ["--headless=new", "--no-sandbox", "--disable-gpu"]});
        let logs = json!({"browser": "ALL", "performance": "ALL"});
        let limits = json!({"script": 120_000});
        let wanted = [
            ("goog:chromeOptions", options),
            ("goog:loggingPrefs", logs),
            ("timeouts", limits),
        ];
        let wanted = wanted.map(|(name, value)| (name.to_string(), value));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.into_iter().collect())
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .unwrap();
        let browser = Browser {
            client: client.clone(),
            pages: TempDir::new().unwrap(),
        };
        work(browser).await;
        client.close().await.unwrap();
    });
}

/// Asks chromedriver for a log since the last time.
#[derive(Debug)]
struct Log(&'static str);

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (
            http::Method::POST,
            Some(json!({"type": self.0}).to_string()),
        )
    }
}

impl Browser {
    /// Opens a page from a file.
    pub(crate) async fn open(&self, page: &str) {
        let path = self.pages.path().join("page.html");
        fs::write(&path, page).unwrap();
        self.log("browser").await;
        self.log("performance").await;
        let address = Url::from_file_path(path).unwrap();
        self.client.goto(address.as_str()).await.unwrap();
    }

    async fn log(&self, name: &'static str) -> Vec<Value> {
        let log = self.client.issue_cmd(Log(name)).await.unwrap();
        log.as_array().cloned().unwrap_or_default()
    }

    /// Returns what went wrong on the page since it was opened: messages on the console, and requests other
    /// than that for the page itself.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let messages = self.log("browser").await.into_iter();
        let mut complaints: Vec<_> = messages.map(|message| message.to_string()).collect();
        for entry in self.log("performance").await {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let event = &event["message"];
            let address = event["params"]["request"]["url"]
                .as_str()
                .unwrap_or_default();
            let is_request = event["method"] == "Network.requestWillBeSent";
            if is_request && !address.starts_with("file:") {
                complaints.push(address.into());
            }
        }
        complaints
    }

    /// Returns the value of a script.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Returns an attribute of the first player: `position`, `last`, `end` or `stars`.
    pub(crate) async fn player(&self, attribute: &str) -> String {
        let script = format!("return document.querySelector('.player').dataset.{attribute} ?? ''");
        self.run(&script).await.as_str().unwrap().to_string()
    }

    /// Presses keys in the first player, as a keyboard does.
    pub(crate) async fn press(&self, keys: &str) {
        let active = self.client.active_element().await.unwrap();
        active.send_keys(keys).await.unwrap();
    }

    /// Waits until an attribute of the player has this value.
    pub(crate) async fn wait_for(&self, attribute: &str, value: &str) {
        let began = Instant::now();
        while self.player(attribute).await != value {
            assert!(began.elapsed() < PATIENCE, "{attribute} is never {value}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
