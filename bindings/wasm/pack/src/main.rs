//! `ownprint-wasm-pack IN.wasm OUT_FOLDER NAME` generates the JavaScript glue like the wasm-bindgen
//! command line. It always has the version of the crate, and needs no separate installation.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        eprintln!("usage: ownprint-wasm-pack IN.wasm OUT_FOLDER NAME");
        return ExitCode::from(2);
    };
    match generate(module, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ownprint-wasm-pack: {module}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(module: &str, folder: &str, name: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut parsed = walrus::Module::from_file(module)?;
    remove_foreign_exports(&mut parsed);
    let mut bindgen = Bindgen::new();
    bindgen
        .input_module(name, parsed)
        .out_name(name)
        .no_modules(true)?
        .typescript(true)
        // The package passes the location of the module.
        .omit_default_module_path(true)
        // wasm-opt needs the names to sort functions, and removes them afterwards.
        .remove_name_section(false)
        .remove_producers_section(true);
    bindgen.generate(folder)?;
    let folder = Path::new(folder);
    wrap(
        &folder.join(format!("{name}.js")),
        "export function glue() {\n",
        "return wasm_bindgen;\n}\n",
    )?;
    let types = "export type Glue = typeof wasm_bindgen;\nexport function glue(): Glue;\n";
    wrap(&folder.join(format!("{name}.d.ts")), "", types)
}

/// Removes the C exports of a dependency, so that wasm-opt can remove their unused code.
fn remove_foreign_exports(module: &mut walrus::Module) {
    const FOREIGN: &str = "dav1d_";
    let foreign = module.exports.iter().filter(|export| export.name.starts_with(FOREIGN));
    for export in foreign.map(walrus::Export::id).collect::<Vec<_>>() {
        module.exports.delete(export);
    }
}

/// Wraps the glue in a function. Each call returns a separate instance, so an instance that trapped
/// can be released with its memory.
fn wrap(file: &Path, before: &str, after: &str) -> Result<(), Box<dyn std::error::Error>> {
    let glue = fs::read_to_string(file)?;
    fs::write(file, format!("{before}{glue}{after}"))?;
    Ok(())
}
