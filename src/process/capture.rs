//! What a process writes to one of its streams, in a fixed amount of memory.

use std::io;

use sha2::{Digest, Sha256};

use super::keep::Spool;
use super::search::LineSearch;

/// The number of bytes that are held for show.
const SHOWN: usize = 4 << 10;

/// What there is to know about a stream.
#[derive(Debug)]
pub(super) struct Capture<'a> {
    digest: Sha256,
    pub(super) bytes: u64,
    /// The first bytes.
    pub(super) head: Vec<u8>,
    /// What is searched for in the stream, if anything is.
    pub(super) search: Option<LineSearch<'a>>,
    /// All of the stream, if it may have to be saved.
    pub(super) spool: Option<Spool>,
}

impl<'a> Capture<'a> {
    pub(super) fn new(search: Option<LineSearch<'a>>, spool: Option<Spool>) -> Self {
        Self {
            digest: Sha256::new(),
            bytes: 0,
            head: Vec::new(),
            search,
            spool,
        }
    }

    /// Takes note of a piece of the stream. An error is one of the file that the stream is saved in.
    pub(super) fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        let room = SHOWN - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if let Some(search) = &mut self.search {
            search.take(bytes);
        }
        self.spool
            .as_mut()
            .map_or(Ok(()), |spool| spool.write(bytes))
    }

    /// Returns the digest of what has been read.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest.clone().finalize().into()
    }
}

/// Returns the digest of some bytes.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Returns the number that a text is, if it is a whole one and nothing else.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    let digits = text.trim_ascii();
    let is_plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits)
        .ok()
        .filter(|_| is_plain)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_does_not_depend_on_the_pieces_and_the_head_is_limited() {
        let text: Vec<u8> = (0..100_000_u32).map(|k| (k % 251) as u8).collect();
        let mut capture = Capture::new(None, None);
        for piece in text.chunks(777) {
            capture.take(piece).unwrap();
        }
        assert_eq!(capture.digest(), digest(&text));
        assert_eq!((capture.bytes, &*capture.head), (100_000, &text[..SHOWN]));
    }

    #[test]
    fn a_number_is_digits_and_nothing_else() {
        assert_eq!(number(b" 15000\r\n"), Some(15_000));
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        for text in [
            "",
            "\n",
            "-1",
            "+1",
            "1.5",
            "1 2",
            "18446744073709551616",
            "x1",
        ] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
    }
}
