//! Compiles the protos without protoc and writes a check for every request
//! message from its `zhurnal.validate.v1.field` options.

#[path = "build/validators.rs"]
mod validators;

use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

use prost::Message;
use prost_reflect::DescriptorPool;
use prost_types::FileDescriptorSet;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=google");
    println!("cargo:rerun-if-changed=zhurnal");

    let mut files = Vec::new();
    collect(&root.join("zhurnal"), &mut files)?;
    files.push(root.join("google/api/annotations.proto"));
    files.sort();

    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(&files)?;
    // The encoded bytes keep our custom options; a trip through prost_types loses them.
    let encoded = compiler.encode_file_descriptor_set();
    fs::write(out.join("descriptors.bin"), &encoded)?;

    let set = FileDescriptorSet::decode(encoded.as_slice())?;
    tonic_prost_build::configure().compile_fds(set)?;

    let pool = DescriptorPool::decode(encoded.as_slice())?;
    fs::write(out.join("validators.rs"), validators::generate(&pool)?)?;
    Ok(())
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "proto") {
            files.push(path);
        }
    }
    Ok(())
}
