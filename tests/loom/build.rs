//! Chooses the types of loom in `src/sync/primitives.rs`, for this package alone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cfg=loom");
}
