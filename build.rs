//! Lists the programs of the gallery, so that each is one file in `programs/` and nothing else.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("programs");
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "race")
    });
    paths.sort_by_key(|path| path.file_stem().map(ToOwned::to_owned));
    let mut list = String::from("[\n");
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let path = path.to_string_lossy();
        writeln!(
            list,
            "    GalleryProgram {{ name: {name:?}, text: include_str!({path:?}) }},"
        )?;
    }
    list += "]\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("gallery.rs"), list)?;
    println!("cargo:rerun-if-changed=programs");
    Ok(())
}
