//! The gallery: the race programs that are built in, one file each in `programs/`.

/// A program of the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GalleryProgram {
    /// Its name: that of its file, without `.race`.
    pub name: &'static str,
    /// Its source.
    pub text: &'static str,
}

/// The programs, in the order of their names. The build lists them.
pub const GALLERY: &[GalleryProgram] = &include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

/// Returns the program with this name.
pub fn in_gallery(name: &str) -> Option<&'static GalleryProgram> {
    GALLERY.iter().find(|program| program.name == name)
}
