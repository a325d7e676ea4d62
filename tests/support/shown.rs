//! Records in every format.

use miscount::page::{self, Document};
use miscount::record::{ComparisonRecord, DoctorRecord, Record, RepeatRecord, WaitGroupRecord};
use miscount::render::Format;
use miscount::term::Page;
use serde_json::Value;

/// Shows a record in every format.
pub(crate) trait Shown: Record + Sized {
    /// Returns the document that people get.
    fn document(&self) -> Document<'_>;

    fn written(&self, format: Format, page: &Page) -> String {
        let mut bytes = Vec::new();
        format
            .write(self, || self.document(), page, &mut bytes)
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn text(&self, page: &Page) -> String {
        self.written(Format::Text, page)
    }

    fn markdown(&self) -> String {
        self.written(Format::Markdown, &super::page(80, false, true))
    }

    fn csv(&self) -> String {
        self.written(Format::Csv, &super::page(80, false, true))
    }

    fn json(&self) -> Value {
        let text = self.written(Format::Json, &super::page(80, false, true));
        let value = serde_json::from_str(&text).unwrap();
        assert_eq!(text, format!("{value:#}\n"));
        value
    }

    fn lines(&self) -> Vec<Value> {
        let text = self.written(Format::Jsonl, &super::page(80, false, true));
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Shown for DoctorRecord {
    fn document(&self) -> Document<'_> {
        page::doctor(self)
    }
}

impl Shown for ComparisonRecord {
    fn document(&self) -> Document<'_> {
        page::compare(self)
    }
}

impl Shown for WaitGroupRecord {
    fn document(&self) -> Document<'_> {
        page::waitgroup(self)
    }
}

impl Shown for RepeatRecord {
    fn document(&self) -> Document<'_> {
        page::repeat(self)
    }
}
