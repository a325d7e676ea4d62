//! What races look like on this machine, in every format.

use serde_json::Value;

use super::report::{Report, Table, json};
use crate::report::record::doctor::{DoctorLine, DoctorRecord, Measurement};
use crate::report::text;
use crate::term::Page;

impl Report for DoctorRecord {
    fn text(&self, page: &Page) -> String {
        text::doctor(self, page)
    }

    fn json(&self) -> Value {
        json(self)
    }

    fn lines(&self) -> Vec<Value> {
        let measurements = self.measurements.iter().map(DoctorLine::Measurement);
        let findings = self.findings.iter().map(DoctorLine::Finding);
        measurements
            .chain(findings)
            .chain([DoctorLine::Summary(self)])
            .map(|line| json(&line))
            .collect()
    }

    fn table(&self) -> Table {
        Table {
            heading: vec![
                "start_line",
                "flags",
                "threads",
                "increments",
                "starts",
                "skew_median_ns",
                "skew_p99_ns",
                "runs",
                "runs_lost",
                "runs_lost_share",
                "elapsed_median_ns",
            ],
            rows: self.measurements.iter().map(|row| self.row(row)).collect(),
        }
    }

    fn markdown(&self) -> String {
        let environment = &self.environment;
        let machine = &self.machine;
        let count = |cores: Option<usize>| {
            cores.map_or_else(|| "not known".to_string(), |cores| cores.to_string())
        };
        let facts = format!(
            "## Races on this machine\n\n- processor: {} ({} {})\n- cores: {} allowed, {} present\n\
             - pinning: {}\n- start line: {}\n",
            environment.cpu.as_deref().unwrap_or("not known"),
            environment.os,
            environment.arch,
            count(environment.cores),
            count(machine.cores_present),
            if environment.pinned {
                "works"
            } else {
                "does not work"
            },
            environment.start_line,
        );
        let findings: String = self
            .findings
            .iter()
            .map(|finding| match &finding.command {
                Some(command) => format!("- {} Try `{command}`\n", finding.text),
                None => format!("- {}\n", finding.text),
            })
            .collect();
        format!("{facts}\n{}\n{findings}", self.table().markdown())
    }
}

impl DoctorRecord {
    fn row(&self, row: &Measurement) -> Vec<String> {
        let whole = |number: Option<u64>| number.map_or_else(String::new, |n| n.to_string());
        let share = row.runs_lost_share.map(|share| share.to_string());
        vec![
            row.start_line.into(),
            row.flags.into(),
            self.threads.to_string(),
            row.increments.to_string(),
            whole(row.skew.map(|skew| skew.starts)),
            whole(row.skew.map(|skew| skew.median_ns)),
            whole(row.skew.map(|skew| skew.p99_ns)),
            row.runs.to_string(),
            row.runs_lost.to_string(),
            share.unwrap_or_default(),
            whole(row.elapsed_median_ns),
        ]
    }
}
